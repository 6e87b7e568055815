"""minutes_document(): the record of a visit as an official document, and the empty form of it; pure functions.

The layout is that of the offices' own paper: letterhead of the inspecting body, title, hour and place, who was
there, the legal ground, the school's plan as it stood, remarks, two sides that sign. What nobody has said is room
to write, so a visit that has not begun prints as the form to take along. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I
and mẫu 1.9 (biên bản).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from criteria.models import Framework
from plans.documents import typed, wording
from plans.documents.tree import (
    Blank,
    Block,
    Document,
    Heading,
    Inline,
    Inlines,
    ItemList,
    Letterhead,
    Marker,
    Paragraph,
    Party,
    Run,
    Section,
    SignBlock,
    SignParties,
    Title,
)
from plans.inspections.enums import MinutesTitle
from plans.inspections.models import Inspection
from plans.minutes.facts import MinutesFacts, facts_of
from plans.minutes.remarks import answer_blocks, remark_blocks, reply_blocks, result_blocks
from plans.recording.head_words import read_hour
from plans.schools.letterhead import HeadingLines

TEAM_CAPACITY = "THÀNH VIÊN ĐOÀN KIỂM TRA"
END_MARK = "./."
# The second line of each title; the first is what the office chose.
_SECOND_LINE = {
    MinutesTitle.CHECK: "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
    MinutesTitle.MINUTES: "KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
}
_LINE = Blank(64, dotted=True)  # a line to write on, signs; 32 dots of 14 pt
_SHORT = Blank(4, dotted=True)
_LEAST_ROOM = 2  # lines for people of the school on the form
_ROOM_FOR_REMARKS, _ROOM_FOR_WORDS, _ROOM_FOR_PEOPLE = 9, 3, 3  # lines
_HOUR = re.compile(r"\s*(\d{1,2})\s*(?:giờ|gio|h|g|:)\s*(\d{1,2})?\s*(?:phút|phut|p|')?\s*\.?\s*")
_DAY = re.compile(r"\s*(?:ngày\s*)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*")
_ENDED = re.compile(r"\s*\./\.\s*$")


def minutes_document(
    inspection: Inspection, *, number: str = "", on: date | None = None
) -> Document:
    """Return the minutes of a visit loaded by `Inspection.objects.for_minutes()`, as its rows are now.

    `number` is printed as it is given, "" for none; `on` is the day on top of it, None leaves room for it. The same
    rows give the same tree. Raises UnreadableTree for a plan that was frozen by a newer program.
    """
    return document_of(facts_of(inspection, number=number, on=on))


def document_of(facts: MinutesFacts) -> Document:
    """Return the document that says these facts, with room to write wherever they say nothing."""
    title = Title((facts.title.label, _SECOND_LINE[facts.title]), (f"Năm học {facts.school_year}",))
    opening: list[Block] = [letterhead_of(facts.lines, facts.number, facts.issued_on), title]
    opening += [*_when_and_where(facts), *_people(facts), *_grounds(facts), *_which_plan(facts)]
    plan = plan_sections(facts.plan) if facts.plan else ()
    return Document(
        title=" ".join((*title.kind_lines, *title.subject_lines, facts.school)).strip(),
        author=facts.lines.name,
        sections=(Section(tuple(opening)), *plan, Section(tuple(_record(facts)))),
    )


def letterhead_of(
    lines: HeadingLines, number: str, on: date | None, *, kind: str = ""
) -> Letterhead:
    """Return the head of a paper of the inspecting body.

    Without a number it has room for one where `kind` says the type of document ("TB"), else no such line: minutes
    need none.
    """
    place: Inlines = wording.place_and_date(lines.place, on)
    if not lines.place:
        place = (_SHORT, Run(", "), *wording.vietnamese_date(on))
    line: Inlines = (Run(f"Số: {number.strip()}"),) if number.strip() else ()
    if not line and kind:
        line = (Run("Số: "), Blank(4), Run(f"/{kind}-"), Blank(6))
    return Letterhead(lines.parent_body, lines.issuer, line, place)


# --- hour, place, people ----------------------------------------------------------------------------------


def _when_and_where(facts: MinutesFacts) -> Iterator[Block]:
    yield Paragraph(
        (Run("Vào lúc "), *hour_words(facts.began), Run(", "), *day_words(facts.held_on))
    )
    place = facts.place.strip()
    told = (Run(_at(place)),) if place else (Run("Tại trường "), Blank(50, dotted=True))
    yield Paragraph(told)


def _at(place: str) -> str:
    return place if place.casefold().startswith("tại ") else f"Tại {place}"


def hour_words(text: str) -> Inlines:
    """Return "8 giờ 15 phút" for "8:15" or "8g15"; dots for nothing, any other words as they were typed."""
    if not text.strip():
        return (_SHORT, Run(" giờ "), _SHORT, Run(" phút"))
    if (match := _HOUR.fullmatch(text.lower())) and read_hour(text):
        return (Run(f"{match[1]} giờ {match[2] or '00'} phút"),)
    return (Run(text.strip()),)


def day_words(text: str) -> Inlines:
    """Return "ngày 14 tháng 10 năm 2025" for "14/10/2025"; dots for nothing, other words as they were typed."""
    if not text.strip():
        year = Blank(6, dotted=True)
        return (Run("ngày "), _SHORT, Run(" tháng "), _SHORT, Run(" năm "), year)
    if match := _DAY.fullmatch(text.lower()):
        try:
            return wording.vietnamese_date(date(int(match[3]), int(match[2]), int(match[1])))
        except ValueError:
            pass
    typed_words = text.strip()
    return (Run(typed_words if typed_words.lower().startswith("ngày") else f"ngày {typed_words}"),)


def _people(facts: MinutesFacts) -> Iterator[Block]:
    # Its number is words: a counted head of the second rank before any of the first makes Word begin the plan at II.
    yield Heading(2, (Run("1. Thành phần:", italic=True),), numbered=False)
    yield _label("Tổ kiểm tra:")
    yield _listed(facts.team, _ROOM_FOR_PEOPLE if not facts.team else 0)
    if facts.gone:
        yield Paragraph((Run(f"Thành viên thôi tham gia tổ kiểm tra: {'; '.join(facts.gone)}."),))
    yield _label("Phía nhà trường:")
    yield _listed(facts.present, _room_for_school(facts))


def _room_for_school(facts: MinutesFacts) -> int:
    """Return how many lines are left for people of the school: on the form always some, for its trade union, say."""
    room = _ROOM_FOR_PEOPLE - len(facts.present)
    if facts.is_blank:
        return max(_LEAST_ROOM, room)
    return 0 if facts.present else room


def _label(words: str) -> Heading:
    return Heading(3, (Run(words, bold=True, italic=True),), numbered=False)


def _listed(lines: tuple[str, ...], room: int) -> ItemList:
    """Return people as a numbered list, each ";" and the last "."; then `room` dotted lines for more of them."""
    ends = (";",) * (len(lines) - 1) + (";" if room > 0 else ".",)
    items: list[Inlines] = [
        (Run(f"{line.rstrip(' .;')}{end}"),) for line, end in zip(lines, ends, strict=False)
    ]
    someone = (Blank(30, dotted=True), Run(", chức vụ: "), Blank(20, dotted=True))
    return ItemList((*items, *(someone,) * room), Marker.NUMBER)


# --- legal ground and plan --------------------------------------------------------------------------------


def _grounds(facts: MinutesFacts) -> Iterator[Paragraph]:
    lines: list[Inlines] = [framework_ground(facts.framework, facts.school)]
    lines += ground_lines(facts.decision, facts.grounds)
    yield from ended_grounds(lines)


def framework_ground(framework: Framework | None, school: str) -> Inlines:
    """Return the circular by which the school is judged, as a ground; dots for its number where it is unknown."""
    where = f" đối với {school}" if school else ""
    if framework is None:
        day = (_SHORT, Run("/"), _SHORT, Run("/"), _SHORT)
        head: tuple[Inline, ...] = (Run("Căn cứ Thông tư số "), Blank(16, dotted=True))
        words = "quy định về kiểm định chất lượng giáo dục và công nhận đạt chuẩn quốc gia"
        return (*head, Run("/TT-BGDĐT ngày "), *day, Run(f" {words}{where}"))
    name = re.sub(r"^Thông tư\s+", "", framework.name)
    words = (
        f"Căn cứ Thông tư số {framework.number} ngày {wording.short_date(framework.issued_on)} "
        f"của {framework.issuer} {name}"
    )
    if framework.amended_by:
        words += f" (sửa đổi, bổ sung bởi Thông tư số {framework.amended_by})"
    return (Run(f"{words}; áp dụng{where}" if where else words),)


def ground_lines(decision: str, grounds: str) -> list[Inlines]:
    """Return the decision that founds the team and the typed grounds, each beginning "Căn cứ"."""
    lines = [decision] if decision else []
    told = [line.rstrip(" ;.") for line in [*lines, *typed.lines(grounds)]]
    begun = ("căn cứ", "theo", "thực hiện", "xét")
    return [
        typed.inlines(line if line.casefold().startswith(begun) else f"Căn cứ {line}")
        for line in told
    ]


def ended_grounds(lines: list[Inlines]) -> Iterator[Paragraph]:
    """Yield grounds in italics, each ending ";" and the last "." (Phụ lục I, mục II.6)."""
    for place, line in enumerate(lines, 1):
        end = "." if place == len(lines) else ";"
        yield Paragraph(tuple(map(_italic, (*line, Run(end)))))


def _italic(inline: Inline) -> Inline:
    return replace(inline, italic=True) if isinstance(inline, Run) else inline


def _which_plan(facts: MinutesFacts) -> Iterator[Paragraph]:
    if words := facts.plan_words.strip().rstrip("."):
        words = words.removeprefix("Kế hoạch ")
        yield Paragraph((Run(f"Kế hoạch được kiểm tra: {words}."),))
    elif facts.plan is None:
        yield Paragraph(
            (Run("Kế hoạch được kiểm tra: số "), _SHORT, Run(", "), *day_words(""), Run("."))
        )


_OFF_THE_PLAN = (Letterhead, Title, SignBlock, SignParties)


def plan_sections(plan: Document) -> tuple[Section, ...]:
    """Return the parts of a plan as they are embedded: without its head, title and signature, and its "./.".

    Headings keep their numbers, since nothing before them counts Roman ones; wide tables keep their own pages.
    """
    sections = []
    for section in plan.sections:
        blocks = tuple(block for block in section.blocks if not isinstance(block, _OFF_THE_PLAN))
        if blocks:
            sections.append(replace(section, blocks=blocks))
    if sections:
        last = sections[-1]
        sections[-1] = replace(last, blocks=(*last.blocks[:-1], _unended(last.blocks[-1])))
    return tuple(sections)


def _unended(block: Block) -> Block:
    """Return the plan's last block without the mark that closes a document, which is not over here."""
    if isinstance(block, Paragraph):
        return replace(block, content=_without_mark(block.content))
    if isinstance(block, ItemList) and block.items:
        return replace(block, items=(*block.items[:-1], _without_mark(block.items[-1])))
    return block


def _without_mark(content: Inlines) -> Inlines:
    last = content[-1] if content else None
    if not isinstance(last, Run) or not _ENDED.search(last.text):
        return content
    return (*content[:-1], replace(last, text=_ENDED.sub(".", last.text)))


# --- the record -------------------------------------------------------------------------------------------


def _record(facts: MinutesFacts) -> Iterator[Block]:
    """Yield what comes after the plan: verdicts, remarks, answers, the end, the signatures."""
    yield from result_blocks(facts.findings)
    yield Heading(1, (Run("Nhận xét của đoàn kiểm tra"),), numbered=False)
    yield from remark_blocks(facts.findings) or _room(_ROOM_FOR_REMARKS)
    yield from answer_blocks(facts.answers)
    yield Heading(1, (Run("Ý kiến của nhà trường"),), numbered=False)
    yield from typed.blocks(facts.school_words) or _room(_ROOM_FOR_WORDS)
    yield from _replies(facts)
    yield from _end(facts)
    yield _signatures(facts)


def _room(lines: int) -> tuple[Paragraph, ...]:
    """Return lines to write on by hand."""
    return (Paragraph((_LINE,), indent=False),) * lines


def _replies(facts: MinutesFacts) -> Iterator[Block]:
    """Yield the right of reply: until when, when it was over, and each answer with the team's conclusion."""
    if facts.reply_until is None:
        return
    head = "Phản hồi của nhà trường và kết luận của tổ kiểm tra"
    yield Heading(1, (Run(head),), numbered=False)
    until = f"Nhà trường được phản hồi đến hết ngày {wording.short_date(facts.reply_until)}"
    if facts.replied_on:
        until += f"; nhà trường phản hồi xong ngày {wording.short_date(facts.replied_on)}"
    yield Paragraph((Run(f"{until}."),))
    if facts.answers_are_in:
        none = Paragraph((Run("Nhà trường không có phản hồi về các nhận xét trên."),))
        yield from list(reply_blocks(facts.findings)) or [none]


def _end(facts: MinutesFacts) -> Iterator[Paragraph]:
    yield Paragraph((Run("Buổi kiểm tra kết thúc lúc "), *hour_words(facts.ended), Run(".")))
    copies: Inline = Run(_number(facts.copies)) if facts.copies.strip() else _SHORT
    end = f" bản, mỗi bên giữ 01 bản{END_MARK}"
    yield Paragraph((Run("Biên bản được lập thành "), copies, Run(end)), keep_with_next=True)


def _number(copies: str) -> str:
    """Return how many copies as they were typed, a single figure as "02"; the word "bản" stands after it."""
    bare = re.sub(r"\s*bản\.?\s*$", "", copies.strip(), flags=re.IGNORECASE)
    return f"0{bare}" if re.fullmatch(r"\d", bare) else bare


def _signatures(facts: MinutesFacts) -> SignParties:
    team = Party((TEAM_CAPACITY,), facts.signing)
    names = (facts.head.name,) if facts.head.name else ()
    return SignParties((Party(facts.head.capacity, names), team))
