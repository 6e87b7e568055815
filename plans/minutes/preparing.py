"""Everything of a paper that needs no lock: what speaks against it, its tree with the mark, its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from plans.checking.vocabulary import vocabulary
from plans.documents.tree import Document
from plans.formats.layouts import body_layout_row, layout_of
from plans.inspections.enums import Outcome
from plans.inspections.models import Inspection
from plans.issuing.lookup import new_code
from plans.issuing.rendering import Paper as Rendered
from plans.issuing.rendering import with_check
from plans.minutes.facts import head_of, signing_team
from plans.minutes.rendering import render_minutes
from plans.recording.head_words import misread
from plans.replying.replies import ready_for_minutes
from plans.schools.letterhead import body_letterhead
from plans.schools.models import ManagingBody
from plans.text import fold


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper that is ready to be written down: its tree, the code of its page, its files."""

    bare: Document
    tree: Document
    code: str
    rendered: Rendered


def prepare(
    document: Document, body: ManagingBody, on: date, fields: Sequence[str] = ()
) -> Prepared:
    """Return the document with the QR code of its public page, in the layout of its body, as PDF and Word.

    `fields` are the names of its signature fields. The one place where a paper is rendered: seconds for a long
    plan. Raises FontMissing where the document's font is not installed.
    """
    code = new_code()
    tree = with_check(document, code)
    layout = layout_of(body_layout_row(body, on))
    return Prepared(document, tree, code, render_minutes(tree, layout, fields))


def missing_for_minutes(inspection: Inspection, on: date) -> list[str]:
    """Return what keeps the minutes of a visit loaded by `for_minutes()` from being made on the day `on`.

    Whole sentences for the team, [] where nothing does.
    """
    # Read anew: what is loaded here would stand in the way of how that loads its answers.
    missing = ready_for_minutes(Inspection.objects.get(pk=inspection.pk), on)
    if inspection.entries.filter(outcome=Outcome.CONFLICT, settled_at__isnull=True).exists():
        missing.append(
            "Còn ô mà hai người trong tổ ghi khác nhau. Hãy chọn một trong hai rồi mới lập biên bản."
        )
    if not signing_team(inspection):
        missing.append("Tổ kiểm tra không có ai có mặt nên không có người ký biên bản.")
    if not head_of(inspection, on).name:
        missing.append(
            "Chưa ghi người ký cho nhà trường: phía nhà trường chưa có hiệu trưởng hay phó hiệu trưởng dự, "
            "và chương trình chưa có tài khoản hiệu trưởng của trường."
        )
    return missing


def body_warnings(body: ManagingBody, on: date) -> list[str]:
    """Return what to look at before a paper of `body` bears the day `on`: names that were no more, no place.

    Reads the body's `successor`, `parent` and the parent's `successor`. Source: Luật 72/2025/QH15.
    """
    lines = body_letterhead(body, on)
    told = list(lines.warnings)
    printed = fold(f"{lines.parent_body} | {lines.issuer}")
    for ended in vocabulary().ended_bodies:
        found = next((word for word in ended.words if fold(word) in printed), None)
        if found and on > ended.last_day:
            told.append(
                f"Đầu văn bản đang in “{found}”; từ sau ngày {ended.last_day:%d/%m/%Y} cơ quan này không còn. "
                f"Tên hiện nay: {ended.instead}."
            )
    return told


def minutes_warnings(inspection: Inspection, on: date) -> list[str]:
    """Return what the minutes would print as room to write, as no real day or hour, or in a name that was no more.

    None of it stops them.
    """
    return [*body_warnings(inspection.body, on), *_unsaid(inspection)]


def _unsaid(inspection: Inspection) -> Iterator[str]:
    fields = {
        "held_on": "ngày kiểm tra",
        "began": "giờ bắt đầu",
        "ended": "giờ kết thúc",
        "place": "nơi kiểm tra",
        "copies": "số bản của biên bản",
    }
    open_ones = [words for name, words in fields.items() if not getattr(inspection, name).strip()]
    if open_ones:
        yield f"Chưa ghi {', '.join(open_ones)}: biên bản để trống chỗ ấy để ghi tay."
    yield from misread(inspection)
    if not any(finding.has_words for finding in inspection.findings.all()):
        yield "Chưa có nhận xét nào: biên bản để trống phần nhận xét để ghi tay."
    if not any(not one.removed for one in inspection.attendees.all()):
        yield "Chưa ghi ai dự phía nhà trường."


def day_of(inspection: Inspection) -> date | None:
    """Return the day on which the record was opened, None before."""
    return timezone.localtime(inspection.opened_at).date() if inspection.opened_at else None
