"""What the program understood of a field, as the open row shows it below the field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from plans.phrases.sources import SOURCES
from plans.phrases.wording import UNREAD
from plans.planning.form import SectionSpec
from plans.planning.models import PlanAction
from plans.planning.readings import FIELDS, MONEY_FIELDS, money_read, person_words, time_read


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One line below a field: its words, and what a person may do about them.

    `options` are the words of each way to understand an ambiguous time, in their order. `kind` is "time", "money"
    or "people"; `least` to `per_year` are what a correction of money starts from, `start` and `end` of a time.
    """

    action: int
    field: str
    kind: str
    words: str
    options: tuple[str, ...] = ()
    corrected: bool = False
    start: date | None = None
    end: date | None = None
    least: int | None = None
    most: int | None = None
    per_year: bool = False
    sources: tuple[str, ...] = ()

    @property
    def choices(self) -> Iterable[tuple[str, str]]:
        """The sources that a correction of money may name: key and words."""
        return SOURCES.items()

    @property
    def anchor(self) -> str:
        """The id of the line on the page."""
        return f"hieu-{self.action}-{self.field}"


def field_readings(action: PlanAction, section: SectionSpec) -> Iterator[FieldReading]:
    """Yield a line for each printed field of the action that is read; `words` is "" where nothing is to be said."""
    for name in section.fields:
        if name in FIELDS:
            yield field_reading(action, name)


def field_reading(action: PlanAction, name: str) -> FieldReading:
    """Return what was understood of one field, one of FIELDS."""
    typed = bool(str(getattr(action, name)).strip())
    if name == "timeframe":
        return _time(action, typed)
    if name in MONEY_FIELDS:
        return _money(action, name, typed)
    return FieldReading(action.pk, name, "people", person_words(action, name) if typed else "")


def _time(action: PlanAction, typed: bool) -> FieldReading:
    time = time_read(action)
    words = time.words or (UNREAD if typed else "")
    return FieldReading(
        action.pk,
        "timeframe",
        "time",
        words,
        options=tuple(option.words for option in time.options),
        corrected=time.corrected,
        start=time.start,
        end=time.end,
    )


def _money(action: PlanAction, name: str, typed: bool) -> FieldReading:
    money = money_read(action, name)
    known = money.state != "unknown"
    return FieldReading(
        action.pk,
        name,
        "money",
        money.words or (UNREAD if typed else ""),
        corrected=money.corrected,
        least=money.least if known else None,
        most=money.most if known else None,
        per_year=money.per_year,
        sources=money.sources,
    )
