"""Bringing back what a version held: every row by the ordinary action, so that nothing is lost on the way.

Old words are saved as new ones: versions rise, the record tells both, and the same way leads forward again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from criteria.models import Criterion, Indicator
from plans.accounts.models import User
from plans.assessment import actions as assessment
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.history.actions import record
from plans.history.models import Event
from plans.planning import actions as planning
from plans.planning import rows as small_rows
from plans.planning.actions import ACTION_FIELDS, HEADING_FIELDS
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanRow, PlanText
from plans.planning.ordering import rising
from plans.planning.results import framework_tree
from plans.planning.saving import keep_open
from plans.together.comparing import differing, order_of
from plans.together.versions import MODELS, Key, Row, Version, rows_now, versions

_DATES = frozenset({"document_month", "document_date"})
# Rows from which the level of a criterion in the grid follows.
_JUDGED = frozenset({"indicatorresult", "levelresult"})


@transaction.atomic
def bring_back(*, plan: Plan, to: Event, by: User, only: Key | None = None) -> int:
    """Give the plan, or one row of it (`only`), the words that stood there just before the event `to`.

    Levels follow from indicators: where these are judged, the grid gets what they say. Returns how many rows
    changed. Raises MoveNotAllowed unless the plan is being written, JudgedByIndicators where `only` is a level
    against which its indicators speak.
    """
    plan = Plan.objects.select_for_update(of=("self",)).for_page().get(pk=plan.pk)
    old, now = versions(plan, to, None)
    keys = [key for key in differing(old, now) if only in (None, key)]
    if not keys and (only is not None or order_of(plan, old) == order_of(plan, now)):
        return 0
    keep_open(plan)
    if only is None:
        record("plan.bring_back", plan, by=by, school_id=plan.school_id)
    _rows_back(plan, old, now, keys, by, whole=only is None)
    moved = _put_in_order(plan, old, by) if only is None else 0
    return len(keys) + moved


def _rows_back(
    plan: Plan, old: Version, now: Version, keys: list[Key], by: User, *, whole: bool
) -> None:
    judged = [key for key in keys if key[0] in _JUDGED]
    _mark_grid(plan, [now.rows.get(key) or old.rows[key] for key in judged], by)
    for key in judged:
        _WAYS[key[0]](plan, old.rows.get(key), now.rows.get(key), by)
    if judged and whole:
        # The indicators have written their levels into the grid by now, so what differs there is asked anew.
        now = Version(None, rows_now(plan))
        keys = differing(old, now)
    for key in (one for one in keys if one[0] not in _JUDGED):
        try:
            _WAYS[key[0]](plan, old.rows.get(key), now.rows.get(key), by)
        except assessment.JudgedByIndicators:
            # Of the whole the indicators are back too, and the grid has what they say.
            if not whole:
                raise


def _mark(row: Any, by: User, plan: Plan) -> None:
    """Note the bringing back before its save: it ends the burst, so what stood there now is told too."""
    record(f"{row._meta.model_name}.bring_back", row, by=by, school_id=plan.school_id)


def _heading(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    values = dict(old.values) if old else {}
    typed = {
        name: date.fromisoformat(values[name]) if name in _DATES and values[name] else values[name]
        for name in HEADING_FIELDS
        if name in values
    }
    _mark(plan, by, plan)
    planning.save_heading(plan=plan, values=typed, version=plan.version, by=by)


def _text(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    known = old or now
    assert known is not None  # one of the two, or they would not differ
    section = known.values["section"]
    text = PlanText.objects.filter(plan=plan, section=section).select_related("plan").first()
    if text is not None:
        _mark(text, by, plan)
    planning.save_text(
        plan=plan,
        section=section,
        body=old.values["body"] if old else "",
        version=text.version if text else 0,
        by=by,
    )


def _mark_grid(plan: Plan, judged: Iterable[Row], by: User) -> None:
    """Note the bringing back on each row of the grid that may follow from the indicators brought back."""
    indicators = _indicators(plan)
    ids = {
        indicators[pk].criterion_id if pk in indicators else row.values.get("criterion")
        for row in judged
        for pk in [row.values.get("indicator")]
    }
    grid = CriterionResult.objects.filter(plan=plan, criterion__in=ids)
    for result in grid.select_related("criterion").order_by("criterion__position"):
        _mark(result, by, plan)


def _result(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    known = old or now
    assert known is not None
    criterion = _criteria(plan).get(known.values["criterion"])
    if criterion is None:  # the plan's framework knows no such criterion any more
        return
    level = old.values["level"] if old else None
    assessment.check_level_follows(plan=plan, criterion=criterion, level=level)
    result = CriterionResult.objects.filter(plan=plan, criterion=criterion).first()
    if result is not None:
        result.criterion = criterion
        _mark(result, by, plan)
    planning.save_result(
        plan=plan,
        criterion=criterion,
        level=level,
        version=result.version if result else 0,
        by=by,
    )


def _action(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    pk = (old or now).pk  # type: ignore[union-attr]  # one of the two is there
    action = PlanAction.objects.filter(plan=plan, pk=pk).select_related("plan").first()
    if old is None or not old.stands:
        if action is not None:
            planning.remove_action(action=action, by=by)
        return
    if action is None:
        action = _written_anew(plan, old, by)
    elif action.removed_at is not None:
        action = planning.restore_action(action=action, by=by)
    values = {name: old.values[name] for name in ACTION_FIELDS if name in old.values}
    values["criterion"] = _criteria(plan).get(values.get("criterion") or 0)
    _mark(action, by, plan)
    planning.save_action(action=action, values=values, version=action.version, by=by)


def _written_anew(plan: Plan, old: Row, by: User) -> PlanAction:
    """Write an action again that the trash gave up; its thread goes on."""
    action = planning.add_action(plan=plan, by=by)
    action.position = old.values.get("position") or action.position
    action.thread = UUID(old.values["thread"])
    PlanAction.objects.filter(pk=action.pk).update(position=action.position, thread=action.thread)
    return action


def _small_row(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    pk = (old or now).pk  # type: ignore[union-attr]  # one of the two is there
    row = PlanRow.objects.filter(plan=plan, pk=pk).select_related("plan").first()
    if old is None or not old.stands:
        if row is not None:
            small_rows.remove_row(row=row, by=by)
        return
    if row is None:
        row = small_rows.add_row(plan=plan, section=old.values["section"], by=by)
        PlanRow.objects.filter(pk=row.pk).update(position=old.values["position"])
    elif row.removed_at is not None:
        row = small_rows.restore_row(row=row, by=by)
    _mark(row, by, plan)
    cells = dict.fromkeys(row.cells, "") | old.values["cells"]
    small_rows.save_row(row=row, cells=cells, version=row.version, by=by)


# --- the self-assessment ----------------------------------------------------------------------------------


def _criteria(plan: Plan) -> dict[int, Criterion]:
    return {criterion.pk: criterion for criterion in framework_tree(plan).all_criteria()}


def _indicators(plan: Plan) -> dict[int, Indicator]:
    return {one.pk: one for c in _criteria(plan).values() for one in c.indicators.all()}


def _indicator(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    indicator = _indicators(plan).get((old or now).values["indicator"])  # type: ignore[union-attr]
    if indicator is None:  # the plan's framework knows no such indicator any more
        return
    row = IndicatorResult.objects.filter(plan=plan, indicator=indicator).first()
    if row is not None:
        row.indicator = indicator
        _mark(row, by, plan)
    met, version = old.values["met"] if old else None, row.version if row else 0
    assessment.judge_indicator(plan=plan, indicator=indicator, met=met, version=version, by=by)


def _whole_level(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    known = old or now
    criterion = _criteria(plan).get(known.values["criterion"])  # type: ignore[union-attr]
    if criterion is None:
        return
    level = known.values["level"]  # type: ignore[union-attr]
    row = LevelResult.objects.filter(plan=plan, criterion=criterion, level=level).first()
    met, version = old.values["met"] if old else None, _marked(row, criterion, plan, by)
    assessment.judge_level(
        plan=plan, criterion=criterion, level=level, met=met, version=version, by=by
    )


def _description(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    known = old or now
    criterion = _criteria(plan).get(known.values["criterion"])  # type: ignore[union-attr]
    if criterion is None:
        return
    level = known.values["level"]  # type: ignore[union-attr]
    row = LevelDescription.objects.filter(plan=plan, criterion=criterion, level=level).first()
    body, version = old.values["body"] if old else "", _marked(row, criterion, plan, by)
    assessment.save_description(
        plan=plan, criterion=criterion, level=level, body=body, version=version, by=by
    )


def _sheet(plan: Plan, old: Row | None, now: Row | None, by: User) -> None:
    criterion = _criteria(plan).get((old or now).values["criterion"])  # type: ignore[union-attr]
    if criterion is None:
        return
    row = CriterionAssessment.objects.filter(plan=plan, criterion=criterion).first()
    values = {name: old.values[name] if old else "" for name in assessment.TEXTS}
    version = _marked(row, criterion, plan, by)
    assessment.save_texts(plan=plan, criterion=criterion, values=values, version=version, by=by)


def _marked(row: Any, criterion: Criterion, plan: Plan, by: User) -> int:
    """Mark a criterion's row, where there is one, and return the version to save it on."""
    if row is None:
        return 0
    row.criterion = criterion  # its name in the record then costs no query
    _mark(row, by, plan)
    return int(row.version)


_WAYS: dict[str, Callable[[Plan, Row | None, Row | None, User], None]] = {
    "plan": _heading,
    "plantext": _text,
    "criterionresult": _result,
    "planaction": _action,
    "planrow": _small_row,
    "indicatorresult": _indicator,
    "levelresult": _whole_level,
    "leveldescription": _description,
    "criterionassessment": _sheet,
}


def _put_in_order(plan: Plan, old: Version, by: User) -> int:
    """Give the rows of each group the order they had; returns how many groups changed."""
    now = order_of(plan, Version(None, rows_now(plan)))
    changed = 0
    for group, before in order_of(plan, old).items():
        here = now.get(group, [])
        both = [pk for pk in before if pk in here]
        turn = iter(both)  # rows that the version does not know stay where they are
        wanted = [next(turn) if pk in both else pk for pk in here]
        if wanted != here:
            _reorder(plan, group[0], here, wanted, by)
            changed += 1
    return changed


def _reorder(plan: Plan, kind: str, here: list[int], wanted: list[int], by: User) -> None:
    rows = MODELS[kind]._default_manager.filter(plan=plan)
    places = sorted(rows.filter(pk__in=here).values_list("position", flat=True))
    for pk, position in zip(wanted, rising(places), strict=True):
        rows.filter(pk=pk).update(position=position)
    moved = rows.get(pk=wanted[0])
    deed = "action.move" if kind == "planaction" else "row.move"
    record(deed, moved, by=by, before={"order": here}, school_id=plan.school_id)


def find_key(text: str) -> Key:
    """Return the row that "planaction-12" names. Raises ValidationError for anything else."""
    kind, _, number = text.partition("-")
    if kind not in _WAYS or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise ValidationError("Chỗ cần đưa lại không có trong kế hoạch này.")
    return (kind, int(number))
