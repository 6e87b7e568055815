"""What people do with a plan that is written: the council's opinions, and every move from there to the end.

Each move goes through `move_plan`; what else it writes stands beside it, in the same transaction.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.issuing.ending import document_in_force, withdraw_document
from plans.moves import MoveNotAllowed
from plans.notices.enums import NoticeKind
from plans.planning import actions as planning
from plans.planning.models import Plan
from plans.planning.moving import locked, move_plan
from plans.planning.states import MOVES, PlanState
from plans.submitting.models import CouncilOpinion, Submission
from plans.submitting.reading import (
    campaign_of,
    current_submission,
    missing_to_send,
    receiver,
)
from plans.submitting.rules import is_before_the_council, is_to_be_approved, may_begin
from plans.submitting.telling import tell_of_answer, tell_of_sending
from plans.text import nfc

# --- the council ------------------------------------------------------------------------------------------


@transaction.atomic
def give_opinion(*, plan: Plan, agrees: bool, body: str, by: User) -> CouncilOpinion:
    """Keep what a member says about the closed draft, in place of what they said of it before; return it.

    Raises MoveNotAllowed unless the draft is closed, ValidationError for a "no" that does not say why.
    """
    held = locked(plan)
    if not is_before_the_council(held):
        raise MoveNotAllowed("Chỉ cho ý kiến khi kế hoạch đã soạn xong và chưa ban hành.")
    if not agrees and not body.strip():
        raise ValidationError({"body": "Hãy ghi điều thầy cô đề nghị sửa."})
    opinion = CouncilOpinion.objects.filter(plan=held, person=by, is_past=False).first()
    before = {"agrees": opinion.agrees, "body": opinion.body} if opinion else {}
    opinion = opinion or CouncilOpinion(plan=held, person=by)
    opinion.agrees, opinion.body, opinion.given_at = agrees, nfc(body), timezone.now()
    opinion.full_clean()
    opinion.save()
    after = {"agrees": agrees, "body": opinion.body}
    record("opinion.give", opinion, by=by, before=before, after=after, school_id=held.school_id)
    return opinion


@transaction.atomic
def reopen_plan(*, plan: Plan, by: User, reason: str = "") -> Plan:
    """Open a closed draft for change; opinions about it are then of an earlier draft. Raises MoveNotAllowed."""
    moved = planning.reopen_plan(plan=plan, by=by, reason=reason)
    _opinions_past(moved)
    return moved


def _opinions_past(plan: Plan) -> None:
    CouncilOpinion.objects.filter(plan=plan, is_past=False).update(is_past=True)


# --- to the office ----------------------------------------------------------------------------------------


@transaction.atomic
def send_plan(*, plan: Plan, by: User, note: str = "") -> Submission:
    """Send the document in force to the body that manages the school, and return the submission.

    It joins the body's open campaign that asks the school, if there is one. Raises MoveNotAllowed from any
    state but "issued", ValidationError with all that is missing.
    """
    held, today = locked(plan), timezone.localdate()
    MOVES.target("send", source=PlanState(held.state))
    missing = missing_to_send(held, today)
    if missing:
        raise ValidationError(list(missing))
    document, body, last = document_in_force(held), receiver(held, today), current_submission(held)
    assert document and body  # else something would be missing
    sent = Submission(
        plan=held,
        document=document,
        body=body,
        campaign=campaign_of(held, body, today),
        sequence=last.sequence + 1 if last else 1,
        sent_by=by,
        note=nfc(note),
    )
    sent.full_clean()
    sent.save()
    move_plan(plan=held, name="send", by=by)
    tell_of_sending(sent)
    return sent


@transaction.atomic
def receive_plan(*, plan: Plan, by: User) -> Plan:
    """Note that the office took the plan in. Raises MoveNotAllowed from any state but "sent"."""
    moved = move_plan(plan=plan, name="receive", by=by)
    sent = _note(moved, received_at=timezone.now(), received_by=by)
    tell_of_answer(sent, NoticeKind.RECEIVED, by)
    return moved


@transaction.atomic
def return_plan(*, plan: Plan, reason: str, by: User) -> Plan:
    """Send the plan back with a reason; from now on the school reads the remarks written about it.

    Raises MoveNotAllowed from states in which no office has it, ValidationError without a reason.
    """
    moved = move_plan(plan=plan, name="return", by=by, reason=nfc(reason))
    sent = _note(moved, returned_at=timezone.now(), returned_by=by, return_reason=nfc(reason))
    tell_of_answer(sent, NoticeKind.RETURNED, by)
    return moved


@transaction.atomic
def approve_plan(*, plan: Plan, by: User) -> Plan:
    """Approve the plan, where the body's rule says that plans are approved. Raises MoveNotAllowed otherwise."""
    held = locked(plan)
    MOVES.target("approve", source=PlanState(held.state))
    if not is_to_be_approved(held):
        raise MoveNotAllowed("Theo quy định của cơ quan, kế hoạch không phải duyệt.")
    moved = move_plan(plan=held, name="approve", by=by)
    sent = _note(moved, approved_at=timezone.now(), approved_by=by)
    tell_of_answer(sent, NoticeKind.APPROVED, by)
    return moved


def _note(plan: Plan, **fields: Any) -> Submission:
    """Write on the current submission what the office did with it, and return it; the move is its record."""
    sent = current_submission(plan)
    if sent is None:
        raise MoveNotAllowed("Kế hoạch chưa được gửi qua chương trình.")
    for name, value in fields.items():
        setattr(sent, name, value)
    sent.full_clean()
    sent.save(update_fields=list(fields))
    return sent


# --- carrying out, ending, beginning anew -----------------------------------------------------------------


@transaction.atomic
def start_plan(*, plan: Plan, by: User) -> Plan:
    """Begin to carry the plan out. Raises MoveNotAllowed before an approval that the office's rule wants."""
    held = locked(plan)
    MOVES.target("start", source=PlanState(held.state))
    if not may_begin(held):
        raise MoveNotAllowed(
            "Cơ quan quản lý còn chờ kế hoạch này: hãy gửi, hoặc đợi duyệt, rồi mới bắt đầu thực hiện."
        )
    return move_plan(plan=held, name="start", by=by)


def close_plan(*, plan: Plan, by: User) -> Plan:
    """End a plan that is under way. Raises MoveNotAllowed from any other state."""
    return move_plan(plan=plan, name="close", by=by)


@transaction.atomic
def withdraw_plan(*, plan: Plan, reason: str, by: User) -> Plan:
    """Withdraw the plan together with its document in force.

    Raises MoveNotAllowed from states without a document, ValidationError without a reason.
    """
    moved = move_plan(plan=plan, name="withdraw", by=by, reason=nfc(reason))
    document = document_in_force(moved)
    if document is not None:
        withdraw_document(document=document, by=by, reason=nfc(reason))
    return moved


@transaction.atomic
def revise_plan(*, plan: Plan, reason: str, by: User) -> Plan:
    """Open the plan for a revision; its document stays in force until the next one replaces it.

    Raises MoveNotAllowed from states that the move does not leave, ValidationError without a reason.
    """
    # The revision gets a number and a date of its own when it is issued.
    fresh = {"finished_at": None, "number": "", "document_date": None}
    moved = move_plan(plan=plan, name="revise", by=by, reason=nfc(reason), **fresh)
    _opinions_past(moved)
    return moved
