"""An office's notice or report that waits: signed by its head here, elsewhere or on paper, and then sent."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from plans.minutes import official
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper
from plans.web.files import frozen_file
from plans.web.handover.forms import ScanForm
from plans.web.layout import tell
from plans.web.request import Request
from plans.web.signing.forms import SigningForm
from plans.web.signing.ways import attempt, open_ways
from plans.web.uploads import MEGABYTE, in_memory

# What the page says nothing of: whose part it is stands on it anyhow.
_SILENT = {official.NOT_ALLOWED, official.NOT_WAITING}


def page(request: Request, paper: Paper) -> HttpResponse:
    """Show what waits, who signs it, the ways to sign for that person, and where a signed scan is brought."""
    return _page(request, paper)


@in_memory(21 * MEGABYTE)
@sensitive_post_parameters()
def sign(request: Request, paper: Paper) -> HttpResponse:
    """Sign the paper; it goes out."""
    signed = attempt(
        request,
        here=lambda source: official.sign_official(paper=paper, source=source, by=request.user),
        outside=lambda content: official.accept_official(
            paper=paper, content=content, by=request.user
        ),
    )
    if signed.made is None:
        fresh = Paper.objects.for_page().get(pk=paper.pk)
        return _page(request, fresh, refused=signed.refused, status=422)
    messages.success(request, f"Đã ký và phát hành: {paper.get_kind_display().lower()}.")
    return redirect("minutes:paper", paper.pk)


def current(request: Request, paper: Paper) -> HttpResponse:
    """Hand out the current PDF, byte for byte, to be signed elsewhere or printed."""
    file = current_pdf(paper)
    return frozen_file(file.file, file.name)


@in_memory(21 * MEGABYTE)
def scan(request: Request, paper: Paper) -> HttpResponse:
    """Bring the scan of the signed and sealed paper; one that waits goes out with it."""
    form = _scan_form(request)
    if form.is_valid():
        try:
            official.add_signed_scan(
                paper=paper,
                content=form.cleaned_data["file"].read(),
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
        else:
            sent = " và phát hành" if paper.waits else ""
            messages.success(request, f"Đã đính kèm bản quét đã ký{sent}.")
            return redirect("minutes:paper", paper.pk)
    return _page(request, paper, scan_form=form, status=422)


def _scan_form(request: Request | None = None) -> ScanForm:
    form = ScanForm(request.POST, request.FILES) if request else ScanForm()
    form.fields["note"].help_text = "Ví dụ: bản có chữ ký và dấu, lưu tại văn thư."
    return form


def _page(
    request: Request,
    paper: Paper,
    *,
    refused: SigningForm | None = None,
    scan_form: ScanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    words = official.obstacle(paper, request.user)
    context = {
        "paper": paper,
        "file": current_pdf(paper),
        "may_sign": not words,
        "note": "" if words in _SILENT else words,
        "ways": [] if words else open_ways(paper.body, refused),
        "form": refused or scan_form,
        "scan_form": scan_form or _scan_form(),
        "action": reverse("minutes:official_sign", args=[paper.pk]),
        "current": reverse("minutes:official_current", args=[paper.pk]),
    }
    return render(request, "plans/minutes/official.html", context, status=status)
