"""plan_document(): the plan as an official document, drawn from its form; a pure function of loaded rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from plans.documents import typed, wording
from plans.documents.tree import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Inlines,
    ItemList,
    Letterhead,
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
from plans.planning.form import INDEX, ColumnSpec, SectionKind, SectionSpec
from plans.planning.grouping import action_bands
from plans.planning.models import Plan, PlanAction
from plans.planning.placeholders import Words, words_of
from plans.planning.results import grid_rows, proposed_level
from plans.planning.tables import table_rows
from plans.schools.letterhead import letterhead

# How the result grid is told from every other table of the tree.
GRID_CAPTION = "Kết quả đánh giá theo tiêu chuẩn, tiêu chí"


def plan_document(plan: Plan) -> Document:
    """Return the plan as a document: letterhead, title, the form's sections in order, sign block.

    Reads rows loaded by `Plan.objects.for_document()`; no clock, so the same rows give the same tree. Layout of its parts: Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    words = words_of(plan)
    lines = letterhead(plan.school, plan.names_on)
    title = Title(plan.spec.kind_lines, tuple(map(words.fill, plan.spec.subject_lines)))
    body = [
        (section.landscape, block)
        for section in plan.spec.sections
        for block in _blocks(plan, section, words, level=1)
    ]
    body = _with_end_mark(body, plan.spec.end_mark)
    opening: list[tuple[bool, Block]] = [(False, _letterhead(plan)), (False, title)]
    closing: list[tuple[bool, Block]] = [(False, _sign_block(plan))]
    return Document(
        title=" ".join((*title.kind_lines, *title.subject_lines)),
        author=lines.name,
        sections=_paged(opening + body + closing),
    )


def _paged(blocks: Sequence[tuple[bool, Block]]) -> tuple[Section, ...]:
    return tuple(
        Section(
            tuple(block for _, block in run),
            Orientation.LANDSCAPE if landscape else Orientation.PORTRAIT,
        )
        for landscape, run in groupby(blocks, key=lambda pair: pair[0])
    )


def _letterhead(plan: Plan) -> Letterhead:
    lines = letterhead(plan.school, plan.names_on)
    month = plan.document_month
    return Letterhead(
        parent_body=lines.parent_body,
        issuer=lines.issuer,
        number=wording.document_number(
            plan.number, f"{plan.spec.type_symbol}-{plan.school.symbol}"
        ),
        place_and_date=wording.place_and_date(
            lines.place,
            plan.document_date,
            month=month.month if month else None,
            year=month.year if month else None,
        ),
    )


def _sign_block(plan: Plan) -> SignBlock:
    recipients = next((s for s in plan.spec.walk() if s.kind is SectionKind.RECIPIENTS), None)
    return SignBlock(
        recipients=typed.lines(plan.text(recipients.key)) if recipients else (),
        capacity=tuple(plan.signing_capacity.upper().split("\n")),
        signer=plan.signer_name,
    )


def _with_end_mark(blocks: list[tuple[bool, Block]], mark: str) -> list[tuple[bool, Block]]:
    """Return `blocks` with the mark that closes the content ("./.") after the last words, once."""
    if not blocks or not mark:
        return blocks
    landscape, last = blocks[-1]
    ended: Block
    match last:
        case Paragraph(content=content):
            ended = Paragraph(_ended(content, mark), last.align, last.indent, last.keep_with_next)
        case ItemList(items=items):
            ended = ItemList((*items[:-1], _ended(items[-1], mark)), last.marker, last.start)
        case _:
            return blocks
    return [*blocks[:-1], (landscape, ended)]


def _ended(content: Inlines, mark: str) -> Inlines:
    last = content[-1]
    if not isinstance(last, Run) or last.text.rstrip().endswith(mark):
        return content
    return (*content[:-1], Run(last.text.rstrip().rstrip(".;,") + mark, last.bold, last.italic))


# --- sections ---------------------------------------------------------------------------------------------


def _blocks(plan: Plan, section: SectionSpec, words: Words, level: int) -> Iterator[Block]:
    """Yield what a section prints; an optional section in which nothing stands prints nothing at all."""
    content = list(_content(plan, section, words, level))
    if not content and not section.required:
        return
    if section.title:
        title = words.fill(section.title)
        yield Heading(level, (Run(title.upper() if level == 1 else title),))
    yield from content


def _content(plan: Plan, section: SectionSpec, words: Words, level: int) -> Iterator[Block]:
    match section.kind:
        case SectionKind.GROUP:
            for part in section.sections:
                yield from _blocks(plan, part, words, level + 1)
        case SectionKind.TEXT:
            yield from typed.blocks(plan.text(section.key))
        case SectionKind.LINES:
            for line in typed.lines(plan.text(section.key)):
                yield Paragraph(typed.inlines(line))
        case SectionKind.FIXED:
            yield from typed.blocks(words.fill(section.text))
        case SectionKind.RESULT_GRID:
            yield result_grid(plan)
        case SectionKind.ACTIONS:
            yield action_table(plan, section)
        case SectionKind.TABLE:
            yield plain_table(plan, section)
        case SectionKind.RECIPIENTS:
            pass  # printed in the sign block


def _text_cell(text: str, *, align: Align = Align.LEFT, bold: bool = False) -> Cell:
    return Cell(typed.blocks(text), align=align, bold=bold)


def _head(columns: Sequence[ColumnSpec]) -> Row:
    return Row(tuple(_text_cell(c.title, align=Align.CENTER, bold=True) for c in columns))


# --- the result grid --------------------------------------------------------------------------------------


def result_grid(plan: Plan) -> Table:
    """Return the grid Tiêu chuẩn, tiêu chí × Không đạt | Mức 1 … of the plan's framework.

    The last row, "Tổng hợp chung", holds the level that the results propose for the school; it stays blank
    while a criterion is chưa đánh giá.
    """
    levels = range(1, plan.framework.max_level + 1)
    head = (
        Row(
            (
                _head_cell("Tiêu chuẩn, tiêu chí", rowspan=3),
                _head_cell("Kết quả", colspan=len(levels) + 1),
            )
        ),
        Row((_head_cell("Không đạt", rowspan=2), _head_cell("Đạt", colspan=len(levels)))),
        Row(tuple(_head_cell(f"Mức {level}") for level in levels)),
    )
    rows = [
        Row(
            (
                _text_cell(row.label, bold=row.is_standard),
                *(_text_cell(mark, align=Align.CENTER) for mark in row.marks),
            ),
            RowKind.GROUP if row.is_standard else RowKind.BODY,
        )
        for row in grid_rows(plan)
    ]
    reached = proposed_level(plan)
    total = [
        "x" if reached == 0 else "",
        *("x" if reached and n <= reached else "" for n in levels),
    ]
    rows.append(
        Row(
            (
                _text_cell("Tổng hợp chung", bold=True),
                *(_text_cell(mark, align=Align.CENTER) for mark in total),
            ),
            RowKind.TOTAL,
        )
    )
    columns = (Column("Tiêu chuẩn, tiêu chí", 40), Column("Không đạt", 15)) + tuple(
        Column(f"Mức {level}", 45 / len(levels)) for level in levels
    )
    return Table(GRID_CAPTION, columns, head, tuple(rows))


def _head_cell(text: str, *, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(typed.blocks(text), colspan, rowspan, Align.CENTER, bold=True)


# --- the table of actions ---------------------------------------------------------------------------------


def action_table(plan: Plan, section: SectionSpec) -> Table:
    """Return the table of actions: a row for each band, each standard that has actions, each action."""
    columns = tuple(Column(c.title, c.width) for c in section.columns)
    return Table(
        section.title, columns, (_head(section.columns),), tuple(_action_rows(plan, section))
    )


def _action_rows(plan: Plan, section: SectionSpec) -> Iterator[Row]:
    width = len(section.columns)
    bands = action_bands(plan.actions.all(), bands=section.bands, grouping=section.grouping)
    for band in bands:
        if band.title:
            cell = Cell(typed.blocks(band.title), colspan=width, align=Align.CENTER, bold=True)
            yield Row((cell,), RowKind.BAND)
        for group in band.standards:
            if group.standard is not None:
                label = Cell(typed.blocks(group.standard.label), colspan=width - 1, bold=True)
                yield Row((_index_cell(group.index, bold=True), label), RowKind.GROUP)
            for number, action in group.numbered:
                cells = (_action_cell(number, action, column) for column in section.columns)
                yield Row(tuple(cells))


def _index_cell(number: int | None, *, bold: bool = False) -> Cell:
    return _text_cell("" if number is None else str(number), align=Align.CENTER, bold=bold)


def _action_cell(number: int | None, action: PlanAction, column: ColumnSpec) -> Cell:
    match column.key:
        case _ if column.key == INDEX:
            return _index_cell(number)
        case "criterion":
            return _text_cell(action.criterion.label if action.criterion else "")
        case _:
            texts = (action.shown(name) for name in column.fields)
            return Cell(tuple(block for text in texts for block in typed.blocks(text)))


# --- small tables -----------------------------------------------------------------------------------------


def plain_table(plan: Plan, section: SectionSpec) -> Table:
    """Return a table of plain cells: the plan's rows, those that the form itself begins among them."""
    return Table(
        section.title or section.label,
        tuple(Column(c.title, c.width) for c in section.columns),
        (_head(section.columns),),
        tuple(
            Row(
                tuple(
                    _index_cell(row.number) if c.key == INDEX else _text_cell(row.text(c.key))
                    for c in section.columns
                )
            )
            for row in table_rows(plan.rows.all(), section)
        ),
    )
