"""Thông báo về việc kiểm tra: what the school is told before a visit, as an official document of the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from plans.documents import typed, wording
from plans.documents.tree import (
    Block,
    Document,
    Heading,
    Inlines,
    ItemList,
    Marker,
    Paragraph,
    Run,
    Section,
    SignBlock,
    Title,
)
from plans.inspections.models import Inspection
from plans.minutes.document import (
    END_MARK,
    ended_grounds,
    framework_ground,
    ground_lines,
    letterhead_of,
)
from plans.minutes.facts import decision_of
from plans.schools.letterhead import body_letterhead

KIND = "THÔNG BÁO"
# What an office asks for where it has not said anything else itself.
CONTENT = (
    "- Việc thực hiện kế hoạch cải tiến chất lượng giáo dục của nhà trường đến ngày kiểm tra;\n"
    "- Minh chứng của từng việc trong kế hoạch;\n"
    "- Khó khăn, vướng mắc và đề xuất của nhà trường."
)
PREPARATION = (
    "- Kế hoạch cải tiến chất lượng giáo dục đã ban hành và báo cáo tự đánh giá;\n"
    "- Hồ sơ, minh chứng của các việc đã và đang thực hiện;\n"
    "- Phòng làm việc; đại diện lãnh đạo nhà trường, Công đoàn và những người phụ trách từng việc cùng dự."
)


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What an office types for a notice; "" is the usual words, for the signature room to write.

    `capacity` has a line for each of "KT. TRƯỞNG PHÒNG" and "PHÓ TRƯỞNG PHÒNG"; `recipients` is one to a line.
    """

    content: str = ""
    preparation: str = ""
    recipients: str = ""
    capacity: str = ""
    signer: str = ""


def usual_content(inspection: Inspection) -> str:
    """Return what is looked at: what the campaign says of it, else the usual words."""
    note = inspection.campaign.note if inspection.campaign else ""
    return note if note.strip() else CONTENT


def usual_recipients(inspection: Inspection, on: date) -> str:
    """Return who gets a notice: the school, the team, the body's own files."""
    school = inspection.school.name_on(on)
    return f"{school} (để thực hiện)\nThành viên tổ kiểm tra\nLưu: VT"


def notice_document(
    inspection: Inspection, *, on: date, number: str = "", words: NoticeWords | None = None
) -> Document:
    """Return the notice of a visit loaded by `for_minutes()`, dated `on`; the same rows give the same tree.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I and mẫu 1.6 (văn bản có tên loại).
    """
    words = words or NoticeWords()
    lines = body_letterhead(inspection.body, on)
    school, year = inspection.school.name_on(on), inspection.plan_year.label
    subject = (
        f"Về việc kiểm tra kế hoạch cải tiến chất lượng giáo dục năm học {year}",
        f"tại {school}",
    )
    head = letterhead_of(lines, number, on, kind="TB")
    blocks: list[Block] = [head, Title((KIND,), subject)]
    blocks += _body(inspection, school, on, words)
    return Document(f"{KIND} {' '.join(subject)}", lines.name, (Section(tuple(blocks)),))


def _body(inspection: Inspection, school: str, on: date, words: NoticeWords) -> Iterator[Block]:
    grounds: list[Inlines] = []
    if inspection.plan:
        grounds.append(framework_ground(inspection.plan.framework, ""))
    grounds += ground_lines(decision_of(inspection), inspection.legal_grounds)
    yield from ended_grounds(grounds)
    yield Paragraph(
        (
            Run(
                f"{inspection.body.name} thông báo kiểm tra kế hoạch cải tiến chất lượng giáo dục năm học "
                f"{inspection.plan_year.label} tại {school} như sau:"
            ),
        )
    )
    yield Heading(2, (Run("Thời gian, địa điểm"),))
    yield Paragraph((Run(f"Thời gian: {_when(inspection)}."),))
    yield Paragraph((Run(f"Địa điểm: {inspection.place.strip() or school}."),))
    yield Heading(2, (Run("Thành phần tổ kiểm tra"),))
    yield from _team(inspection)
    yield Heading(2, (Run("Nội dung kiểm tra"),))
    yield from typed.blocks(words.content.strip() or usual_content(inspection))
    yield Heading(2, (Run("Đề nghị nhà trường chuẩn bị"),))
    yield from typed.blocks(words.preparation.strip() or PREPARATION)
    yield Paragraph(
        (
            Run(
                "Sau buổi kiểm tra, nhà trường có "
                f"{inspection.reply_days} ngày để phản hồi về các nhận xét trước khi lập biên bản."
            ),
        )
    )
    closing = f"{inspection.body.name} thông báo để nhà trường biết, phối hợp thực hiện{END_MARK}"
    yield Paragraph((Run(closing),))
    yield SignBlock(
        typed.lines(words.recipients.strip() or usual_recipients(inspection, on)),
        tuple(words.capacity.strip().upper().split("\n")),
        words.signer.strip(),
    )


def _when(inspection: Inspection) -> str:
    """Return "từ 8 giờ 00 phút đến 11 giờ 00 phút, ngày 14 tháng 4 năm 2026" as far as it is planned."""
    hours = [
        f"{word} {moment.hour} giờ {moment.minute:02d} phút"
        for word, moment in (("từ", inspection.planned_from), ("đến", inspection.planned_to))
        if moment is not None
    ]
    (day,) = wording.vietnamese_date(inspection.planned_on)
    assert isinstance(day, Run)
    return f"{' '.join(hours)}, {day.text}" if hours else day.text


def _team(inspection: Inspection) -> Iterator[Block]:
    lines = [one.printed for one in inspection.team]
    if not lines:
        yield Paragraph((Run("Danh sách tổ kiểm tra được gửi sau."),))
        return
    ends = [";"] * (len(lines) - 1) + ["."]
    items = ((Run(line.rstrip(" .;") + end),) for line, end in zip(lines, ends, strict=True))
    yield ItemList(tuple(items), Marker.NUMBER)
