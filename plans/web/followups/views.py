"""Kiến nghị sau kiểm tra: the list, one item with its steps and proof, and every step taken on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.followups import actions
from plans.followups.carrying import row_being_written
from plans.followups.items import (
    NO_STANDARD,
    SOON,
    Age,
    OpenItem,
    items_for_visit,
    nearest_first,
    of_age,
    of_standard,
    on_day,
)
from plans.followups.models import FollowUp, FollowUpFile, FollowUpQuerySet
from plans.inspections.models import Inspection
from plans.planning.models import Plan, PlanAction
from plans.schools.models import School
from plans.web.attachments import SENT_AT_ONCE, ask_to_choose_again
from plans.web.files import kept_file
from plans.web.followups import forms
from plans.web.layout import tell, with_version
from plans.web.planning.page import page_key
from plans.web.request import Request
from plans.web.submitting.forms import OneOfMany
from plans.web.uploads import in_memory

A_PAGE = 50

# --- lists ------------------------------------------------------------------------------------------------


def item_list(request: Request) -> HttpResponse:
    """Every item in the person's sight, filtered by GET: by school, then by date."""
    return _list(request, FollowUp.objects.visible_to(request.user), None)


def of_school(request: Request, school: School) -> HttpResponse:
    """The items of one school."""
    return _list(request, FollowUp.objects.filter(school=school), school)


def _list(request: Request, items: FollowUpQuerySet, school: School | None) -> HttpResponse:
    today = timezone.localdate()
    own = {row.school_id for row in request.user.memberships_on(today)}
    alone = school is not None or (len(own) == 1 and None not in own)
    standards = sorted(
        {number or NO_STANDARD for number in items.values_list("standard_number", flat=True)}
    )
    form = forms.ItemFilterForm(request.GET, standards=standards, of_one_school=alone)
    found = _found(items, form.cleaned_data) if form.is_valid() else items.none()
    rows = nearest_first(found).select_related("inspection", "school")
    page = Paginator(rows.prefetch_related("school__names"), A_PAGE).get_page(
        request.GET.get("trang")
    )
    context = {
        "school": school,
        "form": form,
        "page": page,
        "groups": _groups(page),
        "query": query_of(request),
        "any": items.exists(),
        "alone": alone,
        "may_oversee": request.user.has_perm("plans.oversee_visits"),
    }
    return render(request, "plans/followups/list.html", context)


def _found(items: FollowUpQuerySet, asked: dict[str, Any]) -> QuerySet[FollowUp]:
    today, state = timezone.localdate(), asked["trang_thai"]
    if state == forms.PENDING:
        items = items.pending()
    elif state != forms.ALL:
        items = items.filter(state=state)
    if asked["han"] == "qua":
        items = items.overdue(today)
    elif asked["han"] == "sap":
        items = items.soon(today, SOON)
    if asked.get("tim"):
        items = items.filter(school__in=School.objects.matching(asked["tim"]))
    found: QuerySet[FollowUp] = items
    if asked["tieu_chuan"] is not None:
        found = of_standard(found, asked["tieu_chuan"])
    return of_age(found, Age(asked["tuoi"]), today) if asked["tuoi"] else found


def _groups(page: Page) -> list[tuple[School, list[OpenItem]]]:
    """Return the items of a page by school, in their order."""
    rows = on_day(page, timezone.localdate())
    by_school = groupby(rows, key=lambda one: one.item.school_id)
    return [(own[0].item.school, own) for own in (list(group) for _, group in by_school)]


def query_of(request: Request) -> str:
    """Return the address's parameters but for the page number, to be carried along by the page links."""
    data = request.GET.copy()
    data.pop("trang", None)
    return f"{data.urlencode()}&" if data else ""


def of_visit(request: Request, inspection: Inspection) -> HttpResponse:
    """The items of one visit, and what the school still owes from visits before it.

    Who knows of the visit through a seat alone reads them while the record is theirs to read, as all else of it.
    """
    user, today = request.user, timezone.localdate()
    may_open = user.has_perm("plans.view_follow_up", inspection.school)
    context: dict[str, Any] = {"inspection": inspection, "may_open": may_open, "open_items": []}
    context["may_read"] = may_open or user.has_perm("plans.read_record", inspection)
    if context["may_read"]:
        own = actions.in_order(inspection.follow_ups.select_related("inspection"))
        context["items"] = on_day(own, today)
        context["open_items"] = items_for_visit(inspection, today)
    return render(request, "plans/followups/of_visit.html", context)


# --- one item ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deed:
    """A step as it is taken on the web: permission, form, action, and the words around them."""

    permission: str
    form: type[OneOfMany]
    act: Callable[..., Any]
    label: str
    about: str
    done: str


DEEDS: dict[str, Deed] = {
    "report": Deed(
        "plans.report_follow_up",
        forms.DoneForm,
        actions.report_item,
        "Báo đã làm xong",
        "Cơ quan kiểm tra xem rồi xác nhận, hoặc mở lại kèm lý do.",
        "Đã báo làm xong. Cơ quan kiểm tra sẽ xem và xác nhận.",
    ),
    "note": Deed(
        "plans.report_follow_up",
        forms.NoteForm,
        actions.note_item,
        "Ghi tiến độ",
        "Kiến nghị vẫn còn mở; cơ quan kiểm tra đọc được điều đã ghi.",
        "Đã ghi tiến độ.",
    ),
    "verify": Deed(
        "plans.verify_follow_up",
        forms.VerifyForm,
        actions.verify_item,
        "Xác nhận đã hoàn thành",
        "Người xác nhận phải khác người báo. Xác nhận rồi vẫn mở lại được.",
        "Đã xác nhận kiến nghị hoàn thành.",
    ),
    "reopen": Deed(
        "plans.reopen_follow_up",
        forms.ReopenForm,
        actions.reopen_item,
        "Mở lại",
        "Kiến nghị trở lại với nhà trường; những gì đã báo vẫn được giữ.",
        "Đã mở lại kiến nghị.",
    ),
    "change": Deed(
        "plans.assign_follow_up",
        forms.ChangeForm,
        actions.change_item,
        "Đổi người thực hiện, đổi hạn",
        "Điều đã ghi trước vẫn được giữ trong các bước ở trên.",
        "Đã lưu.",
    ),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A step that the person may take, with its form and address."""

    name: str
    deed: Deed
    form: OneOfMany
    url: str

    @property
    def label(self) -> str:
        """The step in words; a date that the person may not change is not promised."""
        if isinstance(self.form, forms.ChangeForm) and "due" not in self.form.fields:
            return "Đổi người thực hiện"
        return self.deed.label


def item_page(request: Request, follow_up: FollowUp) -> HttpResponse:
    """One item: what is to be done, by whom, by when, every step with its proof, and what may be done next."""
    return item_answer(request, follow_up)


def item_answer(
    request: Request, item: FollowUp, refused: dict[str, OneOfMany] | None = None
) -> HttpResponse:
    """Return the page of an item; with `refused` forms as they were typed, as a refusal."""
    user, today = request.user, timezone.localdate()
    may_carry = user.has_perm("plans.carry_follow_up", item)
    carry = (refused or {}).get("carry") or (
        forms.CarryForm(name="carry", item=item) if may_carry else None
    )
    row = row_being_written(item) if may_carry else None
    files = FollowUpFile.objects.select_related("file").defer("file__content")
    steps = item.steps.select_related("by").prefetch_related(Prefetch("files", files))
    context = {
        "item": item,
        "one": on_day([item], today)[0],
        "steps": steps,
        "buttons": _buttons(request, item, refused or {}),
        "carry": carry,
        "may_write": carry is not None and carry.fields["plan"].queryset.exists(),  # type: ignore[attr-defined]
        "row_there": row,
        "row_url": row_url(row.plan, row) if row else "",
        "may_read_plan": user.has_perm("plans.view_plan", item.school),
        "wrong": bool(refused),
        "is_own": any(row.school_id == item.school_id for row in user.memberships_on(today)),
    }
    status = 422 if refused else 200
    return render(request, "plans/followups/item.html", context, status=status)


def row_url(plan: Plan, row: PlanAction) -> str:
    """Return where a row of the plan's table stands."""
    section = plan.spec.actions()
    assert section is not None  # the row was made in it
    url = reverse("planning:section", args=[plan.pk, page_key(plan, section.key)])
    return f"{url}?mo={row.pk}#viec-{row.pk}"


def _buttons(request: Request, item: FollowUp, refused: dict[str, OneOfMany]) -> list[Button]:
    return [
        Button(
            name,
            deed,
            refused.get(name) or _form(request, item, name),
            reverse(f"followups:{name}", args=[item.pk]),
        )
        for name, deed in DEEDS.items()
        if request.user.has_perm(deed.permission, item)
    ]


def _form(request: Request, item: FollowUp, name: str, data: Any = None) -> OneOfMany:
    """Return the form of a step, filled in or as it begins."""
    kind = DEEDS[name].form
    more: dict[str, Any] = {}
    if kind is forms.ChangeForm:
        more = {"user": request.user, "item": item}
    files = None if data is None else request.FILES
    begin = {"version": item.version, "owner": item.owner, "due": item.due}
    return kind(data, files, name=name, initial=begin, **more)


def _taken(request: Request, item: FollowUp, name: str) -> HttpResponse:
    """Take a step and go to the item; a refusal is said at the form, with all that was typed."""
    deed = DEEDS[name]
    form = _form(request, item, name, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            if name == "reopen":
                values = {"reason": values["note"], "version": values["version"]}
            deed.act(item=item, by=request.user, **values)
        except ValidationError as error:
            item = FollowUp.objects.select_related("school", "inspection").get(pk=item.pk)
            form = _form(request, item, name, with_version(request, item.version))
            form.is_valid()
            tell(form, error)
        else:
            messages.success(request, deed.done)
            return redirect("followups:item", item.pk)
    if "proofs" in form.fields:
        ask_to_choose_again(form, "proofs")
    return item_answer(request, item, {name: form})


@in_memory(SENT_AT_ONCE)
def note(request: Request, follow_up: FollowUp) -> HttpResponse:
    """Note how far an item is."""
    return _taken(request, follow_up, "note")


@in_memory(SENT_AT_ONCE)
def report(request: Request, follow_up: FollowUp) -> HttpResponse:
    """Say that an item is done."""
    return _taken(request, follow_up, "report")


def verify(request: Request, follow_up: FollowUp) -> HttpResponse:
    """Say that what was reported is so."""
    return _taken(request, follow_up, "verify")


def reopen(request: Request, follow_up: FollowUp) -> HttpResponse:
    """Give an item back to the school."""
    return _taken(request, follow_up, "reopen")


def change(request: Request, follow_up: FollowUp) -> HttpResponse:
    """Put another person or date on an item."""
    return _taken(request, follow_up, "change")


def proof(request: Request, follow_up: FollowUp, proof: int) -> HttpResponse:
    """Hand out a file of one of the item's steps, never shown within this site."""
    return kept_file(FollowUpFile.objects.filter(step__follow_up=follow_up), proof)
