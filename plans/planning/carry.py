"""Last year as the starting point: what became of its actions, and a new plan that goes on from them.

Words come along to the letter; what belongs to the old paper stays behind: its number, its dates, its results,
and the values read from its dates. A criterion goes along only within one circular, for nobody has published
how the criteria of 2018 map onto those of TT 57/2026; the old one stays in sight through `carried_from`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from criteria.models import Criterion, Framework
from plans.accounts.models import User
from plans.council.actions import copy_council
from plans.history.actions import record
from plans.planning.actions import ACTION_FIELDS, open_plan
from plans.planning.form import TYPED_KINDS, SectionKind, SectionSpec, StartsAs
from plans.planning.models import Plan, PlanAction, PlanForm, PlanRow, PlanText, TypedField
from plans.planning.results import framework_tree
from plans.planning.tables import TableRow, fixed_cells, table_rows
from plans.schools.models import School, SchoolYear

TYPED = tuple(
    name for name in ACTION_FIELDS if isinstance(PlanAction._meta.get_field(name), TypedField)
)
DONE = PlanAction.Progress.DONE


@dataclass(frozen=True, slots=True)
class PastRow:
    """An action of last year with what became of it; `goes_on` is what the page proposes."""

    action: PlanAction
    progress: str
    goes_on: bool

    @property
    def words(self) -> str:
        """The action in its own words: what was to be done, else what was wanted, else what was wrong."""
        action = self.action
        texts = (action.measures, action.subject, action.target_result, action.current_state)
        # In one line the dash of a list's first item would only be in the way.
        found = (text.strip().lstrip("-–• ") for text in texts)
        return next((text for text in found if text), "(chưa ghi nội dung)")


def last_plan(school: School) -> Plan | None:
    """Return the school's plan of the latest school year with all its rows; None when it has none yet."""
    plans = Plan.objects.for_editing().filter(school=school)
    return plans.order_by("-school_year__start_year").first()


def past_rows(plan: Plan) -> list[PastRow]:
    """Return the plan's actions in print order; all but the done ones are proposed to go on.

    Reads rows loaded by `Plan.objects.for_editing()`.
    """
    return [PastRow(one, one.progress, one.progress != DONE) for one in plan.actions.all()]


# --- what became of an action -----------------------------------------------------------------------------


@transaction.atomic
def tell_outcome(*, action: PlanAction, progress: str, by: User) -> PlanAction:
    """Save what became of an action ("" is chưa có thông tin) and return it.

    Allowed although its plan is finished: the paper stays as it was, its outcome is known later. Raises
    ValidationError for a word that is not among the choices.
    """
    before = action.progress
    if progress == before:
        return action
    action.progress = progress
    action.full_clean(exclude={f.name for f in action._meta.fields} - {"progress"})
    PlanAction.objects.filter(pk=action.pk).update(progress=progress, version=F("version") + 1)
    action.version += 1
    school_id = action.plan.school_id
    record("planaction.outcome", action, by=by, before={"progress": before}, school_id=school_id)
    return action


@transaction.atomic
def tell_outcomes(*, plan: Plan, outcomes: Mapping[int, str], by: User) -> None:
    """Save what became of the plan's actions: key of the action → one of the choices.

    Raises ValidationError for an action of another plan and for an unknown choice; nothing is saved then.
    """
    actions = {action.pk: action for action in plan.actions.all()}
    if not set(outcomes) <= set(actions):
        raise ValidationError("Có việc không thuộc kế hoạch này. Thầy cô tải lại trang.")
    for pk, progress in outcomes.items():
        actions[pk].plan = plan  # its school in the record then costs no query
        tell_outcome(action=actions[pk], progress=progress, by=by)


# --- the new plan -----------------------------------------------------------------------------------------


@transaction.atomic
def open_from(
    *,
    old: Plan,
    school_year: SchoolYear,
    form: PlanForm,
    going_on: Collection[int],
    outcomes: Mapping[int, str],
    by: User,
) -> Plan:
    """Save what became of the old plan's actions, begin the new year's plan from it and return that.

    `going_on` holds the keys of the actions that go on. Texts follow their section, or the sections that the
    new form names; rows of a small table that both forms have come along with the cells that the new form names;
    the council of the old year is copied where the new one has none. Needs `old` loaded by
    `Plan.objects.for_editing()`. Raises ValidationError, and whatever `open_plan` raises; nothing is written then.
    """
    if school_year.start_year <= old.school_year.start_year:
        raise ValidationError(
            f"Hãy chọn năm học sau năm học {old.school_year.label} của kế hoạch trước."
        )
    actions = {action.pk: action for action in old.actions.all()}
    if not set(going_on) <= set(actions):
        raise ValidationError("Có việc không thuộc kế hoạch năm trước. Thầy cô tải lại trang.")
    tell_outcomes(plan=old, outcomes=outcomes, by=by)
    plan = open_plan(school=old.school, school_year=school_year, form=form, by=by)
    plan.started_from = old
    plan.full_clean()
    plan.save()
    rows = [action for pk, action in actions.items() if pk in going_on]
    _carry_texts(plan, old, rows)
    _carry_rows(plan, old)
    carried = _carry_actions(plan, old, rows)
    copy_council(school=old.school, old=old.school_year, new=school_year, by=by)
    before = {"from": old.pk, "actions": [row.carried_from_id for row in carried]}
    record("plan.carry", plan, by=by, before=before, school_id=plan.school_id)
    return plan


def _carry_texts(plan: Plan, old: Plan, going_on: Iterable[PlanAction]) -> None:
    bodies = {
        section.key: _beginning(section, plan, old, going_on)
        for section in plan.spec.leaves()
        if section.kind in TYPED_KINDS
    }
    texts = [PlanText(plan=plan, section=key, body=body) for key, body in bodies.items() if body]
    for text in texts:
        text.full_clean(exclude=["plan"])
    PlanText.objects.bulk_create(texts)


def _beginning(section: SectionSpec, plan: Plan, old: Plan, going_on: Iterable[PlanAction]) -> str:
    """Return the words with which a section of the new plan begins."""
    match section.starts_as:
        case StartsAs.EMPTY:
            return ""
        case StartsAs.OUTCOMES:
            return outcome_words(old, plan.school_year, list(going_on))
        case StartsAs.CARRIED:
            keys = dict.fromkeys((section.key, *section.continues))
            bodies = (old.text(key) for key in keys)
            return "\n".join(body for body in bodies if body.strip())


def outcome_words(old: Plan, school_year: SchoolYear, going_on: Collection[PlanAction]) -> str:
    """Return what became of the old plan's actions, as a school tells it in its next plan.

    "Kế hoạch năm học 2025-2026 có 14 việc: 8 việc hoàn thành, …", then which ones, then which go on. "" for a
    plan without an action. Reads the plan's prefetched actions.
    """
    actions = list(old.actions.all())
    if not actions:
        return ""
    groups = [(word, [a for a in actions if a.progress == value]) for value, word in _OUTCOMES]
    told = [(word, rows) for word, rows in groups if rows]
    counts = ", ".join(f"{len(rows)} việc {word}" for word, rows in told)
    lines = [f"Kế hoạch năm học {old.school_year.label} có {len(actions)} việc: {counts}."]
    lines += [f"- {word.capitalize()}: {_named(rows)}." for word, rows in told]
    if going_on:
        lines.append(f"- Chuyển tiếp sang năm học {school_year.label}: {_named(going_on)}.")
    return "\n".join(lines)


_OUTCOMES = [
    *((choice.value, str(choice.label).lower()) for choice in PlanAction.Progress),
    ("", "chưa có thông tin"),
]


def _named(actions: Iterable[PlanAction]) -> str:
    """Return the actions by criterion, each once, else by what they are about: "Tiêu chí 1.1, Tiêu chí 3.3"."""
    names = [_name(action) for action in actions]
    counts = {name: names.count(name) for name in dict.fromkeys(names)}
    return ", ".join(f"{name} ({n} việc)" if n > 1 else name for name, n in counts.items())


def _name(action: PlanAction) -> str:
    if action.criterion is not None:
        return f"Tiêu chí {action.criterion.number}"
    words = (action.subject or action.measures or "việc chưa ghi nội dung").strip()
    return words.splitlines()[0].rstrip(".;,") if words else "việc chưa ghi nội dung"


# --- actions ----------------------------------------------------------------------------------------------


def _carry_actions(plan: Plan, old: Plan, rows: Iterable[PlanAction]) -> list[PlanAction]:
    section = plan.spec.actions()
    if section is None:
        return []
    criteria = criteria_going_on(old.framework, plan)
    made = [_carried(row, plan, section, criteria) for row in rows]
    for action in made:
        action.full_clean(exclude=["plan", "carried_from", "criterion"])
    PlanAction.objects.bulk_create(made)
    return made


def criteria_going_on(old: Framework, plan: Plan) -> dict[str, Criterion]:
    """Return the new plan's criteria by number where they are the old ones: in a state of the same circular.

    {} between circulars: there is no official mapping, so the person chooses.
    """
    if not _same_circular(old, plan):
        return {}
    return {one.number: one for one in framework_tree(plan).all_criteria()}


def _same_circular(old: Framework, plan: Plan) -> bool:
    return old.number == plan.framework.number


def _carried(
    row: PlanAction, plan: Plan, section: SectionSpec, criteria: Mapping[str, Criterion]
) -> PlanAction:
    action = PlanAction(
        plan=plan,
        thread=row.thread,
        carried_from=row,
        criterion=criteria.get(row.criterion.number) if row.criterion else None,
        band=row.band if section.bands and criteria else "",
        position=row.position,
        **carried_texts(row, section),
    )
    if action.budget_text == row.budget_text:
        action.budget_min, action.budget_max = row.budget_min, row.budget_max
    return action


def carried_texts(row: PlanAction, section: SectionSpec) -> dict[str, Any]:
    """Return the words with which an action begins in a form whose table is `section`: field → text.

    A field that both forms print keeps its words; another takes those of the fields that the form names. What
    the action is about is else the title of its old criterion, which a person reads as text.
    """
    texts: dict[str, Any] = {}
    for name in section.fields:
        if name not in TYPED:
            continue
        sources = [getattr(row, name)] if getattr(row, name).strip() else []
        sources = sources or [getattr(row, one) for one in section.continues_fields.get(name, ())]
        texts[name] = "\n".join(text for text in sources if text.strip())
    if "subject" in texts and not texts["subject"].strip() and row.criterion:
        texts["subject"] = row.criterion.title
    return texts


# --- small tables -----------------------------------------------------------------------------------------


def _carry_rows(plan: Plan, old: Plan) -> None:
    """Fill the small tables that both plans have, by key, from last year's rows."""
    begun = list(plan.rows.all())
    added: list[PlanRow] = []
    for table in plan.spec.walk():
        before = old.spec.section(table.key)
        if before and table.kind is before.kind is SectionKind.TABLE:
            own = [row for row in begun if row.section == table.key]
            added += _rows_going_on(plan, table, own, old, before)
    for row in added:
        row.full_clean(exclude=["plan"])
    PlanRow.objects.bulk_update(begun, ["cells", "position"])
    PlanRow.objects.bulk_create(added)


def _rows_going_on(
    plan: Plan, table: SectionSpec, begun: Iterable[PlanRow], old: Plan, before: SectionSpec
) -> list[PlanRow]:
    """Return the new rows of a table; put cells and last year's order into those that the form has `begun`.

    A row that the form begins is last year's where the form gives it the same words. One that the new form no
    longer begins goes on as a row of its own, if anything was typed there.
    """
    given = {_given(fixed_cells(table, row)): row for row in begun}
    added: list[PlanRow] = []
    placed: list[PlanRow] = []
    for shown in table_rows(old.rows.all(), before):
        cells = carried_cells(shown, table, same_circular=_same_circular(old.framework, plan))
        row = given.pop(_given(shown.fixed), None) if shown.fixed else None
        if row is not None:
            kept = {key: text for key, text in cells.items() if key not in shown.fixed}
            row.cells = {**row.cells, **kept}
            placed.append(row)
        elif shown.row and any(shown.row.text(key).strip() for key in cells):
            added.append(PlanRow(plan=plan, section=table.key, cells=cells))
            placed.append(added[-1])
    for position, row in enumerate([*placed, *given.values()], start=1):
        row.position = position
    return added


def _given(cells: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(cells.items()))


def carried_cells(row: TableRow, table: SectionSpec, *, same_circular: bool) -> dict[str, str]:
    """Return the cells with which last year's row goes on in `table`: column → text, to the letter.

    Only columns that the form names go on; those that name a standard or a criterion only within one circular.
    """
    columns = {column.key: column for column in table.typed_columns}
    kept = (columns[key] for key in table.continues_columns if key in columns)
    texts = {c.key: row.text(c.key) for c in kept if same_circular or c.options is None}
    return {key: text for key, text in texts.items() if text.strip()}
