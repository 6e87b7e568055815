"""Packages to hand over, and scanned papers beside their document."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from plans.issuing.enums import FileRole
from plans.issuing.models import IssuedDocument
from plans.issuing.package import package, package_name
from plans.issuing.scans import attach_scan
from plans.web.handover.forms import ScanForm
from plans.web.layout import form_status, tell
from plans.web.request import Request

# --- packages ---------------------------------------------------------------------------------------------


def document(request: Request, issued: IssuedDocument) -> StreamingHttpResponse:
    """Hand over one document: every file of it with a manifest, as a ZIP."""
    return _zip(package([issued]), package_name(issued))


def office(request: Request, year: int) -> StreamingHttpResponse:
    """Hand over all documents in force of a school year in sight, as one ZIP that begins at once.

    Nothing is rendered, and one file at a time is in memory; 404 while nothing was issued.
    """
    found = IssuedDocument.objects.visible_to(request.user).in_force()
    of_year = found.filter(plan__school_year__start_year=year) if year < 2**15 else found.none()
    documents = list(of_year.for_page().order_by("school_id", "pk"))
    if not documents:
        raise Http404
    return _zip(package(documents, kind="office"), f"ke-hoach-{year}-{year + 1}.zip")


def _zip(pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Cache-Control"] = "private, no-store"
    return response


# --- scans ------------------------------------------------------------------------------------------------


def scans(request: Request, issued: IssuedDocument) -> HttpResponse:
    """Show which scanned papers stand beside a document; POST adds one."""
    posted = request.method == "POST"
    form = ScanForm(request.POST, request.FILES) if posted else ScanForm()
    if posted and form.is_valid():
        content, note = form.cleaned_data["file"].read(), form.cleaned_data["note"]
        try:
            row = attach_scan(document=issued, content=content, note=note, by=request.user)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã đính kèm {row.name}.")
            return redirect("handover:scans", issued.pk)
    rows = issued.files.filter(role=FileRole.SCAN).select_related("file", "added_by")
    context = {"document": issued, "form": form, "scans": rows.defer("file__content")}
    return render(request, "plans/handover/scans.html", context, status=form_status(form))
