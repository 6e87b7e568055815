"""Signing the minutes: the school's head and each person of the team, in any order, each in a field of their own.

Whoever comes last completes the minutes. Nothing is printed into them by that: the frozen bytes stay, each
signature is an update after them.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.checking.context import same_person
from plans.history.actions import record
from plans.inspections.enums import Side
from plans.issuing.enums import DocumentState, FileRole
from plans.issuing.files import signed_name
from plans.issuing.signing_steps import (
    SIGNED_MEANWHILE,
    KeySource,
    Made,
    Task,
    check_named,
    check_way,
    hand_drawing,
    made_here,
    made_outside,
)
from plans.minutes.files import add_file, current_pdf, earlier_pdfs, held_paper, visit_of
from plans.minutes.finishing import finish_minutes
from plans.minutes.models import Paper, PaperFile, PaperKind, PaperSigner
from plans.minutes.rules import is_to_be_signed

NO_MINUTES = "Giấy tờ này không cần chữ ký số của hai bên."
NOT_IN_FORCE = "Biên bản này đã được thay hoặc đã hủy nên không ký được nữa."
COMPLETE = "Biên bản đã hoàn tất nên không ký thêm được nữa."
NOT_ALLOWED = "Tài khoản này không có quyền ký biên bản."
NOT_A_SIGNER = "Biên bản không ghi tên người của tài khoản này trong những người ký."
SIGNED_ALREADY = "Tài khoản này đã ký biên bản."
OTHER_FIELD = (
    "Chữ ký trong tệp nằm ở ô dành cho người khác. Vui lòng tải lại biên bản và ký vào ô "
    "ghi tên mình."
)


# --- who --------------------------------------------------------------------------------------------------


def slot_of(paper: Paper, user: User) -> PaperSigner | None:
    """Return the place at which `user` signs, None where they sign nowhere; reads the prefetched `signers`.

    It is the one that names their account. The head of a school may have been written down without one; the place
    then is for whoever of the school has that name.
    """
    signers = list(paper.signers.all())
    own = next((one for one in signers if one.user_id == user.pk), None)
    if own is not None or (paper.inspection and paper.inspection.seat_of(user)):
        return own
    open_ones = (one for one in signers if one.user_id is None and one.side == Side.SCHOOL)
    return next((one for one in open_ones if same_person(one.full_name, user.full_name)), None)


def obstacle(paper: Paper, by: User) -> str:
    """Return why `by` cannot sign the minutes now, as a Vietnamese sentence; "" where nothing stands against it."""
    if paper.kind != PaperKind.MINUTES:
        return NO_MINUTES
    if paper.state != DocumentState.IN_FORCE:
        return NOT_IN_FORCE
    if not is_to_be_signed(paper):
        return COMPLETE
    if not by.has_perm("plans.sign_minutes", paper):
        return NOT_ALLOWED
    slot = slot_of(paper, by)
    if slot is None:
        return NOT_A_SIGNER
    return SIGNED_ALREADY if slot.signed_at else ""


def _own_slot(paper: Paper, by: User) -> PaperSigner:
    """Return where `by` signs. Raises ValidationError where they cannot."""
    if words := obstacle(paper, by):
        raise ValidationError(words)
    slot = slot_of(paper, by)
    assert slot is not None  # `obstacle` saw it
    return slot


# --- making -----------------------------------------------------------------------------------------------


def sign_paper(
    *, paper: Paper, source: KeySource, by: User, at: datetime | None = None
) -> PaperSigner:
    """Sign at one's own place with the key of `source`; return the place, filled in.

    After the last signature the visit is done. Raises ValidationError, in Vietnamese, for whatever stands against
    it; then nothing was written.
    """
    moment, slot, visit = at or timezone.now(), _own_slot(paper, by), visit_of(paper)
    check_way(source.way, visit.school, moment)
    current = current_pdf(paper)
    task = Task(
        pdf=bytes(current.file.content),
        field=slot.field,
        reason=f"Ký {paper.title}"[:200],
        draw=hand_drawing(slot.full_name, by, moment),
    )
    return _store(paper=paper, made=made_here(source, task, at=moment), before=current, by=by)


def accept_signed_paper(
    *, paper: Paper, content: bytes, by: User, at: datetime | None = None
) -> PaperSigner:
    """Take in the current file as another program signed it at one's own place; return the place, filled in.

    Everybody uploads their own signature and no one else's. Raises ValidationError as `sign_paper` does.
    """
    moment, slot = at or timezone.now(), _own_slot(paper, by)
    current = current_pdf(paper)
    made = made_outside(
        content,
        pdf=bytes(current.file.content),
        earlier=earlier_pdfs(paper, current),
        since=paper.made_at,
        at=moment,
    )
    others = {one.field for one in paper.signers.all()} - {slot.field}
    if made.report.field in others:
        raise ValidationError(OTHER_FIELD)
    return _store(paper=paper, made=made, before=current, by=by)


# --- writing ----------------------------------------------------------------------------------------------


@transaction.atomic
def _store(*, paper: Paper, made: Made, before: PaperFile, by: User) -> PaperSigner:
    """Write file, signature and record; raise ValidationError where the minutes have moved on meanwhile."""
    held = held_paper(paper)
    slot = _own_slot(held, by)
    if current_pdf(held).pk != before.pk:
        raise ValidationError(SIGNED_MEANWHILE)
    check_named(made, slot.full_name)
    name = signed_name(before.name)
    slot.file = add_file(paper=held, content=made.content, role=FileRole.SIGNED, name=name, by=by)
    slot.by = by
    for field, value in made.values().items():
        setattr(slot, field, value)
    slot.full_clean()
    slot.save()
    visit = visit_of(held)
    after = {"signer": slot.full_name, **made.deed()}
    record("paper.sign", held, by=by, after=after, school_id=visit.school_id, body_id=visit.body_id)
    if not held.signers.filter(signed_at__isnull=True).exists():
        finish_minutes(paper=held, by=by)
    return slot
