"""Rows proposed from a weakness: what is filled, what marks them, when the mark goes."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import User
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.planning.proposals import aim_of, answered, confirm_action, propose_action
from plans.planning.results import framework_tree
from tests.factories import criteria as criteria_factory

WEAKNESS = "Chưa có người theo dõi việc thực hiện chiến lược"


def criterion(plan: Plan, number: str = "1.1") -> Criterion:
    return next(c for c in framework_tree(plan).all_criteria() if c.number == number)


def propose(plan: Plan, by: User, weakness: str = WEAKNESS, number: str = "1.1") -> PlanAction:
    made = propose_action(plan=plan, criterion=criterion(plan, number), weakness=weakness, by=by)
    return PlanAction.objects.select_related("plan", "criterion").get(pk=made.pk)


# --- what is filled ---------------------------------------------------------------------------------------


def test_row_has_criterion_weakness_and_next_level_and_no_measures(
    plan: Plan, principal: User
) -> None:
    actions.save_result(plan=plan, criterion=criterion(plan), level=1, version=0, by=principal)

    row = propose(plan, principal)

    assert row.criterion == criterion(plan)
    assert (row.current_state, row.target_result, row.band) == (WEAKNESS, "Đạt Mức 2", "2")
    typed = ("subject", "measures", "lead", "partners", "timeframe", "budget_text", "remarks")
    assert {getattr(row, name) for name in typed} == {""}
    assert row.proposed_at is not None


def test_form_without_those_columns_gets_what_it_prints(plan57: Plan, principal: User) -> None:
    row = propose(plan57, principal)

    assert row.subject == criterion(plan57).title
    assert (row.current_state, row.target_result) == ("", "Đạt Mức 1")
    assert row.proposed_for == WEAKNESS


@pytest.mark.parametrize(
    ("number", "reached", "aim"),
    [
        ("1.1", None, (1, "Đạt Mức 1")),
        ("1.1", 0, (1, "Đạt Mức 1")),
        ("1.1", 2, (3, "Đạt Mức 3")),
        ("1.1", 3, (3, "Giữ vững Mức 3")),
        ("1.2", 2, (2, "Giữ vững Mức 2")),
    ],
)
def test_aim_is_the_next_level_that_the_criterion_has(
    plan: Plan, number: str, reached: int | None, aim: tuple[int, str]
) -> None:
    assert aim_of(criterion(plan, number), reached) == aim


def test_row_stands_last_and_in_the_record(plan: Plan, principal: User) -> None:
    first = actions.add_action(plan=plan, by=principal, criterion=criterion(plan))

    row = propose(plan, principal)

    assert row.position > first.position
    event = Event.objects.about(row).get()
    assert (event.action, event.plan_id, event.school_id) == (
        "action.propose",
        plan.pk,
        plan.school_id,
    )


def test_band_of_a_proposal_does_not_spread_where_the_form_has_none(
    plan57: Plan, principal: User
) -> None:
    propose(plan57, principal)

    assert actions.add_action(plan=plan57, by=principal).band == ""


# --- once only --------------------------------------------------------------------------------------------


def test_weakness_is_proposed_once(plan: Plan, principal: User) -> None:
    propose(plan, principal)

    with pytest.raises(ValidationError, match="đã có việc trong kế hoạch"):
        propose(plan, principal)

    assert PlanAction.objects.count() == 1


def test_weakness_counts_as_answered_after_the_row_was_reworded(
    plan: Plan, principal: User
) -> None:
    row = propose(plan, principal)
    actions.save_action(
        action=row, values={"current_state": "Viết lại"}, version=row.version, by=principal
    )

    with pytest.raises(ValidationError):
        propose(plan, principal)


def test_weakness_that_a_person_wrote_into_a_row_is_answered(plan: Plan, principal: User) -> None:
    row = actions.add_action(plan=plan, by=principal, criterion=criterion(plan))
    actions.save_action(
        action=row, values={"current_state": f" {WEAKNESS}\n"}, version=row.version, by=principal
    )

    assert answered(plan, criterion(plan)) == {WEAKNESS: row}


def test_weakness_may_be_proposed_again_after_its_row_was_deleted(
    plan: Plan, principal: User
) -> None:
    actions.remove_action(action=propose(plan, principal), by=principal)

    assert propose(plan, principal).proposed_for == WEAKNESS


def test_same_words_of_another_criterion_are_another_weakness(plan: Plan, principal: User) -> None:
    propose(plan, principal)

    assert propose(plan, principal, number="1.2").criterion == criterion(plan, "1.2")


# --- the mark ---------------------------------------------------------------------------------------------


def test_edit_takes_the_row_over(plan: Plan, principal: User) -> None:
    row = propose(plan, principal)

    actions.save_action(action=row, values={"lead": "Cô Mai"}, version=row.version, by=principal)

    row.refresh_from_db()
    assert row.proposed_at is None
    told = Event.objects.about(row).order_by("pk").values_list("action", flat=True)
    assert list(told) == ["action.propose", "action.confirm", "planaction.change"]


def test_edit_that_came_second_leaves_the_mark(plan: Plan, principal: User) -> None:
    row = propose(plan, principal)

    with pytest.raises(actions.Conflict):
        actions.save_action(action=row, values={"lead": "Cô Mai"}, version=7, by=principal)

    assert PlanAction.objects.get().proposed_at is not None


def test_confirming_takes_the_row_over_as_it_stands(plan: Plan, principal: User) -> None:
    row = propose(plan, principal)
    proposed_at = row.proposed_at
    assert proposed_at is not None

    confirm_action(action=row, by=principal)
    confirm_action(action=row, by=principal)

    row.refresh_from_db()
    assert (row.proposed_at, row.current_state) == (None, WEAKNESS)
    events = Event.objects.about(row).filter(action="action.confirm")
    assert [event.before for event in events] == [{"proposed_at": proposed_at.isoformat()}]


def test_copy_of_a_proposal_is_the_persons_own(plan: Plan, principal: User) -> None:
    copy = actions.copy_action(action=propose(plan, principal), by=principal)

    assert (copy.proposed_at, copy.proposed_for) == (None, "")


# --- refusals ---------------------------------------------------------------------------------------------


def test_criterion_of_another_framework_is_refused(plan: Plan, principal: User) -> None:
    foreign = Criterion.objects.of(criteria_factory.framework("KHAC"))[0]

    with pytest.raises(ValidationError, match="Không đề xuất được"):
        propose_action(plan=plan, criterion=foreign, weakness=WEAKNESS, by=principal)

    assert PlanAction.objects.count() == 0


def test_finished_plan_takes_no_proposal_and_no_confirmation(plan: Plan, principal: User) -> None:
    row = propose(plan, principal)
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())

    with pytest.raises(MoveNotAllowed):
        propose(plan, principal, "Khác")
    with pytest.raises(MoveNotAllowed):
        confirm_action(action=row, by=principal)

    assert PlanAction.objects.get().proposed_at is not None


def test_deleted_row_is_not_confirmed(plan: Plan, principal: User) -> None:
    row = propose(plan, principal)
    actions.remove_action(action=row, by=principal)

    with pytest.raises(MoveNotAllowed, match="vừa được người khác xóa"):
        confirm_action(action=row, by=principal)
