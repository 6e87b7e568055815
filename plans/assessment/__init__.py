"""Assessment: the school's own judgement (tự đánh giá), indicator by indicator, that feeds its plan."""
