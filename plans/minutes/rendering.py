"""A paper of a visit as the files that are frozen: PDF with a field for each who signs it, and Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plans.documents import docx
from plans.documents.pdf import PartyPlace
from plans.documents.style import Layout
from plans.documents.tree import Document, SignParties
from plans.issuing.enums import FileRole
from plans.issuing.rendering import Paper, signature_box, written_pdf
from plans.signing.fields import FieldPlace, prepare_fields


def render_minutes(document: Document, layout: Layout, fields: Sequence[str] = ()) -> Paper:
    """Return the paper as PDF and Word, with how many pages it has; seconds for a long plan.

    `fields` are the names of the signature fields, one for each name below the sides that sign, in the order in
    which they are printed (`plans.minutes.fields.field_names`), or the one of who signs for the office. They are
    there, empty, before anybody signs.
    Without `fields` nobody signs it on this site. Raises ValueError where there are not as many fields as names,
    FontMissing where the document's font is not installed.
    """
    written = written_pdf(document, layout)
    pdf = written.content
    if fields and written.place is not None:
        place, words = written.place, "Chữ ký số của người có thẩm quyền ký văn bản"
        box = signature_box(place.between)
        pdf = prepare_fields(pdf, [FieldPlace(one, place.page, box, words) for one in fields])
    elif fields:
        pdf = prepare_fields(pdf, list(_field_places(document, written.parties, fields)))
    files = {FileRole.PDF: pdf, FileRole.DOCX: docx.docx_bytes(document, layout)}
    return Paper(files, written.pages)


def _field_places(
    document: Document, places: Sequence[PartyPlace], fields: Sequence[str]
) -> Iterator[FieldPlace]:
    for field, place, name in zip(fields, places, _names(document), strict=True):
        words = f"Chữ ký số của {name}"
        yield FieldPlace(field, place.page, signature_box(place.box), words)


def _names(document: Document) -> Iterator[str]:
    """Yield each name below the sides of a record, as they are printed."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, SignParties):
                yield from (name for party in block.parties for name in party.names if name)
