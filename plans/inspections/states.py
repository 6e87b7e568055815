"""States of a visit and the one table of moves between them: who, from where, to where."""

from django.db import models

from plans.moves import Move, MoveTable


class InspectionState(models.TextChoices):
    """Trạng thái of a visit, in words for both sides."""

    PLANNED = "planned", "Đã lên lịch"
    OPEN = "open", "Đang kiểm tra"
    CONCLUDED = "concluded", "Chờ nhà trường phản hồi"
    MINUTED = "minuted", "Đã lập biên bản, chờ ký"
    DONE = "done", "Biên bản đã ký"
    CANCELLED = "cancelled", "Đã hủy"


_PLANNED, _OPEN = InspectionState.PLANNED, InspectionState.OPEN
_CONCLUDED, _MINUTED = InspectionState.CONCLUDED, InspectionState.MINUTED

MOVES: MoveTable[InspectionState] = MoveTable(
    [
        Move(
            "open",
            frozenset({_PLANNED}),
            _OPEN,
            "Mở biên bản",
            permission="plans.open_visit",
            done="mở biên bản kiểm tra",
        ),
        Move(
            "conclude",
            frozenset({_OPEN}),
            _CONCLUDED,
            "Kết thúc kiểm tra tại trường",
            permission="plans.conclude_visit",
            done="kết thúc kiểm tra tại trường",
        ),
        Move(
            "resume",
            frozenset({_CONCLUDED}),
            _OPEN,
            "Mở lại để ghi tiếp",
            permission="plans.resume_visit",
            done="mở lại biên bản để ghi tiếp",
            wants_reason=True,
        ),
        Move(
            "make_minutes",
            frozenset({_CONCLUDED}),
            _MINUTED,
            "Lập biên bản",
            permission="plans.make_minutes",
            done="lập biên bản kiểm tra",
        ),
        Move(
            "redo_minutes",
            frozenset({_MINUTED}),
            _CONCLUDED,
            "Hủy biên bản để lập lại",
            permission="plans.redo_minutes",
            done="hủy biên bản chưa ai ký để lập lại",
            wants_reason=True,
        ),
        Move(
            "complete",
            frozenset({_MINUTED}),
            InspectionState.DONE,
            "Hoàn tất biên bản",
            permission="plans.complete_visit",
            done="ghi nhận biên bản đủ chữ ký",
        ),
        Move(
            "cancel",
            frozenset({_PLANNED, _OPEN}),
            InspectionState.CANCELLED,
            "Hủy buổi kiểm tra",
            permission="plans.cancel_visit",
            done="hủy buổi kiểm tra",
            wants_reason=True,
        ),
    ]
)

# While a visit is in one of these, its team sees the plan and the record; before and after, it does not.
TEAM_SEES = frozenset({_OPEN, _CONCLUDED, _MINUTED})
# What was found is the school's to read once the team has left, not while it is still being written.
SCHOOL_READS = frozenset({_CONCLUDED, _MINUTED, InspectionState.DONE})
