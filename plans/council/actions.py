"""What people do to a school's council and monitoring team; every write is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from plans.accounts.models import User
from plans.council.models import CouncilMember
from plans.history.actions import record
from plans.schools.models import School, SchoolYear
from plans.text import nfc
from plans.versions import write_where_unmoved

FIELDS = ("team", "part", "full_name", "position", "duty", "user")


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: values[name] for name in FIELDS if name in values}
    return {name: nfc(v).strip() if isinstance(v, str) else v for name, v in known.items()}


@transaction.atomic
def add_member(
    *, school: School, school_year: SchoolYear, values: Mapping[str, Any], by: User
) -> CouncilMember:
    """Add a member at the end of their team and return them. Raises ValidationError."""
    member = CouncilMember(school=school, school_year=school_year, **_clean(values))
    rows = CouncilMember.objects.filter(school=school, school_year=school_year, team=member.team)
    member.place = (rows.aggregate(last=Max("place"))["last"] or 0) + 1
    member.full_clean()
    member.save()
    record("council.add", member, by=by, school_id=school.pk)
    return member


@transaction.atomic
def change_member(
    *, member: CouncilMember, values: Mapping[str, Any], version: int, by: User
) -> CouncilMember:
    """Save typed fields of a member and return them.

    Raises ValidationError, also when somebody else saved the row first.
    """
    new = _clean(values)
    before = {name: getattr(member, name) for name in new}
    changed = {name: value for name, value in new.items() if value != before[name]}
    if not changed:
        return member
    for name, value in changed.items():
        setattr(member, name, value)
    member.full_clean()
    write_where_unmoved(member, changed, version)
    told = {n: before[n].pk if isinstance(before[n], User) else before[n] for n in changed}
    record("council.change", member, by=by, before=told, school_id=member.school_id)
    return member


@transaction.atomic
def remove_member(*, member: CouncilMember, by: User) -> CouncilMember:
    """Take a member off the list; `restore_member` brings them back to their place."""
    return _set_removed(member, timezone.now(), "council.remove", by)


@transaction.atomic
def restore_member(*, member: CouncilMember, by: User) -> CouncilMember:
    """Bring a removed member back."""
    return _set_removed(member, None, "council.restore", by)


def _set_removed(member: CouncilMember, at: Any, action: str, by: User) -> CouncilMember:
    member.removed_at = at
    CouncilMember.objects.filter(pk=member.pk).update(removed_at=at)
    record(action, member, by=by, school_id=member.school_id)
    return member


@transaction.atomic
def move_member(*, member: CouncilMember, up: bool, by: User) -> bool:
    """Change places with the neighbour above or below in the same team; False at the edge of the list."""
    rows = list(
        CouncilMember.objects.of(member.school, member.school_year).filter(team=member.team)
    )
    keys = [row.pk for row in rows]
    if member.pk not in keys:  # somebody took them off the list since the page was drawn
        return False
    here = keys.index(member.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(keys):
        return False
    keys[here], keys[there] = keys[there], keys[here]
    for place, pk in enumerate(keys, start=1):
        CouncilMember.objects.filter(pk=pk).update(place=place)
    record("council.move", member, by=by, school_id=member.school_id)
    return True


@transaction.atomic
def copy_council(*, school: School, old: SchoolYear, new: SchoolYear, by: User) -> int:
    """Copy the members of one school year into another that has none yet; return how many.

    0, and nothing is written, where the new year already has a member or the old one has none.
    """
    if CouncilMember.objects.of(school, new).exists():
        return 0
    rows = list(CouncilMember.objects.of(school, old))
    for row in rows:
        row.pk, row.school_year, row.version = None, new, 1
    CouncilMember.objects.bulk_create(rows)
    if rows:
        before = {"from": old.start_year, "to": new.start_year, "members": len(rows)}
        record("council.copy", school, by=by, before=before, school_id=school.pk)
    return len(rows)
