"""What templates ask beyond Django's own tags."""
