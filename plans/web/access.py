"""The guard of every URL: it lets a request through to a page only as its row in `policy` says.

What a person may not see answers exactly as what does not exist.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.rules import would_in_another_state
from plans.inspections.models import Inspection
from plans.inspections.reasons import why_not
from plans.issuing.enums import DocumentState
from plans.minutes.models import Paper
from plans.moves import MoveNotAllowed
from plans.web.accounts.forms import LoginForm
from plans.web.errors import Refused, method_not_allowed
from plans.web.json import refusal, wants_json
from plans.web.kept import refused_fields, safe_target
from plans.web.policy import POLICY, PUBLIC, Need, Row
from plans.web.things import THINGS

View = Callable[..., HttpResponse]

# Pages that stay open to a person who must first choose a new password.
_BEFORE_PASSWORD = frozenset({"accounts:password_change", "accounts:logout"})


def person_of(request: HttpRequest) -> User:
    """Return who is logged in; behind the guard of a page that is not PUBLIC there always is somebody."""
    assert isinstance(request.user, User)
    return request.user


def guarded(namespace: str, patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Return `patterns` with each view behind the guard of its row "<namespace>:<name>".

    Raises ImproperlyConfigured for a pattern without a row: the house does not start with an open door.
    """
    return [_guard(namespace, pattern) for pattern in patterns]


def _guard(namespace: str, pattern: URLPattern) -> URLPattern:
    if isinstance(pattern, URLResolver):
        raise ImproperlyConfigured("guarded() takes single patterns, so that each names its row")
    name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
    if name not in POLICY:
        raise ImproperlyConfigured(f"{name} has no row in plans.web.policy.POLICY")
    pattern.callback = guard(name, POLICY[name])(pattern.callback)
    return pattern


def guard(name: str, row: Row) -> Callable[[View], View]:
    """Return a decorator that lets a request through to a view only as `row` says.

    The id in the address that `row.about` names is replaced by the thing itself, fetched within sight.
    Answers 405 for a method the row has not, 404 for what the person may not see, 403 for what they see but
    may not do; who is not logged in is asked to (htmx: 401, the page then says so).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded_view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            need = _need(row, request.method or "")
            if need is None:
                return method_not_allowed(request, _methods(row))
            if need is not PUBLIC:
                refusal = _sign_in(request, name)
                if refusal is not None:
                    return refusal
            if row.about:
                kwargs[row.about] = _fetch(row.about, request.user, kwargs[row.about])
            thing = kwargs.get(row.about)
            if isinstance(need, str) and not request.user.has_perm(need, thing):
                raise _refused(thing, _why_not(request.user, need, thing))
            try:
                return view(request, **kwargs)
            except MoveNotAllowed as error:  # the thing moved on between this guard and the write
                raise _refused(thing, str(error)) from error

        guarded_view.policy = name  # type: ignore[attr-defined]  # how a test tells a guarded view
        return guarded_view

    return decorate


def _refused(thing: Any, words: str) -> PermissionDenied:
    """Return the refusal to be raised: with a way back to the visit where it says why."""
    visit = _visit_of(thing)
    if visit is None or not words:
        return PermissionDenied(words)
    return Refused(words, reverse("visits:visit", args=[visit.pk]))


def _why_not(user: Any, need: str, thing: Any) -> str:
    """Return why a visit, or its minutes, is in no state for this, to who otherwise may; "" for everybody else."""
    visit, today = _visit_of(thing), timezone.localdate()
    if visit is None or not would_in_another_state(user, need, thing, on=today):
        return ""
    return why_not(need, visit, today)


def _visit_of(thing: Any) -> Inspection | None:
    """Return the visit that a thing in an address is, or whose paper in force it is."""
    if isinstance(thing, Paper):
        return thing.inspection if thing.state == DocumentState.IN_FORCE else None
    return thing if isinstance(thing, Inspection) else None


def _need(row: Row, method: str) -> Need | None:
    if method in ("GET", "HEAD"):
        return row.get
    return row.post if method == "POST" else None


def _methods(row: Row) -> list[str]:
    return (["GET", "HEAD"] if row.get else []) + (["POST"] if row.post else [])


def _fetch(about: str, user: Any, pk: int) -> models.Model:
    # A number that the database cannot hold is as missing as any other.
    kind = THINGS[about]
    thing = kind.fetch(user, pk) if pk < 2**63 else None
    if thing is None:
        words = kind.lost(user, pk) if kind.lost and pk < 2**63 else ""
        if words:
            raise PermissionDenied(words)
        raise Http404
    return thing


def _sign_in(request: HttpRequest, name: str) -> HttpResponse | None:
    """Return the answer to someone who is not logged in or must change their password; None lets them on."""
    must_change = request.user.is_authenticated and request.user.must_change_password
    if wants_json(request) and (must_change or not request.user.is_authenticated):
        return refusal(401)
    if not request.user.is_authenticated:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "components/signed_out.html", status=401)
        return _ask_login(request)
    if request.user.must_change_password and name not in _BEFORE_PASSWORD:
        if request.htmx:  # type: ignore[attr-defined]  # a redirect would look like a save that was made
            return render(request, "components/signed_out.html", status=401)
        return redirect("accounts:password_change")
    return None


def _ask_login(request: HttpRequest) -> HttpResponse:
    """Return the log-in page; what a POST held goes along on it, so that an expired session loses no words."""
    if request.method != "POST":
        return redirect_to_login(safe_target(request, request.get_full_path()))
    kept = refused_fields(request)
    match = request.resolver_match
    if not (kept or kept.too_much) or (match and match.namespace == "accounts"):
        return redirect_to_login("/")
    context = {"form": LoginForm(request=request), "next": kept.target, "kept": kept}
    return render(request, "plans/accounts/login.html", context, status=401)
