"""The phiếu over HTTP: judging, writing, proposing; with htmx and without any script."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from criteria.models import Criterion, Indicator
from plans.accounts.models import User
from plans.assessment import actions
from plans.assessment.models import CriterionAssessment, IndicatorResult, LevelDescription
from plans.planning.models import Plan, PlanAction
from plans.planning.proposals import propose_action
from tests.factories import criteria as criteria_factory
from tests.plans.assessment.helpers import criterion, grid_level, indicator, judge

HTMX = {"HX-Request": "true"}
WEAK = "- Chưa rà soát chiến lược\n- Trang web cập nhật chậm"


def address(plan: Plan, name: str = "sheet", *more: object, number: str = "1.1") -> str:
    return reverse(f"assessing:{name}", args=[plan.pk, criterion(plan, number).pk, *more])


def write_weaknesses(plan: Plan, by: User, text: str = WEAK, number: str = "1.1") -> None:
    actions.save_texts(
        plan=plan,
        criterion=criterion(plan, number),
        values={"weaknesses": text},
        version=0,
        by=by,
    )


# --- judging ----------------------------------------------------------------------------------------------


def test_judgement_is_saved_and_the_conclusion_follows(web: Client, plan: Plan) -> None:
    one = indicator(plan, "1.1", 1, "a")

    answer = web.post(
        address(plan, "indicator", one.pk), {"met": "0", "version": "0"}, headers=HTMX
    )

    told = answer.content.decode()
    assert (answer.status_code, answer["KCL-Saved"]) == (200, "1")
    assert f'id="v-cb-{one.pk}" value="1" hx-swap-oob="true"' in told
    assert "Không đạt Mức 1 vì chỉ báo a không đạt." in told
    assert grid_level(plan, "1.1") == 0


def test_without_script_the_page_comes_back_to_the_indicator(web: Client, plan: Plan) -> None:
    one = indicator(plan, "1.1", 1, "a")

    answer = web.post(address(plan, "indicator", one.pk), {"met": "1", "version": "0"})

    assert (answer.status_code, answer["Location"]) == (302, f"{address(plan)}#cb-{one.pk}")
    page = web.get(address(plan)).content.decode()
    assert page.count('name="met" value="1" checked') == 1
    assert page.count('name="met" value="" checked') == 4


@pytest.mark.parametrize(("sent", "kept"), [("1", True), ("0", False), ("", None)])
def test_three_answers_are_kept_apart(
    web: Client, plan: Plan, sent: str, kept: bool | None
) -> None:
    one = indicator(plan, "1.1", 1, "a")

    web.post(address(plan, "indicator", one.pk), {"met": sent, "version": "0"})

    assert IndicatorResult.objects.get().met is kept


def test_fourth_answer_is_refused_in_words(web: Client, plan: Plan) -> None:
    one = indicator(plan, "1.1", 1, "a")

    for headers in (HTMX, {}):
        answer = web.post(
            address(plan, "indicator", one.pk), {"met": "2", "version": "0"}, headers=headers
        )

        assert answer.status_code == 422
        assert "Hãy chọn Đạt, Không đạt hoặc Chưa đánh giá." in answer.content.decode()
    assert not IndicatorResult.objects.exists()


def test_second_judgement_on_an_old_page_is_shown_with_the_first(
    web: Client, deputy_web: Client, plan: Plan
) -> None:
    one = indicator(plan, "1.1", 1, "a")
    web.post(address(plan, "indicator", one.pk), {"met": "1", "version": "0"})

    for headers in (HTMX, {}):
        answer = deputy_web.post(
            address(plan, "indicator", one.pk), {"met": "0", "version": "0"}, headers=headers
        )
        assert answer.status_code == 409
        assert f'form="o-cb-{one.pk}" name="take_version" value="1"' in answer.content.decode()
    assert IndicatorResult.objects.get().met is True
    # without script the page keeps the second person's choice, so that their button sends it
    assert 'name="met" value="0" checked' in answer.content.decode()


def test_level_without_indicators_is_judged_as_a_whole(web: Client, plan: Plan) -> None:
    answer = web.post(
        address(plan, "whole_level", 1, number="3.2"), {"met": "1", "version": "0"}, headers=HTMX
    )
    refused = web.post(address(plan, "whole_level", 1), {"met": "1", "version": "0"})

    assert (answer.status_code, refused.status_code) == (200, 422)
    assert "Đạt Mức 1; còn yêu cầu của Mức 2 chưa đánh giá." in answer.content.decode()
    assert "đánh giá từng chỉ báo" in refused.content.decode()


def test_indicator_of_another_criterion_or_framework_is_not_found(web: Client, plan: Plan) -> None:
    other = criteria_factory.framework("KHAC")
    foreign = Indicator.objects.of(other)[0]
    for pk in (indicator(plan, "1.2", 1, "a").pk, foreign.pk, 10**9):
        url = address(plan, "indicator", pk)
        assert web.post(url, {"met": "1", "version": "0"}).status_code == 404
    for name, level in (("whole_level", 4), ("description", 4)):
        assert web.post(address(plan, name, level), {"version": "0"}).status_code == 404
    strange = Criterion.objects.of(other)[0]
    page = reverse("assessing:sheet", args=[plan.pk, strange.pk])
    assert web.get(page).status_code == 404
    assert not IndicatorResult.objects.exists()


# --- writing ----------------------------------------------------------------------------------------------


def test_texts_are_saved_and_the_weaknesses_stand_ready(web: Client, plan: Plan) -> None:
    data = {"strengths": "Mạnh", "weaknesses": WEAK, "improvement": "", "version": "0"}

    answer = web.post(address(plan), data, headers=HTMX)

    told = answer.content.decode()
    assert (answer.status_code, answer["KCL-Saved"]) == (200, "1")
    assert 'id="id_phieu_version" value="1" hx-swap-oob="true"' in told
    assert told.count('name="weakness"') == 2
    assert CriterionAssessment.objects.get().weaknesses == WEAK


def test_texts_come_back_without_script(web: Client, plan: Plan) -> None:
    data = {"strengths": "Mạnh", "weaknesses": "", "improvement": "Làm", "version": "0"}

    answer = web.post(address(plan), data, follow=True)

    assert answer.redirect_chain == [(address(plan), 302)]
    form = answer.context["form"]
    assert (form["strengths"].value(), form["improvement"].value()) == ("Mạnh", "Làm")


def test_text_past_the_limit_is_refused_and_stays_in_the_page(web: Client, plan: Plan) -> None:
    typed = "d" * 20_001
    texts = {"strengths": typed, "weaknesses": "", "improvement": "", "version": "0"}

    sheet = web.post(address(plan), texts)
    described = web.post(address(plan, "description", 1), {"body": typed, "version": "0"})

    for answer in (sheet, described):
        assert answer.status_code == 422
        assert "Ô này dài quá 20000 chữ" in answer.content.decode()
        assert typed in answer.content.decode()
    assert not CriterionAssessment.objects.exists()
    assert not LevelDescription.objects.exists()


def test_old_page_without_a_version_is_told_to_load_again(web: Client, plan: Plan) -> None:
    answer = web.post(address(plan), {"strengths": "x"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Trang này đã cũ." in answer.content.decode()


def test_two_people_writing_keep_both_texts(web: Client, deputy_web: Client, plan: Plan) -> None:
    first = {"strengths": "Của cô", "weaknesses": "", "improvement": "", "version": "0"}
    web.post(address(plan), first)
    web.post(address(plan, "description", 1), {"body": "Của cô", "version": "0"})

    texts = deputy_web.post(address(plan), first | {"strengths": "Của thầy"})
    described = deputy_web.post(
        address(plan, "description", 1), {"body": "Của thầy", "version": "0"}
    )

    for answer, form_id in ((texts, "o-phieu"), (described, "o-mo-ta-1")):
        told = answer.content.decode()
        assert answer.status_code == 409
        assert "Của cô" in told and "Của thầy" in told
        assert f'form="{form_id}" name="take_version" value="1"' in told
    assert CriterionAssessment.objects.get().strengths == "Của cô"
    assert LevelDescription.objects.get().body == "Của cô"


def test_typing_on_while_a_save_is_under_way_is_no_conflict(web: Client, plan: Plan) -> None:
    url = address(plan, "description", 1)
    web.post(url, {"body": "Một", "version": "0"}, headers=HTMX)

    answer = web.post(
        url, {"body": "Một hai", "version": "0", "sent": '{"body": ["Một"]}'}, headers=HTMX
    )

    assert answer.status_code == 200
    assert LevelDescription.objects.get().body == "Một hai"


def test_hostile_text_is_shown_as_text(web: Client, plan: Plan, principal: User) -> None:
    write_weaknesses(plan, principal, "<script>alert('x')</script>\n</textarea><b>")

    told = web.get(address(plan)).content.decode()

    assert "<script>alert" not in told
    assert "&lt;script&gt;alert" in told


def test_finished_plan_is_read_and_not_written(web: Client, plan: Plan, principal: User) -> None:
    write_weaknesses(plan, principal)
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())

    page = web.get(address(plan))
    saved = web.post(address(plan), {"strengths": "x", "version": "0"})

    assert (page.status_code, saved.status_code) == (200, 403)
    assert "Chưa rà soát chiến lược" in page.content.decode()
    assert "<textarea" not in page.content.decode()


@pytest.mark.parametrize("number", ["1.1"])
def test_sheet_asks_as_many_queries_empty_as_full(
    web: Client, plan: Plan, principal: User, number: str
) -> None:
    write_weaknesses(plan, principal, "Một")
    web.get(address(plan))
    with CaptureQueriesContext(connection) as for_one:
        web.get(address(plan))
    CriterionAssessment.objects.update(weaknesses="Một\nHai\nBa")
    for words in ("Một", "Hai", "Ba"):
        propose_action(plan=plan, criterion=criterion(plan, number), weakness=words, by=principal)
    judge(plan, principal, number, {(1, "a"): True, (1, "b"): True, (1, "c"): False})

    with CaptureQueriesContext(connection) as for_many:
        answer = web.get(address(plan))

    assert [item["row"] is not None for item in answer.context["weaknesses"]] == [True] * 3
    assert len(for_many) == len(for_one)


# --- proposing --------------------------------------------------------------------------------------------


def test_one_click_proposes_a_row_from_a_weakness(web: Client, plan: Plan, principal: User) -> None:
    write_weaknesses(plan, principal)

    answer = web.post(
        address(plan, "propose"), {"weakness": "Trang web cập nhật chậm"}, headers=HTMX
    )

    row = PlanAction.objects.get()
    told = answer.content.decode()
    assert answer.status_code == 200
    assert (row.current_state, row.criterion) == (
        "Trang web cập nhật chậm",
        criterion(plan, "1.1"),
    )
    assert told.count("Đề xuất, chưa xác nhận") == 1
    assert told.count('name="weakness"') == 1
    assert reverse("planning:action", args=[plan.pk, row.pk]) in told


def test_without_script_the_page_comes_back_to_the_weaknesses(
    web: Client, plan: Plan, principal: User
) -> None:
    write_weaknesses(plan, principal)

    answer = web.post(address(plan, "propose"), {"weakness": "Chưa rà soát chiến lược"})

    assert (answer.status_code, answer["Location"]) == (302, f"{address(plan)}#cac-diem-yeu")


def test_weakness_is_proposed_once_and_only_as_it_is_written(
    web: Client, plan: Plan, principal: User
) -> None:
    write_weaknesses(plan, principal)
    web.post(address(plan, "propose"), {"weakness": "Chưa rà soát chiến lược"})

    twice = web.post(address(plan, "propose"), {"weakness": "Chưa rà soát chiến lược"})
    made_up = web.post(address(plan, "propose"), {"weakness": "Điều không ai viết"})

    assert (twice.status_code, made_up.status_code) == (422, 422)
    assert "Điểm yếu này đã có việc trong kế hoạch." in twice.content.decode()
    assert "Điểm yếu này vừa được sửa hoặc xóa." in made_up.content.decode()
    assert PlanAction.objects.count() == 1


# --- the mark in the plan's table -------------------------------------------------------------------------


def proposal(plan: Plan, by: User) -> PlanAction:
    return propose_action(plan=plan, criterion=criterion(plan, "1.1"), weakness="Yếu", by=by)


def test_table_marks_a_proposal_until_it_is_confirmed(
    web: Client, plan: Plan, principal: User
) -> None:
    row = proposal(plan, principal)
    table = reverse("planning:section", args=[plan.pk, "actions"])
    confirm = reverse("planning:action_confirm", args=[plan.pk, row.pk])
    assert web.get(table).content.decode().count("Đề xuất, chưa xác nhận") == 1

    answer = web.post(confirm, headers=HTMX)

    assert answer.status_code == 200
    assert "Đề xuất, chưa xác nhận" not in answer.content.decode()
    row.refresh_from_db()
    assert row.proposed_at is None


def test_edit_takes_the_mark_away_on_the_page_too(web: Client, plan: Plan, principal: User) -> None:
    row = proposal(plan, principal)
    names = ("current_state", "target_result", "measures", "lead", "partners", "timeframe")
    names += ("budget_text", "other_support", "remarks")
    data: dict[str, object] = {name: getattr(row, name) for name in names}
    data |= {"version": row.version, "criterion": row.criterion_id, "levels": [1]}
    url = reverse("planning:action", args=[plan.pk, row.pk])
    opened = web.get(url, headers=HTMX).content.decode()

    first = web.post(url, data | {"measures": "Lập tổ rà soát"}, headers=HTMX).content.decode()
    second = web.post(
        url, data | {"measures": "Lập tổ", "version": row.version + 1}, headers=HTMX
    ).content.decode()

    gone = f'<div id="de-xuat-{row.pk}" hx-swap-oob="delete"></div>'
    assert f'id="de-xuat-{row.pk}"' in opened
    assert (gone in first, gone in second) == (True, False)


def test_confirming_without_script_comes_back_to_the_table(
    web: Client, plan: Plan, principal: User
) -> None:
    row = proposal(plan, principal)

    answer = web.post(reverse("planning:action_confirm", args=[plan.pk, row.pk]))

    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("planning:section", args=[plan.pk, "actions"]),
    )


def test_reader_sees_the_mark_and_no_button(
    client: Client, plan: Plan, principal: User, deputy: User
) -> None:
    proposal(plan, principal)
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=timezone.now())
    client.force_login(deputy, backend="plans.accounts.backend.MembershipBackend")

    told = client.get(reverse("planning:section", args=[plan.pk, "actions"])).content.decode()

    assert "Đề xuất, chưa xác nhận" in told
    assert "xac-nhan" not in told
