"""Thùng rác: what was deleted from a plan in the last thirty days, and its emptying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.history.models import Event
from plans.planning.actions import restore_action
from plans.planning.models import Plan, PlanAction, PlanRow
from plans.planning.rows import restore_row
from plans.together.comparing import row_title
from plans.together.naming import Names
from plans.together.versions import FIELDS, MODELS, Key, plain, rows_now

DAYS = 30


@dataclass(frozen=True, slots=True)
class Thrown:
    """One deleted row: what it was, its words, who deleted it when, and until when it can be had back."""

    kind: str
    pk: int
    title: str
    words: tuple[tuple[str, str], ...]
    who: str
    at: datetime
    until: datetime


def thrown_away(plan: Plan) -> list[Thrown]:
    """Return what lies in the plan's trash, the latest first; as many queries for one row as for many."""
    since = timezone.now() - timedelta(days=DAYS)
    when: dict[Key, datetime] = {}
    for kind in ("planaction", "planrow"):
        rows = MODELS[kind]._default_manager.filter(plan=plan, removed_at__gt=since)
        when |= {(kind, pk): at for pk, at in rows.order_by("pk").values_list("pk", "removed_at")}
    if not when:
        return []
    names, found, who = Names(plan), rows_now(plan), _who(plan, when)
    thrown = [
        Thrown(
            kind=key[0],
            pk=key[1],
            title=row_title(names, found[key]),
            words=tuple(names.words(found[key]).items()),
            who=who.get(key, ""),
            at=at,
            until=at + timedelta(days=DAYS),
        )
        for key, at in when.items()
    ]
    return sorted(thrown, key=lambda one: (one.at, one.pk), reverse=True)


def _who(plan: Plan, keys: dict[Key, datetime]) -> dict[Key, str]:
    """Return who deleted each row last; one query."""
    about = Q(subject_type="planaction", action="action.remove")
    about |= Q(subject_type="planrow", action="row.remove")
    ids = {str(pk) for _, pk in keys}
    events = Event.objects.of_plan(plan).filter(about, subject_id__in=ids)
    return {(e.subject_type, int(e.subject_id)): e.actor_name for e in reversed(events)}


@transaction.atomic
def put_back(*, plan: Plan, key: Key, by: User) -> PlanAction | PlanRow:
    """Bring a deleted row back to its place and return it.

    Raises ValidationError where the plan's trash holds no such row, MoveNotAllowed unless the plan is open.
    """
    kind, pk = key
    if kind == "planaction":
        action = PlanAction.objects.filter(plan=plan, pk=pk, removed_at__isnull=False)
        if found := action.select_related("plan", "criterion").first():
            return restore_action(action=found, by=by)
    elif kind == "planrow":
        row = PlanRow.objects.filter(plan=plan, pk=pk, removed_at__isnull=False)
        if thrown := row.select_related("plan").first():
            return restore_row(row=thrown, by=by)
    raise ValidationError("Dòng này không còn trong thùng rác.")


@transaction.atomic
def empty_trash(*, at: datetime | None = None) -> int:
    """Delete for good what was thrown away more than thirty days before `at` (now) and return how many rows.

    The record keeps their words and what was said about them, so older versions can still be looked at. An
    action that goes on in another year's plan stays, out of sight: that plan leans on it.
    """
    before = (at or timezone.now()) - timedelta(days=DAYS)
    actions = PlanAction.objects.filter(removed_at__lte=before, carried_to__isnull=True)
    rows = PlanRow.objects.filter(removed_at__lte=before)
    count = 0
    for action in actions.select_related("plan", "criterion").order_by("pk"):
        _empty(action, "action.empty", {"comments": _said(action)})
        count += 1
    for row in rows.select_related("plan__school_year").order_by("pk"):
        _empty(row, "row.empty", {})
        count += 1
    return count


def _empty(row: PlanAction | PlanRow, deed: str, more: dict[str, list[str]]) -> None:
    kind = str(row._meta.model_name)
    names = [(name, "criterion_id" if name == "criterion" else name) for name in FIELDS[kind]]
    words = {name: plain(getattr(row, column)) for name, column in names}
    record(deed, row, by=None, before=words | more, school_id=row.plan.school_id)
    row.delete()


def _said(action: PlanAction) -> list[str]:
    comments = action.comments.select_related("author").order_by("written_at", "pk")
    return [
        f"{c.author}, {timezone.localtime(c.written_at):%H:%M %d/%m/%Y}: {c.body}" for c in comments
    ]
