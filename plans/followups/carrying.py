"""Kiến nghị into a plan: pending items as rows of a plan that is being written, with one click.

The words are those of the record, to the letter; a row is undone by deleting it as any other. An item stays open
until somebody verifies it, whatever becomes of the row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from criteria.models import Criterion
from plans.accounts.models import User
from plans.followups.models import FollowUp, FollowUpStep
from plans.followups.states import FollowUpState
from plans.history.actions import record
from plans.inspections.enums import Decision
from plans.planning.carry import criteria_going_on
from plans.planning.form import SectionSpec
from plans.planning.models import Plan, PlanAction
from plans.planning.proposals import aim_of
from plans.planning.readings import read_anew
from plans.planning.saving import keep_open
from plans.planning.states import PlanState
from plans.schools.models import School


def plans_to_carry_into(school: School) -> QuerySet[Plan]:
    """Return the school's plans that are being written, that of the latest school year first."""
    drafts = Plan.objects.for_page().filter(school=school, state=PlanState.DRAFT)
    return drafts.order_by("-school_year__start_year", "-pk")


def plans_without(item: FollowUp) -> QuerySet[Plan]:
    """Return the plans that the item may be carried into and that have no row for it yet, in the same order."""
    return plans_to_carry_into(item.school).exclude(pk__in=_rows_of(item).values("plan"))


def row_being_written(item: FollowUp) -> PlanAction | None:
    """Return the item's row in a plan that is being written, that of the latest school year; None without one."""
    rows = _rows_of(item).filter(plan__state=PlanState.DRAFT, plan__school=item.school_id)
    newest = rows.order_by("-plan__school_year__start_year", "-pk")
    return newest.select_related("plan__school_year", "plan__form").first()


def _rows_of(item: FollowUp) -> QuerySet[PlanAction]:
    """Return the item's rows, in every plan into which they went on from year to year; reads `carried_to`."""
    if item.carried_to is None:
        return PlanAction.objects.none()
    return PlanAction.objects.kept().filter(thread=item.carried_to.thread)


def items_not_in(plan: Plan) -> QuerySet[FollowUp]:
    """Return the pending items of the plan's school that none of its rows goes on from, nearest date first.

    A row that was carried from year to year still is the item's row.
    """
    threads = PlanAction.objects.kept().filter(plan=plan).values("thread")
    pending = FollowUp.objects.pending().filter(school=plan.school_id)
    rows = pending.exclude(carried_to__isnull=False, carried_to__thread__in=threads)
    return rows.select_related("inspection", "criterion", "carried_to__plan__school_year")


@transaction.atomic
def carry_items(*, items: Iterable[FollowUp], plan: Plan, by: User) -> list[PlanAction]:
    """Add a row to `plan` for each of the items that has none there yet, and return the new rows.

    Clicked twice it adds nothing the second time. What is verified is passed over. Raises MoveNotAllowed unless
    the plan is being written, ValidationError for an item of another school or a form without a table of actions.
    """
    keep_open(plan)
    section = plan.spec.actions()
    if section is None:
        raise ValidationError("Mẫu kế hoạch này không có bảng việc để đưa kiến nghị vào.")
    wanted = _held(items)
    if any(item.school_id != plan.school_id for item in wanted):
        raise ValidationError("Có kiến nghị không thuộc trường của kế hoạch này.")
    threads = set(PlanAction.objects.kept().filter(plan=plan).values_list("thread", flat=True))
    missing = [one for one in wanted if not _has_row(one, threads)]
    return [_carried(item, plan, section, by) for item in missing]


def _held(items: Iterable[FollowUp]) -> list[FollowUp]:
    """Return the pending ones of the items as they are now, held for the caller's transaction, in their order."""
    keys = [item.pk for item in items]
    rows = (
        FollowUp.objects.exclude(state=FollowUpState.VERIFIED)
        .filter(pk__in=keys)
        .select_related(
            "inspection",
            "criterion__standard__framework",
            "recommendation__finding__reply",
            "carried_to__plan__school_year",
        )
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return sorted(rows, key=lambda row: keys.index(row.pk))


def _has_row(item: FollowUp, threads: Collection[Any]) -> bool:
    return item.carried_to is not None and item.carried_to.thread in threads


def _carried(item: FollowUp, plan: Plan, section: SectionSpec, by: User) -> PlanAction:
    criterion = _criterion(item, plan)
    texts = _texts(item, criterion)
    action = PlanAction(
        plan=plan,
        criterion=criterion,
        band=_band(plan, criterion) if section.bands else "",
        position=(plan.actions.aggregate(last=Max("position"))["last"] or 0) + 1,
        **{name: text for name, text in texts.items() if name in section.fields},
    )
    earlier = item.carried_to
    if earlier and earlier.plan.school_year.start_year < plan.school_year.start_year:
        action.thread, action.carried_from = earlier.thread, earlier
    for name, value in read_anew(action, ["timeframe", "lead"]).items():
        setattr(action, name, value)
    action.full_clean(exclude=["plan", "criterion", "carried_from"])
    action.save()
    record("action.add", action, by=by, school_id=plan.school_id)
    _told(item, action, by)
    return action


def _told(item: FollowUp, action: PlanAction, by: User) -> None:
    """Note in the item which row took it over; its version stays, for nobody's words are overwritten."""
    FollowUp.objects.filter(pk=item.pk).update(carried_to=action)
    item.carried_to = action
    words = f"Thành một việc của kế hoạch năm học {action.plan.school_year.label}."
    FollowUpStep.objects.create(follow_up=item, kind=FollowUpStep.Kind.CARRY, note=words, by=by)
    after = {"plan_action": action.pk}
    school_id, body_id = item.school_id, item.inspection.body_id
    record("follow_up.carry", item, by=by, after=after, school_id=school_id, body_id=body_id)


def _criterion(item: FollowUp, plan: Plan) -> Criterion | None:
    """Return the item's criterion as the plan's framework has it; None where the person has to choose."""
    if item.criterion is None:
        return None
    known = criteria_going_on(item.criterion.standard.framework, plan)
    return known.get(item.criterion.number)


def _band(plan: Plan, criterion: Criterion | None) -> str:
    """Return the level to aim at: the next one of the criterion; "" without one."""
    if criterion is None:
        return ""
    result = plan.results.filter(criterion=criterion).first()
    return str(aim_of(criterion, result.level if result else None)[0])


def _texts(item: FollowUp, criterion: Criterion | None) -> dict[str, str]:
    """Return the words of the row, field → text; a form takes those that it prints."""
    day = f"{item.inspection.visited_on:%d/%m/%Y}"
    return {
        "subject": criterion.title if criterion else item.about,
        "current_state": _remark(item),
        "target_result": f"Thực hiện xong kiến nghị tại biên bản kiểm tra ngày {day}.",
        "measures": item.body,
        "success_measures": "Cơ quan kiểm tra xác nhận kiến nghị đã hoàn thành.",
        "lead": item.owner,
        "timeframe": item.due,
        "remarks": f"Kiến nghị sau kiểm tra ngày {day}",
    }


def _remark(item: FollowUp) -> str:
    """Return the remark from which the recommendation follows, as the team left it after the school's answer."""
    finding = item.recommendation.finding
    reply = getattr(finding, "reply", None)
    if reply is not None and reply.decision == Decision.CHANGE:
        return str(reply.changed_words)
    return next((text for text in (finding.limits, finding.seen) if text.strip()), "")
