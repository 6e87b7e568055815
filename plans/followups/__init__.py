"""Theo dõi sau kiểm tra: what an inspection recommended, until it is done and somebody else has seen it done."""
