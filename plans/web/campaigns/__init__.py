"""Đợt nộp kế hoạch and the rules of an office, as its officers and leads decide them."""
