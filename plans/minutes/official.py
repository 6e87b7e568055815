"""Papers of an office that go out under a signature: notice and report, signed here, elsewhere or on paper.

One that waits is the office's alone. With the signature of whoever it names, or with the signed scan of it, it goes
out: the paper before it is replaced, and the school is told of a notice. One that was sent without waiting may have
its signed scan put beside it later.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.checking.context import same_person
from plans.inspections.enums import Side
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.moving import locked
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState, FileRole
from plans.issuing.files import signed_name
from plans.issuing.scans import checked_scan
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
from plans.minutes.fields import OFFICE_FIELD
from plans.minutes.files import add_file, current_pdf, earlier_pdfs
from plans.minutes.going_out import NOT_PLANNED, end_paper, record_paper, tell_of_visit
from plans.minutes.models import Paper, PaperFile, PaperKind, PaperSigner
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.text import nfc

NOT_WAITING = "Văn bản này không còn chờ ký: đã phát hành, đã được thay hoặc đã thu hồi."
NOT_THE_SIGNER = "Văn bản ghi người ký là {name}, nên chỉ người ấy ký số được."
NOT_ALLOWED = "Tài khoản này không có quyền ký văn bản của cơ quan."
NO_NUMBER = (
    "Văn bản chưa có số, ký hiệu nên chưa ký số được. Vui lòng lập lại văn bản có số, hoặc ký trên giấy, ghi số rồi "
    "tải bản quét lên."
)
NO_ACCOUNT = (
    "Cơ quan chưa có tài khoản lãnh đạo mang tên này để ký số. Vui lòng ghi đúng họ tên của người có tài khoản lãnh đạo; "
    "hoặc gửi không chờ ký rồi đính kèm bản quét đã ký."
)


# --- asking for the signature -----------------------------------------------------------------------------


def signer_account(*, body_id: int, name: str, on: date) -> User:
    """Return the account of the leader of a body who is called `name`. Raises ValidationError under "signer"."""
    leads = Membership.objects.in_force(on).filter(body=body_id, role=Role.BODY_LEAD)
    people = [one.user for one in leads.select_related("user").order_by("pk")]
    found = next(
        (one for one in people if one.is_active and same_person(one.full_name, name)), None
    )
    if found is None:
        raise ValidationError({"signer": NO_ACCOUNT})
    return found


def ask_to_sign(*, paper: Paper, signer: User, name: str, capacity: str, by: User) -> PaperSigner:
    """Name who signs a paper that waits, tell them, and return the place; the caller holds what it is about."""
    row = PaperSigner(
        paper=paper,
        side=Side.OFFICE,
        place=1,
        field=OFFICE_FIELD,
        full_name=nfc(name).strip(),
        capacity=", ".join(line.strip() for line in capacity.splitlines() if line.strip())[:200],
        user=signer,
    )
    row.full_clean()
    row.save()
    tell(
        [signer],
        NoticeKind.TO_SIGN,
        key=f"official-to-sign:{paper.pk}",
        text=f"{paper.title[:200]}: đang chờ ký để phát hành.",
        path=reverse("minutes:official", args=[paper.pk]),
        school_id=paper.inspection.school_id if paper.inspection else None,
        by=by,
    )
    return row


# --- signing ----------------------------------------------------------------------------------------------


def obstacle(paper: Paper, by: User) -> str:
    """Return why `by` cannot sign the paper now, as a Vietnamese sentence; "" where nothing stands against it."""
    if not paper.is_waiting:
        return NOT_WAITING
    if paper.inspection is not None and paper.inspection.state != InspectionState.PLANNED:
        return NOT_PLANNED
    if not by.has_perm("plans.sign_official", paper):
        return NOT_ALLOWED
    slot = paper.signers.get()
    if slot.user_id != by.pk:
        return NOT_THE_SIGNER.format(name=slot.full_name)
    return "" if paper.number else NO_NUMBER


def sign_official(
    *, paper: Paper, source: KeySource, by: User, at: datetime | None = None
) -> PaperSigner:
    """Sign a paper that waits with the key of `source`; it goes out, and the place comes back filled in.

    Raises ValidationError, in Vietnamese, for whatever stands against it; then nothing was written.
    """
    moment = at or timezone.now()
    _check(paper, by)
    check_way(source.way, paper.body, moment)
    current, slot = current_pdf(paper), paper.signers.get()
    task = Task(
        pdf=bytes(current.file.content),
        field=slot.field,
        reason=f"Ký {paper.title}"[:200],
        draw=hand_drawing(slot.full_name, by, moment),
    )
    return _store(paper=paper, made=made_here(source, task, at=moment), before=current, by=by)


def accept_official(
    *, paper: Paper, content: bytes, by: User, at: datetime | None = None
) -> PaperSigner:
    """Take in a paper that waits as another program signed it; it goes out. Raises as `sign_official` does."""
    moment = at or timezone.now()
    _check(paper, by)
    current = current_pdf(paper)
    made = made_outside(
        content,
        pdf=bytes(current.file.content),
        earlier=earlier_pdfs(paper, current),
        since=paper.made_at,
        at=moment,
    )
    return _store(paper=paper, made=made, before=current, by=by)


@transaction.atomic
def add_signed_scan(*, paper: Paper, content: bytes, note: str = "", by: User) -> PaperFile:
    """Keep a scan of the paper as it was signed and sealed; one that waits goes out with it.

    Raises ValidationError under "file" and "note" as `plans.minutes.finishing.add_scan` does, and for a notice of a
    visit that is no longer to come.
    """
    held = held_official(paper)
    if held.state != DocumentState.IN_FORCE:
        raise ValidationError(NOT_WAITING)
    scan = checked_scan(content, PaperFile.objects.filter(paper=held, role=FileRole.SCAN))
    words = {"name": scan.name, "note": nfc(note).strip()}
    row = add_file(paper=held, content=content, role=FileRole.SCAN, by=by, **words)
    record_paper("official.scan", held, by, after=words | {"sha256": scan.sha256})
    if held.waits:
        go_out(held, by)
    return row


def _check(paper: Paper, by: User) -> None:
    if words := obstacle(paper, by):
        raise ValidationError(words)


@transaction.atomic
def _store(*, paper: Paper, made: Made, before: PaperFile, by: User) -> PaperSigner:
    """Write file, signature and record, and let the paper go out; ValidationError where it has moved on meanwhile."""
    held = held_official(paper)
    _check(held, by)
    if current_pdf(held).pk != before.pk:
        raise ValidationError(SIGNED_MEANWHILE)
    slot = held.signers.get()
    check_named(made, slot.full_name)
    name = signed_name(before.name)
    slot.file = add_file(paper=held, content=made.content, role=FileRole.SIGNED, name=name, by=by)
    slot.by = by
    for field, value in made.values().items():
        setattr(slot, field, value)
    slot.full_clean()
    slot.save()
    record_paper("official.sign", held, by, after={"signer": slot.full_name, **made.deed()})
    go_out(held, by)
    return slot


# --- going out --------------------------------------------------------------------------------------------


def held_official(paper: Paper) -> Paper:
    """Return a paper as it now is, held with its visit or campaign for the caller's transaction; those come first."""
    visit = locked(paper.inspection) if paper.inspection else None
    if paper.campaign_id is not None:
        InspectionCampaign.objects.select_for_update().get(pk=paper.campaign_id)
    held = Paper.objects.select_for_update().get(pk=paper.pk)
    if visit is not None:
        held.inspection = visit
    return held


def go_out(paper: Paper, by: User) -> None:
    """Let a held paper that waits go out: the one before it is replaced, the school is told of a notice.

    Raises ValidationError for the notice of a visit that is no longer to come.
    """
    visit = paper.inspection
    if visit is not None and visit.state != InspectionState.PLANNED:
        raise ValidationError(NOT_PLANNED)
    same = Paper.objects.in_force().filter(kind=paper.kind)
    for old in same.filter(inspection=visit) if visit else same.filter(campaign=paper.campaign_id):
        end_paper(old, DocumentState.REPLACED, "", by)
    paper.waits = False
    paper.full_clean()
    paper.save(update_fields=["waits"])
    record_paper("paper.send", paper, by)
    if visit is not None and paper.kind == PaperKind.NOTICE:
        visit.notified_at = timezone.now()
        visit.save(update_fields=["notified_at"])
        tell_of_visit(paper, Inspection.objects.for_minutes().get(pk=visit.pk), by)
