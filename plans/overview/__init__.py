"""Overview: reading across rooms (việc cần làm, tình hình kế hoạch của các trường)."""
