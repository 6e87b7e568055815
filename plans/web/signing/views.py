"""Signing an issued document: its two signatures, the ways to a key, the file to sign elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters

from plans.accounts.models import User
from plans.issuing import signatures
from plans.issuing.enums import KeyWay, SignatureRole
from plans.issuing.files import current_pdf
from plans.issuing.models import IssuedDocument, Signature
from plans.issuing.signing_setup import ways_for
from plans.web.layout import tell
from plans.web.request import Request
from plans.web.signing.forms import KeyFileForm, OutsideForm, RemoteForm, SigningForm, TokenForm
from plans.web.uploads import MEGABYTE, in_memory

FORMS: dict[KeyWay, type[SigningForm]] = {
    KeyWay.KEY_FILE: KeyFileForm,
    KeyWay.OUTSIDE: OutsideForm,
    KeyWay.TOKEN: TokenForm,
    KeyWay.REMOTE: RemoteForm,
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


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a key that is open, with its form."""

    way: KeyWay
    form: SigningForm


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
    headers = {
        "Content-Disposition": content_disposition_header(True, file.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    content = bytes(file.file.content)
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _made(request: Request, issued: IssuedDocument, role: SignatureRole) -> HttpResponse:
    way = request.POST.get("way", "")
    if way not in FORMS:
        return _page(request, issued, status=422)
    form = FORMS[KeyWay(way)](request.POST, request.FILES)
    if form.is_valid():
        try:
            signature = _ACTIONS[KeyWay(way)](form, issued, role, request.user)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, f"Đã ký: {signature}.")
            return redirect("signing:sign", issued.pk)
    return _page(request, issued, refused=form, status=422)


def _by_key_file(
    form: SigningForm, issued: IssuedDocument, role: SignatureRole, by: User
) -> Signature:
    return signatures.sign_with_key_file(
        document=issued,
        role=role,
        data=form.cleaned_data["key_file"].read(),
        password=form.cleaned_data["key_password"],
        by=by,
    )


def _outside(form: SigningForm, issued: IssuedDocument, role: SignatureRole, by: User) -> Signature:
    content = form.cleaned_data["signed_file"].read()
    return signatures.accept_outside(document=issued, content=content, role=role, by=by)


def _by_token(
    form: SigningForm, issued: IssuedDocument, role: SignatureRole, by: User
) -> Signature:
    return signatures.sign_with_token(
        document=issued,
        role=role,
        certificate=form.cleaned_data["certificate"],
        pin=form.cleaned_data["pin_password"],
        by=by,
    )


def _remotely(
    form: SigningForm, issued: IssuedDocument, role: SignatureRole, by: User
) -> Signature:
    return signatures.sign_remotely(
        document=issued,
        role=role,
        credential=form.cleaned_data["credential"],
        pin=form.cleaned_data["pin_password"],
        otp=form.cleaned_data["otp_password"],
        by=by,
    )


_Action = Callable[[SigningForm, IssuedDocument, SignatureRole, User], Signature]
_ACTIONS: dict[KeyWay, _Action] = {
    KeyWay.KEY_FILE: _by_key_file,
    KeyWay.OUTSIDE: _outside,
    KeyWay.TOKEN: _by_token,
    KeyWay.REMOTE: _remotely,
}


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
        "ways": _ways(issued, refused) if mine else [],
        "form": refused,
    }
    return render(request, "plans/signing/sign.html", context, status=status)


def _ways(issued: IssuedDocument, refused: SigningForm | None) -> list[Way]:
    open_ways = ways_for(issued.school, timezone.localdate())
    return [
        Way(way, refused if refused is not None and refused.way == way else FORMS[way]())
        for way in open_ways
    ]
