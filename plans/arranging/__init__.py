"""Tổ chức kiểm tra: campaigns, schools chosen or drawn by lot, the calendar, the day and the team of each visit.

Source: TT 15/2025/TT-BGDĐT, Điều 4 and Điều 6, as amended by TT 45/2026/TT-BGDĐT: which office oversees which schools
(see `grounds`).
"""
