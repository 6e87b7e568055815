"""Log-in, log-out, sessions."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from plans.accounts.actions import log_out_everywhere, note_login, note_logout
from plans.accounts.devices import device_words
from plans.accounts.models import User
from plans.web.access import person_of
from plans.web.accounts.forms import LoginForm
from plans.web.kept import Kept, carried_fields, safe_target
from plans.web.layout import form_status


def login_page(request: HttpRequest) -> HttpResponse:
    """Let a person in by user name or e-mail, and on to where they were going."""
    target = safe_target(request, request.POST.get("next", "") or request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(target)
        return _login_answer(request, LoginForm(request=request), target, Kept())
    kept = carried_fields(request)
    # What is counted as a failed log-in is kept with its POST: typed words have no business there.
    request.POST = _without_carried(request.POST)  # type: ignore[assignment]
    form = LoginForm(request.POST, request=request)
    if not form.is_valid() or form.user is None:
        return _login_answer(request, form, target, kept)
    _let_in(request, form.user)
    if form.user.must_change_password:
        return redirect(f"{reverse('accounts:password_change')}?{urlencode({'next': target})}")
    if kept:
        # No redirect: the words are nowhere but in this answer.
        return render(request, "plans/accounts/resume.html", {"kept": kept})
    return redirect(target)


def _login_answer(request: HttpRequest, form: LoginForm, target: str, kept: Kept) -> HttpResponse:
    context = {"form": form, "next": target, "kept": kept}
    return render(request, "plans/accounts/login.html", context, status=form_status(form))


def _without_carried(data: QueryDict) -> QueryDict:
    trimmed = QueryDict(mutable=True)
    for name in ("username", "password", "next"):
        trimmed[name] = data.get(name, "")
    return trimmed


def _let_in(request: HttpRequest, user: User) -> None:
    login(request, user)
    note_login(
        user=user,
        session_key=request.session.session_key or "",
        device=device_words(request.headers.get("User-Agent", "")),
    )


def logout_page(request: HttpRequest) -> HttpResponse:
    """End the session at hand."""
    note_logout(user=person_of(request), session_key=request.session.session_key or "")
    logout(request)
    messages.success(request, "Thầy cô đã đăng xuất.")
    return redirect(settings.LOGOUT_REDIRECT_URL)


def sessions(request: HttpRequest) -> HttpResponse:
    """Show who the person is here, and where they are logged in."""
    today = timezone.localdate()
    user = person_of(request)
    memberships = user.memberships_on(today)
    prefetch_related_objects(memberships, "school__names")
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return render(
        request,
        "plans/accounts/sessions.html",
        {
            "may_sign": user.has_perm("plans.sign_minutes"),
            "sessions": user.login_sessions.filter(session_key__in=alive),
            "current_key": request.session.session_key,
            "roles": [(row.get_role_display(), row.place_on(today)) for row in memberships],
        },
    )


def logout_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, this one included."""
    user = person_of(request)
    log_out_everywhere(user=user, by=user)
    logout(request)
    messages.success(request, "Thầy cô đã đăng xuất ở mọi nơi, kể cả trên máy này.")
    return redirect(settings.LOGOUT_REDIRECT_URL)
