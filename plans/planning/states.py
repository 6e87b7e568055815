"""States of a plan and the one table of moves between them: who, from where, to where, what is written.

A plan and its papers are two things. The plan goes from draft to draft again when it is revised; a document
that was issued stays what it is, in force until another replaces it or it is withdrawn (`plans.issuing`).
"""

from django.db import models

from plans.moves import Move, MoveTable


class PlanState(models.TextChoices):
    """Trạng thái of a plan, in the school's words."""

    DRAFT = "draft", "Đang soạn"
    FINISHED = "finished", "Đã soạn xong"
    ISSUED = "issued", "Đã ban hành"
    SENT = "sent", "Đã gửi, chờ tiếp nhận"
    RECEIVED = "received", "Đã được tiếp nhận"
    RETURNED = "returned", "Bị trả lại để sửa"
    APPROVED = "approved", "Đã được duyệt"
    UNDER_WAY = "under_way", "Đang thực hiện"
    CLOSED = "closed", "Đã kết thúc"
    WITHDRAWN = "withdrawn", "Đã thu hồi"


OFFICE_WORDS: dict[PlanState, str] = {
    PlanState.DRAFT: "Trường đang soạn",
    PlanState.FINISHED: "Trường đã soạn xong",
    PlanState.ISSUED: "Trường đã ban hành, chưa gửi",
    PlanState.SENT: "Chờ tiếp nhận",
    PlanState.RECEIVED: "Đã tiếp nhận",
    PlanState.RETURNED: "Đã trả lại trường",
    PlanState.APPROVED: "Đã duyệt",
    PlanState.UNDER_WAY: "Trường đang thực hiện",
    PlanState.CLOSED: "Trường đã kết thúc",
    PlanState.WITHDRAWN: "Trường đã thu hồi",
}

_ON_PAPER = frozenset(
    {
        PlanState.ISSUED,
        PlanState.RECEIVED,
        PlanState.APPROVED,
        PlanState.UNDER_WAY,
    }
)

MOVES: MoveTable[PlanState] = MoveTable(
    [
        Move(
            "finish",
            frozenset({PlanState.DRAFT}),
            PlanState.FINISHED,
            "Soạn xong",
            permission="plans.finish_plan",
            done="bấm “Soạn xong”",
        ),
        Move(
            "reopen",
            frozenset({PlanState.FINISHED}),
            PlanState.DRAFT,
            "Mở lại để sửa",
            permission="plans.reopen_plan",
            done="mở lại để sửa",
        ),
        Move(
            "issue",
            frozenset({PlanState.FINISHED}),
            PlanState.ISSUED,
            "Ban hành",
            permission="plans.issue_plan",
            done="ban hành kế hoạch",
        ),
        Move(
            "send",
            frozenset({PlanState.ISSUED}),
            PlanState.SENT,
            "Gửi cơ quan quản lý",
            permission="plans.send_plan",
            done="gửi kế hoạch đến cơ quan quản lý",
        ),
        Move(
            "receive",
            frozenset({PlanState.SENT}),
            PlanState.RECEIVED,
            "Tiếp nhận",
            permission="plans.receive_plan",
            done="tiếp nhận kế hoạch",
        ),
        Move(
            "return",
            frozenset({PlanState.SENT, PlanState.RECEIVED}),
            PlanState.RETURNED,
            "Trả lại",
            permission="plans.return_plan",
            done="trả lại kế hoạch",
            wants_reason=True,
        ),
        Move(
            "approve",
            frozenset({PlanState.RECEIVED}),
            PlanState.APPROVED,
            "Duyệt",
            permission="plans.approve_plan",
            done="duyệt kế hoạch",
        ),
        Move(
            "start",
            # A school whose office does not work here begins right after issue.
            frozenset({PlanState.ISSUED, PlanState.RECEIVED, PlanState.APPROVED}),
            PlanState.UNDER_WAY,
            "Bắt đầu thực hiện",
            permission="plans.start_plan",
            done="bắt đầu thực hiện kế hoạch",
        ),
        Move(
            "close",
            frozenset({PlanState.UNDER_WAY}),
            PlanState.CLOSED,
            "Kết thúc",
            permission="plans.close_plan",
            done="kết thúc kế hoạch",
        ),
        Move(
            "withdraw",
            _ON_PAPER | {PlanState.SENT},
            PlanState.WITHDRAWN,
            "Thu hồi",
            permission="plans.withdraw_plan",
            done="thu hồi kế hoạch đã ban hành",
            wants_reason=True,
        ),
        Move(
            "revise",
            _ON_PAPER | {PlanState.RETURNED, PlanState.WITHDRAWN},
            PlanState.DRAFT,
            "Sửa đổi, ban hành lại",
            permission="plans.revise_plan",
            done="mở bản sửa đổi",
            wants_reason=True,
        ),
    ]
)
