"""A plan from last year's: the page that begins it, the years its words still name, an action over the years."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.council.duties import duty_lines
from plans.council.models import CouncilMember
from plans.followups.carrying import carry_items, items_not_in
from plans.followups.models import FollowUp
from plans.planning import actions, carry
from plans.planning.form import TYPED_KINDS
from plans.planning.models import Plan, PlanAction, PlanForm
from plans.planning.old_years import shift_years, stale_places
from plans.planning.promises import Promise, promises
from plans.schools.models import School, SchoolYear
from plans.web.layout import form_status
from plans.web.planning.page import loaded_progress, page_key
from plans.web.request import Request, is_id
from plans.web.starting.forms import BeginForm

# --- beginning --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A row of last year on the page, as it was loaded or as the person left it before a refusal."""

    row: carry.PastRow
    progress: str
    goes_on: bool
    promise: Promise | None


def begin(request: Request, school: School) -> HttpResponse:
    """Show last year's actions with what became of each; POST begins the new plan, or only saves the outcomes."""
    old = carry.last_plan(school)
    if old is None:
        messages.info(request, "Trường chưa có kế hoạch nào của năm trước để lấy sang.")
        return redirect("planning:add", school.pk)
    year = _proposed_year(old)
    form = BeginForm(request.POST or None, school=school, plan=old, initial={"school_year": year})
    if request.method == "POST":
        answer = _begun(request, old, form)
        if answer is not None:
            return answer
    chosen = PlanForm.objects.to_take(year, school) if year else None
    context = {
        "school": school,
        "old": old,
        "form": form,
        "lines": _lines(request, old),
        "outcomes": [("", "Chưa có thông tin"), *PlanAction.Progress.choices],
        "warnings": chosen.warnings_for(year) if year and chosen else (),
        "follow_ups": items_not_in(old).order_by().count(),
        "with_follow_ups": request.method != "POST" or "kien_nghi" in request.POST,
    }
    return render(request, "plans/starting/begin.html", context, status=form_status(form))


def _proposed_year(old: Plan) -> SchoolYear | None:
    """Return the year to begin with: the one that runs, else the first after the last plan."""
    years = SchoolYear.objects.filter(start_year__gt=old.school_year.start_year)
    free = years.exclude(plans__school=old.school).order_by("start_year")
    return free.at(timezone.localdate()) or free.first()


def _lines(request: Request, old: Plan) -> list[Line]:
    known = promises(old)
    ticked = request.POST.getlist("goes_on")
    lines = []
    for row in carry.past_rows(old):
        progress, goes_on = row.progress, row.goes_on
        if request.method == "POST":
            progress = request.POST.get(f"outcome-{row.action.pk}", progress)
            goes_on = str(row.action.pk) in ticked
        lines.append(Line(row, progress, goes_on, known.get(row.action.thread)))
    return lines


def _told(request: Request, old: Plan) -> dict[int, str]:
    """Return what the page says became of the old plan's actions: key of the action → choice."""
    names = {action.pk: f"outcome-{action.pk}" for action in old.actions.all()}
    return {pk: request.POST[name] for pk, name in names.items() if name in request.POST}


def _begun(request: Request, old: Plan, form: BeginForm) -> HttpResponse | None:
    """Do what the page asks and return the answer; None where something was refused, which the form then says."""
    try:
        if "only" in request.POST:
            carry.tell_outcomes(plan=old, outcomes=_told(request, old), by=request.user)
            messages.success(request, "Đã lưu kết quả của các việc năm trước.")
            return redirect("starting:begin", old.school_id)
        if not form.is_valid():
            return None
        plan = _opened(request, old, form)
    except (ValidationError, LookupError) as error:
        form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
        return None
    for warning in form.warnings():
        messages.warning(request, warning)
    count = plan.actions.filter(follow_ups=None).count()
    asked = plan.actions.count() - count
    more = f", {asked} việc từ kiến nghị sau kiểm tra" if asked else ""
    messages.success(
        request,
        f"Đã lập kế hoạch năm học {plan.school_year.label}: {count} việc chuyển tiếp{more}, chữ các mục lấy từ năm "
        "trước.",
    )
    loaded = Plan.objects.for_editing().get(pk=plan.pk)
    return redirect("starting:years", plan.pk) if stale_places(loaded) else redirect(plan)


@transaction.atomic
def _opened(request: Request, old: Plan, form: BeginForm) -> Plan:
    """Begin the new plan from the old one; where the page says so, with what past visits still want of the school."""
    wanted: list[FollowUp] = []
    if "kien_nghi" in request.POST:
        wanted = list(items_not_in(old).order_by("due_on", "pk"))
    plan = carry.open_from(
        old=old,
        school_year=form.cleaned_data["school_year"],
        form=form.cleaned_data["form"],
        going_on=[int(pk) for pk in request.POST.getlist("goes_on") if is_id(pk)],
        outcomes=_told(request, old),
        by=request.user,
    )
    if wanted and plan.spec.actions() is not None:
        carry_items(items=wanted, plan=plan, by=request.user)
    return plan


# --- years ------------------------------------------------------------------------------------------------


def years(request: Request, plan: Plan) -> HttpResponse:
    """List every text that still names a year of the past; POST moves the years on in the chosen ones."""
    if request.method == "POST":
        return _moved_on(request, plan)
    loaded_progress(plan)
    places = stale_places(plan)
    context = {
        "plan": plan,
        "tool": "years",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "shiftable": [place for place in places if place.can_shift],
        "others": [place for place in places if not place.can_shift],
    }
    return render(request, "plans/starting/years.html", context)


def _moved_on(request: Request, plan: Plan) -> HttpResponse:
    try:
        count = shift_years(plan=plan, keys=request.POST.getlist("places"), by=request.user)
    except actions.Conflict:
        messages.error(
            request, "Có người vừa sửa một trong những chỗ này. Thầy cô bấm lại lần nữa."
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = f"Đã đổi năm ở {count} chỗ." if count else "Không có chỗ nào được chọn để đổi năm."
        messages.success(request, said)
    page = request.POST.get("page", "")
    if any(top.key == page for top in plan.spec.sections):
        return redirect("planning:section", plan.pk, page)
    return redirect("starting:years", plan.pk)


# --- an action over the years -----------------------------------------------------------------------------


def history(request: Request, plan: Plan, action: int) -> HttpResponse:
    """Show an action as each year's plan had it, and what became of it, newest first."""
    rows = PlanAction.objects.kept().select_related("criterion", "plan__school_year")
    found = rows.filter(plan=plan, pk=action).first()
    if found is None:
        raise Http404
    promise = promises(plan, [found]).get(found.thread)
    context = {
        "plan": plan,
        "tool": "write",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "action": found,
        "promise": promise,
        "rows": [found, *(promise.earlier if promise else ())],
        "page_key": _table_page(plan),
    }
    return render(request, "plans/starting/history.html", context)


def _table_page(plan: Plan) -> str:
    section = plan.spec.actions()
    if section is None:
        raise Http404
    return page_key(plan, section.key)


# --- duties from the council ------------------------------------------------------------------------------


def duties(request: Request, plan: Plan, section: str) -> HttpResponse:
    """Write the duties of the council's members into a section that is still empty, for the person to edit."""
    spec = plan.spec.section(section)
    if spec is None or spec.kind not in TYPED_KINDS or not spec.drawn_from:
        raise Http404
    members = CouncilMember.objects.of(plan.school, plan.school_year)
    lines = duty_lines(members, spec.drawn_from)
    page = page_key(plan, section)
    try:
        if not lines:
            messages.error(
                request, "Danh sách hội đồng của năm học này chưa có người giữ các vai trò ấy."
            )
        elif not _is_empty(plan, section):
            messages.error(request, "Mục này đã có chữ nên chương trình không ghi đè.")
        else:
            version = _version(plan, section)
            actions.save_text(
                plan=plan, section=section, body=lines, version=version, by=request.user
            )
            messages.success(
                request, "Đã ghi nhiệm vụ theo danh sách hội đồng. Thầy cô sửa lại cho đúng."
            )
    except actions.Conflict:
        messages.error(request, "Có người vừa viết mục này. Thầy cô xem lại.")
    return redirect("planning:section", plan.pk, page)


def _is_empty(plan: Plan, section: str) -> bool:
    row = plan.texts.filter(section=section).first()
    return row is None or not row.body.strip()


def _version(plan: Plan, section: str) -> int:
    row = plan.texts.filter(section=section).first()
    return row.version if row else 0
