"""A small table of the form on screen: its rows as they are printed, with at most one of them open."""

from __future__ import annotations

from typing import Any

from plans.planning.form import INDEX, ColumnSpec, SectionSpec
from plans.planning.models import Plan, PlanRow
from plans.planning.old_years import row_mentions
from plans.planning.tables import TableRow, table_rows
from plans.web.planning.action_table import year_marks
from plans.web.planning.blocks import screen_columns, typed_html
from plans.web.planning.forms import RowForm


def row_table_context(
    plan: Plan,
    table: SectionSpec,
    *,
    editable: bool,
    opened_row: PlanRow | None = None,
    removed_row: PlanRow | None = None,
    row_form: RowForm | None = None,
) -> dict[str, Any]:
    """Return what a small table shows. Reads the plan's prefetched rows.

    `row_form` is the open row after a refusal. A row that was just deleted stands where it was, for its place
    says what went and offers it back. Rows that are named but stand in another table are passed over.
    """
    rows = list(plan.rows.all())
    if removed_row is not None:
        rows.append(removed_row)
    opened = opened_row if opened_row and opened_row.section == table.key else None
    if opened is not None and editable and row_form is None:
        row_form = RowForm(table=table, row=opened)
    return {
        "table": table,
        "columns": screen_columns(table),
        "rows": [_row(plan, row, table) for row in table_rows(rows, table)],
        "opened_row": opened if editable else None,
        "removed_row": removed_row,
        "row_form": row_form if opened else None,
        "marks": _marks(plan, opened, table) if opened and editable else None,
        "editable": editable,
    }


def _marks(plan: Plan, row: PlanRow, table: SectionSpec) -> dict[str, Any]:
    """Return what the open row says about years of the past in its cells, with the one click."""
    found = row_mentions(plan, row, table)
    keys = [f"dong-{row.pk}-{key}" for key in found]
    return year_marks(keys, [mention for mentions in found.values() for mention in mentions])


def _row(plan: Plan, row: TableRow, table: SectionSpec) -> dict[str, Any]:
    missing = row.missing(table) if table.required else []
    old_years = row_mentions(plan, row.row, table) if row.row else {}
    cells = [
        _cell(row, column, missing, [mention.words for mention in old_years.get(column.key, ())])
        for column in table.columns
    ]
    # The link that opens the row stands in the first cell with words.
    next(cell for cell in cells if not cell["is_index"])["opens"] = row.row is not None
    given = [cell for cell in cells if cell["is_fixed"]]
    return {"row": row.row, "name": row.name(table), "cells": cells, "given": given}


def _cell(
    row: TableRow, column: ColumnSpec, missing: list[ColumnSpec], old_years: list[str]
) -> dict[str, Any]:
    is_index = column.key == INDEX
    text = str(row.number) if is_index else row.text(column.key)
    return {
        "title": column.title,
        "text": text,
        "shown": typed_html(text),
        "missing": [column.title] if column in missing else [],
        "old_years": old_years,
        "is_index": is_index,
        "is_fixed": column.key in row.fixed,
        "opens": False,
    }
