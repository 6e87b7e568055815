"""Drawing schools by lot so that anybody can repeat it: the seed and the list alone decide, no clock, no dice.

Each school gets the ticket SHA-256("<seed>:<school id>") in hexadecimal; tickets are put in rising order and the
first `share` per cent of the list, rounded up, are drawn. `printf '%s' 'SEED:ID' | sha256sum` shows the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

SEED_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Lot:
    """A school's ticket in a draw, and whether it was among the first."""

    school_id: int
    ticket: str
    drawn: bool


def new_seed() -> str:
    """Return a fresh seed that nobody chose: 12 hexadecimal figures."""
    return token_hex(6)


def ticket(seed: str, school_id: int) -> str:
    """Return a school's ticket: 64 hexadecimal figures."""
    return sha256(f"{seed}:{school_id}".encode()).hexdigest()


def how_many(share: int, total: int) -> int:
    """Return how many of `total` are `share` per cent, rounded up; 0 of none."""
    return -(-share * total // 100)


def lots(seed: str, school_ids: Iterable[int], share: int) -> list[Lot]:
    """Return the lot of each school, in the order of the tickets; a school named twice has one."""
    ordered = sorted((ticket(seed, pk), pk) for pk in set(school_ids))
    first = how_many(share, len(ordered))
    return [Lot(pk, text, place < first) for place, (text, pk) in enumerate(ordered)]


def draw(seed: str, school_ids: Iterable[int], share: int) -> list[int]:
    """Return the ids that are drawn, in the order of their tickets; [] from an empty list."""
    return [lot.school_id for lot in lots(seed, school_ids, share) if lot.drawn]
