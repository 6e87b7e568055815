"""Đợt nộp: the list, a new one, one with its schools, its extensions, closing, the workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.accounts.rules import bodies_decided_by
from plans.documents.xlsx import xlsx_bytes
from plans.planning.export import FORMATS
from plans.planning.models import PlanForm
from plans.planning.saving import keep_refused_words
from plans.schools.models import ManagingBody, School, SchoolYear
from plans.submitting import campaign_actions as actions
from plans.submitting.campaign_sheet import campaign_document
from plans.submitting.campaigns import SchoolStanding, counts, standings
from plans.submitting.models import Campaign
from plans.web.campaigns.forms import CampaignForm, ExtensionForm, StandingForm
from plans.web.files import to_save
from plans.web.layout import form_status, tell, with_version
from plans.web.request import Request, is_id

SHOWN = 50  # campaigns on the list; older ones are of past years


def campaign_list(request: Request) -> HttpResponse:
    """The campaigns of the bodies that the person decides for, newest deadline first."""
    bodies = ManagingBody.objects.filter(bodies_decided_by(request.user, timezone.localdate()))
    campaigns = (
        Campaign.objects.filter(body__in=bodies)
        .select_related("body", "school_year")
        .annotate(school_count=Count("schools"))
    )
    may_rule = request.user.has_perm("plans.manage_office_rules")
    living = bodies.in_force(timezone.localdate())
    context = {
        "campaigns": campaigns[:SHOWN],
        "bodies": [
            body for body in living if request.user.has_perm("plans.manage_campaigns", body)
        ],
        "ruled": [
            body
            for body in living
            if may_rule and request.user.has_perm("plans.manage_office_rules", body)
        ],
        "today": timezone.localdate(),
    }
    return render(request, "plans/campaigns/list.html", context)


def add(request: Request, body: ManagingBody) -> HttpResponse:
    """Open a campaign of a body for its schools of the kinds ticked."""
    today = timezone.localdate()
    own = actions.schools_to_ask(body, today)
    kinds = list(own.order_by("kind").values_list("kind", flat=True).distinct())
    year = SchoolYear.objects.at(today)
    form = CampaignForm(
        request.POST if request.method == "POST" else None,
        campaign=None,
        plan_forms=_forms(request, today),
        kinds=kinds,
        initial={"opens_on": today, "school_year": year},
    )
    if form.is_bound and form.is_valid():
        asked = own.filter(kind__in=form.cleaned_data["kinds"])
        try:
            campaign = actions.open_campaign(
                body=body,
                school_year=form.cleaned_data["school_year"],
                schools=asked,
                by=request.user,
                **form.values(),
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã mở đợt nộp “{campaign.title}”.")
            page = "campaigns:campaign" if form.cleaned_data["kinds"] else "campaigns:schools"
            return redirect(page, campaign.pk)
    context = {"body": body, "campaign": None, "form": form}
    return render(request, "plans/campaigns/edit.html", context, status=form_status(form))


def _forms(request: Request, on: date) -> QuerySet[PlanForm]:
    """Return the forms that a campaign may ask for: what is in force for everybody, and the person's bodies' own."""
    return PlanForm.objects.visible_to(request.user, on).filter(is_draft=False)


def change(request: Request, campaign: Campaign) -> HttpResponse:
    """A campaign's words and days."""
    form = _change_form(request, campaign, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.change_campaign(
                campaign=campaign,
                values=form.values(),
                version=campaign.version if version is None else version,
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
        except actions.Conflict as conflict:
            keep_refused_words(conflict=conflict, by=request.user, school_id=None)
            return _conflict(request, campaign, conflict)
        else:
            messages.success(request, "Đã lưu đợt nộp.")
            return redirect("campaigns:campaign", campaign.pk)
    context = {"body": campaign.body, "campaign": campaign, "form": form}
    return render(request, "plans/campaigns/edit.html", context, status=form_status(form))


def _change_form(request: Request, campaign: Campaign, data: Any) -> CampaignForm:
    forms = _forms(request, timezone.localdate())
    if campaign.form_id is not None:  # a form once chosen stays among the choices
        forms = forms | PlanForm.objects.filter(pk=campaign.form_id)
    return CampaignForm(data, campaign=campaign, plan_forms=forms, kinds=())


def _conflict(request: Request, campaign: Campaign, conflict: actions.Conflict) -> HttpResponse:
    """Show what was typed again, over the version as it now is, and what the other person has saved."""
    form = _change_form(request, campaign, with_version(request, conflict.version))
    form.is_valid()
    theirs = [
        (form.fields[name].label, form.fields[name].prepare_value(value))
        for name, value in conflict.theirs.items()
    ]
    context = {
        "body": campaign.body,
        "campaign": campaign,
        "form": form,
        "who": conflict.who,
        "theirs": theirs,
    }
    return render(request, "plans/campaigns/edit.html", context, status=409)


# --- one campaign -----------------------------------------------------------------------------------------


def campaign_page(request: Request, campaign: Campaign) -> HttpResponse:
    """Where each school stands; a filter by GET, the extension of deadlines, closing."""
    return _page(request, campaign, ExtensionForm())


def _page(
    request: Request,
    campaign: Campaign,
    extension: ExtensionForm,
    ticked: frozenset[int] = frozenset(),
) -> HttpResponse:
    today = timezone.localdate()
    rows = standings(campaign, today)
    asked = StandingForm(request.GET)
    wanted = asked.cleaned_data["tinh_trang"] if asked.is_valid() else ""
    context = {
        "campaign": campaign,
        "rows": [one for one in rows if _is_wanted(one, wanted)],
        "counts": counts(rows),
        "asked": asked,
        "form": extension,
        "ticked": ticked,
        "today": today,
    }
    status = form_status(extension)
    return render(request, "plans/campaigns/campaign.html", context, status=status)


def _is_wanted(one: SchoolStanding, wanted: str) -> bool:
    if wanted == "chua_gui":
        return not one.is_done
    if wanted == "qua_han":
        return one.is_overdue
    return wanted in ("", one.standing)


def _ticked(request: Request) -> frozenset[int]:
    return frozenset(int(number) for number in request.POST.getlist("truong") if is_id(number))


def extend(request: Request, campaign: Campaign) -> HttpResponse:
    """Give the ticked schools of a campaign a later deadline."""
    form, ticked = ExtensionForm(request.POST), _ticked(request)
    if form.is_valid():
        try:
            rows = actions.extend_deadline(
                campaign=campaign,
                schools=School.objects.filter(pk__in=ticked),
                to=form.cleaned_data["to"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
        else:
            day = f"{form.cleaned_data['to']:%d/%m/%Y}"
            messages.success(request, f"Đã gia hạn cho {len(rows)} trường đến ngày {day}.")
            return redirect("campaigns:campaign", campaign.pk)
    return _page(request, campaign, form, ticked)


def close(request: Request, campaign: Campaign) -> HttpResponse:
    """Close a campaign."""
    actions.close_campaign(campaign=campaign, by=request.user)
    messages.success(
        request, f"Đã đóng đợt nộp “{campaign.title}”. Các trường không còn được nhắc."
    )
    return redirect("campaigns:campaign", campaign.pk)


def schools(request: Request, campaign: Campaign) -> HttpResponse:
    """The body's schools, in the campaign or not; POST adds (`viec` "them") or removes ("bo") the ticked ones."""
    error = ""
    if request.method == "POST":
        chosen = list(School.objects.filter(pk__in=_ticked(request)))
        move = actions.remove_schools if request.POST.get("viec") == "bo" else actions.add_schools
        try:
            count = move(campaign=campaign, schools=chosen, by=request.user)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            said = "bỏ" if move is actions.remove_schools else "thêm"
            messages.success(request, f"Đã {said} {count} trường.")
            return redirect("campaigns:schools", campaign.pk)
    today = timezone.localdate()
    within = set(campaign.schools.order_by("pk").values_list("school", flat=True))
    of_body = actions.schools_to_ask(campaign.body, today)
    others = School.objects.filter(pk__in=of_body.values("pk")).exclude(pk__in=within)
    asked = School.objects.filter(pk__in=within).with_name(today)
    context = {
        "campaign": campaign,
        "within": asked.order_by("sort_key", "pk"),
        "others": others.with_name(today).order_by("sort_key", "pk"),
        "error": error,
    }
    status = 422 if error else 200
    return render(request, "plans/campaigns/schools.html", context, status=status)


def workbook(request: Request, campaign: Campaign) -> HttpResponse:
    """The standings as a sheet."""
    today = timezone.localdate()
    content = xlsx_bytes(campaign_document(campaign, standings(campaign, today), today))
    return to_save(content, f"tinh-hinh-nop-{campaign.pk}.xlsx", FORMATS["xlsx"].media_type)
