"""A plan form (mẫu kế hoạch) as values: its sections in order, its columns, its fixed words.

The form of the 2018 circulars and that of TT 57/2026 (Mẫu 2, Phụ lục V) are files of this shape in
`fixtures/forms/`; the editor, the progress and the document are all drawn from it. A section's `key` is what
the plan's rows are filed under, so titles, order and widths may change freely. A section or a column that says
`"off": true` is kept in the file and read as if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any


class SectionKind(Enum):
    """What a section holds, hence how it is edited, counted and printed."""

    GROUP = "group"  # a head with sections below it
    TEXT = "text"  # paragraphs and lists
    LINES = "lines"  # one thing a line: legal grounds
    RESULT_GRID = "result_grid"  # x and * by criterion and level
    ACTIONS = "actions"  # the table of actions
    TABLE = "table"  # a small table of plain cells
    RECIPIENTS = "recipients"  # nơi nhận, one a line
    FIXED = "fixed"  # words of the form itself; nobody types here


class Grouping(StrEnum):
    """How the table of actions counts its rows."""

    STANDARD = "standard"  # TT counts the standards shown; rows stand below theirs
    NONE = "none"  # TT counts the rows, in the order the school gives them


class Options(StrEnum):
    """What the cells of a column may be picked from; anything else may be typed there as well."""

    STANDARDS = "standards"
    CRITERIA = "criteria"


class StartsAs(StrEnum):
    """What a typed section holds when a plan is begun from last year's."""

    CARRIED = "carried"  # last year's words
    OUTCOMES = "outcomes"  # what became of last year's actions
    EMPTY = "empty"  # nothing: its words are another year's


# Kinds whose whole content is one text of the plan.
TYPED_KINDS = frozenset({SectionKind.TEXT, SectionKind.LINES, SectionKind.RECIPIENTS})
# The column that counts the rows.
INDEX = "index"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One printed column: its title, its share of the width, the fields whose texts stand in it.

    `required` and `options` are of small tables alone: a cell that may not stay empty, and what it may be
    picked from.
    """

    key: str
    title: str
    width: float
    fields: tuple[str, ...] = ()
    required: bool = False
    options: Options | None = None


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section of a form. `title` empty prints no head; `label` is its name in the editor.

    `row_name` is what people call a row of a small table ("vấn đề"). A table that is not required lacks
    nothing, but prints its `fixed_rows` all the same: it is filled while the year runs.
    """

    key: str
    kind: SectionKind
    title: str = ""
    label: str = ""
    hint: str = ""
    example: str = ""
    required: bool = True
    landscape: bool = False
    text: str = ""
    columns: tuple[ColumnSpec, ...] = ()
    required_fields: tuple[str, ...] = ()
    field_labels: Mapping[str, str] = field(default_factory=dict)
    bands: bool = False
    grouping: Grouping = Grouping.STANDARD
    row_name: str = "dòng"
    fixed_rows: tuple[Mapping[str, str], ...] = ()
    sections: tuple[SectionSpec, ...] = ()
    # How the section goes on from last year's plan. `continues` names sections of other forms whose words it
    # takes; `continues_fields` does so for the fields of an action; `continues_columns` names the columns of a
    # small table whose cells come along from the same table; `past` says that it reports what has been.
    starts_as: StartsAs = StartsAs.CARRIED
    continues: tuple[str, ...] = ()
    continues_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    continues_columns: tuple[str, ...] = ()
    past: bool = False
    # Seats of the council whose duties the section tells: "council.chair", or a whole team, "monitoring".
    drawn_from: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the editor calls the section."""
        return self.label or self.title

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of an action that this form prints, in column order."""
        return tuple(name for column in self.columns for name in column.fields)

    @property
    def typed_columns(self) -> tuple[ColumnSpec, ...]:
        """The columns of a small table in which people type: all but the one that counts."""
        return tuple(column for column in self.columns if column.key != INDEX)


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A whole form. Its placeholders ({school_year}, {school} …) are filled when shown (see `placeholders`)."""

    kind_lines: tuple[str, ...]
    subject_lines: tuple[str, ...]
    type_symbol: str
    file_prefix: str
    end_mark: str
    signing_capacities: tuple[str, ...]
    sections: tuple[SectionSpec, ...]

    def walk(self) -> Iterator[SectionSpec]:
        """Yield every section in printed order, heads before what stands below them."""
        yield from _walk(self.sections)

    def leaves(self) -> Iterator[SectionSpec]:
        """Yield the sections that hold something, in printed order."""
        return (section for section in self.walk() if section.kind is not SectionKind.GROUP)

    def section(self, key: str) -> SectionSpec | None:
        """Return the section filed under `key`, None when the form has none."""
        return next((section for section in self.walk() if section.key == key), None)

    def actions(self) -> SectionSpec | None:
        """Return the section of the action table, None when the form has none."""
        return next((s for s in self.walk() if s.kind is SectionKind.ACTIONS), None)


def _walk(sections: tuple[SectionSpec, ...]) -> Iterator[SectionSpec]:
    for section in sections:
        yield section
        yield from _walk(section.sections)


def read_form(data: Mapping[str, Any]) -> FormSpec:
    """Return the form that a checked file's `form` object describes (see form_loader for the checks)."""
    return FormSpec(
        kind_lines=tuple(data["kind_lines"]),
        subject_lines=tuple(data["subject_lines"]),
        type_symbol=data["type_symbol"],
        file_prefix=data["file_prefix"],
        end_mark=data["end_mark"],
        signing_capacities=tuple(data["signing_capacities"]),
        sections=tuple(map(_section, _kept(data["sections"]))),
    )


def _kept(parts: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the sections or columns that are not switched off: for plan and reader the others are not there."""
    return (part for part in parts if not part.get("off"))


# Keys of a section that are more than plain values.
_BUILT = frozenset({"kind", "grouping", "row_name", "columns", "sections"})


def _section(data: Mapping[str, Any]) -> SectionSpec:
    plain = {k: v for k, v in data.items() if k not in _BUILT}
    for name in ("required_fields", "fixed_rows", "continues", "continues_columns", "drawn_from"):
        if name in plain:
            plain[name] = tuple(plain[name])
    if "starts_as" in plain:
        plain["starts_as"] = StartsAs(plain["starts_as"])
    if "continues_fields" in plain:
        plain["continues_fields"] = {k: tuple(v) for k, v in plain["continues_fields"].items()}
    kind = SectionKind(data["kind"])
    return SectionSpec(
        kind=kind,
        row_name=data.get("row_name") or ("việc" if kind is SectionKind.ACTIONS else "dòng"),
        grouping=Grouping(data.get("grouping", Grouping.STANDARD)),
        columns=tuple(map(_column, _kept(data.get("columns", ())))),
        sections=tuple(map(_section, _kept(data.get("sections", ())))),
        **plain,
    )


def _column(data: Mapping[str, Any]) -> ColumnSpec:
    return ColumnSpec(
        key=data["key"],
        title=data["title"],
        width=data["width"],
        fields=tuple(data.get("fields", ())),
        required=data.get("required", False),
        options=Options(data["options"]) if "options" in data else None,
    )
