"""Items as rows of the plan that is being written."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.followups.carrying import carry_items, items_not_in, plans_to_carry_into
from plans.followups.models import FollowUp, FollowUpStep
from plans.followups.states import FollowUpState
from plans.history.models import Event
from plans.inspections.enums import Decision
from plans.moves import MoveNotAllowed
from plans.planning import actions, carry
from plans.planning.form_loader import load_form
from plans.planning.models import Plan, PlanAction
from tests.factories import accounts, followups, inspections, planning, schools

FORMS = Path(__file__).resolve().parents[3] / "fixtures" / "forms"

pytestmark = pytest.mark.django_db

VISITED = {"planned_on": date(2025, 10, 20), "opened_at": datetime(2025, 10, 14, 2, tzinfo=UTC)}


@pytest.fixture
def item() -> FollowUp:
    """An item of a criterion, from a visit of October 2025 that had been planned for another day."""
    old = planning.plan()
    planning.action(old)
    visit = inspections.inspection(old, "done", **VISITED)
    return followups.follow_up(inspection=visit)


@pytest.fixture
def plan(item: FollowUp) -> Plan:
    return next_plan(item)


def next_plan(item: FollowUp, start_year: int = 2026, form: str = "kh-2018") -> Plan:
    return planning.plan(
        item.school,
        year=schools.school_year(start_year),
        form=load_form(FORMS / f"{form}.json").form,
        framework=item.inspection.plan.framework,
    )


@pytest.fixture
def by(item: FollowUp) -> User:
    return accounts.member(Role.PRINCIPAL, school=item.school)


def test_row_has_the_words_of_the_recommendation(item: FollowUp, plan: Plan, by: User) -> None:
    finding = item.recommendation.finding
    finding.limits = "Kho còn 2 kệ gỗ đã mục."
    finding.save()

    (row,) = carry_items(items=[item], plan=plan, by=by)

    row = PlanAction.objects.get(pk=row.pk)
    assert row.criterion is not None
    assert row.criterion.number == item.criterion.number
    assert (row.current_state, row.target_result, row.measures, row.lead, row.timeframe) == (
        "Kho còn 2 kệ gỗ đã mục.",
        "Thực hiện xong kiến nghị tại biên bản kiểm tra ngày 14/10/2025.",
        "Thay 2 kệ gỗ còn lại bằng kệ inox.",
        "Phạm Thị Minh Họa, Phó Hiệu trưởng",
        "30/4/2026",
    )
    assert (row.remarks, row.ends_on) == (
        "Kiến nghị sau kiểm tra ngày 14/10/2025",
        date(2026, 4, 30),
    )
    assert (row.subject, row.success_measures, row.proposed_at) == ("", "", None)
    assert row.band == "1"


def test_form_of_the_new_circular_has_its_own_fields(item: FollowUp, by: User) -> None:
    plan = next_plan(item, form="kh-57-2026")

    (row,) = carry_items(items=[item], plan=plan, by=by)

    assert (row.subject, row.success_measures, row.measures) == (
        row.criterion.title,
        "Cơ quan kiểm tra xác nhận kiến nghị đã hoàn thành.",
        item.body,
    )
    assert (row.current_state, row.remarks, row.band) == ("", "", "")


def test_criterion_of_another_circular_stays_open(item: FollowUp, by: User) -> None:
    plan = planning.plan(item.school, year=schools.school_year(2026))
    plan.framework.number = "57/2026/TT-BGDĐT"
    plan.framework.save()

    (row,) = carry_items(items=[item], plan=plan, by=by)

    assert (row.criterion, row.measures) == (None, item.body)


def test_remark_that_the_team_changed_stands_as_changed(
    item: FollowUp, plan: Plan, by: User
) -> None:
    finding = item.recommendation.finding
    finding.seen = "Kho còn 3 kệ gỗ."
    finding.save()
    decided = {"decided_by": by, "decided_at": item.created_at}
    inspections.reply(
        finding, decision=Decision.CHANGE, changed_words="Kho còn 2 kệ gỗ.", **decided
    )

    (row,) = carry_items(items=[item], plan=plan, by=by)

    assert row.current_state == "Kho còn 2 kệ gỗ."


def test_carried_twice_is_one_row(item: FollowUp, plan: Plan, by: User) -> None:
    (row,) = carry_items(items=[item], plan=plan, by=by)

    assert carry_items(items=[item], plan=plan, by=by) == []

    assert list(plan.actions.all()) == [row]
    assert [(s.kind, s.note) for s in FollowUpStep.objects.all()] == [
        ("carry", "Thành một việc của kế hoạch năm học 2026-2027.")
    ]
    events = Event.objects.filter(action__in=["action.add", "follow_up.carry"]).order_by("pk")
    assert [(e.action, e.after) for e in events] == [
        ("action.add", {}),
        ("follow_up.carry", {"plan_action": row.pk}),
    ]
    kept = FollowUp.objects.get()
    assert (kept.carried_to, kept.state, kept.version) == (row, FollowUpState.OPEN, 1)


def test_deleting_the_row_undoes_it(item: FollowUp, plan: Plan, by: User) -> None:
    (row,) = carry_items(items=[item], plan=plan, by=by)
    assert list(items_not_in(plan)) == []

    actions.remove_action(action=row, by=by)

    assert list(items_not_in(plan)) == [item]
    (again,) = carry_items(items=[item], plan=plan, by=by)
    assert again != row


def test_row_carried_on_into_a_later_plan_still_is_the_items_row(
    item: FollowUp, plan: Plan, by: User
) -> None:
    (row,) = carry_items(items=[item], plan=plan, by=by)
    later = carry.open_from(
        old=Plan.objects.for_editing().get(pk=plan.pk),
        school_year=schools.school_year(2027),
        form=plan.form,
        going_on=[row.pk],
        outcomes={},
        by=by,
    )

    assert list(items_not_in(later)) == []
    assert carry_items(items=[item], plan=later, by=by) == []


def test_row_that_was_left_behind_is_carried_again_and_known_as_the_same(
    item: FollowUp, plan: Plan, by: User
) -> None:
    (row,) = carry_items(items=[item], plan=plan, by=by)
    later = next_plan(item, 2027)

    (again,) = carry_items(items=[item], plan=later, by=by)

    assert (again.thread, again.carried_from) == (row.thread, row)


def test_verified_items_are_passed_over(item: FollowUp, plan: Plan, by: User) -> None:
    item.state, item.verified_by, item.verified_at = "verified", by, item.created_at
    item.save()

    assert carry_items(items=[item], plan=plan, by=by) == []
    assert list(items_not_in(plan)) == []


def test_items_of_another_school_are_refused(item: FollowUp, plan: Plan, by: User) -> None:
    strange = followups.follow_up()

    with pytest.raises(ValidationError, match="không thuộc trường"):
        carry_items(items=[item, strange], plan=plan, by=by)

    assert not plan.actions.exists()


def test_plan_that_is_not_being_written_is_refused(item: FollowUp, by: User) -> None:
    plan = planning.plan(item.school, year=schools.school_year(2026), finished=True)

    with pytest.raises(MoveNotAllowed):
        carry_items(items=[item], plan=plan, by=by)

    assert list(plans_to_carry_into(item.school)) == [item.inspection.plan]


def test_plans_to_carry_into_are_the_drafts_newest_first(item: FollowUp, plan: Plan) -> None:
    planning.plan()

    assert list(plans_to_carry_into(item.school)) == [plan, item.inspection.plan]
