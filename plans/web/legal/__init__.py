"""Pages of the shelf of legal documents (văn bản làm căn cứ) and of the picker that plans take them from."""
