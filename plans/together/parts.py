"""Phân công: which parts of a plan are whose, and how far each person's parts are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from criteria.models import Standard
from plans.accounts.models import User
from plans.planning.form import TYPED_KINDS, SectionKind, SectionSpec
from plans.planning.models import Plan, PlanAction
from plans.planning.progress import Fill, missing_fields
from plans.planning.results import framework_tree
from plans.planning.states import PlanState
from plans.together.models import Assignment, Comment
from plans.together.naming import Names
from plans.together.talk import comments_of


@dataclass(frozen=True, slots=True)
class Part:
    """A section or a standard that can be given to people, and to whom it was given."""

    key: str
    label: str
    given: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class PartState:
    """One part of a person: where it is edited, how far it is, in a mark and in words."""

    label: str
    page: str
    anchor: str
    fill: Fill
    words: str


@dataclass(frozen=True, slots=True)
class StandardState:
    """A person's standard: its criteria not assessed yet, and its rows with what each lacks."""

    label: str
    not_assessed: tuple[str, ...]
    grid_page: str
    rows: tuple[RowState, ...]


@dataclass(frozen=True, slots=True)
class RowState:
    """One row of the table, and how many of its cells are still empty."""

    action: PlanAction
    missing: int

    @property
    def fill(self) -> Fill:
        """How far the row is filled."""
        return Fill.PART if self.missing else Fill.FULL

    @property
    def words(self) -> str:
        """The same in words."""
        return f"Còn thiếu {self.missing} ô" if self.missing else "Đủ"


@dataclass(frozen=True, slots=True)
class MyPart:
    """All that is a person's own in a plan."""

    sections: tuple[PartState, ...]
    standards: tuple[StandardState, ...]
    comments: tuple[Comment, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the plan was given to the person."""
        return not (self.sections or self.standards or self.comments)


def assignable(plan: Plan) -> list[SectionSpec]:
    """Return the sections that can be given to a person: those in which somebody writes."""
    kinds = TYPED_KINDS | {SectionKind.RESULT_GRID, SectionKind.TABLE}
    return [section for section in plan.spec.walk() if section.kind in kinds]


def parts_of(plan: Plan) -> list[Part]:
    """Return every part of a plan that can be given, as printed, with its people; three queries."""
    names, given = Names(plan), list(_given(plan))
    sections = [
        Part(
            f"muc-{section.key}",
            names.section(section.key),
            tuple(one for one in given if one.section == section.key),
        )
        for section in assignable(plan)
    ]
    standards = [
        Part(
            f"tieu-chuan-{standard.pk}",
            standard.label,
            tuple(one for one in given if one.standard_id == standard.pk),
        )
        for standard in framework_tree(plan).standards.all()
    ]
    return sections + standards


def _given(plan: Plan) -> Collection[Assignment]:
    rows = Assignment.objects.filter(plan=plan).select_related("user")
    return rows.order_by("user__full_name", "pk")


def my_part(plan: Plan, user: User) -> MyPart:
    """Return what is a person's own in a plan. Reads rows loaded by `for_editing()`; three queries more."""
    mine = Assignment.objects.filter(plan=plan, user=user).order_by("given_at", "pk")
    keys = {one.section for one in mine if one.section}
    standards = {one.standard_id for one in mine if one.standard_id}
    names = Names(plan)
    return MyPart(
        tuple(_section(plan, names, one) for one in assignable(plan) if one.key in keys),
        tuple(
            _standard(plan, one)
            for one in framework_tree(plan).standards.all()
            if one.pk in standards
        ),
        tuple(_said_to(plan, user)),
    )


def _said_to(plan: Plan, user: User) -> list[Comment]:
    said = comments_of(plan).filter(addressed_to=user, solved_at__isnull=True)
    kept = said.select_related("action__criterion", "author", "addressed_to", "solved_by")
    return [one for one in kept if one.action is None or one.action.removed_at is None]


def page_of_section(plan: Plan, key: str) -> str:
    """Return the key of the editor's page on which a section stands."""
    tops = plan.spec.sections
    return next(t.key for t in tops if t.key == key or any(s.key == key for s in t.sections))


def _section(plan: Plan, names: Names, section: SectionSpec) -> PartState:
    page = page_of_section(plan, section.key)
    if section.kind is SectionKind.RESULT_GRID:
        waiting = [c for c in framework_tree(plan).all_criteria() if c.pk not in _assessed(plan)]
        words = f"{len(waiting)} tiêu chí chưa đánh giá" if waiting else "Đủ"
        fill = Fill.PART if waiting else Fill.FULL
    elif section.kind is SectionKind.TABLE:
        rows = [row for row in plan.rows.all() if row.section == section.key]
        filled = any(text for row in rows for name, text in row.cells.items() if name != row.FIXED)
        fill, words = (Fill.FULL, "Đã viết") if filled else (Fill.EMPTY, "Chưa viết")
    else:
        filled = bool(plan.text(section.key).strip())
        fill, words = (Fill.FULL, "Đã viết") if filled else (Fill.EMPTY, "Chưa viết")
    return PartState(names.section(section.key), page, f"muc-{section.key}", fill, words)


def _assessed(plan: Plan) -> set[int]:
    return {result.criterion_id for result in plan.results.all() if result.level is not None}


def _standard(plan: Plan, standard: Standard) -> StandardState:
    assessed = _assessed(plan)
    waiting = [c.number for c in standard.criteria.all() if c.pk not in assessed]
    table = plan.spec.actions()
    grid = next((s for s in plan.spec.walk() if s.kind is SectionKind.RESULT_GRID), None)
    rows = [
        RowState(action, len(missing_fields(action, table)) if table else 0)
        for action in plan.actions.all()
        if action.criterion is not None and action.criterion.standard_id == standard.pk
    ]
    page = page_of_section(plan, grid.key) if grid else ""
    return StandardState(standard.label, tuple(waiting) if grid else (), page, tuple(rows))


def given_to(user: User, school_ids: Collection[int]) -> list[tuple[Plan, int]]:
    """Return the plans being written in these schools with how many parts are `user`'s; one query."""
    plans = Plan.objects.filter(school__in=school_ids, state=PlanState.DRAFT)
    mine = Count("assignments", filter=Q(assignments__user=user))
    counted = plans.select_related("school_year").annotate(given=mine)
    found = counted.filter(given__gt=0).order_by("-school_year__start_year", "pk")
    return [(plan, plan.given) for plan in found]
