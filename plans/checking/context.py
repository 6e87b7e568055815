"""CheckedPlan: everything that the rules read, loaded in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Prefetch, prefetch_related_objects

from criteria.models import Criterion
from plans.accounts.models import Membership
from plans.checking.findings import Found
from plans.checking.reading import TextFacts, read, settle
from plans.checking.row_reading import RowReading, read_row
from plans.checking.vocabulary import vocabulary
from plans.council.models import CouncilMember
from plans.documents import typed
from plans.planning.form import TYPED_KINDS, Grouping, SectionKind, SectionSpec
from plans.planning.grouping import in_own_order
from plans.planning.models import Plan, PlanAction, PlanText, editing_rows
from plans.planning.placeholders import words_of
from plans.planning.progress import PageProgress, plan_progress
from plans.planning.results import framework_tree
from plans.planning.tables import table_rows
from plans.schools.models import SchoolBody


@dataclass(frozen=True, slots=True)
class Member:
    """Who holds or held a role in the school; both days inclusive, None is open."""

    name: str
    role: str
    valid_from: date | None
    valid_to: date | None

    def holds(self, role: str, on: date) -> bool:
        """Say whether the person holds `role` on the day `on`."""
        begun = self.valid_from is None or self.valid_from <= on
        return self.role == role and begun and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in the council or the monitoring team of the plan's year."""

    team: str
    part: str
    name: str


@dataclass(frozen=True, slots=True)
class LastYear:
    """What the school's plan of the year before says: section → text, and rows as (measures, target) settled."""

    texts: Mapping[str, str]
    rows: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TypedPart:
    """One typed section of the plan with what stands in it."""

    section: SectionSpec
    page: str
    body: str
    looks_back: bool

    @property
    def facts(self) -> TextFacts:
        """What the text holds."""
        return read(self.body)


@dataclass(frozen=True, slots=True)
class SmallRow:
    """A row of a small table: its number in the database, what to call it, the page on which it stands."""

    pk: int
    name: str
    page: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One written cell of the table of actions, or of a small table, with what its text holds."""

    field: str
    facts: TextFacts
    action: PlanAction | None = None
    row: SmallRow | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """A row that aims at levels: those which its criterion has, rising, and the level it reached."""

    action: PlanAction
    criterion: Criterion
    levels: tuple[int, ...]
    reached: int | None


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A plan with all its rows, and what surrounds it. `on` is today; rules read no clock."""

    plan: Plan
    on: date
    pages: tuple[PageProgress, ...]
    parts: tuple[TypedPart, ...]
    actions: tuple[PlanAction, ...]
    table: SectionSpec | None
    table_page: str
    recipients_page: str
    numbers: Mapping[int, int]
    cells: tuple[Cell, ...]
    aims: tuple[Aim, ...]
    reached: Mapping[int, int]
    last_year: LastYear
    members: tuple[Member, ...]
    seats: tuple[Seat, ...]
    own_names: frozenset[str]
    form_warnings: tuple[str, ...]
    readings: Mapping[int, RowReading]

    @property
    def start_year(self) -> int:
        """The first year of the plan's school year."""
        return self.plan.school_year.start_year

    @property
    def window(self) -> tuple[date, date]:
        """The days that belong to the plan's school year with the summers on both sides, inclusive."""
        words = vocabulary()
        start = self.start_year
        return date(start, *words.year_from), date(start + 1, *words.year_to)

    def reading(self, action: PlanAction) -> RowReading:
        """Return what was read from a row's time and money."""
        return self.readings[action.pk]

    def at_action(self, action: PlanAction, field: str, message: str, step: str) -> Found:
        """Return a find in a field of a row; `message` goes on after the row's name."""
        anchor = f"viec-{action.pk}"
        where = self.name_of(action)
        return Found(
            self.table_page, anchor, f"{where}: {message}", step, action.pk, field, message
        )

    def at_cell(self, cell: Cell, message: str, step: str) -> Found:
        """Return a find in a written cell of any table."""
        if cell.action is not None:
            return self.at_action(cell.action, cell.field, message, step)
        assert cell.row is not None  # a cell stands in one table or in the other
        row = cell.row
        where = f"{row.name[:1].upper()}{row.name[1:]}: {message}"
        return Found(row.page, f"dong-{row.pk}", where, step, field=cell.field, row=row.pk)

    def name_of(self, action: PlanAction) -> str:
        """Return what a message calls a row: its number where the form counts rows, else its criterion."""
        if action.pk in self.numbers:
            return f"Việc {self.numbers[action.pk]}"
        if action.criterion is not None:
            return f"Tiêu chí {action.criterion.number}"
        return "Việc chưa chọn tiêu chí"

    def names_of(self, rows: Iterable[PlanAction], most: int = 5) -> str:
        """Return the rows' names as a list for a message, each once, "…" after `most`."""
        found = list(dict.fromkeys(map(self.name_of, rows)))
        return ", ".join(found[:most]) + (" …" if len(found) > most else "")

    def prints(self, *names: str) -> bool:
        """Say whether the form's table prints all these fields of a row."""
        return self.table is not None and set(names) <= set(self.table.fields)

    def at_text(self, part: TypedPart, message: str, step: str) -> Found:
        """Return a find in a section; `message` goes on after the section's name."""
        name = words_of(self.plan).fill(part.section.name)
        return Found(part.page, f"chu-{part.section.key}", f"{name}: {message}", step)

    def at_heading(self, field: str, message: str, step: str) -> Found:
        """Return a find in number, dates or signer of the document."""
        typed = field and field not in ("number", "document_date")  # those are given at issue
        return Found(self.recipients_page, f"id_{field}" if typed else "muc-van-ban", message, step)


def load_checked(plan: Plan, *, on: date) -> CheckedPlan:
    """Load what the rules read about `plan` and return it; as many queries for one row as for many.

    Rows that `plan` has already prefetched are taken as they are.
    """
    links = SchoolBody.objects.select_related("body__successor").order_by("pk")
    prefetch_related_objects([plan], *editing_rows(), Prefetch("school__body_links", links))
    table = plan.spec.actions()
    reached = {r.criterion_id: r.level for r in plan.results.all() if r.level is not None}
    return CheckedPlan(
        plan=plan,
        on=on,
        pages=tuple(plan_progress(plan)),
        parts=tuple(_parts(plan)),
        actions=tuple(plan.actions.all()),
        table=table,
        table_page=_page_of(plan, SectionKind.ACTIONS),
        recipients_page=_page_of(plan, SectionKind.RECIPIENTS),
        numbers=_numbers(plan, table),
        cells=(*_cells(plan, table), *_small_cells(plan)),
        aims=tuple(_aims(plan, table, reached)),
        reached=reached,
        last_year=_last_year(plan),
        members=_members(plan),
        seats=_seats(plan),
        own_names=frozenset(
            name for row in plan.school.names.all() for name in read(row.name).schools
        ),
        form_warnings=plan.form.warnings_for(plan.school_year),
        readings={
            action.pk: read_row(action, plan.school_year.start_year)
            for action in plan.actions.all()
        },
    )


def _page_of(plan: Plan, kind: SectionKind) -> str:
    """Return the key of the page that holds the section of a kind, the first page when the form has none."""
    tops = plan.spec.sections
    found = (top.key for top in tops if any(p.kind is kind for p in (top, *top.sections)))
    return next(found, tops[0].key)


def _parts(plan: Plan) -> list[TypedPart]:
    bodies = {row.section: row.body for row in plan.texts.all()}
    back = vocabulary().looking_back
    return [
        TypedPart(
            section=part,
            page=top.key,
            body=bodies.get(part.key, ""),
            looks_back=bool({top.key, part.key} & back) or part.kind is SectionKind.LINES,
        )
        for top in plan.spec.sections
        for part in (top, *top.sections)
        if part.kind in TYPED_KINDS
    ]


def _cells(plan: Plan, table: SectionSpec | None) -> Iterator[Cell]:
    names = [name for name in (table.fields if table else ()) if name != "progress"]
    for action in plan.actions.all():
        for name in names:
            if text := getattr(action, name):
                yield Cell(name, read(text), action=action)


def _small_cells(plan: Plan) -> Iterator[Cell]:
    for top in plan.spec.sections:
        for section in (top, *top.sections):
            if section.kind is SectionKind.TABLE:
                for shown in table_rows(plan.rows.all(), section):
                    if shown.row is not None:
                        row = SmallRow(shown.row.pk, shown.name(section), top.key)
                        texts = ((c.key, shown.row.text(c.key)) for c in section.typed_columns)
                        yield from (Cell(key, read(text), row=row) for key, text in texts if text)


def _numbers(plan: Plan, table: SectionSpec | None) -> dict[int, int]:
    """Return the rows' own numbers by their keys; {} where the form counts standards."""
    if table is None or table.grouping is not Grouping.NONE:
        return {}
    rows = in_own_order(plan.actions.all(), bands=table.bands)
    return {action.pk: number for number, action in enumerate(rows, start=1)}


def _aims(plan: Plan, table: SectionSpec | None, reached: Mapping[int, int]) -> Iterator[Aim]:
    if table is None or not table.bands:
        return
    criteria = {criterion.pk: criterion for criterion in framework_tree(plan).all_criteria()}
    has = {pk: criterion.level_numbers for pk, criterion in criteria.items()}
    for action in plan.actions.all():
        if action.criterion_id in criteria and action.levels:
            pk = action.criterion_id
            levels = tuple(level for level in action.levels if level in has[pk])
            yield Aim(action, criteria[pk], levels, reached.get(pk))


def _last_year(plan: Plan) -> LastYear:
    before = {
        "plan__school": plan.school_id,
        "plan__school_year__start_year": plan.school_year.start_year - 1,
    }
    texts = PlanText.objects.filter(**before).order_by("pk").values_list("section", "body")
    rows = PlanAction.objects.kept().filter(**before).order_by("pk")
    return LastYear(
        texts=dict(texts),
        rows=frozenset((key(m), key(t)) for m, t in rows.values_list("measures", "target_result")),
    )


def key(text: str) -> str:
    """Return `text` for comparing word for word."""
    return read(text).key


def _members(plan: Plan) -> tuple[Member, ...]:
    rows = Membership.objects.filter(school=plan.school_id, user__is_active=True).order_by("pk")
    found = rows.values_list("user__full_name", "role", "valid_from", "valid_to")
    return tuple(Member(*row) for row in found)


def _seats(plan: Plan) -> tuple[Seat, ...]:
    rows = CouncilMember.objects.filter(
        school=plan.school_id, school_year=plan.school_year_id, removed_at__isnull=True
    ).order_by("team", "place", "pk")
    return tuple(Seat(*row) for row in rows.values_list("team", "part", "full_name"))


def same_person(one: str, other: str) -> bool:
    """Say whether two names are one, whatever their capitals and tone marks' places."""
    return _name(one) == _name(other)


@lru_cache(maxsize=2048)
def _name(name: str) -> str:
    return settle(name)


def recipient_lines(part: TypedPart) -> tuple[str, ...]:
    """Return the recipients as the document prints them."""
    return typed.lines(part.body)
