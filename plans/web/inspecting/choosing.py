"""The schools of a campaign: ticked in a list, all of a filter, or drawn by lot; and the draw to be repeated."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.arranging import campaigns as actions
from plans.arranging.drawing import lots
from plans.inspections.models import Inspection, InspectionCampaign
from plans.schools.models import RecognitionDecision, School
from plans.web.inspecting.forms.choosing import ChoosingForm, DrawForm
from plans.web.layout import form_status, tell
from plans.web.request import Request, is_id

PAGE_SIZE = 50


def schools(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """The body's schools, in the campaign or not; POST adds the ticked or all found ones, drops, or draws.

    `viec` says which: "them" and "bo" take the ticked ones (`truong`), "them_het" all that the filter in the
    address finds, "rut_tham" a share of those.
    """
    asked = ChoosingForm(request.GET)
    found = _found(visits, asked)
    deed = request.POST.get("viec", "") if request.method == "POST" else ""
    draw = DrawForm(request.POST if deed == "rut_tham" else None, initial={"share": 20})
    error = ""
    if deed:
        try:
            said = _done(request, visits, deed, found, draw)
        except ValidationError as refused:
            error = "" if draw.is_bound else " ".join(refused.messages)
            tell(draw, refused) if draw.is_bound else None
        else:
            if said:
                messages.success(request, said)
                return redirect(_here(request, visits))
    context = _context(request, visits, asked, found) | {"form": draw, "error": error}
    status = 422 if error else form_status(draw)
    return render(request, "plans/inspecting/schools.html", context, status=status)


def _done(
    request: Request,
    visits: InspectionCampaign,
    deed: str,
    found: QuerySet[School],
    draw: DrawForm,
) -> str:
    """Do what was asked and return what to say of it; "" where the draw makes no sense yet."""
    if deed == "rut_tham":
        if not draw.is_valid():
            return ""
        drawn = actions.draw_schools(
            campaign=visits, pool=found, by=request.user, **draw.cleaned_data
        )
        return f"Đã rút thăm được {len(drawn)} trường."
    if deed == "bo":
        count = actions.drop_schools(
            campaign=visits, schools=list(_ticked(request)), by=request.user
        )
        return f"Đã bỏ {count} trường khỏi đợt."
    chosen = found if deed == "them_het" else _ticked(request)
    count = actions.choose_schools(campaign=visits, schools=chosen, by=request.user)
    return f"Đã thêm {count} trường vào đợt."


def _ticked(request: Request) -> QuerySet[School]:
    ticked = [int(number) for number in request.POST.getlist("truong") if is_id(number)]
    return School.objects.filter(pk__in=ticked)


def _here(request: Request, visits: InspectionCampaign) -> str:
    query = request.GET.urlencode()
    page = reverse("inspecting:schools", args=[visits.pk])
    return f"{page}?{query}" if query else page


def _found(visits: InspectionCampaign, asked: ChoosingForm) -> QuerySet[School]:
    """Return the body's schools that are not in the campaign and that the filter finds, by the order of names."""
    today = timezone.localdate()
    own = actions.schools_to_visit(visits.body, today)
    within = visits.chosen.order_by("pk").values("school")
    rest: Any = School.objects.filter(pk__in=own.order_by().values("pk")).exclude(pk__in=within)
    wanted = asked.cleaned_data if asked.is_valid() else None
    found = _filtered(rest, wanted, today) if wanted is not None else rest.none()
    return found.order_by("sort_key", "pk")


def _filtered(rows: Any, wanted: dict[str, Any], today: date) -> QuerySet[School]:
    if wanted["tim"]:
        rows = rows.matching(wanted["tim"])
    if wanted["loai"]:
        rows = rows.filter(kind=wanted["loai"])
    if wanted["cap_do"]:
        living = RecognitionDecision.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            school=OuterRef("pk"),
            kind=RecognitionDecision.Kind.ACCREDITATION,
        )
        rows = (
            rows.filter(~Exists(living))
            if wanted["cap_do"] == "chua"
            else rows.filter(Exists(living.filter(level=int(wanted["cap_do"]))))
        )
    if wanted["chua_kiem_tra"]:
        since = _years_before(today, wanted["chua_kiem_tra"])
        rows = actions.not_visited_since(rows, since)
    return rows


def _years_before(day: date, years: int) -> date:
    """Return the same day `years` earlier; of 29/02 the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _context(
    request: Request, visits: InspectionCampaign, asked: ChoosingForm, found: QuerySet[School]
) -> dict[str, Any]:
    today = timezone.localdate()
    within = School.objects.filter(pk__in=visits.chosen.order_by("pk").values("school"))
    last = Max("inspections__opened_at")
    page = Paginator(_shown(found, today).annotate(last_visit=last), PAGE_SIZE).get_page(
        request.GET.get("trang")
    )
    kept = request.GET.copy()
    kept.pop("trang", None)
    return {
        "visits": visits,
        "asked": asked,
        "page": page,
        "query": _query(kept),
        "within": _shown(within, today).annotate(last_visit=last),
        "may_draw": not visits.seed,
        "open": visits.closed_at is None,
    }


def _query(kept: QueryDict) -> str:
    return f"{kept.urlencode()}&" if kept else ""


def _shown(rows: Any, today: date) -> Any:
    return rows.with_name(today).order_by("sort_key", "pk")


def draw_page(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """The draw of a campaign, done again before one's eyes: seed, list, tickets, and whether the result is the same."""
    if not visits.seed or visits.share is None:
        raise Http404
    today = timezone.localdate()
    found = lots(visits.seed, visits.drawn_from, visits.share)
    names = {
        school.pk: school
        for school in School.objects.filter(pk__in=visits.drawn_from).with_name(today)
    }
    within = set(visits.chosen.order_by("pk").values_list("school", flat=True))
    visited = Inspection.objects.filter(campaign=visits).order_by("pk")
    within |= set(visited.values_list("school", flat=True))
    rows = [(lot, names.get(lot.school_id)) for lot in found]
    missing = [names[lot.school_id] for lot in found if lot.drawn and lot.school_id not in within]
    context = {
        "visits": visits,
        "rows": rows,
        "count": sum(lot.drawn for lot in found),
        "missing": missing,
    }
    return render(request, "plans/inspecting/draw.html", context)
