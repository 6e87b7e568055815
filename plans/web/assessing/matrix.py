"""The whole self-assessment on one page: every criterion against every level, and what that makes of the school."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plans.assessment import actions
from plans.assessment.reading import load_sheets
from plans.planning.actions import Conflict
from plans.planning.models import Plan
from plans.web.assessing.page import (
    conflicted,
    find_criterion,
    frame,
    matrix_context,
    refused,
    saved,
    school_context,
)
from plans.web.planning.forms import ResultForm
from plans.web.planning.page import posted
from plans.web.request import Request


def matrix(request: Request, plan: Plan) -> HttpResponse:
    """The matrix, the school's level, and what the plan's actions would change."""
    return _page(request, plan)


def _page(request: Request, plan: Plan, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = frame(request, plan) | matrix_context(plan) | extra
    return render(request, "plans/assessing/matrix.html", context, status=status)


def level(request: Request, plan: Plan, criterion: int) -> HttpResponse:
    """Save the level of a criterion chosen as a whole."""
    found = find_criterion(plan, criterion)
    address = reverse("assessing:matrix", args=[plan.pk])
    page = partial(
        _page, request, plan, typed_criterion=criterion, typed_level=request.POST.get("level", "")
    )
    form = ResultForm(posted(request), criterion=found)
    if not form.is_valid():
        why = f"Tiêu chí {found.number}: hãy chọn một mức trong danh sách."
        return refused(request, plan, page, [why])
    try:
        row = actions.choose_level(
            plan=plan,
            criterion=found,
            level=form.cleaned_data["level"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except Conflict as conflict:
        return conflicted(request, plan, page, conflict, f"kq-{criterion}", address)
    except actions.JudgedByIndicators as error:
        return refused(request, plan, partial(_page, request, plan), error.messages, judged=found)
    except ValidationError as error:
        return refused(request, plan, page, error.messages)
    parts = school_context(plan, load_sheets(plan)) if request.htmx else {}
    return saved(
        request,
        plan,
        f"{address}#tieu-chi-{criterion}",
        version=row.version,
        version_id=f"v-kq-{criterion}",
        **parts,
    )
