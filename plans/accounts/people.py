"""Who holds a permission in a school or in a body: whom a notice is for."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from plans.accounts.models import Membership, User
from plans.accounts.roles import ROLES


def people_of_school(school_id: int, permission: str, *, on: date) -> list[User]:
    """Return the active people whose role in the school carries `permission` on the day `on`."""
    return _people(Q(school=school_id), permission, on)


def people_of_body(body_id: int, permission: str, *, on: date) -> list[User]:
    """Return the active people whose role in the body carries `permission` on the day `on`."""
    return _people(Q(body=body_id), permission, on)


def _people(place: Q, permission: str, on: date) -> list[User]:
    roles = [role for role, facts in ROLES.items() if permission in facts.permissions]
    rows = Membership.objects.in_force(on).filter(place, role__in=roles)
    return list(User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk"))
