"""The office's view: how far visits are, what is still open by age and standard, what is remarked again and again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from plans.accounts.models import User
from plans.followups.models import FollowUp
from plans.followups.recurring import recurring_remarks
from plans.followups.stages import Stage, in_stage, visit_on_day
from plans.followups.tables import item_table, visit_table
from plans.inspections.models import Inspection
from plans.inspections.models.visit import InspectionQuerySet
from plans.inspections.states import InspectionState
from plans.schools.models import School, SchoolYear
from plans.schools.sight import schools_of_bodies
from plans.web.followups.forms import OverviewForm
from plans.web.followups.views import A_PAGE, query_of
from plans.web.request import Request


def overview(request: Request) -> HttpResponse:
    """Counts that are links to the lists behind them; never a rank, never a score."""
    today = timezone.localdate()
    years = list(SchoolYear.objects.all())
    form = OverviewForm(_asked(request, years, today), years=years)
    asked = form.cleaned_data if form.is_valid() else {"nam": None, "loai": "", "buoc": ""}
    year = next((one for one in years if one.start_year == asked["nam"]), None)
    schools = overseen(request.user, today)
    visits = Inspection.objects.filter(school__in=schools.values("pk"))
    of_year = visits.filter(school_year=year)
    items = FollowUp.objects.filter(school__in=schools.values("pk"))
    shown = _shown(of_year, asked, today)
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "year": year,
        "now": timezone.localtime(),
        "visits": visit_table(of_year, today),
        "items": item_table(items, today),
        "recurring": recurring_remarks(visits, today),
        "page": page,
        "rows": [visit_on_day(one, today) for one in page],
        "stage": Stage(asked["buoc"]) if asked["buoc"] else None,
        "query": query_of(request),
    }
    return render(request, "plans/followups/overview.html", context)


def overseen(user: User, on: date) -> QuerySet[School]:
    """Return the schools that `user` oversees on the day `on`: of their bodies, or all; not those they work in."""
    memberships = user.memberships_on(on)
    if any(row.sees_everything for row in memberships):
        return School.objects.all()
    bodies = {row.body_id for row in memberships if row.body_id}
    return School.objects.filter(schools_of_bodies(bodies, on))


def _asked(request: Request, years: list[SchoolYear], today: date) -> dict[str, Any]:
    """Return what was asked, with the running school year where none was."""
    asked = {name: request.GET.get(name, "") for name in OverviewForm.base_fields}
    if not asked["nam"]:
        first = next((one for one in years if one.starts_on <= today), next(iter(years), None))
        asked["nam"] = str(first.start_year) if first else ""
    return asked


def _shown(visits: InspectionQuerySet, asked: dict[str, Any], on: date) -> InspectionQuerySet:
    """Return the visits of the list, by school the Vietnamese way."""
    found = visits.exclude(state=InspectionState.CANCELLED)
    if asked["loai"]:
        found = found.filter(school__kind=asked["loai"])
    if asked["buoc"]:
        found = in_stage(found, Stage(asked["buoc"]), on)
    rows = found.select_related("school", "body").prefetch_related("school__names")
    return rows.defer("plan_tree").order_by("school__sort_key", "school_id", "planned_on", "pk")
