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
    if document is None:
        return _unknown(request, code)
    context = _page_of(document)
    if request.method == "POST":
        context["compared"] = _compare(request, document)
    status = 422 if context["compared"] and context["compared"].refusal else 200
    return render(request, "plans/public/document.html", context, status=status)


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
        "states": DocumentState,
        "current": in_force_among(versions),
        "versions": versions,
        "signatures": signatures,
        "is_original": len(signatures) == len(SignatureRole),
        "files": checked_files(document),
        "copy": copy
        if copy and copy.is_public and document.state == DocumentState.IN_FORCE
        else None,
        "judges_signatures": bool(settings.KCL_TRUST_DIR),
        "compared": None,
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


def _compare(request: HttpRequest, document: IssuedDocument) -> Compared:
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
    same = same_file(document, digest.hexdigest())
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
