"""Whose turn it is at a visit, and until when."""

from datetime import date

import pytest

from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.replying.turns import next_step

MONDAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 10, 1), date(2026, 10, 7)),  # Wednesday: Friday, Thursday, Wednesday before
        (date(2026, 10, 7), date(2026, 10, 7)),
        (date(2026, 10, 8), date(2026, 10, 8)),  # not a day that is past
        (MONDAY, MONDAY),
        (date(2026, 10, 13), MONDAY),  # late: the visit itself is past
    ],
)
def test_school_is_told_some_working_days_before_the_visit(on: date, due: date) -> None:
    visit = Inspection(state=InspectionState.PLANNED, planned_on=MONDAY)

    step = next_step(visit, on, is_untold=True)

    assert (step.words, step.due) == ("Gửi thông báo kiểm tra cho nhà trường", due)
    assert step.is_late(on) == (on > MONDAY)


def test_holidays_do_not_count_as_days_of_notice() -> None:
    visit = Inspection(state=InspectionState.PLANNED, planned_on=date(2026, 9, 4))

    due = next_step(visit, date(2026, 8, 1), is_untold=True).due

    assert due == date(2026, 8, 28)  # 1 and 2 September are free, so are Saturday and Sunday
