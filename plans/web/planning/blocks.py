"""What a template needs of typed text and of a table's columns."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from plans.documents import typed
from plans.documents.tree import Inlines, ItemList, Marker, Paragraph, Run
from plans.planning.form import SectionSpec


# A page of a hundred rows draws a thousand cells, each time the same; what typed text looks like never changes.
@lru_cache(maxsize=8192)
def typed_html(text: str) -> SafeString:
    """Return typed text as the screen shows it: paragraphs and lists, bold and italic; "" for nothing."""
    return format_html_join("", "{}", ((_block(block),) for block in typed.blocks(text)))


def _block(block: Paragraph | ItemList) -> SafeString:
    if isinstance(block, Paragraph):
        return format_html("<p>{}</p>", _runs(block.content))
    items = format_html_join("", "<li>{}</li>", ((_runs(item),) for item in block.items))
    match block.marker:
        case Marker.DASH:
            return format_html("<ul>{}</ul>", items)
        case Marker.LETTER:
            return format_html('<ol start="{}" class="kcl-letters">{}</ol>', block.start, items)
        case _:
            return format_html('<ol start="{}">{}</ol>', block.start, items)


def _runs(content: Inlines) -> SafeString:
    return format_html_join("", "{}", ((_run(run),) for run in content if isinstance(run, Run)))


def _run(run: Run) -> SafeString:
    shown = format_html("<i>{}</i>", run.text) if run.italic else conditional_escape(run.text)
    return format_html("<b>{}</b>", shown) if run.bold else shown


def screen_columns(section: SectionSpec) -> list[dict[str, str]]:
    """Return the columns of a table: title, and share of the width in percent, as on paper."""
    total = sum(column.width for column in section.columns)
    return [
        {"title": column.title, "share": f"{100 * column.width / total:.2f}%"}
        for column in section.columns
    ]
