"""The rows of the small tables: one open at a time; every change answers with its table as it now stands."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans.planning import rows
from plans.planning.form import SectionKind, SectionSpec
from plans.planning.models import Plan, PlanRow
from plans.planning.saving import Conflict
from plans.web.planning.forms import RowForm
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
)
from plans.web.planning.row_table import row_table_context
from plans.web.request import Request, is_id


def _find(plan: Plan, row: int, *, removed: bool = False) -> PlanRow:
    """Return the row within its plan. Raises Http404 for another plan's, or one removed (or not)."""
    known = PlanRow.objects.select_related("plan__form", "plan__framework", "plan__school_year")
    found = known.filter(plan=plan, pk=row, removed_at__isnull=not removed).first()
    if found is None:
        raise Http404
    return found


def _table(plan: Plan, key: str) -> SectionSpec:
    section = plan.spec.section(key)
    if section is None or section.kind is not SectionKind.TABLE:
        raise Http404
    return section


def _answer(
    request: Request, plan: Plan, key: str, opened: PlanRow | None = None, **extra: Any
) -> HttpResponse:
    """Answer a change: the table for htmx, else the page with the same row open."""
    table, page = _table(plan, key), page_key(plan, key)
    removed = extra.get("removed_row")
    if not request.htmx:
        query = {"dong": opened.pk} if opened else {"bo": removed.pk} if removed else {}
        url = reverse("planning:section", args=[plan.pk, page], query=query)
        return redirect(f"{url}#dong-{opened.pk}" if opened else url)
    context = checks_context(plan, loaded_report(plan), page, editable=True)
    context |= row_table_context(plan, table, editable=True, opened_row=opened, removed_row=removed)
    context |= {"move_refused": extra.get("move_refused", False)}
    response = render(request, "plans/planning/_row_table.html", context)
    response["HX-Retarget"] = f"#bang-{key}"  # "Xong" has a target of its own
    return as_saved(response)


def add(request: Request, plan: Plan, table: str) -> HttpResponse:
    """Add a row to a small table: below another one (`after`), else at the end; it is open."""
    section = _table(plan, table)
    after = request.POST.get("after", "")
    below = _find(plan, int(after)) if is_id(after) else None
    if below is not None and below.section != section.key:
        raise Http404
    row = rows.add_row(plan=plan, section=section.key, by=request.user, after=below)
    return _answer(request, plan, section.key, row)


def edit(request: Request, plan: Plan, row: int) -> HttpResponse:
    """GET opens the row, POST saves it; "done" closes it as well."""
    found = _find(plan, row)
    table = _table(plan, found.section)
    if request.method != "POST":
        return _answer(request, plan, table.key, found)
    page = page_key(plan, table.key)
    form = RowForm(posted(request), table=table, row=found)
    again = {"opened_row": found, "row_form": form}
    if not form.is_valid():
        return refused(request, plan, page, errors_in_words(form), **again)
    try:
        found = save_going_on(
            request,
            lambda version: rows.save_row(
                row=_find(plan, row), cells=form.values(), version=version, by=request.user
            ),
            form.cleaned_data["version"],
        )
    except Conflict as conflict:
        return conflicted(request, plan, page, conflict, f"o-dong-{row}", **again)
    except ValidationError as error:
        return refused(request, plan, page, error.messages, **again)
    if "done" in request.POST:
        return _answer(request, plan, table.key)
    return saved(
        request, plan, page=page, version=found.version, version_id=f"id_dong{row}_version"
    )


def move(request: Request, plan: Plan, row: int) -> HttpResponse:
    """Move a row up or down in its table; it stays open."""
    found = _find(plan, row)
    moved = rows.move_row(row=found, up=request.POST.get("up") == "1", by=request.user)
    return _answer(request, plan, found.section, _find(plan, row), move_refused=not moved)


def remove(request: Request, plan: Plan, row: int) -> HttpResponse:
    """Delete a row; its place says so and offers to undo it. A row of the form itself stays."""
    found = _find(plan, row)
    try:
        removed = rows.remove_row(row=found, by=request.user)
    except ValidationError as error:
        return refused(
            request, plan, page_key(plan, found.section), error.messages, opened_row=found
        )
    return _answer(request, plan, found.section, removed_row=removed)


def restore(request: Request, plan: Plan, row: int) -> HttpResponse:
    """Bring a deleted row back and open it."""
    found = rows.restore_row(row=_find(plan, row, removed=True), by=request.user)
    return _answer(request, plan, found.section, found)
