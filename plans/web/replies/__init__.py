"""Pages of the right of reply: the team leaves, the school answers, the team decides."""
