"""What people do to a plan. Every write goes through here, with a version check and an entry in the record.

How a row is saved, and what happens when somebody else saved it first, is said in `saving`; the rows of the
small tables are in `rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from criteria.models import Criterion, Framework
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.actions import record
from plans.moves import MoveNotAllowed
from plans.planning.form import Grouping
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanForm, PlanText
from plans.planning.moving import locked, move_plan
from plans.planning.ordering import rising, swapped
from plans.planning.progress import missing_parts
from plans.planning.proposals import settle_proposal
from plans.planning.readings import READ_COLUMNS, corrected, read_anew
from plans.planning.rows import begin_rows
from plans.planning.saving import REFUSED as REFUSED
from plans.planning.saving import Conflict as Conflict
from plans.planning.saving import keep_open, row_at, save_fields
from plans.planning.saving import keep_refused_words as keep_refused_words
from plans.planning.states import MOVES, PlanState
from plans.schools.models import School, SchoolYear

# The fields of an action that a person types or chooses; a form prints some of them.
ACTION_FIELDS = (
    "criterion",
    "band",
    "subject",
    "current_state",
    "target_result",
    "measures",
    "success_measures",
    "lead",
    "partners",
    "timeframe",
    "budget_text",
    "resources",
    "expected_evidence",
    "other_support",
    "remarks",
    "progress",
)
HEADING_FIELDS = ("number", "document_month", "document_date", "signing_capacity", "signer_name")


# --- the plan ---------------------------------------------------------------------------------------------


@transaction.atomic
def open_plan(*, school: School, school_year: SchoolYear, form: PlanForm, by: User) -> Plan:
    """Create and return the empty plan of a school for a school year.

    It pins the form's revision and the framework in force on the year's first day. Raises ValidationError when
    the school already has a plan for that year, Framework's own error when no framework is in force.
    """
    School.objects.select_for_update().get(
        pk=school.pk
    )  # two at once: the second hears of the first
    framework = Framework.objects.in_force(school.kind, on=school_year.starts_on)
    capacity = form.spec.signing_capacities[0] if form.spec.signing_capacities else ""
    plan = Plan(
        school=school,
        school_year=school_year,
        form=form,
        framework=framework,
        signing_capacity=capacity,
        signer_name=_principal_name(school, school_year.starts_on),
        document_month=school_year.starts_on.replace(day=1),
    )
    plan.full_clean()
    plan.save()
    begin_rows(plan=plan)
    record("plan.open", plan, by=by, school_id=school.pk)
    return plan


def _principal_name(school: School, on: date) -> str:
    """Return who signs: the principal on the plan's first day, else today's; "" when there is none."""
    for day in (on, timezone.localdate()):
        row = (
            school.memberships.in_force(day)
            .filter(role=Role.PRINCIPAL)
            .select_related("user")
            .first()
        )
        if row is not None:
            return row.user.full_name
    return ""


@transaction.atomic
def save_heading(*, plan: Plan, values: Mapping[str, Any], version: int, by: User) -> Plan:
    """Save number, dates and signer of the plan and return it. Raises Conflict, ValidationError."""
    keep_open(plan)
    heading = {name: values[name] for name in HEADING_FIELDS if name in values}
    return save_fields(plan, heading, version, by=by, school_id=plan.school_id)


@transaction.atomic
def finish_plan(*, plan: Plan, by: User) -> Plan:
    """Close the draft: nobody changes its words until it is reopened.

    Raises ValidationError that names what is missing, MoveNotAllowed from any other state.
    """
    held = locked(plan)
    MOVES.target("finish", source=PlanState(held.state))
    gaps = missing_parts(Plan.objects.for_editing().get(pk=plan.pk))
    if gaps:
        raise ValidationError([f"{gap.what}." for gap in gaps])
    return move_plan(plan=held, name="finish", by=by, finished_at=timezone.now())


@transaction.atomic
def reopen_plan(*, plan: Plan, by: User, reason: str = "") -> Plan:
    """Open a finished plan for change again. Raises MoveNotAllowed from any other state."""
    return move_plan(plan=plan, name="reopen", by=by, reason=reason, finished_at=None)


def _still_there(action: PlanAction) -> None:
    """Raise MoveNotAllowed when somebody deleted the action since the page was drawn.

    Takes over what was read of its words: all fields share that column and a correction raises no version, so a
    row loaded before this transaction would put another person's correction back.
    """
    rows = PlanAction.objects.kept().filter(pk=action.pk)
    readings = rows.values_list("readings", flat=True).first()
    if readings is None:
        raise MoveNotAllowed("Việc này vừa được người khác xóa.")
    action.readings = readings


# --- texts and results ------------------------------------------------------------------------------------


@transaction.atomic
def save_text(*, plan: Plan, section: str, body: str, version: int, by: User) -> PlanText:
    """Save what was typed into a section and return its row; version 0 is "there was none yet".

    Raises Conflict when another save came first, ValidationError for a text past the limit.
    """
    keep_open(plan)
    text = row_at(PlanText, plan=plan, section=section)
    text.plan = plan  # its name in the record then costs no query
    return save_fields(text, {"body": body}, version, by=by, school_id=plan.school_id)


@transaction.atomic
def save_result(
    *, plan: Plan, criterion: Criterion, level: int | None, version: int, by: User
) -> CriterionResult:
    """Save the level a criterion reached; None is chưa đánh giá.

    Raises ValidationError for a criterion of another framework or a level that it does not have, Conflict.
    """
    keep_open(plan)
    if criterion.standard.framework_id != plan.framework_id:
        raise ValidationError("Tiêu chí này không thuộc bộ tiêu chuẩn của kế hoạch.")
    if level and not criterion.has_level(level):
        raise ValidationError(f"Tiêu chí {criterion.number} không có mức {level}.")
    result = row_at(CriterionResult, plan=plan, criterion=criterion)
    result.criterion = criterion  # its name in the record then costs no query
    return save_fields(result, {"level": level}, version, by=by, school_id=plan.school_id)


# --- actions of the table ---------------------------------------------------------------------------------


@transaction.atomic
def add_action(
    *,
    plan: Plan,
    by: User,
    criterion: Criterion | None = None,
    band: str = "",
    after: PlanAction | None = None,
) -> PlanAction:
    """Add an empty action and return it: below `after`, in its band and criterion, else at the end."""
    keep_open(plan)
    if after is not None:
        criterion, band = after.criterion, after.band
    elif not band and _has_bands(plan):
        band = plan.actions.kept().order_by("-pk").values_list("band", flat=True).first() or ""
    action = PlanAction(plan=plan, criterion=criterion, band=band, position=_make_room(plan, after))
    _check_criterion(criterion, plan)
    action.full_clean()
    action.save()
    record("action.add", action, by=by, school_id=plan.school_id)
    return action


def _has_bands(plan: Plan) -> bool:
    section = plan.spec.actions()
    return section is not None and section.bands


@transaction.atomic
def save_action(
    *, action: PlanAction, values: Mapping[str, Any], version: int, by: User
) -> PlanAction:
    """Save typed fields of an action and return it; a proposed one is then the person's own.

    Raises Conflict, ValidationError.
    """
    keep_open(action.plan)
    _still_there(action)
    typed = {name: values[name] for name in ACTION_FIELDS if name in values}
    _check_criterion(typed.get("criterion"), action.plan)
    settle_proposal(action, by=by)
    return save_fields(
        action,
        typed,
        version,
        by=by,
        school_id=action.plan.school_id,
        derived=partial(read_anew, action),
    )


@transaction.atomic
def correct_reading(
    *, action: PlanAction, field: str, values: Mapping[str, Any], by: User
) -> PlanAction:
    """Save how a field of the action is meant, and return it; the typed words and the version stay.

    `values` as `readings.corrected` takes them. Raises MoveNotAllowed once the plan is closed or the row gone.
    """
    return _write_readings(action, field, lambda: corrected(action, field, values), by)


@transaction.atomic
def read_again(*, action: PlanAction, field: str, by: User) -> PlanAction:
    """Take back a correction: the field's words are read anew. Raises what `correct_reading` raises."""
    return _write_readings(action, field, lambda: read_anew(action, [field]), by)


def _write_readings(
    action: PlanAction, field: str, read: Callable[[], Mapping[str, Any]], by: User
) -> PlanAction:
    keep_open(action.plan)
    _still_there(action)
    action.refresh_from_db(fields=[field])
    before = {"readings": {field: action.readings.get(field)}}
    columns = read()
    for name, value in columns.items():
        setattr(action, name, value)
    action.full_clean(exclude={f.name for f in action._meta.fields} - set(columns))
    PlanAction.objects.filter(pk=action.pk).update(**columns)
    record("action.reading", action, by=by, before=before, school_id=action.plan.school_id)
    return action


@transaction.atomic
def copy_action(*, action: PlanAction, by: User) -> PlanAction:
    """Add a copy right below an action and return the copy; it is a new action with a thread of its own."""
    keep_open(action.plan)
    _still_there(action)
    copy = PlanAction(plan=action.plan, position=_make_room(action.plan, action))
    for name in (*ACTION_FIELDS, *READ_COLUMNS):
        setattr(copy, name, getattr(action, name))
    copy.full_clean()
    copy.save()
    record("action.copy", copy, by=by, before={"from": action.pk}, school_id=action.plan.school_id)
    return copy


@transaction.atomic
def move_action(*, action: PlanAction, up: bool, by: User) -> bool:
    """Change places with the neighbour above or below: in the same band and criterion, or in the whole table
    where the form does not group its rows.

    Returns False at the edge of the group, where there is nothing to change places with.
    """
    keep_open(action.plan)
    _still_there(action)
    rows = _neighbours(action)
    order = swapped([row.pk for row in rows], action.pk, up=up)
    if order is None:
        return False
    for pk, position in zip(order, rising([row.position for row in rows]), strict=True):
        PlanAction.objects.filter(pk=pk).update(position=position)
    before = {"order": [row.pk for row in rows]}
    record("action.move", action, by=by, before=before, school_id=action.plan.school_id)
    return True


def _neighbours(action: PlanAction) -> list[PlanAction]:
    """Return the rows among which an action may change places, in order: those of its group in the table."""
    section = action.plan.spec.actions()
    rows = action.plan.actions.kept()
    if section is None or section.grouping is not Grouping.NONE:
        rows = rows.filter(band=action.band, criterion=action.criterion)
    elif section.bands:
        rows = rows.filter(band=action.band)
    return list(rows.order_by("position", "pk"))


@transaction.atomic
def remove_action(*, action: PlanAction, by: User) -> PlanAction:
    """Take an action out of the table; `restore_action` brings it back with every word."""
    keep_open(action.plan)
    _still_there(action)
    action.removed_at = timezone.now()
    PlanAction.objects.filter(pk=action.pk).update(removed_at=action.removed_at)
    record("action.remove", action, by=by, school_id=action.plan.school_id)
    return action


@transaction.atomic
def restore_action(*, action: PlanAction, by: User) -> PlanAction:
    """Bring a removed action back to its place."""
    keep_open(action.plan)
    action.removed_at = None
    PlanAction.objects.filter(pk=action.pk).update(removed_at=None)
    record("action.restore", action, by=by, school_id=action.plan.school_id)
    return action


def _make_room(plan: Plan, after: PlanAction | None) -> int:
    """Return the position for a new action, making room below `after`."""
    if after is None:
        return (plan.actions.aggregate(last=Max("position"))["last"] or 0) + 1
    plan.actions.filter(position__gt=after.position).update(position=F("position") + 1)
    return after.position + 1


def _check_criterion(criterion: Criterion | None, plan: Plan) -> None:
    if criterion is not None and criterion.standard.framework_id != plan.framework_id:
        raise ValidationError({"criterion": "Tiêu chí này không thuộc bộ tiêu chuẩn của kế hoạch."})
