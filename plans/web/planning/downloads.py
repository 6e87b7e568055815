"""The plan as a document: on screen, and as a file to take away."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from plans.documents import html
from plans.formats.layouts import layout_of, plan_layout, plan_layout_row
from plans.planning.document import plan_document
from plans.planning.export import FORMATS, export_plan, file_name
from plans.planning.models import BodyLayout, Plan
from plans.web.files import to_save
from plans.web.planning.page import heading_warnings, state_words
from plans.web.request import Request, is_id


def preview(request: Request, plan: Plan) -> HttpResponse:
    """The document as it will be printed, in a page."""
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    row = plan_layout_row(loaded)
    context = {
        "plan": loaded,
        "tool": "preview",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "document": html.html_fragment(plan_document(loaded), layout_of(row)),
        "layout_row": row,
        "warnings": heading_warnings(loaded),
        "state_words": state_words(request, plan),
    }
    return render(request, "plans/planning/preview.html", context)


def download(request: Request, plan: Plan, file_format: str) -> HttpResponse:
    """The document as a file; the same words give the same bytes."""
    if file_format not in FORMATS:
        raise Http404
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    content = export_plan(loaded, file_format, layout=plan_layout(loaded))
    return to_save(content, file_name(loaded, file_format), FORMATS[file_format].media_type)


def paper_css(request: Request) -> HttpResponse:
    """The stylesheet of the preview, from the same measures as the printed page.

    Which ones, the address names (?the_thuc=): a row of measures never changes, so the sheet may be kept.
    """
    number = request.GET.get("the_thuc", "")
    row = get_object_or_404(BodyLayout, pk=number if is_id(number) else 0) if number else None
    response = HttpResponse(html.screen_css(layout_of(row)), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
