"""A document's words in reading order, without any form: what every written file must say, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, assert_never

from plans.documents import parts, wording
from plans.documents.tree import (
    Block,
    Document,
    Heading,
    ItemList,
    Letterhead,
    Paragraph,
    Row,
    SignBlock,
    SignParties,
    Table,
    Title,
)


class Line(NamedTuple):
    """A line of the document; `part` names what it belongs to ("heading", "cell" …)."""

    part: str
    text: str


def document_lines(document: Document) -> Iterator[Line]:
    """Yield every line, numbers and dashes included, blanks as one space; heads of tables once."""
    numbers = parts.HeadingNumbers.fresh(below_title=True)
    for section in document.sections:
        for block in section.blocks:
            yield from _block_lines(block, numbers)


def document_text(document: Document) -> str:
    """Return all lines as one text, for a search index or a comparison of two versions."""
    return "\n".join(line.text for line in document_lines(document))


def _block_lines(block: Block, numbers: parts.HeadingNumbers) -> Iterator[Line]:
    match block:
        case Letterhead():
            yield from _letterhead_lines(block)
        case Title():
            yield from (Line("title", text) for text in (*block.kind_lines, *block.subject_lines))
        case Paragraph():
            yield Line("paragraph", parts.plain(block.content))
        case Heading():
            yield Line("heading", f"{numbers.label(block)} {parts.plain(block.content)}".strip())
        case ItemList():
            yield from (Line("item", text) for text in parts.item_texts(block))
        case Table():
            yield from _cell_lines("head", parts.head_rows(block), len(block.columns))
            yield from _cell_lines("cell", block.rows, len(block.columns))
        case SignBlock():
            yield from _sign_lines(block)
        case SignParties():
            yield from _party_lines(block)
        case _:
            assert_never(block)


def _letterhead_lines(head: Letterhead) -> Iterator[Line]:
    lines = (head.parent_body, head.issuer, wording.NATIONAL_NAME, wording.MOTTO)
    written = (*lines, parts.plain(head.number), parts.plain(head.place_and_date))
    yield from (Line("letterhead", text) for text in written if text)


def _cell_lines(part: str, rows: tuple[Row, ...], width: int) -> Iterator[Line]:
    for _, cells in parts.placed_rows(rows, width):
        for placed in cells:
            yield from (Line(part, text) for text in parts.cell_texts(placed.cell))


def _sign_lines(block: SignBlock) -> Iterator[Line]:
    recipients = parts.recipient_lines(block.recipients)
    if recipients:
        yield Line("recipients", parts.RECIPIENTS_LABEL)
    yield from (Line("recipients", f"- {text}") for text in recipients)
    yield from (Line("signature", text) for text in (*block.capacity, block.signer) if text)


def _party_lines(block: SignParties) -> Iterator[Line]:
    for party in block.parties:
        yield from (Line("signature", text) for text in (*party.capacity, *party.names) if text)
