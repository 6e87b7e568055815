"""Reminders of items: one for each school and date, the same for a week."""

from datetime import date
from typing import Any

import pytest

from plans.followups.models import FollowUp
from plans.followups.reminders import reminders_due
from tests.factories import followups, inspections

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 20)


def item(**values: Any) -> FollowUp:
    return followups.follow_up(**values)


def test_reminders_are_one_for_each_school_and_date_and_stay_the_same_for_a_week() -> None:
    first = item(due_on=date(2026, 4, 20))
    plan = first.inspection.plan
    item(inspection=inspections.inspection(plan, "done"), due_on=date(2026, 4, 20))
    item(due_on=date(2026, 4, 28))
    item(due_on=date(2026, 4, 19), state="reported")
    item(due_on=None)

    def keys(on: date) -> list[str]:
        return [one.key for one in reminders_due(on)]

    school = first.school_id
    assert keys(date(2026, 4, 12)) == []
    soon = f"follow-ups:{school}:20260420:soon"
    assert keys(date(2026, 4, 13)) == keys(TODAY) == [soon]
    (due,) = reminders_due(TODAY)
    assert due.words == "2 kiến nghị sau kiểm tra có hạn ngày 20/04/2026, hôm nay là hạn cuối."
    late = f"follow-ups:{school}:20260420:late-0"
    assert keys(date(2026, 4, 21))[0] == keys(date(2026, 4, 27))[0] == late
    assert keys(date(2026, 4, 28))[0] == late.replace("late-0", "late-1")
    late_now = reminders_due(date(2026, 4, 23))[0]
    assert late_now.words == "2 kiến nghị sau kiểm tra có hạn ngày 20/04/2026, quá hạn 3 ngày."
