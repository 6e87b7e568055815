"""Views of people who write together, by subject."""
