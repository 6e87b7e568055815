"""Signing an issued document: its two signatures, the ways to a key, the file to sign elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from plans.issuing import signatures
from plans.issuing.enums import SignatureRole
from plans.issuing.files import current_pdf
from plans.issuing.models import IssuedDocument, Signature
from plans.web.files import frozen_file
from plans.web.request import Request
from plans.web.signing.forms import SigningForm
from plans.web.signing.ways import attempt, open_ways
from plans.web.uploads import MEGABYTE, in_memory

_ADDRESSES = {
    SignatureRole.SIGNER: "signing:as_signer",
    SignatureRole.SEAL: "signing:as_seal",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One of the two signatures on the page: made, or why the person cannot make it ("" when they can)."""

    role: SignatureRole
    signature: Signature | None
    obstacle: str

    @property
    def note(self) -> str:
        """What the page says of the obstacle: nothing to those whose part it is not, or where it is done."""
        silent = {signatures.NOT_ALLOWED, signatures.SIGNED_ALREADY}
        return "" if self.signature or self.obstacle in silent else self.obstacle


def sign(request: Request, issued: IssuedDocument) -> HttpResponse:
    """Show what is signed, both signatures, and the ways in which this person can make theirs."""
    return _page(request, issued)


@in_memory(21 * MEGABYTE)
@sensitive_post_parameters()
def as_signer(request: Request, issued: IssuedDocument) -> HttpResponse:
    """Make the signature of the person who signs."""
    return _made(request, issued, SignatureRole.SIGNER)


@in_memory(21 * MEGABYTE)
@sensitive_post_parameters()
def as_seal(request: Request, issued: IssuedDocument) -> HttpResponse:
    """Make the school's signature."""
    return _made(request, issued, SignatureRole.SEAL)


def current(request: Request, issued: IssuedDocument) -> HttpResponse:
    """Hand out the current PDF, byte for byte, to be signed elsewhere or kept."""
    file = current_pdf(issued)
    return frozen_file(file.file, file.name)


def _made(request: Request, issued: IssuedDocument, role: SignatureRole) -> HttpResponse:
    signed = attempt(
        request,
        here=lambda source: signatures.sign_document(
            document=issued, role=role, source=source, by=request.user
        ),
        outside=lambda content: signatures.accept_outside(
            document=issued, content=content, role=role, by=request.user
        ),
    )
    if signed.made is None:
        return _page(request, issued, refused=signed.refused, status=422)
    messages.success(request, f"Đã ký: {signed.made}.")
    return redirect("signing:sign", issued.pk)


def _page(
    request: Request,
    issued: IssuedDocument,
    *,
    refused: SigningForm | None = None,
    status: int = 200,
) -> HttpResponse:
    made = {one.role: one for one in issued.signatures.all()}
    places = [
        Place(role, made.get(role), signatures.obstacle(issued, role, request.user))
        for role in SignatureRole
    ]
    mine = next((place for place in places if not place.obstacle), None)
    context = {
        "document": issued,
        "file": current_pdf(issued),
        "places": places,
        "mine": mine,
        "ways": open_ways(issued.school, refused) if mine else [],
        "form": refused,
        "action": reverse(_ADDRESSES[mine.role], args=[issued.pk]) if mine else "",
        "current": reverse("signing:current", args=[issued.pk]),
    }
    return render(request, "plans/signing/sign.html", context, status=status)
