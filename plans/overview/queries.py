"""Counts and gaps: what is to be done in a school, and how far the schools of a body are.

Nothing here ranks schools or weighs their words; a count says how many, never how well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from criteria.enums import SchoolKind
from plans.planning.models import Plan
from plans.planning.progress import PageProgress, plan_progress
from plans.planning.states import OFFICE_WORDS, PlanState
from plans.schools.models import School, SchoolYear
from plans.submitting.steps import NextStep, next_steps

# The state of a school that has no plan for the year; no PlanState, since there is no plan to be in one.
NO_PLAN = "none"
NO_PLAN_WORDS = "Chưa lập"
STATES: tuple[str, ...] = (NO_PLAN, *PlanState.values)

# The states as an office counts them at a glance; a table of eleven columns nobody reads.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    NO_PLAN: (NO_PLAN_WORDS, (NO_PLAN,)),
    "at_school": (
        "Trường đang làm",
        (PlanState.DRAFT, PlanState.FINISHED, PlanState.ISSUED, PlanState.WITHDRAWN),
    ),
    "waiting": ("Chờ tiếp nhận", (PlanState.SENT,)),
    "sent_back": ("Đã trả lại", (PlanState.RETURNED,)),
    "taken_in": (
        "Đã tiếp nhận",
        (PlanState.RECEIVED, PlanState.APPROVED, PlanState.UNDER_WAY, PlanState.CLOSED),
    ),
}


def state_words(state: str | None, *, for_office: bool) -> str:
    """Return how a plan's state reads: in the school's words or in the office's; None is no plan."""
    if not state or state == NO_PLAN:
        return NO_PLAN_WORDS
    known = PlanState(state)
    return OFFICE_WORDS[known] if for_office else str(known.label)


# --- a school ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SchoolWork:
    """How far a school is with its plan for a school year; `pages` is () without a plan.

    `other_drafts` are its plans for other years that are still being written, newest first; `last` is the plan
    of the latest year before, from which a new one may begin; `step` is what is next for the plan.
    """

    school: School
    year: SchoolYear
    plan: Plan | None
    pages: tuple[PageProgress, ...] = ()
    other_drafts: tuple[Plan, ...] = ()
    last: Plan | None = None
    step: NextStep | None = None

    @property
    def unfinished(self) -> tuple[PageProgress, ...]:
        """The pages of the plan that still lack something, in printed order."""
        return tuple(page for page in self.pages if page.gaps)

    @property
    def full_pages(self) -> int:
        """How many pages lack nothing."""
        return len(self.pages) - len(self.unfinished)

    @property
    def gap_count(self) -> int:
        """How many things are missing in all."""
        return sum(len(page.gaps) for page in self.pages)

    @property
    def action_count(self) -> int:
        """How many actions the plan's table has."""
        return len(self.plan.actions.all()) if self.plan else 0

    @property
    def state(self) -> str:
        """The plan's state, NO_PLAN without one."""
        return self.plan.state if self.plan else NO_PLAN

    @property
    def state_words(self) -> str:
        """The plan's state as the school reads it."""
        return state_words(self.state, for_office=False)


def work_of_schools(schools: Collection[School], year: SchoolYear, on: date) -> list[SchoolWork]:
    """Return one SchoolWork for each of `schools`, in their order, as on the day `on`.

    As many queries for one school as for many.
    """
    plans = Plan.objects.for_editing().filter(school__in=schools, school_year=year)
    by_school = {plan.school_id: plan for plan in plans}
    rest = Plan.objects.for_page().filter(school__in=schools).exclude(school_year=year)
    others = list(rest.order_by("-school_year__start_year", "pk"))
    steps = next_steps(list(by_school.values()), on)
    return [_work(school, year, by_school.get(school.pk), others, steps) for school in schools]


def _work(
    school: School,
    year: SchoolYear,
    plan: Plan | None,
    others: list[Plan],
    steps: dict[int, NextStep | None],
) -> SchoolWork:
    pages = tuple(plan_progress(plan)) if plan else ()
    own = [other for other in others if other.school_id == school.pk]
    drafts = tuple(other for other in own if other.state == PlanState.DRAFT)
    earlier = (other for other in own if other.school_year.start_year < year.start_year)
    step = steps.get(plan.pk) if plan else None
    return SchoolWork(school, year, plan, pages, drafts, next(earlier, None), step)


def kind_heading(kind: SchoolKind) -> str:
    """Return the kind as a heading over its schools: "Mầm non"."""
    return str(kind.label).removeprefix("Trường ").capitalize()


# --- the schools of a body --------------------------------------------------------------------------------


def with_plan_of(schools: QuerySet[School], year: SchoolYear | None) -> QuerySet[Any]:
    """Annotate each school with `plan_id`, `plan_state` and `plan_changed_at` of the year; None without a plan."""
    plan = Plan.objects.filter(school=OuterRef("pk"), school_year=year)
    return schools.annotate(
        plan_id=Subquery(plan.values("pk")[:1]),
        plan_state=Subquery(plan.values("state")[:1]),
        plan_changed_at=Subquery(plan.values("changed_at")[:1]),
    )


def in_state(schools: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Keep the schools whose plan is in `state`, one of STATES or GROUPS. Wants `with_plan_of`."""
    if state == NO_PLAN:
        return schools.filter(plan_state__isnull=True)
    return schools.filter(plan_state__in=GROUPS[state][1] if state in GROUPS else [state])


def by_kind_and_name(schools: QuerySet[Any]) -> QuerySet[Any]:
    """Order as every list does: by kind in the order of the circulars, then by name the Vietnamese way."""
    ranks = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(SchoolKind.values)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return schools.order_by(rank, "sort_key", "pk")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many schools of a kind have a plan in a state; `heat` 0 to 3 is the cell's shade."""

    state: str
    count: int
    heat: int

    @property
    def words(self) -> str:
        """The state, or group of states, as an office reads it."""
        if self.state in GROUPS:
            return GROUPS[self.state][0]
        return state_words(self.state, for_office=True)


@dataclass(frozen=True, slots=True)
class KindRow:
    """The counts of one kind of school, in the order of STATES."""

    kind: SchoolKind
    cells: tuple[Cell, ...]

    def count(self, group: str) -> int:
        """Return how many stand in one of the states of a group."""
        return sum(cell.count for cell in self.cells if cell.state in GROUPS[group][1])

    @property
    def total(self) -> int:
        """All schools of the kind."""
        return sum(cell.count for cell in self.cells)

    @property
    def label(self) -> str:
        """The kind as a heading over its schools."""
        return kind_heading(self.kind)


@dataclass(frozen=True, slots=True)
class StateTable:
    """Schools by kind and state of their plan for a year; kinds without a school are left out."""

    rows: tuple[KindRow, ...]

    @property
    def totals(self) -> dict[str, int]:
        """State → schools of every kind."""
        return {
            state: sum(row.cells[place].count for row in self.rows)
            for place, state in enumerate(STATES)
        }

    @property
    def groups(self) -> list[tuple[KindRow, tuple[Cell, ...]]]:
        """Each kind with its counts by group of states."""
        counts = {(row.kind, group): row.count(group) for row in self.rows for group in GROUPS}
        most = max(counts.values(), default=0)
        return [
            (
                row,
                tuple(
                    Cell(group, counts[row.kind, group], _heat(counts[row.kind, group], most))
                    for group in GROUPS
                ),
            )
            for row in self.rows
        ]

    @property
    def group_totals(self) -> list[tuple[str, int]]:
        """Each group in words, with all schools in it."""
        return [
            (words, sum(row.count(group) for row in self.rows))
            for group, (words, _) in GROUPS.items()
        ]

    @property
    def total(self) -> int:
        """All schools."""
        return sum(row.total for row in self.rows)


def state_table(schools: QuerySet[School], year: SchoolYear | None) -> StateTable:
    """Return how many of `schools` stand where with their plan for the year; one query."""
    counted = (
        with_plan_of(schools.order_by(), year)
        .values("kind", "plan_state")
        .annotate(count=Count("pk", distinct=True))
        .order_by("kind", "plan_state")
    )
    counts = {(row["kind"], row["plan_state"] or NO_PLAN): row["count"] for row in counted}
    most = max(counts.values(), default=0)
    kinds = [kind for kind in SchoolKind if any(key[0] == kind for key in counts)]
    return StateTable(tuple(KindRow(kind, _cells(kind, counts, most)) for kind in kinds))


def _cells(kind: SchoolKind, counts: dict[tuple[str, str], int], most: int) -> tuple[Cell, ...]:
    found = [(state, counts.get((kind, state), 0)) for state in STATES]
    return tuple(Cell(state, count, _heat(count, most)) for state, count in found)


def _heat(count: int, most: int) -> int:
    """Return the shade of a count: 0 for none, else 1 to 3 by thirds of the largest."""
    return -(-3 * count // most) if count else 0
