"""Pages for what went wrong: courteous, in the house's look, saying what to do next.

A missing thing and one that the person may not see answer with the same bytes.
"""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from plans.web.json import refusal, wants_json
from plans.web.kept import refused_fields

log = logging.getLogger(__name__)

# Where even the templates fail, e.g. because the static files were never collected.
_LAST_RESORT = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Chương trình gặp lỗi</title>'
    "<h1>Chương trình gặp lỗi</h1><p>Phần đã lưu vẫn còn. Vui lòng thử lại sau ít phút.</p></html>"
)

_STALE = "Trang đã cũ nên chưa gửi được. Hãy tải lại trang; điều đã ghi vẫn còn trên máy."


class Refused(PermissionDenied):
    """The person sees the thing and may not do this with it now; the text says why, `back` leads to it."""

    def __init__(self, words: str, back: str) -> None:
        super().__init__(words)
        self.back = back


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself cannot be read."""
    return _answer(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person sees the thing, but may not do this with it, or not any more: what they typed is shown back."""
    if wants_json(request):
        return refusal(403, str(exception))
    typed = refused_fields(request).words if request.method == "POST" else []
    back = exception.back if isinstance(exception, Refused) else ""
    told = {"words": str(exception), "typed": typed, "back": back}
    return _answer(request, "errors/403.html", 403, told)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such thing, or none for this person."""
    return _answer(request, "errors/404.html", 404)


def method_not_allowed(request: HttpRequest, methods: list[str]) -> HttpResponse:
    """405: e.g. the address of a button, opened from the history."""
    answer = _answer(request, "errors/405.html", 405)
    answer["Allow"] = ", ".join(methods)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Asks neither database nor session, since they may be what failed."""
    if wants_json(request):
        return refusal(500)
    try:
        page = str(render_to_string("errors/500.html"))
    except Exception:  # the page about an error must not be another error
        log.exception("the error page could not be drawn")
        page = _LAST_RESORT
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is missing or from before the last log-in.

    Words that came from a page of our own are offered for posting again with a fresh token; a form that
    another site made a browser post is not. A script keeps its own words, and is told to fetch a token.
    """
    if wants_json(request):
        return refusal(403, _STALE, reload=True)
    kept = refused_fields(request) if _is_from_here(request) and _keeps_words(request) else None
    if kept and not getattr(request, "htmx", False):
        return render(request, "plans/accounts/resume.html", {"kept": kept}, status=403)
    answer = _answer(request, "errors/csrf.html", 403)
    answer["KCL-Reload"] = "1"  # the page tells this 403 from one that is about rights
    return answer


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """429: too many wrong passwords; says when to try again."""
    return _answer(request, "errors/locked.html", 429, {"until": _open_again(request, credentials)})


def _open_again(request: HttpRequest, credentials: dict[str, Any] | None) -> Any:
    cool_off = get_cool_off(request) or timedelta()
    attempts = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    moments = [row.attempt_time for rows in attempts for row in rows.order_by("pk")]
    # The page shows whole minutes, and one that is not yet over would send the person back too soon.
    return max(moments, default=timezone.now()) + cool_off + timedelta(minutes=1)


def _is_from_here(request: HttpRequest) -> bool:
    try:
        return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
    except ValueError:
        return False


def _keeps_words(request: HttpRequest) -> bool:
    """Say whether the page takes words worth keeping; a log-in or the back office does not."""
    match = request.resolver_match
    return match is not None and match.namespace not in {"accounts", "admin"}


def _answer(
    request: HttpRequest, template: str, status: int, context: dict[str, Any] | None = None
) -> HttpResponse:
    if wants_json(request):
        return refusal(status)
    if getattr(request, "htmx", False):
        template = "errors/_note.html"
    return render(request, template, {"status": status} | (context or {}), status=status)
