"""Ghi tại chỗ: the record of a visit on the plan of the day; what devices send, each entry applied once; photos."""
