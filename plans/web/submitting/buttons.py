"""The moves that a person may make with a plan, as buttons: from the one table, asked of the same permissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from plans.accounts.models import User
from plans.moves import Move
from plans.planning.models import Plan
from plans.planning.states import MOVES, PlanState
from plans.submitting import actions
from plans.web.submitting.forms import NoteForm, OneOfMany, PlainForm, ReasonForm


@dataclass(frozen=True, slots=True)
class Deed:
    """How a move is made on the web: by which action, from which form, what is said before and after."""

    act: Callable[..., Any]
    form: type[OneOfMany]
    done: str
    about: str
    of_office: bool = False


DEEDS: dict[str, Deed] = {
    "send": Deed(
        actions.send_plan,
        NoteForm,
        "Đã gửi kế hoạch.",
        "Văn bản đang có hiệu lực được gửi đến cơ quan quản lý. Đang chờ tiếp nhận thì trường không sửa được.",
    ),
    "receive": Deed(
        actions.receive_plan,
        PlainForm,
        "Đã tiếp nhận kế hoạch.",
        "Trường thấy kế hoạch đã được tiếp nhận. Sau đó vẫn trả lại được.",
        of_office=True,
    ),
    "return": Deed(
        actions.return_plan,
        ReasonForm,
        "Đã trả lại kế hoạch cho trường.",
        "Trường đọc được lý do và mọi ý kiến đã ghi ở trên, rồi sửa và gửi lại.",
        of_office=True,
    ),
    "approve": Deed(
        actions.approve_plan,
        PlainForm,
        "Đã duyệt kế hoạch.",
        "Sau khi duyệt, trường bắt đầu thực hiện.",
        of_office=True,
    ),
    "start": Deed(
        actions.start_plan,
        PlainForm,
        "Kế hoạch đang được thực hiện.",
        "Ghi nhận trường bắt đầu thực hiện kế hoạch.",
    ),
    "close": Deed(
        actions.close_plan,
        PlainForm,
        "Kế hoạch đã kết thúc.",
        "Kế hoạch đã kết thúc thì không sửa, không ban hành lại được.",
    ),
    "revise": Deed(
        actions.revise_plan,
        ReasonForm,
        "Đã mở bản sửa đổi.",
        "Kế hoạch trở lại trạng thái đang soạn để sửa rồi ban hành lại. Văn bản đã ban hành vẫn có hiệu lực "
        "cho đến khi văn bản mới thay thế.",
    ),
    "withdraw": Deed(
        actions.withdraw_plan,
        ReasonForm,
        "Đã thu hồi kế hoạch.",
        "Văn bản đã ban hành hết hiệu lực ngay, nhưng vẫn tra cứu được là văn bản đã thu hồi.",
    ),
}


@dataclass(frozen=True, slots=True)
class Button:
    """One move that the person may make, with its form and address."""

    move: Move[PlanState]
    deed: Deed
    form: OneOfMany
    url: str


def buttons(
    plan: Plan, user: User, *, of_office: bool, refused: dict[str, OneOfMany] | None = None
) -> list[Button]:
    """Return the moves that `user` may make now, of the school's or of the office's page; `refused` forms as typed."""
    return [
        Button(
            MOVES[name],
            deed,
            (refused or {}).get(name) or deed.form(name=name),
            reverse(f"submitting:{name}", args=[plan.pk]),
        )
        for name, deed in DEEDS.items()
        if deed.of_office is of_office and user.has_perm(MOVES[name].permission, plan)
    ]


def issue_url(plan: Plan) -> str:
    """Return where the plan is issued; "" in a house that has no such page."""
    try:
        return reverse("issuing:issue", args=[plan.pk])
    except NoReverseMatch:
        return ""
