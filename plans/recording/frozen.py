"""The parts of a plan that a record has findings on, read from the plan's document as it was frozen.

What the rows of the plan say today is asked for one thing alone: which action a printed row is, and to which
criterion it belongs. Words always come from the frozen document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from criteria.models import Criterion
from plans.documents import parts
from plans.documents.flatten import document_text
from plans.documents.tree import (
    Block,
    Cell,
    Document,
    Heading,
    Letterhead,
    Row,
    RowKind,
    Section,
    SignBlock,
    Table,
    Title,
)
from plans.inspections.enums import FindingKind
from plans.issuing.excerpt import head_says
from plans.planning.document import GRID_CAPTION, action_table
from plans.planning.form import INDEX, FormSpec, Grouping, SectionKind, SectionSpec
from plans.planning.grouping import action_bands
from plans.planning.models import Plan, PlanAction
from plans.planning.placeholders import words_of

# Sections in which the school itself writes something that a visit can look at.
_LOOKED_AT = frozenset(
    {SectionKind.TEXT, SectionKind.LINES, SectionKind.RESULT_GRID, SectionKind.TABLE}
)
GENERAL = "chung"
_TITLE = 500  # characters of a finding's title


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the plan for one finding; `quoted` are (label, words) pairs as printed."""

    kind: FindingKind
    key: str
    title: str
    quoted: tuple[tuple[str, str], ...] = ()
    action_key: int | None = None
    criterion: Criterion | None = None
    standard_number: int | None = None


@dataclass
class _Found:
    """What the walk through the document gathered: blocks by section, rows of the action table."""

    blocks: dict[str, list[Block]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def parts_of(document: Document, plan: Plan) -> list[Part]:
    """Return the parts of the plan in printed order, each standard before its actions, the whole plan last.

    `document` is what was printed of `plan` (loaded `for_document`), today or on the day it was issued. A row
    that no action of today says word for word keeps its words and has neither action nor, where its criterion
    is not named by the table, a criterion.
    """
    found = _gathered(document, plan.spec)
    result: list[Part] = []
    for section in plan.spec.leaves():
        if section.kind is SectionKind.ACTIONS:
            result += _action_parts(found.rows, plan, section)
        elif section.kind in _LOOKED_AT and (blocks := found.blocks.get(section.key)):
            title = words_of(plan).fill(section.name)
            quoted = tuple(_quoted(section, blocks))
            result.append(Part(FindingKind.SECTION, f"muc-{section.key}", title[:_TITLE], quoted))
    return [*result, general_part()]


def general_part() -> Part:
    """Return the part that every record ends with: the plan, and the visit, as a whole."""
    return Part(FindingKind.GENERAL, GENERAL, "Nhận xét chung")


# --- walking document and form side by side ---------------------------------------------------------------


def _gathered(document: Document, spec: FormSpec) -> _Found:
    found, waiting = _Found(), list(spec.walk())
    here: SectionSpec | None = None
    for block in (block for section in document.sections for block in section.blocks):
        match block:
            case Letterhead() | Title() | SignBlock():
                continue
            case Heading():
                here = _opened(block, waiting) or here
            case Table(caption=caption) if caption == GRID_CAPTION:
                grid = next((s for s in spec.leaves() if s.kind is SectionKind.RESULT_GRID), None)
                if grid is not None:
                    found.blocks.setdefault(grid.key, []).append(block)
            case Table() if here is not None and here.kind is SectionKind.ACTIONS:
                found.rows += block.rows
            case _ if here is not None:
                found.blocks.setdefault(here.key, []).append(block)
    return found


def _opened(heading: Heading, waiting: list[SectionSpec]) -> SectionSpec | None:
    """Return the section whose head this is, and pass those before it, which printed nothing."""
    for place, section in enumerate(waiting):
        if section.title and head_says(heading.content, section.title):
            del waiting[: place + 1]
            return section
    return None


def _quoted(section: SectionSpec, blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield the section's own words: a row of a small table by its columns, anything else as one text."""
    if section.kind is SectionKind.RESULT_GRID:
        return
    plain = [block for block in blocks if not isinstance(block, Table)]
    if plain:
        words = document_text(Document("", "", (Section(tuple(plain)),)))
        yield "", words
    for table in blocks:
        if isinstance(table, Table):
            for row in table.rows:
                yield from _row_words(row, [column.title for column in table.columns])


def _row_words(row: Row, titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    for title, cell in zip(titles, row.cells, strict=False):
        words = _cell_words(cell)
        if words and title != "TT":
            yield title, words


def _cell_words(cell: Cell) -> str:
    return "\n".join(parts.cell_texts(cell))


# --- the table of actions ---------------------------------------------------------------------------------


def _action_parts(rows: Sequence[Row], plan: Plan, section: SectionSpec) -> Iterator[Part]:
    actions = _matched(rows, plan, section)
    named: set[int] = set()
    count = 0
    for row, action in zip(rows, actions, strict=True):
        if row.kind is not RowKind.BODY:
            continue
        count += 1
        criterion = action.criterion if action else _named(row, plan, section)
        if criterion is not None and section.grouping is Grouping.STANDARD:
            yield from _standard(criterion, named)
        yield _action_part(row, action, criterion, section, count)
    if (
        section.grouping is Grouping.NONE
    ):  # the table has no heads of standards: they stand below it
        of_actions = {
            a.criterion.standard.number: a.criterion for a in actions if a and a.criterion
        }
        for _, criterion in sorted(of_actions.items()):
            yield from _standard(criterion, named)


def _standard(criterion: Criterion, named: set[int]) -> Iterator[Part]:
    """Yield the part of the criterion's standard the first time that it comes."""
    standard = criterion.standard
    if standard.number not in named:
        named.add(standard.number)
        yield Part(
            FindingKind.STANDARD,
            f"tieu-chuan-{standard.number}",
            standard.label[:_TITLE],
            standard_number=standard.number,
        )


def _action_part(
    row: Row,
    action: PlanAction | None,
    criterion: Criterion | None,
    section: SectionSpec,
    count: int,
) -> Part:
    words = [
        (column.title, _cell_words(cell))
        for column, cell in zip(section.columns, row.cells, strict=False)
        if column.key not in (INDEX, "criterion")
    ]
    return Part(
        FindingKind.ACTION,
        f"viec-{action.pk}" if action else f"viec-dong-{count}",
        (criterion.label if criterion else f"Việc {count}")[:_TITLE],
        tuple((label, text) for label, text in words if text),
        action_key=action.pk if action else None,
        criterion=criterion,
        standard_number=criterion.standard.number if criterion else None,
    )


def _matched(rows: Sequence[Row], plan: Plan, section: SectionSpec) -> list[PlanAction | None]:
    """Return for each printed row the action of today that prints the very same words, None for any other row.

    Numbers of rows are left out of the comparison: a row that moved is the same action still.
    """
    printed = [row for row in action_table(plan, section).rows if row.kind is RowKind.BODY]
    bands = action_bands(plan.actions.all(), bands=section.bands, grouping=section.grouping)
    shown = [action for band in bands for group in band.standards for action in group.actions]
    left: dict[tuple[str, ...], list[PlanAction]] = {}
    for row, action in zip(printed, shown, strict=True):
        left.setdefault(_said(row, section), []).append(action)
    result: list[PlanAction | None] = []
    for row in rows:
        same = left.get(_said(row, section)) if row.kind is RowKind.BODY else None
        result.append(same.pop(0) if same else None)
    return result


def _said(row: Row, section: SectionSpec) -> tuple[str, ...]:
    return tuple(
        _cell_words(cell)
        for column, cell in zip(section.columns, row.cells, strict=False)
        if column.key != INDEX
    )


def _named(row: Row, plan: Plan, section: SectionSpec) -> Criterion | None:
    """Return the criterion that a row's own cell names, None where the form has no such column."""
    for column, cell in zip(section.columns, row.cells, strict=False):
        if column.key == "criterion" and (words := _cell_words(cell)):
            every = Criterion.objects.of(plan.framework).select_related("standard")
            return next((one for one in every if one.label == words), None)
    return None
