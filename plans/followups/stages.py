"""How far a visit is on a day, as an office counts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils import timezone

from plans.inspections.models import Inspection
from plans.inspections.models.visit import InspectionQuerySet
from plans.inspections.rules import closed_answers
from plans.inspections.states import InspectionState
from plans.replying.turns import WAITS_FOR_MINUTES


class Stage(models.TextChoices):
    """How far a visit is, as an office counts it; those that were cancelled are in none."""

    PLANNED = "planned", "Đã lên lịch"
    OPEN = "open", "Đang kiểm tra"
    ANSWERING = "answering", InspectionState.CONCLUDED.label
    NO_MINUTES = "no_minutes", WAITS_FOR_MINUTES
    TO_SIGN = "to_sign", "Chờ ký biên bản"
    DONE = "done", "Đã xong"


_STAGES = {
    InspectionState.PLANNED: Stage.PLANNED,
    InspectionState.OPEN: Stage.OPEN,
    InspectionState.MINUTED: Stage.TO_SIGN,
    InspectionState.DONE: Stage.DONE,
}


def in_stage(visits: InspectionQuerySet, stage: Stage, on: date) -> InspectionQuerySet:
    """Keep the visits that are so far on the day `on`."""
    for state, its in _STAGES.items():
        if its is stage:
            return visits.filter(state=state)
    over = closed_answers(on)
    concluded = visits.filter(state=InspectionState.CONCLUDED)
    return concluded.filter(over) if stage is Stage.NO_MINUTES else concluded.exclude(over)


@dataclass(frozen=True, slots=True)
class VisitOnDay:
    """A visit on a day; `since` is the day from which its minutes could have been made, None while they cannot."""

    visit: Inspection
    stage: Stage
    since: date | None
    on: date

    @property
    def time_words(self) -> str:
        """How long minutes have been wanting, how long until the visit, until when the school answers; else ""."""
        if self.stage is Stage.NO_MINUTES and self.since is not None:
            days = (self.on - self.since).days
            return f"đã {days} ngày" if days > 0 else "từ hôm nay"
        if self.stage is Stage.PLANNED:
            left = (self.visit.planned_on - self.on).days
            if left < 0:
                return f"quá ngày {-left} ngày, chưa mở biên bản"
            return f"còn {left} ngày" if left else "hôm nay"
        if self.stage is Stage.ANSWERING and self.visit.reply_until is not None:
            return f"đến hết {self.visit.reply_until:%d/%m/%Y}"
        return ""

    @property
    def is_late(self) -> bool:
        """Whether something should have been done before this day."""
        past = self.stage is Stage.PLANNED and self.visit.planned_on < self.on
        return past or self.stage is Stage.NO_MINUTES


def visit_on_day(visit: Inspection, on: date) -> VisitOnDay | None:
    """Return how far a visit is on the day `on`; None for one that was cancelled."""
    state = InspectionState(visit.state)
    if state == InspectionState.CANCELLED:
        return None
    since: date | None = None
    if state == InspectionState.CONCLUDED:
        if visit.replied_at is not None:
            since = timezone.localdate(visit.replied_at)
        elif visit.reply_until is not None and visit.reply_until < on:
            since = visit.reply_until + timedelta(days=1)
        return VisitOnDay(visit, Stage.NO_MINUTES if since else Stage.ANSWERING, since, on)
    return VisitOnDay(visit, _STAGES[state], None, on)


# What `visit_on_day` reads of a visit.
TOLD = ("state", "planned_on", "opened_at", "replied_at", "reply_until", "school__kind")
