"""Legal: the shared shelf of documents that plans name as their grounds (căn cứ)."""
