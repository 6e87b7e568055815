"""The measures of a layout that a body may set, and the legal range of each, read from `fixtures/layout_rules.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from criteria.checking import FileError, Record, Report, read_record
from plans.documents.measure import text_width_mm
from plans.documents.parts import letterhead_column_mm
from plans.documents.style import DEFAULT_LAYOUT, Layout, LayoutError
from plans.documents.wording import MOTTO, NATIONAL_NAME

RULES_FILE = Path(__file__).resolve().parents[2] / "fixtures" / "layout_rules.json"
WORDS_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: where it stands in a Layout ("margin_top_mm", "body.size"), its unit and legal range."""

    field: str
    label: str
    unit: str
    low: float
    high: float
    words: str

    @property
    def name(self) -> str:
        """The measure's name on a page: "body_size"."""
        return self.field.replace(".", "_")

    def of(self, layout: Layout) -> float:
        """Return the measure as `layout` has it, in `unit`."""
        name, _, inner = self.field.partition(".")
        value = getattr(layout, name)
        if not inner:
            return float(value)
        return float(getattr(value[0] if isinstance(value, tuple) else value, inner))

    def put(self, layout: Layout, value: float) -> Layout:
        """Return `layout` with the measure set; raises LayoutError where no room is left for words."""
        name, _, inner = self.field.partition(".")
        held: Any = getattr(layout, name)
        put: Any = value
        if isinstance(held, tuple):
            put = tuple(replace(one, **{inner: value}) for one in held)
        elif inner:
            put = replace(held, **{inner: value})
        return replace(layout, **{name: put})


@dataclass(frozen=True, slots=True)
class MeasureGroup:
    """Measures that stand together on the page."""

    title: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A measure that is larger than another by a fixed step."""

    field: str
    above: str
    by: float
    words: str


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """All measures that may be set and what must hold between them."""

    groups: tuple[MeasureGroup, ...]
    steps: tuple[Step, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure in page order."""
        return tuple(measure for group in self.groups for measure in group.measures)


@lru_cache(maxsize=4)
def layout_rules(path: Path = RULES_FILE) -> LayoutRules:
    """Return the rules of the file. Raises FileError with every fault."""
    report = Report(path.name)
    record = read_record(path, report, schema="layout-rules/1")
    groups = tuple(
        MeasureGroup(
            group.text("title", max_length=WORDS_LENGTH),
            tuple(_measure(part) for part in group.records("measures")),
        )
        for group in record.records("groups")
    )
    steps = tuple(
        Step(
            step.text("field", max_length=60),
            step.text("above", max_length=60),
            step.number("by"),
            step.text("words", max_length=WORDS_LENGTH),
        )
        for step in record.records("steps")
    )
    record.refuse_other_keys()
    report.refuse_if_faulty(FileError)
    return LayoutRules(groups, steps)


def _measure(record: Record) -> Measure:
    measure = Measure(
        field=record.text("field", max_length=60),
        label=record.text("label", max_length=80),
        unit=record.text("unit", max_length=60),
        low=record.number("min"),
        high=record.number("max"),
        words=record.text("words", max_length=WORDS_LENGTH),
    )
    if not hasattr(DEFAULT_LAYOUT, measure.field.partition(".")[0]):
        record.fault("field", f"thể thức không có mục “{measure.field}”")
    record.refuse_other_keys()
    return measure


def checked_layout(values: Mapping[str, float]) -> Layout:
    """Return the program's own layout with `values` (measure's name → number) put in.

    Raises ValidationError, by measure's name, for each number outside its legal range: the words name the rule;
    and where the measures together leave the head of the first page too little room.
    """
    rules = layout_rules()
    faults = dict(_faults(rules, values))
    if faults:
        raise ValidationError(faults)
    layout = DEFAULT_LAYOUT
    try:
        for measure in rules.measures:
            if measure.name in values:
                layout = measure.put(layout, values[measure.name])
    except LayoutError as error:
        raise ValidationError(str(error)) from error
    _check_head(layout)
    return layout


def _check_head(layout: Layout) -> None:
    """Raise ValidationError where quốc hiệu or tiêu ngữ would not stand on one line, beside the issuer's column."""
    _, room = letterhead_column_mm(layout)
    for words, style in ((NATIONAL_NAME, layout.national_name), (MOTTO, layout.motto)):
        if text_width_mm(words, style) > room:
            told = (
                f"“{words}” phải nằm trên một dòng mà không đủ chỗ. Hãy giảm bề rộng cột tên cơ quan, lề "
                "trái, lề phải hoặc cỡ chữ quốc hiệu."
            )
            raise ValidationError({"letterhead_left_share": told})


def _faults(rules: LayoutRules, values: Mapping[str, float]) -> Iterator[tuple[str, list[str]]]:
    by_field = {measure.field: measure for measure in rules.measures}
    held = {
        field: values.get(measure.name, measure.of(DEFAULT_LAYOUT))
        for field, measure in by_field.items()
    }
    outside = [m for m in rules.measures if not m.low <= held[m.field] <= m.high]
    for measure in outside:
        yield measure.name, [f"{measure.words}."]
    for step in rules.steps:
        wrong = abs(held[step.field] - held[step.above] - step.by) > 1e-9
        if wrong and by_field[step.field] not in outside:
            yield by_field[step.field].name, [f"{step.words}."]


def measures_of(layout: Layout) -> dict[str, Any]:
    """Return every measure that may be set as `layout` has it, by name."""
    return {measure.name: measure.of(layout) for measure in layout_rules().measures}
