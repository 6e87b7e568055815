"""The calendar of a campaign: visits by day, schools that have none yet, one planned by hand, dates proposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.arranging import campaigns as actions
from plans.arranging.calendar import is_working_day
from plans.arranging.scheduling import schedule_visit
from plans.arranging.team import Seat, with_lead
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.states import InspectionState
from plans.replying.turns import state_words
from plans.schools.models import School
from plans.web.inspecting.forms.days import PARTS, ProposeForm, VisitDayForm
from plans.web.layout import form_status, tell
from plans.web.overview.tasks import day_words
from plans.web.request import Request, is_id

MOST_AT_ONCE = 100  # schools that get a proposed day with one press


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar with its visits, by hour, each with the words for where it stands."""

    on: date
    visits: list[tuple[Inspection, str]]

    @property
    def words(self) -> str:
        """The day as pages name it: "Thứ Năm, ngày 15/10/2026"."""
        words = day_words(self.on)
        return words[0].upper() + words[1:]

    @property
    def is_off(self) -> bool:
        """Whether offices do not work on it."""
        return not is_working_day(self.on)


def calendar(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """The visits of a campaign by day; POST proposes days for the ticked schools, all where none is ticked."""
    sent = request.POST if request.method == "POST" else None
    form = ProposeForm(sent, visits=visits)
    if form.is_bound and form.is_valid():
        try:
            made, left = _proposed(request, visits, form)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(
                request, f"Đã xếp lịch {len(made)} trường. Buổi nào cũng sửa lại được."
            )
            names = School.objects.in_bulk([one.school_id for one in left])
            for one in left:
                messages.warning(request, f"Chưa xếp được {names[one.school_id]}: {one.why_not}.")
            return redirect("inspecting:calendar", visits.pk)
    return _page(request, visits, form)


def _page(request: Request, visits: InspectionCampaign, form: ProposeForm) -> HttpResponse:
    rows = (
        Inspection.objects.filter(campaign=visits)
        .exclude(state=InspectionState.CANCELLED)
        .for_page()
        .order_by("planned_on", F("planned_from").asc(nulls_first=True), "pk")
    )
    today = timezone.localdate()
    context = {
        "visits": visits,
        "days": _days(rows, today),
        "waiting": _waiting(visits),
        "form": form,
        "has_members": visits.members.exists(),
        "open": visits.closed_at is None,
        "today": today,
    }
    status = form_status(form)
    return render(request, "plans/inspecting/calendar.html", context, status=status)


def _days(rows: Iterable[Inspection], today: date) -> list[Day]:
    """Return visits, which come by hour, by the day on which they are: that of the record once it is open."""
    by_day = groupby(sorted(rows, key=lambda v: v.visited_on), key=lambda v: v.visited_on)
    return [Day(on, [(one, state_words(one, today)) for one in group]) for on, group in by_day]


def _waiting(visits: InspectionCampaign) -> Sequence[School]:
    rows = School.objects.filter(pk__in=actions.unscheduled(visits).order_by().values("pk"))
    return list(rows.with_name(timezone.localdate()).order_by("sort_key", "pk"))


def _proposed(request: Request, visits: InspectionCampaign, form: ProposeForm) -> Any:
    typed = form.cleaned_data
    ticked = {int(number) for number in request.POST.getlist("truong") if is_id(number)}
    wanted = [one for one in actions.unscheduled(visits) if not ticked or one.pk in ticked]
    if not wanted:
        raise ValidationError("Mọi trường của đợt đã có lịch.")
    return actions.propose_visits(
        campaign=visits,
        seats=_seats(typed),
        schools=wanted[:MOST_AT_ONCE],
        parts=PARTS[typed["parts"]][1],
        first=typed["first"],
        by=request.user,
    )


def _seats(typed: dict[str, Any]) -> list[Seat]:
    """Return the chosen people in the order of the campaign, with the chosen tổ trưởng. Raises ValidationError."""
    rows = list(typed["members"])
    if typed["lead"] not in rows:
        raise ValidationError({"lead": "Tổ trưởng phải là một trong những người đi."})
    return with_lead([Seat.of(row) for row in rows], Seat.of(typed["lead"]))


def day(request: Request, visits: InspectionCampaign, school: int) -> HttpResponse:
    """Plan the visit of one school of a campaign by hand."""
    found = actions.unscheduled(visits).filter(pk=school).first() if school < 2**63 else None
    if found is None:
        messages.warning(request, "Trường này không còn chờ xếp lịch trong đợt.")
        return redirect("inspecting:calendar", visits.pk)
    data = request.POST if request.method == "POST" else None
    initial = {"planned_on": max(visits.starts_on, timezone.localdate())}
    form = VisitDayForm(data, visits=visits, initial=initial)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            made = schedule_visit(
                school=found,
                body=visits.body,
                planned_on=typed["planned_on"],
                planned_from=typed["planned_from"],
                planned_to=typed["planned_to"],
                team=_seats(typed),
                by=request.user,
                campaign=visits,
            )
        except ValidationError as error:
            tell(form, error)
        else:
            said = f"{made.planned_on:%d/%m/%Y}"
            messages.success(request, f"Đã lên lịch kiểm tra {found} ngày {said}.")
            return redirect("inspecting:calendar", visits.pk)
    context = {"visits": visits, "school": found, "form": form}
    return render(request, "plans/inspecting/day.html", context, status=form_status(form))
