"""What was read of an action's typed words, kept beside them: money, time, people.

Reading happens when words are saved; pages, totals and checks then read what is stored. The typed words are
never touched. A person may correct a reading: the correction holds while the words stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from plans.phrases.calendars import CalendarOf
from plans.phrases.money import MoneyReading, read_money
from plans.phrases.people import PeopleReading, read_people
from plans.phrases.sources import SOURCES
from plans.phrases.times import TimeReading, read_time
from plans.phrases.wording import money_words, time_words
from plans.planning.models import PlanAction
from plans.schools.calendar import calendar_book, general_book
from plans.schools.models import School
from plans.schools.sight import bodies_in_sight

# Raised when the readers understand more: `prepare` then reads the rows anew that an older reader read.
READER = 1

MONEY_FIELDS = ("budget_text", "resources")  # the 2018 form prints the first, Mẫu 2 the second
FIELDS = ("timeframe", *MONEY_FIELDS, "lead", "partners")
# The columns of an action that hold what was read.
READ_COLUMNS = ("readings", "starts_on", "ends_on", "budget_min", "budget_max")


@dataclass(frozen=True, slots=True)
class Option:
    """One way to understand an ambiguous time: its words, and its first and last day (None: open)."""

    words: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class TimeRead:
    """A time as it was understood: "known", "ambiguous", "unread", or "blank" where nothing stands."""

    state: str
    words: str
    start: date | None = None
    end: date | None = None
    recurring: str = ""
    options: tuple[Option, ...] = ()
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class MoneyRead:
    """Money as it was understood, in đồng: "zero", "unknown", "known"; `unread` where words were not understood.

    A bound that was not named reads as 0 at the lower end and as the other bound at the upper end.
    """

    state: str
    words: str
    least: int = 0
    most: int = 0
    per_year: bool = False
    estimate: bool = False
    reversed: bool = False
    unread: bool = False
    sources: tuple[str, ...] = ()
    corrected: bool = False

    @property
    def source_words(self) -> tuple[str, ...]:
        """The sources in words."""
        return tuple(SOURCES.get(key, key) for key in self.sources)


@dataclass(frozen=True, slots=True)
class PeopleRead:
    """Who leads and who helps, with abbreviations resolved; `roles` are the keys of known posts."""

    words: str
    lead: str = ""
    partners: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


# --- reading ----------------------------------------------------------------------------------------------


def read_anew(action: PlanAction, fields: Iterable[str]) -> dict[str, Any]:
    """Return `readings_of` with the calendar of the action's school.

    A few queries where the time is among `fields`, none otherwise.
    """
    fields = [name for name in fields if name in FIELDS]
    plan = action.plan
    book = calendar_book(plan.school) if "timeframe" in fields else general_book()
    start_year = plan.school_year.start_year if fields else 0
    return readings_of(action, fields, calendar_of=book, start_year=start_year)


def readings_of(
    action: PlanAction, fields: Iterable[str], *, calendar_of: CalendarOf, start_year: int
) -> dict[str, Any]:
    """Return what is read anew of the typed words in `fields`: the columns of the action that change with them.

    The keys are columns of PlanAction (`readings`, and the days and sums beside it), ready to be written. A
    correction of a field that is read anew ends with the words it corrected.
    """
    fields = [name for name in fields if name in FIELDS]
    if not fields:
        return {}
    stored = {k: v for k, v in action.readings.items() if k not in fields} | {"reader": READER}
    for name in fields:
        if text := str(getattr(action, name)).strip():
            stored[name] = _read(name, text, calendar_of, start_year)
    return {"readings": stored} | _columns(stored)


def _read(name: str, text: str, calendar_of: CalendarOf, start_year: int) -> dict[str, Any]:
    if name == "timeframe":
        return _stored_time(read_time(text, start_year, calendar_of))
    if name in MONEY_FIELDS:
        return _stored_money(read_money(text))
    return _stored_people(read_people(text) if name == "lead" else read_people("", text), text)


def _stored_people(reading: PeopleReading, typed: str) -> dict[str, Any]:
    named = ", ".join(one.words for one in reading.people)
    if reading.unknown_abbreviations:
        named += f" · chưa rõ chữ viết tắt: {', '.join(reading.unknown_abbreviations)}"
    return {
        "lead": reading.lead,
        "partners": list(reading.partners),
        "roles": list(reading.roles),
        # Words that say no more than what was typed would only be noise below the field.
        "words": "" if named.casefold() == typed.strip(" .,;").casefold() else named,
    }


def _stored_time(reading: TimeReading) -> dict[str, Any]:
    return {
        "state": reading.state,
        "words": time_words(reading),
        "start": _iso(reading.start),
        "end": _iso(reading.end),
        "recurring": reading.recurring or "",
        "options": [
            {"words": one.label, "start": _iso(one.start), "end": _iso(one.end)}
            for one in reading.readings
        ],
    }


def _stored_money(reading: MoneyReading) -> dict[str, Any]:
    return {
        "state": reading.state,
        "words": money_words(reading),
        "min": reading.min,
        "max": reading.max,
        "per_year": reading.per_year,
        "estimate": reading.estimate,
        "reversed": reading.reversed,
        "unread": reading.unread,
        "sources": list(reading.sources),
    }


def _columns(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that say the same as the stored readings, for questions to the database."""
    time = stored.get("timeframe", {})
    money = _money_of(stored)
    known = time.get("state") == "known"
    return {
        "starts_on": _day(time.get("start")) if known else None,
        "ends_on": _day(time.get("end")) if known else None,
        "budget_min": money.get("min"),
        "budget_max": money.get("max"),
    }


def _money_of(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the reading of the field that names money: the 2018 form's own column, else the resources."""
    return next((stored[name] for name in MONEY_FIELDS if name in stored), {})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# --- what is stored ---------------------------------------------------------------------------------------


def time_read(action: PlanAction) -> TimeRead:
    """Return how the action's time was understood. Reads the row alone."""
    stored = action.readings.get("timeframe")
    if stored is None:
        return TimeRead("blank" if not action.timeframe.strip() else "unread", "")
    return TimeRead(
        state=stored["state"],
        words=stored["words"],
        start=_day(stored["start"]),
        end=_day(stored["end"]),
        recurring=stored["recurring"],
        options=tuple(
            Option(one["words"], _day(one["start"]), _day(one["end"])) for one in stored["options"]
        ),
        corrected=stored.get("corrected", False),
    )


def money_read(action: PlanAction, name: str = "") -> MoneyRead:
    """Return how the action's money was understood: of the field `name`, else of the one that names money."""
    stored = action.readings.get(name) if name else _money_of(action.readings)
    if not stored:
        return MoneyRead("unknown", "")
    least, most = stored["min"], stored["max"]
    return MoneyRead(
        state=stored["state"],
        words=stored["words"],
        least=least or 0,
        most=most if most is not None else least or 0,
        per_year=stored["per_year"],
        estimate=stored["estimate"],
        reversed=stored["reversed"],
        unread=stored["unread"],
        sources=tuple(stored["sources"]),
        corrected=stored.get("corrected", False),
    )


def people_read(action: PlanAction) -> PeopleRead:
    """Return who leads and who helps, of both fields together; the first named in “Chủ trì” leads."""
    lead = action.readings.get("lead", {})
    partners = action.readings.get("partners", {})
    named = [*lead.get("partners", ()), partners.get("lead", ""), *partners.get("partners", ())]
    return PeopleRead(
        words="; ".join(words for words in (lead.get("words"), partners.get("words")) if words),
        lead=lead.get("lead", ""),
        partners=tuple(name for name in named if name),
        roles=tuple(dict.fromkeys([*lead.get("roles", ()), *partners.get("roles", ())])),
    )


def person_words(action: PlanAction, name: str) -> str:
    """Return how one field of people was understood, in words; "" where it says no more than was typed."""
    words: str = action.readings.get(name, {}).get("words", "")
    return words


# --- corrections ------------------------------------------------------------------------------------------


def corrected(action: PlanAction, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the action once a person said how its field `name` is meant.

    `values`: "start" and "end" (dates) for a time; "min" and "max" (đồng), "per_year", "sources" for money; {}
    says that the reading is wrong and nothing takes its place.
    """
    stored = dict(action.readings) | {"reader": READER}
    if not values:
        stored[name] = _dismissed(name)
    elif name == "timeframe":
        span = TimeReading(
            state="known",
            kind="period",
            start=values["start"],
            end=values["end"],
            start_precision="day",
            end_precision="day",
        )
        stored[name] = _stored_time(span)
    else:
        reading = MoneyReading(
            state="zero" if values["max"] == 0 else "known",
            min=values["min"],
            max=values["max"],
            per_year=values["per_year"],
            sources=tuple(values["sources"]),
        )
        stored[name] = _stored_money(reading)
    stored[name]["corrected"] = True
    return {"readings": stored} | _columns(stored)


def _dismissed(name: str) -> dict[str, Any]:
    """Return a reading that claims nothing."""
    empty: dict[str, Any] = {"words": ""}
    if name == "timeframe":
        empty |= {"state": "unread", "start": None, "end": None, "recurring": "", "options": []}
    elif name in MONEY_FIELDS:
        empty |= {"state": "unknown", "min": None, "max": None, "per_year": False}
        empty |= {"estimate": False, "reversed": False, "unread": True, "sources": []}
    else:
        empty |= {"lead": "", "partners": [], "roles": []}
    return empty


# --- after an update --------------------------------------------------------------------------------------


@transaction.atomic
def reread_all() -> int:
    """Read every action anew that this reader has not read, and return how many. Corrections stay.

    Run by `prepare` at each start; where nothing is to be done it costs one query.
    """
    unread = ~Q(readings__has_key="reader") | ~Q(readings__reader=READER)
    return _reread(PlanAction.objects.filter(unread), FIELDS)


@transaction.atomic
def reread_times(bodies: set[int]) -> int:
    """Read anew the times of all schools of the bodies (ids) and of those below them; return how many rows.

    To be called when a calendar of theirs has changed. Corrections stay, and so do versions.
    """
    schools = School.objects.filter(body_links__body__in=bodies_in_sight(bodies))
    rows = PlanAction.objects.filter(plan__school__in=schools.values("pk")).exclude(timeframe="")
    return _reread(rows, ("timeframe",))


def _reread(rows: QuerySet[PlanAction], fields: Iterable[str]) -> int:
    """Read `fields` of the rows anew, all but corrected ones, and return how many rows there are."""
    books: dict[int, CalendarOf] = {}
    read = list(rows.select_related("plan__school", "plan__school_year"))
    for row in read:
        school = row.plan.school
        if school.pk not in books:
            books[school.pk] = calendar_book(school)
        open_ = [name for name in fields if not row.readings.get(name, {}).get("corrected")]
        start_year = row.plan.school_year.start_year
        columns = readings_of(row, open_, calendar_of=books[school.pk], start_year=start_year)
        if any(getattr(row, name) != value for name, value in columns.items()):
            PlanAction.objects.filter(pk=row.pk).update(**columns)
    return len(read)
