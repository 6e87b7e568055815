"""The table of actions: one row open at a time; every change answers with the table as it now stands."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.planning.proposals import confirm_action
from plans.planning.results import framework_tree
from plans.web.planning.action_table import table_context
from plans.web.planning.forms import ActionForm
from plans.web.planning.page import (
    as_saved,
    checks_context,
    conflicted,
    errors_in_words,
    loaded_report,
    page_key,
    posted,
    refused,
    save_going_on,
    saved,
    talk_context,
)
from plans.web.planning.understood import field_readings
from plans.web.request import Request, is_id


def find_action(plan: Plan, action: int, *, removed: bool = False) -> PlanAction:
    """Return the action within its plan. Raises Http404 for another plan's, or one removed (or not)."""
    rows = PlanAction.objects.select_related("plan", "criterion__standard")
    found = rows.filter(plan=plan, pk=action, removed_at__isnull=not removed).first()
    if found is None:
        raise Http404
    return found


def _section_key(plan: Plan) -> str:
    section = plan.spec.actions()
    if section is None:
        raise Http404
    return page_key(plan, section.key)


def _table(
    request: Request, plan: Plan, opened: PlanAction | None = None, **extra: Any
) -> HttpResponse:
    """Answer a change of the table: the table for htmx, else the page with the same row open."""
    if not request.htmx:
        query = (
            {"mo": opened.pk}
            if opened
            else {"xoa": extra["removed"].pk}
            if "removed" in extra
            else {}
        )
        url = reverse("planning:section", args=[plan.pk, _section_key(plan)], query=query)
        return redirect(f"{url}#viec-{opened.pk}" if opened else url)
    found = loaded_report(plan)
    said = talk_context(request, plan)
    context = table_context(plan, found, editable=True, talks=said["talks"], opened=opened, **extra)
    context |= said | checks_context(plan, found, _section_key(plan), editable=True)
    response = render(request, "plans/planning/_table.html", context)
    response["HX-Retarget"] = (
        "#bang-viec"  # "Xong" comes from the row's form, which has a target of its own
    )
    return as_saved(response)


def add(request: Request, plan: Plan) -> HttpResponse:
    """Add an action: below another one (`after`), or for a standard or criterion, or at the end."""
    after = request.POST.get("after", "")
    criterion = request.POST.get("criterion", "")
    standard = request.POST.get("standard", "")
    below = find_action(plan, int(after)) if is_id(after) else None
    chosen = next(
        (
            c
            for c in framework_tree(plan).all_criteria()
            if str(c.pk) == criterion or (not criterion and str(c.standard_id) == standard)
        ),
        None,
    )
    if (criterion or standard) and chosen is None:
        raise Http404
    band = request.POST.get("band", "")
    action = actions.add_action(
        plan=plan, by=request.user, after=below, criterion=chosen, band=_known_band(plan, band)
    )
    return _table(request, plan, action)


def _known_band(plan: Plan, band: str) -> str:
    parts = set(band.split(","))
    known = {str(n) for n in range(1, plan.framework.max_level + 1)}
    return ",".join(sorted(parts)) if parts <= known else ""


def edit(request: Request, plan: Plan, action: int) -> HttpResponse:
    """GET opens the row, POST saves it; "done" closes it as well."""
    found = find_action(plan, action)
    if request.method != "POST":
        return _table(request, plan, found)
    before = found.readings
    section = plan.spec.actions()
    if section is None:
        raise Http404
    page = _section_key(plan)
    settled = found.pk if found.proposed_at else None
    form = ActionForm(posted(request), plan=plan, section=section, action=found)
    if not form.is_valid():
        return refused(request, plan, page, errors_in_words(form), opened=found, form=form)
    try:
        found = save_going_on(
            request,
            lambda version: actions.save_action(
                action=find_action(plan, action),
                values=form.values(),
                version=version,
                by=request.user,
            ),
            form.cleaned_data["version"],
        )
    except actions.Conflict as conflict:
        return conflicted(request, plan, page, conflict, f"o-{found.pk}", opened=found, form=form)
    except ValidationError as error:
        return refused(request, plan, page, error.messages, opened=found, form=form)
    if "done" in request.POST:
        return _table(request, plan)
    version_id = f"id_{found.pk}_version"
    return saved(
        request,
        plan,
        page=page,
        version=found.version,
        version_id=version_id,
        # Only lines that now read otherwise: a correction that somebody is typing below another field stays.
        readings=[
            one
            for one in field_readings(found, section)
            if found.readings.get(one.field) != before.get(one.field)
        ],
        settled=settled,
    )


def copy(request: Request, plan: Plan, action: int) -> HttpResponse:
    """Add a copy below an action and open it."""
    return _table(
        request, plan, actions.copy_action(action=find_action(plan, action), by=request.user)
    )


def move(request: Request, plan: Plan, action: int) -> HttpResponse:
    """Move an action up or down among those of its criterion; it stays open."""
    found = find_action(plan, action)
    moved = actions.move_action(action=found, up=request.POST.get("up") == "1", by=request.user)
    return _table(request, plan, find_action(plan, action), moved=moved, move_refused=not moved)


def remove(request: Request, plan: Plan, action: int) -> HttpResponse:
    """Delete an action; its place says so and offers to undo it."""
    return _table(
        request,
        plan,
        removed=actions.remove_action(action=find_action(plan, action), by=request.user),
    )


def restore(request: Request, plan: Plan, action: int) -> HttpResponse:
    """Bring a deleted action back."""
    found = actions.restore_action(action=find_action(plan, action, removed=True), by=request.user)
    return _table(request, plan, found)


def confirm(request: Request, plan: Plan, action: int) -> HttpResponse:
    """Take a proposed action over as it stands."""
    confirm_action(action=find_action(plan, action), by=request.user)
    return _table(request, plan)
