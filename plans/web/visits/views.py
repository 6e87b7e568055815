"""The list of visits that a person may know of, and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from plans.accounts.models import User
from plans.arranging.calendar import hours_of, hours_words
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.states import SCHOOL_READS, TEAM_SEES, InspectionState
from plans.recording.opening import version_to_open
from plans.replying.turns import NextStep, Turn, next_step, state_words
from plans.schools.models import SchoolYear
from plans.web.request import Request
from plans.web.visits.doors import doors_around, doors_of
from plans.web.visits.filtering import VisitFilterForm

A_PAGE = 50
_OVER = (InspectionState.DONE, InspectionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit on the list: itself, where it stands, its hours, its next step, whether it waits for the reader, a notice."""

    visit: Inspection
    state_words: str
    hours: str
    step: NextStep
    is_late: bool
    is_mine: bool
    is_untold: bool


def visit_list(request: Request) -> HttpResponse:
    """Every visit that the person may know of and the filter finds, the newest first."""
    today = timezone.localdate()
    may_plan = request.user.has_perm("plans.plan_inspections")
    campaigns = InspectionCampaign.objects.none()
    if may_plan:
        campaigns = InspectionCampaign.objects.visible_to(request.user, today)
    asked = VisitFilterForm(
        request.GET,
        years=list(SchoolYear.objects.all()),
        campaigns=campaigns,
        user=request.user,
    )
    rows = asked.found(Inspection.objects.visible_to(request.user))
    page = Paginator(rows.for_page(), A_PAGE).get_page(request.GET.get("trang"))
    kept = request.GET.copy()
    kept.pop("trang", None)
    context = {
        "page": page,
        "lines": _lines(list(page), request.user, today),
        "asked": asked,
        "school": asked.cleaned_data["truong"] if asked.is_valid() else None,
        "is_filtered": bool(any(kept.values())),
        "query": f"{kept.urlencode()}&" if kept else "",
        "may_plan": may_plan,
        "doors": doors_around(request.user),
    }
    return render(request, "plans/visits/list.html", context)


def _lines(visits: Sequence[Inspection], user: User, on: date) -> list[VisitLine]:
    asked = Inspection.objects.filter(pk__in=[visit.pk for visit in visits])
    untold = set(asked.untold().values_list("pk", flat=True))
    return [_line(visit, user, on, visit.pk in untold) for visit in visits]


def _line(visit: Inspection, user: User, on: date, is_untold: bool) -> VisitLine:
    step = next_step(visit, on, is_untold=is_untold)
    return VisitLine(
        visit,
        state_words(visit, on),
        hours_words(hours_of(visit)),
        step,
        step.is_late(on),
        _waits_for(visit, step, user, on),
        is_untold,
    )


def _waits_for(visit: Inspection, step: NextStep, user: User, on: date) -> bool:
    """Say whether the next step is the reader's own side's."""
    sides = set()
    rows = user.memberships_on(on)
    if visit.seat_of(user) is not None:
        sides |= {Turn.TEAM, Turn.BOTH}
    if any(row.school_id == visit.school_id for row in rows):
        sides |= {Turn.SCHOOL, Turn.BOTH}
    if any(row.body_id == visit.body_id for row in rows):
        sides.add(Turn.OFFICE)
    return step.turn in sides


def visit(request: Request, inspection: Inspection) -> HttpResponse:
    """One visit: where it stands, whose turn it is, who comes, on what ground, and what may be done next."""
    today = timezone.localdate()
    (line,) = _lines([inspection], request.user, today)
    of_school = any(
        row.school_id == inspection.school_id for row in request.user.memberships_on(today)
    )
    reads = request.user.has_perm("plans.read_record", inspection)
    is_to_come = inspection.state == InspectionState.PLANNED
    context = {
        "inspection": inspection,
        "line": line,
        "version": version_to_open(inspection, today) if is_to_come else "",
        "doors": doors_of(inspection, request.user),
        "of_school": of_school,
        "may_plan": request.user.has_perm("plans.plan_inspections", inspection),
        "reads_later": of_school and not reads and inspection.state not in SCHOOL_READS,
        "sees_plan": inspection.plan_id is not None and _sees_plan(request.user, inspection),
        "seat": inspection.seat_of(request.user),
        "is_in_team_hands": inspection.state in TEAM_SEES,
        "is_over": inspection.state in _OVER,
    }
    return render(request, "plans/visits/visit.html", context)


def _sees_plan(user: User, inspection: Inspection) -> bool:
    return inspection.plan is not None and user.has_perm("plans.view_plan", inspection.plan)
