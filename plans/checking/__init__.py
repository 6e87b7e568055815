"""Kiểm tra kế hoạch: named rules in three grades over a loaded plan, and the one way to finish a draft."""
