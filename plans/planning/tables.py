"""Rows of the small tables of a form as screen, paper and progress all read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plans.planning.form import ColumnSpec, SectionSpec
from plans.planning.models import PlanRow


@dataclass(frozen=True, slots=True)
class TableRow:
    """One printed row: its number (TT), its words by column, and those that the form itself gives.

    `row` is None where the form begins a row that the plan does not hold yet (a plan that is only previewed).
    """

    number: int
    fixed: Mapping[str, str]
    row: PlanRow | None = None

    def text(self, column: str) -> str:
        """Return what stands in a column."""
        typed = self.row.text(column) if self.row else ""
        return self.fixed.get(column, typed)

    def name(self, section: SectionSpec) -> str:
        """Return what to call the row: by the words that the form gives it, else "vấn đề 2"."""
        return next(iter(self.fixed.values()), f"{section.row_name} {self.number}")

    def missing(self, section: SectionSpec) -> list[ColumnSpec]:
        """Return the columns that may not stay empty and do."""
        return [c for c in section.columns if c.required and not self.text(c.key).strip()]


def table_rows(rows: Iterable[PlanRow], section: SectionSpec) -> list[TableRow]:
    """Return the rows of a small table in printed order; rows of other sections are passed over.

    Rows of the form that no row of the plan stands for come last.
    """
    held = [row for row in rows if row.section == section.key]
    held.sort(key=lambda row: (row.position, row.pk))
    begun = {row.fixed_number for row in held}
    shown: list[tuple[Mapping[str, str], PlanRow | None]] = [
        (fixed_cells(section, row), row) for row in held
    ]
    shown += [(cells, None) for n, cells in enumerate(section.fixed_rows) if n not in begun]
    return [TableRow(n, fixed, row) for n, (fixed, row) in enumerate(shown, start=1)]


def fixed_cells(section: SectionSpec, row: PlanRow) -> Mapping[str, str]:
    """Return the cells of a row that the form itself fills, by column; {} for a row that people added."""
    number = row.fixed_number
    if number is None or number >= len(section.fixed_rows):
        return {}
    return section.fixed_rows[number]
