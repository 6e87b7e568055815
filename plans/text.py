"""Ground: Vietnamese text brought to one form, for keeping and for searching."""

import re
import unicodedata

# Python's NFC puts the tone mark on one code point but cannot move it to another vowel: "hoà" and "hòa" stay
# two words. Folding drops the marks, so both meet.
_MARKS = re.compile("[\u0300-\u036f]")
_SPACES = re.compile(r"\s+")


def nfc(text: str) -> str:
    """Return `text` in NFC without NUL, which PostgreSQL cannot store; nothing else is changed."""
    return unicodedata.normalize("NFC", text.replace("\x00", ""))


def fold(text: str) -> str:
    """Return `text` for searching: lower case, no marks, đ as d, single spaces ("Nguyễn Huệ" → "nguyen hue")."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.replace("\x00", "")))
    return _SPACES.sub(" ", bare.replace("đ", "d").replace("Đ", "D")).strip().lower()
