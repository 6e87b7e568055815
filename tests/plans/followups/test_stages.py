"""How far a visit is: in one stage, with its words, counted and listed alike."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.utils import timezone

from plans.followups.stages import Stage, in_stage, visit_on_day
from plans.followups.tables import visit_table
from plans.inspections.models import Inspection
from tests.factories import inspections

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 20)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 30)))


STAGES: list[tuple[dict[str, Any], Stage, str, bool]] = [
    ({"state": "planned", "planned_on": date(2026, 4, 23)}, Stage.PLANNED, "còn 3 ngày", False),
    ({"state": "planned", "planned_on": TODAY}, Stage.PLANNED, "hôm nay", False),
    (
        {"state": "planned", "planned_on": date(2026, 4, 18)},
        Stage.PLANNED,
        "quá ngày 2 ngày, chưa mở biên bản",
        True,
    ),
    ({"state": "open"}, Stage.OPEN, "", False),
    (
        {"state": "concluded", "reply_until": TODAY},
        Stage.ANSWERING,
        "đến hết 20/04/2026",
        False,
    ),
    (
        {"state": "concluded", "reply_until": date(2026, 4, 19)},
        Stage.NO_MINUTES,
        "từ hôm nay",
        True,
    ),
    (
        {"state": "concluded", "reply_until": date(2026, 4, 14)},
        Stage.NO_MINUTES,
        "đã 5 ngày",
        True,
    ),
    (
        {
            "state": "concluded",
            "reply_until": date(2026, 4, 30),
            "replied_at": at(date(2026, 4, 17)),
        },
        Stage.NO_MINUTES,
        "đã 3 ngày",
        True,
    ),
    ({"state": "minuted"}, Stage.TO_SIGN, "", False),
    ({"state": "done"}, Stage.DONE, "", False),
]


@pytest.mark.parametrize(("values", "stage", "words", "late"), STAGES)
def test_visit_is_counted_and_listed_in_one_stage(
    values: dict[str, Any], stage: Stage, words: str, late: bool
) -> None:
    visit = inspections.inspection(**values)

    one = visit_on_day(visit, TODAY)

    assert one is not None
    assert (one.stage, one.time_words, one.is_late) == (stage, words, late)
    listed = {s: in_stage(Inspection.objects.all(), s, TODAY).count() for s in Stage}
    assert listed == {s: int(s is stage) for s in Stage}


def test_cancelled_visit_is_in_no_stage() -> None:
    visit = inspections.inspection(state="cancelled")

    assert visit_on_day(visit, TODAY) is None
    assert visit_table(Inspection.objects.all(), TODAY).total == 0
