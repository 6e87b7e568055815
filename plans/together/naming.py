"""What the history calls things: rows, fields and values, in the words of the plan's own form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from math import inf
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone

from criteria.enums import Level
from criteria.models import Criterion, Indicator
from plans.planning.form import Grouping, SectionKind
from plans.planning.models import Plan, PlanRow
from plans.planning.placeholders import words_of
from plans.planning.progress import field_label, lower_first
from plans.planning.results import framework_tree
from plans.together.versions import FIELDS, MODELS, Row

HEADING = "Số, ngày và người ký"
EMPTY = ""
# Marks of the rows themselves, not words of the plan.
UNSHOWN = frozenset(
    {
        *("position", "thread", "section", "order", "from", "comments", "version"),
        *("readings", "proposed_at"),
    }
)
# Fields that say which row it is; they are in its name.
_NAMING = {
    "criterionresult": frozenset({"criterion"}),
    "indicatorresult": frozenset({"indicator"}),
    "levelresult": frozenset({"criterion", "level"}),
    "leveldescription": frozenset({"criterion", "level"}),
    "criterionassessment": frozenset({"criterion"}),
}
# Rows of the self-assessment: what people call the phiếu of a criterion.
_SHEET = frozenset({"indicatorresult", "levelresult", "leveldescription", "criterionassessment"})
# The phiếu are papers of their own and come behind the plan.
_RANKS = {
    "plan": 0,
    "plantext": 1,
    "criterionresult": 2,
    "planaction": 3,
    "planrow": 4,
    **dict.fromkeys(_SHEET, 5),
}


class Names:
    """The names of one plan's parts. Costs one query for the school's names, none for each thing named."""

    def __init__(self, plan: Plan) -> None:
        prefetch_related_objects([plan], "school__names")
        self.plan = plan
        self.table = plan.spec.actions()
        self._words = words_of(plan)
        self._criteria: dict[Any, Criterion] = {
            c.pk: c for c in framework_tree(plan).all_criteria()
        }
        self._indicators: dict[Any, Indicator] = {
            one.pk: one for c in self._criteria.values() for one in c.indicators.all()
        }
        self._sections = {s.key: s for s in plan.spec.walk()}
        self._order = {key: place for place, key in enumerate(self._sections)}
        tables = (s for s in self._sections.values() if s.kind is SectionKind.TABLE)
        self._columns = {column.key: column.title for table in tables for column in table.columns}

    def section(self, key: str) -> str:
        """Return what the editor calls a section; the key itself where the form has none such."""
        section = self._sections.get(key)
        return self._words.fill(section.name) if section else key

    def row(self, row: Row) -> str:
        """Return what a row is called: "Mục đích, yêu cầu", "Việc ở Tiêu chí 2.3"."""
        if row.kind == "plan":
            return HEADING
        if row.kind in {"plantext", "planrow"}:
            return self.section(str(row.values.get("section", "")))
        if row.kind in _SHEET:
            return self._sheet(row)
        criterion = self.criterion(row.values.get("criterion"))
        if row.kind == "criterionresult":
            return f"Kết quả {criterion}"
        return f"Việc ở {criterion}" if row.values.get("criterion") else "Việc chưa chọn tiêu chí"

    def _sheet(self, row: Row) -> str:
        """Return what a row of the self-assessment is called: "Phiếu Tiêu chí 1.1, chỉ báo a, Mức 1"."""
        indicator = self._indicators.get(row.values.get("indicator"))
        sheet = f"Phiếu {self.criterion(self._criterion_of(row))}"
        level = indicator.level if indicator else row.values.get("level")
        if level is None:
            return sheet
        if indicator and indicator.letter:
            return f"{sheet}, chỉ báo {indicator.letter}, Mức {level}"
        return (
            f"{sheet}, Mức {level}"
            if row.kind == "leveldescription"
            else f"{sheet}, cả Mức {level}"
        )

    def _criterion_of(self, row: Row) -> Any:
        indicator = self._indicators.get(row.values.get("indicator"))
        return indicator.criterion_id if indicator else row.values.get("criterion")

    def criterion(self, pk: Any) -> str:
        """Return "Tiêu chí 2.3"; words for one that is not in the plan's framework."""
        found = self._criteria.get(pk)
        return f"Tiêu chí {found.number}" if found else "tiêu chí khác"

    def field(self, kind: str, name: str) -> str:
        """Return what a field is called, inside a sentence; the form's own word for a column."""
        if kind == "planaction" and self.table is not None and _has(MODELS[kind], name):
            return lower_first(field_label(name, self.table))
        model = model_of(kind)
        if model is None or not _has(model, name):
            return "nội dung khác"
        return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    def value(self, kind: str, name: str, value: Any) -> str:
        """Return a value in words; nothing is "", but an indicator that nobody judged is "chưa đánh giá"."""
        if name == "met" and value is None:
            return "chưa đánh giá"
        if value is None or value == "":
            return EMPTY
        if name == "criterion":
            return self.criterion(value)
        if name == "band":
            return ", ".join(f"Mức {part}" for part in str(value).split(","))
        if kind == "planrow" and name == "cells":
            return "\n".join(f"{title}: {text}" for title, text in self._cells(value).items())
        if kind == "criterionresult" and name == "level":
            return str(Level(value).label)
        return value_words(model_of(kind), name, value)

    def words(self, row: Row) -> dict[str, str]:
        """Return the words of a row by the name of their field or column, in the form's order; empty ones too."""
        if row.kind == "planrow":
            return self._cells(row.values.get("cells") or {})
        fields = shown_fields(row.kind)
        if row.kind == "planaction" and self.table is not None:
            printed = ("criterion", "band", *self.table.fields)
            fields = (
                *(f for f in printed if f in fields),
                *(f for f in fields if f not in printed),
            )
        found = {}
        for name in fields:
            label = self.field(row.kind, name)
            found[label[:1].upper() + label[1:]] = self.value(row.kind, name, row.values.get(name))
        return found

    def _cells(self, cells: Mapping[str, Any]) -> dict[str, str]:
        """Return what was typed into the cells of a small table's row, by column title."""
        typed = {key: str(text) for key, text in cells.items() if key != PlanRow.FIXED and text}
        return {self._columns.get(key, key): text for key, text in typed.items()}

    def first_words(self, row: Row) -> str:
        """Return the first words of a row of a table, by which it is told from its neighbours; "" for others."""
        if row.kind == "planaction":
            return first_words(row.values)
        if row.kind != "planrow":
            return ""
        section = self._sections.get(str(row.values.get("section", "")))
        cells = row.values.get("cells") or {}
        number = cells.get(PlanRow.FIXED)
        if section and isinstance(number, int) and number < len(section.fixed_rows):
            return next(iter(section.fixed_rows[number].values()), "")
        return _short(next(iter(self._cells(cells).values()), ""))

    def place(self, row: Row) -> tuple[float, ...]:
        """Return where a row stands among the others, as the plan prints them."""
        rank, values = _RANKS[row.kind], row.values
        if row.kind in {"plantext", "planrow"}:
            order = self._order.get(str(values.get("section", "")), inf)
            return (rank, order, values.get("position") or 0, row.pk)
        criterion = self._criteria.get(self._criterion_of(row))
        within = criterion.position if criterion else inf
        standard = criterion.standard.number if criterion else inf
        if row.kind == "planaction":
            at = (values.get("position") or 0, row.pk)
            if self.table is not None and self.table.grouping is Grouping.NONE:
                return (rank, *(_band(values) if self.table.bands else ()), *at)
            return (rank, *_band(values), standard, within, *at)
        if row.kind in _SHEET:
            return (rank, standard, within, *self._in_sheet(row), row.pk)
        return (rank, standard, within, row.pk)

    def _in_sheet(self, row: Row) -> tuple[float, ...]:
        """Return where a row stands in its phiếu: level by level what is judged and described, then the rest."""
        indicator = self._indicators.get(row.values.get("indicator"))
        if indicator is not None:
            return (indicator.level, 0, indicator.position)
        level = row.values.get("level")
        return (inf if level is None else level, 1 if row.kind == "leveldescription" else 0, 0)


def first_words(values: Mapping[str, Any]) -> str:
    """Return the first words of an action, by which it is told from others of its criterion; "" for none."""
    return _short(str(values.get("measures") or values.get("subject") or ""))


def _short(text: str) -> str:
    words = " ".join(text.split()).lstrip("-– ")
    return words if len(words) <= 60 else f"{words[:59]}…"


def shown_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of row that are words of the plan, not marks of the row."""
    hidden = UNSHOWN | _NAMING.get(kind, frozenset())
    return tuple(name for name in FIELDS[kind] if name not in hidden)


def _band(values: Mapping[str, Any]) -> tuple[float, ...]:
    """Return the levels that a row aims at as numbers of one length, so that bands sort as printed."""
    levels = [float(part) for part in str(values.get("band") or "").split(",") if part.isdigit()]
    return (*levels[:4], *[-1.0] * (4 - len(levels)))


def model_of(kind: str) -> type[models.Model] | None:
    """Return the model whose rows the record calls `kind`, None when the program has none such (any more)."""
    try:
        return MODELS.get(kind) or apps.get_model("plans", kind)
    except LookupError:
        return None


def kind_words(kind: str) -> str:
    """Return what rows of a kind are called in general, with a capital."""
    model = model_of(kind)
    words = str(model._meta.verbose_name) if model else "nội dung khác"
    return words[:1].upper() + words[1:]


def _has(model: type[models.Model], name: str) -> bool:
    try:
        return hasattr(model._meta.get_field(name), "verbose_name")
    except FieldDoesNotExist:
        return False


def value_words(model: type[models.Model] | None, name: str, value: Any) -> str:
    """Return a value of a field of `model` as the record holds it, in words; a foreign key stays its number."""
    if isinstance(value, bool):
        return "đạt" if value else "không đạt"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {text}" for key, text in value.items() if text)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    field = model._meta.get_field(name) if model is not None and _has(model, name) else None
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(datetime.fromisoformat(str(value))):%H:%M %d/%m/%Y}"
    if isinstance(field, models.DateField):
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))
