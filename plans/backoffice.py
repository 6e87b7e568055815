"""The back office's door: only for staff who are superusers, through the program's own log-in page.

Django's own log-in form would know nothing of lock-outs by e-mail, forced password changes and the list of
sessions.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


class BackOffice(admin.AdminSite):
    """The one admin site."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in superusers who are staff and have settled their password."""
        user = request.user
        return bool(
            user.is_active
            and user.is_staff
            and getattr(user, "is_superuser", False)
            and not getattr(user, "must_change_password", True)
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the program's log-in page; whoever is logged in already may not enter."""
        if request.user.is_authenticated:
            raise PermissionDenied
        target = request.GET.get("next", request.get_full_path())
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': target[:1000]})}")


class BackOfficeConfig(AdminConfig):
    """django.contrib.admin with that door."""

    default_site = "plans.backoffice.BackOffice"
