"""Where the schools of a campaign stand, as a document whose table becomes a sheet to count and sort in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plans.documents.tree import (
    Cell,
    Column,
    Document,
    Orientation,
    Paragraph,
    Row,
    Run,
    Section,
    Table,
    Title,
)
from plans.submitting.campaigns import SchoolStanding
from plans.submitting.models import Campaign

_COLUMNS = (
    *(("STT", 8.0), ("Trường", 60.0), ("Loại hình", 35.0), ("Tình trạng", 35.0)),
    *(("Hạn nộp", 20.0), ("Gửi lần đầu", 20.0), ("So với hạn", 25.0), ("Lý do gia hạn", 60.0)),
)


def campaign_document(campaign: Campaign, rows: Iterable[SchoolStanding], on: date) -> Document:
    """Return the standings of a campaign on the day `on`, one row a school. Every cell is text."""
    head = Row(tuple(_cell(title) for title, _ in _COLUMNS))
    body = tuple(
        Row(tuple(map(_cell, _words(number, one)))) for number, one in enumerate(rows, start=1)
    )
    columns = tuple(Column(title, width) for title, width in _COLUMNS)
    table = Table("Tình hình nộp", columns, (head,), body)
    title = Title((campaign.title,), (f"{campaign.body.name}, ngày {on:%d/%m/%Y}",))
    section = Section((title, table), Orientation.LANDSCAPE)
    return Document(campaign.title, campaign.body.name, (section,))


def _words(number: int, one: SchoolStanding) -> tuple[str, ...]:
    return (
        str(number),
        str(one.school),
        one.school.get_kind_display(),
        str(one.standing.label),
        f"{one.due_on:%d/%m/%Y}",
        f"{one.sent_on:%d/%m/%Y}" if one.sent_on else "",
        one.time_words,
        one.row.extension_reason,
    )


def _cell(words: str) -> Cell:
    return Cell((Paragraph((Run(words),), indent=False),))
