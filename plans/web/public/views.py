"""Tra cứu văn bản: by the code on paper, and by the file itself.

Nobody logs in here, so nothing but the head of the document is shown, no cookie is set, and each place may ask
so often only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from plans.issuing.enums import DocumentState, SignatureRole
from plans.issuing.lookup import (
    CheckedFile,
    checked_files,
    find,
    in_force_among,
    normal_code,
    public_name,
    same_file,
    versions_of,
)
from plans.issuing.models import IssuedDocument, Signature
from plans.issuing.publishing import copy_of
from plans.issuing.signing_setup import trust_store
from plans.minutes.lookup import (
    find_paper,
    has_scan,
    paper_in_force,
    shown_signers,
    unsigned_count,
    waits_for_signatures,
)
from plans.minutes.models import Paper
from plans.signing.verify import verify
from plans.web.client import client_address_of
from plans.web.rates import count_look, seconds_to_wait

# A form and its envelope; a plan of 300 rows is 2 MB.
LARGEST_UPLOAD = 40 * 1024 * 1024
FILE_WEIGHT = 10  # looks that comparing one file counts for

View = Callable[..., HttpResponse]


def _looked_after(view: View) -> View:
    """Let each place ask so often only, and keep answers out of caches and search engines.

    A document may be withdrawn at any moment, so no copy of "in force" may outlive it.
    """

    @wraps(view)
    def limited(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        place = client_address_of(request)
        wait = seconds_to_wait(place)
        if wait:
            answer = _too_often(request, wait)
        else:
            # Counted first, since reading a file takes a while: it weighs as much as ten looks.
            weight = FILE_WEIGHT if request.method == "POST" else 1
            count_look(place, missed=False, weight=weight)
            answer = view(request, **kwargs)
            if answer.status_code == 404:
                count_look(place, missed=True, weight=0)
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return limited


def _too_often(request: HttpRequest, wait: int) -> HttpResponse:
    context = {"minutes": -(-wait // 60)}
    answer = render(request, "plans/public/too_often.html", context, status=429)
    answer["Retry-After"] = str(wait)
    return answer


@_looked_after
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a typed one (?ma=) leads to its document's page."""
    typed = request.GET.get("ma", "")
    if not typed.strip():
        return render(request, "plans/public/look_up.html", {"typed": ""})
    code = normal_code(typed)
    if not (code.isascii() and code.isalnum()):
        return _unknown(request, typed)
    return redirect("public:check", code)


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    """Answer a code that finds nothing, whatever is wrong with it."""
    return render(request, "plans/public/unknown.html", {"typed": typed[:40]}, status=404)


@csrf_exempt  # comparing a file changes nothing and tells nothing of the visitor, who gets no cookie here
@_looked_after
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Say which document has a code and whether it is in force; a POST compares a file with it."""
    document = find(code)
    if document is not None:
        return _answer(request, "plans/public/document.html", _page_of(document))
    paper = find_paper(code)
    if paper is not None:
        return _answer(request, "plans/public/paper.html", _page_of_paper(paper))
    return _unknown(request, code)


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a document or paper; a POST compares a file with those of the page."""
    compared = _compare(request, context["files"]) if request.method == "POST" else None
    status = 422 if compared and compared.refusal else 200
    page = {
        **context,
        "states": DocumentState,
        "judges_signatures": bool(settings.KCL_TRUST_DIR),
        "compared": compared,
    }
    return render(request, template, page, status=status)


# --- the page ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """A signature as the public sees it: the names in its certificate, and when it was made."""

    label: str
    name: str
    capacity: str
    issuer: str
    row: Signature


def _page_of(document: IssuedDocument) -> dict[str, Any]:
    versions = versions_of(document)
    copy = copy_of(document)
    signatures = [_shown(row, document) for row in document.signatures.all()]
    return {
        "document": document,
        "current": in_force_among(versions),
        "versions": versions,
        "signatures": signatures,
        "is_original": len(signatures) == len(SignatureRole),
        "files": checked_files(document.files.all()),
        "code": document.code,
        "publisher": "trường",
        "copy": copy
        if copy and copy.is_public and document.state == DocumentState.IN_FORCE
        else None,
    }


def _page_of_paper(paper: Paper) -> dict[str, Any]:
    return {
        "paper": paper,
        "current": None if paper.state == DocumentState.IN_FORCE else paper_in_force(paper),
        "waits": waits_for_signatures(paper),
        "signers": shown_signers(paper),
        "unsigned": unsigned_count(paper),
        "has_scan": has_scan(paper),
        "files": checked_files(paper.files.all()),
        "code": paper.code,
        "publisher": "cơ quan kiểm tra",
    }


def _shown(row: Signature, document: IssuedDocument) -> ShownSignature:
    by_person = row.role == SignatureRole.SIGNER
    return ShownSignature(
        label=row.get_role_display(),
        name=public_name(row.subject) or (document.signer_name if by_person else ""),
        capacity=document.signing_capacity.split("\n")[-1].capitalize() if by_person else "",
        issuer=public_name(row.certificate_issuer),
        row=row,
    )


# --- comparing a file -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing a file: the very file it is, or None; `refusal` when it could not be compared.

    `signatures` says of another PDF what its own signatures are worth; "" where nobody asks or can tell.
    """

    same: CheckedFile | None = None
    refusal: str = ""
    signatures: str = ""


def _compare(request: HttpRequest, files: list[CheckedFile]) -> Compared:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD:
        return Compared(
            refusal="Tệp lớn hơn 40 MB nên không so được; văn bản này không lớn đến thế."
        )
    upload = request.FILES.get("tep")
    if upload is None:
        return Compared(refusal="Quý vị chưa chọn tệp. Hãy chọn tệp rồi bấm “So tệp”.")
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    same = same_file(files, digest.hexdigest())
    return Compared(same=same, signatures="" if same else _signatures_in(upload))


def _signatures_in(upload: UploadedFile) -> str:
    """Return what the signatures of a file are worth, in words; "" for no PDF, or where no issuer is trusted."""
    upload.seek(0)
    if not settings.KCL_TRUST_DIR or upload.read(5) != b"%PDF-":
        return ""
    upload.seek(0)
    try:
        return verify(upload.read(), trust=trust_store()).words
    except ValidationError:  # the folder of trust cannot be read; the log says so
        return ""
