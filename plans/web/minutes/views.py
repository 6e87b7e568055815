"""Minutes on the screen: as they would be printed, what is missing, making them, making them anew; the empty form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.documents import html
from plans.documents.tree import Document
from plans.followups.actions import make_minutes_with_items, redo_minutes_with_items
from plans.formats.layouts import body_layout_row, layout_of
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.minutes.blank import EmbeddedPlan, blank_form, embedded
from plans.minutes.document import minutes_document
from plans.minutes.models import Paper, PaperKind
from plans.minutes.preparing import minutes_warnings, missing_for_minutes
from plans.planning.export import FORMATS, export_document
from plans.recording.opening import plan_to_visit
from plans.schools.models import ManagingBody
from plans.web.files import to_save
from plans.web.layout import form_status, tell
from plans.web.minutes.forms import MakeForm, RedoForm
from plans.web.request import Request


def loaded(inspection: Inspection) -> Inspection:
    """Return the visit with all that its papers say."""
    return Inspection.objects.for_minutes().get(pk=inspection.pk)


def on_screen(document: Document, body: ManagingBody, on: date) -> dict[str, Any]:
    """Return a document as HTML for the screen, with the row of the layout it is drawn in."""
    row = body_layout_row(body, on)
    drawn = html.html_fragment(document, layout_of(row), heading_offset=2)
    return {"preview": drawn, "layout_row": row}


def preview(request: Request, inspection: Inspection) -> HttpResponse:
    """The minutes as they would be printed today, or the paper where they are made."""
    paper = Paper.objects.in_force().filter(inspection=inspection, kind=PaperKind.MINUTES).first()
    if paper is not None and inspection.state in (InspectionState.MINUTED, InspectionState.DONE):
        return redirect("minutes:paper", paper.pk)
    visit, today = loaded(inspection), timezone.localdate()
    context = {
        "inspection": inspection,
        "may_make": request.user.has_perm("plans.make_minutes", inspection),
        **on_screen(minutes_document(visit, on=today), visit.body, today),
    }
    return render(request, "plans/minutes/preview.html", context)


def make(request: Request, inspection: Inspection) -> HttpResponse:
    """What is missing and what to look at before the minutes are made; POST makes them."""
    visit, today = loaded(inspection), timezone.localdate()
    form = MakeForm(request.POST or None, initial={"issued_on": today})
    if request.method == "POST" and form.is_valid():
        paper = _made(request, visit, form)
        if paper is not None:
            messages.success(request, "Đã lập biên bản. Hai bên ký ở trang này.")
            return redirect("minutes:paper", paper.pk)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}  # refused: as of today
    on, number = asked.get("issued_on", today), asked.get("number", "")
    context = {
        "inspection": inspection,
        "form": form,
        "missing": missing_for_minutes(visit, today),
        "warnings": minutes_warnings(visit, on),
        **on_screen(minutes_document(visit, on=on, number=number), visit.body, on),
    }
    return render(request, "plans/minutes/make.html", context, status=form_status(form))


def _made(request: Request, visit: Inspection, form: MakeForm) -> Paper | None:
    """Make the minutes that a valid form asks for, and their follow-up; None when refused, and the form says why."""
    try:
        return make_minutes_with_items(
            inspection=visit,
            by=request.user,
            on=form.cleaned_data["issued_on"],
            number=form.cleaned_data["number"],
        )
    except ValidationError as error:
        tell(form, error)
        return None


def redo(request: Request, inspection: Inspection) -> HttpResponse:
    """Why the minutes are to be made anew; POST withdraws those that nobody has signed."""
    form = RedoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            redo_minutes_with_items(inspection=inspection, by=request.user, reason=reason)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, "Đã hủy biên bản chưa ký. Biên bản được lập lại ở trang này.")
            return redirect("minutes:make", inspection.pk)
    context = {"inspection": inspection, "form": form}
    return render(request, "plans/minutes/redo.html", context, status=form_status(form))


# --- the empty form ---------------------------------------------------------------------------------------


def blank(request: Request, inspection: Inspection) -> HttpResponse:
    """The empty form of a visit as PDF, to be filled by hand."""
    return _blank(request, inspection, "pdf")


def blank_word(request: Request, inspection: Inspection) -> HttpResponse:
    """The empty form of a visit for Word."""
    return _blank(request, inspection, "docx")


def _blank(request: Request, inspection: Inspection, file_format: str) -> HttpResponse:
    visit = loaded(inspection)
    document = blank_form(visit, _plan_to_see(request, visit))
    layout = layout_of(body_layout_row(visit.body, visit.visited_on))
    content = export_document(document, file_format, layout=layout)
    symbol = "".join(c for c in visit.school.symbol if c.isalnum() or c in "-&") or "truong"
    name = f"Mau-bien-ban-{symbol}-{visit.visited_on:%Y-%m-%d}.{file_format}"
    return to_save(content, name, FORMATS[file_format].media_type)


def _plan_to_see(request: Request, visit: Inspection) -> EmbeddedPlan | None:
    """Return the school's plan where the person may read it; the team may once the record is open, which froze it."""
    plan = None if visit.plan_tree else plan_to_visit(visit)
    if plan is None or not request.user.has_perm("plans.view_plan", plan):
        return None
    return embedded(plan)
