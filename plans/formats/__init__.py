"""Formats (mẫu và thể thức): which form and which layout hold for a school's documents, and who sets them.

Nghị định 30/2020/NĐ-CP (Phụ lục I) gives the legal ranges; within them a managing body may decide for its schools.
"""
