"""Nhật ký: the record of a school, as its own people read it."""
