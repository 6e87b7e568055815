"""Who is told about follow-up items: the school of what it owes, the office of what waits for it."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_body, people_of_school
from plans.followups.models import FollowUp
from plans.followups.reminders import reminders_due
from plans.followups.states import FollowUpState
from plans.inspections.models import Inspection
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.notices.registry import daily

# Whoever may take items into the plan answers for them in the school.
ANSWERS_FOR = "plans.carry_follow_up"
QUOTED = 120  # characters of an item in a notice


def tell_of_items(inspection: Inspection, count: int, by: User) -> None:
    """Tell the people of the school that answer for its follow-up how many items the minutes hold."""
    day = f"{inspection.visited_on:%d/%m/%Y}"
    tell(
        people_of_school(inspection.school_id, ANSWERS_FOR, on=timezone.localdate()),
        NoticeKind.FOLLOW_UP,
        key=f"follow-ups:{inspection.pk}",
        text=f"Biên bản kiểm tra ngày {day} có {count} kiến nghị để nhà trường thực hiện.",
        path=reverse("followups:list"),
        school_id=inspection.school_id,
        by=by,
    )


def tell_of_step(item: FollowUp, step: int, by: User) -> None:
    """Tell the other side where an item now stands; `step` is the key of the step that brought it there."""
    state, today = FollowUpState(item.state), timezone.localdate()
    if state is FollowUpState.REPORTED:
        people = people_of_body(item.inspection.body_id, "plans.verify_follow_up", on=today)
        told = f"{item.school} báo đã thực hiện kiến nghị, chờ xác nhận"
    else:
        people = people_of_school(item.school_id, ANSWERS_FOR, on=today)
        verified = state is FollowUpState.VERIFIED
        told = "Kiến nghị đã được xác nhận hoàn thành" if verified else "Kiến nghị được mở lại"
    tell(
        people,
        NoticeKind.FOLLOW_UP,
        key=f"follow-up-step:{step}",
        text=f"{told}: {_quoted(item.body)}",
        path=reverse("followups:item", args=[item.pk]),
        school_id=item.school_id,
        by=by,
    )


def tell_of_date(item: FollowUp, step: int, by: User) -> None:
    """Tell the school that an item has another date; `step` is the key of the step that changed it."""
    tell(
        people_of_school(item.school_id, ANSWERS_FOR, on=timezone.localdate()),
        NoticeKind.FOLLOW_UP,
        key=f"follow-up-step:{step}",
        text=f"Hạn của kiến nghị đổi thành {item.due or '(chưa ghi)'}: {_quoted(item.body)}",
        path=reverse("followups:item", args=[item.pk]),
        school_id=item.school_id,
        by=by,
    )


def _quoted(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED].rsplit(' ', 1)[0]}…"


@daily
def tell_of_dates(on: date) -> None:
    """Remind the schools of items that are due soon or overdue; each date once before and once a week after it."""
    for due in reminders_due(on):
        tell(
            people_of_school(due.school_id, ANSWERS_FOR, on=on),
            NoticeKind.FOLLOW_UP,
            key=due.key,
            text=due.words,
            path=f"{reverse('followups:list')}?han={'qua' if due.days_left < 0 else 'sap'}",
            school_id=due.school_id,
        )
