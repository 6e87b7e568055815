"""Who may: one question, `user.has_perm("plans.change_plan", plan)`, answered from roles and reach.

A permission holds on a thing when a membership in force carries it and reaches the thing's school. Rooms
above add conditions on the thing's state with `holds_only_if`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from plans.accounts.models import Membership, User
from plans.schools.models import ManagingBody, School
from plans.schools.sight import bodies_in_sight, schools_of_bodies

# permission → conditions on the thing's own state, all of which must hold; filled by the rooms' rules.py
_CONDITIONS: dict[str, list[Callable[[Any], bool]]] = {}


def holds_only_if(permission: str, condition: Callable[[Any], bool]) -> None:
    """Let `permission` hold only on things for which `condition` says True (asked after roles and reach).

    Several conditions on one permission must all hold.
    """
    _CONDITIONS.setdefault(permission, []).append(condition)


# permission → conditions on the membership that carries it and the thing, all of which must hold for one
_CARRIED: dict[str, list[Callable[[Membership, Any], bool]]] = {}


def carried_only_if(permission: str, condition: Callable[[Membership, Any], bool]) -> None:
    """Let `permission` be carried only by memberships for which `condition` says True about the thing.

    For what reach alone does not tell: a school has several bodies, a plan was sent to one of them.
    """
    _CARRIED.setdefault(permission, []).append(condition)


# What a person may do without a role: asked after their memberships, with the permission, the thing, the day.
Lender = Callable[[User, str, models.Model | None, date], bool]
_LENDERS: list[Lender] = []


def lends(lender: Lender) -> None:
    """Let `lender` say which permissions a person holds on a thing for another reason than a role.

    A seat in the team of a visit is such a reason. Conditions on the thing's state (`holds_only_if`) hold for
    what is lent too. Called without a thing, `lender` says whether there is anything at all.
    """
    _LENDERS.append(lender)


# kind of thing → whether a membership reaches it, for things with a rule of their own
_REACH: dict[type[models.Model], Callable[[Membership, Any], bool]] = {
    ManagingBody: lambda membership, body: reaches_body(membership, body.pk)
}


def reached_by(kind: type[models.Model], reach: Callable[[Membership, Any], bool]) -> None:
    """Let `reach` say which memberships reach a kind of thing, whatever else it has."""
    _REACH[kind] = reach


def reaches_body(membership: Membership, body_id: int | None) -> bool:
    """Say whether a membership decides for a body: one held there, or over the installation.

    Without a body the question is about everybody, for whom only the latter decides.
    """
    return membership.sees_everything or (body_id is not None and membership.body_id == body_id)


def bodies_decided_by(user: User, on: date) -> Q:
    """Return the condition on ManagingBody: those that `user` decides for on the day `on` (see `reaches_body`)."""
    memberships = user.memberships_on(on)
    if any(row.sees_everything for row in memberships):
        return Q()
    return Q(pk__in=[row.body_id for row in memberships if row.body_id])


def school_of(thing: models.Model) -> School:
    """Return the school that `thing` belongs to: itself, or what its `school` names."""
    return thing if isinstance(thing, School) else thing.school  # type: ignore[attr-defined]


def reaches(membership: Membership, school: School, *, on: date) -> bool:
    """Say whether a membership reaches a school: the same one, one in sight of its body, or every one.

    Only this membership counts: what another role of the same person sees lends it nothing.
    """
    if membership.school_id:
        return membership.school_id == school.pk
    if membership.sees_everything:
        return True
    if membership.body_id is None:
        return False
    return School.objects.filter(schools_of_bodies({membership.body_id}, on), pk=school.pk).exists()


def reaches_shared(membership: Membership, thing: models.Model) -> bool:
    """Say whether a membership reaches a thing that a body keeps for its schools, or that is everybody's.

    The body's own people reach it, and those of the bodies above; what is everybody's (no body) only who is
    over everything. What a school keeps (`school` set) its own people alone reach.
    """
    school_id, body_id = getattr(thing, "school_id", None), getattr(thing, "body_id", None)
    if school_id is not None:
        return membership.school_id == school_id
    if membership.sees_everything:
        return True
    if body_id is None or membership.body_id is None:
        return False
    return body_id in bodies_in_sight({membership.body_id})


def may(user: User, permission: str, thing: models.Model | None, *, on: date) -> bool:
    """Say whether `user` may do what `permission` names to `thing` on the day `on`; deny by default.

    Without a thing the question is "anywhere at all?", which is what a menu asks.
    """
    carriers = [row for row in user.memberships_on(on) if permission in row.permissions]
    if thing is None:
        return bool(carriers) or _is_lent(user, permission, None, on)
    reaching = [row for row in carriers if _reaches_thing(row, thing, on)]
    if not reaching and not _is_lent(user, permission, thing, on):
        return False
    if not all(condition(thing) for condition in _CONDITIONS.get(permission, ())):
        return False
    carried = _CARRIED.get(permission, ())
    by_role = any(all(condition(row, thing) for condition in carried) for row in reaching)
    return by_role or _is_lent(user, permission, thing, on)


def would_in_another_state(user: User, permission: str, thing: models.Model, *, on: date) -> bool:
    """Say whether `user` holds `permission` on `thing` but for the conditions on the thing's own state.

    To them a page may say why they cannot; to everybody else the state is no business of theirs.
    """
    carried = _CARRIED.get(permission, ())
    return any(
        permission in row.permissions
        and _reaches_thing(row, thing, on)
        and all(condition(row, thing) for condition in carried)
        for row in user.memberships_on(on)
    ) or _is_lent(user, permission, thing, on)


def _is_lent(user: User, permission: str, thing: models.Model | None, on: date) -> bool:
    return user.is_active and any(lender(user, permission, thing, on) for lender in _LENDERS)


def _reaches_thing(membership: Membership, thing: models.Model, on: date) -> bool:
    reach = _REACH.get(type(thing))
    if reach is not None:
        return reach(membership, thing)
    if hasattr(thing, "body_id"):  # kept by a body, a school or nobody in particular
        return reaches_shared(membership, thing)
    return reaches(membership, school_of(thing), on=on)
