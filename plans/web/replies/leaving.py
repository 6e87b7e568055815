"""The team leaves the school, comes back to the record, or gives the school longer: one page each, GET and POST."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.inspections.models import Inspection
from plans.inspections.rules import answers_are_closed
from plans.moves import MoveNotAllowed
from plans.replying.concluding import (
    conclude_visit,
    conflicts_to_settle,
    default_reply_until,
    extend_reply,
    may_be_extended,
    may_be_resumed,
    resume_visit,
    warnings_before_concluding,
)
from plans.web.layout import form_status, tell
from plans.web.replies.forms import ConcludeForm, ExtendForm, ResumeForm
from plans.web.request import Request


def conclude(request: Request, inspection: Inspection) -> HttpResponse:
    """What the record still lacks, and the last day to answer; POST ends the visit at the school."""
    usual = default_reply_until(inspection, timezone.localdate())
    form = ConcludeForm(
        request.POST if request.method == "POST" else None, initial={"reply_until": usual}
    )
    if request.method == "POST" and form.is_valid():
        try:
            conclude_visit(inspection=inspection, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(
                request, "Đã kết thúc kiểm tra tại trường. Nhà trường được báo để phản hồi."
            )
            return redirect("replies:replies", inspection.pk)
    context = {
        "inspection": inspection,
        "form": form,
        "conflicts": conflicts_to_settle(inspection),
        "warnings": warnings_before_concluding(inspection),
    }
    return render(request, "plans/replies/conclude.html", context, status=form_status(form))


def resume(request: Request, inspection: Inspection) -> HttpResponse:
    """Why the record is opened again; POST opens it, unless the school has answered meanwhile."""
    form = ResumeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            resume_visit(inspection=inspection, by=request.user, **form.cleaned_data)
        except (ValidationError, MoveNotAllowed) as error:
            _refuse(form, error)
        else:
            messages.success(request, "Đã mở lại biên bản để ghi tiếp.")
            return redirect("visits:visit", inspection.pk)
    context = {
        "inspection": inspection,
        "form": form,
        "possible": may_be_resumed(inspection),
        "is_closed": answers_are_closed(inspection, timezone.localdate()),
    }
    return render(request, "plans/replies/resume.html", context, status=form_status(form))


def extend(request: Request, inspection: Inspection) -> HttpResponse:
    """A later last day to answer; POST gives it, unless the team has decided about an answer."""
    form = ExtendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        until, reason = form.cleaned_data["reply_until"], form.cleaned_data["reason"]
        try:
            extend_reply(inspection=inspection, until=until, reason=reason, by=request.user)
        except (ValidationError, MoveNotAllowed) as error:
            _refuse(form, error)
        else:
            messages.success(request, f"Nhà trường được phản hồi đến hết ngày {until:%d/%m/%Y}.")
            return redirect("replies:replies", inspection.pk)
    context = {"inspection": inspection, "form": form, "possible": may_be_extended(inspection)}
    return render(request, "plans/replies/extend.html", context, status=form_status(form))


def _refuse(form: forms.Form, error: Any) -> None:
    """Say on the page what an action refused, for whatever reason: what was typed stays in the form."""
    tell(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
