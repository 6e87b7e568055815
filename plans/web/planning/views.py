"""Pages of a plan: the list, the sections, the heading, the review, and the moves between states."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.assessment.actions import JudgedByIndicators, choose_level
from plans.checking.actions import finish_plan
from plans.moves import MoveNotAllowed
from plans.planning import actions
from plans.planning.form import TYPED_KINDS, SectionKind
from plans.planning.models import Plan, PlanAction, PlanForm, PlanRow
from plans.planning.results import framework_tree
from plans.schools.models import School, SchoolYear
from plans.submitting.actions import reopen_plan
from plans.web.layout import form_status, tell
from plans.web.planning.forms import HeadingForm, PlanAddForm, ResultForm, TextForm
from plans.web.planning.page import (
    checks_context,
    conflicted,
    errors_in_words,
    finding_lines,
    loaded_progress,
    loaded_report,
    page_key,
    posted,
    refused,
    render_page,
    save_going_on,
    saved,
    state_words,
)
from plans.web.request import Request, is_id

# --- lists and new plans ----------------------------------------------------------------------------------


def plan_list(request: Request) -> HttpResponse:
    """The plans of my school by year, newest first; an office is sent to its schools."""
    memberships = request.user.memberships_on(timezone.localdate())
    own = [row.school_id for row in memberships if row.school_id]
    if not own:
        return redirect("schools:list")
    plans = Plan.objects.filter(school__in=own).for_page().prefetch_related("school__names")
    schools = School.objects.filter(pk__in=own).prefetch_related("names")
    addable = [school for school in schools if request.user.has_perm("plans.add_plan", school)]
    context = {"plans": plans, "schools": schools, "addable": addable, "several": len(set(own)) > 1}
    return render(request, "plans/planning/list.html", context)


def add(request: Request, school: School) -> HttpResponse:
    """Start the plan of a school for a year that has none, in the form made for it or in the one chosen."""
    year = SchoolYear.objects.exclude(plans__school=school).at(timezone.localdate())
    form = PlanAddForm(request.POST or None, school=school, initial={"school_year": year})
    if request.method == "POST" and form.is_valid():
        plan = _opened(request, school, form)
        if plan is not None:
            return redirect(plan)
    last = Plan.objects.for_page().filter(school=school).first()
    warnings = _warnings_before(year, school)
    context = {"school": school, "form": form, "warnings": warnings, "last": last}
    return render(request, "plans/planning/add.html", context, status=form_status(form))


def _opened(request: Request, school: School, form: PlanAddForm) -> Plan | None:
    """Open the plan that a valid form asks for, and say what is doubtful about its form; None when refused."""
    year, chosen = form.cleaned_data["school_year"], form.cleaned_data["form"]
    try:
        plan = actions.open_plan(school=school, school_year=year, form=chosen, by=request.user)
    except ValidationError as error:
        tell(form, error)
        return None
    except LookupError as error:
        form.add_error(None, str(error))
        return None
    for warning in form.warnings():
        messages.warning(request, warning)
    return plan


def _warnings_before(year: SchoolYear | None, school: School) -> tuple[str, ...]:
    """Return what to say about the form that the proposed year will get."""
    form = PlanForm.objects.to_take(year, school) if year else None
    return form.warnings_for(year) if form and year else ()


# --- pages of one plan ------------------------------------------------------------------------------------


def plan_page(request: Request, plan: Plan) -> HttpResponse:
    """The plan's page is its first page that still lacks something."""
    pages = loaded_progress(plan)
    first = next((page for page in pages if page.gaps), pages[0])
    return redirect("planning:section", plan.pk, first.key)


def section_page(request: Request, plan: Plan, section: str) -> HttpResponse:
    """One page of the editor; POST saves the text of one section."""
    if request.method == "POST":
        return _save_text(request, plan, section)
    return render_page(request, plan, section, **rows_named(request, plan))


def checks(request: Request, plan: Plan, section: str) -> HttpResponse:
    """What the rules find on a page, the next step and the side list, as they now stand."""
    if plan.spec.section(section) is None:
        raise Http404
    editable = request.user.has_perm("plans.change_plan", plan)
    context = checks_context(plan, loaded_report(plan), page_key(plan, section), editable=editable)
    return render(request, "plans/planning/_checks_now.html", context)


def rows_named(request: Request, plan: Plan) -> dict[str, Any]:
    """Return the row that the address opens (?mo=) or that was just deleted (?xoa=); {} for who only reads."""
    found: dict[str, Any] = {}
    if not request.user.has_perm("plans.change_plan", plan):
        return found
    actions_of = PlanAction.objects.select_related("criterion__standard").filter(plan=plan)
    rows_of = PlanRow.objects.select_related("plan__form", "plan__framework").filter(plan=plan)
    for query, name, rows, removed in (
        ("mo", "opened", actions_of, False),
        ("xoa", "removed", actions_of, True),
        ("dong", "opened_row", rows_of, False),
        ("bo", "removed_row", rows_of, True),
    ):
        number = request.GET.get(query, "")
        if is_id(number):
            one = rows.filter(pk=int(number), removed_at__isnull=not removed)
            found[name] = one.first()
    return found


# --- saving -----------------------------------------------------------------------------------------------


def _save_text(request: Request, plan: Plan, key: str) -> HttpResponse:
    section = plan.spec.section(key)
    if section is None or section.kind not in TYPED_KINDS:
        raise Http404
    page = page_key(plan, key)
    form = TextForm(posted(request))
    typed = {"typed_key": key, "typed_body": request.POST.get("body", "")}
    if not form.is_valid():
        return refused(request, plan, page, errors_in_words(form), **typed)
    try:
        text = save_going_on(
            request,
            lambda version: actions.save_text(
                plan=plan,
                section=key,
                body=form.cleaned_data["body"],
                version=version,
                by=request.user,
            ),
            form.cleaned_data["version"],
        )
    except actions.Conflict as conflict:
        return conflicted(request, plan, page, conflict, f"o-{key}", **typed)
    except ValidationError as error:
        return refused(request, plan, page, error.messages, **typed)
    return saved(request, plan, page=page, version=text.version, version_id=f"v-{key}")


def result(request: Request, plan: Plan, criterion: int) -> HttpResponse:
    """Save the level that one criterion reached."""
    found = next((c for c in framework_tree(plan).all_criteria() if c.pk == criterion), None)
    grid = next((s for s in plan.spec.walk() if s.kind is SectionKind.RESULT_GRID), None)
    if found is None or grid is None:
        raise Http404
    page = page_key(plan, grid.key)
    form = ResultForm(posted(request), criterion=found)
    if not form.is_valid():
        return refused(
            request, plan, page, [f"Tiêu chí {found.number}: hãy chọn một mức trong danh sách."]
        )
    try:
        row = choose_level(
            plan=plan,
            criterion=found,
            level=form.cleaned_data["level"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except actions.Conflict as conflict:
        chosen = {"typed_criterion": criterion, "typed_level": request.POST.get("level", "")}
        return conflicted(request, plan, page, conflict, f"kq-{criterion}", **chosen)
    except JudgedByIndicators as error:
        return refused(request, plan, page, error.messages, judged=found)
    return saved(request, plan, page=page, version=row.version, version_id=f"v-kq-{criterion}")


def heading(request: Request, plan: Plan) -> HttpResponse:
    """Month and signer of the document, number and date come at issue; GET leads to the page they stand on."""
    recipients = next((s for s in plan.spec.walk() if s.kind is SectionKind.RECIPIENTS), None)
    if recipients is None:
        raise Http404
    page = page_key(plan, recipients.key)
    if request.method != "POST":
        return redirect("planning:section", plan.pk, page)
    form = HeadingForm(posted(request), instance=Plan.objects.for_page().get(pk=plan.pk))
    if not form.is_valid():
        return refused(request, plan, page, errors_in_words(form), heading_form=form)
    values = {name: form.cleaned_data[name] for name in form.Meta.fields}
    pk = plan.pk
    try:
        plan = save_going_on(
            request,
            lambda version: actions.save_heading(
                plan=Plan.objects.for_page().get(pk=pk),
                values=values,
                version=version,
                by=request.user,
            ),
            form.cleaned_data["version"],
        )
    except actions.Conflict as conflict:
        return conflicted(request, plan, page, conflict, "o-van-ban", heading_form=form)
    except ValidationError as error:
        return refused(request, plan, page, error.messages, heading_form=form)
    return saved(
        request,
        plan,
        page=page,
        version=plan.version,
        version_id="id_version",
    )


# --- review and states ------------------------------------------------------------------------------------


def review(request: Request, plan: Plan) -> HttpResponse:
    """What the rules find: errors that keep the plan from being finished, then warnings and hints."""
    return render(request, "plans/planning/review.html", _review_context(request, plan))


def _review_context(request: Request, plan: Plan) -> dict[str, Any]:
    found = loaded_report(plan)
    editable = request.user.has_perm("plans.change_plan", plan)
    return checks_context(plan, found, found.pages[0].key, editable=editable) | {
        "tool": "review",
        "report": found,
        "lines": finding_lines(plan, found.findings, editable=editable),
        "is_review": True,
        "may_finish": request.user.has_perm("plans.finish_plan", plan),
        "may_reopen": request.user.has_perm("plans.reopen_plan", plan),
        "state_words": state_words(request, plan),
    }


def finish(request: Request, plan: Plan) -> HttpResponse:
    """Close the draft, or show the errors that keep it from being finished."""
    try:
        finish_plan(plan=plan, by=request.user, on=timezone.localdate())
    except MoveNotAllowed as error:
        messages.error(request, str(error))
        return redirect("planning:review", plan.pk)
    except ValidationError:
        context = _review_context(request, plan) | {"refused": True}
        return render(request, "plans/planning/review.html", context, status=422)
    messages.success(request, "Kế hoạch đã soạn xong. Có thể tải bản PDF hoặc Word bên dưới.")
    return redirect("planning:review", plan.pk)


def reopen(request: Request, plan: Plan) -> HttpResponse:
    """Open a finished plan for change again."""
    try:
        reopen_plan(plan=plan, by=request.user)
    except MoveNotAllowed as error:
        messages.error(request, str(error))
        return redirect("planning:review", plan.pk)
    messages.success(request, "Kế hoạch đã mở lại để sửa.")
    return redirect(plan)
