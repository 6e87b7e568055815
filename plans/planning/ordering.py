"""Rows that change places: the new order and the positions that show it."""

from collections.abc import Sequence


def swapped(order: Sequence[int], one: int, *, up: bool) -> list[int] | None:
    """Return `order` with `one` and its neighbour above or below exchanged; None where it has none there."""
    here = order.index(one)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return None
    changed = list(order)
    changed[here], changed[there] = changed[there], changed[here]
    return changed


def rising(positions: Sequence[int]) -> list[int]:
    """Return the positions made strictly rising, so that equal ones cannot keep a move from showing."""
    made: list[int] = []
    for position in sorted(positions):
        made.append(max(position, made[-1] + 1 if made else position))
    return made
