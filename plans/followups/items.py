"""An item of follow-up on a day: how much time is left, how old it is, of which standard it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from plans.followups.models import FollowUp
from plans.followups.states import FollowUpState
from plans.inspections.models import Inspection
from plans.submitting.campaigns import days_words

SOON = 7  # days before its date in which an item is said to be due soon


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item on a day; `days_left` until its date, negative when it is past, None where no date was read."""

    item: FollowUp
    days_left: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether the school still owes it past its date."""
        return self.item.state == FollowUpState.OPEN and (self.days_left or 0) < 0

    @property
    def is_soon(self) -> bool:
        """Whether the school owes it within the next days."""
        owed = self.item.state == FollowUpState.OPEN and self.days_left is not None
        return owed and 0 <= (self.days_left or 0) <= SOON

    @property
    def time_words(self) -> str:
        """The time left in words: "quá hạn 3 ngày", "còn 5 ngày", "chưa ghi hạn"; "" once nothing is owed."""
        if self.item.state != FollowUpState.OPEN:
            return ""
        if self.days_left is None:
            return "chưa đọc được hạn" if self.item.due.strip() else "chưa ghi hạn"
        return days_words(self.days_left)

    @property
    def mark(self) -> str:
        """The name of its picture."""
        if self.is_overdue:
            return "error"
        marks = {FollowUpState.REPORTED: "clock", FollowUpState.VERIFIED: "check"}
        return marks.get(FollowUpState(self.item.state), "clock" if self.is_soon else "empty")

    @property
    def tone(self) -> str:
        """Its colour."""
        if self.is_overdue:
            return "error"
        tones = {FollowUpState.REPORTED: "work", FollowUpState.VERIFIED: "done"}
        return tones.get(FollowUpState(self.item.state), "warn" if self.is_soon else "none")


def on_day(items: Iterable[FollowUp], on: date) -> list[OpenItem]:
    """Return each item as it stands on the day `on`, in their order; no query."""
    return [OpenItem(one, (one.due_on - on).days if one.due_on else None) for one in items]


def nearest_first(items: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Order by school the Vietnamese way, then by date; what has no date comes last."""
    due = F("due_on").asc(nulls_last=True)
    return items.order_by("school__sort_key", "school_id", due, "pk")


def items_for_visit(visit: Inspection, on: date | None = None) -> list[OpenItem]:
    """Return what the school of a visit still owes or has reported from other visits, for its opening page.

    One query. What follows from the visit itself is no older item of it, once its minutes are made.
    """
    owed = FollowUp.objects.pending().filter(school=visit.school_id)
    items = owed.exclude(inspection=visit).select_related("inspection")
    return on_day(nearest_first(items), on or timezone.localdate())


class Age(models.TextChoices):
    """How long ago the minutes gave the item to the school, in days; the bounds are inclusive."""

    MONTH = "0-30", "Đến 30 ngày"
    QUARTER = "31-90", "31 đến 90 ngày"
    HALF = "91-180", "91 đến 180 ngày"
    LONGER = "181-", "Trên 180 ngày"

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The first and the last day of the age; None is without end."""
        first, _, last = self.value.partition("-")
        return int(first), int(last) if last else None


def age_of(item: FollowUp, on: date) -> Age:
    """Return how old an item is on the day `on`."""
    days = (on - timezone.localdate(item.created_at)).days
    ages = (one for one in Age if one.bounds[1] is None or days <= (one.bounds[1] or 0))
    return next(ages)


def of_age(items: QuerySet[FollowUp], age: Age, on: date) -> QuerySet[FollowUp]:
    """Keep the items of an age on the day `on`."""
    first, last = age.bounds
    if first:
        items = items.filter(created_at__lt=_midnight(on - timedelta(days=first - 1)))
    return (
        items
        if last is None
        else items.filter(created_at__gte=_midnight(on - timedelta(days=last)))
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# No standard: a section of the plan, or the remark on the whole.
NO_STANDARD = 0


def of_standard(items: QuerySet[FollowUp], number: int) -> QuerySet[FollowUp]:
    """Keep the items of the standard with this number; NO_STANDARD are those of none."""
    if number == NO_STANDARD:
        return items.filter(standard_number__isnull=True)
    return items.filter(standard_number=number)


def standard_words(number: int) -> str:
    """Return "Tiêu chuẩn 3"; of none "Ngoài các tiêu chuẩn"."""
    return f"Tiêu chuẩn {number}" if number else "Ngoài các tiêu chuẩn"
