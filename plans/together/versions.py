"""Versions of a plan: what stood in it just before any event of the record.

The record is the version history. From the rows as they are now, those deleted among them, the walk goes back
event by event and puts in place what each says stood there before. Events of one person about one field are
drawn together for ten minutes of typing (see `history`), so a version is what stood before such a burst; while
one person types on, what another's version shows of those words is what they ended as.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Model, Q

from plans.assessment.actions import TEXTS
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.history.models import Event, EventQuerySet
from plans.planning.actions import ACTION_FIELDS, HEADING_FIELDS
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanRow, PlanText
from plans.planning.ordering import rising
from plans.planning.saving import REFUSED

Key = tuple[str, int]

# What a version knows of each kind of row; a kind that is not here is told in the list and not rebuilt.
FIELDS: dict[str, tuple[str, ...]] = {
    "plan": HEADING_FIELDS,
    "plantext": ("section", "body"),
    "criterionresult": ("criterion", "level"),
    "planaction": (*ACTION_FIELDS, "position", "thread"),
    "planrow": ("section", "cells", "position"),
    "indicatorresult": ("indicator", "met"),
    "levelresult": ("criterion", "level", "met"),
    "leveldescription": ("criterion", "level", "body"),
    "criterionassessment": ("criterion", *TEXTS),
}
MODELS: dict[str, type[Model]] = {
    "plan": Plan,
    "plantext": PlanText,
    "criterionresult": CriterionResult,
    "planaction": PlanAction,
    "planrow": PlanRow,
    "indicatorresult": IndicatorResult,
    "levelresult": LevelResult,
    "leveldescription": LevelDescription,
    "criterionassessment": CriterionAssessment,
}
# Whether a row stood in the plan before such an event; any other event leaves that as it was.
STOOD = {
    "add": False,
    "copy": False,
    "carry": False,
    "propose": False,
    "restore": False,
    "empty": False,
    "remove": True,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stood: plain values by field; `stands` False while deleted or not yet written."""

    kind: str
    pk: int
    values: Mapping[str, Any]
    stands: bool = True

    @property
    def key(self) -> Key:
        """What the row is found by, whether or not it is still there."""
        return (self.kind, self.pk)


@dataclass(frozen=True, slots=True)
class Version:
    """A plan as it stood just before `before`; None is the plan as it is."""

    before: Event | None
    rows: Mapping[Key, Row]

    def of(self, kind: str) -> Iterator[Row]:
        """Yield the rows of a kind that stood in the plan."""
        return (row for row in self.rows.values() if row.kind == kind and row.stands)


def verb(event: Event) -> str:
    """Return what an event did, without what it did it to: "change" of "planaction.change"."""
    return event.action.rpartition(".")[2]


def plain(value: Any) -> Any:
    """Return a value as the record keeps it: ids, ISO dates, texts, numbers, lists and maps of those."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | dict | list | None) else str(value)


def rows_now(plan: Plan) -> dict[Key, Row]:
    """Return every row of the plan as it is, the deleted ones too; one query for each kind."""
    rows = [_row(kind, found) for kind in FIELDS for found in _values(kind, plan)]
    return {row.key: row for row in rows}


def _values(kind: str, plan: Plan) -> Iterable[dict[str, Any]]:
    model = MODELS[kind]
    removed = ("removed_at",) if kind in {"planaction", "planrow"} else ()
    mine = {"pk": plan.pk} if kind == "plan" else {"plan": plan}
    rows = model._default_manager.filter(**mine).order_by("pk")
    return rows.values("pk", *FIELDS[kind], *removed)


def _row(kind: str, found: Mapping[str, Any]) -> Row:
    values = {name: plain(found[name]) for name in FIELDS[kind]}
    return Row(kind, found["pk"], values, stands=found.get("removed_at") is None)


def from_event(event: Event) -> Q:
    """Return the condition on events: this one and all after it, as the record is ordered."""
    return Q(at__gt=event.at) | Q(at=event.at, pk__gte=event.pk)


def find_event(plan: Plan, number: str) -> Event | None:
    """Return the event of the plan that a version is named by; None for any other text or number."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return Event.objects.of_plan(plan).filter(pk=int(number)).first()


def versions(plan: Plan, *boundaries: Event | None) -> list[Version]:
    """Return the plan as it stood just before each of `boundaries`, in their order; None is as it is now.

    One walk for all of them: as many queries for a long history as for a short one.
    """
    rows = rows_now(plan)
    found: dict[int | None, Version] = {None: Version(None, dict(rows))}
    wanted = {event.pk: event for event in boundaries if event is not None}
    if wanted:
        oldest = min(wanted.values(), key=lambda event: (event.at, event.pk))
        for event in told(Event.objects.of_plan(plan).filter(from_event(oldest))):
            undo(rows, event)
            if event.pk in wanted:
                found[event.pk] = Version(wanted[event.pk], dict(rows))
    return [found[event.pk if event else None] for event in boundaries]


def told(events: EventQuerySet) -> EventQuerySet:
    """Return the events with only what the walk back reads."""
    return events.only("at", "action", "subject_type", "subject_id", "before")


def undo(rows: dict[Key, Row], event: Event) -> None:
    """Put into `rows` what stood there before `event`; what it cannot know it leaves alone."""
    known = FIELDS.get(event.subject_type)
    if known is None or event.action == REFUSED or not event.subject_id.isdigit():
        return
    key = (event.subject_type, int(event.subject_id))
    values = {name: event.before[name] for name in known if name in event.before}
    row = rows.get(key)
    if verb(event) == "empty":
        rows[key] = Row(*key, values, stands=False)
    elif row is not None:
        stands = STOOD.get(verb(event), row.stands)
        rows[key] = replace(row, values={**row.values, **values}, stands=stands)
    put_in_order(rows, event.subject_type, event.before.get("order", ()))


def put_in_order(rows: dict[Key, Row], kind: str, order: Sequence[int]) -> None:
    """Give the rows named in `order` their own positions anew, strictly rising in that order."""
    found = [rows[kind, pk] for pk in order if (kind, pk) in rows]
    places = rising([row.values["position"] for row in found])
    for row, place in zip(found, places, strict=True):
        rows[row.key] = replace(row, values={**row.values, "position": place})
