"""Notices: what people are told, in the program and by e-mail."""
