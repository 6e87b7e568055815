"""PDF files written by hand, object by object, so that an attack can put each byte where it wants it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping

import pikepdf
from pyhanko.sign.general import byte_range_digest

from tests.factories import pki
from tests.plans.signing.making import signer

CATALOG, PAGES, PAGE, CONTENT, FONT, INFO = range(1, 7)
WORDS = b"BT /F1 12 Tf 72 700 Td (Kinh phi: 30 trieu dong) Tj ET"
FORGED = b"BT /F1 12 Tf 72 700 Td (Kinh phi: 90 trieu dong) Tj ET"

BODIES: dict[int, bytes] = {
    CATALOG: b"<< /Type /Catalog /Pages 2 0 R >>",
    PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> >> >>",
    FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    INFO: b"<< /Title (Ke hoach) >>",
}


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return the body of a stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


BODIES[CONTENT] = stream(WORDS)


def base(changed: Mapping[int, bytes] | None = None) -> bytes:
    """Return a file of one page; `changed` replaces and adds bodies by object number."""
    return update(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {**BODIES, **(changed or {})}, previous=None)


def prepared(changed: Mapping[int, bytes] | None = None) -> bytes:
    """Return a file of one page with three empty signature fields, as our own documents have theirs."""
    names = {7: b"NguoiKy", 8: b"CoQuan", 9: b"XacNhan"}
    kids = b"[7 0 R 8 0 R 9 0 R]"
    fields = {
        number: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /TU (O ky) /F 4 /P 3 0 R "
        b"/Rect [50 %d 200 %d] >>" % (name, number * 60, number * 60 + 50)
        for number, name in names.items()
    }
    catalog = BODIES[CATALOG][:-2] + b"/AcroForm << /Fields %s /SigFlags 1 >> >>" % kids
    page = BODIES[PAGE][:-2] + b"/Annots %s >>" % kids
    return base({CATALOG: catalog, PAGE: page, **fields, **(changed or {})})


def update(
    pdf: bytes,
    bodies: Mapping[int, bytes],
    *,
    previous: int | None = -1,
    freed: tuple[int, ...] = (),
    offsets: Mapping[int, int] | None = None,
    unlisted: bytes = b"",
    generation: int = 0,
    trailer: bytes = b"",
) -> bytes:
    """Return `pdf` with one more revision; `previous` is the table before it (-1: the newest, None: none)."""
    out = io.BytesIO()
    out.write(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    entries: dict[int, bytes] = dict.fromkeys(freed, b"%010d %05d f \n" % (0, 1))
    for number, body in bodies.items():
        entries[number] = b"%010d %05d n \n" % (out.tell(), generation)
        out.write(b"%d %d obj\n%s\nendobj\n" % (number, generation, body))
    for number, offset in (offsets or {}).items():
        entries[number] = b"%010d 00000 n \n" % offset
    out.write(unlisted)
    table = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, entry in sorted(entries.items()):
        out.write(b"%d 1\n%s" % (number, entry))
    before = newest_table(pdf) if previous == -1 else previous
    size = max([*entries, highest(pdf)]) + 1
    out.write(b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R " % size)
    out.write(b"" if before is None else b"/Prev %d " % before)
    out.write(trailer + b">>\nstartxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def newest_table(pdf: bytes) -> int:
    """Return where the newest table of objects begins."""
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def highest(pdf: bytes) -> int:
    """Return the highest object number that the file declares."""
    return max((int(size) - 1 for size in re.findall(rb"/Size (\d+)", pdf)), default=0)


def body(pdf: bytes, number: int) -> bytes:
    """Return the newest value of a dictionary or array object as text."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return bytes(file.get_object(number, 0).unparse(resolved=True))


def edited(pdf: bytes, number: int, old: bytes, new: bytes) -> dict[int, bytes]:
    """Return the newest value of an object with `old` replaced by `new`, ready for `update`."""
    before = body(pdf, number)
    assert old in before, before
    return {number: before.replace(old, new, 1)}


def field_number(pdf: bytes, name: str = "NguoiKy") -> int:
    """Return the object number of a signature field."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return next(
            one.objgen[0] for one in file.Root.AcroForm.Fields if str(one.get("/T", "")) == name
        )


def value_number(pdf: bytes, name: str = "NguoiKy") -> int:
    """Return the object number of the signature in a field."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        field = next(one for one in file.Root.AcroForm.Fields if str(one.get("/T", "")) == name)
        return int(field.V.objgen[0])


def signed_by_hand(
    pdf: bytes, *, in_the_gap: bytes = b"", first: int = 0, uncovered: int = 0
) -> bytes:
    """Return `pdf` signed with a range of our own choice: more in its gap, or less before and after it."""
    number = highest(pdf) + 1
    room = 12000
    shape = b"[%010d %010d %010d %010d]"
    value = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange "
        + shape % (0, 0, 0, 0)
        + b" /Contents <"
        + b"0" * room
        + b">"
        + in_the_gap
        + b" >>"
    )
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (NguoiKy) /Rect [0 0 0 0] /F 132 "
        b"/P 3 0 R /V %d 0 R >>" % number
    )
    form = b"/AcroForm << /Fields [%d 0 R] /SigFlags 3 >> >>" % (number + 1)
    page = body(pdf, PAGE)[:-2] + b"/Annots [%d 0 R] >>" % (number + 1)
    catalog = body(pdf, CATALOG)[:-2] + form
    bodies = {CATALOG: catalog, PAGE: page, number: value, number + 1: field}
    out = bytearray(update(pdf, bodies))
    gap = out.index(b"/Contents <" + b"0" * room) + len(b"/Contents ")
    after = gap + room + 2 + len(in_the_gap)
    ranges = (first, gap - first, after, len(out) - after - uncovered)
    place = out.index(shape % (0, 0, 0, 0))
    out[place : place + len(shape % ranges)] = shape % ranges
    _, digest = byte_range_digest(io.BytesIO(bytes(out)), ranges, "sha256")
    made = asyncio.run(signer(pki.principal()).async_sign(digest, "sha256"))
    cms = made.dump().hex().encode()
    out[gap + 1 : gap + 1 + len(cms)] = cms
    return bytes(out)
