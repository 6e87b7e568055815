"""Tra cứu: the code on the foot of every page, and which document it belongs to."""

import re
import secrets
import unicodedata

from plans.issuing.models import IssuedDocument

# Without 0 O, 1 I L, which a person cannot tell apart on paper: 31 signs, 12 of them are 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
# A code as people copy it: in groups, with dashes or dots of any kind between them.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212._]+")


def new_code() -> str:
    """Return a code drawn at random: it tells nothing of the document and cannot be guessed (59 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normal_code(text: str) -> str:
    """Return a typed code as it is kept: capitals without what stands between the groups.

    Only what cannot change the code is repaired (case, spaces, dashes, full-width letters); a sign that the
    alphabet lacks stays and finds nothing.
    """
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_path(document: IssuedDocument) -> str:
    """Return the path of the public page of `document`; the QR code on its pages holds it with the site before it."""
    return f"/tra-cuu/{document.code}/"


def find(code: str) -> IssuedDocument | None:
    """Return the document whose code was typed, loaded for its page; None where there is none.

    What could never be a code and what merely belongs to nothing answer alike.
    """
    wanted = normal_code(code)
    if not wanted.isascii() or not wanted.isalnum() or len(wanted) > 16:
        return None
    return IssuedDocument.objects.for_page().filter(code=wanted).first()
