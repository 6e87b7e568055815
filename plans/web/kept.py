"""Typed words that outlive a log-in: what an expired session refused is carried along and posted again.

Nothing is stored on the server. The log-in page holds the refused fields as hidden inputs; after the log-in a
page shows them and posts them to where they were going, with one button and a fresh CSRF token. The refused
request had passed the CSRF check itself, so only words from our own pages come this way.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

PREFIX = "giu-"
# A log-in with kept fields must pass DATA_UPLOAD_MAX_MEMORY_SIZE and DATA_UPLOAD_MAX_NUMBER_FIELDS itself.
MAX_BYTES = 2 * 1024 * 1024
MAX_FIELDS = 900
TARGET_LENGTH = 1500
# Words for a person to look at; ids and versions of the page are not.
_SHOWN_FROM = 12
_OF_THE_PAGE = frozenset({"target", "noi", "id"})  # sent beside what was typed, whatever its length


@dataclass(frozen=True, slots=True)
class Kept:
    """The fields of a refused POST and where it was going; no fields: there is nothing to go on with."""

    target: str = "/"
    fields: tuple[tuple[str, str], ...] = ()
    too_much: bool = False

    def __bool__(self) -> bool:
        return bool(self.fields)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The fields under the names that the log-in page carries them by."""
        return [(PREFIX + name, value) for name, value in self.fields]

    @property
    def words(self) -> list[str]:
        """What the person typed, for reading."""
        return [
            value
            for name, value in self.fields
            if name not in _OF_THE_PAGE and len(value) >= _SHOWN_FROM
        ]


def refused_fields(request: HttpRequest) -> Kept:
    """Return what a refused POST held, without passwords, token and files."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not _is_secret(name)
    ]
    return _kept(safe_target(request, request.get_full_path()), fields)


def carried_fields(request: HttpRequest) -> Kept:
    """Return what the log-in page carried along."""
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, values in request.POST.lists()
        for value in values
        if name.startswith(PREFIX) and not _is_secret(name.removeprefix(PREFIX))
    ]
    return _kept(safe_target(request, request.POST.get("next", "")), fields)


def safe_target(request: HttpRequest, target: str) -> str:
    """Return `target` when it is a path of this installation and of sane length, else "/".

    The first slash matters: redirect() takes a bare word for the name of a page.
    """
    if (
        target.startswith("/")
        and len(target) <= TARGET_LENGTH
        and url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    ):
        return target
    return "/"


def _kept(target: str, fields: list[tuple[str, str]]) -> Kept:
    size = sum(len(name.encode()) + len(value.encode(errors="replace")) for name, value in fields)
    if size > MAX_BYTES or len(fields) > MAX_FIELDS:
        return Kept(too_much=True)
    return Kept(target, tuple(fields)) if fields else Kept()


def _is_secret(name: str) -> bool:
    return name == "csrfmiddlewaretoken" or "password" in name.lower()
