"""Rows that the program proposes from a weakness: all but the measures, marked until a person takes them over."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from criteria.levels import level_words
from criteria.models import Criterion
from plans.accounts.models import User
from plans.history.actions import record
from plans.moves import MoveNotAllowed
from plans.planning.models import CriterionResult, Plan, PlanAction
from plans.planning.saving import keep_open
from plans.text import nfc


@transaction.atomic
def propose_action(*, plan: Plan, criterion: Criterion, weakness: str, by: User) -> PlanAction:
    """Add a proposed row that answers a weakness of a criterion and return it.

    Filled are the fields of these that the plan's form prints: hiện trạng (the weakness to the letter), kết quả
    cần đạt and mức hướng tới (the next level that the criterion has), nội dung cải tiến (its title). What to do,
    who and when stays with the person. `criterion` comes with its levels and standard. Raises ValidationError
    for a criterion of another framework, a form without a table of actions, a weakness that has its row.
    """
    keep_open(plan)
    section = plan.spec.actions()
    if section is None or criterion.standard.framework_id != plan.framework_id:
        raise ValidationError("Không đề xuất được việc cho tiêu chí này trong kế hoạch.")
    weakness = nfc(weakness)
    if weakness in answered(plan, criterion):
        raise ValidationError("Điểm yếu này đã có việc trong kế hoạch.")
    level, target = aim_of(criterion, _reached(plan, criterion))
    texts = {"subject": criterion.title, "current_state": weakness, "target_result": target}
    action = PlanAction(
        plan=plan,
        criterion=criterion,
        band=str(level),
        position=(plan.actions.aggregate(last=Max("position"))["last"] or 0) + 1,
        proposed_at=timezone.now(),
        proposed_for=weakness,
        **{name: text for name, text in texts.items() if name in section.fields},
    )
    action.full_clean()
    action.save()
    record("action.propose", action, by=by, school_id=plan.school_id)
    return action


def answered(plan: Plan, criterion: Criterion) -> dict[str, PlanAction]:
    """Return the rows of a criterion by the weakness that each was proposed for or names as its own; one query."""
    rows = plan.actions.kept().filter(criterion=criterion).select_related("criterion")
    found: dict[str, PlanAction] = {}
    for row in rows.order_by("position", "pk"):
        for words in (row.proposed_for, row.current_state.strip()):
            if words:
                found.setdefault(words, row)
    return found


def aim_of(criterion: Criterion, reached: int | None) -> tuple[int, str]:
    """Return the level to aim at from `reached` (None: chưa đánh giá) and the words for it.

    That is the next level which the criterion has; at its highest one, to keep it.
    """
    levels = criterion.level_numbers
    above = [level for level in levels if level > (reached or 0)]
    if above:
        return above[0], f"Đạt {level_words(above[0])}"
    return levels[-1], f"Giữ vững {level_words(levels[-1])}"


def _reached(plan: Plan, criterion: Criterion) -> int | None:
    result = CriterionResult.objects.filter(plan=plan, criterion=criterion).first()
    return result.level if result else None


@transaction.atomic
def confirm_action(*, action: PlanAction, by: User) -> PlanAction:
    """Take a proposed row over as it stands and return it; a row that is none stays as it is.

    Raises MoveNotAllowed when somebody deleted it since the page was drawn.
    """
    keep_open(action.plan)
    if not PlanAction.objects.kept().filter(pk=action.pk).exists():
        raise MoveNotAllowed("Việc này vừa được người khác xóa.")
    settle_proposal(action, by=by)
    return action


def settle_proposal(action: PlanAction, *, by: User) -> None:
    """Note in the caller's transaction that a person answers for the row from now on; nothing for one of theirs."""
    if action.proposed_at is None:
        return
    before = {"proposed_at": action.proposed_at.isoformat()}
    action.proposed_at = None
    PlanAction.objects.filter(pk=action.pk).update(proposed_at=None)
    record("action.confirm", action, by=by, before=before, school_id=action.plan.school_id)
