"""The log-in backend: passwords by Django, permissions by membership; the name that lock-outs count under."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.rules import may

# What the columns of the lock-out table hold.
NAME_LENGTH = 254


class MembershipBackend(ModelBackend):
    """Answers `has_perm` from memberships in force today; a superuser has no way around it in the program."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Refuse closed accounts, and the demo's, whose password stands in the README, outside a demo.

        Asked at log-in and again for every request of a session.
        """
        return super().user_can_authenticate(user) and (settings.KCL_DEMO or not user.is_demo)

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        """Say whether the permission holds; False for anonymous and closed accounts.

        Django's own permissions, rows about tables, count in the back office alone.
        """
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        return may(user_obj, perm, obj, on=timezone.localdate()) or (
            obj is None and user_obj.is_staff and super().has_perm(user_obj, perm)
        )

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the user for a user name or e-mail and a password; None when they do not match."""
        if username is None or password is None:
            return None
        # A NUL byte would make PostgreSQL refuse the look-up.
        name = username.replace("\x00", "")
        return super().authenticate(request, username=name, password=password, **kwargs)


def lockout_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the one name that failed log-ins of a person are counted under (AXES_USERNAME_CALLABLE).

    User name, e-mail, capitals and blanks all lead to the same count; a name that nobody has counts as typed.
    """
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    name = str(typed).replace("\x00", "").strip().lower()[:NAME_LENGTH]
    known: dict[str, str] = request.__dict__.setdefault("_lockout_names", {})
    if name not in known:
        try:
            known[name] = User.objects.get_by_natural_key(name).username
        except User.DoesNotExist:
            known[name] = name
    return known[name]
