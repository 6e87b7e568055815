"""Phân công: who writes which part; and each person's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from criteria.models import Standard
from plans.planning.models import Plan
from plans.together.actions import assign_part, take_back_part
from plans.together.models import Assignment
from plans.together.parts import my_part
from plans.web.request import Request
from plans.web.together.forms import AssignForm


def assignments(request: Request, plan: Plan) -> HttpResponse:
    """Every section and standard with its people; POST gives one of them to a person."""
    form = AssignForm(request.POST if request.method == "POST" else None, plan=plan)
    errors: list[str] = []
    if request.method == "POST":
        try:
            _assign(request, plan, form)
        except ValidationError as error:
            errors = error.messages
        else:
            messages.success(request, f"Đã giao cho {form.cleaned_data['nguoi'].address}.")
            return redirect("together:assignments", plan.pk)
    context: dict[str, Any] = {
        "plan": plan,
        "tool": "assignments",
        "parts": form.parts,
        "people": form.people,
        "errors": errors,
        "editable": request.user.has_perm("plans.change_plan", plan),
    }
    page = "plans/together/assignments.html"
    return render(request, page, context, status=422 if errors else 200)


def _assign(request: Request, plan: Plan, form: AssignForm) -> None:
    if not form.is_valid():
        raise ValidationError([str(error) for errors in form.errors.values() for error in errors])
    where, _, key = form.cleaned_data["phan"].rpartition("-")
    standard = Standard.objects.get(pk=key) if where == "tieu-chuan" else None
    section = "" if standard else form.cleaned_data["phan"].removeprefix("muc-")
    user = form.cleaned_data["nguoi"]
    assign_part(plan=plan, section=section, standard=standard, user=user, by=request.user)


def take_back(request: Request, plan: Plan, assignment: int) -> HttpResponse:
    """Take a part back from a person."""
    rows = Assignment.objects.filter(plan=plan, pk=assignment)
    found = rows.select_related("plan", "user", "standard").first()
    if found is None:
        raise Http404
    take_back_part(assignment=found, by=request.user)
    messages.success(request, f"Đã thôi giao cho {found.user.address}.")
    return redirect("together:assignments", plan.pk)


def mine(request: Request, plan: Plan) -> HttpResponse:
    """What in the plan is the person's own: sections, rows of their standards, what is said to them."""
    loaded = Plan.objects.for_editing().get(pk=plan.pk)
    table = loaded.spec.actions()
    context = {
        "plan": loaded,
        "tool": "mine",
        "mine": my_part(loaded, request.user),
        "table_page": table.key if table else "",
        "editable": request.user.has_perm("plans.change_plan", plan),
    }
    return render(request, "plans/together/mine.html", context)
