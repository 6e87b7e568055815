"""Kết thúc kiểm tra tại trường: the team leaves, the school's days to answer begin; how these are undone, extended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.inspections.enums import FindingKind, Outcome
from plans.inspections.models import Inspection, Reply
from plans.inspections.moving import locked, move_inspection
from plans.inspections.rules import answers_are_closed
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.recording.fields import field_label, split_target
from plans.recording.head_words import misread
from plans.recording.reading import place_words, read_record
from plans.replying.telling import tell_of_extension, tell_of_return, tell_to_answer

ANSWERED = "Nhà trường đã phản hồi nên không mở lại biên bản để ghi tiếp được."
NOT_AGAIN = "Biên bản không mở lại để ghi tiếp được nữa."
LONGEST_REPLY = 60  # days that a school may be given, so that a slip in the year is seen


# --- before the team leaves -------------------------------------------------------------------------------


def warnings_before_concluding(inspection: Inspection) -> list[str]:
    """Return what the record still lacks or says amiss, in words; [] is nothing. None of it keeps the team from leaving."""
    told = []
    if not inspection.ended.strip():
        told.append("Chưa ghi giờ kết thúc.")
    people = inspection.attendees.filter(removed="")
    if not any(one.full_name.strip() for one in people):
        told.append("Chưa ghi ai dự phía nhà trường.")
    if not inspection.copies.strip():
        told.append("Chưa ghi biên bản được lập thành mấy bản.")
    told += misread(inspection)
    actions = inspection.findings.filter(kind=FindingKind.ACTION, verdict="")
    unsaid = list(actions.order_by("position", "pk").values_list("title", flat=True))
    if unsaid:
        told.append(f"Còn {len(unsaid)} việc chưa chọn tình trạng thực hiện: {_first(unsaid)}.")
    return told


def conflicts_to_settle(inspection: Inspection) -> list[str]:
    """Return the fields that two people filled differently and nobody chose between, in words; [] is none."""
    rows = inspection.entries.filter(outcome=Outcome.CONFLICT, settled_at__isnull=True)
    places = list(dict.fromkeys(rows.order_by("pk").values_list("target", "field")))
    names = place_words(read_record(inspection)) if places else {}
    return [_place(target, field, names) for target, field in places]


def _place(target: str, field: str, names: dict[str, str]) -> str:
    """Return "Tiêu chí 1.5, ô “nhận xét”"."""
    label = field_label(split_target(target)[0], field)
    about = names.get(target, "")
    return f"{about}, ô “{label}”" if about else f"ô “{label}”"


def _first(titles: Iterable[str], most: int = 3) -> str:
    told = list(titles)
    return "; ".join(told[:most]) + (" …" if len(told) > most else "")


# --- the team leaves, and may come back -------------------------------------------------------------------


@transaction.atomic
def conclude_visit(
    *,
    inspection: Inspection,
    by: User,
    reply_until: date | None = None,
    at: datetime | None = None,
) -> Inspection:
    """Close the record of the spot, let the school answer until the end of `reply_until`, and return the visit.

    Without `reply_until` the school has the visit's own `reply_days`, counted from the day after. The people of
    the school who may answer are told. Raises MoveNotAllowed unless the record is open, ValidationError for a
    day that is past or too far, and while something written twice waits for a choice.
    """
    held, now = locked(inspection), at or timezone.now()
    today = timezone.localdate(now)
    waiting = conflicts_to_settle(held)
    if held.state == InspectionState.OPEN and waiting:
        words = "; ".join(waiting)
        raise ValidationError(
            f"Có ô được hai người ghi khác nhau, cần chọn trước khi kết thúc: {words}."
        )
    until = reply_until or default_reply_until(held, today)
    _check_day(until, today)
    fields: dict[str, Any] = {"concluded_at": now, "concluded_by": by, "reply_until": until}
    moved = move_inspection(inspection=held, name="conclude", by=by, **fields)
    tell_to_answer(moved, by)
    return moved


def default_reply_until(inspection: Inspection, on: date) -> date:
    """Return the last day to answer of a visit that ends on the day `on`, if nobody says another."""
    return on + timedelta(days=inspection.reply_days)


def _check_day(until: date, today: date) -> None:
    if until < today:
        raise ValidationError({"reply_until": "Ngày này đã qua. Hãy chọn từ hôm nay trở đi."})
    if until > today + timedelta(days=LONGEST_REPLY):
        raise ValidationError(
            {"reply_until": f"Hạn phản hồi xa nhất là {LONGEST_REPLY} ngày. Hãy xem lại ngày, năm."}
        )


def may_be_resumed(inspection: Inspection) -> bool:
    """Say whether the record may be opened again: the school has written nothing and sent nothing."""
    answers = Reply.objects.filter(finding__inspection=inspection)
    return inspection.replied_at is None and not answers.exists()


@transaction.atomic
def resume_visit(*, inspection: Inspection, reason: str, by: User) -> Inspection:
    """Open the record again to be written on, for a reason, and return the visit.

    What the school was to answer is gone from its sight until the team leaves again. Raises MoveNotAllowed once
    the school has answered anything, or the visit is in another state; ValidationError without a reason. Of an
    answer that is the school's own draft yet, the refusal does not speak.
    """
    held = locked(inspection)
    if held.state == InspectionState.CONCLUDED and not may_be_resumed(held):
        closed = answers_are_closed(held, timezone.localdate())
        raise MoveNotAllowed(ANSWERED if closed else NOT_AGAIN)
    left, fields = held.concluded_at, {"concluded_at": None, "concluded_by": None}
    moved = move_inspection(
        inspection=held, name="resume", by=by, reason=reason, reply_until=None, **fields
    )
    if left is not None:
        tell_of_return(moved, left, by)
    return moved


def may_be_extended(inspection: Inspection) -> bool:
    """Say whether the school may be given longer: the team has decided about no answer."""
    answers = Reply.objects.filter(finding__inspection=inspection)
    return not answers.exclude(decision="").exists()


@transaction.atomic
def extend_reply(
    *, inspection: Inspection, until: date, reason: str, by: User, on: date | None = None
) -> Inspection:
    """Let the school answer until the end of a later day, for a reason, and return the visit.

    What was closed by its date, or sent, is open again. Raises MoveNotAllowed once the team has decided about an
    answer, or the visit is in another state; ValidationError without a reason and for a day that is past, no
    later than the present one, or too far.
    """
    held, today = locked(inspection), on or timezone.localdate()
    _check_extension(held, until, reason, today)
    before = {"reply_until": _day(held.reply_until)}
    if held.replied_at is not None:
        before["replied_at"] = held.replied_at.isoformat()
    held.reply_until, held.replied_at, held.replied_by = until, None, None
    held.full_clean()
    held.save(update_fields=["reply_until", "replied_at", "replied_by"])
    record(
        "inspection.extend_reply",
        held,
        by=by,
        before=before,
        after={"reply_until": _day(until), "reason": reason},
        school_id=held.school_id,
        body_id=held.body_id,
    )
    tell_of_extension(held, by)
    return held


def _check_extension(held: Inspection, until: date, reason: str, today: date) -> None:
    if held.state != InspectionState.CONCLUDED:
        raise MoveNotAllowed("Chỉ gia hạn khi đang chờ nhà trường phản hồi.")
    if not may_be_extended(held):
        raise MoveNotAllowed("Tổ kiểm tra đã quyết định về phản hồi nên không gia hạn được nữa.")
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do gia hạn."})
    _check_day(until, today)
    last = held.reply_until
    if not answers_are_closed(held, today) and last is not None and until <= last:
        raise ValidationError({"reply_until": f"Hãy chọn ngày sau ngày {last:%d/%m/%Y}."})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
