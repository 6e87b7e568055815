"""Which schools are to be reminded of their items on a day, and in which words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from plans.followups.items import SOON
from plans.followups.models import FollowUp
from plans.followups.states import FollowUpState
from plans.submitting.campaigns import days_words

LATE_EVERY = 7  # days between two reminders of what is overdue


@dataclass(frozen=True, slots=True)
class Reminder:
    """That a school be reminded of its items of one date: soon due, or late for so many weeks."""

    school_id: int
    due_on: date
    days_left: int
    count: int

    @property
    def key(self) -> str:
        """What tells this reminder from every other, the same however often the day is run."""
        late = -self.days_left
        step = "soon" if late <= 0 else f"late-{(late - 1) // LATE_EVERY}"
        return f"follow-ups:{self.school_id}:{self.due_on:%Y%m%d}:{step}"

    @property
    def words(self) -> str:
        """The reminder as a sentence to the school."""
        told = f"{self.count} kiến nghị sau kiểm tra có hạn ngày {self.due_on:%d/%m/%Y}"
        return f"{told}, {days_words(self.days_left)}."


def reminders_due(on: date) -> list[Reminder]:
    """Return which schools are to be reminded on the day `on`, by school and date: what is due within SOON days,
    once, and what is overdue, once in LATE_EVERY days. One query.
    """
    owed = FollowUp.objects.filter(state=FollowUpState.OPEN, due_on__lte=on + timedelta(days=SOON))
    counted = Counter(owed.order_by("school", "due_on", "pk").values_list("school", "due_on"))
    return [
        Reminder(school, due_on, (due_on - on).days, count)
        for (school, due_on), count in counted.items()
        if due_on is not None
    ]
