"""What the self-assessment pages share: what they show, and the answers to a save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from criteria.models import Criterion
from plans.assessment.reading import (
    Sheet,
    load_sheets,
    results_of,
    rule_of,
    school_proposal,
)
from plans.assessment.whatif import Aim, aim_at, what_if
from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.planning.results import framework_tree, marks
from plans.web.planning.forms import level_choices
from plans.web.planning.page import as_saved, conflict_texts, page_key, state_words
from plans.web.request import Request

Page = Callable[..., HttpResponse]


def find_criterion(plan: Plan, pk: int) -> Criterion:
    """Return the criterion of the plan's framework, with levels and indicators. Raises Http404."""
    found = next((c for c in framework_tree(plan).all_criteria() if c.pk == pk), None)
    if found is None:
        raise Http404
    return found


def frame(request: Request, plan: Plan) -> dict[str, Any]:
    """Return what the head of every self-assessment page shows."""
    return {
        "plan": plan,
        "tool": "assess",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "may_download": request.user.has_perm("plans.download_plan", plan),
        "state_words": state_words(request, plan),
    }


# --- the matrix -------------------------------------------------------------------------------------------


def matrix_context(plan: Plan) -> dict[str, Any]:
    """Return the matrix with the school's level, what holds it back, and what each action would change."""
    sheets = load_sheets(plan)
    return {
        "standards": _standards(plan, sheets),
        "columns": _columns(plan),
        **school_context(plan, sheets),
    }


def school_context(plan: Plan, sheets: list[Sheet]) -> dict[str, Any]:
    """Return what the matrix says of the school as a whole."""
    proposal = school_proposal(plan, sheets)
    numbers = {sheet.criterion.number: sheet.criterion for sheet in sheets}
    return {
        "assessed": sum(1 for sheet in sheets if sheet.level is not None),
        "total": len(sheets),
        "proposal": proposal,
        "reasons": [
            {"reason": reason, "criteria": [numbers[number] for number in reason.criteria]}
            for reason in proposal.held_back_by
        ],
        "requirements": framework_tree(plan).requirements.all(),
        **_what_if(plan, sheets),
    }


def _columns(plan: Plan) -> list[tuple[str, str]]:
    levels = range(1, plan.framework.max_level + 1)
    return [("0", "Không đạt"), *((str(n), f"Mức {n}") for n in levels)]


def _standards(plan: Plan, sheets: list[Sheet]) -> list[dict[str, Any]]:
    by_criterion = {sheet.criterion.pk: sheet for sheet in sheets}
    return [
        {
            "standard": standard,
            "rows": [_row(plan, by_criterion[c.pk]) for c in standard.criteria.all()],
        }
        for standard in framework_tree(plan).standards.all()
    ]


def _row(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """Return one row of the matrix: a cell for Không đạt and for each level of the framework."""
    columns = _columns(plan)
    shown = marks(sheet.criterion, sheet.level, plan.framework.max_level)
    offered = {value for value, _ in level_choices(sheet.criterion)}
    chosen = "" if sheet.level is None else str(sheet.level)
    return {
        "sheet": sheet,
        "criterion": sheet.criterion,
        "chosen": chosen,
        "cells": [
            {"value": value, "label": label, "mark": str(mark), "offered": value in offered}
            for (value, label), mark in zip(columns, shown, strict=True)
        ],
    }


def _what_if(plan: Plan, sheets: list[Sheet]) -> dict[str, Any]:
    """Return the outcome of each action that says where it leads, and how many do not say."""
    facts = framework_tree(plan).facts()
    rows = list(PlanAction.objects.in_print_order().filter(plan=plan))
    aims, shown = [], {}
    for row in rows:
        number = row.criterion.number if row.criterion else ""
        level = aim_at(facts, number, row.levels)
        if level is not None:
            aims.append(Aim(row.pk, number, level))
            shown[row.pk] = row
    answer = what_if(rule_of(plan), facts, results_of(sheets), aims)
    outcomes = [
        {"row": shown[outcome.aim.action], "outcome": outcome} for outcome in answer.outcomes
    ]
    section = plan.spec.actions()
    return {
        "what_if": answer,
        "outcomes": outcomes,
        "aimless": len(rows) - len(aims),
        "actions_page": page_key(plan, section.key) if section else "",
    }


# --- answers to a save ------------------------------------------------------------------------------------


def saved(
    request: Request, plan: Plan, address: str, *, version: int, version_id: str, **extra: Any
) -> HttpResponse:
    """Answer a save that was made: the time, the new version, and the parts of the page that changed with it.

    `extra` says which parts: `sheet` with what it shows, or what `school_context` returns.
    """
    if not request.htmx:
        messages.success(request, "Đã lưu.")
        return redirect(address)
    context = {"plan": plan, "version": version, "version_id": version_id, "editable": True}
    context |= {"now": timezone.localtime()}
    return as_saved(render(request, "plans/assessing/_saved.html", context | extra))


def refused(
    request: Request,
    plan: Plan,
    page: Page,
    errors: list[str],
    judged: Criterion | None = None,
    **extra: Any,
) -> HttpResponse:
    """Answer a save that was refused: why, with what was typed still in the page (`page` draws it anew).

    `judged` is the criterion to whose phiếu the sentence leads.
    """
    if request.htmx:
        context = {"errors": errors, "judged": judged, "plan": plan}
        return render(request, "plans/planning/_refused.html", context, status=422)
    return page(status=422, errors=errors, judged=judged, **extra)


def conflicted(
    request: Request,
    plan: Plan,
    page: Page,
    conflict: actions.Conflict,
    form_id: str,
    address: str,
    **extra: Any,
) -> HttpResponse:
    """Answer a save that came second: both versions, and the choice between them."""
    actions.keep_refused_words(conflict=conflict, by=request.user, school_id=plan.school_id)
    context = {
        "conflict": conflict,
        "texts": conflict_texts(plan, conflict),
        "version": conflict.version,
        "form_id": form_id,
        "page_url": address,
    }
    if request.htmx:
        return render(request, "plans/planning/_conflict.html", context, status=409)
    return page(status=409, **(context | extra))


def sheet_address(plan: Plan, criterion: Criterion) -> str:
    """Return the address of a criterion's phiếu."""
    return reverse("assessing:sheet", args=[plan.pk, criterion.pk])
