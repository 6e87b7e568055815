"""What the pages and the phiếu read of a plan's self-assessment."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.levels import Reached
from plans.accounts.models import User
from plans.assessment import actions
from plans.assessment.reading import (
    judged_criteria,
    lines_of,
    load_sheets,
    results_of,
    school_proposal,
)
from plans.planning.models import Plan
from plans.planning.results import framework_tree
from tests.plans.assessment.helpers import criterion, judge


def test_sheet_has_every_indicator_in_the_order_of_the_circular(plan: Plan) -> None:
    (sheet,) = load_sheets(plan, [criterion(plan, "1.1")])

    told = [
        (line.level, line.letter, line.met, line.version) for p in sheet.levels for line in p.lines
    ]
    assert told == [
        (1, "a", None, 0),
        (1, "b", None, 0),
        (1, "c", None, 0),
        (2, "", None, 0),
        (3, "", None, 0),
    ]
    assert (sheet.level, sheet.version, sheet.level_version) == (None, 0, 0)


def test_sheet_has_what_was_judged_and_written(plan: Plan, principal: User) -> None:
    found = criterion(plan, "1.1")
    judge(plan, principal, "1.1", {(1, "a"): True, (1, "b"): False})
    actions.save_description(
        plan=plan, criterion=found, level=1, body="Đã công khai", version=0, by=principal
    )
    actions.save_texts(
        plan=plan, criterion=found, values={"weaknesses": "Chậm"}, version=0, by=principal
    )

    (sheet,) = load_sheets(plan, [found])

    assert [line.met for line in sheet.levels[0].lines] == [True, False, None]
    assert [part.met for part in sheet.levels] == [False, False, False]
    assert [part.description for part in sheet.levels] == ["Đã công khai", "", ""]
    assert (sheet.weaknesses, sheet.version, sheet.level) == ("Chậm", 1, 0)


def test_each_weakness_stands_by_itself_without_its_mark() -> None:
    typed = "- Thiếu **đồ chơi**\n- Bếp chật\nKho nhỏ\n\n1. Một\n2. Hai"

    assert lines_of(typed) == ("Thiếu đồ chơi", "Bếp chật", "Kho nhỏ", "Một", "Hai")
    assert lines_of(" \n- \n") == ("-",)


def test_criterion_half_judged_is_known_as_far_as_its_indicators_tell(
    plan: Plan, principal: User
) -> None:
    judge(plan, principal, "1.1", {(1, "a"): True, (1, "b"): True, (1, "c"): True})
    judge(plan, principal, "1.2", {(1, "a"): False})

    known = results_of(load_sheets(plan))

    assert (known["1.1"], known["1.2"], known["1.3"]) == (Reached(1, 3), 0, None)


def test_school_is_held_back_by_what_the_results_lack(plan: Plan, principal: User) -> None:
    for found in framework_tree(plan).all_criteria():
        level = 1 if found.number == "3.2" else 2
        actions.choose_level(plan=plan, criterion=found, level=level, version=0, by=principal)

    proposal = school_proposal(plan, load_sheets(plan))

    assert proposal.level == 1
    assert [reason.text for reason in proposal.held_back_by] == [
        "Tiêu chí 3.2 chỉ đạt Mức 1, cần đạt Mức 2."
    ]


def test_judged_criteria_are_those_with_a_mark(plan: Plan, principal: User) -> None:
    judge(plan, principal, "1.1", {(1, "a"): True})
    judge(plan, principal, "1.3", {(1, "a"): True})
    judge(plan, principal, "1.3", {(1, "a"): None})
    whole = criterion(plan, "3.2")
    actions.judge_level(plan=plan, criterion=whole, level=1, met=False, version=0, by=principal)

    assert judged_criteria(plan) == {criterion(plan, "1.1").pk, whole.pk}


@pytest.mark.parametrize("numbers", [["1.1"], ["1.1", "1.2", "3.2"]])
def test_sheets_take_five_queries_however_many(
    plan: Plan, principal: User, numbers: list[str]
) -> None:
    chosen = [criterion(plan, number) for number in numbers]
    for number in numbers:
        found = criterion(plan, number)
        actions.save_description(
            plan=plan, criterion=found, level=1, body="x", version=0, by=principal
        )

    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_sheets(plan, chosen)

    assert len(queries) == 5
