"""Formats of this project, where they differ from those that Django brings along."""
