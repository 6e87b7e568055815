"""Whose turn it is at a visit, and what comes next, in words for each side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState


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


def next_step(inspection: Inspection, on: date) -> NextStep:
    """Return the next step of a visit on the day `on`; of one that is over, a step of nobody that says so.

    Reads `campaign`, so select it. The words address nobody, so that every side reads the same.
    """
    match inspection.state:
        case InspectionState.PLANNED:
            return _before(inspection)
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


def _before(inspection: Inspection) -> NextStep:
    campaign = inspection.campaign
    if campaign is not None and campaign.started_at is None:
        return NextStep(Turn.OFFICE, "Bắt đầu đợt kiểm tra")
    if inspection.notified_at is None:
        words = "Gửi thông báo kiểm tra cho nhà trường"
        return NextStep(Turn.OFFICE, words, inspection.planned_on)
    return NextStep(Turn.TEAM, "Đến trường và mở biên bản", inspection.planned_on)


def _answering(inspection: Inspection, on: date) -> NextStep:
    until = inspection.reply_until
    if inspection.replied_at is None and until is not None and on <= until:
        return NextStep(Turn.SCHOOL, "Phản hồi các nhận xét", until)
    return NextStep(Turn.TEAM, "Xem phản hồi của nhà trường và lập biên bản")
