"""The history of an action over the years: how often it was promised, and what became of it each time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from plans.planning.models import Plan, PlanAction


@dataclass(frozen=True, slots=True)
class Promise:
    """An action that earlier plans held as well: their rows, newest first, and the how manieth time this is."""

    thread: UUID
    earlier: tuple[PlanAction, ...]

    @property
    def count(self) -> int:
        """How many school years hold it, this one included."""
        return 1 + len({row.plan.school_year_id for row in self.earlier})

    @property
    def last(self) -> PlanAction:
        """The action as the year before had it."""
        return self.earlier[0]

    @property
    def last_words(self) -> str:
        """What became of it last time, in words."""
        return self.last.get_progress_display() or "chưa có thông tin"


def promises(plan: Plan, actions: Iterable[PlanAction] | None = None) -> dict[UUID, Promise]:
    """Return the promises that the plan's actions go on from: thread → Promise; new actions are left out.

    One query, however many actions; `actions` defaults to the plan's prefetched ones.
    """
    threads = {row.thread for row in (plan.actions.all() if actions is None else actions)}
    if not threads:
        return {}
    rows = (
        PlanAction.objects.kept()
        .filter(
            thread__in=threads,
            plan__school_id=plan.school_id,
            plan__school_year__start_year__lt=plan.school_year.start_year,
        )
        .select_related("plan__school_year", "criterion")
        .order_by("thread", "-plan__school_year__start_year", "position", "pk")
    )
    return {
        thread: Promise(thread, tuple(group))
        for thread, group in groupby(rows, key=lambda row: row.thread)
    }
