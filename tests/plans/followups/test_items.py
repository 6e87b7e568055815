"""An item on a day: its time in words, its age, and that lists and counts agree about it."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from plans.followups.items import Age, age_of, items_for_visit, of_age, on_day
from plans.followups.models import FollowUp
from tests.factories import accounts, followups, inspections

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 20)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 30)))


def item(**values: Any) -> FollowUp:
    return followups.follow_up(**values)


@pytest.mark.parametrize(
    ("values", "words", "mark", "tone"),
    [
        ({"due_on": date(2026, 4, 19)}, "quá hạn 1 ngày", "error", "error"),
        ({"due_on": date(2026, 4, 20)}, "hôm nay là hạn cuối", "clock", "warn"),
        ({"due_on": date(2026, 4, 27)}, "còn 7 ngày", "clock", "warn"),
        ({"due_on": date(2026, 4, 28)}, "còn 8 ngày", "empty", "none"),
        ({"due_on": None, "due": "sớm"}, "chưa đọc được hạn", "empty", "none"),
        ({"due_on": None, "due": ""}, "chưa ghi hạn", "empty", "none"),
        ({"due_on": date(2026, 4, 1), "state": "reported"}, "", "clock", "work"),
    ],
)
def test_time_of_an_item_is_said_in_words(
    values: dict[str, Any], words: str, mark: str, tone: str
) -> None:
    (one,) = on_day([item(**values)], TODAY)

    assert (one.time_words, one.mark, one.tone) == (words, mark, tone)


def test_next_visit_opens_with_what_is_not_verified_nearest_date_first() -> None:
    late = item(due_on=date(2026, 4, 1))
    plan = late.inspection.plan
    rest = [
        item(inspection=inspections.inspection(plan, "done"), **values)
        for values in ({"due_on": None}, {"due_on": date(2026, 3, 1), "state": "reported"})
    ]
    by = accounts.user()
    done = {"state": "verified", "verified_by": by, "verified_at": timezone.now()}
    item(inspection=inspections.inspection(plan, "done"), **done)
    item()
    visit = inspections.inspection(plan, "minuted")
    item(inspection=visit)  # its own, which are no older ones

    found = items_for_visit(visit, TODAY)

    assert [one.item for one in found] == [rest[1], late, rest[0]]


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, Age.MONTH),
        (30, Age.MONTH),
        (31, Age.QUARTER),
        (90, Age.QUARTER),
        (91, Age.HALF),
        (180, Age.HALF),
        (181, Age.LONGER),
        (1000, Age.LONGER),
    ],
)
def test_count_and_list_agree_about_age(days: int, age: Age) -> None:
    one = item(created_at=at(TODAY - timedelta(days=days)))

    assert age_of(one, TODAY) is age
    known = {a: of_age(FollowUp.objects.all(), a, TODAY).count() for a in Age}
    assert known == {a: int(a is age) for a in Age}
