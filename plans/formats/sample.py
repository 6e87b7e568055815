"""A plan that exists only in memory, so that a form or a layout can be seen on paper before it holds for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import models

from criteria.checking import FileError, Record, Report, read_record
from criteria.enums import SchoolKind
from criteria.models import Criterion, Framework
from plans.planning.form import SectionKind, SectionSpec
from plans.planning.models import Plan, PlanAction, PlanForm, PlanRow, PlanText
from plans.planning.models.plan import TypedField
from plans.schools.models import ManagingBody, School, SchoolBody, SchoolName, SchoolYear

SAMPLE_FILE = Path(__file__).resolve().parents[2] / "fixtures" / "sample_plan.json"
WORDS_LENGTH = 300


@dataclass(frozen=True, slots=True)
class SampleWords:
    """The words of the sample: of an invented school, and what stands where a form gives no example."""

    mark: str
    body: Mapping[str, str]
    school: Mapping[str, str]
    kind: SchoolKind
    signer_name: str
    recipients: tuple[str, ...]
    text: str
    cell: str
    rows: int


@lru_cache(maxsize=1)
def sample_words() -> SampleWords:
    """Return the words of `fixtures/sample_plan.json`. Raises FileError with every fault."""
    report = Report(SAMPLE_FILE.name)
    record = read_record(SAMPLE_FILE, report, schema="sample-plan/1")
    school = record.record("school") or Record({}, "school", report)
    body = record.record("body") or Record({}, "body", report)
    words = SampleWords(
        mark=record.text("mark", max_length=WORDS_LENGTH),
        body=_texts(body, ("name", "letterhead_name", "place_name")),
        school=_texts(school, ("name", "letterhead_name", "symbol", "address")),
        kind=school.choice("kind", SchoolKind) or SchoolKind.PRIMARY,
        signer_name=record.text("signer_name", max_length=WORDS_LENGTH),
        recipients=record.texts("recipients", max_length=WORDS_LENGTH),
        text=record.text("text", max_length=WORDS_LENGTH),
        cell=record.text("cell", max_length=WORDS_LENGTH),
        rows=record.integer("rows", low=1, high=9),
    )
    report.refuse_if_faulty(FileError)
    return words


def _texts(record: Record, names: Iterable[str]) -> dict[str, str]:
    return {name: record.text(name, max_length=WORDS_LENGTH) for name in names}


def sample_plan(form: PlanForm, *, year: SchoolYear) -> Plan:
    """Return a plan in `form` with the form's examples in it, marked as a sample; no row is written.

    It can be exported like a plan that `Plan.objects.for_document()` loaded. Raises FrameworkInForceError where no
    set of criteria holds on the year's first day.
    """
    words = sample_words()
    framework = Framework.objects.in_force(words.kind, on=year.starts_on)
    plan = Plan(
        pk=0,
        school=_sample_school(words),
        school_year=year,
        form=_marked(form, words.mark),
        framework=framework,
        signing_capacity=next(iter(form.spec.signing_capacities), ""),
        signer_name=words.signer_name,
        document_month=year.starts_on.replace(day=1),
    )
    leaves = list(form.spec.leaves())
    tables = [section for section in leaves if section.kind is SectionKind.TABLE]
    _hold(plan, "texts", [PlanText(section=s.key, body=_example(s, words)) for s in leaves])
    _hold(plan, "results", [])
    _hold(plan, "actions", _sample_actions(framework, words))
    _hold(plan, "rows", [row for section in tables for row in _sample_rows(section, words)])
    return plan


def _marked(form: PlanForm, mark: str) -> PlanForm:
    """Return the form with a line below its title that says what the paper is."""
    data = {**form.data, "kind_lines": [*form.data["kind_lines"], mark]}
    return PlanForm(code=form.code, revision=form.revision, title=form.title, data=data)


def _sample_school(words: SampleWords) -> School:
    school = School(
        pk=0, kind=words.kind, symbol=words.school["symbol"], address=words.school["address"]
    )
    name = SchoolName(
        name=words.school["name"], letterhead_name=words.school["letterhead_name"], pk=0
    )
    body = ManagingBody(**words.body)
    link = SchoolBody(body=body, role=SchoolBody.Role.PARENT, pk=0)
    _hold(school, "names", [name])
    _hold(school, "body_links", [link])
    return school


def _hold(row: models.Model, relation: str, rows: list[Any]) -> None:
    """Let `row` hold `rows` as if they had been prefetched, since the database has none of them."""
    related: Any = row._meta.get_field(relation).related_model
    held = related._default_manager.none()
    held._result_cache = rows
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = held


def _example(section: SectionSpec, words: SampleWords) -> str:
    if section.kind is SectionKind.RECIPIENTS:
        return "\n".join(words.recipients)
    return section.example or words.text


def _sample_actions(framework: Framework, words: SampleWords) -> list[PlanAction]:
    criteria = Criterion.objects.of(framework).select_related("standard")[: words.rows]
    fields = [f.name for f in PlanAction._meta.get_fields() if isinstance(f, TypedField)]
    return [
        PlanAction(
            pk=number, criterion=criterion, position=number, **dict.fromkeys(fields, words.cell)
        )
        for number, criterion in enumerate(criteria)
    ]


def _sample_rows(section: SectionSpec, words: SampleWords) -> list[PlanRow]:
    cells = {column.key: words.cell for column in section.typed_columns}
    begun = range(len(section.fixed_rows)) or [None] * words.rows
    return [
        PlanRow(
            pk=position,
            section=section.key,
            position=position,
            cells=cells | ({} if fixed is None else {PlanRow.FIXED: fixed}),
        )
        for position, fixed in enumerate(begun)
    ]
