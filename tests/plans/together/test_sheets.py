"""The phiếu of criteria in the history, in two versions side by side, and brought back with the grid right."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.accounts.models import User
from plans.assessment import actions
from plans.assessment.actions import JudgedByIndicators
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.history.models import Event
from plans.planning.models import CriterionResult, Plan
from plans.together import log
from plans.together.bringing_back import bring_back
from plans.together.comparing import compare
from plans.together.versions import versions
from tests.factories import history
from tests.plans.assessment.helpers import criterion, grid_level, judge

pytestmark = pytest.mark.django_db

LEVEL_1: dict[tuple[int, str], bool | None] = {(1, "a"): True, (1, "b"): True, (1, "c"): True}
NO_LEVEL_2: dict[tuple[int, str], bool | None] = {(2, ""): False}


def write(plan: Plan, by: User, number: str = "1.1", **values: str) -> CriterionAssessment:
    one = criterion(plan, number)
    row = CriterionAssessment.objects.filter(plan=plan, criterion=one).first()
    version = row.version if row else 0
    return actions.save_texts(plan=plan, criterion=one, values=values, version=version, by=by)


def describe(plan: Plan, by: User, body: str) -> LevelDescription:
    one = criterion(plan, "1.1")
    row = LevelDescription.objects.filter(plan=plan, criterion=one, level=1).first()
    version = row.version if row else 0
    return actions.save_description(
        plan=plan, criterion=one, level=1, body=body, version=version, by=by
    )


def choose(plan: Plan, by: User, level: int | None) -> CriterionResult:
    one = criterion(plan, "1.1")
    row = CriterionResult.objects.filter(plan=plan, criterion=one).first()
    version = row.version if row else 0
    return actions.choose_level(plan=plan, criterion=one, level=level, version=version, by=by)


def later(minutes: int = 11) -> None:
    """Let time pass: the record's burst is over."""
    history.backdate(timedelta(minutes=minutes))


def last(plan: Plan) -> Event:
    return Event.objects.of_plan(plan)[0]


def first_after(plan: Plan, pk: int) -> Event:
    return Event.objects.of_plan(plan).filter(pk__gt=pk).order_by("at", "pk")[0]


def told(plan: Plan) -> list[tuple[str, str, list[str]]]:
    """What the newest line says: place, field, what went and what came."""
    return [
        (change.place, field.label, [run.text for run in field.runs])
        for change in log.page_of(plan).lines[0].changes
        for field in change.fields
    ]


# --- in words ---------------------------------------------------------------------------------------------


def test_history_says_which_field_of_a_phieu_changed_from_what_to_what(
    plan: Plan, principal: User
) -> None:
    write(plan, principal, weaknesses="Thiếu sân")
    describe(plan, principal, "Có 6 phòng")
    later(20)
    write(plan, principal, weaknesses="Đủ phòng")
    describe(plan, principal, "Nay 8 lớp")

    assert told(plan) == [
        ("Phiếu Tiêu chí 1.1", "điểm yếu", ["Thiếu sân", "Đủ phòng"]),
        ("Phiếu Tiêu chí 1.1, Mức 1", "mô tả hiện trạng", ["Có 6 phòng", "Nay 8 lớp"]),
    ]


def test_history_says_what_was_judged_from_what_to_what(plan: Plan, principal: User) -> None:
    judge(plan, principal, "1.1", {(1, "a"): True, (2, ""): False})

    assert told(plan) == [
        ("Phiếu Tiêu chí 1.1, chỉ báo a, Mức 1", "kết quả", ["chưa đánh giá", "đạt"]),
        ("Phiếu Tiêu chí 1.1, cả Mức 2", "kết quả", ["chưa đánh giá", "không đạt"]),
    ]


def test_a_level_without_indicators_is_named_as_a_whole(plan: Plan, principal: User) -> None:
    one = criterion(plan, "1.1")
    row = LevelResult.objects.create(plan=plan, criterion=one, level=3, met=True)
    start = last(plan)
    Event.objects.create(
        at=start.at + timedelta(minutes=1),
        action="levelresult.change",
        subject_type="levelresult",
        subject_id=str(row.pk),
        plan_id=plan.pk,
        before={"met": None},
    )

    [block] = compare(plan, *versions(plan, last(plan), None))

    assert block.title == "Phiếu Tiêu chí 1.1, cả Mức 3"
    assert [(f.label, f.old[0].text, f.new[0].text) for f in block.fields] == [
        ("Kết quả", "chưa đánh giá", "đạt")
    ]


# --- side by side -----------------------------------------------------------------------------------------


def test_two_versions_show_the_phieu_behind_the_plan_level_by_level(
    plan: Plan, principal: User
) -> None:
    boundary = last(plan).pk
    write(plan, principal, "1.2", strengths="Mạnh")
    write(plan, principal, weaknesses="Yếu")
    describe(plan, principal, "Hiện trạng")
    judge(plan, principal, "1.1", {(1, "b"): False, (1, "a"): True})

    blocks = compare(plan, *versions(plan, first_after(plan, boundary), None))

    assert [(block.title, block.became) for block in blocks] == [
        ("Kết quả Tiêu chí 1.1", "thay đổi"),
        ("Phiếu Tiêu chí 1.1, chỉ báo a, Mức 1", "thay đổi"),
        ("Phiếu Tiêu chí 1.1, chỉ báo b, Mức 1", "thay đổi"),
        ("Phiếu Tiêu chí 1.1, Mức 1", "thay đổi"),
        ("Phiếu Tiêu chí 1.1", "thay đổi"),
        ("Phiếu Tiêu chí 1.2", "thay đổi"),
    ]


@pytest.mark.parametrize("deed", ["compare", "history"])
def test_the_phieu_cost_as_many_queries_for_three_as_for_one(
    plan: Plan, principal: User, deed: str
) -> None:
    def cost() -> int:
        fresh = Plan.objects.for_page().get(pk=plan.pk)
        with CaptureQueriesContext(connection) as queries:
            if deed == "history":
                log.page_of(fresh)
            else:
                compare(fresh, *versions(fresh, Event.objects.of_plan(fresh).last(), None))
        return len(queries)

    write(plan, principal, weaknesses="Yếu")
    judge(plan, principal, "1.1", {(1, "a"): False})
    once = cost()
    for number in ("1.2", "1.3"):
        write(plan, principal, number, weaknesses="Yếu")
        judge(plan, principal, number, {(1, "a"): False})

    assert cost() == once


# --- brought back -----------------------------------------------------------------------------------------


def test_one_text_comes_back_alone_with_its_version_raised(plan: Plan, principal: User) -> None:
    row = write(plan, principal, strengths="Mạnh", weaknesses="Cũ")
    later()
    write(plan, principal, weaknesses="Mới")
    boundary = last(plan)
    describe(plan, principal, "Hiện trạng")

    changed = bring_back(plan=plan, to=boundary, by=principal, only=("criterionassessment", row.pk))

    row.refresh_from_db()
    assert changed == 1
    assert (row.strengths, row.weaknesses, row.version) == ("Mạnh", "Cũ", 3)
    assert LevelDescription.objects.get(plan=plan).body == "Hiện trạng"


def test_an_indicator_brought_back_takes_the_level_in_the_grid_along(
    plan: Plan, principal: User, deputy: User
) -> None:
    judge(plan, principal, "1.1", LEVEL_1 | NO_LEVEL_2)
    later()
    [row] = judge(plan, deputy, "1.1", {(1, "b"): False})
    assert grid_level(plan, "1.1") == 0
    boundary = Event.objects.about(row).first()
    assert boundary

    bring_back(plan=plan, to=boundary, by=principal, only=("indicatorresult", row.pk))

    row.refresh_from_db()
    assert (row.met, grid_level(plan, "1.1")) == (True, 1)


def test_a_level_does_not_come_back_against_its_indicators(plan: Plan, principal: User) -> None:
    result = choose(plan, principal, 2)
    later()
    judge(plan, principal, "1.1", LEVEL_1 | NO_LEVEL_2)
    boundary = Event.objects.about(result)[0]

    with pytest.raises(JudgedByIndicators, match=r"Tiêu chí 1\.1"):
        bring_back(plan=plan, to=boundary, by=principal, only=("criterionresult", result.pk))

    assert grid_level(plan, "1.1") == 1


def _seen(plan: Plan) -> dict[str, list[Any]]:
    """What a reader of the self-assessment sees; rows that say nothing are not seen."""
    met = {"plan": plan, "met__isnull": False}
    texts = CriterionAssessment.objects.filter(plan=plan).exclude(
        strengths="", weaknesses="", improvement=""
    )
    described = LevelDescription.objects.filter(plan=plan).exclude(body="")
    levels = CriterionResult.objects.filter(plan=plan, level__isnull=False)
    return {
        "indicators": list(IndicatorResult.objects.filter(**met).values_list("indicator", "met")),
        "levels": list(LevelResult.objects.filter(**met).values_list("criterion", "met")),
        "texts": list(texts.values_list("criterion", *actions.TEXTS)),
        "described": list(described.values_list("criterion", "level", "body")),
        "grid": list(levels.values_list("criterion", "level")),
    }


def _judge_all(plan: Plan, by: User) -> None:
    judge(plan, by, "1.1", LEVEL_1 | NO_LEVEL_2)


def _judge_to_the_level_that_was_chosen(plan: Plan, by: User) -> None:
    judge(plan, by, "1.1", LEVEL_1 | {(2, ""): True, (3, ""): False})


def _judge_some(plan: Plan, by: User) -> None:
    judge(plan, by, "1.1", {(1, "a"): True})


def _write_all(plan: Plan, by: User) -> None:
    write(plan, by, strengths="Khác", improvement="Sẽ làm")
    describe(plan, by, "Khác")


@pytest.mark.parametrize(
    "deed", [_judge_all, _judge_to_the_level_that_was_chosen, _judge_some, _write_all]
)
@pytest.mark.parametrize("judged_before", [True, False])
def test_bringing_back_the_whole_undoes_what_was_judged_and_can_be_undone_itself(
    plan: Plan,
    principal: User,
    deputy: User,
    deed: Callable[[Plan, User], None],
    judged_before: bool,
) -> None:
    choose(plan, principal, 2)
    write(plan, principal, weaknesses="Yếu")
    if judged_before:
        judge(plan, principal, "1.1", {(1, "c"): True})
    later()
    before = _seen(plan)
    boundary = last(plan).pk
    deed(plan, principal)
    after = _seen(plan)

    bring_back(plan=plan, to=first_after(plan, boundary), by=principal)
    back = _seen(plan)
    mark = Event.objects.filter(action="plan.bring_back").latest("pk")
    bring_back(plan=plan, to=mark, by=deputy)

    assert back == before
    assert _seen(plan) == after


def test_what_indicators_undo_on_the_way_is_set_right_in_the_grid(
    plan: Plan, principal: User
) -> None:
    choose(plan, principal, 2)
    later()
    boundary = last(plan).pk
    _judge_to_the_level_that_was_chosen(plan, principal)
    assert grid_level(plan, "1.1") == 2

    bring_back(plan=plan, to=first_after(plan, boundary), by=principal)

    assert not IndicatorResult.objects.filter(plan=plan, met__isnull=False).exists()
    assert grid_level(plan, "1.1") == 2
