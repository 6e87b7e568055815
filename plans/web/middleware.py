"""What every request carries along: the client's address for the record, and no copy left in a cache."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from plans.history.actions import client_address
from plans.web.client import client_address_of

Handler = Callable[[HttpRequest], HttpResponse]


def remember_client(get_response: Handler) -> Handler:
    """Set `client_address` for the length of a request, so that every entry of the record knows it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = client_address.set(client_address_of(request))
        try:
            return get_response(request)
        finally:
            client_address.reset(token)

    return middleware


def keep_out_of_caches(get_response: Handler) -> Handler:
    """Forbid storing what a logged-in person was shown: school computers are shared, and "back" shows much."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
