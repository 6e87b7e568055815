"""Ký số: signing an issued document, the pictures for it, and verifying any PDF."""
