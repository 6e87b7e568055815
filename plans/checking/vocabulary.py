"""The words that the rules look for: `fixtures/checking/vocabulary.json`, read once in a process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from plans.text import nfc

PATH = Path(__file__).resolve().parents[2] / "fixtures" / "checking" / "vocabulary.json"


@dataclass(frozen=True, slots=True)
class Weakness:
    """Words that say what is weak, and those beside them that turn the sense (see the file's note)."""

    words: tuple[str, ...]
    soft: tuple[str, ...]
    achieved: tuple[str, ...]
    turns: tuple[str, ...]
    denials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndedBody:
    """A kind of body that exists no more: how people write it, its last day, what stands in its place."""

    words: tuple[str, ...]
    last_day: date
    instead: str


@dataclass(frozen=True, slots=True)
class Superseded:
    """A document that another one replaced from a day on."""

    number: str
    since: date
    instead: str


@dataclass(frozen=True, slots=True)
class RoleWords:
    """How people write a role in a cell, and where it is held: by an account, in a team of the year, or in either."""

    words: tuple[str, ...]
    name: str
    role: str
    team: str
    part: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything in the file; days as (month, day) pairs."""

    weakness: Weakness
    clause_ends: tuple[str, ...]
    school_kinds: tuple[str, ...]
    leftovers: tuple[str, ...]
    spellings: tuple[tuple[str, str], ...]
    official_lines: tuple[str, ...]
    ended_bodies: tuple[EndedBody, ...]
    superseded: Mapping[str, Superseded]
    roles: tuple[RoleWords, ...]
    deputy_mark: str
    head_capacity: str
    acting_marks: tuple[str, ...]
    archive_word: str
    archive_wanted: str
    looking_back_words: tuple[str, ...]
    looking_back: frozenset[str]
    year_from: tuple[int, int]
    year_to: tuple[int, int]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the vocabulary. Raises OSError, KeyError, ValueError for a file that is missing or broken."""
    data: dict[str, Any] = json.loads(nfc(PATH.read_text(encoding="utf-8")))
    weakness = {k: tuple(v) for k, v in data["weakness"].items() if k != "note"}
    window = data["year_window"]
    return Vocabulary(
        weakness=Weakness(**weakness),
        clause_ends=tuple(data["clause_ends"]),
        school_kinds=tuple(data["school_kinds"]),
        leftovers=tuple(data["leftovers"]),
        spellings=tuple((row["typed"], row["wanted"]) for row in data["spellings"]),
        official_lines=tuple(data["official_lines"]),
        ended_bodies=tuple(
            EndedBody(tuple(row["words"]), date.fromisoformat(row["last_day"]), row["instead"])
            for row in data["ended_bodies"]
        ),
        superseded={
            number: Superseded(number, date.fromisoformat(row["from"]), row["instead"])
            for row in data["superseded"]
            for number in row["numbers"]
        },
        roles=tuple(
            RoleWords(tuple(row["words"]), row["name"], *(row.get(k, "") for k in _HELD))
            for row in data["roles"]
        ),
        deputy_mark=data["deputy_mark"],
        head_capacity=data["head_capacity"],
        acting_marks=tuple(data["acting_marks"]),
        archive_word=data["archive"]["word"],
        archive_wanted=data["archive"]["wanted"],
        looking_back_words=tuple(data["looking_back_words"]),
        looking_back=frozenset(data["looking_back"]),
        year_from=(window["from"]["month"], window["from"]["day"]),
        year_to=(window["to"]["month"], window["to"]["day"]),
    )


_HELD = ("role", "team", "part")
