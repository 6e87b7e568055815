"""Papers of a visit are made, replaced, withdrawn: bytes frozen, signers named, the visit moved, people told.

Rendering takes seconds, so it is done before anything is held; where the record changed meanwhile, it is done anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.documents import xlsx
from plans.documents.storing import tree_as_json
from plans.documents.tree import Document
from plans.formats.layouts import body_layout_row, layout_of
from plans.inspections.enums import Side, TeamRole
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.moving import locked, move_inspection
from plans.inspections.states import MOVES, InspectionState
from plans.issuing.enums import DocumentState, FileRole
from plans.minutes.asking import tell_to_sign
from plans.minutes.document import minutes_document
from plans.minutes.facts import head_of, signing_team
from plans.minutes.fields import OFFICE_FIELD, field_names
from plans.minutes.files import add_file
from plans.minutes.going_out import NOT_PLANNED, end_paper, record_paper
from plans.minutes.models import Paper, PaperKind, PaperSigner
from plans.minutes.notice import NoticeWords, notice_document
from plans.minutes.numbers import hold_number
from plans.minutes.official import ask_to_sign, go_out, signer_account
from plans.minutes.preparing import Prepared, day_of, missing_for_minutes, prepare
from plans.minutes.report import ReportWords, campaign_report, load_campaign
from plans.text import nfc

_TRIES = 3
_PREFIX = {PaperKind.NOTICE: "TB-KT", PaperKind.MINUTES: "BB-KT", PaperKind.REPORT: "BC-KT"}
_CHANGED = "Biên bản vừa được người khác trong tổ thay đổi trong lúc lập. Quý vị vui lòng xem lại rồi lập lại."
_NOTICE_CHANGED = (
    "Buổi kiểm tra vừa được người khác thay đổi trong lúc gửi. Quý vị vui lòng xem lại rồi gửi lại."
)


class _Overtaken(Exception):
    """The record said something else when the files were ready to be written down."""


# --- minutes ----------------------------------------------------------------------------------------------


def make_minutes(
    *,
    inspection: Inspection,
    by: User,
    on: date,
    number: str = "",
    and_then: Callable[[Inspection], object] | None = None,
) -> Paper:
    """Freeze the minutes of a concluded visit as a paper of the day `on`, and return it.

    PDF and Word are kept, a signature field is there for the school's head and for everybody of the team who was
    present. `and_then` is called with the visit in the same transaction: what rooms above make of it belongs together
    with it. Raises ValidationError that names what is missing, MoveNotAllowed from any other state, FontMissing;
    then nothing is written.
    """
    MOVES.target("make_minutes", source=_state(inspection))
    for _ in range(_TRIES):
        loaded = _loaded(inspection)
        _refuse(loaded, on)
        fields = field_names(1, len(signing_team(loaded)))
        document = minutes_document(loaded, number=number, on=on)
        prepared = prepare(document, loaded.body, on, fields)
        try:
            with transaction.atomic():
                paper = _written_minutes(loaded, prepared, fields, by, on, number)
                if and_then is not None:
                    and_then(Inspection.objects.get(pk=loaded.pk))
                return paper
        except _Overtaken:
            continue
    raise ValidationError(_CHANGED)


def _written_minutes(
    loaded: Inspection, prepared: Prepared, fields: list[str], by: User, on: date, number: str
) -> Paper:
    """Write paper, files, signers, move and record. Raises _Overtaken when they would not fit any more."""
    locked(loaded)
    now_said = _loaded(loaded)
    MOVES.target("make_minutes", source=InspectionState(now_said.state))
    if minutes_document(now_said, number=number, on=on) != prepared.bare:
        raise _Overtaken
    paper = _paper(PaperKind.MINUTES, prepared, by=by, on=on, number=number, inspection=now_said)
    _name_signers(paper, now_said, fields, on)
    move_inspection(inspection=now_said, name="make_minutes", by=by, minuted_at=timezone.now())
    tell_to_sign(paper, by)
    return paper


def _refuse(inspection: Inspection, on: date) -> None:
    """Raise ValidationError for a day that cannot be, and for everything that is missing."""
    opened, today = day_of(inspection), timezone.localdate()
    if on > today or (opened and on < opened):
        first = f"từ ngày mở biên bản ({opened:%d/%m/%Y}) " if opened else ""
        raise ValidationError({"issued_on": f"Ngày của biên bản phải {first}đến hôm nay."})
    if missing := missing_for_minutes(inspection, on):
        raise ValidationError(missing)


def _name_signers(paper: Paper, inspection: Inspection, fields: list[str], on: date) -> None:
    """Write down who signs: the school's head first, then the team in the order in which it is printed."""
    head = head_of(inspection, on)
    rows = [
        PaperSigner(
            side=Side.SCHOOL,
            place=1,
            full_name=head.name,
            capacity=", ".join(head.capacity),
            user=head.user,
        )
    ]
    for place, one in enumerate(signing_team(inspection), 1):
        role = str(TeamRole(one.role).label)
        rows.append(
            PaperSigner(
                side=Side.TEAM,
                place=place,
                full_name=one.full_name,
                capacity=role,
                user=one.user,
            )
        )
    for row, field in zip(rows, fields, strict=True):
        row.paper, row.field = paper, field
        row.full_clean()
    PaperSigner.objects.bulk_create(rows)


def redo_minutes(*, inspection: Inspection, by: User, reason: str) -> Inspection:
    """Withdraw minutes that nobody has signed, so that they can be made again; return the visit.

    The paper stays, with its reason. Raises ValidationError where somebody has signed or no reason is given,
    MoveNotAllowed from any other state.
    """
    with transaction.atomic():
        held = locked(inspection)
        MOVES.target("redo_minutes", source=InspectionState(held.state))
        paper = Paper.objects.select_for_update().in_force()
        found: Paper = paper.get(inspection=held, kind=PaperKind.MINUTES)
        if is_signed(found):
            raise ValidationError(
                "Biên bản đã có người ký hoặc đã có bản quét nên không hủy được nữa."
            )
        moved = move_inspection(
            inspection=held, name="redo_minutes", by=by, reason=reason, minuted_at=None
        )
        end_paper(found, DocumentState.WITHDRAWN, reason, by)
        return moved


def is_signed(paper: Paper) -> bool:
    """Say whether anybody has signed a paper, on this site or on the scanned paper."""
    signed = paper.signers.filter(signed_at__isnull=False).exists()
    return signed or paper.files.filter(role__in=[FileRole.SIGNED, FileRole.SCAN]).exists()


# --- the notice to the school -----------------------------------------------------------------------------


def send_notice(
    *,
    inspection: Inspection,
    by: User,
    on: date,
    number: str = "",
    words: NoticeWords | None = None,
    wait: bool = False,
) -> Paper:
    """Freeze the notice of a planned visit as a paper of the day `on`, tell the school, and return the paper.

    A notice that was sent before is replaced. With `wait` all that only comes once whoever `words` names has
    signed; they are told. Raises ValidationError unless the visit is still to come, for a number that another notice
    has and for a signer without an account; FontMissing.
    """
    signer = _signer(inspection.body_id, words, on) if wait else None

    def build(visit: Inspection) -> Document:
        return notice_document(visit, on=on, number=number, words=words)

    for _ in range(_TRIES):
        loaded = _loaded(inspection)
        _refuse_notice(loaded.state)
        prepared = prepare(build(loaded), loaded.body, on, [OFFICE_FIELD] if wait else [])
        try:
            with transaction.atomic():
                paper = _written_notice(loaded, prepared, build, by, on, number)
                _sent(paper, signer, words, by)
                return paper
        except _Overtaken:
            continue
    raise ValidationError(_NOTICE_CHANGED)


def _written_notice(
    loaded: Inspection,
    prepared: Prepared,
    build: Callable[[Inspection], Document],
    by: User,
    on: date,
    number: str,
) -> Paper:
    """Write the notice, which still waits, and its record. Raises _Overtaken when the visit moved meanwhile."""
    kind = PaperKind.NOTICE
    hold_number(body_id=loaded.body_id, kind=kind, number=number, on=on, about=loaded)
    held = locked(loaded)
    _refuse_notice(held.state)
    now_said = _loaded(held)
    if build(now_said) != prepared.bare:
        raise _Overtaken
    for old in Paper.objects.waiting().filter(inspection=held, kind=kind):
        end_paper(old, DocumentState.REPLACED, "", by)
    return _paper(kind, prepared, by=by, on=on, number=number, inspection=now_said)


def _signer(body_id: int, words: NoticeWords | ReportWords | None, on: date) -> User:
    """Return whose signature a paper is to wait for. Raises ValidationError where that is nobody."""
    return signer_account(body_id=body_id, name=words.signer if words else "", on=on)


def _sent(
    paper: Paper, signer: User | None, words: NoticeWords | ReportWords | None, by: User
) -> None:
    """Let a paper of an office go out, or ask for the signature with which it will."""
    if signer is None or words is None:
        go_out(paper, by)
    else:
        ask_to_sign(paper=paper, signer=signer, name=words.signer, capacity=words.capacity, by=by)


CALLED_OFF = "Buổi kiểm tra đã hủy."
MOVED = "Buổi kiểm tra đã đổi ngày, giờ."
TEAM_CHANGED = "Tổ kiểm tra đã thay đổi."


@transaction.atomic
def end_notice(*, inspection: Inspection, reason: str, by: User) -> Paper | None:
    """Withdraw the notice of a visit that is not held as it says, and return it; None where there is none.

    One that waits to be signed is withdrawn, and told of, too.
    """
    held = locked(inspection)
    notices = Paper.objects.filter(inspection=held, kind=PaperKind.NOTICE)
    waiting: Paper | None = notices.waiting().first()
    sent: Paper | None = notices.in_force().first()
    for one in filter(None, (waiting, sent)):
        end_paper(one, DocumentState.WITHDRAWN, reason, by)
    return sent or waiting


@transaction.atomic
def end_waiting_notice(*, inspection: Inspection, reason: str, by: User) -> Paper | None:
    """Withdraw the notice of a visit that waits to be signed, and return it; None where none waits."""
    held = locked(inspection)
    waiting: Paper | None = (
        Paper.objects.waiting().filter(inspection=held, kind=PaperKind.NOTICE).first()
    )
    if waiting:
        end_paper(waiting, DocumentState.WITHDRAWN, reason, by)
    return waiting


def _refuse_notice(state: str) -> None:
    if state != InspectionState.PLANNED:
        raise ValidationError(NOT_PLANNED)


# --- the report of a campaign -----------------------------------------------------------------------------


def freeze_report(
    *,
    campaign: InspectionCampaign,
    by: User,
    on: date,
    number: str = "",
    words: ReportWords | None = None,
    wait: bool = False,
) -> Paper:
    """Freeze the report of a campaign as it stands on the day `on`: PDF, Word and a workbook. Raises FontMissing.

    A report that was frozen before is replaced; with `wait` only once whoever `words` names has signed this one.
    Raises ValidationError for a number that another report has, and for a signer without an account.
    """
    signer = _signer(campaign.body_id, words, on) if wait else None
    loaded = load_campaign(campaign)
    document = campaign_report(loaded, on=on, number=number, words=words)
    prepared = prepare(document, campaign.body, on, [OFFICE_FIELD] if wait else [])
    layout = layout_of(body_layout_row(campaign.body, on))
    prepared.rendered.files[FileRole.XLSX] = xlsx.xlsx_bytes(prepared.tree, layout)
    kind = PaperKind.REPORT
    with transaction.atomic():
        hold_number(body_id=campaign.body_id, kind=kind, number=number, on=on, about=campaign)
        InspectionCampaign.objects.select_for_update().get(pk=campaign.pk)
        for old in Paper.objects.waiting().filter(campaign=campaign, kind=kind):
            end_paper(old, DocumentState.REPLACED, "", by)
        paper = _paper(kind, prepared, by=by, on=on, number=number, campaign=campaign)
        _sent(paper, signer, words, by)
        return paper


# --- writing ----------------------------------------------------------------------------------------------


def _paper(
    kind: PaperKind,
    prepared: Prepared,
    *,
    by: User,
    on: date,
    number: str,
    inspection: Inspection | None = None,
    campaign: InspectionCampaign | None = None,
) -> Paper:
    """Write a paper with its files, and the record of it."""
    about = inspection or campaign
    assert about is not None
    paper = Paper(
        kind=kind,
        body=about.body,
        inspection=inspection,
        campaign=campaign,
        title=nfc(prepared.tree.title)[:300],
        number=number.strip(),
        issued_on=on,
        issuer=about.body.letterhead_name,
        code=prepared.code,
        pages=prepared.rendered.pages,
        tree=tree_as_json(prepared.tree),
        waits=kind != PaperKind.MINUTES,
        made_by=by,
    )
    paper.full_clean()
    paper.save()
    for role, content in prepared.rendered.files.items():
        add_file(paper=paper, content=content, role=role, name=file_name(paper, role), by=by)
    record_paper("paper.make", paper, by, after=_made(paper, prepared))
    return paper


def _made(paper: Paper, prepared: Prepared) -> dict[str, Any]:
    files = prepared.rendered.files.items()
    return {
        "kind": paper.kind,
        "number": paper.number,
        "issued_on": paper.issued_on.isoformat(),
        "code": paper.code,
        "sha256": {role.value: hashlib.sha256(content).hexdigest() for role, content in files},
    }


def file_name(paper: Paper, role: FileRole) -> str:
    """Return a name that a person can read in a folder: "BB-KT-MNHS-2026-04-14.pdf"."""
    about = paper.inspection.school.symbol if paper.inspection else f"dot-{paper.campaign_id}"
    symbol = "".join(c for c in about if c.isalnum() or c in "-&") or "truong"
    return f"{_PREFIX[PaperKind(paper.kind)]}-{symbol}-{paper.issued_on:%Y-%m-%d}.{role.value}"


def _loaded(inspection: Inspection) -> Inspection:
    return Inspection.objects.for_minutes().get(pk=inspection.pk)


def _state(inspection: Inspection) -> InspectionState:
    return InspectionState(Inspection.objects.values_list("state", flat=True).get(pk=inspection.pk))
