"""Dates within words that were made for paper, in the form in which every page shows dates."""

from __future__ import annotations

import re

from django import template

register = template.Library()
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


@register.filter
def shown_dates(words: str) -> str:
    """Return the words with "14/4/2026", as paper has it, written "14/04/2026"."""
    return _DATE.sub(lambda found: f"{found[1]:0>2}/{found[2]:0>2}/{found[3]}", words)
