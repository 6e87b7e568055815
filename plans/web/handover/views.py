"""Packages to hand over, scanned papers beside their document, and what a school shows to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans.issuing.enums import FileRole
from plans.issuing.excerpt import Part, keys_of, parts_of
from plans.issuing.models import IssuedDocument, PublicCopy
from plans.issuing.package import package, package_name
from plans.issuing.publishing import copy_of, publish, stop_publishing
from plans.issuing.scans import attach_scan
from plans.web.files import as_file
from plans.web.handover.forms import PublishForm, ScanForm
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
    documents = list(of_year.for_page().defer("tree", "basis").order_by("school_id", "pk"))
    if not documents:
        raise Http404
    return _zip(package(documents, kind="office"), f"ke-hoach-{year}-{year + 1}.zip")


def _zip(pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    return as_file(StreamingHttpResponse(pieces, content_type="application/zip"), name)


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


# --- the copy for the public ------------------------------------------------------------------------------


def publishing(request: Request, issued: IssuedDocument) -> HttpResponse:
    """Show what of a document everybody sees; POST chooses anew and opens the address."""
    parts = _parts(issued)
    copy = copy_of(issued)
    posted = request.method == "POST"
    form = PublishForm(request.POST if posted else None, initial=_chosen(copy, parts), parts=parts)
    if posted and form.is_valid():
        try:
            publish(document=issued, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, "Bản công khai đã mở. Ai có địa chỉ cũng xem được.")
            return redirect("handover:publish", issued.pk)
    context = {
        "document": issued,
        "form": form,
        "parts": parts,
        "chosen": form["parts"].value() or [],
        "with_names": form["with_names"].value(),
        "copy": copy,
        "address": _address(request, copy),
        "frame": _address(request, copy, framed=True),
    }
    return render(request, "plans/handover/publish.html", context, status=form_status(form))


def stop(request: Request, issued: IssuedDocument) -> HttpResponse:
    """Close the public address; what was chosen is kept for another time."""
    copy = copy_of(issued)
    if copy is None:
        raise Http404
    stop_publishing(copy=copy, by=request.user)
    messages.success(request, "Đã thôi công khai. Địa chỉ ấy không hiện gì nữa.")
    return redirect("handover:publish", issued.pk)


def _parts(issued: IssuedDocument) -> tuple[Part, ...]:
    """Return what may be chosen. Raises Http404 for a document that no plan stands behind."""
    if issued.plan is None:
        raise Http404
    return parts_of(issued.plan.spec)


def _chosen(copy: PublicCopy | None, parts: tuple[Part, ...]) -> dict[str, Any]:
    """Return the choice as it stands; at first everything, and no names."""
    if copy is None:
        return {"parts": keys_of(parts), "with_names": False}
    return {"parts": copy.parts, "with_names": copy.with_names}


def _address(request: Request, copy: PublicCopy | None, *, framed: bool = False) -> str:
    if copy is None:
        return ""
    page = "public:copy_embed" if framed else "public:copy"
    return request.build_absolute_uri(reverse(page, args=[copy.token]))
