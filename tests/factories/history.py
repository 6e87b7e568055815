"""The record past its guard: as a test shifts time, and as somebody with the database's password would forge it."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from plans.history.models import Event


def backdate(by: timedelta, *events: Event) -> None:
    """Let `events` (none: all of them) have happened earlier; the program itself cannot say so."""
    rows = Event._base_manager.all()
    if events:
        rows = rows.filter(pk__in=[event.pk for event in events])
    rows.update(at=F("at") - by)


def tamper(event: Event, **values: Any) -> None:
    """Change an event as only SQL can."""
    Event._base_manager.filter(pk=event.pk).update(**values)


def erase(*events: Event) -> None:
    """Delete events as only SQL can."""
    Event._base_manager.filter(pk__in=[event.pk for event in events]).delete()
