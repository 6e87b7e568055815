"""An office's two tables of counts: items by standard and age, visits by kind of school and stage.

A count says how many and no more: nothing here ranks schools or weighs what was found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from criteria.enums import SchoolKind
from plans.followups.items import NO_STANDARD, Age, OpenItem, age_of, on_day, standard_words
from plans.followups.models import FollowUpQuerySet
from plans.followups.stages import TOLD, Stage, visit_on_day
from plans.followups.states import FollowUpState
from plans.inspections.models.visit import InspectionQuerySet


def shade(count: int, most: int) -> int:
    """Return the shade of a count: 0 for none, else 1 to 3 by thirds of the largest."""
    return -(-3 * count // most) if count else 0


@dataclass(frozen=True, slots=True)
class StandardRow:
    """How many pending items of a standard are how old; `overdue` and `reported` are counted among them."""

    number: int
    counts: tuple[tuple[Age, int], ...]
    overdue: int
    reported: int

    @property
    def label(self) -> str:
        """The standard in words."""
        return standard_words(self.number)

    @property
    def total(self) -> int:
        """All pending items of the standard."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Pending items by standard and age; standards without one are left out."""

    rows: tuple[StandardRow, ...]

    @property
    def cells(self) -> list[tuple[StandardRow, list[tuple[Age, int, int]]]]:
        """Each standard with its counts by age, and the shade of each."""
        most = max((count for row in self.rows for _, count in row.counts), default=0)
        return [(row, [(age, n, shade(n, most)) for age, n in row.counts]) for row in self.rows]

    @property
    def totals(self) -> list[tuple[Age, int]]:
        """Age → items of every standard."""
        return [(age, sum(dict(row.counts)[age] for row in self.rows)) for age in Age]

    @property
    def total(self) -> int:
        """All pending items."""
        return sum(row.total for row in self.rows)

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(row.overdue for row in self.rows)

    @property
    def reported(self) -> int:
        """How many of them wait to be verified."""
        return sum(row.reported for row in self.rows)


def item_table(items: FollowUpQuerySet, on: date) -> ItemTable:
    """Return how many of the pending ones among `items` are how old by standard; one query."""
    found: dict[int, list[OpenItem]] = defaultdict(list)
    wanted = items.pending().only("standard_number", "created_at", "due_on", "due", "state")
    for one in on_day(wanted.order_by("pk"), on):
        found[one.item.standard_number or NO_STANDARD].append(one)
    # The parts of the plan that belong to no standard stand last.
    numbers = sorted(found, key=lambda number: (number == NO_STANDARD, number))
    return ItemTable(tuple(_standard_row(number, found[number], on) for number in numbers))


def _standard_row(number: int, items: list[OpenItem], on: date) -> StandardRow:
    ages = Counter(age_of(one.item, on) for one in items)
    return StandardRow(
        number=number,
        counts=tuple((age, ages[age]) for age in Age),
        overdue=sum(one.is_overdue for one in items),
        reported=sum(one.item.state == FollowUpState.REPORTED for one in items),
    )


@dataclass(frozen=True, slots=True)
class KindVisits:
    """How many visits to schools of a kind are how far, in the order of Stage."""

    kind: SchoolKind
    counts: tuple[tuple[Stage, int], ...]

    @property
    def label(self) -> str:
        """The kind as a heading over its schools."""
        return str(self.kind.label).removeprefix("Trường ").capitalize()

    @property
    def total(self) -> int:
        """All visits to schools of the kind."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class VisitTable:
    """Visits by kind of school and how far they are; kinds without a visit are left out."""

    rows: tuple[KindVisits, ...]

    @property
    def cells(self) -> list[tuple[KindVisits, list[tuple[Stage, int, int]]]]:
        """Each kind with its counts by stage, and the shade of each."""
        most = max((count for row in self.rows for _, count in row.counts), default=0)
        return [(row, [(one, n, shade(n, most)) for one, n in row.counts]) for row in self.rows]

    @property
    def totals(self) -> list[tuple[Stage, int]]:
        """Stage → visits to schools of every kind."""
        return [(stage, sum(dict(row.counts)[stage] for row in self.rows)) for stage in Stage]

    @property
    def total(self) -> int:
        """All visits that were not cancelled."""
        return sum(row.total for row in self.rows)


def visit_table(visits: InspectionQuerySet, on: date) -> VisitTable:
    """Return how many of the visits are how far by kind of school; one query."""
    wanted = visits.order_by("pk").select_related("school")
    known = (visit_on_day(visit, on) for visit in wanted.only(*TOLD))
    found = Counter((one.visit.school.kind, one.stage) for one in known if one is not None)
    kinds = [kind for kind in SchoolKind if any(kind == known for known, _ in found)]
    return VisitTable(
        tuple(KindVisits(kind, tuple((s, found[kind, s]) for s in Stage)) for kind in kinds)
    )
