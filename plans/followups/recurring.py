"""Remarks that come again: schools stand by name, criteria in the order of their circular; no ranking."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from plans.inspections.models import Finding
from plans.inspections.models.visit import InspectionQuerySet
from plans.inspections.recurring import MANY_SCHOOLS, remarks_among
from plans.inspections.states import InspectionState
from plans.schools.models import School


@dataclass(frozen=True, slots=True)
class SchoolRemarks:
    """The days of the visits in which a criterion was remarked in a school, oldest first."""

    school: School
    days: tuple[date, ...]

    @property
    def came_again(self) -> bool:
        """Whether it was remarked in more than one visit."""
        return len(self.days) > 1


@dataclass(frozen=True, slots=True)
class Recurring:
    """A criterion that was remarked more than once; `schools` by name, all of them."""

    circular: str
    standard: int
    criterion: str
    schools: tuple[SchoolRemarks, ...]

    @property
    def again(self) -> tuple[SchoolRemarks, ...]:
        """The schools in which more than one visit remarked it."""
        return tuple(one for one in self.schools if one.came_again)

    @property
    def visit_count(self) -> int:
        """How many visits remarked it."""
        return sum(len(one.days) for one in self.schools)


def recurring_remarks(visits: InspectionQuerySet, on: date) -> list[Recurring]:
    """Return the criteria remarked in several visits of one school, or in MANY_SCHOOLS schools or more.

    What a remark is says `plans.inspections.recurring`. Only visits whose minutes are made count. In the order of
    circular, standard and criterion; schools by name. Two queries.
    """
    days: dict[tuple[str, int, int, str], dict[int, dict[int, date]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    about = ("inspection__school", "inspection", "inspection__opened_at")
    for row in _remarks(visits).values_list(*_CRITERION, *about):
        *criterion, school, visit, opened_at = row
        number, standard, position, label_number, title = criterion
        label = f"Tiêu chí {label_number}: {title}"
        days[number, standard, position, label][school][visit] = timezone.localdate(opened_at)
    known = School.objects.filter(pk__in={pk for one in days.values() for pk in one})
    schools = {one.pk: one for one in known.with_name(on).order_by("sort_key", "pk")}
    found = [_recurring(key, days[key], schools) for key in sorted(days)]
    return [one for one in found if one.again or len(one.schools) >= MANY_SCHOOLS]


_CRITERION = (
    "criterion__standard__framework__number",
    "criterion__standard__number",
    "criterion__position",
    "criterion__number",
    "criterion__title",
)


def _remarks(visits: InspectionQuerySet) -> QuerySet[Finding]:
    made = visits.filter(state__in=[InspectionState.MINUTED, InspectionState.DONE])
    rows = Finding.objects.filter(inspection__in=made, criterion__isnull=False)
    return remarks_among(rows).order_by("pk")


def _recurring(
    key: tuple[str, int, int, str], days: dict[int, dict[int, date]], schools: dict[int, School]
) -> Recurring:
    circular, standard, _, label = key
    remarks = (
        SchoolRemarks(school, tuple(sorted(days[pk].values())))
        for pk, school in schools.items()
        if pk in days
    )
    return Recurring(circular, standard, label, tuple(remarks))
