"""Phrases: what school people type for time, money and people, read into values and never rewritten (ground)."""
