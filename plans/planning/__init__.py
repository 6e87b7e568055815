"""Planning: the plan itself (kế hoạch cải tiến chất lượng giáo dục)."""
