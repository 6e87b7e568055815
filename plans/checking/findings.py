"""What a rule is and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plans.checking.enums import Grade

if TYPE_CHECKING:
    from plans.checking.context import CheckedPlan


# The rule whose messages, side list and cells already say what to do.
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule found: where it stands, what is so, what to do about it.

    `page` and `anchor` lead to the field; `action` (or `row`, in a small table) is the number of the row to
    open and `field` its field. `message` is a clause without a full stop, `step` goes on after "Bước tiếp theo:", `note`
    is the message as it stands in the cell itself, "" where the cell says nothing.
    """

    page: str
    anchor: str
    message: str
    step: str
    action: int | None = None
    field: str = ""
    note: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Finding(Found):
    """What was found, with its rule and grade."""

    rule: str = ""
    grade: Grade = Grade.HINT

    @property
    def advice(self) -> str:
        """What to do, as a sentence of its own; "" where the message says so by itself."""
        if self.rule == MISSING:
            return ""
        return f"{self.step[:1].upper()}{self.step[1:]}."


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule: its grade, the question it asks, and a pure function that answers it."""

    key: str
    grade: Grade
    question: str
    look: Callable[[CheckedPlan], Iterator[Found]]
