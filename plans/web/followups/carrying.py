"""Kiến nghị into a plan: from the page of one item, and all that a plan has not yet taken over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.followups.carrying import carry_items, items_not_in
from plans.followups.items import nearest_first, on_day
from plans.followups.models import FollowUp
from plans.planning.models import Plan, PlanAction
from plans.web.followups.forms import CarryForm
from plans.web.followups.views import item_answer, row_url
from plans.web.planning.page import state_words
from plans.web.request import Request


def carry(request: Request, follow_up: FollowUp) -> HttpResponse:
    """Make an item a row of a plan that is being written, and open that row."""
    form = CarryForm(request.POST, name="carry", item=follow_up)
    if not form.is_valid():
        return item_answer(request, follow_up, {"carry": form})
    plan: Plan = form.cleaned_data["plan"]
    if not request.user.has_perm("plans.carry_follow_up", plan):
        raise PermissionDenied
    try:
        rows = carry_items(items=[follow_up], plan=plan, by=request.user)
    except ValidationError as error:
        form.add_error("plan", error.messages)
        return item_answer(request, follow_up, {"carry": form})
    _say(request, rows)
    return redirect(
        row_url(plan, rows[0]) if rows else reverse("followups:item", args=[follow_up.pk])
    )


def for_plan(request: Request, plan: Plan) -> HttpResponse:
    """Show the pending items that the plan has no row for; POST makes rows of all of them, or of those ticked."""
    today = timezone.localdate()
    items = nearest_first(items_not_in(plan))
    if request.method == "POST":
        ticked = request.POST.getlist("kien_nghi")
        wanted = [one for one in items if "all" in request.POST or str(one.pk) in ticked]
        return _carried(request, plan, wanted)
    context = {
        "plan": plan,
        "tool": "follow_ups",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "may_carry": request.user.has_perm("plans.carry_follow_up", plan),
        "state_words": state_words(request, plan),
        "items": on_day(items, today),
        "has_table": plan.spec.actions() is not None,
    }
    return render(request, "plans/followups/plan.html", context)


def _carried(request: Request, plan: Plan, items: list[FollowUp]) -> HttpResponse:
    if not items:
        messages.info(request, "Thầy cô chưa chọn kiến nghị nào.")
        return redirect("followups:plan", plan.pk)
    try:
        rows = carry_items(items=items, plan=plan, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("followups:plan", plan.pk)
    _say(request, rows)
    return redirect(row_url(plan, rows[0]) if rows else reverse("followups:plan", args=[plan.pk]))


def _say(request: Request, rows: list[PlanAction]) -> None:
    if not rows:
        messages.info(request, "Kế hoạch đã có việc cho kiến nghị này.")
        return
    messages.success(
        request,
        f"Đã đưa {len(rows)} kiến nghị vào bảng việc. Thầy cô xem lại từng ô; không cần thì xóa việc.",
    )
