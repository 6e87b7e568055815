"""record(): the only writer of the record."""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from plans.history.chain import seal_event
from plans.history.models import Event

# Autosave writes every two seconds; one event for each burst of typing keeps the record smaller than the data.
BURST = timedelta(minutes=10)

# Set by the web's middleware for the length of a request, so that no action has to carry an address along.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


def record(
    action: str,
    subject: models.Model,
    *,
    by: models.Model | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    school_id: int | None = None,
    body_id: int | None = None,
    in_bursts: bool = False,
) -> Event | None:
    """Write one event in the caller's transaction and return it.

    `before` maps field names to the values before the change (JSON-able); `after` to those after it, for deeds
    that are done once (a move, a number given) and are not read from the next event or the row itself. With `in_bursts`, a field is left
    out while the same person goes on changing it within BURST: an event of the burst holds what stood there
    before. With no field left nothing is written and None comes back. Once the transaction is committed the event
    is sealed into its chain (`plans.history.chain`). Raises nothing of its own.
    """
    if in_bursts and before is not None:
        before = {name: before[name] for name in before if name not in _told(action, subject, by)}
        if not before:
            return None
    event = Event.objects.create(
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor_name=str(by)[:200] if by else "",
        address=client_address.get(),
        action=action,
        subject_type=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject_name=str(subject)[:300],
        school_id=school_id,
        body_id=body_id,
        plan_id=_plan_id(subject),
        before=dict(before or {}),
        after=dict(after or {}),
    )

    # Apart from the writer's transaction, which so never waits for the chain nor holds it; what a crash leaves
    # unsealed between the two, the chain's next sealing takes up.
    # (A named function: Django's report of a failing robust hook asks for its name, which a partial has not.)
    def seal() -> None:
        seal_event(event.pk, event.chain, event.at)

    transaction.on_commit(seal, robust=True)
    return event


def _plan_id(subject: models.Model) -> int | None:
    """Return the plan that `subject` is, or stands in; None for everything else."""
    found: int | None = subject.pk if subject._meta.model_name == "plan" else None
    return found if found is not None else getattr(subject, "plan_id", None)


def _told(action: str, subject: models.Model, by: models.Model | None) -> set[str]:
    """Return the fields whose words from before the open burst stand in the record already."""
    told: set[str] = set()
    actor = by.pk if by else None
    events = Event.objects.about(subject).filter(at__gt=timezone.now() - BURST)
    plan_id = _plan_id(subject)
    if plan_id is not None:
        # A plan that moved on meanwhile (sent, returned …) is to be told apart from what is typed after.
        moved = Event.objects.filter(subject_type="plan", subject_id=str(plan_id)).exclude(after={})
        last = moved.values_list("pk", flat=True).first()
        events = events.filter(pk__gt=last) if last else events
    # Another person, or another deed of the same one, ends a burst: what stood there between is told as well.
    for event in events[:50]:
        if (event.actor_id, event.action) != (actor, action):
            break
        told |= event.before.keys()
    return told
