"""When the minutes are complete: by the last signature, by a scan of the paper with ink, or without the school's.

A scan is a picture of what was signed on paper, kept beside the frozen files. That it bears every signature is said
by whoever answers for the minutes: the head of the team, or the office. Where the school will not sign, that and
why stands in the record; nothing is printed into the minutes, which were frozen before.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_body, people_of_school
from plans.history.actions import record
from plans.history.models import Event
from plans.inspections.enums import Side
from plans.inspections.models import Inspection
from plans.inspections.moving import move_inspection
from plans.issuing.enums import FileRole
from plans.issuing.scans import checked_scan
from plans.minutes.files import add_file, held_paper, visit_of
from plans.minutes.models import Paper, PaperFile
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.text import nfc

LONGEST_REASON = 1000
NOT_ALLOWED = "Tổ trưởng, thư ký tổ kiểm tra hoặc cơ quan kiểm tra mới hoàn tất được biên bản."
NO_SCAN = "Hãy tải lên bản quét biên bản giấy đã ký trước khi ghi nhận đủ chữ ký trên giấy."
NO_REASON = "Hãy ghi lý do nhà trường không ký."
LONG_REASON = f"Lý do dài quá {LONGEST_REASON} ký tự. Hãy ghi ngắn hơn."
SCHOOL_SIGNED = "Nhà trường đã ký biên bản này."
TEAM_MISSING = (
    "Tổ kiểm tra cần ký đủ, hoặc tải lên bản quét đã ký, trước khi ghi nhận nhà trường không ký. "
    "Còn thiếu chữ ký của {names}."
)


@transaction.atomic
def add_scan(
    *, paper: Paper, content: bytes, note: str = "", complete: bool = False, by: User
) -> PaperFile:
    """Keep a scan of the minutes as they were signed on paper; with `complete` they are done by it.

    The kind is told by the content: PDF, JPG or PNG of 20 MB at most. Raises ValidationError under "file" for
    anything else and for a scan that is there already, under "note" for one that is too long, and as
    `complete_on_paper` does.
    """
    held = held_paper(paper)
    scans = PaperFile.objects.filter(paper=held, role=FileRole.SCAN)
    scan = checked_scan(content, scans)
    row = add_file(
        paper=held,
        content=content,
        role=FileRole.SCAN,
        name=scan.name,
        by=by,
        note=nfc(note).strip(),
    )
    after = {"name": row.name, "sha256": scan.sha256, "note": row.note}
    visit = visit_of(held)
    record("paper.scan", held, by=by, after=after, school_id=visit.school_id, body_id=visit.body_id)
    if complete:
        complete_on_paper(paper=held, by=by)
    return row


@transaction.atomic
def complete_on_paper(*, paper: Paper, by: User) -> Inspection:
    """Say that a scan bears every signature. Raises ValidationError without a scan, or where `by` may not."""
    held = held_paper(paper)
    _check_may(held, by)
    if not held.files.filter(role=FileRole.SCAN).exists():
        raise ValidationError(NO_SCAN)
    return finish_minutes(paper=held, by=by)


@transaction.atomic
def complete_without_school(*, paper: Paper, reason: str, by: User) -> Inspection:
    """Complete minutes that the school will not sign, with the reason as the team was told.

    The team has signed, here or on a paper that was scanned. Raises ValidationError under "reason" where it says
    none, otherwise where the school has signed, the team has not, or `by` may not.
    """
    held = held_paper(paper)
    _check_may(held, by)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": LONG_REASON if reason.strip() else NO_REASON})
    unsigned = list(held.signers.filter(signed_at__isnull=True))
    names = [str(one) for one in unsigned if one.side == Side.SCHOOL]
    if not names:
        raise ValidationError(SCHOOL_SIGNED)
    missing = [str(one) for one in unsigned if one.side == Side.TEAM]
    if missing and not held.files.filter(role=FileRole.SCAN).exists():
        raise ValidationError(TEAM_MISSING.format(names=", ".join(missing)))
    words = f"{', '.join(names)} (phía nhà trường) không ký biên bản, lý do: {nfc(reason).strip()}"
    return finish_minutes(paper=held, by=by, reason=words)


def finish_minutes(*, paper: Paper, by: User, reason: str = "") -> Inspection:
    """Move the visit of complete minutes on to done and tell both sides; the caller holds the paper."""
    now = timezone.now()
    visit = move_inspection(
        inspection=visit_of(paper), name="complete", by=by, reason=reason, done_at=now
    )
    _tell(paper, visit, by)
    return visit


def refusal_of(paper: Paper) -> str:
    """Return why the school's side did not sign, as a sentence out of the record; "" where it did, or still may."""
    visit = visit_of(paper)
    moved = Event.objects.about(visit).filter(action="inspection.complete").order_by("-pk").first()
    return str(moved.after.get("reason", "")) if moved else ""


def _check_may(paper: Paper, by: User) -> None:
    if not by.has_perm("plans.complete_visit", paper):
        raise ValidationError(NOT_ALLOWED)


def _tell(paper: Paper, visit: Inspection, by: User) -> None:
    """Tell the school and the office; and the team, whose sight of the visit ends here."""
    today = timezone.localdate()
    both = [
        *people_of_school(visit.school_id, "plans.reply_visit", on=today),
        *people_of_body(visit.body_id, "plans.complete_visit", on=today),
    ]
    about = f"Biên bản kiểm tra {visit.school} ngày {paper.issued_on:%d/%m/%Y} đã hoàn tất"
    page = reverse("visits:visit", args=[visit.pk])
    key = f"minutes-done:{paper.pk}"
    tell(
        both,
        NoticeKind.VISIT,
        key=key,
        text=f"{about}.",
        path=page,
        school_id=visit.school_id,
        by=by,
    )
    team = [one.user for one in visit.team if one.user is not None and one.user not in both]
    tell(
        team,
        NoticeKind.VISIT,
        key=key,
        text=f"{about}. Buổi kiểm tra kết thúc nên quý vị không còn xem kế hoạch của trường này.",
        path=reverse("overview:home"),
        by=by,
    )
