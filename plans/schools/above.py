"""Which bodies stand above a school: those that manage it and everything above them in the tree."""

from collections.abc import Iterable
from datetime import date

from plans.schools.models import ManagingBody, School, SchoolBody, in_force

# Nearest first: who manages the school every day comes before whose name stands on its letterhead.
_ROLES: list[str] = [SchoolBody.Role.DIRECT, SchoolBody.Role.PARENT]


def upward(bodies: Iterable[int]) -> list[int]:
    """Return the ids `bodies` and those of everything above them in the tree, nearest first, each once.

    One query for each generation; none for no body.
    """
    above: list[int] = []
    fresh = list(dict.fromkeys(bodies))
    while fresh:
        above += fresh
        parents = dict(
            ManagingBody.objects.filter(pk__in=fresh, parent__isnull=False)
            .order_by("pk")
            .values_list("pk", "parent_id")
        )
        found = dict.fromkeys(parents[body] for body in fresh if body in parents)
        fresh = [body for body in found if body not in above]
    return above


def bodies_above(school: School, on: date) -> list[int]:
    """Return the ids of the bodies above `school` on the day `on`, nearest first, each once.

    One query for the school's own bodies and one for each generation above them.
    """
    links = SchoolBody.objects.filter(in_force(on), school=school, role__in=_ROLES)
    rows = sorted(links.values_list("role", "body_id"), key=lambda row: _ROLES.index(row[0]))
    return upward(body for _, body in rows)


def nearest(body_id: int | None, above: list[int]) -> int:
    """Return how far the body stands from the school: its place in `above`, past the end for "every school"."""
    return len(above) if body_id is None else above.index(body_id)
