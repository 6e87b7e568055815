"""The plan and everything around it: one Django app, rooms by feature."""
