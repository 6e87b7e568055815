"""The rule that holds for a school's documents: the nearest body's, the one begun last."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plans.accounts.roles import Role
from plans.history.models import Event
from plans.issuing.models import OfficeRule
from plans.issuing.office_rule_actions import set_office_rule
from plans.issuing.office_rules import OfficeRuleFacts, default_rule, rule_for
from plans.schools.models import ManagingBody, SchoolBody
from tests.factories import accounts, schools

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 10)


def rule(body: ManagingBody, **values: Any) -> OfficeRule:
    return OfficeRule.objects.create(body=body, **values)


def test_rule_without_any_decision_is_the_default() -> None:
    school = schools.school(managed_by=schools.body())

    found = rule_for(school, DAY)

    assert found == default_rule() == OfficeRuleFacts(False, True, 5, None)


def test_rule_of_the_directly_managing_body_comes_before_that_on_the_letterhead() -> None:
    parent, direct = schools.body(), schools.body()
    school = schools.school(parent=parent, managed_by=direct)
    rule(parent, approves_plans=True, answer_within_days=9)

    from_parent = rule_for(school, DAY)
    rule(direct, allows_key_files=False, answer_within_days=3)

    assert from_parent == OfficeRuleFacts(True, True, 9, parent.pk)
    assert rule_for(school, DAY) == OfficeRuleFacts(False, False, 3, direct.pk)


def test_rule_of_a_body_above_holds_until_the_nearer_one_decides() -> None:
    province = schools.body("UBND tỉnh")
    commune = schools.body(parent=province)
    school = schools.school(managed_by=commune)
    rule(province, allows_key_files=False)

    assert rule_for(school, DAY).body_id == province.pk


def test_rule_is_the_one_in_force_and_begun_last() -> None:
    body = schools.body()
    school = schools.school(managed_by=body)
    rule(body, answer_within_days=1)
    rule(body, answer_within_days=2, valid_from=date(2026, 9, 1))
    rule(body, answer_within_days=3, valid_from=date(2026, 9, 11))
    rule(body, answer_within_days=4, valid_from=date(2026, 9, 2), valid_to=date(2026, 9, 9))

    days = [
        rule_for(school, on).answer_within_days
        for on in [date(2026, 8, 31), DAY, date(2026, 9, 11), date(2026, 9, 5)]
    ]

    assert days == [1, 2, 3, 4]


def test_rule_of_another_body_or_of_a_past_link_does_not_count() -> None:
    old, stranger = schools.body(), schools.body()
    school = schools.school(managed_by=schools.body())
    schools.school_body(school, old, valid_to=date(2026, 6, 30))
    schools.school_body(school, stranger, SchoolBody.Role.RECOGNISING)
    rule(old, approves_plans=True)
    rule(stranger, approves_plans=True)

    assert rule_for(school, DAY) == default_rule()


# --- deciding ---------------------------------------------------------------------------------------------


def test_decision_is_a_new_row_and_is_recorded_for_the_body() -> None:
    body = schools.body()
    lead = accounts.member(Role.BODY_LEAD, body=body)
    school = schools.school(managed_by=body)
    rule(body, answer_within_days=2, valid_from=date(2026, 1, 1))

    made = set_office_rule(
        body=body,
        approves_plans=True,
        allows_key_files=False,
        answer_within_days=10,
        valid_from=DAY,
        by=lead,
    )

    assert rule_for(school, DAY) == OfficeRuleFacts(True, False, 10, body.pk)
    assert rule_for(school, date(2026, 9, 9)).answer_within_days == 2
    event = Event.objects.about(made).get()
    assert (event.action, event.body_id, event.actor_id) == ("office_rule.set", body.pk, lead.pk)
    assert event.after["answer_within_days"] == 10


@pytest.mark.parametrize("days", [0, -1, 91])
def test_days_to_answer_stay_within_reason(days: int) -> None:
    body = schools.body()

    with pytest.raises(ValidationError, match="từ 1 đến 90"):
        set_office_rule(
            body=body,
            approves_plans=True,
            allows_key_files=True,
            answer_within_days=days,
            valid_from=DAY,
            by=accounts.member(Role.BODY_LEAD, body=body),
        )

    assert not OfficeRule.objects.exists()
