"""Signing: digital signatures in PDF files as bytes and values; no Django, no database."""
