"""Why the state of a visit keeps somebody from what they otherwise may: the sibling of the conditions in `rules`."""

from __future__ import annotations

from datetime import date

from plans.inspections.models import Inspection
from plans.inspections.rules import answers_are_closed, is_begun
from plans.inspections.states import MOVES, InspectionState

# How far a visit is, as the first half of a sentence.
_NOW = {
    InspectionState.PLANNED: "Buổi kiểm tra mới lên lịch, chưa mở biên bản",
    InspectionState.OPEN: "Biên bản đang được ghi tại trường",
    InspectionState.CONCLUDED: "Tổ kiểm tra đã kết thúc tại trường, biên bản chưa lập",
    InspectionState.MINUTED: "Biên bản đã lập, đang chờ ký",
    InspectionState.DONE: "Biên bản đã hoàn tất, buổi kiểm tra đã kết thúc",
    InspectionState.CANCELLED: "Buổi kiểm tra đã hủy",
}
_ORDER = list(_NOW)
# permission → states in which it holds, beside those of the moves
_HOLDS_IN = {
    "plans.record_visit": {InspectionState.OPEN},
    "plans.reply_visit": {InspectionState.CONCLUDED},
    "plans.decide_replies": {InspectionState.CONCLUDED},
    "plans.sign_minutes": {InspectionState.MINUTED},
    "plans.scan_minutes": {InspectionState.MINUTED, InspectionState.DONE},
} | {move.permission: set(move.sources) for move in MOVES}


def how_far(inspection: Inspection) -> str:
    """Return how far a visit is, as the first half of a sentence without its full stop."""
    return _NOW[InspectionState(inspection.state)]


def why_not(permission: str, inspection: Inspection, on: date) -> str:
    """Return why `permission` does not hold on the visit on the day `on`, as a sentence; "" if its state allows it.

    To be told to those alone who would have the permission in another state.
    """
    wanted, state = _HOLDS_IN.get(permission), InspectionState(inspection.state)
    if wanted is None:
        return ""
    if state in wanted:
        return _within(permission, inspection, on)
    late = _ORDER.index(state) > max(_ORDER.index(one) for one in wanted)
    return f"{how_far(inspection)}, nên {'không làm được việc này nữa' if late else 'chưa làm được việc này'}."


def _within(permission: str, inspection: Inspection, on: date) -> str:
    """Return what stands against the permission although the state is one that it holds in."""
    if permission == "plans.open_visit" and not is_begun(inspection):
        return "Đợt kiểm tra chưa bắt đầu, nên chưa làm được việc này."
    if permission == "plans.reply_visit" and answers_are_closed(inspection, on):
        if inspection.replied_at is not None:
            return "Nhà trường đã gửi phản hồi nên không sửa được nữa."
        return (
            f"Đã hết hạn phản hồi (ngày {inspection.reply_until:%d/%m/%Y}) nên không sửa được nữa."
        )
    return ""
