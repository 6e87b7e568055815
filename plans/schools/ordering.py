"""The order of Vietnamese names (vần): a stored key, since no database here brings that collation along."""

import re
import unicodedata

# Letters in the order of the alphabet, with f, j, w, z where dictionaries put them.
_LETTERS = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: place for place, letter in enumerate(_LETTERS, start=2)}
# Thanh in the order of dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_MODIFIED = {
    ("a", "\u0306"): "ă",
    ("a", "\u0302"): "â",
    ("e", "\u0302"): "ê",
    ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
_WORDS = re.compile(r"[\w\u0300-\u036f]+")
_NUMBER = re.compile(r"\d+")

KEY_LENGTH = 1200


def sort_key(name: str) -> str:
    """Return the key by which `name` stands in a Vietnamese list; "" for a name without letters.

    Letters decide first, word by word (a < ă < â, d < đ), tones only between names that are else the same;
    numbers count by their value. The key holds only 0-9a-f, which every collation of PostgreSQL and SQLite
    puts in the same order, and at most KEY_LENGTH characters.
    """
    plain = unicodedata.normalize("NFD", name.lower())
    plain = _NUMBER.sub(lambda found: found[0].zfill(4), plain)
    letters: list[str] = []
    tones: list[str] = []
    for word in _WORDS.findall(plain):
        spelt, tone = _spelt(word)
        letters.append("".join(f"{_RANK[letter]:02x}" for letter in spelt))
        tones.append(tone)
    if not any(letters):
        return ""
    return f"{'01'.join(letters)}00{''.join(tones)}"[:KEY_LENGTH]


def _spelt(word: str) -> tuple[list[str], str]:
    """Return the letters of a decomposed word, and its tone ("0" is ngang).

    The tone is the word's, not the letter's: "hoà" and "hòa" are one word in two spellings.
    """
    spelt: list[str] = []
    tone = "0"
    for sign in word:
        if sign in _RANK:
            spelt.append(sign)
        elif spelt:
            spelt[-1] = _MODIFIED.get((spelt[-1], sign), spelt[-1])
            tone = _TONES.get(sign, tone)
    return spelt, tone
