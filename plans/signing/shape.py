"""Whether a signature in a PDF is written as one must be, down to the bytes that no digest covers."""

from __future__ import annotations

import re

from asn1crypto import parser
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from plans.signing.reading import OpenPdf

_HEX = re.compile(rb"<([0-9a-f]+|[0-9A-F]+)>")


def shape_of(content: bytes, one: EmbeddedPdfSignature) -> bool:
    """Return whether the signature covers all from the first byte to some end, but for its own value.

    The gap in the middle must be that value and nothing else.
    """
    if len(one.byte_range) != 4:
        return False
    start, length, after, rest = (int(part) for part in one.byte_range)
    if start != 0 or length <= 0 or rest <= 0 or after <= length or after + rest > len(content):
        return False
    gap = content[length:after]
    return gap[:1] == b"<" and gap[-1:] == b">" and _value(gap) == one.pkcs7_content


def _value(gap: bytes) -> bytes | None:
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return None


def is_well_formed(file: OpenPdf, one: EmbeddedPdfSignature) -> bool:
    """Return whether nothing was changed in the value of the signature that its digest does not cover.

    Its hexadecimal digits are of one case, zeros alone follow it.
    """
    start, end = int(one.byte_range[1]), int(one.byte_range[2])
    if not _HEX.fullmatch(file.content, start, end):
        return False
    value = one.pkcs7_content
    return not value[parser.peek(value) :].strip(b"\0")
