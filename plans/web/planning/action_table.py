"""The table of actions on screen: its rows as they are printed, with at most one of them open.

A closed row looks the same as long as what stands in it does, so its HTML is kept while the process lives; a
plan of a hundred rows is then drawn by looking up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any
from uuid import UUID

from django.http import Http404
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from plans.checking.findings import Finding
from plans.checking.report import PlanReport
from plans.planning.form import INDEX, ColumnSpec, Grouping, SectionSpec
from plans.planning.grouping import action_bands
from plans.planning.models import Plan, PlanAction
from plans.planning.old_years import action_mentions
from plans.planning.progress import field_label, missing_fields
from plans.planning.promises import Promise, promises
from plans.planning.stale import Mention
from plans.together.talk import ACTION, Talks
from plans.web.planning.blocks import screen_columns, typed_html
from plans.web.planning.forms import ActionForm

CellNotes = Mapping[tuple[int, str], list[Finding]]
# Fields that stand in the column of the criterion.
_FRONT = ("criterion", "levels")


@dataclass(frozen=True, slots=True)
class Note:
    """What was found about a cell, as the cell says it: the grade, its word, the note."""

    grade: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of a closed row: its words as HTML, and what is to be said about them."""

    key: str
    title: str
    shown: SafeString
    missing: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    old_years: tuple[str, ...] = ()
    opens: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the cell; a telephone then leaves it out."""
        return not (self.shown or self.missing or self.notes)


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """All that a closed row shows, and nothing else: equal rows look the same."""

    plan: int
    action: int
    version: int
    name: str
    cells: tuple[ShownCell, ...]
    editable: bool
    promised: int = 0
    talks: int = 0
    proposed: bool = False


@lru_cache(maxsize=4096)
def closed_row_html(row: ClosedRow) -> SafeString:
    """Return a closed row as HTML; rows of a few dozen plans stay at hand."""
    return render_to_string("plans/planning/_row.html", {"row": row})


def year_marks(keys: list[str], mentions: Sequence[Mention]) -> dict[str, Any]:
    """Return what the page says about years of the past in a text: the places, the mentions, the one click."""
    can_shift = any(mention.shifted is not None for mention in mentions)
    return {"keys": keys, "mentions": mentions, "can_shift": can_shift}


def table_context(
    plan: Plan,
    found: PlanReport,
    *,
    editable: bool,
    talks: Talks | None,
    opened: PlanAction | None = None,
    **extra: Any,
) -> dict[str, Any]:
    """Return what the table shows: its rows as they are printed, with at most one of them open.

    Reads the plan's prefetched actions. `talks` is what was said about them, None for who may not hear it.
    `extra` may hold `form` (the open row after a refusal) and `removed`.
    """
    section = plan.spec.actions()
    if section is None:
        raise Http404
    if opened is not None and "form" not in extra and editable:
        extra["form"] = ActionForm(plan=plan, section=section, action=opened)
    known = promises(plan)
    if opened is not None and editable:
        extra |= {"before": known.get(opened.thread), "marks": _row_marks(plan, opened, section)}
    around = _Around(found.cell_notes(), known, talks, editable)
    return {
        "table": section,
        "columns": screen_columns(section),
        "grouped": section.grouping is Grouping.STANDARD,
        "groups": list(_groups(plan, section, around, extra.get("removed"))),
        "opened": opened,
        "editable": editable,
    } | extra


def _row_marks(plan: Plan, action: PlanAction, section: SectionSpec) -> dict[str, Any]:
    found = action_mentions(plan, action, section)
    keys = [f"viec-{action.pk}-{name}" for name in found]
    return year_marks(keys, [mention for mentions in found.values() for mention in mentions])


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known about the rows beside their own words."""

    notes: CellNotes
    promises: Mapping[UUID, Promise]
    talks: Talks | None
    editable: bool


def _groups(
    plan: Plan, section: SectionSpec, around: _Around, removed: PlanAction | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the bands of the table, each with its standards, each with its rows.

    A row that was just deleted stands where it was, for its place says what went and offers it back.
    """
    rows = list(plan.actions.all())
    if removed:
        rows = sorted([*rows, removed], key=_place)
    for band in action_bands(rows, bands=section.bands, grouping=section.grouping):
        standards = [
            {
                "standard": group.standard,
                "index": group.index,
                "rows": [
                    _shown_row(plan, number, action, section, around)
                    for number, action in group.numbered
                ],
            }
            for group in band.standards
        ]
        yield {"band": band.title, "standards": standards}


def _place(action: PlanAction) -> tuple[str, float, float, int, int]:
    """Return where a row stands in the table, as `PlanActionQuerySet.in_print_order` says it."""
    criterion = action.criterion
    standard = criterion.standard.number if criterion else inf
    within = criterion.position if criterion else inf
    return (action.band, standard, within, action.position, action.pk)


def _shown_row(
    plan: Plan,
    number: int | None,
    action: PlanAction,
    section: SectionSpec,
    around: _Around,
) -> dict[str, Any]:
    """Return a row: the action, what it is called, and its HTML while it is closed."""
    name = str(action) if number is None else f"việc {number}"
    promise, talks = around.promises.get(action.thread), around.talks
    row = ClosedRow(
        plan=plan.pk,
        action=action.pk,
        version=action.version,
        name=name,
        cells=tuple(_cells(plan, number, action, section, around.notes)),
        editable=around.editable,
        promised=promise.count if promise else 0,
        talks=len(talks.at(f"{ACTION}-{action.pk}").open) if talks else 0,
        proposed=action.proposed_at is not None,
    )
    # A proposal's row has a form, whose token is another in each page.
    html = "" if row.proposed else closed_row_html(row)
    return {"action": action, "name": name, "html": html, "closed": row}


def _cells(
    plan: Plan, number: int | None, action: PlanAction, section: SectionSpec, notes: CellNotes
) -> Iterator[ShownCell]:
    missing = missing_fields(action, section)
    old_years = action_mentions(plan, action, section)
    # The link that opens the row stands in the first cell with words.
    front = next(column for column in section.columns if column.key != INDEX)
    for column in section.columns:
        fields = _FRONT if column.key == "criterion" else column.fields
        said = tuple(
            Note(note.grade.value, note.grade.label, note.note)
            for name in fields
            for note in notes.get((action.pk, name), ())
        )
        # What the rules say of a time that lies before the year is not said once more as an old year.
        told = bool(said) and "timeframe" in fields
        yield ShownCell(
            key=column.key,
            title=column.title,
            shown=_words(number, action, column),
            missing=tuple(_lacks(column, section, missing)),
            notes=said,
            old_years=()
            if told
            else tuple(m.words for name in column.fields for m in old_years.get(name, ())),
            opens=column is front,
        )


def _words(number: int | None, action: PlanAction, column: ColumnSpec) -> SafeString:
    if column.key == INDEX:
        return typed_html("" if number is None else str(number))
    if column.key == "criterion":
        return typed_html(action.criterion.label if action.criterion else "")
    texts = [text for name in column.fields if (text := action.shown(name))]
    if len(texts) == 1:
        return typed_html(texts[0])
    return format_html_join("", "{}", ((typed_html(text),) for text in texts))


def _lacks(column: ColumnSpec, section: SectionSpec, missing: Sequence[str]) -> Iterator[str]:
    if column.key == "criterion" and "criterion" in missing:
        yield "chưa chọn tiêu chí"
    if missing:
        yield from (f"chưa ghi “{field_label(n, section)}”" for n in column.fields if n in missing)
