"""Phiếu đánh giá tiêu chí as files: one criterion, or all of them in one file."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from plans.assessment.document import sheets_document
from plans.assessment.reading import Sheet, load_sheets
from plans.formats.layouts import plan_layout
from plans.planning.export import FORMATS, export_document, named_file
from plans.planning.models import Plan
from plans.web.assessing.page import find_criterion
from plans.web.files import to_save
from plans.web.request import Request

SHEET_FORMATS = ("pdf", "docx")
PREFIX = "PDGTC"


def one_sheet(request: Request, plan: Plan, criterion: int, sheet_format: str) -> HttpResponse:
    """The phiếu of one criterion, filled as far as it is."""
    found = find_criterion(plan, criterion)
    prefix = f"{PREFIX}-{found.number}"
    return _file(plan, load_sheets(plan, [found]), prefix, sheet_format)


def all_sheets(request: Request, plan: Plan, sheet_format: str) -> HttpResponse:
    """The phiếu of every criterion, each on a page of its own."""
    return _file(plan, load_sheets(plan), PREFIX, sheet_format)


def _file(plan: Plan, sheets: list[Sheet], prefix: str, sheet_format: str) -> HttpResponse:
    if sheet_format not in SHEET_FORMATS:
        raise Http404
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    document, layout = sheets_document(loaded, sheets), plan_layout(loaded)
    content = export_document(document, sheet_format, layout=layout)
    name = named_file(loaded, prefix, sheet_format)
    return to_save(content, name, FORMATS[sheet_format].media_type)
