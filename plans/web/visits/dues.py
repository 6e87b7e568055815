"""What is told below a due date: how it was read; the words themselves stay as they were typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plans.inspections.models import Recommendation

UNREAD = "Chưa đọc được thành ngày nên chương trình không nhắc hạn."


def due_words(typed: str, day: date | None) -> str:
    """Return how a due date was read, "" where nothing was typed."""
    if not typed.strip():
        return ""
    return f"Đọc là hết ngày {day:%d/%m/%Y}" if day else UNREAD


def dues_of(recommendations: Iterable[Recommendation]) -> dict[str, str]:
    """Return for every due date as typed how it was read, for a device that shows it without a network.

    Within one visit the same words always read the same, so the words are key enough.
    """
    return {one.due: due_words(one.due, one.due_on) for one in recommendations if one.due.strip()}
