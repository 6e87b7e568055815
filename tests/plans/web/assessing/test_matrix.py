"""The matrix over HTTP: choosing levels, what holds the school back, what the plan's actions would change."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import User
from plans.assessment.models import IndicatorResult
from plans.planning.actions import save_result
from plans.planning.models import CriterionResult, Plan
from plans.planning.results import framework_tree
from tests.factories import criteria as criteria_factory
from tests.factories import planning
from tests.plans.assessment.helpers import criterion, grid_level, judge

HTMX = {"HX-Request": "true"}
DECIDED = {(1, "a"): True, (1, "b"): True, (1, "c"): True, (2, ""): False}


def matrix(plan: Plan) -> str:
    return reverse("assessing:matrix", args=[plan.pk])


def choose(web: Client, plan: Plan, number: str, level: str, version: int = 0, **kwargs: object):
    url = reverse("assessing:level", args=[plan.pk, criterion(plan, number).pk])
    return web.post(url, {"level": level, "version": str(version)}, **kwargs)


def fill(plan: Plan, by: User, **exceptions: int) -> None:
    """Give every criterion its level 2, but those named (as c3_2=1)."""
    for found in framework_tree(plan).all_criteria():
        level = exceptions.get(f"c{found.number.replace('.', '_')}", 2)
        save_result(plan=plan, criterion=found, level=level, version=0, by=by)


def row(answer, number: str) -> dict:
    rows = [row for group in answer.context["standards"] for row in group["rows"]]
    return next(row for row in rows if row["criterion"].number == number)


# --- what it shows ----------------------------------------------------------------------------------------


def test_matrix_has_a_mark_for_every_level_of_every_criterion(
    web: Client, plan: Plan, principal: User
) -> None:
    save_result(plan=plan, criterion=criterion(plan, "1.1"), level=2, version=0, by=principal)
    save_result(plan=plan, criterion=criterion(plan, "1.2"), level=0, version=0, by=principal)

    answer = web.get(matrix(plan))

    marks = {n: [cell["mark"] for cell in row(answer, n)["cells"]] for n in ("1.1", "1.2", "1.3")}
    assert marks == {
        "1.1": ["", "x", "x", ""],
        "1.2": ["x", "", "", "*"],
        "1.3": ["", "", "", ""],
    }
    assert [label for _, label in answer.context["columns"]] == [
        "Không đạt",
        "Mức 1",
        "Mức 2",
        "Mức 3",
    ]
    assert (answer.context["assessed"], answer.context["total"]) == (2, 22)
    assert "2 trên 22 tiêu chí đã đánh giá." in answer.content.decode()


def test_matrix_names_exactly_what_holds_the_school_back(
    web: Client, plan: Plan, principal: User
) -> None:
    fill(plan, principal, c3_2=1, c5_4=1)

    answer = web.get(matrix(plan))

    assert answer.context["proposal"].summary == "Mức 1"
    assert [item["reason"].text for item in answer.context["reasons"]] == [
        "Tiêu chí 3.2 chỉ đạt Mức 1, cần đạt Mức 2.",
        "Tiêu chí 5.4 chỉ đạt Mức 1, cần đạt Mức 2.",
    ]
    sheet = reverse("assessing:sheet", args=[plan.pk, criterion(plan, "3.2").pk])
    assert f'<a href="{sheet}">Mở phiếu 3.2</a>' in answer.content.decode()


def test_matrix_says_what_each_action_and_all_of_them_would_change(
    web: Client, plan: Plan, principal: User
) -> None:
    fill(plan, principal, c3_2=1, c5_4=1)
    planning.action(plan, criterion=criterion(plan, "3.2"), band="1,2,3")
    planning.action(plan, criterion=criterion(plan, "5.4"), band="2")
    planning.action(plan, criterion=criterion(plan, "5.4"), band="")

    answer = web.get(matrix(plan))

    told = [
        (o["outcome"].aim.criterion, o["outcome"].aim.level, o["outcome"].fewer)
        for o in answer.context["outcomes"]
    ]
    assert told == [("3.2", 2, 1), ("5.4", 2, 1)]
    assert answer.context["what_if"].after_all.level == 2
    assert answer.context["aimless"] == 1


def test_matrix_works_for_the_form_without_a_grid(web: Client, plan57: Plan) -> None:
    page = web.get(matrix(plan57))
    saved = web.post(
        reverse("assessing:level", args=[plan57.pk, criterion(plan57, "1.1").pk]),
        {"level": "2", "version": "0"},
    )

    assert [label for _, label in page.context["columns"]] == ["Không đạt", "Mức 1", "Mức 2"]
    assert saved.status_code == 302
    assert grid_level(plan57, "1.1") == 2


def test_who_only_reads_sees_marks_and_no_form(client: Client, plan: Plan, deputy: User) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())
    client.force_login(deputy, backend="plans.accounts.backend.MembershipBackend")

    answer = client.get(matrix(plan))

    assert answer.status_code == 200
    assert 'name="level"' not in answer.content.decode()


@pytest.mark.parametrize("many", [3])
def test_matrix_asks_as_many_queries_for_one_row_as_for_many(
    web: Client, plan: Plan, principal: User, many: int
) -> None:
    planning.action(plan, criterion=criterion(plan, "1.1"))
    judge(plan, principal, "1.1", DECIDED)
    web.get(matrix(plan))
    with CaptureQueriesContext(connection) as for_one:
        web.get(matrix(plan))
    for number in ("1.2", "1.3", "1.4")[:many]:
        planning.action(plan, criterion=criterion(plan, number))
        judge(plan, principal, number, {(1, "a"): False})

    with CaptureQueriesContext(connection) as for_many:
        answer = web.get(matrix(plan))

    assert len(answer.context["outcomes"]) == 1 + many
    assert len(for_many) == len(for_one)


# --- choosing ---------------------------------------------------------------------------------------------


def test_choice_is_saved_and_the_school_part_follows(web: Client, plan: Plan) -> None:
    answer = choose(web, plan, "1.1", "2", headers=HTMX)

    told = answer.content.decode()
    assert (answer.status_code, answer["KCL-Saved"]) == (200, "1")
    assert grid_level(plan, "1.1") == 2
    assert f'id="v-kq-{criterion(plan, "1.1").pk}" value="1" hx-swap-oob="true"' in told
    assert 'hx-swap-oob="innerHTML:#muc-cua-truong"' in told
    assert "1 trên 22 tiêu chí đã đánh giá." in told


def test_without_script_the_page_comes_back_to_the_row(web: Client, plan: Plan) -> None:
    answer = choose(web, plan, "1.1", "2")

    place = f"{matrix(plan)}#tieu-chi-{criterion(plan, '1.1').pk}"
    assert (answer.status_code, answer["Location"]) == (302, place)
    assert 'value="2" form="kq-' in web.get(matrix(plan)).content.decode()


def test_chosen_level_can_be_taken_back(web: Client, plan: Plan) -> None:
    choose(web, plan, "1.1", "2")

    choose(web, plan, "1.1", "", version=1)

    assert grid_level(plan, "1.1") is None


@pytest.mark.parametrize(("number", "level"), [("1.2", "3"), ("1.1", "4"), ("1.1", "x")])
def test_level_that_does_not_exist_is_refused(
    web: Client, plan: Plan, number: str, level: str
) -> None:
    for headers in (HTMX, {}):
        answer = choose(web, plan, number, level, headers=headers)

        assert answer.status_code == 422
        assert f"Tiêu chí {number}: hãy chọn một mức trong danh sách." in answer.content.decode()
    assert not CriterionResult.objects.exists()


def test_two_people_in_one_row_keep_both(web: Client, deputy_web: Client, plan: Plan) -> None:
    choose(web, plan, "1.1", "2")

    answer = choose(deputy_web, plan, "1.1", "3", headers=HTMX)
    page = choose(deputy_web, plan, "1.1", "3")

    assert (answer.status_code, page.status_code) == (409, 409)
    assert "bản đang lưu" in answer.content.decode()
    assert grid_level(plan, "1.1") == 2


def test_person_may_take_their_own_after_a_conflict(
    web: Client, deputy_web: Client, plan: Plan
) -> None:
    choose(web, plan, "1.1", "2")
    url = reverse("assessing:level", args=[plan.pk, criterion(plan, "1.1").pk])

    answer = deputy_web.post(url, {"level": "3", "version": "0", "take_version": "1"})

    assert answer.status_code == 302
    assert grid_level(plan, "1.1") == 3


# --- judged by indicators ---------------------------------------------------------------------------------


def test_judged_criterion_shows_marks_and_leads_to_its_sheet(
    web: Client, plan: Plan, principal: User
) -> None:
    judge(plan, principal, "1.1", DECIDED)

    told = web.get(matrix(plan)).content.decode()

    assert f'form="kq-{criterion(plan, "1.1").pk}"' not in told
    assert "Theo phiếu: Đạt Mức 1; chưa đạt Mức 2 vì yêu cầu của mức này không đạt." in told


@pytest.mark.parametrize("page", ["assessing:level", "planning:result"])
def test_judged_criterion_is_not_chosen_as_a_whole_from_anywhere(
    web: Client, plan: Plan, principal: User, page: str
) -> None:
    judge(plan, principal, "1.1", DECIDED)
    found = criterion(plan, "1.1")
    version = CriterionResult.objects.get().version
    data = {"level": "3", "version": version}

    with_script = web.post(reverse(page, args=[plan.pk, found.pk]), data, headers=HTMX)
    without = web.post(reverse(page, args=[plan.pk, found.pk]), data)

    sheet = reverse("assessing:sheet", args=[plan.pk, found.pk])
    for answer in (with_script, without):
        told = answer.content.decode()
        assert answer.status_code == 422
        assert "Tiêu chí 1.1 đã được đánh giá theo chỉ báo" in told
        assert f'<a href="{sheet}">Mở phiếu đánh giá tiêu chí 1.1</a>' in told
    assert grid_level(plan, "1.1") == 1


def test_grid_of_the_plan_shows_the_level_of_a_judged_criterion_without_a_choice(
    web: Client, plan: Plan, principal: User
) -> None:
    judge(plan, principal, "1.1", DECIDED)
    found = criterion(plan, "1.1")

    told = web.get(reverse("planning:section", args=[plan.pk, "grounds"])).content.decode()

    assert f'<span id="kq-chon-{found.pk}" class="kcl-doc">Mức 1</span>' in told
    assert f"Theo phiếu {found.number}</a>" in told
    assert reverse("assessing:matrix", args=[plan.pk]) in told


# --- strangers --------------------------------------------------------------------------------------------


def test_criterion_of_another_framework_is_not_found(web: Client, plan: Plan) -> None:
    foreign = Criterion.objects.of(criteria_factory.framework("KHAC"))[0]

    for name in ("sheet", "level", "propose"):
        url = reverse(f"assessing:{name}", args=[plan.pk, foreign.pk])
        assert web.post(url, {"level": "1", "version": "0"}).status_code == 404
    assert not CriterionResult.objects.exists()
    assert not IndicatorResult.objects.exists()
