"""The request as a view behind the guard has it: somebody is logged in, and htmx has been asked."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from plans.accounts.models import User


class Request(HttpRequest):
    """A request that passed the guard of a page for people; for annotations only, Django makes the object."""

    user: User
    htmx: HtmxDetails
