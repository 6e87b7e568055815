"""Verifying any PDF: what its signatures are worth, and whether it is a document of a school in sight."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render

from plans.accounts.models import User
from plans.issuing.models import DocumentFile, IssuedDocument
from plans.issuing.signing_setup import trust_store
from plans.minutes.models import Paper, PaperFile
from plans.signing.verify import verify
from plans.web.layout import form_status, tell
from plans.web.request import Request
from plans.web.signing.forms import VerifyForm
from plans.web.uploads import MEGABYTE, in_memory


@in_memory(21 * MEGABYTE)
def verify_file(request: Request) -> HttpResponse:
    """Ask for a PDF; POST answers what its signatures are worth. Nothing is kept of it."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    if form.is_bound and form.is_valid():
        content = form.cleaned_data["pdf"].read()
        try:
            trust = trust_store()
        except ValidationError as error:
            tell(form, error)
        else:
            sha256 = hashlib.sha256(content).hexdigest()
            context = {
                "report": verify(content, trust=trust),
                "sha256": sha256,
                "name": form.cleaned_data["pdf"].name,
                "ours": _ours(sha256, request.user),
                "our_paper": _our_paper(sha256, request.user),
                "form": VerifyForm(),
            }
            return render(request, "plans/signing/verified.html", context)
    return render(request, "plans/signing/verify.html", {"form": form}, status=form_status(form))


def _ours(sha256: str, user: User) -> DocumentFile | None:
    """Return the file of an issued document with this hash, of the schools that the person sees."""
    return (
        DocumentFile.objects.filter(
            file__sha256=sha256, document__in=IssuedDocument.objects.visible_to(user)
        )
        .select_related("document")
        .first()
    )


def _our_paper(sha256: str, user: User) -> PaperFile | None:
    """Return the file of a paper of a visit with this hash that the person may read."""
    rows = PaperFile.objects.filter(
        file__sha256=sha256,
        paper__in=Paper.objects.visible_to(user),
    ).select_related("paper__inspection__school", "paper__campaign")
    return next((row for row in rows if user.has_perm("plans.read_paper", row.paper)), None)
