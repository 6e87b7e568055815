"""Phiếu đánh giá tiêu chí on screen: what is judged, what is written, and the actions proposed from weaknesses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from criteria.models import Criterion
from plans.assessment import actions
from plans.assessment.models import CriterionAssessment
from plans.assessment.reading import LevelPart, Line, Sheet, load_sheets
from plans.planning import proposals
from plans.planning.actions import Conflict
from plans.planning.models import Plan
from plans.planning.results import framework_tree
from plans.web.assessing.forms import MET, DescriptionForm, MetForm, SheetForm
from plans.web.assessing.page import (
    conflicted,
    find_criterion,
    frame,
    refused,
    saved,
    sheet_address,
)
from plans.web.planning.blocks import typed_html
from plans.web.planning.page import errors_in_words, posted, save_going_on
from plans.web.request import Request


def sheet(request: Request, plan: Plan, criterion: int) -> HttpResponse:
    """The phiếu; POST saves điểm mạnh, điểm yếu, kế hoạch cải tiến."""
    found = find_criterion(plan, criterion)
    if request.method == "POST":
        return _save_texts(request, plan, found)
    return _page(request, plan, found)


# --- what the page shows ----------------------------------------------------------------------------------


def _page(
    request: Request, plan: Plan, criterion: Criterion, *, status: int = 200, **extra: Any
) -> HttpResponse:
    (found,) = load_sheets(plan, [criterion])
    context = frame(request, plan) | _sheet_context(plan, found)
    if "form" not in extra:
        extra["form"] = SheetForm(initial=_initial(found), auto_id="id_phieu_%s")
    context |= {"levels": [_level(part, extra) for part in found.levels]}
    return render(request, "plans/assessing/sheet.html", context | extra, status=status)


def _initial(found: Sheet) -> dict[str, Any]:
    row = CriterionAssessment(
        strengths=found.strengths, weaknesses=found.weaknesses, improvement=found.improvement
    )
    row.version = found.version
    return SheetForm.initial_of(row)


def _sheet_context(plan: Plan, found: Sheet) -> dict[str, Any]:
    criteria = framework_tree(plan).all_criteria()
    here = [one.pk for one in criteria].index(found.criterion.pk)
    return {
        "sheet": found,
        "criterion": found.criterion,
        "previous_criterion": criteria[here - 1] if here else None,
        "next_criterion": criteria[here + 1] if here + 1 < len(criteria) else None,
        "written": [
            {"title": title, "shown": typed_html(text)}
            for title, text in (
                ("Điểm mạnh", found.strengths),
                ("Điểm yếu", found.weaknesses),
                ("Kế hoạch cải tiến chất lượng", found.improvement),
            )
        ],
        **_weaknesses(plan, found),
    }


def _weaknesses(plan: Plan, found: Sheet) -> dict[str, Any]:
    """Return each weakness with the row of the plan that answers it, None where there is none."""
    answered = proposals.answered(plan, found.criterion)
    lines = found.weakness_lines
    return {"weaknesses": [{"words": words, "row": answered.get(words)} for words in lines]}


def _level(part: LevelPart, typed: dict[str, Any]) -> dict[str, Any]:
    """Return one level with its lines; what was refused stands in place of what is saved."""
    body = part.description
    if typed.get("typed_level") == part.level:
        body = typed["typed_body"]
    return {
        "part": part,
        "body": body,
        "shown": typed_html(part.description),
        "lines": [_line(line, typed) for line in part.lines],
    }


def _line(line: Line, typed: dict[str, Any]) -> dict[str, Any]:
    key = line_key(line)
    value = "" if line.met is None else str(int(line.met))
    value = typed["typed_met"] if typed.get("typed_line") == key else value
    return {"line": line, "key": key, "value": value, "choices": MET}


def line_key(line: Line) -> str:
    """Return what a line is called in the ids of the page."""
    return str(line.indicator.pk) if line.indicator else f"muc-{line.level}"


# --- saving -----------------------------------------------------------------------------------------------


def _save_texts(request: Request, plan: Plan, criterion: Criterion) -> HttpResponse:
    page = partial(_page, request, plan, criterion)
    address = sheet_address(plan, criterion)
    form = SheetForm(posted(request), auto_id="id_phieu_%s")
    if not form.is_valid():
        return refused(request, plan, page, errors_in_words(form), form=form)
    values = {name: form.cleaned_data[name] for name in actions.TEXTS}
    try:
        row = save_going_on(
            request,
            lambda version: actions.save_texts(
                plan=plan, criterion=criterion, values=values, version=version, by=request.user
            ),
            form.cleaned_data["version"],
        )
    except Conflict as conflict:
        return conflicted(request, plan, page, conflict, "o-phieu", address, form=form)
    except ValidationError as error:
        return refused(request, plan, page, error.messages, form=form)
    (found,) = load_sheets(plan, [criterion])
    parts = _weaknesses(plan, found) | {"criterion": criterion, "shows_weaknesses": True}
    version_id = "id_phieu_version"
    return saved(request, plan, address, version=row.version, version_id=version_id, **parts)


def description(request: Request, plan: Plan, criterion: int, level: int) -> HttpResponse:
    """Save mô tả hiện trạng of one level."""
    found = find_criterion(plan, criterion)
    if not found.has_level(level):
        raise Http404
    typed: dict[str, Any] = {"typed_level": level, "typed_body": request.POST.get("body", "")}
    page, address = partial(_page, request, plan, found), sheet_address(plan, found)
    form = DescriptionForm(posted(request))
    if not form.is_valid():
        return refused(request, plan, page, errors_in_words(form), **typed)
    try:
        row = save_going_on(
            request,
            lambda version: actions.save_description(
                plan=plan,
                criterion=found,
                level=level,
                body=form.cleaned_data["body"],
                version=version,
                by=request.user,
            ),
            form.cleaned_data["version"],
        )
    except Conflict as conflict:
        return conflicted(request, plan, page, conflict, f"o-mo-ta-{level}", address, **typed)
    except ValidationError as error:
        return refused(request, plan, page, error.messages, **typed)
    place = f"{address}#mo-ta-{level}"
    return saved(request, plan, place, version=row.version, version_id=f"v-mo-ta-{level}")


def indicator(request: Request, plan: Plan, criterion: int, indicator: int) -> HttpResponse:
    """Save đạt, không đạt or chưa đánh giá of one indicator."""
    found = find_criterion(plan, criterion)
    judged = next((one for one in found.indicators.all() if one.pk == indicator), None)
    if judged is None:
        raise Http404

    def save(met: bool | None, version: int) -> int:
        row = actions.judge_indicator(
            plan=plan, indicator=judged, met=met, version=version, by=request.user
        )
        return row.version

    return _judge(request, plan, found, str(indicator), save)


def whole_level(request: Request, plan: Plan, criterion: int, level: int) -> HttpResponse:
    """Save the same of a level whose indicators the framework does not tell."""
    found = find_criterion(plan, criterion)
    if not found.has_level(level):
        raise Http404

    def save(met: bool | None, version: int) -> int:
        row = actions.judge_level(
            plan=plan, criterion=found, level=level, met=met, version=version, by=request.user
        )
        return row.version

    return _judge(request, plan, found, f"muc-{level}", save)


def _judge(
    request: Request,
    plan: Plan,
    criterion: Criterion,
    key: str,
    save: Callable[[bool | None, int], int],
) -> HttpResponse:
    typed = {"typed_line": key, "typed_met": request.POST.get("met", "")}
    page, address = partial(_page, request, plan, criterion), sheet_address(plan, criterion)
    form = MetForm(posted(request))
    if not form.is_valid():
        return refused(request, plan, page, errors_in_words(form))
    try:
        version = save(form.cleaned_data["met"], form.cleaned_data["version"])
    except Conflict as conflict:
        return conflicted(request, plan, page, conflict, f"o-cb-{key}", address, **typed)
    except ValidationError as error:
        return refused(request, plan, page, error.messages)
    (found,) = load_sheets(plan, [criterion])
    place = f"{address}#cb-{key}"
    return saved(request, plan, place, version=version, version_id=f"v-cb-{key}", sheet=found)


# --- proposing --------------------------------------------------------------------------------------------


def propose(request: Request, plan: Plan, criterion: int) -> HttpResponse:
    """Propose a row of the plan from one weakness of the phiếu."""
    criterion_row = find_criterion(plan, criterion)
    (found,) = load_sheets(plan, [criterion_row])
    weakness = request.POST.get("weakness", "")
    page = partial(_page, request, plan, criterion_row)
    if weakness not in found.weakness_lines:
        why = "Điểm yếu này vừa được sửa hoặc xóa. Hãy tải lại trang rồi chọn lại."
        return refused(request, plan, page, [why])
    try:
        row = proposals.propose_action(
            plan=plan, criterion=criterion_row, weakness=weakness, by=request.user
        )
    except ValidationError as error:
        return refused(request, plan, page, error.messages)
    if not request.htmx:
        messages.success(request, "Đã đưa một việc đề xuất vào bảng của kế hoạch.")
        return redirect(f"{sheet_address(plan, criterion_row)}#cac-diem-yeu")
    context = {"plan": plan, "criterion": criterion_row, "editable": True, "just_proposed": row}
    context |= _weaknesses(plan, found)
    return render(request, "plans/assessing/_weaknesses.html", context)
