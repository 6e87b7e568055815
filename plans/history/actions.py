"""record(): the only writer of the record."""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

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
    school_id: int | None = None,
    body_id: int | None = None,
    in_bursts: bool = False,
) -> Event | None:
    """Write one event in the caller's transaction and return it.

    `before` maps field names to the values before the change (JSON-able). With `in_bursts`, nothing is written
    and None comes back while the same person goes on with the same action on the same row within BURST: the
    first event holds the values from before the burst. Raises nothing of its own.
    """
    if in_bursts and _burst_is_open(action, subject, by):
        return None
    return Event.objects.create(
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
        before=dict(before or {}),
    )


def _burst_is_open(action: str, subject: models.Model, by: models.Model | None) -> bool:
    last = Event.objects.about(subject).filter(action=action).first()
    return (
        last is not None
        and last.actor_id == (by.pk if by else None)
        and last.at > timezone.now() - BURST
    )
