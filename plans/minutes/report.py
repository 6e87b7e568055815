"""Báo cáo tổng hợp of a campaign: how far it is, what was found by standard, what recurs. No school is ranked.

Schools stand in the order of the alphabet. Counted is only what a concluded record says; what a team withdrew is
not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from plans.documents import typed, wording
from plans.documents.tree import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Orientation,
    Paragraph,
    Row,
    RowKind,
    Run,
    Section,
    SignBlock,
    Table,
    Title,
)
from plans.inspections.enums import FindingKind, Verdict
from plans.inspections.models import Finding, Inspection, InspectionCampaign
from plans.inspections.recurring import MANY_SCHOOLS, with_remarks
from plans.inspections.states import SCHOOL_READS, InspectionState
from plans.issuing.enums import DocumentState
from plans.minutes.document import END_MARK, ended_grounds, ground_lines, letterhead_of
from plans.minutes.facts import decision_of
from plans.minutes.models import Paper, PaperKind
from plans.minutes.remarks import live_recommendations
from plans.replying.turns import state_words
from plans.schools.letterhead import body_letterhead
from plans.schools.models import ManagingBody, School

KIND = "BÁO CÁO"
NOT_PLANNED = "Chưa lên lịch"
_VERDICTS = (Verdict.DONE, Verdict.DOING, Verdict.NOT_DONE, Verdict.NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What an office types for a report: an assessment of its own, and for the signature (see NoticeWords)."""

    assessment: str = ""
    recipients: str = ""
    capacity: str = ""
    signer: str = ""


@dataclass(frozen=True, slots=True)
class LoadedCampaign:
    """A campaign with its chosen schools and its visits in the order of the alphabet, loaded for the report."""

    campaign: InspectionCampaign
    body: ManagingBody
    visits: tuple[Inspection, ...]
    chosen: tuple[School, ...]

    @property
    def waiting(self) -> tuple[School, ...]:
        """The chosen schools to which no visit was planned yet."""
        known = {one.school_id for one in self.visits}
        return tuple(one for one in self.chosen if one.pk not in known)

    @property
    def school_count(self) -> int:
        """How many schools the campaign has: those chosen, and those visited without having been."""
        visited = {v.school_id for v in self.visits if v.state != InspectionState.CANCELLED}
        return len(visited | {one.pk for one in self.chosen})

    @property
    def told(self) -> tuple[Inspection, ...]:
        """The visits whose record is concluded, so that what it says may be counted."""
        return tuple(one for one in self.visits if one.state in SCHOOL_READS)


@dataclass(slots=True)
class Recurring:
    """Something that is remarked on: its name, and in which schools (ids) a remark or a recommendation was made."""

    title: str
    remarked: set[int] = field(default_factory=set)
    recommended: set[int] = field(default_factory=set)

    @property
    def schools(self) -> int:
        """How many schools it concerns."""
        return len(self.remarked | self.recommended)


def load_campaign(campaign: InspectionCampaign) -> LoadedCampaign:
    """Return a campaign with all that its report says, in a fixed number of queries."""
    findings = with_remarks(Finding.objects.select_related("criterion__standard", "reply"))
    minutes = Paper.objects.filter(kind=PaperKind.MINUTES, state=DocumentState.IN_FORCE)
    visits = (
        Inspection.objects.filter(campaign=campaign)
        .select_related("school")
        .prefetch_related(
            "school__names",
            Prefetch("findings", findings.prefetch_related("recommendations")),
            Prefetch("papers", minutes.defer("tree"), to_attr="minutes_in_force"),
        )
        .order_by("school__sort_key", "school", "pk")
    )
    bodies = ManagingBody.objects.select_related("successor", "parent__successor")
    chosen = campaign.chosen.select_related("school").prefetch_related("school__names")
    body = bodies.get(pk=campaign.body_id)
    return LoadedCampaign(campaign, body, tuple(visits), tuple(one.school for one in chosen))


def campaign_report(
    loaded: LoadedCampaign, *, on: date, number: str = "", words: ReportWords | None = None
) -> Document:
    """Return the report of a campaign as an official document of the day `on`; the same rows give the same tree."""
    words = words or ReportWords()
    campaign, lines = loaded.campaign, body_letterhead(loaded.body, on)
    subject = (
        "Tổng hợp kết quả kiểm tra kế hoạch cải tiến chất lượng giáo dục",
        f"Năm học {campaign.school_year.label}",
    )
    first: list[Block] = [letterhead_of(lines, number, on, kind="BC"), Title((KIND,), subject)]
    first += ended_grounds(ground_lines(decision_of(campaign), campaign.legal_grounds))
    first += [*_progress(loaded, on), *_by_standard(loaded), *_recurring(loaded)]
    last = [*_assessment(words), _signature(words)]
    return Document(
        f"{KIND} {' '.join(subject)}",
        lines.name,
        (
            Section(tuple(first)),
            *_recommendation_pages(loaded, on),
            Section(tuple(last)),
        ),
    )


# --- how far the campaign is ------------------------------------------------------------------------------


def _progress(loaded: LoadedCampaign, on: date) -> Iterator[Block]:
    campaign = loaded.campaign
    yield Heading(1, (Run("TIẾN ĐỘ KIỂM TRA"),))
    period = f"{wording.short_date(campaign.starts_on)} đến {wording.short_date(campaign.ends_on)}"
    yield Paragraph((Run(f"{campaign.title}, từ ngày {period}. {_counted(loaded)}"),))
    columns = (
        Column("TT", 6),
        Column("Trường", 44),
        Column("Ngày kiểm tra", 16),
        Column("Tình trạng", 20),
        Column("Biên bản", 14),
    )
    told: list[Inspection | School] = [*loaded.visits, *loaded.waiting]
    told.sort(key=_school_order)
    rows = (
        _waiting_row(place, one, on) if isinstance(one, School) else _visit_row(place, one, on)
        for place, one in enumerate(told, 1)
    )
    yield Table("Tiến độ kiểm tra", columns, (), tuple(rows))


def _school_order(one: Inspection | School) -> tuple[str, int, int]:
    school = one if isinstance(one, School) else one.school
    return (school.sort_key, school.pk, 0 if isinstance(one, School) else one.pk)


def _waiting_row(place: int, school: School, on: date) -> Row:
    name = _text(school.name_on(on))
    return Row((_text(str(place), Align.CENTER), name, _text(""), _text(NOT_PLANNED), _text("")))


def _counted(loaded: LoadedCampaign) -> str:
    """Return how many schools there are and how many visits in each stage, in a sentence."""
    count = Counter(one.state for one in loaded.visits)
    planned = len(loaded.visits) - count[InspectionState.CANCELLED]
    visited = planned - count[InspectionState.PLANNED]
    minuted = count[InspectionState.MINUTED] + count[InspectionState.DONE]
    words = f"Số trường trong đợt: {loaded.school_count}; "
    if loaded.waiting:
        words += f"{NOT_PLANNED.lower()}: {len(loaded.waiting)}; "
    words += f"đã kiểm tra: {visited}; "
    words += f"đã lập biên bản: {minuted}; đã kiểm tra, chưa lập biên bản: {visited - minuted}"
    cancelled = count[InspectionState.CANCELLED]
    return f"{words}; hủy: {cancelled}." if cancelled else f"{words}."


def _visit_row(place: int, visit: Inspection, on: date) -> Row:
    minutes = next(iter(visit.minutes_in_force), None)  # type: ignore[attr-defined]
    paper = f"ngày {wording.short_date(minutes.issued_on)}" if minutes else ""
    return Row(
        (
            _text(str(place), Align.CENTER),
            _text(visit.school.name_on(on)),
            _text(wording.short_date(visit.visited_on), Align.CENTER),
            _text(state_words(visit, on)),
            _text(paper, Align.CENTER),
        )
    )


# --- what was found ---------------------------------------------------------------------------------------


def _by_standard(loaded: LoadedCampaign) -> Iterator[Block]:
    """Yield the verdicts counted by standard over all schools together."""
    yield Heading(1, (Run("KẾT QUẢ THỰC HIỆN THEO TIÊU CHUẨN"),))
    counts: dict[str, Counter[str]] = {}
    for finding in _findings(loaded):
        if finding.kind == FindingKind.ACTION and finding.verdict:
            counts.setdefault(_standard(finding), Counter())[finding.verdict] += 1
    if not counts:
        yield Paragraph((Run("Chưa có việc nào được ghi kết quả kiểm tra."),))
        return
    of_each = (Column(str(verdict.label), 15) for verdict in _VERDICTS)
    columns = (Column("Tiêu chuẩn", 40), *of_each)
    rows = [_count_row(label, counts[label]) for label in sorted(counts, key=_standard_order)]
    rows.append(_count_row("Cộng", sum(counts.values(), Counter()), RowKind.TOTAL))
    yield Table("Số việc theo tiêu chuẩn", columns, (), tuple(rows))


def _count_row(label: str, count: Counter[str], kind: RowKind = RowKind.BODY) -> Row:
    cells = (_text(str(count[verdict]), Align.CENTER) for verdict in _VERDICTS)
    return Row((_text(label), *cells), kind)


def _standard(finding: Finding) -> str:
    return finding.criterion.standard.label if finding.criterion else "Việc không theo tiêu chuẩn"


def _standard_order(label: str) -> tuple[bool, str]:
    return (not label.startswith("Tiêu chuẩn"), label)


def recurring_remarks(loaded: LoadedCampaign) -> list[Recurring]:
    """Return what remarks or recommendations were made on in MANY_SCHOOLS schools or more, the most frequent first.

    They are counted by what they are about, a criterion or else a part of the plan, and never by school. What a
    remark is says `plans.inspections.recurring`.
    """
    found: dict[str, Recurring] = {}
    for visit in loaded.told:
        for finding in visit.findings.all():
            if finding.kind == FindingKind.GENERAL:
                continue
            about = finding.criterion.label if finding.criterion else finding.title
            if finding.remarked:  # type: ignore[attr-defined]
                found.setdefault(about, Recurring(about)).remarked.add(visit.school_id)
            if finding.recommended:  # type: ignore[attr-defined]
                found.setdefault(about, Recurring(about)).recommended.add(visit.school_id)
    often = [one for one in found.values() if one.schools >= MANY_SCHOOLS]
    return sorted(often, key=lambda one: (-one.schools, one.title))


def _recurring(loaded: LoadedCampaign) -> Iterator[Block]:
    yield Heading(1, (Run("NHẬN XÉT, KIẾN NGHỊ LẶP LẠI Ở NHIỀU TRƯỜNG"),))
    rows = recurring_remarks(loaded)
    if not rows:
        yield Paragraph((Run("Chưa có nội dung nào được nhận xét ở từ ba trường trở lên."),))
        return
    columns = (
        Column("TT", 6),
        Column("Nội dung", 54),
        Column("Số trường có nhận xét", 20),
        Column("Số trường có kiến nghị", 20),
    )
    told = tuple(_recurring_row(place, one) for place, one in enumerate(rows, 1))
    yield Table("Nhận xét lặp lại", columns, (), told)


def _recurring_row(place: int, one: Recurring) -> Row:
    return Row(
        (
            _text(str(place), Align.CENTER),
            _text(one.title),
            _text(str(len(one.remarked)), Align.CENTER),
            _text(str(len(one.recommended)), Align.CENTER),
        )
    )


def _recommendation_pages(loaded: LoadedCampaign, on: date) -> Iterator[Section]:
    """Yield the recommendations to each school, school by school in the order of the alphabet, on wide pages."""
    head = Heading(1, (Run("KIẾN NGHỊ VỚI TỪNG TRƯỜNG"),))
    rows = [row for visit in loaded.told for row in _recommendation_rows(visit, on)]
    if not rows:
        none = Paragraph((Run("Chưa có kiến nghị nào trong các biên bản đã kết thúc kiểm tra."),))
        yield Section((head, none))
        return
    columns = (Column("Về", 24), Column("Kiến nghị", 42), Column("Người thực hiện", 20))
    table = Table("Kiến nghị", (*columns, Column("Hạn", 14)), (), tuple(rows))
    yield Section((head, table), Orientation.LANDSCAPE)


def _recommendation_rows(visit: Inspection, on: date) -> Iterator[Row]:
    found = [(f, one) for f in visit.findings.all() for one in live_recommendations(f)]
    if not found:
        return
    yield Row((Cell(typed.blocks(visit.school.name_on(on)), colspan=4, bold=True),), RowKind.GROUP)
    for finding, one in found:
        yield Row((_text(finding.title), _text(one.body), _text(one.owner), _text(one.due)))


def _findings(loaded: LoadedCampaign) -> Iterator[Finding]:
    for visit in loaded.told:
        yield from visit.findings.all()


# --- the end ----------------------------------------------------------------------------------------------


def _assessment(words: ReportWords) -> Iterator[Block]:
    if words.assessment.strip():
        yield Heading(1, (Run("ĐÁNH GIÁ, ĐỀ XUẤT"),))
        yield from typed.blocks(words.assessment)
    end = "Trên đây là báo cáo tổng hợp kết quả kiểm tra kế hoạch cải tiến chất lượng giáo dục"
    yield Paragraph((Run(f"{end}{END_MARK}"),))


def _signature(words: ReportWords) -> SignBlock:
    capacity = tuple(words.capacity.strip().upper().split("\n"))
    return SignBlock(
        typed.lines(words.recipients.strip() or "Lưu: VT"), capacity, words.signer.strip()
    )


def _text(words: str, align: Align = Align.LEFT) -> Cell:
    return Cell(typed.blocks(words), align=align)
