"""The chain over the record: each event is sealed with a hash over itself and the seal before it.

Whoever can write to the database can change an event, but then its hash no longer fits, nor that of any later
seal. What nobody inside the database can prove is that the whole chain was not made anew: for that the heads
(`manage.py verify_history` prints them) are noted somewhere else and compared later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from plans.history.models import ChainHead, Event, EventQuerySet, EventSeal, chain_name

# What the hash is over. Said here and not read from the model: a column added later must not break old seals.
FIELDS = (
    *("id", "at", "actor_id", "actor_name", "address", "action"),
    *("subject_type", "subject_id", "subject_name", "school_id", "body_id", "plan_id"),
    *("before", "after"),
)
# How far behind the last sealed event the time of a new one may lie: that of a long transaction. Whatever
# comes into the record behind that was not written by `record`, and is never sealed.
LATE = timedelta(minutes=10)
_SOME = 20
_BATCH = 500  # rows at a time, so that a long chain needs no more memory than a short one


def canonical(event: Event) -> str:
    """Return all that an event says as JSON in one spelling: keys in order, UTC to the microsecond."""
    values: dict[str, Any] = {name: getattr(event, name) for name in FIELDS}
    values["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal_hash(event: Event, *, chain: str, sequence: int, previous: str) -> str:
    """Return the hash (hex SHA-256) that seals `event` at its place, after the seal with the hash `previous`."""
    head = json.dumps([chain, sequence, previous], separators=(",", ":"))
    return hashlib.sha256(f"{head}\n{canonical(event)}".encode()).hexdigest()


def seal_event(pk: int, chain: str, at: datetime) -> None:
    """Seal the event `pk`, written at `at`, and all that waits in its chain; nothing when it is sealed already.

    For the end of a transaction: of several events of one transaction the first seals all. Raises what the
    database raises; the events then wait for the chain's next sealing.
    """
    if not EventSeal.objects.filter(event_id=pk).exists():
        seal_events(chain, since=at)


@transaction.atomic
def seal_events(chain: str, *, since: datetime | None = None) -> int:
    """Seal what waits in a chain, in the order of the events' numbers, and return how many that were.

    Holds the chain's head for the length of the caller's transaction, which should be none but this. An event
    that lies more than LATE behind the last sealed one, and before `since`, stays unsealed: `verify_history`
    reports it.
    """
    ChainHead.objects.get_or_create(chain=chain)
    head = ChainHead.objects.select_for_update().get(chain=chain)
    before, seals = head.sequence, []
    for event in _waiting(head, since).order_by("pk").iterator(_BATCH):
        place, previous = head.sequence + 1, head.hash
        head.hash = seal_hash(event, chain=chain, sequence=place, previous=previous)
        head.sequence = place
        seals.append(EventSeal(chain=chain, sequence=place, event_id=event.pk, hash=head.hash))
    if seals:
        EventSeal.objects.bulk_create(seals, batch_size=_BATCH)
        head.save()
    return head.sequence - before


def seal_all() -> int:
    """Seal what waits in any chain, one transaction for each; return how many events that were."""
    pairs = Event.objects.unsealed().order_by("school_id", "body_id")
    chains = [
        chain_name(school_id=school, body_id=body)
        for school, body in pairs.values_list("school_id", "body_id").distinct()
    ]
    return sum(seal_events(chain) for chain in dict.fromkeys(chains))


def _waiting(head: ChainHead, since: datetime | None) -> EventQuerySet:
    """Return the events of the head's chain that have no seal and may still get one."""
    events, last = Event.objects.in_chain(head.chain).unsealed(), _last_sealed_at(head)
    if last is None:
        return events
    # A clock set back must not leave what is written now without a seal.
    return events.filter(at__gte=min(last - LATE, since or last))


def _last_sealed_at(head: ChainHead) -> datetime | None:
    """Return the time of the last event of a chain; None for an empty chain.

    The very last may have been deleted past the program; an earlier one then says the time.
    """
    seals = EventSeal.objects.filter(chain=head.chain).order_by("-sequence")
    numbers = seals.values_list("event_id", flat=True)[:_SOME]
    events = Event.objects.filter(pk__in=list(numbers)).order_by("-pk")
    return events.values_list("at", flat=True).first()


def sealed(chain: str, upto: int) -> Iterator[tuple[EventSeal, Event | None]]:
    """Yield the seals of a chain up to the sequence `upto`, each with its event, None where that is gone."""
    place = -1
    while True:
        seals = list(
            EventSeal.objects.filter(chain=chain, sequence__gt=place, sequence__lte=upto).order_by(
                "sequence"
            )[:_BATCH]
        )
        if not seals:
            return
        events = Event.objects.in_bulk([seal.event_id for seal in seals])
        yield from ((seal, events.get(seal.event_id)) for seal in seals)
        place = seals[-1].sequence
