"""Reads who does something: the lead, the partners, abbreviations resolved, each with the key of a role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.phrases.posts import ABBREVIATIONS, ROLES, SIGNED_FOR
from plans.phrases.words import Typed, fold, typed

__all__ = ["ROLES", "PeopleReading", "Person", "read_people"]

_ROLE_OF = {fold(words): key for key, names in ROLES.items() for words in names}
_LABELS = {fold(words): words for names in ROLES.values() for words in names}
_LONGEST = max(len(words.split()) for words in (*_LABELS, *ABBREVIATIONS))
# Names that hold a separator themselves; it is replaced before the list is cut.
_KEPT = (
    ("giao duc va dao tao", " va ", " \x01 "),
    ("van hoa va xa hoi", " va ", " \x01 "),
    ("van hoa - xa hoi", " - ", " \x02 "),
    ("hanh chinh - van phong", " - ", " \x02 "),
    ("hc-vp", "-", "\x02"),
    ("hc - vp", " - ", "\x02"),
    ("vh-xh", "-", "\x02"),
    ("gd-dt", "-", "\x02"),
    ("d/c", "/", "\x03"),
)
_BACK = str.maketrans({"\x01": "và", "\x02": "-", "\x03": "/"})
_CUT = re.compile(r"[,;\n/+•]|  |(?<![a-z0-9])va(?![a-z0-9])|(?<=[a-z0-9]\))(?= )")
_DASH = re.compile(r" ?- ?")
_LEAD = re.compile(
    r"\(? ?(?:chu tri|phu trach chinh|chiu trach nhiem(?: chinh)?|nguoi chu tri|chinh(?= ?[:)]))(?= ?[:)\-]| |$) ?[:)\-]? ?"
)
_PARTNER = re.compile(
    r"\(? ?(?:phoi hop(?: thuc hien)?(?: voi| cung)?|tham gia|ho tro|cung(?: voi)?|phu(?= ?[:)]))(?= ?[:)\-]| |$) ?[:)\-]? ?"
)
_ABBREVIATION = re.compile(r"[A-ZĐ][A-ZĐ&]{1,9}")
_TITLE = re.compile(r"^(?:d/c|dong chi|cac d/c|cac dong chi|thay|ong|ba|co) (?=\S)")
_NOISE = " .:·*()[]\"'“”-_…"


@dataclass(frozen=True)
class Person:
    """One party of a list: `words` with its abbreviations resolved, `role` a key of ROLES or "" for another."""

    words: str
    role: str = ""


@dataclass(frozen=True)
class PeopleReading:
    """Who is named: the lead first, then the others in their order.

    `lead` is "" when nobody is named; `partners` their words. `people` has the same with their roles.
    `unknown_abbreviations` as typed; `whole` is False for text too long to be read to its end.
    """

    people: tuple[Person, ...] = ()
    has_lead: bool = True
    unknown_abbreviations: tuple[str, ...] = ()
    whole: bool = True

    @property
    def lead(self) -> str:
        """Return the words of who leads, "" for nobody."""
        return self.people[0].words if self.people and self.has_lead else ""

    @property
    def partners(self) -> tuple[str, ...]:
        """Return the words of all others."""
        return tuple(one.words for one in self.people[int(self.has_lead) :])

    @property
    def roles(self) -> tuple[str, ...]:
        """Return the keys of the roles named, each once, in order."""
        return tuple(dict.fromkeys(one.role for one in self.people if one.role))


def read_people(text: str, partners: str = "") -> PeopleReading:
    """Return who `text` names; `partners` is the second field of a form that has one for the lead and one for others.

    The first named leads, unless another is marked ("chủ trì: …", "Kế toán (chủ trì)"). Any text gives an answer.
    Raises nothing. Source: the ways that plans of schools write "Chủ trì và phối hợp thực hiện".
    """
    first, second = _read(text), _read(partners)
    people = tuple(dict.fromkeys(first.people + second.people))
    return PeopleReading(
        people,
        first.has_lead and bool(first.people),
        tuple(dict.fromkeys(first.unknown_abbreviations + second.unknown_abbreviations)),
        first.whole and second.whole,
    )


def _read(text: str) -> PeopleReading:
    phrase = typed(text, gaps=True)
    shouting = phrase.text == phrase.text.upper() and " " in phrase.text and "," not in phrase.text
    found: list[tuple[bool | None, Person]] = []
    unknown: list[str] = []
    mark: bool | None = None
    for piece in _cut(phrase):
        piece, own, mark = _marked(piece, mark)
        person = _person(piece, [] if shouting else unknown)
        if person is not None:
            found.append((own, person))
    marked = [person for own, person in found if own]
    leads = marked or [person for own, person in found if own is None][:1]
    others = [person for _, person in found]
    people = tuple(dict.fromkeys([*leads, *others]))
    return PeopleReading(people, bool(leads), tuple(dict.fromkeys(unknown)), phrase.whole)


def _cut(phrase: Typed) -> Iterator[str]:
    """Yield the pieces of a list as typed; a hyphen parts people only where a known one follows it."""
    text, plain = phrase.text, phrase.plain
    for words, separator, stand_in in _KEPT:
        at = plain.find(words)
        while at >= 0:
            cut = at + words.index(separator)
            end = cut + len(separator)
            text = text[:cut] + stand_in + text[end:]
            plain = plain[:cut] + stand_in + plain[end:]
            at = plain.find(words, at + 1)
    start = 0
    for match in [*_CUT.finditer(plain), None]:
        stop = match.start() if match else len(plain)
        yield from _by_dash(text[start:stop], plain[start:stop])
        start = match.end() if match else stop


def _by_dash(text: str, plain: str) -> Iterator[str]:
    start = 0
    for match in _DASH.finditer(plain):
        if _begins_a_name(plain[match.end() :]) and _begins_a_name(plain[start : match.start()]):
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _begins_a_name(plain: str) -> bool:
    words = re.findall(r"[^\W_]+", plain[:60])[:4]
    return any(
        " ".join(words[:count]) in _ROLE_OF or " ".join(words[:count]) in ABBREVIATIONS
        for count in range(1, len(words) + 1)
    ) or bool(_LEAD.match(plain) or _PARTNER.match(plain))


def _marked(piece: str, mark: bool | None) -> tuple[str, bool | None, bool | None]:
    """Return the piece without its mark, its own mark (True leads, False joins in), and that of what follows."""
    piece = piece.strip()
    plain = fold(piece)
    for sign, expression in ((True, _LEAD), (False, _PARTNER)):
        if len(plain) != len(piece):
            break
        if (match := expression.match(plain)) is not None and match.end() > 0:
            return piece[match.end() :], sign, sign
        match = next((one for one in expression.finditer(plain) if one.end() == len(plain)), None)
        if match is not None and match.start() > 0 and plain[match.start()] in " (":
            return piece[: match.start()], sign, mark
    return piece, mark, mark


def _person(piece: str, unknown: list[str]) -> Person | None:
    typed_piece = piece.translate(_BACK).strip(_NOISE)
    plain = fold(typed_piece)
    if len(plain) == len(typed_piece) and (title := _TITLE.match(plain)) is not None:
        typed_piece = typed_piece[title.end() :]
    # "P.HT", "KT.HIỆU TRƯỞNG": the dot is the space that was not typed.
    words = re.sub(r"\.(?=\S)", " ", typed_piece).replace(".", "").split()
    if not any(re.search(r"[^\W_]", word) for word in words):
        return None
    resolved, roles = _resolved(words, unknown)
    text = " ".join(resolved)
    text = _LABELS.get(fold(text), text)
    return Person(text, _ROLE_OF.get(fold(text)) or (roles[0] if roles else ""))


def _resolved(words: list[str], unknown: list[str]) -> tuple[list[str], list[str]]:
    """Return the words in full and the roles met, first first; names of people and places stay as typed."""
    plain = [fold(word) for word in words]
    result: list[str] = []
    roles: list[str] = []
    at = 0
    while at < len(words):
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            key = " ".join(plain[at : at + count])
            full = _full(key, plain, at, count)
            if full is not None:
                result.append(full)
                roles += [_ROLE_OF[fold(full)]] if fold(full) in _ROLE_OF else []
                at += count
                break
        else:
            word = words[at]
            if _ABBREVIATION.fullmatch(word):
                unknown.append(word)
            elif at == 0 and word[:1].isupper() and not any(map(_is_name, words[1:])):
                word = word[0].lower() + word[1:]
            result.append(word)
            at += 1
    return result, roles


def _is_name(word: str) -> bool:
    return word[:1].isupper() and fold(word) not in ABBREVIATIONS


def _full(key: str, plain: list[str], at: int, count: int) -> str | None:
    if at == 0 and count == 1 and key in SIGNED_FOR and len(plain) > 1:
        return SIGNED_FOR[key]
    return ABBREVIATIONS.get(key) or _LABELS.get(key)
