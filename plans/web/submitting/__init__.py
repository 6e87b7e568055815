"""Trình, gửi: the way of a plan through the council, the office and back."""
