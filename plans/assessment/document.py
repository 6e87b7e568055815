"""sheets_document(): phiếu đánh giá tiêu chí as an official document, one criterion or all of them in one file.

Layout: the phiếu of Công văn 5932 and 5942/BGDĐT-QLCL ngày 28/12/2018. What is not written yet is left as room to
write by hand, so that a group can take the phiếu to its meeting before anything is typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from criteria.levels import level_words
from plans.assessment.reading import LevelPart, Sheet
from plans.documents import typed, wording
from plans.documents.tree import (
    Align,
    Blank,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    ItemList,
    Marker,
    Paragraph,
    Party,
    Row,
    RowKind,
    Run,
    Section,
    SignParties,
    Table,
    Title,
)
from plans.documents.wording import LETTERS
from plans.planning.models import Plan
from plans.schools.letterhead import letterhead

KIND = "PHIẾU ĐÁNH GIÁ TIÊU CHÍ"
NO_LETTERS, NOTHING = "(*)", "–"
_LINE = 62  # characters of a dotted line across the page, in the widest type in use


def sheets_document(plan: Plan, sheets: Sequence[Sheet]) -> Document:
    """Return the phiếu of `sheets`, each beginning on a page of its own.

    Reads rows loaded by `Plan.objects.for_document()`; no clock, so the same rows give the same tree.
    """
    lines = letterhead(plan.school, plan.names_on)
    named = f" {sheets[0].criterion.number}" if len(sheets) == 1 else ""
    return Document(
        title=f"{KIND}{named} {wording.school_year_label(plan.school_year.start_year)}",
        author=lines.name,
        sections=tuple(
            Section(tuple(_blocks(sheet, lines.issuer, lines.place)), new_page=True)
            for sheet in sheets
        ),
    )


def _blocks(sheet: Sheet, school: str, place: str) -> Iterator[Block]:
    criterion = sheet.criterion
    yield Paragraph((Run(school, bold=True),), Align.LEFT)
    yield Paragraph((Run("Nhóm: "), Blank(30, dotted=True)), Align.LEFT)
    yield Title((KIND,), ())
    yield Heading(1, (Run(criterion.standard.label),), numbered=False)
    yield Heading(1, (Run(criterion.label),), numbered=False)
    for part in sheet.levels:
        yield from _indicators(part)
    yield from _texts(sheet)
    yield Heading(2, (Run("Tự đánh giá"),))
    yield verdict_table(sheet)
    yield from _conclusion(sheet)
    yield from _signatures(place)


# --- what is asked ----------------------------------------------------------------------------------------


def _indicators(part: LevelPart) -> Iterator[Block]:
    """Yield the indicators of a level in their gist; runs of letters as a list, as the circular has them."""
    yield Paragraph((Run(f"Mức {part.level}", bold=True),), keep_with_next=True)
    told = [line.indicator for line in part.lines if line.indicator]
    if not told:
        yield Paragraph((Run("(Xem nội dung của mức này trong thông tư.)", italic=True),))
    for lettered, run in groupby(told, key=lambda one: one.letter in LETTERS and one.letter != ""):
        found = list(run)
        if lettered:
            items = tuple((Run(one.gist),) for one in found)
            yield ItemList(items, Marker.LETTER, start=LETTERS.index(found[0].letter) + 1)
        else:
            yield from (Paragraph((Run(one.gist),)) for one in found)


# --- what the school writes -------------------------------------------------------------------------------


def _texts(sheet: Sheet) -> Iterator[Block]:
    yield Heading(2, (Run("Mô tả hiện trạng"),))
    for part in sheet.levels:
        yield Paragraph((Run(f"Mức {part.level}:", bold=True),), keep_with_next=True)
        yield from _written(part.description)
    for title, text in (
        ("Điểm mạnh", sheet.strengths),
        ("Điểm yếu", sheet.weaknesses),
        ("Kế hoạch cải tiến chất lượng", sheet.improvement),
    ):
        yield Heading(2, (Run(title),))
        yield from _written(text)


def _written(text: str) -> Iterator[Block]:
    """Yield typed text, or two dotted lines to write on."""
    blocks = typed.blocks(text)
    yield from blocks
    if not blocks:
        for _ in range(2):
            yield Paragraph((Blank(_LINE, dotted=True),), Align.LEFT)


# --- the verdict ------------------------------------------------------------------------------------------


def verdict_table(sheet: Sheet) -> Table:
    """Return item 5: for each level its letters with Đạt/Không đạt, below them the level as a whole.

    "(*)" stands for the letter of a level that has none, "–" where there is nothing to judge; a cell stays blank
    while it is chưa đánh giá.
    """
    levels = sheet.levels
    count = max(len(part.lines) for part in levels)
    rows = [
        Row(tuple(cell for part in levels for cell in _line_cells(part, n))) for n in range(count)
    ]
    total = [
        cell for part in levels for cell in (_cell("Cả mức", bold=True), _cell(_words(part.met)))
    ]
    head = (
        Row(tuple(_cell(f"Mức {part.level}", colspan=2, bold=True) for part in levels)),
        Row(tuple(_cell(t, bold=True) for _ in levels for t in ("Chỉ báo", "Đạt/Không đạt"))),
    )
    columns = tuple(Column(title, 1) for _ in levels for title in ("Chỉ báo", "Đạt/Không đạt"))
    caption = f"Tự đánh giá Tiêu chí {sheet.criterion.number}"
    return Table(caption, columns, head, (*rows, Row(tuple(total), RowKind.TOTAL)))


def _line_cells(part: LevelPart, place: int) -> tuple[Cell, Cell]:
    if place >= len(part.lines):
        return _cell(NOTHING), _cell(NOTHING)
    line = part.lines[place]
    # A level whose indicators are not told is left to be lettered by hand.
    letter = line.letter or (NO_LETTERS if line.indicator else "")
    return _cell(letter), _cell(_words(line.met))


def _words(met: bool | None) -> str:
    return "" if met is None else "Đạt" if met else "Không đạt"


def _cell(text: str, *, colspan: int = 1, bold: bool = False) -> Cell:
    return Cell(typed.blocks(text), colspan, align=Align.CENTER, bold=bold)


def _conclusion(sheet: Sheet) -> Iterator[Block]:
    told = [line.indicator for part in sheet.levels for line in part.lines if line.indicator]
    if any(not indicator.letter for indicator in told):
        note = f"{NO_LETTERS} Mức không chia thành các chỉ báo a, b, c."
        yield Paragraph((Run(note, italic=True),), keep_with_next=True)
    start = Run(f"Tiêu chí {sheet.criterion.number}: ", bold=True)
    reached = Blank(20, dotted=True) if sheet.level is None else Run(_reached(sheet.level), True)
    yield Paragraph((start, reached), keep_with_next=True)


def _reached(level: int) -> str:
    return f"Đạt {level_words(level)}." if level else "Không đạt."


def _signatures(place: str) -> Iterator[Block]:
    # The day is written in when the phiếu is signed.
    when = wording.place_and_date(place, None)
    italic = tuple(Run(i.text, italic=True) if isinstance(i, Run) else i for i in when)
    yield Paragraph(italic, Align.RIGHT, keep_with_next=True)
    yield SignParties((Party(("XÁC NHẬN CỦA TRƯỞNG NHÓM",)), Party(("NGƯỜI VIẾT",))))
