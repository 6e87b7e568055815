"""Tree → PDF bytes that are PDF/A-2a and PDF/UA-1 at once; WeasyPrint sets the pages, pikepdf adds two things.

No clock and no randomness: the same tree, layout, fonts and versions give the same bytes in every process, so
a file can be kept under its fingerprint and an issued one recognised.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plans.documents.fonts import FontFiles, find_fonts, printer_for
from plans.documents.html import CAPACITY_ID, SIGNER_ID, html_page, party_name_id
from plans.documents.style import DEFAULT_LAYOUT, MM_PER_PT, Layout
from plans.documents.tree import Document

if TYPE_CHECKING:
    import pikepdf

# What makes the file say it is PDF/UA-1; PDF/A wants every namespace it does not know described (6.6.2.3.2).
_UA_METADATA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def pdf_bytes(
    document: Document, layout: Layout = DEFAULT_LAYOUT, *, font_dirs: tuple[Path, ...] = ()
) -> bytes:
    """Return the document as PDF: tagged, Vietnamese, text searchable in NFC, fonts embedded.

    Costs about half a second for a plan of ten rows and 25 ms for each further row. Raises FontMissing where
    Tinos is not installed. Opens no file but the four fonts and no address, whatever stands in the texts.
    """
    return pdf_with_place(document, layout, font_dirs=font_dirs).content


@dataclass(frozen=True, slots=True)
class SignPlace:
    """Where a document is signed: between the line of the capacity and that of the name.

    `page` counts from 0; a box is x0, y0, x1, y1 in pt from the lower left corner of the page.
    """

    page: int
    capacity: tuple[float, float, float, float]
    signer: tuple[float, float, float, float]

    @property
    def between(self) -> tuple[float, float, float, float]:
        """The free box between both lines, as wide as the column."""
        return (self.signer[0], self.signer[3], self.signer[2], self.capacity[1])


@dataclass(frozen=True, slots=True)
class PartyPlace:
    """Where one of several signs: the room kept free above the line of the name, as wide as the column.

    `page` counts from 0; `box` is x0, y0, x1, y1 in pt from the lower left corner of the page.
    """

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class WrittenPdf:
    """A PDF with the number of its pages and where it is signed.

    `place` is that of the one signer, None where it names none; `parties` has a place for each name below the
    sides of a record, as they are read: the first side's names, then the next one's.
    """

    content: bytes
    pages: int
    place: SignPlace | None
    parties: tuple[PartyPlace, ...] = ()


def pdf_with_place(
    document: Document, layout: Layout = DEFAULT_LAYOUT, *, font_dirs: tuple[Path, ...] = ()
) -> WrittenPdf:
    """Return the bytes that `pdf_bytes` returns, with where they are signed. Raises FontMissing."""
    fonts = find_fonts(font_dirs)
    page = html_page(document, layout, font_faces=fonts.face_rules(), printable=printer_for(fonts))
    written, pages = _rendered(page, fonts)
    parties = tuple(_party_places(pages, layout.sign_next_mm / MM_PER_PT))
    return WrittenPdf(_with_accessibility_marks(written), len(pages), _place(pages), parties)


# Hints: without them WeasyPrint passes over `start`, and a list that goes on begins at 1 again.
_OPTIONS = {"pdf_variant": "pdf/a-2a", "pdf_identifier": b"", "presentational_hints": True}


def _rendered(page: str, fonts: FontFiles) -> tuple[bytes, Sequence[Any]]:
    """Return the file and its pages as WeasyPrint set them."""
    from weasyprint import HTML  # slow import

    html = HTML(string=page, url_fetcher=_closed_fetcher(fonts), media_type="print")
    drawn = html.render(**_OPTIONS)
    written: bytes = drawn.write_pdf(**_OPTIONS)
    return written, drawn.pages


_PT_PER_PX = 0.75


def _place(pages: Sequence[Any]) -> SignPlace | None:
    for number, page in enumerate(pages):
        if {CAPACITY_ID, SIGNER_ID} <= page.anchors.keys():
            above, below = (_in_pt(page.anchors[i], page.height) for i in (CAPACITY_ID, SIGNER_ID))
            return SignPlace(number, above, below)
    return None


def _party_places(pages: Sequence[Any], room: float) -> Iterator[PartyPlace]:
    """Yield a place `room` pt high above each name, in the order in which the page counts them."""
    found = {
        anchor: (number, _in_pt(box, page.height))
        for number, page in enumerate(pages)
        for anchor, box in page.anchors.items()
    }
    for index in count(1):
        if party_name_id(index) not in found:
            return
        page, (x0, _, x1, top) = found[party_name_id(index)]
        yield PartyPlace(page, (x0, top, x1, top + room))


def _in_pt(
    box: tuple[float, float, float, float], height: float
) -> tuple[float, float, float, float]:
    """Return a box of WeasyPrint (px from the upper left corner) in pt from the lower left one."""
    x0, y0, x1, y1 = box
    low, high = height - y1, height - y0
    return (x0 * _PT_PER_PX, low * _PT_PER_PX, x1 * _PT_PER_PX, high * _PT_PER_PX)


def _closed_fetcher(fonts: FontFiles) -> Any:
    """Return a fetcher that opens the four font files and refuses everything else."""
    from weasyprint.urls import URLFetcher  # slow import

    class FontsOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url not in fonts.uris():
                raise ValueError("Only the program's own fonts are read.")
            return super().fetch(url, headers)

    return FontsOnly(allowed_protocols=["file"], allow_redirects=False, fail_on_errors=True)


def _with_accessibility_marks(written: bytes) -> bytes:
    """Return the file with what WeasyPrint 70 leaves out of PDF/UA-1: scopes, list bodies, its name."""
    import pikepdf  # slow import

    with pikepdf.open(io.BytesIO(written)) as pdf:
        for element in list(pdf.objects):
            _mark(pdf, element)
        metadata = pdf.Root.Metadata.read_bytes()
        pdf.Root.Metadata.write(metadata.replace(b"</rdf:RDF>", _UA_METADATA + b"</rdf:RDF>", 1))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _mark(pdf: pikepdf.Pdf, element: pikepdf.Object) -> None:
    import pikepdf  # slow import

    kind = element.get("/S") if isinstance(element, pikepdf.Dictionary) else None
    if kind == pikepdf.Name.TH:
        _set_scope(element)
    elif kind == pikepdf.Name.LI:
        _wrap_item(pdf, element)


def _wrap_item(pdf: pikepdf.Pdf, item: pikepdf.Object) -> None:
    """Put what follows the label of a list item into an LBody, the only other child it may have (7.2-20)."""
    import pikepdf  # slow import

    allowed = (pikepdf.Name.Lbl, pikepdf.Name.LBody)
    children = list(item.K)
    loose = [child for child in children if child.get("/S") not in allowed]
    if not loose:
        return
    body = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem,
            S=pikepdf.Name.LBody,
            P=item,
            K=pikepdf.Array(loose),
            Pg=item.Pg,
        )
    )
    for child in loose:
        child.P = body
    item.K = pikepdf.Array([child for child in children if child.get("/S") in allowed] + [body])


def _set_scope(element: pikepdf.Object) -> None:
    """Give a head cell /Scope /Column beside whatever attributes it has (7.5-1 of the Matterhorn protocol)."""
    import pikepdf  # slow import

    scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Column)
    known = element.get("/A")
    if known is None:
        element.A = scope
    elif isinstance(known, pikepdf.Array):
        known.append(scope)
    elif known.get("/O") == pikepdf.Name.Table:
        known.Scope = pikepdf.Name.Column
    else:
        element.A = pikepdf.Array([known, scope])
