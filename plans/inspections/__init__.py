"""Kiểm tra: an office's visits to its schools, from the calendar to the end of the right of reply.

Source: TT 15/2025/TT-BGDĐT, Điều 6, as amended by TT 45/2026/TT-BGDĐT (k8c: giám sát thực hiện kế hoạch cải tiến
chất lượng).
"""
