"""Biên bản và giấy tờ của việc kiểm tra: notice to the school, minutes, report; frozen, signed by both sides."""
