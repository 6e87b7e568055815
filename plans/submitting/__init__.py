"""Submitting: council, campaign, the way to the office and back."""
