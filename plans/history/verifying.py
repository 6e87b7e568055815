"""Whether the record is whole: every fault of the chains, found by reading events and seals in small pieces."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from django.db.models import Max

from plans.history.chain import seal_hash, sealed
from plans.history.models import ChainHead, Event, EventSeal

# A transaction and its sealing are two; an event between them is not yet a fault.
PATIENCE = 3.0  # seconds


class FaultKind(Enum):
    """What is wrong at a place of a chain."""

    ALTERED = "sự kiện hoặc dấu niêm này đã bị sửa, hoặc mục ngay trước nó đã bị thay"
    MISSING = "sự kiện đã bị xóa; dấu niêm còn lại"
    GAP = "thiếu dấu niêm: một đoạn của chuỗi đã bị xóa"
    CUT = "cuối chuỗi đã bị xóa, hoặc đầu chuỗi đã bị sửa"
    BEYOND = "dấu niêm nằm ngoài đầu chuỗi: đã bị thêm vào, hoặc đầu chuỗi đã bị sửa"
    UNSEALED = "sự kiện không có dấu niêm: đã bị chèn vào hoặc dấu niêm đã bị xóa"
    OTHER_HEAD = "chuỗi không đi qua mã băm đã ghi ở ngoài: đã bị làm lại"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: in which chain, at which sequence (0: none), about which event (None: none is named)."""

    kind: FaultKind
    chain: str
    sequence: int
    event_id: int | None

    @property
    def words(self) -> str:
        """The fault as a line for the administrator."""
        place = f", thứ tự {self.sequence}" if self.sequence else ""
        event = f"sự kiện {self.event_id}" if self.event_id is not None else "không rõ sự kiện"
        return f"Chuỗi {self.chain}{place}, {event}: {self.kind.value}."


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many seals it has and the hash of the last one."""

    chain: str
    sequence: int
    hash: str


@dataclass(slots=True)
class Verification:
    """A walk over chains. `faults()` may be asked once; `heads` and `event_count` are full when it has ended.

    `chain` narrows it to one. `noted` are heads that were printed earlier: the chain must still go through them.
    """

    chain: str = ""
    noted: tuple[Head, ...] = ()
    patience: float = PATIENCE
    heads: list[Head] = field(default_factory=list)
    event_count: int = 0

    def faults(self) -> Iterator[Fault]:
        """Yield every fault, chain by chain, then the events that no seal names.

        Takes what is committed while it goes on for granted: each chain is read up to its head at the start.
        Memory does not grow with the length of a chain.
        """
        for chain in self._chains():
            yield from self._of_chain(chain)
        yield from self._passed_over()
        yield from self._unsealed()

    def _chains(self) -> list[str]:
        heads = ChainHead.objects.values_list("chain", flat=True).order_by("chain")
        seals = EventSeal.objects.values_list("chain", flat=True).order_by("chain").distinct()
        names = sorted({*heads, *seals})
        return [name for name in names if self.chain in ("", name)]

    def _of_chain(self, chain: str) -> Iterator[Fault]:
        head = ChainHead.objects.filter(chain=chain).first() or ChainHead(chain=chain)
        place, previous, last = 0, "", None
        for seal, event in sealed(chain, head.sequence):
            if seal.sequence != place + 1:
                yield Fault(FaultKind.GAP, chain, place + 1, None)
            # What stood there is gone, and with it what the next hash was made over.
            elif event is not None and seal.hash != seal_hash(
                event, chain=chain, sequence=seal.sequence, previous=previous
            ):
                yield Fault(FaultKind.ALTERED, chain, seal.sequence, event.pk)
            if event is None:
                yield Fault(FaultKind.MISSING, chain, seal.sequence, seal.event_id)
            place, previous, last = seal.sequence, seal.hash, seal.event_id
            self.event_count += 1
        self.heads.append(Head(chain, head.sequence, head.hash))
        if (place, previous) != (head.sequence, head.hash):
            yield Fault(FaultKind.CUT, chain, head.sequence, last)
        yield from self._beyond(chain)

    def _beyond(self, chain: str) -> Iterator[Fault]:
        """Yield a fault when seals stand past the head; asked in this order, a sealing just now is none."""
        most = EventSeal.objects.filter(chain=chain).aggregate(most=Max("sequence"))["most"] or 0
        head = ChainHead.objects.filter(chain=chain).values_list("sequence", flat=True).first() or 0
        if most > head:
            seals = EventSeal.objects.filter(chain=chain, sequence__gt=head).order_by("sequence")
            for number, event in seals.values_list("sequence", "event_id").iterator():
                yield Fault(FaultKind.BEYOND, chain, number, event)

    def _passed_over(self) -> Iterator[Fault]:
        for head in self.noted:
            seals = EventSeal.objects.filter(chain=head.chain, sequence=head.sequence)
            if not seals.filter(hash=head.hash).exists():
                yield Fault(FaultKind.OTHER_HEAD, head.chain, head.sequence, None)

    def _unsealed(self) -> Iterator[Fault]:
        events = Event.objects.unsealed().order_by("pk")
        if self.chain:
            events = events.in_chain(self.chain)
        # Those that wait now are waited for; what is written meanwhile has its own time still to come.
        waiting = set(events.values_list("pk", flat=True))
        if waiting:
            time.sleep(self.patience)
        for event in events.only("pk", "school_id", "body_id").iterator() if waiting else ():
            if event.pk in waiting:
                yield Fault(FaultKind.UNSEALED, event.chain, 0, event.pk)
