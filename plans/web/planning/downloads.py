"""The plan as a document: on screen, and as a file to take away."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from plans.documents import html
from plans.planning.document import plan_document
from plans.planning.export import FORMATS, export_plan, file_name
from plans.planning.models import Plan
from plans.web.planning.page import heading_warnings, state_words
from plans.web.request import Request


def preview(request: Request, plan: Plan) -> HttpResponse:
    """The document as it will be printed, in a page."""
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    context = {
        "plan": loaded,
        "tool": "preview",
        "editable": request.user.has_perm("plans.change_plan", plan),
        "document": html.html_fragment(plan_document(loaded)),
        "warnings": heading_warnings(loaded),
        "state_words": state_words(request, plan),
    }
    return render(request, "plans/planning/preview.html", context)


def download(request: Request, plan: Plan, file_format: str) -> HttpResponse:
    """The document as a file; the same words give the same bytes."""
    if file_format not in FORMATS:
        raise Http404
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    response = HttpResponse(
        export_plan(loaded, file_format), content_type=FORMATS[file_format].media_type
    )
    name = file_name(loaded, file_format)
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Cache-Control"] = "private, no-store"
    return response


def paper_css(request: Request) -> HttpResponse:
    """The stylesheet of the preview, from the same measures as the printed page."""
    response = HttpResponse(html.screen_css(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
