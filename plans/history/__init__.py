"""History: the record of who did what (nhật ký)."""
