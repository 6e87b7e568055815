"""Đợt kiểm tra: the list, a new one, one with where it stands, its beginning and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.accounts.rules import bodies_decided_by
from plans.arranging import campaigns as actions
from plans.arranging.grounds import default_grounds
from plans.inspections.models import InspectionCampaign
from plans.inspections.models.visit import InspectionQuerySet
from plans.inspections.rules import closed_answers
from plans.inspections.states import InspectionState
from plans.planning.saving import Conflict, keep_refused_words
from plans.schools.models import ManagingBody, SchoolYear
from plans.web.inspecting.forms.campaigns import VisitCampaignForm
from plans.web.layout import form_status, tell, with_version
from plans.web.request import Request
from plans.web.visits.filtering import TO_BE_MINUTED, states_with_words

SHOWN = 50  # campaigns on the list; older ones are of past years
PLAN_VISITS = "plans.plan_inspections"


def campaign_list(request: Request) -> HttpResponse:
    """The campaigns of the bodies that the person decides for, the newest first."""
    today = timezone.localdate()
    live = ~Q(inspections__state=InspectionState.CANCELLED)
    rows = (
        InspectionCampaign.objects.visible_to(request.user, today)
        .select_related("body", "school_year")
        .annotate(
            school_count=Count("chosen", distinct=True),
            visit_count=Count("inspections", filter=live, distinct=True),
        )
    )
    bodies = ManagingBody.objects.filter(bodies_decided_by(request.user, today)).in_force(today)
    context = {
        "campaigns": rows[:SHOWN],
        "bodies": [body for body in bodies if request.user.has_perm(PLAN_VISITS, body)],
    }
    return render(request, "plans/inspecting/campaigns.html", context)


def add(request: Request, body: ManagingBody) -> HttpResponse:
    """Make a campaign of a body, with the grounds that hold for its schools today."""
    today = timezone.localdate()
    schools = {school.kind: school for school in actions.schools_to_visit(body, today)}
    form = VisitCampaignForm(
        request.POST if request.method == "POST" else None,
        campaign=None,
        body=body,
        initial={
            "school_year": SchoolYear.objects.at(today),
            "legal_grounds": default_grounds(body, list(schools.values()), today),
            "decision_issuer": body.name,
            "reply_days": InspectionCampaign._meta.get_field("reply_days").default,
        },
    )
    if form.is_bound and form.is_valid():
        try:
            campaign = actions.open_campaign(
                body=body,
                school_year=form.cleaned_data["school_year"],
                checklists=form.cleaned_data["checklists"],
                by=request.user,
                **form.values(),
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã lập đợt kiểm tra “{campaign.title}”.")
            return redirect("inspecting:members", campaign.pk)
    context = {"body": body, "visits": None, "form": form}
    return render(request, "plans/inspecting/edit.html", context, status=form_status(form))


def change(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """A campaign's words and days."""
    data = request.POST if request.method == "POST" else None
    form = VisitCampaignForm(data, campaign=visits, body=visits.body)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.change_campaign(
                campaign=visits,
                values=form.values(),
                checklists=form.cleaned_data.get("checklists"),
                version=visits.version if version is None else version,
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
        except Conflict as conflict:
            keep_refused_words(conflict=conflict, by=request.user, school_id=None)
            return _conflict(request, visits, conflict)
        else:
            messages.success(request, "Đã lưu đợt kiểm tra.")
            return redirect("inspecting:campaign", visits.pk)
    context = {"body": visits.body, "visits": visits, "form": form}
    return render(request, "plans/inspecting/edit.html", context, status=form_status(form))


def _conflict(request: Request, visits: InspectionCampaign, conflict: Conflict) -> HttpResponse:
    """Show what was typed again, over the version as it now is, and what the other person has saved."""
    data = with_version(request, conflict.version)
    form = VisitCampaignForm(data, campaign=visits, body=visits.body)
    form.is_valid()
    theirs = [
        (form.fields[name].label, form.fields[name].prepare_value(value))
        for name, value in conflict.theirs.items()
    ]
    context: dict[str, Any] = {"body": visits.body, "visits": visits, "form": form}
    context |= {"who": conflict.who, "theirs": theirs}
    return render(request, "plans/inspecting/edit.html", context, status=409)


def campaign_page(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """Where a campaign stands: its words, people, schools and visits by state, and what to do next."""
    return render(request, "plans/inspecting/campaign.html", _context(visits))


def _context(visits: InspectionCampaign, error: str = "") -> dict[str, Any]:
    live = visits.inspections.exclude(state=InspectionState.CANCELLED)
    return {
        "visits": visits,
        "members": actions.campaign_members(visits),
        "checklists": visits.checklists.all(),
        "school_count": visits.chosen.count(),
        "waiting": actions.unscheduled(visits).count(),
        "untold": visits.inspections.untold().count(),
        "by_state": _by_state(live),
        "error": error,
    }


def _by_state(live: InspectionQuerySet) -> list[tuple[str, str, int]]:
    """Return for each state, as the list of visits is asked for it, its words and how many visits stand there."""
    counted = dict(
        live.order_by("state").values_list("state").annotate(count=Count("pk")).order_by("state")
    )
    left = live.filter(state=InspectionState.CONCLUDED)
    closed = left.filter(closed_answers(timezone.localdate())).count()
    counted[TO_BE_MINUTED] = closed
    counted[InspectionState.CONCLUDED] = counted.get(InspectionState.CONCLUDED, 0) - closed
    return [
        (state, words, counted.get(state, 0))
        for state, words in states_with_words()
        if state != InspectionState.CANCELLED
    ]


def start(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """Begin a campaign: grounds and checklists are pinned, the teams are told."""
    try:
        actions.start_campaign(campaign=visits, by=request.user)
    except ValidationError as error:
        context = _context(visits, " ".join(error.messages))
        return render(request, "plans/inspecting/campaign.html", context, status=422)
    messages.success(request, "Đợt kiểm tra đã bắt đầu; tổ kiểm tra đã được báo lịch.")
    return redirect("inspecting:campaign", visits.pk)


def close(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """Close a campaign once no visit of it is still planned."""
    try:
        actions.close_campaign(campaign=visits, by=request.user)
    except ValidationError as error:
        context = _context(visits, " ".join(error.messages))
        return render(request, "plans/inspecting/campaign.html", context, status=422)
    messages.success(request, f"Đã kết thúc đợt kiểm tra “{visits.title}”.")
    return redirect("inspecting:campaign", visits.pk)
