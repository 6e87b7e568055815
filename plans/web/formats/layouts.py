"""Thể thức: who has which layout, a new one with its trial print, and the day from which it holds."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from criteria.models import FrameworkInForceError
from plans.accounts.models import User
from plans.accounts.rules import bodies_decided_by
from plans.documents.style import Layout
from plans.formats import actions
from plans.formats.layout_rules import checked_layout
from plans.formats.layouts import current_row, layout_of
from plans.formats.sample import sample_plan
from plans.planning.export import FORMATS, export_plan
from plans.planning.models import BodyLayout, Plan, PlanForm
from plans.schools.models import ManagingBody, SchoolYear
from plans.web.files import to_save
from plans.web.formats.forms import LayoutForm
from plans.web.layout import form_status, tell
from plans.web.request import Request

PAGE_SIZE = 50


def own_bodies(user: User, on: date) -> QuerySet[ManagingBody]:
    """Return the living bodies that the person decides for."""
    return ManagingBody.objects.filter(bodies_decided_by(user, on)).in_force(on)


def layout_list(request: Request) -> HttpResponse:
    """The bodies that the person decides for, each with its layout and since when."""
    today = timezone.localdate()
    page = Paginator(own_bodies(request.user, today), PAGE_SIZE).get_page(request.GET.get("trang"))
    newest: dict[int | None, BodyLayout] = {}
    for row in BodyLayout.objects.filter(body__in=list(page), valid_from__lte=today):
        newest.setdefault(row.body_id, row)
    context = {
        "tool": "layouts",
        "page": page,
        "bodies": [(body, newest.get(body.pk)) for body in page],
        "general": current_row(None, today),
        "may_general": request.user.has_perm("plans.manage_all_forms"),
    }
    return render(request, "plans/formats/layouts.html", context)


def layout(request: Request, body: ManagingBody) -> HttpResponse:
    """The layout of a body's schools; POST lets another one hold from a day on."""
    return _layout(request, body)


def layout_general(request: Request) -> HttpResponse:
    """The layout of every school whose bodies have none of their own."""
    return _layout(request, None)


def layout_preview(request: Request, body: ManagingBody) -> HttpResponse:
    """A sample plan in the typed measures, as PDF; nothing is kept."""
    return _preview(request, body)


def layout_general_preview(request: Request) -> HttpResponse:
    """The same for the general layout."""
    return _preview(request, None)


def _layout(request: Request, body: ManagingBody | None) -> HttpResponse:
    today = timezone.localdate()
    row = current_row(body, today)
    data = request.POST if request.method == "POST" else None
    form = LayoutForm(data, layout=layout_of(row), initial={"valid_from": today})
    if data is not None and form.is_valid():
        valid_from = form.cleaned_data["valid_from"]
        try:
            actions.set_layout(
                body=body, values=form.values(), valid_from=valid_from, by=request.user
            )
        except ValidationError as error:
            tell(form, error)
        else:
            whose = body.name if body else "mọi trường"
            day = f"{valid_from:%d/%m/%Y}"
            messages.success(request, f"Thể thức của {whose} đã ghi, áp dụng từ ngày {day}.")
            return redirect("formats:layouts")
    return _form_page(request, body, form)


def _form_page(request: Request, body: ManagingBody | None, form: LayoutForm) -> HttpResponse:
    rows = BodyLayout.objects.filter(body=body).select_related("decided_by")[:20]
    context = {"tool": "layouts", "body": body, "form": form, "rows": rows}
    return render(request, "plans/formats/layout.html", context, status=form_status(form))


def _preview(request: Request, body: ManagingBody | None) -> HttpResponse:
    today = timezone.localdate()
    form = LayoutForm(request.POST, layout=layout_of(current_row(body, today)))
    form.fields["valid_from"].required = False
    if form.is_valid():
        try:
            return sample_pdf(today, layout=checked_layout(form.values()))
        except ValidationError as error:
            tell(form, error)
        except FrameworkInForceError as error:
            form.add_error(None, str(error))
    return _form_page(request, body, form)


def sample_on(on: date, *, form: PlanForm | None = None) -> Plan:
    """Return a sample plan in `form`, else in the one to take on the day `on`.

    It is of the last school year begun by then for which the form is made, else of the running one. Raises
    ValidationError where there is no school year or no form, FrameworkInForceError.
    """
    year = SchoolYear.objects.at(on)
    chosen = form or (PlanForm.objects.to_take(year) if year else None)
    if year is None or chosen is None:
        raise ValidationError("Chương trình chưa có năm học hoặc mẫu kế hoạch để in thử.")
    return sample_plan(chosen, year=chosen.years().at(on) or year)


def sample_pdf(on: date, *, layout: Layout, form: PlanForm | None = None) -> HttpResponse:
    """Return the sample plan of `sample_on` as a PDF to save; raises what that raises."""
    plan = sample_on(on, form=form)
    content = export_plan(plan, "pdf", layout=layout)
    return to_save(content, "ban-xem-thu.pdf", FORMATS["pdf"].media_type)
