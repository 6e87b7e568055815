"""Ý kiến khi trả lại: an office pins remarks to sections and rows of what was sent; the school answers each."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.moves import MoveNotAllowed
from plans.planning.models import Plan
from plans.planning.moving import locked
from plans.planning.saving import save_fields
from plans.planning.states import MOVES, PlanState
from plans.submitting.models import Remark
from plans.submitting.reading import current_submission, open_return
from plans.text import nfc
from plans.together.talk import ACTION, SECTION, places_of


@transaction.atomic
def write_remark(*, plan: Plan, place: str, body: str, by: User) -> Remark:
    """Keep a remark about `place` ("muc-purpose", "viec-12") as the office's draft, and return it.

    Raises MoveNotAllowed while no office has the plan, ValidationError for an empty remark or a place that the
    plan does not have.
    """
    held = _with_an_office(plan)
    sent = current_submission(held)
    assert sent is not None  # else no office would have the plan
    found = next((one for one in places_of(held) if one.key == place), None)
    if found is None:
        raise ValidationError("Mục hoặc việc này không có trong kế hoạch. Hãy chọn lại.")
    if not body.strip():
        raise ValidationError("Hãy ghi ý kiến.")
    where, _, key = place.partition("-")
    remark = Remark(submission=sent, place=found.label[:300], body=nfc(body), written_by=by)
    remark.section = key if where == SECTION else ""
    if where == ACTION:
        remark.row_kind, remark.row_id = "planaction", int(key)
    remark.full_clean()
    remark.save()
    after = {"place": remark.place, "body": remark.body}
    # In the office's record: the school reads a remark when it comes back, not before.
    record("remark.write", remark, by=by, after=after, body_id=sent.body_id)
    return remark


@transaction.atomic
def drop_remark(*, remark: Remark, by: User) -> None:
    """Take back a remark that was not sent yet. Raises MoveNotAllowed once it was, or the plan is elsewhere."""
    plan = _with_an_office(remark.submission.plan)
    if remark.submission != current_submission(plan) or remark.submission.returned_at:
        raise MoveNotAllowed("Ý kiến này đã gửi trường nên không bỏ được.")
    before = {"place": remark.place, "body": remark.body}
    record("remark.drop", remark, by=by, before=before, body_id=remark.submission.body_id)
    remark.delete()


def _with_an_office(plan: Plan) -> Plan:
    """Hold the plan and return it. Raises MoveNotAllowed unless it lies with an office that may return it."""
    held = locked(plan)
    MOVES.target("return", source=PlanState(held.state))
    if current_submission(held) is None:
        raise MoveNotAllowed("Kế hoạch chưa được gửi qua chương trình.")
    return held


@transaction.atomic
def answer_remark(*, remark: Remark, answer: str, version: int, by: User) -> Remark:
    """Save the school's answer to a remark of the return at hand, and return the remark.

    Raises MoveNotAllowed for any other remark, ValidationError for an empty answer, Conflict when somebody else
    answered first.
    """
    plan = locked(remark.submission.plan)
    if remark.submission != open_return(plan):
        raise MoveNotAllowed("Chỉ trả lời ý kiến của lần trả lại gần nhất, trước khi gửi lại.")
    if not answer.strip():
        raise ValidationError("Hãy ghi câu trả lời.")
    return save_fields(
        remark,
        {"answer": answer},
        version,
        by=by,
        school_id=plan.school_id,
        derived=lambda _: {"answered_by": by, "answered_at": timezone.now()},
    )
