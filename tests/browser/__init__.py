"""Whole journeys in a real Chromium; each test here carries the mark `browser` by itself."""
