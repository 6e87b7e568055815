"""The ways to a key on a page: which are open, with their forms, and what a filled form makes.

Shared by every page on which something is signed; what is signed is the page's own business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.issuing.enums import KeyWay
from plans.issuing.signing_setup import ways_for
from plans.issuing.signing_steps import KeySource, from_key_file, from_service, from_token
from plans.schools.models import ManagingBody, School
from plans.web.layout import tell
from plans.web.request import Request
from plans.web.signing.forms import KeyFileForm, OutsideForm, RemoteForm, SigningForm, TokenForm

FORMS: dict[KeyWay, type[SigningForm]] = {
    KeyWay.KEY_FILE: KeyFileForm,
    KeyWay.OUTSIDE: OutsideForm,
    KeyWay.TOKEN: TokenForm,
    KeyWay.REMOTE: RemoteForm,
}
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a key that is open, with its form."""

    way: KeyWay
    form: SigningForm


def open_ways(about: School | ManagingBody, refused: SigningForm | None) -> list[Way]:
    """Return the ways that are open for what concerns a school, or a body's own papers.

    `refused` stands for the form of its way.
    """
    return [
        Way(way, refused if refused is not None and refused.way == way else FORMS[way]())
        for way in ways_for(about, timezone.localdate())
    ]


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Row]):
    """What came of a filled form: the signature's row, or the form with what stands against it (None: no way named)."""

    made: Row | None = None
    refused: SigningForm | None = None


def attempt(
    request: Request, *, here: Callable[[KeySource], Row], outside: Callable[[bytes], Row]
) -> Attempt[Row]:
    """Make a signature in the way that a POST names: `here` with the key, or take a file in that was signed `outside`."""
    way = request.POST.get("way", "")
    if way not in FORMS:
        return Attempt()
    form = FORMS[KeyWay(way)](request.POST, request.FILES)
    if form.is_valid():
        try:
            return Attempt(made=_made(form, here, outside))
        except ValidationError as error:
            tell(form, error)
    return Attempt(refused=form)


def _made(
    form: SigningForm, here: Callable[[KeySource], Row], outside: Callable[[bytes], Row]
) -> Row:
    typed = form.cleaned_data
    if isinstance(form, OutsideForm):
        return outside(typed["signed_file"].read())
    if isinstance(form, KeyFileForm):
        return here(from_key_file(typed["key_file"].read(), typed["key_password"]))
    if isinstance(form, TokenForm):
        return here(from_token(typed["certificate"], typed["pin_password"]))
    return here(
        from_service(typed["credential"], typed["pin_password"], typed.get("otp_password", ""))
    )
