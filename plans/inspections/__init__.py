"""Kiểm tra: an office's visit to a school: its rows, its states, who may do what with it and why not.

The rows of what comes about at a visit stand here, too: they are of one visit, and the rooms above write them:
`arranging` before the visit, `recording` at the school, `replying` afterwards.

Source: TT 15/2025/TT-BGDĐT, Điều 6, as amended by TT 45/2026/TT-BGDĐT (k8c: giám sát thực hiện kế hoạch cải tiến
chất lượng).
"""
