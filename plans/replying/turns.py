"""Whose turn it is at a visit, and what comes next, in words for each side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

from plans.arranging.calendar import is_working_day
from plans.inspections.models import Inspection
from plans.inspections.rules import answers_are_closed, opens_on
from plans.inspections.states import InspectionState

WAITS_FOR_MINUTES = "Chờ lập biên bản"  # of a visit whose school has answered, or had its days to


class Turn(TextChoices):
    """Who is to do the next thing."""

    OFFICE = "office", "Cơ quan kiểm tra"
    TEAM = "team", "Tổ kiểm tra"
    SCHOOL = "school", "Nhà trường"
    BOTH = "both", "Tổ kiểm tra và nhà trường"
    NOBODY = "nobody", ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next at a visit, by whom, and until when where there is a day."""

    turn: Turn
    words: str
    due: date | None = None

    def is_late(self, on: date) -> bool:
        """Say whether the day is past."""
        return self.due is not None and self.due < on


def state_words(inspection: Inspection, on: date) -> str:
    """Return where a visit stands on the day `on`: its state in words, of which the answer to findings has two.

    While the school may answer the visit waits for it; afterwards it waits for its minutes, as `next_step` says.
    """
    state = InspectionState(inspection.state)
    if state == InspectionState.CONCLUDED and answers_are_closed(inspection, on):
        return WAITS_FOR_MINUTES
    return str(state.label)


def next_step(inspection: Inspection, on: date, *, is_untold: bool) -> NextStep:
    """Return the next step of a visit on the day `on`; of one that is over, a step of nobody that says so.

    `is_untold` says whether it is among the `untold()`. Reads `campaign`, so select it. The words address nobody, so
    that every side reads the same.
    """
    match inspection.state:
        case InspectionState.PLANNED:
            return _before(inspection, on, is_untold)
        case InspectionState.OPEN:
            words = "Ghi biên bản tại trường, xong thì bấm “Kết thúc kiểm tra tại trường”"
            return NextStep(Turn.TEAM, words)
        case InspectionState.CONCLUDED:
            return _answering(inspection, on)
        case InspectionState.MINUTED:
            return NextStep(Turn.BOTH, "Ký biên bản")
        case InspectionState.DONE:
            return NextStep(Turn.NOBODY, "Biên bản đã đủ chữ ký; các kiến nghị được theo dõi riêng")
    return NextStep(Turn.NOBODY, f"Đã hủy. Lý do: {inspection.cancel_reason}")


def _before(inspection: Inspection, on: date, is_untold: bool) -> NextStep:
    campaign = inspection.campaign
    if campaign is not None and campaign.started_at is None:
        return NextStep(Turn.OFFICE, "Bắt đầu đợt kiểm tra")
    if is_untold:
        words = "Gửi thông báo kiểm tra cho nhà trường"
        return NextStep(Turn.OFFICE, words, notice_due(inspection.planned_on, on))
    words, first = "Đến trường và mở biên bản", opens_on(inspection)
    if on < first:
        words += f" (tổ mở được từ ngày {first:%d/%m/%Y})"
    return NextStep(Turn.TEAM, words, inspection.planned_on)


# So that a school may lay out its papers; no regulation names a number.
NOTICE_DAYS = 3


def notice_due(planned_on: date, on: date) -> date:
    """Return until when a school is to be told of a visit: `NOTICE_DAYS` working days before it.

    Where these have begun on the day `on`, today; never after the visit.
    """
    day, left = planned_on, NOTICE_DAYS
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day)
    return min(planned_on, max(on, day))


def _answering(inspection: Inspection, on: date) -> NextStep:
    until = inspection.reply_until
    if inspection.replied_at is None and until is not None and on <= until:
        return NextStep(Turn.SCHOOL, "Phản hồi các nhận xét", until)
    return NextStep(Turn.TEAM, "Xem phản hồi của nhà trường và lập biên bản")
