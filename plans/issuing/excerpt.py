"""Bản công khai as values: what of a document a school shows to everybody, by an allow-list of the form's parts.

Only what the form has a head for can be chosen: text without one goes with the part before it. Names are left
out by leaving out the fields in which people are named; words that somebody typed are never searched for names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from plans.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Inlines,
    Letterhead,
    Row,
    Run,
    Section,
    SignBlock,
    Table,
    Title,
    clean,
)
from plans.planning.document import GRID_CAPTION
from plans.planning.form import INDEX, FormSpec, SectionKind, SectionSpec

# Where a form has people's names: fields of an action, cells of a small table.
_PEOPLE_FIELDS = frozenset({"lead", "partners"})
_PEOPLE_CELLS = frozenset({"assessor"})
_TABLES = frozenset({SectionKind.ACTIONS, SectionKind.TABLE})


@dataclass(frozen=True, slots=True)
class PartColumn:
    """A column that may be shown or not: its key, its printed title, whether it names people."""

    key: str
    title: str
    names_people: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form that may be shown or not, with the columns of its table."""

    key: str
    title: str
    names_people: bool
    columns: tuple[PartColumn, ...] = ()


def parts_of(spec: FormSpec) -> tuple[Part, ...]:
    """Return what a school may choose from, in printed order: the parts with a head, the grid, the recipients."""
    return tuple(
        Part(
            key=section.key,
            title=_plain(section.name),
            names_people=bool(section.drawn_from),
            columns=tuple(_columns(section)) if section.kind in _TABLES else (),
        )
        for section in spec.leaves()
        if section.title or section.kind in (SectionKind.RESULT_GRID, SectionKind.RECIPIENTS)
    )


def keys_of(parts: Sequence[Part]) -> list[str]:
    """Return every key that may be chosen: "purpose", "actions", "actions.measures"."""
    return [key for part in parts for key in (part.key, *(column.key for column in part.columns))]


def _columns(section: SectionSpec) -> Iterator[PartColumn]:
    for column in section.columns:
        if column.key != INDEX:
            people = bool(_PEOPLE_FIELDS & set(column.fields)) or column.key in _PEOPLE_CELLS
            yield PartColumn(f"{section.key}.{column.key}", column.title, people)


def _plain(title: str) -> str:
    """Return a title without the placeholders that a form fills: "Báo cáo tự đánh giá năm học …"."""
    return re.sub(r"{\w+}", "…", title)


# --- the excerpt ------------------------------------------------------------------------------------------


def excerpt(
    document: Document, spec: FormSpec, chosen: Collection[str], *, with_names: bool
) -> Document:
    """Return what everybody may see of a document that was made from the form `spec`.

    Head and title always stand; of the rest what `chosen` names, and without `with_names` nothing of it in
    which the form names people, nor the signer. The QR code is left out: an excerpt is not the document that
    the code belongs to.
    """
    shown = _Shown(spec, frozenset(chosen), with_names)
    return replace(document, sections=tuple(shown.sections(document.sections)), check=None)


class _Shown:
    """Walks tree and form side by side: a head of the form says to which part the blocks after it belong."""

    def __init__(self, spec: FormSpec, chosen: frozenset[str], with_names: bool) -> None:
        self._waiting = list(spec.walk())
        self._spec = spec
        self._chosen = chosen
        self._with_names = with_names
        self._here: SectionSpec | None = None

    def sections(self, sections: Sequence[Section]) -> Iterator[Section]:
        for section in sections:
            blocks = tuple(block for one in section.blocks for block in self._blocks(one))
            if blocks:
                yield replace(section, blocks=blocks)

    def _blocks(self, block: Block) -> Iterator[Block]:
        match block:
            case Letterhead() | Title():
                yield block
            case SignBlock():
                yield self._signed(block)
            case Heading() if (found := self._next(block)) is not None:
                self._here = found
                if self._shows_head(found):
                    yield block
            case Table():
                yield from self._table(block)
            case _:
                if self._here is not None and self._shows(self._here):
                    yield block

    def _next(self, heading: Heading) -> SectionSpec | None:
        """Return the section that a head opens and pass those before it, which printed nothing."""
        for place, section in enumerate(self._waiting):
            if section.title and head_says(heading.content, section.title):
                del self._waiting[: place + 1]
                return section
        return None

    def _shows(self, section: SectionSpec) -> bool:
        if section.drawn_from and not self._with_names:
            return False
        return section.key in self._chosen

    def _shows_head(self, section: SectionSpec) -> bool:
        """Say whether a head stands: of a part that is shown, or of a group in which one is."""
        if section.kind is SectionKind.GROUP:
            return any(self._shows_head(part) for part in section.sections)
        return self._shows(section)

    def _table(self, table: Table) -> Iterator[Table]:
        here = self._here
        if table.caption == GRID_CAPTION:
            if self._shows_kind(SectionKind.RESULT_GRID):
                yield table
        elif here is not None and self._shows(here) and _is_of(table, here):
            keys = [column.key for column in here.columns]
            kept = [n for n, key in enumerate(keys) if self._shows_column(here, key)]
            if any(keys[n] != INDEX for n in kept):
                yield _with_columns(table, kept)

    def _shows_kind(self, kind: SectionKind) -> bool:
        return any(one.kind is kind and self._shows(one) for one in self._spec.leaves())

    def _shows_column(self, section: SectionSpec, key: str) -> bool:
        if key == INDEX:
            return True
        column = next(one for one in _columns(section) if one.key == f"{section.key}.{key}")
        return column.key in self._chosen and (self._with_names or not column.names_people)

    def _signed(self, block: SignBlock) -> SignBlock:
        return replace(
            block,
            recipients=block.recipients if self._shows_kind(SectionKind.RECIPIENTS) else (),
            signer=block.signer if self._with_names else "",
        )


def _is_of(table: Table, section: SectionSpec) -> bool:
    """Say whether a table is that of a section; one without a head of its own is not, and is not shown."""
    return [one.title for one in table.columns] == [clean(one.title) for one in section.columns]


def head_says(content: Inlines, title: str) -> bool:
    """Say whether a head's words are a form's title, whatever fills its placeholders."""
    words = "".join(part.text for part in content if isinstance(part, Run))
    pattern = ".*".join(map(re.escape, re.split(r"{\w+}", title)))
    return re.fullmatch(pattern, words, re.IGNORECASE | re.DOTALL) is not None


# --- columns ----------------------------------------------------------------------------------------------


def _with_columns(table: Table, kept: Sequence[int]) -> Table:
    """Return a table of the columns at `kept` alone; cells across several shrink with them."""
    return replace(
        table,
        columns=tuple(Column(table.columns[n].title, table.columns[n].width) for n in kept),
        head=tuple(_narrowed(row, kept) for row in table.head),
        rows=tuple(_narrowed(row, kept) for row in table.rows),
    )


def _narrowed(row: Row, kept: Sequence[int]) -> Row:
    cells, start = [], 0
    for cell in row.cells:
        left = sum(start <= n < start + cell.colspan for n in kept)
        start += cell.colspan
        if left:
            cells.append(_spanning(cell, left))
    return replace(row, cells=tuple(cells))


def _spanning(cell: Cell, columns: int) -> Cell:
    return cell if cell.colspan == columns else replace(cell, colspan=columns)
