"""Which schools a person sees: their own, and those that their body or its predecessors manage."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from plans.schools.models import ManagingBody, SchoolBody, in_force


def bodies_in_sight(body_ids: set[int]) -> set[int]:
    """Return the ids of the bodies whose schools the bodies `body_ids` may see.

    These are the bodies themselves, everything below them in the tree, and whatever they succeeded.
    One query for each generation; an empty set costs none.
    """
    seen, fresh = set(body_ids), set(body_ids)
    while fresh:
        below = ManagingBody.objects.filter(Q(parent__in=fresh) | Q(successor__in=fresh))
        fresh = set(below.order_by("pk").values_list("pk", flat=True)) - seen
        seen |= fresh
    return seen


def above_and_after(body_ids: set[int]) -> set[int]:
    """Return the ids of the bodies `body_ids`, of all above them in the tree and of those that succeeded them.

    One query for each generation; an empty set costs none.
    """
    seen, fresh = set(body_ids), set(body_ids)
    while fresh:
        rows = ManagingBody.objects.filter(pk__in=fresh).order_by("pk")
        pairs = rows.values_list("parent_id", "successor_id")
        fresh = {one for pair in pairs for one in filter(None, pair)} - seen
        seen |= fresh
    return seen


def schools_of_bodies(body_ids: set[int], on: date) -> Q:
    """Return the condition on School: what people of the bodies `body_ids` see on the day `on`."""
    links = SchoolBody.objects.filter(
        body__in=bodies_in_sight(body_ids),
        role__in=[SchoolBody.Role.DIRECT, SchoolBody.Role.PARENT],
    )
    # A link that lasted until its body ended still counts: the successor must be able to read the old papers.
    # One that ended earlier does not: that school had already gone to another body.
    until_the_end = Q(valid_to__isnull=True) | Q(valid_to__gte=F("body__valid_to"))
    # Nor does one of a school that has a living body: its papers are that body's business now.
    roles = [SchoolBody.Role.DIRECT, SchoolBody.Role.PARENT]
    living = SchoolBody.objects.filter(in_force(on), school=OuterRef("school"), role__in=roles)
    inherited = Q(body__valid_to__lt=on) & until_the_end & ~Exists(living)
    return Q(pk__in=links.filter(in_force(on) | inherited).values("school"))


def schools_in_sight(user: Any, on: date | None = None) -> Q:
    """Return the condition on School: what `user` may see on the day `on` (default today).

    Asks the user for their memberships by name (`memberships_on`), so that this room needs no import upward;
    a person without one in force sees nothing.
    """
    on = on or timezone.localdate()
    memberships = user.memberships_on(on) if user.is_active and not user.is_anonymous else []
    if any(membership.sees_everything for membership in memberships):
        return Q()
    seen = Q(pk__in=[row.school_id for row in memberships if row.school_id])
    body_ids = {row.body_id for row in memberships if row.body_id}
    return seen | schools_of_bodies(body_ids, on) if body_ids else seen
