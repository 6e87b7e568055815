"""Issuing: number, frozen files, signatures, and what becomes of a document afterwards."""
