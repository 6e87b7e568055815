"""Signing minutes, bringing scans of the signed paper, and completing them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.minutes import finishing, signing
from plans.minutes.files import current_pdf, visit_of
from plans.minutes.models import Paper, PaperKind
from plans.web.files import frozen_file
from plans.web.layout import tell
from plans.web.minutes.signing_forms import SignedScanForm, WithoutSchoolForm
from plans.web.request import Request
from plans.web.signing.forms import SigningForm
from plans.web.signing.ways import attempt, open_ways
from plans.web.uploads import MEGABYTE, in_memory

# What the page of signing says nothing of: the place of everybody stands on it anyhow.
_SILENT = {signing.NOT_ALLOWED, signing.SIGNED_ALREADY, signing.COMPLETE}


# --- signing ----------------------------------------------------------------------------------------------


@in_memory(21 * MEGABYTE)
@sensitive_post_parameters()
def sign(request: Request, paper: Paper) -> HttpResponse:
    """Show what is signed, by whom, and the ways in which this person can sign; POST signs at their own place."""
    _only_minutes(paper)
    if request.method != "POST":
        return _sign_page(request, paper)
    signed = attempt(
        request,
        here=lambda source: signing.sign_paper(paper=paper, source=source, by=request.user),
        outside=lambda content: signing.accept_signed_paper(
            paper=paper, content=content, by=request.user
        ),
    )
    if signed.made is None:
        fresh = Paper.objects.for_page().get(pk=paper.pk)  # somebody else may have signed meanwhile
        return _sign_page(request, fresh, refused=signed.refused, status=422)
    return _done(request, paper, "Đã ký biên bản.")


def current(request: Request, paper: Paper) -> HttpResponse:
    """Hand out the current PDF, byte for byte, to be signed elsewhere or kept."""
    _only_minutes(paper)
    file = current_pdf(paper)
    return frozen_file(file.file, file.name)


def _sign_page(
    request: Request, paper: Paper, *, refused: SigningForm | None = None, status: int = 200
) -> HttpResponse:
    words = signing.obstacle(paper, request.user)
    context = {
        "paper": paper,
        "file": current_pdf(paper),
        "mine": None if words else signing.slot_of(paper, request.user),
        "note": "" if words in _SILENT else words,
        "ways": [] if words else open_ways(visit_of(paper).school, refused),
        "form": refused,
        "action": reverse("minutes:sign", args=[paper.pk]),
        "current": reverse("minutes:sign_current", args=[paper.pk]),
    }
    return render(request, "plans/minutes/sign.html", context, status=status)


# --- on paper ---------------------------------------------------------------------------------------------


@in_memory(21 * MEGABYTE)
def scans(request: Request, paper: Paper) -> HttpResponse:
    """Show which scans of the signed paper there are and how minutes are completed; POST adds a scan."""
    if request.method != "POST":
        return _scans_page(request, paper)
    may = request.user.has_perm("plans.complete_visit", paper)
    form = SignedScanForm(request.POST, request.FILES, may_complete=may)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            row = finishing.add_scan(
                paper=paper,
                content=typed["file"].read(),
                note=typed["note"],
                complete=typed.get("complete", False),
                by=request.user,
            )
        except ValidationError as error:
            tell(form, error)
        else:
            return _done(request, paper, f"Đã đính kèm {row.name}.")
    return _scans_page(request, paper, scan=form)


def complete_on_paper(request: Request, paper: Paper) -> HttpResponse:
    """Take the scans for complete: every signature stands on them."""
    try:
        finishing.complete_on_paper(paper=paper, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("minutes:scan", paper.pk)
    return _done(request, paper, "Đã ghi nhận đủ chữ ký trên giấy.")


def complete_without_school(request: Request, paper: Paper) -> HttpResponse:
    """Complete minutes that the school does not sign, with the reason."""
    form = WithoutSchoolForm(request.POST)
    if form.is_valid():
        try:
            finishing.complete_without_school(paper=paper, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            return _done(request, paper, "Đã ghi nhận nhà trường không ký.")
    return _scans_page(request, paper, without=form)


def _scans_page(
    request: Request,
    paper: Paper,
    *,
    scan: SignedScanForm | None = None,
    without: WithoutSchoolForm | None = None,
) -> HttpResponse:
    may = request.user.has_perm("plans.complete_visit", paper)
    context = {
        "paper": paper,
        "scans": [row for row in paper.files.all() if row.role == FileRole.SCAN],
        "may_complete": may,
        "scan_form": scan or SignedScanForm(may_complete=may),
        "without_form": without or WithoutSchoolForm(),
        "form": scan or without,
    }
    return render(
        request, "plans/minutes/scans.html", context, status=422 if scan or without else 200
    )


# --- both -------------------------------------------------------------------------------------------------


def _only_minutes(paper: Paper) -> None:
    if paper.kind != PaperKind.MINUTES:
        raise Http404


def _done(request: Request, paper: Paper, words: str) -> HttpResponse:
    """Go on after a deed: to the paper once it is complete, else to its signatures; home for whoever lost sight."""
    fresh = Paper.objects.select_related("inspection").get(pk=paper.pk)
    is_complete = visit_of(fresh).state == InspectionState.DONE
    if is_complete:
        words = f"{words} Biên bản đã hoàn tất, buổi kiểm tra kết thúc."
    messages.success(request, words)
    if request.user.has_perm("plans.read_paper", fresh):
        return redirect("minutes:paper" if is_complete else "minutes:sign", paper.pk)
    return redirect("overview:home")
