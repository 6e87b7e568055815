"""What visits and what follows from them say on first pages: a school's, a team's, an office's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from plans.accounts.models import User
from plans.followups.items import SOON, OpenItem, on_day
from plans.followups.models import FollowUp
from plans.followups.stages import TOLD, Stage, VisitOnDay, visit_on_day
from plans.followups.states import FollowUpState
from plans.inspections.models import Inspection, TeamMember
from plans.inspections.states import TEAM_SEES, InspectionState
from plans.minutes.models import Paper, PaperKind
from plans.schools.models import School


@dataclass(frozen=True, slots=True)
class SchoolHome:
    """What a school's people find on their first page: visits that come, answers that are due, minutes, items."""

    coming: tuple[Inspection, ...] = ()
    answering: tuple[Inspection, ...] = ()
    to_sign: tuple[Paper, ...] = ()
    overdue: tuple[OpenItem, ...] = ()
    soon: tuple[OpenItem, ...] = ()


def school_homes(schools: Collection[int], on: date) -> dict[int, SchoolHome]:
    """Return what is to be told to each of the schools (ids) on the day `on`; a fixed number of queries, none for no school."""
    if not schools:
        return {}
    told = Q(notified_at__isnull=False, planned_on__gte=on, state=InspectionState.PLANNED)
    owed = Q(state=InspectionState.CONCLUDED, replied_at__isnull=True, reply_until__gte=on)
    here = Q(state=InspectionState.OPEN)
    visits = Inspection.objects.filter(told | owed | here, school__in=schools)
    rows = visits.select_related("body", "school").defer("plan_tree", "revisions")
    until = on + timedelta(days=SOON)
    owing = FollowUp.objects.filter(state=FollowUpState.OPEN, due_on__lte=until, school__in=schools)
    items = on_day(owing.select_related("school").order_by("due_on", "pk"), on)
    found = list(rows.order_by("planned_on", "pk"))
    papers = _minutes_to_sign(schools)
    return {pk: _school_home(pk, found, papers, items) for pk in schools}


def _minutes_to_sign(schools: Collection[int]) -> list[Paper]:
    """Return the minutes of the schools that wait for signatures, those of the earliest visit first."""
    made = Paper.objects.in_force().filter(
        kind=PaperKind.MINUTES,
        inspection__state=InspectionState.MINUTED,
        inspection__school__in=schools,
    )
    return list(made.for_page().defer("tree").order_by("inspection__opened_at", "pk"))


def _school_home(
    pk: int, visits: list[Inspection], papers: list[Paper], items: list[OpenItem]
) -> SchoolHome:
    own = [one for one in visits if one.school_id == pk]
    mine = [one for one in items if one.item.school_id == pk]
    return SchoolHome(
        coming=tuple(one for one in own if one.state != InspectionState.CONCLUDED),
        answering=tuple(one for one in own if one.state == InspectionState.CONCLUDED),
        to_sign=tuple(one for one in papers if one.inspection and one.inspection.school_id == pk),
        overdue=tuple(one for one in mine if one.is_overdue),
        soon=tuple(one for one in mine if one.is_soon),
    )


def visits_of_team(user: User, on: date) -> list[VisitOnDay]:
    """Return the visits in whose team `user` sits and which are not over, by date; one query, and the names."""
    seats = TeamMember.objects.filter(
        inspection=OuterRef("pk"), user=user.pk, removed_at__isnull=True
    )
    wanted = Inspection.objects.filter(
        Exists(seats), state__in=[InspectionState.PLANNED, *TEAM_SEES]
    )
    rows = wanted.select_related("school", "body").prefetch_related(
        "school__names", "members__user"
    )
    known = (visit_on_day(one, on) for one in rows.defer("plan_tree").order_by("planned_on", "pk"))
    return [one for one in known if one is not None]


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """The counts on an office's first page; `coming` are the visits of the next days, those of today among them."""

    today: int = 0
    coming: int = 0
    no_minutes: int = 0
    overdue: int = 0
    overdue_schools: int = 0
    reported: int = 0


def office_home(schools: QuerySet[School], on: date) -> OfficeHome:
    """Return the counts of the visits to `schools` and of what follows from them on the day `on`; two queries."""
    until = on + timedelta(days=SOON)
    there = Q(state__in=[InspectionState.OPEN, InspectionState.CONCLUDED])
    wanted = there | Q(state=InspectionState.PLANNED, planned_on__range=(on, until))
    visits = Inspection.objects.filter(wanted, school__in=schools.values("pk")).order_by("pk")
    known = [visit_on_day(visit, on) for visit in visits.only(*TOLD[:5])]
    rows = [one for one in known if one is not None]
    days = [one.visit.visited_on for one in rows if one.stage in {Stage.PLANNED, Stage.OPEN}]
    near = [day for day in days if on <= day <= until]
    owed = FollowUp.objects.filter(school__in=schools.values("pk"))
    late = Q(state=FollowUpState.OPEN, due_on__lt=on)
    counted = owed.aggregate(
        overdue=models.Count("pk", filter=late),
        overdue_schools=models.Count("school", filter=late, distinct=True),
        reported=models.Count("pk", filter=Q(state=FollowUpState.REPORTED)),
    )
    return OfficeHome(
        today=near.count(on),
        coming=len(near),
        no_minutes=sum(one.stage is Stage.NO_MINUTES for one in rows),
        **counted,
    )
