"""States of a follow-up item and the one table of moves between them."""

from django.db import models

from plans.moves import Move, MoveTable


class FollowUpState(models.TextChoices):
    """Trạng thái of an item."""

    OPEN = "open", "Chưa hoàn thành"
    REPORTED = "reported", "Trường báo đã làm, chờ xác nhận"
    VERIFIED = "verified", "Đã xác nhận hoàn thành"


MOVES: MoveTable[FollowUpState] = MoveTable(
    [
        Move(
            "report",
            frozenset({FollowUpState.OPEN}),
            FollowUpState.REPORTED,
            "Báo đã làm xong",
            permission="plans.report_follow_up",
            done="báo đã thực hiện kiến nghị",
        ),
        Move(
            "verify",
            frozenset({FollowUpState.REPORTED}),
            FollowUpState.VERIFIED,
            "Xác nhận đã hoàn thành",
            permission="plans.verify_follow_up",
            done="xác nhận kiến nghị đã hoàn thành",
        ),
        Move(
            "reopen",
            frozenset({FollowUpState.REPORTED, FollowUpState.VERIFIED}),
            FollowUpState.OPEN,
            "Mở lại",
            permission="plans.reopen_follow_up",
            done="mở lại kiến nghị",
            wants_reason=True,
        ),
    ]
)
