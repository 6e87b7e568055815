"""Ghi tại chỗ: what devices send is applied, each entry once, and what two people wrote differently is kept in both.

An entry is one change of one field. It carries the number of changes (`base`) that its writer had seen. Where the
field has moved on since, by somebody else and to other words, nothing is overwritten: the entry is kept as an open
conflict until somebody of the team settles it. Order is that of arrival; the clock of a device decides nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.inspections.enums import Outcome
from plans.inspections.models import ChecklistAnswer, Entry, Inspection, Recommendation, TeamMember
from plans.inspections.moving import locked
from plans.inspections.reasons import how_far
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.recording.dues import read_due
from plans.recording.fields import KINDS, answer_complaint, complaint, split_target
from plans.recording.targets import Row, Rows, normal_target
from plans.text import nfc

OFF_THE_TEAM = (
    "Quý vị không còn trong tổ kiểm tra này nên chương trình không nhận thêm điều ghi tại chỗ. "
    "Những điều chưa gửi vẫn còn trên máy."
)
KEPT_IN_LOG = "Điều này được giữ trong nhật ký ghi tại chỗ."
NO_FIELD = "Biên bản không có ô này."
WRITTEN_SINCE = "Ô này đã được ghi lại từ lúc quý vị mở trang. Quý vị xem lời đang có rồi chọn lại."
CONFLICT = "Người khác đã ghi điều khác vào ô này. Cả hai được giữ lại để tổ chọn."


@dataclass(frozen=True, slots=True)
class SentEntry:
    """A change as a device sent it; `settles` is the id of the conflict that it decides."""

    id: UUID
    target: str
    field: str
    value: str
    base: int
    at: datetime | None = None
    settles: UUID | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a change; `revision` is the number of changes of the field then, None where nothing stands."""

    id: UUID
    outcome: Outcome
    revision: int | None
    words: str


@transaction.atomic
def apply_entries(
    *, inspection: Inspection, sent: Sequence[SentEntry], by: User, device: str
) -> list[Applied]:
    """Apply what a device sent, in its order, and return one answer for each of `sent`.

    An id that came before, in this packet or another, is answered as it was then and changes nothing. Once the
    record is not open any more every new entry is refused, and kept all the same. All of it is one transaction
    that holds the visit, so packets of two devices come one after the other. The number of queries does not grow
    with the number of entries. Raises MoveNotAllowed for somebody who is not of the team (any more).
    """
    held = locked(inspection)
    seat = held.seat_of(by)
    if seat is None:
        raise MoveNotAllowed(OFF_THE_TEAM)
    ids = [one.id for one in sent]
    known = {row.client_id: row for row in held.entries.filter(client_id__in=ids)}
    fresh = {one.id: one for one in reversed(sent) if one.id not in known}
    in_order = [one for one in dict.fromkeys(ids) if one in fresh]
    if in_order:
        batch = _Batch(held, seat, by, _cleaned(device)[:40])
        new = [_normal(fresh[one]) for one in in_order]
        known |= {row.client_id: row for row in batch.apply(new)}
    return [_answer(known[one]) for one in ids]


def settle(*, entry: Entry, value: str, base: int, by: User) -> Applied:
    """Decide an open conflict by writing `value` over what stood after `base` changes; return what became of it.

    Where the field has changed since, new words wait as a conflict of their own. Raises MoveNotAllowed where a
    choice between the two is made over such a change, the record is not open any more, the conflict is decided
    already, or `by` is not of the team.
    """
    with transaction.atomic():
        held = locked(entry.inspection)
        if held.state != InspectionState.OPEN:
            raise MoveNotAllowed(closed_words(held))
        if not held.entries.filter(pk=entry.pk, **_OPEN_CONFLICT).exists():
            raise MoveNotAllowed("Chỗ ghi khác nhau này đã được giải quyết.")
        row = Rows(held, [entry.target], by=by).find(entry.target, entry.field, entry.value)
        if isinstance(row, Row) and _is_stale_choice(row, entry, value, base):
            raise MoveNotAllowed(WRITTEN_SINCE)
        sent = SentEntry(uuid4(), entry.target, entry.field, value, base, settles=entry.client_id)
        return apply_entries(inspection=held, sent=[sent], by=by, device="")[0]


def _is_stale_choice(row: Row, entry: Entry, value: str, base: int) -> bool:
    """Say whether one of the two words was chosen over others than the chooser saw."""
    return row.revision(entry.field) != base and value in (entry.value, row.value(entry.field))


def closed_words(inspection: Inspection) -> str:
    """Return why nothing is written into a record that is not open."""
    return f"{how_far(inspection)}, nên không ghi thêm được."


_LARGEST = 2**31 - 1  # that the column takes
_OPEN_CONFLICT = {"outcome": Outcome.CONFLICT, "settled_at__isnull": True}


def _answer(entry: Entry) -> Applied:
    return Applied(entry.client_id, Outcome(entry.outcome), entry.revision, entry.words)


@dataclass
class _Batch:
    """One packet being applied: what it needs is read before, what it changes is written after."""

    held: Inspection
    seat: TeamMember
    by: User
    device: str
    rows: Rows = field(init=False)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def apply(self, sent: Sequence[SentEntry]) -> list[Entry]:
        """Return the entries as they are then kept."""
        if self.held.state != InspectionState.OPEN:
            words = f"{closed_words(self.held)} {KEPT_IN_LOG}"
            entries = [self._refused(one, words) for one in sent]
        else:
            self.rows = Rows(self.held, [one.target for one in sent], by=self.by)
            self.seen = self._seen_before(sent)
            entries = [self._judged(one) for one in sent]
            self.rows.write()
        Entry.objects.bulk_create(entries)
        self._close_conflicts(sent, entries)
        self._record(entries)
        return entries

    def _judged(self, one: SentEntry) -> Entry:
        kind, _ = split_target(one.target)
        if kind not in KINDS or one.field not in KINDS[kind].fields:
            return self._refused(one, NO_FIELD)
        found = self.rows.find(one.target, one.field, one.value)
        if isinstance(found, str):
            return self._refused(one, found)
        words = _complaint(kind, one.field, one.value, found)
        if words:
            return self._refused(one, words)
        return self._written(one, found)

    def _written(self, one: SentEntry, row: Row) -> Entry:
        """Write the value, unless it stands there already or somebody else's does."""
        revision = row.revision(one.field)
        place = (one.target, one.field)
        if row.value(one.field) == one.value and not row.begins_with(one.field):
            self.seen[place] = revision
            return self._entry(one, Outcome.SAME, revision=revision)
        if max(one.base, self.seen.get(place, 0)) < revision:
            return self._entry(one, Outcome.CONFLICT, words=CONFLICT)
        row.put(one.field, one.value)
        if isinstance(row.thing, Recommendation) and one.field == "due":
            row.thing.due_on = read_due(row.thing.due, self.held)
        self.seen[place] = revision + 1
        return self._entry(one, Outcome.SAVED, revision=revision + 1)

    def _seen_before(self, sent: Iterable[SentEntry]) -> dict[tuple[str, str], int]:
        """Return the last change of each field that this device made, or met, itself.

        Its answer may have been lost on the way: then the device goes on writing over an older number, and what
        it writes over are its own words.
        """
        if not self.device:
            return {}
        own = self.held.entries.filter(
            person=self.by,
            device=self.device,
            target__in={one.target for one in sent},
            outcome__in=[Outcome.SAVED, Outcome.SAME],
        )
        last = own.order_by().values_list("target", "field").annotate(last=Max("revision"))
        return {(target, name): revision or 0 for target, name, revision in last}

    def _close_conflicts(self, sent: Sequence[SentEntry], entries: Sequence[Entry]) -> None:
        """Close the conflicts that were decided, and those that a later word of the same device took up."""
        wanted = {one.id: one.settles for one in sent if one.settles}
        taken = (Outcome.SAVED, Outcome.SAME)
        decided = {
            wanted[e.client_id]: e for e in entries if e.client_id in wanted and e.outcome in taken
        }
        again = {(e.target, e.field): e for e in entries if e.outcome == Outcome.CONFLICT}
        if not (decided or again):
            return
        closed = []
        for row in self.held.entries.filter(**_OPEN_CONFLICT).order_by("pk"):
            deciding = decided.get(row.client_id)
            later = again.get((row.target, row.field)) if self._is_own(row) else None
            of_place = deciding and (deciding.target, deciding.field) == (row.target, row.field)
            if of_place or (later is not None and later.client_id != row.client_id):
                row.settled_at, row.settled_by = timezone.now(), self.by
                closed.append(row)
        Entry.objects.bulk_update(closed, ["settled_at", "settled_by"])

    def _is_own(self, entry: Entry) -> bool:
        return bool(self.device) and (entry.person_id, entry.device) == (self.by.pk, self.device)

    def _refused(self, one: SentEntry, words: str) -> Entry:
        return self._entry(one, Outcome.REFUSED, words=words)

    def _entry(
        self,
        one: SentEntry,
        outcome: Outcome,
        *,
        revision: int | None = None,
        words: str = "",
    ) -> Entry:
        return Entry(
            inspection=self.held,
            client_id=one.id,
            person=self.by,
            seat=self.seat,
            device=self.device,
            target=one.target,
            field=one.field,
            value=one.value,
            base=min(max(one.base, 0), _LARGEST),
            revision=revision,
            outcome=outcome,
            words=words,
            device_at=one.at,
        )

    def _record(self, entries: Sequence[Entry]) -> None:
        """Write one event for the packet: how much of it, and the hash that ties the log to the record's chain."""
        told = [entry for entry in entries if entry.outcome != Outcome.SAME]
        if not told:
            return
        lines = [
            [str(e.client_id), e.target, e.field, e.value, e.outcome, e.revision] for e in told
        ]
        digest = hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()
        counts = {str(one): sum(e.outcome == one for e in told) for one in Outcome}
        record(
            "inspection.write",
            self.held,
            by=self.by,
            after={name: count for name, count in counts.items() if count} | {"sha256": digest},
            school_id=self.held.school_id,
            body_id=self.held.body_id,
        )


def _normal(one: SentEntry) -> SentEntry:
    """Return the entry with names that every database can be asked for."""
    target = normal_target(_cleaned(one.target))[:120]
    return replace(one, target=target, field=_cleaned(one.field)[:40], value=_cleaned(one.value))


def _complaint(kind: str, name: str, value: str, row: Row) -> str:
    if isinstance(row.thing, ChecklistAnswer):
        return answer_complaint(row.thing.question, value)
    return complaint(kind, name, value)


def _cleaned(text: str) -> str:
    """Return what was typed as every page of the house keeps it, without halves of characters that JSON may hold."""
    return nfc(text.encode("utf-8", "ignore").decode()).replace("\r\n", "\n")
