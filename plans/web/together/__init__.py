"""Pages of people who write one plan together: history, trash, comments, assignments, news."""
