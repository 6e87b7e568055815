"""The request as a view behind the guard has it: somebody is logged in, htmx has been asked; numbers in it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from plans.accounts.models import User


class Request(HttpRequest):
    """A request that passed the guard of a page for people; for annotations only, Django makes the object."""

    user: User
    htmx: HtmxDetails


def is_id(text: str) -> bool:
    """Say whether a text of a request can be the number of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19
