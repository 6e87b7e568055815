"""Quyền phản hồi: the team leaves, the school answers its remarks within its days, the team decides about each."""
