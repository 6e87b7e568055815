"""One visit: from a school's page to an open record in three clicks; another day; called off."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.rules import reaches
from plans.arranging.grounds import default_grounds
from plans.arranging.scheduling import (
    cancel_visit,
    reschedule_visit,
    schedule_visit,
    when_words,
)
from plans.arranging.team import seat_of_user
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.minutes.models import Paper
from plans.minutes.papers import CALLED_OFF, MOVED, end_notice
from plans.moves import MoveNotAllowed
from plans.recording.opening import open_record
from plans.schools.models import ManagingBody, School
from plans.web.inspecting.forms.single import CancelForm, RescheduleForm, SingleVisitForm
from plans.web.layout import form_status, tell, with_version
from plans.web.request import Request

PLAN_VISITS = "plans.plan_inspections"
NOTICE_ENDED = "Thông báo ghi ngày, giờ cũ nên đã thu hồi. Quý vị lập thông báo mới cho nhà trường."


def offices_for(user: User, school: School) -> QuerySet[ManagingBody]:
    """Return the bodies for which a person may plan a visit to a school today, by name."""
    today = timezone.localdate()
    found = [
        row.body_id
        for row in user.memberships_on(today)
        if row.body_id and PLAN_VISITS in row.permissions and reaches(row, school, on=today)
    ]
    return ManagingBody.objects.filter(pk__in=found).select_related("kind")


def add(request: Request, school: School) -> HttpResponse:
    """Plan a visit to a school without a campaign; with the button `mo` its record is opened at once."""
    bodies = offices_for(request.user, school)
    first = bodies.first()
    if first is None:
        raise PermissionDenied
    now = timezone.localtime()
    initial = {
        "planned_on": now.date(),
        "legal_grounds": default_grounds(first, [school], now.date()),
        "reply_days": Inspection._meta.get_field("reply_days").default,
    }
    data = request.POST if request.method == "POST" else None
    form = SingleVisitForm(data, bodies=bodies, user=request.user, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            visit = _planned(request, school, form)
        except ValidationError as error:
            tell(form, error)
        else:
            return _after(request, visit)
    context = {"school": school, "form": form}
    return render(request, "plans/inspecting/single.html", context, status=form_status(form))


@transaction.atomic
def _planned(request: Request, school: School, form: SingleVisitForm) -> Inspection:
    """Plan the visit, and open its record where that was asked; both or neither."""
    typed = form.cleaned_data
    today = timezone.localdate()
    seats = [seat_of_user(typed["lead"], TeamRole.LEAD, on=today)]
    others = [user for user in typed["members"] if user != typed["lead"]]
    seats += [seat_of_user(user, TeamRole.MEMBER, on=today) for user in others]
    visit = schedule_visit(
        school=school,
        body=typed["body"],
        planned_on=typed["planned_on"],
        planned_from=_begin(typed, is_now="mo" in request.POST),
        planned_to=typed["planned_to"],
        team=seats,
        by=request.user,
        **form.values(),
    )
    if "mo" not in request.POST:
        return visit
    if visit.planned_on != today:
        raise ValidationError({"planned_on": "Mở biên bản ngay thì ngày kiểm tra phải là hôm nay."})
    return open_record(inspection=visit, by=request.user)


def _begin(typed: dict[str, Any], *, is_now: bool) -> time | None:
    """Return the hour that was typed; where none was and the record is opened at once, that of now."""
    if typed["planned_from"] or typed["planned_to"] or not is_now:
        begin: time | None = typed["planned_from"]
        return begin
    return timezone.localtime().time().replace(second=0, microsecond=0)


def _after(request: Request, visit: Inspection) -> HttpResponse:
    if visit.state == InspectionState.PLANNED:
        day = f"{visit.planned_on:%d/%m/%Y}"
        messages.success(request, f"Đã lên lịch kiểm tra {visit.school} ngày {day}.")
        return redirect("visits:visit", visit.pk)
    found = Inspection.objects.for_page().get(pk=visit.pk)
    # Who opened it for a colleague is not on the team, and reads it on the page of the visit.
    page = "visits:record" if found.seat_of(request.user) else "visits:visit"
    messages.success(request, f"Đã mở biên bản kiểm tra {visit.school}.")
    return redirect(page, visit.pk)


def reschedule(request: Request, inspection: Inspection) -> HttpResponse:
    """Another day or other hours of a visit that is still planned."""
    if inspection.state != InspectionState.PLANNED:
        raise MoveNotAllowed(
            "Buổi kiểm tra đã mở biên bản hoặc đã hủy nên không đổi lịch được nữa."
        )
    form = RescheduleForm(request.POST if request.method == "POST" else None, inspection=inspection)
    if form.is_bound and form.is_valid():
        typed = dict(form.cleaned_data)
        seen = typed.pop("version")
        version = inspection.version if seen is None else seen
        try:
            ended = _moved(inspection, version, request.user, typed)
        except ValidationError as error:
            form = _again(request, inspection, error)
        else:
            messages.success(request, "Đã đổi lịch và báo cho tổ kiểm tra.")
            if ended:
                messages.info(request, NOTICE_ENDED)
            return redirect("visits:visit", inspection.pk)
    context = {"inspection": inspection, "form": form}
    return render(request, "plans/inspecting/reschedule.html", context, status=form_status(form))


@transaction.atomic
def _moved(inspection: Inspection, version: int, by: User, typed: dict[str, Any]) -> Paper | None:
    """Move the visit, and withdraw a notice that says another day or other hours; return that notice."""
    before = when_words(Inspection.objects.get(pk=inspection.pk))
    moved = reschedule_visit(inspection=inspection, version=version, by=by, **typed)
    if when_words(moved) == before:
        return None
    return end_notice(inspection=moved, reason=MOVED, by=by)


def _again(request: Request, inspection: Inspection, error: ValidationError) -> RescheduleForm:
    """Return what was typed over the version as it now is, with the refusal."""
    now = Inspection.objects.get(pk=inspection.pk)
    form = RescheduleForm(with_version(request, now.version), inspection=inspection)
    form.is_valid()
    tell(form, error)
    return form


def cancel(request: Request, inspection: Inspection) -> HttpResponse:
    """Call a visit off, with the reason that everybody concerned reads."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                cancel_visit(inspection=inspection, by=request.user, **form.cleaned_data)
                end_notice(inspection=inspection, reason=CALLED_OFF, by=request.user)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã hủy buổi kiểm tra {inspection.school}.")
            return redirect("visits:list")
    context: dict[str, Any] = {"inspection": inspection, "form": form}
    return render(request, "plans/inspecting/cancel.html", context, status=form_status(form))
