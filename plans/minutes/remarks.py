"""What was found, as blocks of the minutes: the verdict on each action, the remarks, what the school answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.utils import timezone

from plans.documents import typed, wording
from plans.documents.tree import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    ItemList,
    Paragraph,
    Row,
    RowKind,
    Run,
    Table,
)
from plans.inspections.enums import Decision, FindingKind, Verdict
from plans.inspections.models import ChecklistAnswer, Finding, Recommendation, Reply
from plans.replying.replies import reply_of

RESULTS_CAPTION = "Kết quả kiểm tra từng việc"
ANSWERS_CAPTION = "Kết quả theo phiếu kiểm tra"
WITHDRAWN = "Tổ kiểm tra đã rút nhận xét này sau khi nghe nhà trường phản hồi."
_MOST_WORDS = 160  # signs of an action's words; they stand in full in the plan above
_RESULT_COLUMNS = (
    Column("TT", 6),
    Column("Việc trong kế hoạch", 30),
    Column("Mức độ thực hiện đến ngày kiểm tra", 15),
    Column("Nhận xét của tổ kiểm tra, minh chứng đã xem", 29),
    Column("Kiến nghị với nhà trường", 20),
)


# --- one finding ------------------------------------------------------------------------------------------


def decision_of(finding: Finding) -> str:
    """Return what the team decided about the school's answer, "" where nothing was answered or decided."""
    answer = reply_of(finding)
    return answer.decision if answer else ""


def live_recommendations(finding: Finding) -> list[Recommendation]:
    """Return the recommendations that hold: none of a remark that was withdrawn."""
    if decision_of(finding) == Decision.WITHDRAW:
        return []
    return [one for one in finding.recommendations.all() if one.is_live]


def says_anything(finding: Finding) -> bool:
    """Say whether anybody noted anything of this part: a verdict, words, a recommendation, a photo."""
    words = finding.has_words or finding.evidence.strip()
    recommended = any(one.is_live for one in finding.recommendations.all())
    return bool(finding.verdict or words or recommended or _photos(finding))


def _photos(finding: Finding) -> int:
    return sum(not one.removed for one in finding.photos.all())


def _labelled(label: str, text: str) -> Iterator[Paragraph | ItemList]:
    """Yield typed words after a label in bold, on one line where they begin with a paragraph."""
    blocks = typed.blocks(text)
    if not blocks:
        return
    name = Run(f"{label}: ", bold=True)
    if isinstance(first := blocks[0], Paragraph):
        yield Paragraph((name, *first.content))
        yield from blocks[1:]
    else:
        yield Paragraph((Run(f"{label}:", bold=True),), keep_with_next=True)
        yield from blocks


def _remark(finding: Finding) -> Iterator[Paragraph | ItemList]:
    """Yield the words of a remark as they hold now: withdrawn, changed, or as they were written."""
    decision, answer = decision_of(finding), reply_of(finding)
    if decision == Decision.WITHDRAW:
        yield Paragraph((Run(WITHDRAWN, italic=True),))
    elif decision == Decision.CHANGE and answer:
        yield from typed.blocks(answer.changed_words)
    else:
        yield from _as_written(finding)


def _as_written(finding: Finding) -> Iterator[Paragraph | ItemList]:
    yield from typed.blocks(finding.seen)
    yield from _labelled("Ưu điểm", finding.strengths)
    yield from _labelled("Hạn chế", finding.limits)


def _looked_at(finding: Finding) -> Iterator[Paragraph | ItemList]:
    yield from _labelled("Minh chứng đã xem", finding.evidence)
    if photos := _photos(finding):
        yield Paragraph((Run("Ảnh chụp tại chỗ: ", bold=True), Run(f"{photos} ảnh")))


def recommendation_words(one: Recommendation) -> str:
    """Return a recommendation with its person and its day: "Thay 2 kệ gỗ; người thực hiện: …; hạn: 30/4/2026"."""
    words = one.body.strip().rstrip(".;")
    words += f"; người thực hiện: {one.owner.strip()}" if one.owner.strip() else ""
    return words + (f"; hạn: {one.due.strip()}" if one.due.strip() else "")


def _recommended(finding: Finding) -> tuple[ItemList, ...]:
    lines = [typed.inlines(recommendation_words(one)) for one in live_recommendations(finding)]
    return (ItemList(tuple(lines)),) if lines else ()


# --- the verdicts, action by action -----------------------------------------------------------------------


def result_blocks(findings: Iterable[Finding]) -> Iterator[Block]:
    """Yield the table of what was found of each action, grouped by standard; nothing where nothing was noted."""
    actions = [one for one in findings if one.kind == FindingKind.ACTION]
    noted = [one for one in actions if says_anything(one)]
    if not noted:
        return
    yield Heading(1, (Run(RESULTS_CAPTION),), numbered=False)
    yield Table(RESULTS_CAPTION, _RESULT_COLUMNS, (), tuple(_result_rows(noted)))
    if left := len(actions) - len(noted):
        yield Paragraph((Run(f"Tổ kiểm tra chưa ghi kết quả đối với {left} việc còn lại."),))


def _result_rows(findings: list[Finding]) -> Iterator[Row]:
    number = 0
    for label, group in groupby(findings, key=_standard):
        if label:
            cell = Cell(typed.blocks(label), colspan=len(_RESULT_COLUMNS), bold=True)
            yield Row((cell,), RowKind.GROUP)
        for finding in group:
            number += 1
            yield Row(
                (
                    Cell(typed.blocks(str(number)), align=Align.CENTER),
                    Cell(tuple(_what(finding))),
                    Cell(typed.blocks(verdict_words(finding)), align=Align.CENTER),
                    Cell((*_remark(finding), *_looked_at(finding))),
                    Cell(_recommended(finding)),
                )
            )


def _standard(finding: Finding) -> str:
    return finding.criterion.standard.label if finding.criterion else ""


def verdict_words(finding: Finding) -> str:
    """Return how far the team found it: "Đã thực hiện", "" while nobody has said."""
    return str(Verdict(finding.verdict).label) if finding.verdict else ""


def _what(finding: Finding) -> Iterator[Paragraph]:
    yield Paragraph((Run(finding.title, bold=True),))
    words = next((text for _, text in finding.quoted if text.strip()), "")
    if words:
        yield Paragraph((Run(shortened(words)),))


def shortened(words: str, most: int = _MOST_WORDS) -> str:
    """Return `words` on one line, cut at a word with "…" where they are longer than `most` signs."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip(',;.')}…"


# --- remarks on the whole and on each head ----------------------------------------------------------------


def remark_blocks(findings: Iterable[Finding]) -> list[Block]:
    """Return the general remark, then those on the plan's parts and standards; [] where nothing was written."""
    rows = [one for one in findings if one.kind != FindingKind.ACTION and says_anything(one)]
    general = [one for one in rows if one.kind == FindingKind.GENERAL]
    heads = [one for one in rows if one.kind != FindingKind.GENERAL]
    blocks: list[Block] = []
    for finding in general:
        blocks += _whole_remark(finding)
    for finding in heads:
        blocks += [Heading(2, (Run(finding.title),)), *_whole_remark(finding)]
    return blocks


def _whole_remark(finding: Finding) -> Iterator[Block]:
    if finding.verdict:
        verdict = Run(f"{verdict_words(finding)}.")
        yield Paragraph((Run("Mức độ thực hiện đến ngày kiểm tra: ", bold=True), verdict))
    yield from _remark(finding)
    yield from _looked_at(finding)
    if lines := _recommended(finding):
        yield Paragraph((Run("Kiến nghị với nhà trường:", bold=True),), keep_with_next=True)
        yield from lines


# --- the checklist ----------------------------------------------------------------------------------------


def answer_blocks(answers: Iterable[ChecklistAnswer]) -> Iterator[Block]:
    """Yield a table for each checklist that has an answer, its questions grouped by criterion."""
    given = [one for one in answers if one.value.strip()]
    for checklist, rows in groupby(given, key=lambda one: one.question.checklist):
        yield Heading(1, (Run(f"{ANSWERS_CAPTION}: {checklist.title}"),), numbered=False)
        columns = (Column("TT", 6), Column("Câu hỏi", 54), Column("Trả lời", 40))
        yield Table(ANSWERS_CAPTION, columns, (), tuple(_answer_rows(rows)))


def _answer_rows(answers: Iterable[ChecklistAnswer]) -> Iterator[Row]:
    number = 0
    for criterion, rows in groupby(answers, key=lambda one: one.question.criterion):
        yield Row((Cell(typed.blocks(criterion.label), colspan=3, bold=True),), RowKind.GROUP)
        for one in rows:
            number += 1
            yield Row(
                (
                    Cell(typed.blocks(str(number)), align=Align.CENTER),
                    Cell(typed.blocks(one.question.words)),
                    Cell(typed.blocks(one.value)),
                )
            )


# --- the right of reply -----------------------------------------------------------------------------------


def reply_blocks(findings: Iterable[Finding]) -> Iterator[Block]:
    """Yield each remark that the school answered: the remark as it was, the answer, what the team decided."""
    for finding in findings:
        answer = reply_of(finding)
        if answer is None:
            continue
        yield Heading(2, (Run(finding.title),))
        yield Paragraph((Run("Nhận xét của tổ kiểm tra khi kết thúc buổi kiểm tra:", bold=True),))
        yield from list(_as_written(finding)) or [Paragraph((Run("(không ghi lời)"),))]
        yield from _labelled(f"Nhà trường phản hồi ngày {_day(answer.answered_at)}", answer.body)
        if names := [file.name for file in answer.files.all()]:
            yield Paragraph((Run("Tệp nhà trường gửi kèm: ", bold=True), Run("; ".join(names))))
        yield from _decided(answer)


def _decided(answer: Reply) -> Iterator[Block]:
    if answer.decision and answer.decided_at:
        words = {
            Decision.KEEP: "giữ nguyên nhận xét.",
            Decision.CHANGE: "sửa nhận xét như sau:",
            Decision.WITHDRAW: "rút nhận xét.",
        }[Decision(answer.decision)]
        label = f"Tổ kiểm tra kết luận ngày {_day(answer.decided_at)}: "
        yield Paragraph((Run(label, bold=True), Run(words)))
        if answer.decision == Decision.CHANGE:
            yield from typed.blocks(answer.changed_words)
        yield from _labelled("Lý do", answer.decision_note)
    else:
        yield Paragraph((Run("Tổ kiểm tra chưa kết luận về phản hồi này.", italic=True),))


def _day(moment: object) -> str:
    return wording.short_date(timezone.localtime(moment).date())  # type: ignore[arg-type]
