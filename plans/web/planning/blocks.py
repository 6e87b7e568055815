"""What a template needs of typed text and of a table's columns."""

from __future__ import annotations

from typing import Any

from plans.documents import typed
from plans.documents.tree import ItemList, Paragraph
from plans.planning.form import SectionSpec


def screen_blocks(text: str) -> list[dict[str, Any]]:
    """Return typed text as blocks that a template can draw: {"tag", "start", "items": [runs, …]}."""
    drawn: list[dict[str, Any]] = []
    for block in typed.blocks(text):
        match block:
            case Paragraph(content=content):
                drawn.append({"tag": "p", "items": [content]})
            case ItemList(items=items, marker=marker, start=start):
                drawn.append({"tag": marker.value, "start": start, "items": list(items)})
    return drawn


def screen_columns(section: SectionSpec) -> list[dict[str, str]]:
    """Return the columns of a table: title, and share of the width in percent, as on paper."""
    total = sum(column.width for column in section.columns)
    return [
        {"title": column.title, "share": f"{100 * column.width / total:.2f}%"}
        for column in section.columns
    ]
