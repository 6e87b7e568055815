"""Who is told of the right of reply: the school that it may answer, and until when; the team that it did."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_school
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.notices.registry import daily

SOON = 2  # days before the last one on which the school is reminded


def tell_to_answer(inspection: Inspection, by: User) -> None:
    """Tell the school's people who may answer that the team has left, and until when they may."""
    left = inspection.concluded_at
    assert left is not None
    _tell_school(
        inspection,
        key=f"reply:{inspection.pk}:{left:%Y%m%d%H%M%S}",
        text=f"{inspection.body} đã kết thúc kiểm tra tại trường. {_until(inspection)}",
        by=by,
    )


def tell_of_return(inspection: Inspection, left: datetime, by: User) -> None:
    """Tell the school that the team, which had left at `left`, goes on writing: there is nothing to answer yet."""
    _tell_school(
        inspection,
        key=f"reply-not-yet:{inspection.pk}:{left:%Y%m%d%H%M%S}",
        text=f"Tổ kiểm tra của {inspection.body} mở lại biên bản để ghi tiếp. "
        "Khi tổ kết thúc, nhà trường sẽ được báo để phản hồi.",
        page="visits:visit",
        by=by,
    )


def tell_of_extension(inspection: Inspection, by: User) -> None:
    """Tell the school that it has longer to answer."""
    _tell_school(
        inspection,
        key=f"reply-longer:{inspection.pk}:{inspection.reply_until:%Y%m%d}",
        text=f"{inspection.body} gia hạn phản hồi. {_until(inspection)}",
        by=by,
    )


def tell_of_decisions(inspection: Inspection, at: datetime, by: User, *, changed: str = "") -> None:
    """Tell the school that the team has decided about every answer, at last at `at`.

    `changed` names the remark about whose answer it decided otherwise than before; "" where it is the first time.
    """
    words = f"đã sửa quyết định về phản hồi “{changed}”" if changed else "đã trả lời mọi phản hồi"
    _tell_school(
        inspection,
        key=f"reply-decided:{inspection.pk}:{at:%Y%m%d%H%M%S%f}",
        text=f"Tổ kiểm tra của {inspection.body} {words} của nhà trường.",
        by=by,
    )


def tell_of_replies(inspection: Inspection, answers: int, by: User) -> None:
    """Tell those of the team who decide that the school has sent its answers, or that it agrees."""
    sent = inspection.replied_at
    assert sent is not None
    what = (
        f"đã gửi phản hồi về {answers} nhận xét. Đề nghị tổ xem và quyết định."
        if answers
        else "thống nhất với nhận xét, không có ý kiến. Có thể lập biên bản."
    )
    _tell_team(
        inspection,
        key=f"replied:{inspection.pk}:{sent:%Y%m%d%H%M%S}",
        text=f"{inspection.school} {what}",
        by=by,
    )


@daily
def tell_of_reply_days(on: date) -> None:
    """Remind the schools whose last day to answer is near or here; tell the team once that it is past."""
    waiting = Inspection.objects.filter(
        state=InspectionState.CONCLUDED, replied_at__isnull=True, reply_until__isnull=False
    )
    for inspection in waiting.for_page().order_by("pk"):
        assert inspection.reply_until is not None
        left = (inspection.reply_until - on).days
        if left < 0:
            _tell_of_freeze(inspection)
        elif left <= SOON:
            _remind(inspection, left)


def _remind(inspection: Inspection, left: int) -> None:
    """Remind the school: once within the days before the last one, once on that."""
    step = "soon" if left else "last"
    when = f"Còn {left} ngày" if left else "Hôm nay là ngày cuối"
    _tell_school(
        inspection,
        key=f"reply-{step}:{inspection.pk}:{inspection.reply_until:%Y%m%d}",
        text=f"{when} để phản hồi nhận xét của {inspection.body}. {_until(inspection)}",
    )


def _tell_of_freeze(inspection: Inspection) -> None:
    _tell_team(
        inspection,
        key=f"reply-closed:{inspection.pk}:{inspection.reply_until:%Y%m%d}",
        text=f"{inspection.school} đã hết hạn phản hồi (ngày {inspection.reply_until:%d/%m/%Y}). "
        "Đề nghị tổ xem phản hồi, nếu có, rồi lập biên bản.",
    )


def _until(inspection: Inspection) -> str:
    return f"Nhà trường phản hồi đến hết ngày {inspection.reply_until:%d/%m/%Y}."


def _tell_school(
    inspection: Inspection,
    *,
    key: str,
    text: str,
    page: str = "replies:replies",
    by: User | None = None,
) -> None:
    people = people_of_school(inspection.school_id, "plans.reply_visit", on=timezone.localdate())
    _tell(people, inspection, key, text, page, by)


def _tell_team(inspection: Inspection, *, key: str, text: str, by: User | None = None) -> None:
    leading = (TeamRole.LEAD, TeamRole.SECRETARY)
    seats = inspection.members.filter(removed_at__isnull=True, role__in=leading)
    people = User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("pk")
    _tell(list(people), inspection, key, text, "replies:replies", by)


def _tell(
    people: list[User], inspection: Inspection, key: str, text: str, page: str, by: User | None
) -> None:
    tell(
        people,
        NoticeKind.REPLY,
        key=key,
        text=text,
        path=reverse(page, args=[inspection.pk]),
        school_id=inspection.school_id,
        by=by,
    )
