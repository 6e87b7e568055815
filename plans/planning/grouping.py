"""The table's rows as screen and paper both show them: by band of levels, then by standard, TT counted once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from criteria.models import Standard
from plans.planning.form import Grouping
from plans.planning.models import PlanAction


@dataclass(frozen=True, slots=True)
class StandardGroup:
    """The actions of one standard within a band; no standard, and no number, where none was chosen yet.

    Where a form does not group by standard there is one group without a standard for each band, and the rows
    themselves are counted: `first` is the number of the first.
    """

    standard: Standard | None
    index: int | None
    actions: tuple[PlanAction, ...]
    first: int | None = None

    @property
    def numbered(self) -> Iterator[tuple[int | None, PlanAction]]:
        """The actions with what their own TT says, None where the standards are counted."""
        for place, action in enumerate(self.actions):
            yield None if self.first is None else self.first + place, action


@dataclass(frozen=True, slots=True)
class Band:
    """The actions that aim at the same levels; `title` is "MỨC 1, 2, 3", "" where none was chosen."""

    title: str
    standards: tuple[StandardGroup, ...]


def action_bands(
    actions: Iterable[PlanAction], *, bands: bool, grouping: Grouping = Grouping.STANDARD
) -> Iterator[Band]:
    """Yield the bands of actions that come in print order; one band without a title where `bands` is off.

    With Grouping.STANDARD, TT counts the standards shown, as the forms of 2018 do, not their numbers in the
    framework. With Grouping.NONE the rows stand in the order that the school gave them (Mẫu 2 of TT 57/2026).
    """
    if grouping is Grouping.NONE:
        yield from _counted_bands(in_own_order(actions, bands=bands), bands)
        return
    count = 0
    for levels, in_band in groupby(actions, key=lambda action: _levels(action, bands)):
        groups = []
        for standard, rows in groupby(in_band, key=_standard):
            count += 1 if standard else 0
            groups.append(StandardGroup(standard, count if standard else None, tuple(rows)))
        yield Band(_title(levels), tuple(groups))


def in_own_order(actions: Iterable[PlanAction], *, bands: bool) -> list[PlanAction]:
    """Return actions in the order that the school gave them, within their bands where there are any."""
    return sorted(actions, key=lambda a: (a.band if bands else "", a.position, a.pk))


def _counted_bands(actions: list[PlanAction], bands: bool) -> Iterator[Band]:
    first = 1
    for levels, in_band in groupby(actions, key=lambda action: _levels(action, bands)):
        rows = tuple(in_band)
        yield Band(_title(levels), (StandardGroup(None, None, rows, first),))
        first += len(rows)


def _levels(action: PlanAction, bands: bool) -> tuple[int, ...]:
    return action.levels if bands else ()


def _title(levels: tuple[int, ...]) -> str:
    return f"MỨC {', '.join(map(str, levels))}" if levels else ""


def _standard(action: PlanAction) -> Standard | None:
    return action.criterion.standard if action.criterion else None
