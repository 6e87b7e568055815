"""A person says how a typed time or sum is meant; the typed words stay as they are."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.planning.readings import FIELDS, MONEY_FIELDS, time_read
from plans.web.planning.forms import MoneyReadingForm, TimeReadingForm
from plans.web.planning.page import errors_in_words, page_key, refused
from plans.web.planning.table import find_action
from plans.web.planning.understood import field_reading
from plans.web.request import Request


def reading(request: Request, plan: Plan, action: int, field: str) -> HttpResponse:
    """Save how one field of an action is meant: one of the ways offered, dates or sums, or not at all."""
    section = plan.spec.actions()
    if section is None or field not in FIELDS or field not in section.fields:
        raise Http404
    found = find_action(plan, action)
    if "again" in request.POST:
        found = actions.read_again(action=found, field=field, by=request.user)
        return _answer(request, plan, found, field)
    values, errors = _meant(request, found, field)
    if errors:
        return _refused(request, plan, found, field, errors)
    found = actions.correct_reading(action=found, field=field, values=values, by=request.user)
    return _answer(request, plan, found, field)


def _meant(request: Request, action: PlanAction, field: str) -> tuple[dict[str, Any], list[str]]:
    """Return what the person says is meant, {} for "not what was read", and what is wrong with it."""
    if "wrong" in request.POST:
        return {}, []
    if "choice" in request.POST:
        offered = {str(n): one for n, one in enumerate(time_read(action).options)}
        chosen = offered.get(request.POST["choice"]) if field == "timeframe" else None
        if chosen is None:
            return {}, ["Cách hiểu này không còn trong danh sách. Hãy chọn lại."]
        return {"start": chosen.start, "end": chosen.end}, []
    if field != "timeframe" and field not in MONEY_FIELDS:
        return {}, ["Với ô này chỉ bỏ cách hiểu hoặc đọc lại được."]
    form = (TimeReadingForm if field == "timeframe" else MoneyReadingForm)(request.POST)
    return (form.cleaned_data, []) if form.is_valid() else ({}, errors_in_words(form))


def _answer(request: Request, plan: Plan, action: PlanAction, field: str) -> HttpResponse:
    if request.htmx:
        context = {"plan": plan, "reading": field_reading(action, field)}
        return render(request, "plans/planning/_reading.html", context)
    return redirect(_row_url(plan, action))


def _refused(
    request: Request, plan: Plan, action: PlanAction, field: str, errors: list[str]
) -> HttpResponse:
    if request.htmx:
        context = {"plan": plan, "reading": field_reading(action, field), "reading_errors": errors}
        return render(request, "plans/planning/_reading.html", context, status=422)
    return refused(request, plan, _page(plan), errors, opened=action)


def _page(plan: Plan) -> str:
    section = plan.spec.actions()
    return page_key(plan, section.key) if section else ""


def _row_url(plan: Plan, action: PlanAction) -> str:
    url = reverse("planning:section", args=[plan.pk, _page(plan)], query={"mo": action.pk})
    return f"{url}#viec-{action.pk}"
