"""Judging and writing about criteria: what is kept, what goes into the plan's grid, what is refused."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import User
from plans.assessment import actions
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning.actions import Conflict
from plans.planning.models import CriterionResult, Plan
from tests.factories import criteria as criteria_factory
from tests.plans.assessment.helpers import criterion, grid_level, indicator, judge

LEVEL_1 = {(1, "a"): True, (1, "b"): True, (1, "c"): True}


# --- the grid ---------------------------------------------------------------------------------------------


def test_grid_has_the_level_as_soon_as_the_indicators_decide_it(
    plan: Plan, principal: User
) -> None:
    judge(plan, principal, "1.1", LEVEL_1)
    assert grid_level(plan, "1.1") is None

    judge(plan, principal, "1.1", {(2, ""): False})

    assert grid_level(plan, "1.1") == 1


def test_one_failing_indicator_of_level_1_is_enough_for_not_met(
    plan: Plan, principal: User
) -> None:
    judge(plan, principal, "1.1", {(1, "b"): False})

    assert grid_level(plan, "1.1") == 0


def test_level_goes_when_the_indicators_no_longer_decide(plan: Plan, principal: User) -> None:
    judge(plan, principal, "1.1", LEVEL_1 | {(2, ""): False})

    judge(plan, principal, "1.1", {(2, ""): None})

    assert grid_level(plan, "1.1") is None


def test_level_chosen_before_stays_while_no_indicator_speaks_against_it(
    plan: Plan, principal: User
) -> None:
    actions.choose_level(
        plan=plan, criterion=criterion(plan, "1.1"), level=2, version=0, by=principal
    )

    judge(plan, principal, "1.1", LEVEL_1)
    assert grid_level(plan, "1.1") == 2
    judge(plan, principal, "1.1", {(2, ""): True, (3, ""): None})
    assert grid_level(plan, "1.1") == 2
    judge(plan, principal, "1.1", {(3, ""): True})

    assert grid_level(plan, "1.1") == 3


def test_level_chosen_before_goes_when_an_indicator_contradicts_it(
    plan: Plan, principal: User
) -> None:
    actions.choose_level(
        plan=plan, criterion=criterion(plan, "1.1"), level=3, version=0, by=principal
    )

    judge(plan, principal, "1.1", {(1, "a"): True, (3, ""): False})

    assert grid_level(plan, "1.1") is None


def test_level_without_indicators_is_judged_as_a_whole(plan: Plan, principal: User) -> None:
    found = criterion(plan, "3.2")
    whole = [level for level in found.level_numbers if not found.indicators_at(level)]
    assert whole == [1, 2]

    for level in whole:
        actions.judge_level(
            plan=plan, criterion=found, level=level, met=True, version=0, by=principal
        )

    assert grid_level(plan, "3.2") == 2
    assert LevelResult.objects.filter(plan=plan, met=True).count() == 2


# --- choosing a level as a whole --------------------------------------------------------------------------


def test_level_is_chosen_freely_while_nothing_is_judged(plan: Plan, principal: User) -> None:
    row = actions.choose_level(
        plan=plan, criterion=criterion(plan, "1.2"), level=2, version=0, by=principal
    )

    assert (row.level, row.version) == (2, 1)


@pytest.mark.parametrize("level", [None, 0, 2, 3])
def test_level_of_a_judged_criterion_is_not_chosen_as_a_whole(
    plan: Plan, principal: User, level: int | None
) -> None:
    judge(plan, principal, "1.1", LEVEL_1 | {(2, ""): False})
    version = CriterionResult.objects.get(plan=plan).version

    with pytest.raises(actions.JudgedByIndicators) as refusal:
        actions.choose_level(
            plan=plan,
            criterion=criterion(plan, "1.1"),
            level=level,
            version=version,
            by=principal,
        )

    assert refusal.value.messages[0].startswith("Tiêu chí 1.1 đã được đánh giá theo chỉ báo")
    assert grid_level(plan, "1.1") == 1


def test_same_level_as_the_indicators_say_is_no_refusal(plan: Plan, principal: User) -> None:
    judge(plan, principal, "1.1", LEVEL_1 | {(2, ""): False})

    row = actions.choose_level(
        plan=plan, criterion=criterion(plan, "1.1"), level=1, version=0, by=principal
    )

    assert row.level == 1


def test_level_is_free_again_when_every_mark_is_taken_back(plan: Plan, principal: User) -> None:
    judge(plan, principal, "1.1", {(1, "a"): False})
    judge(plan, principal, "1.1", {(1, "a"): None})
    version = CriterionResult.objects.get(plan=plan).version

    row = actions.choose_level(
        plan=plan, criterion=criterion(plan, "1.1"), level=2, version=version, by=principal
    )

    assert row.level == 2


# --- words ------------------------------------------------------------------------------------------------


def test_words_are_kept_to_the_letter_with_their_versions(plan: Plan, principal: User) -> None:
    found = criterion(plan, "1.1")
    values = {"strengths": "  Co\u0301 chiến lược\n", "weaknesses": "- Thiếu người", "other": "x"}

    row = actions.save_texts(plan=plan, criterion=found, values=values, version=0, by=principal)
    described = actions.save_description(
        plan=plan, criterion=found, level=2, body="Đã rà soát [H1-1.1-01].", version=0, by=principal
    )

    row = CriterionAssessment.objects.get(pk=row.pk)
    assert (row.strengths, row.weaknesses, row.improvement) == (
        "  Có chiến lược\n",
        "- Thiếu người",
        "",
    )
    assert (row.version, described.version, described.level) == (1, 1, 2)


def test_second_save_on_an_old_version_shows_both_texts(
    plan: Plan, principal: User, deputy: User
) -> None:
    found = criterion(plan, "1.1")
    save = {"plan": plan, "criterion": found, "version": 0}
    actions.save_texts(**save, values={"strengths": "Của cô"}, by=principal)

    with pytest.raises(Conflict) as conflict:
        actions.save_texts(**save, values={"strengths": "Của thầy"}, by=deputy)

    assert (conflict.value.theirs, conflict.value.mine) == (
        {"strengths": "Của cô"},
        {"strengths": "Của thầy"},
    )
    assert CriterionAssessment.objects.get().strengths == "Của cô"


def test_second_judgement_on_an_old_version_is_a_conflict_and_leaves_the_grid(
    plan: Plan, principal: User, deputy: User
) -> None:
    one = indicator(plan, "1.1", 1, "a")
    actions.judge_indicator(plan=plan, indicator=one, met=True, version=0, by=principal)

    with pytest.raises(Conflict):
        actions.judge_indicator(plan=plan, indicator=one, met=False, version=0, by=deputy)

    assert IndicatorResult.objects.get().met is True
    assert grid_level(plan, "1.1") is None


def test_every_write_says_in_the_record_what_stood_there_before(
    plan: Plan, principal: User, deputy: User
) -> None:
    found = criterion(plan, "1.1")
    judge(plan, principal, "1.1", {(1, "a"): True})
    judge(plan, deputy, "1.1", {(1, "a"): False})
    actions.save_texts(
        plan=plan, criterion=found, values={"weaknesses": "Chậm"}, version=0, by=principal
    )
    actions.save_description(
        plan=plan, criterion=found, level=1, body="Có", version=0, by=principal
    )

    told = Event.objects.of_plan(plan).exclude(action="plan.open").order_by("pk")

    assert [(e.action, e.before, e.school_id) for e in told] == [
        ("indicatorresult.change", {"met": None}, plan.school_id),
        ("indicatorresult.change", {"met": True}, plan.school_id),
        ("criterionresult.change", {"level": None}, plan.school_id),
        ("criterionassessment.change", {"weaknesses": ""}, plan.school_id),
        ("leveldescription.change", {"body": ""}, plan.school_id),
    ]


# --- refusals ---------------------------------------------------------------------------------------------


def _writes(plan: Plan, by: User, found: Criterion) -> list[tuple[Any, dict[str, Any]]]:
    common: dict[str, Any] = {"plan": plan, "version": 0, "by": by}
    about = common | {"criterion": found}
    return [
        (actions.judge_indicator, common | {"indicator": found.indicators.all()[0], "met": True}),
        (actions.judge_level, about | {"level": 1, "met": True}),
        (actions.save_description, about | {"level": 1, "body": "x"}),
        (actions.save_texts, about | {"values": {"strengths": "x"}}),
        (actions.choose_level, about | {"level": 1}),
    ]


def _nothing_written() -> bool:
    models = (
        IndicatorResult,
        LevelResult,
        LevelDescription,
        CriterionAssessment,
        CriterionResult,
    )
    return not any(model.objects.exists() for model in models)


def test_criterion_of_another_framework_is_refused(plan: Plan, principal: User) -> None:
    other = criteria_factory.framework("KHAC")
    foreign = Criterion.objects.of(other)[0]

    for action, arguments in _writes(plan, principal, foreign):
        with pytest.raises(ValidationError, match="không thuộc bộ tiêu chuẩn"):
            action(**arguments)

    assert _nothing_written()


def test_finished_plan_is_not_written(plan: Plan, principal: User) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())

    for action, arguments in _writes(plan, principal, criterion(plan, "1.1")):
        with pytest.raises(MoveNotAllowed):
            action(**arguments)

    assert _nothing_written()


def test_level_that_the_criterion_lacks_is_refused(plan: Plan, principal: User) -> None:
    found = criterion(plan, "1.2")
    assert not found.has_level(3)

    for action, extra in [
        (actions.judge_level, {"met": True}),
        (actions.save_description, {"body": "x"}),
        (actions.choose_level, {}),
    ]:
        with pytest.raises(ValidationError, match=r"Tiêu chí 1\.2 không có mức 3"):
            action(plan=plan, criterion=found, level=3, version=0, by=principal, **extra)  # type: ignore[operator]

    assert _nothing_written()


def test_level_with_indicators_is_not_judged_as_a_whole(plan: Plan, principal: User) -> None:
    with pytest.raises(ValidationError, match="đánh giá từng chỉ báo"):
        actions.judge_level(
            plan=plan,
            criterion=criterion(plan, "1.1"),
            level=1,
            met=True,
            version=0,
            by=principal,
        )


def test_text_past_the_limit_is_refused(plan: Plan, principal: User) -> None:
    with pytest.raises(ValidationError):
        actions.save_texts(
            plan=plan,
            criterion=criterion(plan, "1.1"),
            values={"strengths": "d" * 20_001},
            version=0,
            by=principal,
        )

    assert CriterionAssessment.objects.filter(version__gt=0).count() == 0


# --- constraints ------------------------------------------------------------------------------------------


def test_each_thing_is_judged_and_written_once_in_a_plan(plan: Plan) -> None:
    found = criterion(plan, "3.2")
    one = indicator(plan, "1.1", 1, "a")
    rows = [
        (IndicatorResult, {"plan": plan, "indicator": one}),
        (LevelResult, {"plan": plan, "criterion": found, "level": 1}),
        (LevelDescription, {"plan": plan, "criterion": found, "level": 1}),
        (CriterionAssessment, {"plan": plan, "criterion": found}),
    ]
    for model, key in rows:
        model.objects.create(**key)

        with pytest.raises(ValidationError, match="đã có"):
            model(**key).validate_constraints()
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**key)

    LevelResult.objects.create(plan=plan, criterion=found, level=2)
    LevelDescription.objects.create(plan=plan, criterion=found, level=2)
