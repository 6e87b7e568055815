"""Passwords: changing one's own, and a new one by mail. No answer tells whether an account exists."""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from plans.accounts.actions import keep_session, note_reset_mail, set_password
from plans.accounts.devices import device_words
from plans.accounts.models import User
from plans.history.models import Event
from plans.web.access import person_of
from plans.web.accounts.forms import NewPasswordForm, PasswordChangeForm, PasswordResetForm
from plans.web.kept import safe_target
from plans.web.layout import form_status

log = logging.getLogger(__name__)

# Nobody's mailbox is to be filled by somebody else asking again and again.
BETWEEN_MAILS = timedelta(minutes=5)
# Stands in the address instead of the token, which is moved into the session and so out of the page's links.
_IN_SESSION = "moi"
_SESSION_KEY = "_password_reset_token"


def password_change(request: HttpRequest) -> HttpResponse:
    """Let a person choose another password; their other sessions end."""
    user = person_of(request)
    target = safe_target(request, request.POST.get("next", "") or request.GET.get("next", ""))
    form = PasswordChangeForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        set_password(user=user, password=form.cleaned_data["new_password"], by=user)
        update_session_auth_hash(request, user)
        keep_session(
            user=user,
            session_key=request.session.session_key or "",
            device=device_words(request.headers.get("User-Agent", "")),
        )
        messages.success(request, "Đã đổi mật khẩu. Những máy khác đã được đăng xuất.")
        return redirect(target)
    context = {"form": form, "next": target}
    return render(request, "plans/accounts/password_change.html", context, status=form_status(form))


def password_reset(request: HttpRequest) -> HttpResponse:
    """Send a link for a new password, if the account is there; the answer is the same if it is not."""
    form = PasswordResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _send_link(request, form.cleaned_data["username"])
        return redirect("accounts:password_reset_sent")
    return render(
        request, "plans/accounts/password_reset.html", {"form": form}, status=form_status(form)
    )


def password_reset_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "plans/accounts/password_reset_sent.html")


def password_reset_confirm(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Take a new password from whoever holds a valid link."""
    user = _account(uidb64)
    if token != _IN_SESSION:
        if user is None or not default_token_generator.check_token(user, token):
            return render(request, "plans/accounts/password_reset_over.html", status=410)
        if request.method == "GET":
            request.session[_SESSION_KEY] = token
            return redirect("accounts:password_reset_confirm", uidb64=uidb64, token=_IN_SESSION)
    kept = request.session.get(_SESSION_KEY, "")
    if user is None or not default_token_generator.check_token(user, kept):
        return render(request, "plans/accounts/password_reset_over.html", status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        set_password(user=user, password=form.cleaned_data["new_password"], by=user)
        request.session.pop(_SESSION_KEY, None)
        messages.success(request, "Đã đặt mật khẩu mới. Mời thầy cô đăng nhập.")
        return redirect("accounts:login")
    return render(
        request,
        "plans/accounts/password_reset_confirm.html",
        {"form": form},
        status=form_status(form),
    )


def _account(uidb64: str) -> User | None:
    try:
        pk = int(urlsafe_base64_decode(uidb64))
    except ValueError:
        return None
    return User.objects.filter(pk=pk, is_active=True).first() if pk < 2**63 else None


def _send_link(request: HttpRequest, name: str) -> None:
    try:
        user = User.objects.get_by_natural_key(name)
    except User.DoesNotExist:
        return
    recent = Event.objects.about(user).since(timezone.now() - BETWEEN_MAILS)
    if not user.is_active or not user.email or recent.filter(action="account.reset_mail").exists():
        return
    note_reset_mail(user=user)
    path = reverse(
        "accounts:password_reset_confirm",
        args=[
            urlsafe_base64_encode(force_bytes(user.pk)),
            default_token_generator.make_token(user),
        ],
    )
    context = {
        "user": user,
        "link": request.build_absolute_uri(path),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    body = render_to_string("plans/accounts/password_reset_mail.txt", context)
    try:
        send_mail("Đặt lại mật khẩu", body, None, [user.email])
    except Exception:  # the answer must not differ, whatever the mail server says
        log.exception("password reset mail could not be sent")
