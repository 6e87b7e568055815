"""Quyền phản hồi: the school answers each remark by a date, then the team decides about each answer.

An answer is the school's own draft until it is sent (`finish_replies`) or its last day is past; from then on it
stands for good and everybody of the visit reads it. The team decides only then: giữ, sửa, rút.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.inspections.enums import Decision
from plans.inspections.models import Finding, Inspection, Reply, ReplyFile
from plans.inspections.moving import locked
from plans.inspections.rules import answers_are_closed, is_to_be_answered
from plans.inspections.states import InspectionState
from plans.issuing.attachments import MOST_ATTACHMENTS, Attachment, checked_attachment
from plans.issuing.freezing import freeze
from plans.moves import MoveNotAllowed
from plans.planning.saving import Conflict, save_fields
from plans.replying.telling import tell_of_decisions, tell_of_replies
from plans.text import nfc
from plans.versions import write_where_unmoved

# --- reading ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingOutcome:
    """What the record says of one finding once the team has decided.

    `words` are those that stand: the team's own, or those after "sửa"; "" where the remark was withdrawn or none
    was written. `changed` says that they took the place of the first ones. `reply` is the school's answer and
    `files` the names of its files, "" and () where it gave none; `decision` is the label ("Giữ nguyên"), "" while
    nobody decided, `note` the team's reason.
    """

    words: str
    reply: str
    decision: str
    note: str
    withdrawn: bool
    changed: bool
    files: tuple[str, ...]


def outcome_of(finding: Finding) -> FindingOutcome:
    """Return what the minutes say of a finding; reads `reply` and `reply__files`, loaded by `with_replies`."""
    reply = reply_of(finding)
    if reply is None:
        return FindingOutcome(first_words(finding), "", "", "", False, False, ())
    withdrawn = reply.decision == Decision.WITHDRAW
    changed = reply.decision == Decision.CHANGE
    words = reply.changed_words if changed else first_words(finding)
    return FindingOutcome(
        words="" if withdrawn else words,
        reply=reply.body,
        decision=Decision(reply.decision).label if reply.decision else "",
        note=reply.decision_note,
        withdrawn=withdrawn,
        changed=changed,
        files=tuple(row.name for row in reply.files.all()),
    )


def reply_of(finding: Finding) -> Reply | None:
    """Return the school's answer to a finding, None where it gave none."""
    return getattr(finding, "reply", None)


def first_words(finding: Finding) -> str:
    """Return what the team wrote on the spot, as one text: the remark, then ưu điểm and hạn chế under their names."""
    named = [("", finding.seen), ("Ưu điểm: ", finding.strengths), ("Hạn chế: ", finding.limits)]
    return "\n".join(f"{name}{text}" for name, text in named if text.strip())


def is_a_remark(finding: Finding) -> bool:
    """Say whether there is something to answer: words, or a recommendation; reads `recommendations`."""
    return finding.has_words or any(one.is_live for one in finding.recommendations.all())


def with_replies(inspection: Inspection) -> list[Finding]:
    """Return all findings of a visit in their order with recommendations, answers and names of files; 3 queries."""
    files = ReplyFile.objects.select_related("file", "added_by").defer("file__content")
    rows = inspection.findings.select_related(
        "reply__answered_by", "reply__decided_by", "criterion"
    ).prefetch_related("recommendations", Prefetch("reply__files", files))
    return list(rows)


def remarks_of(inspection: Inspection) -> list[Finding]:
    """Return the findings that the school may answer, as `with_replies` loads them."""
    return [one for one in with_replies(inspection) if is_a_remark(one)]


def ready_for_minutes(inspection: Inspection, on: date) -> list[str]:
    """Return what still keeps the minutes from being made on the day `on`, in words for the team; [] is ready."""
    if inspection.state != InspectionState.CONCLUDED:
        return ["Buổi kiểm tra chưa kết thúc tại trường."]
    if not answers_are_closed(inspection, on):
        return [
            f"Nhà trường còn được phản hồi đến hết ngày {inspection.reply_until:%d/%m/%Y}, "
            "hoặc đến khi trường bấm “Gửi phản hồi”."
        ]
    waiting = [one.title for one in remarks_of(inspection) if is_undecided(reply_of(one))]
    if not waiting:
        return []
    return [f"Còn {len(waiting)} phản hồi chưa có quyết định của tổ kiểm tra: {_named(waiting)}."]


def is_undecided(reply: Reply | None) -> bool:
    """Say whether an answer waits for the team."""
    return reply is not None and not reply.decision


def _named(titles: Iterable[str], most: int = 5) -> str:
    """Return the first titles in one line, and how many more there are."""
    named = list(titles)
    more = f" và {len(named) - most} nhận xét khác" if len(named) > most else ""
    return "; ".join(named[:most]) + more


# --- the school answers -----------------------------------------------------------------------------------


@transaction.atomic
def answer_finding(
    *, finding: Finding, body: str, by: User, version: int, on: date | None = None
) -> Reply | None:
    """Save the school's answer to a finding and return it; None once it has neither words nor files.

    `version` is that of the answer as the person saw it, 0 where they saw none. Raises MoveNotAllowed when the
    visit does not take answers on the day `on` (default today), ValidationError for a finding that says nothing
    and for a text past the limit, Conflict when somebody else saved other words first.
    """
    visit = _held_open(finding.inspection, on)
    reply = Reply.objects.filter(finding=finding).first()
    if reply is None:
        return _first_answer(visit, finding, body, by) if body.strip() else None
    if reply.version != version and reply.body != nfc(body):
        raise _conflict(reply, {"body": body}, {"body": reply.body}, reply.answered_by)
    if not body.strip() and not reply.files.exists():
        _take_back(visit, reply, by)
        return None
    return save_fields(
        reply,
        {"body": body},
        reply.version,
        by=by,
        school_id=visit.school_id,
        derived=lambda _: {"answered_by": by, "answered_at": timezone.now()},
    )


def add_file(
    *, finding: Finding, content: bytes, name: str, by: User, on: date | None = None
) -> ReplyFile:
    """Add a file to the school's answer, which it begins where there is none, and return its row.

    It is looked at before anything is locked, since a picture takes its time. Raises MoveNotAllowed as
    `answer_finding` does, ValidationError for a file that is not taken (see `checked_attachment`), one that is there
    already, and one too many.
    """
    return _with_file(finding, checked_attachment(content, name), by, on)


@transaction.atomic
def _with_file(finding: Finding, found: Attachment, by: User, on: date | None) -> ReplyFile:
    visit = _held_open(finding.inspection, on)
    reply = Reply.objects.filter(finding=finding).first() or _first_answer(visit, finding, "", by)
    kept, rows = freeze(found.content, found.media_type), list(reply.files.all())
    if any(row.file_id == kept.pk for row in rows):
        raise ValidationError(f"“{found.name}” đã có trong phản hồi này.")
    if len(rows) >= MOST_ATTACHMENTS:
        raise ValidationError(
            f"“{found.name}” chưa thêm được: một phản hồi kèm nhiều nhất {MOST_ATTACHMENTS} tệp."
        )
    row = ReplyFile(reply=reply, file=kept, name=found.name, added_by=by)
    row.full_clean()
    row.save()
    after = {"finding": finding.title, "name": row.name, "sha256": kept.sha256}
    record("reply.add_file", reply, by=by, after=after, school_id=visit.school_id)
    return row


@transaction.atomic
def remove_file(*, file: ReplyFile, by: User, on: date | None = None) -> None:
    """Take a file out of an answer that is not closed yet; one left without words is taken back whole.

    Raises MoveNotAllowed as `answer_finding` does.
    """
    reply = file.reply
    visit = _held_open(reply.finding.inspection, on)
    before = {"finding": reply.finding.title, "name": file.name, "sha256": file.file.sha256}
    record("reply.remove_file", reply, by=by, before=before, school_id=visit.school_id)
    file.delete()
    if not reply.body.strip() and not reply.files.exists():
        _take_back(visit, reply, by)


@transaction.atomic
def finish_replies(*, inspection: Inspection, by: User, on: date | None = None) -> Inspection:
    """Send the school's answers, which then stand for good, and return the visit; without any, the school agrees.

    Those of the team who decide are told. Raises MoveNotAllowed when the visit does not take answers on the day.
    """
    held = _held_open(inspection, on)
    answers = Reply.objects.filter(finding__inspection=held).count()
    held.replied_at, held.replied_by = timezone.now(), by
    held.full_clean()
    held.save(update_fields=["replied_at", "replied_by"])
    record(
        "inspection.finish_replies",
        held,
        by=by,
        after={"answers": answers},
        school_id=held.school_id,
        body_id=held.body_id,
    )
    tell_of_replies(held, answers, by)
    return held


def _held_open(inspection: Inspection, on: date | None) -> Inspection:
    """Hold the visit and return it as it is now. Raises MoveNotAllowed unless the school may answer."""
    held, today = locked(inspection), on or timezone.localdate()
    if held.state != InspectionState.CONCLUDED:
        raise MoveNotAllowed("Chỉ phản hồi được khi tổ kiểm tra đã kết thúc và chưa lập biên bản.")
    if held.replied_at is not None:
        raise MoveNotAllowed("Nhà trường đã gửi phản hồi nên không sửa được nữa.")
    if not is_to_be_answered(held, today):
        last = f"{held.reply_until:%d/%m/%Y}"
        raise MoveNotAllowed(f"Đã hết hạn phản hồi (ngày {last}) nên không sửa được nữa.")
    return held


def _first_answer(visit: Inspection, finding: Finding, body: str, by: User) -> Reply:
    if not is_a_remark(finding):
        raise ValidationError("Chỗ này tổ kiểm tra không ghi nhận xét nên không cần phản hồi.")
    reply = Reply(finding=finding, body=nfc(body), answered_by=by)
    reply.full_clean()
    reply.save()
    after = {"finding": finding.title, "body": reply.body}
    # The school's own until it is sent: the office's record says then that it was.
    record("reply.write", reply, by=by, after=after, school_id=visit.school_id)
    return reply


def _take_back(visit: Inspection, reply: Reply, by: User) -> None:
    before = {"finding": reply.finding.title, "body": reply.body}
    record("reply.take_back", reply, by=by, before=before, school_id=visit.school_id)
    reply.delete()


def _conflict(reply: Reply, mine: dict[str, str], theirs: dict[str, str], who: User) -> Conflict:
    return Conflict(reply, mine, theirs, who.address, reply.version)


# --- the team decides -------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *,
    reply: Reply,
    decision: str,
    note: str,
    changed_words: str,
    by: User,
    version: int,
    on: date | None = None,
) -> Reply:
    """Keep the team's decision about an answer and return it: giữ (with a reason), sửa (with the new words), rút.

    It may be changed until the minutes are made. Once every answer is decided, and for every change after that, the
    school is told. Raises MoveNotAllowed unless the visit waits for decisions, ValidationError while the school may
    still change its answers, for a decision that is none or lacks its words, and when somebody of the team decided
    first.
    """
    held, today = locked(reply.finding.inspection), on or timezone.localdate()
    if held.state != InspectionState.CONCLUDED:
        raise MoveNotAllowed("Chỉ quyết định về phản hồi trước khi lập biên bản.")
    if not answers_are_closed(held, today):
        raise ValidationError(
            f"Nhà trường còn sửa được phản hồi đến hết ngày {held.reply_until:%d/%m/%Y}, "
            "nên tổ quyết định sau đó, hoặc khi trường đã gửi."
        )
    values = _decision(decision, note, changed_words)
    is_same = nfc(changed_words).split() == first_words(reply.finding).split()
    if decision == Decision.CHANGE and is_same:
        raise ValidationError({"changed_words": "Chữ ở đây chưa khác nhận xét cũ."})
    kept = Reply.objects.select_related("finding").get(pk=reply.pk)
    before = {name: getattr(kept, name) for name in values}
    if before == values:
        return kept
    _write_decision(kept, values, by, version)
    record(
        "reply.decide",
        kept,
        by=by,
        before=before,
        after={"finding": kept.finding.title, **values},
        school_id=held.school_id,
        body_id=held.body_id,
    )
    _tell_if_all_decided(held, kept, by, changed=kept.finding.title if before["decision"] else "")
    return kept


def _decision(decision: str, note: str, changed_words: str) -> dict[str, str]:
    """Return the columns of a decision as they are to be written. Raises ValidationError under each one's name."""
    values = {
        "decision": decision,
        "decision_note": nfc(note),
        "changed_words": nfc(changed_words),
    }
    if decision not in Decision.values:
        raise ValidationError({"decision": "Hãy chọn giữ nguyên, sửa hoặc rút."})
    if decision == Decision.CHANGE and not changed_words.strip():
        raise ValidationError({"changed_words": "Hãy ghi nhận xét sau khi sửa."})
    if decision == Decision.KEEP and not note.strip():
        raise ValidationError({"decision_note": "Hãy ghi lý do giữ nguyên để nhà trường rõ."})
    return values


def _write_decision(reply: Reply, values: dict[str, str], by: User, version: int) -> None:
    changed = {**values, "decided_by": by, "decided_at": timezone.now()}
    for name, value in changed.items():
        setattr(reply, name, value)
    reply.full_clean(exclude={f.name for f in reply._meta.fields} - set(changed))
    write_where_unmoved(reply, changed, version)


def _tell_if_all_decided(visit: Inspection, last: Reply, by: User, *, changed: str) -> None:
    assert last.decided_at is not None
    if not Reply.objects.filter(finding__inspection=visit, decision="").exists():
        tell_of_decisions(visit, last.decided_at, by, changed=changed)
