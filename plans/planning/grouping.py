"""The table's rows as screen and paper both show them: by band of levels, then by standard, TT counted once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from criteria.models import Standard
from plans.planning.models import PlanAction


@dataclass(frozen=True, slots=True)
class StandardGroup:
    """The actions of one standard within a band; no standard, and no number, where none was chosen yet."""

    standard: Standard | None
    index: int | None
    actions: tuple[PlanAction, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The actions that aim at the same levels; `title` is "MỨC 1, 2, 3", "" where none was chosen."""

    title: str
    standards: tuple[StandardGroup, ...]


def action_bands(actions: Iterable[PlanAction], *, bands: bool) -> Iterator[Band]:
    """Yield the bands of actions that come in print order; one band without a title where `bands` is off.

    TT counts the standards shown, as both forms in use do, not their numbers in the framework.
    """
    count = 0
    for levels, in_band in groupby(actions, key=lambda action: action.levels if bands else ()):
        groups = []
        for standard, rows in groupby(in_band, key=_standard):
            count += 1 if standard else 0
            groups.append(StandardGroup(standard, count if standard else None, tuple(rows)))
        yield Band(f"MỨC {', '.join(map(str, levels))}" if levels else "", tuple(groups))


def _standard(action: PlanAction) -> Standard | None:
    return action.criterion.standard if action.criterion else None
