"""What people say to one another about a plan, and whose part is whose."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from criteria.models import Standard
from plans.accounts.models import Membership, User
from plans.history.models import Event
from plans.planning import actions as planning_actions
from plans.planning.models import Plan, PlanAction
from plans.together.actions import assign_part, solve_comment, take_back_part, write_comment
from plans.together.models import Assignment, Comment
from plans.together.parts import given_to, my_part, parts_of
from plans.together.talk import people_of, talks_of, waiting_for
from tests.factories import accounts, criteria, planning, schools

pytestmark = pytest.mark.django_db


def standard(plan: Plan, number: int = 1) -> Standard:
    return Standard.objects.get(framework=plan.framework, number=number)


# --- comments ---------------------------------------------------------------------------------------------


def test_comment_waits_at_its_place_until_somebody_says_it_is_solved(
    plan: Plan, action: PlanAction, principal: User, teacher: User
) -> None:
    comment = write_comment(
        plan=plan, action=action, body=" Nên làm sớm ", addressed_to=principal, by=teacher
    )
    waiting = talks_of(plan, [])
    solve_comment(comment=comment, by=principal)
    after = talks_of(plan, [])

    assert [one.body for one in waiting.at(f"viec-{action.pk}").open] == ["Nên làm sớm"]
    assert (after.at(f"viec-{action.pk}").open, after.at(f"viec-{action.pk}").solved) == ((), 1)
    assert comment.solved_by == principal
    deeds = Event.objects.about(comment).values_list("action", "actor_id")
    assert list(deeds) == [("comment.solve", principal.pk), ("comment.write", teacher.pk)]


def test_who_solved_first_stays_the_one_who_solved(
    plan: Plan, principal: User, teacher: User
) -> None:
    comment = write_comment(plan=plan, section="purpose", body="Xem lại", by=teacher)
    solve_comment(comment=Comment.objects.get(pk=comment.pk), by=principal)

    solve_comment(comment=Comment.objects.get(pk=comment.pk), by=teacher)

    assert Comment.objects.get(pk=comment.pk).solved_by == principal
    assert Event.objects.filter(action="comment.solve").count() == 1


def test_comment_changes_no_word_of_the_plan_and_is_taken_on_a_finished_one(
    plan: Plan, teacher: User
) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())
    moment = Plan.objects.get(pk=plan.pk).changed_at

    write_comment(plan=plan, section="purpose", body="Đã đọc", by=teacher)

    assert Plan.objects.get(pk=plan.pk).changed_at == moment


@pytest.mark.parametrize("body", ["", "  \n", "d" * 4001])
def test_comment_without_words_or_with_too_many_is_refused(
    plan: Plan, teacher: User, body: str
) -> None:
    with pytest.raises(ValidationError):
        write_comment(plan=plan, section="purpose", body=body, by=teacher)

    assert not Comment.objects.exists()


def test_comment_on_what_is_not_in_the_plan_is_refused(
    plan: Plan, action: PlanAction, principal: User
) -> None:
    foreign = planning.action(planning.plan())
    planning_actions.remove_action(action=action, by=principal)
    action.refresh_from_db()

    for place in ({"section": "khong-co"}, {"action": foreign}, {"action": action}, {}):
        with pytest.raises(ValidationError):
            write_comment(plan=plan, body="x", by=principal, **place)  # type: ignore[arg-type]


def _outsider(plan: Plan) -> User:
    return accounts.member(school=schools.school())


def _gone(plan: Plan) -> User:
    person = accounts.user()
    yesterday = timezone.localdate() - timedelta(days=1)
    accounts.membership(person, school=plan.school, valid_to=yesterday)
    return person


def _closed(plan: Plan) -> User:
    person = accounts.member(school=plan.school)
    person.is_active = False
    person.save()
    return person


@pytest.mark.parametrize("stranger", [_outsider, _gone, _closed])
def test_nobody_outside_the_school_is_spoken_to_or_given_a_part(
    plan: Plan, principal: User, stranger: Callable[[Plan], User]
) -> None:
    person = stranger(plan)

    with pytest.raises(ValidationError):
        write_comment(plan=plan, section="purpose", body="x", addressed_to=person, by=principal)
    with pytest.raises(ValidationError):
        assign_part(plan=plan, section="purpose", user=person, by=principal)
    assert person not in people_of(plan.school)


def test_people_of_the_school_are_named_once_each(
    plan: Plan, principal: User, deputy: User
) -> None:
    Membership.objects.create(user=deputy, school=plan.school, role="clerk")

    assert people_of(plan.school) == [principal, deputy]


def test_comments_to_a_person_wait_in_their_list_of_tasks(
    plan: Plan, action: PlanAction, principal: User, teacher: User
) -> None:
    for place in ({"section": "purpose"}, {"action": action}, {"action": action}):
        write_comment(plan=plan, body="x", addressed_to=principal, by=teacher, **place)  # type: ignore[arg-type]
    write_comment(plan=plan, section="purpose", body="Chung", by=teacher)
    solve_comment(comment=Comment.objects.filter(action=action)[0], by=teacher)

    assert waiting_for(principal, [plan.school_id]) == [(plan, 2)]
    assert waiting_for(teacher, [plan.school_id]) == []

    planning_actions.remove_action(action=action, by=principal)
    assert waiting_for(principal, [plan.school_id]) == [(plan, 1)]


def test_comments_cost_one_query_however_many(plan: Plan, teacher: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            [str(one.author) for one in talks_of(plan, []).at("muc-purpose").open]
        return len(queries)

    write_comment(plan=plan, section="purpose", body="Một", by=teacher)
    once = cost()
    for body in ("Hai", "Ba"):
        write_comment(plan=plan, section="purpose", body=body, addressed_to=teacher, by=teacher)

    assert once == cost() == 1


# --- assignments ------------------------------------------------------------------------------------------


def test_part_is_given_and_taken_back_on_the_record(
    plan: Plan, principal: User, teacher: User
) -> None:
    given = assign_part(plan=plan, section="purpose", user=teacher, by=principal)
    people = {part.key: [one.user for one in part.given] for part in parts_of(plan)}
    tasks = given_to(teacher, [plan.school_id])
    take_back_part(assignment=given, by=principal)

    assert people["muc-purpose"] == [teacher]
    assert tasks == [(plan, 1)]
    assert not Assignment.objects.exists()
    told = Event.objects.get(action="assignment.take_back")
    assert told.before == {"user": teacher.pk, "section": "purpose", "standard": None}


def test_what_was_given_already_is_not_given_twice(
    plan: Plan, principal: User, teacher: User
) -> None:
    assign_part(plan=plan, standard=standard(plan), user=teacher, by=principal)

    with pytest.raises(ValidationError, match="Người này đã được giao tiêu chuẩn đó"):
        assign_part(plan=plan, standard=standard(plan), user=teacher, by=principal)


def test_a_standard_of_another_framework_or_a_section_nobody_writes_is_not_given(
    plan: Plan, principal: User, teacher: User
) -> None:
    other = Standard.objects.filter(framework=criteria.framework("KHAC"))[0]

    for part in ({"standard": other}, {"section": "actions"}, {"section": "khong-co"}, {}):
        with pytest.raises(ValidationError):
            assign_part(plan=plan, user=teacher, by=principal, **part)  # type: ignore[arg-type]

    assert not Assignment.objects.exists()


def test_my_part_is_exactly_what_is_mine_and_how_far_it_is(
    plan: Plan, action: PlanAction, principal: User, teacher: User
) -> None:
    planning_actions.save_text(plan=plan, section="purpose", body="Có", version=0, by=principal)
    for section in ("purpose", "closing"):
        assign_part(plan=plan, section=section, user=teacher, by=principal)
    assign_part(plan=plan, section="recipients", user=principal, by=principal)
    assign_part(plan=plan, standard=standard(plan), user=teacher, by=principal)
    asked = write_comment(
        plan=plan, action=action, body="Ai làm?", addressed_to=teacher, by=principal
    )

    mine = my_part(Plan.objects.for_editing().get(pk=plan.pk), teacher)

    assert [(one.anchor, one.words) for one in mine.sections] == [
        ("muc-purpose", "Đã viết"),
        ("muc-closing", "Chưa viết"),
    ]
    assert [one.label for one in mine.standards] == [standard(plan).label]
    assert [row.action for row in mine.standards[0].rows] == [action]
    assert mine.standards[0].rows[0].missing > 0
    assert mine.comments == (asked,)


def test_my_part_costs_as_many_queries_for_much_as_for_little(
    plan: Plan, principal: User, teacher: User
) -> None:
    def cost() -> int:
        loaded = Plan.objects.for_editing().get(pk=plan.pk)
        with CaptureQueriesContext(connection) as queries:
            my_part(loaded, teacher)
            parts_of(loaded)
        return len(queries)

    assign_part(plan=plan, standard=standard(plan), user=teacher, by=principal)
    cost()  # the framework's tree is kept in the process from here on
    once = cost()
    for number in (2, 3):
        assign_part(plan=plan, standard=standard(plan, number), user=teacher, by=principal)
        planning_actions.add_action(plan=plan, by=principal)

    assert cost() == once
