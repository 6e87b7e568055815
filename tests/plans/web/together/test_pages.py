"""History, trash, comments and assignments over HTTP; with htmx and without any script."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.models import Standard
from plans.accounts.models import User
from plans.history.models import Event
from plans.planning import actions
from plans.planning.models import Plan, PlanAction, PlanText
from plans.together.actions import assign_part, write_comment
from plans.together.models import Assignment, Comment
from tests.factories import history

HTMX = {"HX-Request": "true"}


def url(name: str, plan: Plan, *arguments: int) -> str:
    return reverse(f"together:{name}", args=[plan.pk, *arguments])


def write(plan: Plan, body: str, by: User) -> Event:
    """Write the purpose; the record's burst before it is over."""
    history.backdate(timedelta(minutes=11))
    row = PlanText.objects.filter(plan=plan, section="purpose").first()
    version = row.version if row else 0
    actions.save_text(plan=plan, section="purpose", body=body, version=version, by=by)
    event = Event.objects.of_plan(plan).first()
    assert event
    return event


@pytest.fixture
def teacher_web(teacher: User) -> Client:
    client = Client()
    client.force_login(teacher, backend="plans.accounts.backend.MembershipBackend")
    return client


# --- history ----------------------------------------------------------------------------------------------


def test_history_tells_the_words_that_went_and_came(
    web: Client, plan: Plan, principal: User, deputy: User
) -> None:
    write(plan, "Sửa bếp ăn", principal)
    write(plan, "Xây bếp ăn", deputy)

    told = web.get(url("history", plan)).content.decode()

    assert "<b>Thầy Trần Văn Minh Họa</b> sửa 1 chỗ: Mục đích, yêu cầu" in told
    assert '<del><span class="visually-hidden">(bỏ: </span>Sửa<span' in told
    assert '<ins><span class="visually-hidden">(thêm: </span>Xây<span' in told


def test_history_goes_on_by_keyset_and_knows_no_other_plans_events(
    web: Client, plan: Plan, principal: User
) -> None:
    for number in range(65):
        write(plan, f"Lần {number}", principal)
    first = web.get(url("history", plan))

    second = web.get(url("history", plan), {"truoc": first.context["page"].older})

    assert second.status_code == 200
    assert second.context["page"].lines[-1].words == "lập kế hoạch"
    for wrong in ("0", "x", "9" * 30, "٣"):
        assert web.get(url("history", plan), {"truoc": wrong}).status_code == 404


def test_two_versions_side_by_side_and_one_row_brought_back(
    web: Client, plan: Plan, principal: User
) -> None:
    write(plan, "Một", principal)
    event = write(plan, "Hai", principal)
    text = PlanText.objects.get(plan=plan)

    page = web.get(url("compare", plan), {"cu": event.pk})
    answer = web.post(
        url("bring_back", plan), {"cu": event.pk, "cho": f"plantext-{text.pk}"}, follow=True
    )

    text.refresh_from_db()
    assert [block.title for block in page.context["blocks"]] == ["Mục đích, yêu cầu"]
    assert "Đã đưa 1 chỗ về bản cũ." in answer.content.decode()
    assert (text.body, text.version) == ("Một", 3)


def test_versions_chosen_the_wrong_way_round_are_turned(
    web: Client, plan: Plan, principal: User
) -> None:
    old, new = write(plan, "Một", principal), write(plan, "Hai", principal)

    page = web.get(url("compare", plan), {"cu": new.pk, "moi": old.pk})

    assert (page.context["old"], page.context["new"], page.context["turned"]) == (old, new, True)


def test_comparison_of_the_plan_with_itself_asks_for_a_choice(web: Client, plan: Plan) -> None:
    page = web.get(url("compare", plan), {"cu": "", "moi": ""})

    assert "Hãy chọn một bản cũ" in page.content.decode()


def test_comparison_without_a_choice_shows_what_was_changed_last(
    web: Client, plan: Plan, principal: User, deputy: User
) -> None:
    write(plan, "Một", principal)
    last = write(plan, "Hai", deputy)

    page = web.get(url("compare", plan))

    assert (page.context["old"], page.context["new"]) == (last, None)
    assert [block.title for block in page.context["blocks"]] == ["Mục đích, yêu cầu"]


@pytest.mark.parametrize("place", ["x", "planaction-x", "event-1", "planaction-" + "9" * 30])
def test_a_place_that_no_plan_has_is_refused_in_words(
    web: Client, plan: Plan, principal: User, place: str
) -> None:
    event = write(plan, "Một", principal)

    answer = web.post(url("bring_back", plan), {"cu": event.pk, "cho": place}, follow=True)

    assert "Chỗ cần đưa lại không có trong kế hoạch này." in answer.content.decode()
    assert PlanText.objects.get(plan=plan).body == "Một"


def test_history_and_comparison_cost_as_many_queries_for_much_as_for_little(
    web: Client, plan: Plan, action: PlanAction, principal: User
) -> None:
    first = write(plan, "Một", principal)

    def cost() -> list[int]:
        found = []
        for page in (url("history", plan), url("compare", plan) + f"?cu={first.pk}"):
            with CaptureQueriesContext(connection) as queries:
                assert web.get(page).status_code == 200
            found.append(len(queries))
        return found

    cost()
    once = cost()
    for number in range(3):
        write(plan, f"Lần {number}", principal)
        actions.copy_action(action=action, by=principal)

    assert cost() == once


# --- trash ------------------------------------------------------------------------------------------------


def test_trash_gives_back_what_was_deleted(
    web: Client, plan: Plan, action: PlanAction, deputy: User
) -> None:
    actions.remove_action(action=action, by=deputy)
    page = web.get(url("trash", plan)).content.decode()

    answer = web.post(url("trash", plan), {"dong": f"planaction-{action.pk}"}, follow=True)
    again = web.post(url("trash", plan), {"dong": f"planaction-{action.pk}"}, follow=True)

    assert "Trần Văn Minh Họa xóa" in page
    assert "Rà soát thiết bị" in page
    assert "Đã đưa dòng này lại chỗ cũ" in answer.content.decode()
    assert "Dòng này không còn trong thùng rác." in again.content.decode()
    assert list(plan.actions.kept()) == [action]


# --- comments ---------------------------------------------------------------------------------------------


def test_comment_is_written_without_script_on_the_page_of_all(
    teacher_web: Client, plan: Plan, action: PlanAction, principal: User, teacher: User
) -> None:
    data = {"noi": f"viec-{action.pk}", "gui": principal.pk, "loi": "Nên làm sớm"}

    answer = teacher_web.post(url("comments", plan), data, follow=True)

    comment = Comment.objects.get()
    assert answer.redirect_chain == [(f"{url('comments', plan)}#viec-{action.pk}", 302)]
    assert (comment.author, comment.addressed_to, comment.action) == (teacher, principal, action)
    assert "Nên làm sớm" in answer.content.decode()


def test_comment_in_a_panel_answers_with_the_panel(
    teacher_web: Client, plan: Plan, teacher: User
) -> None:
    data = {"noi": "muc-purpose", "loi": "Xem lại mục này"}
    page = reverse("planning:section", args=[plan.pk, "purpose"])

    answer = teacher_web.post(url("comments", plan), data, headers=HTMX)

    told = answer.content.decode()
    assert answer.status_code == 200
    assert told.lstrip().startswith('<details class="kcl-talk" id="trao-doi-muc-purpose" open>')
    assert "Xem lại mục này" in told
    assert "Trao đổi: 1 đang chờ" in teacher_web.get(page).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["không script", "htmx"])
def test_refused_comment_keeps_its_words(
    teacher_web: Client, plan: Plan, headers: dict[str, str]
) -> None:
    data = {"noi": "muc-purpose", "gui": "99999", "loi": "Chữ đã gõ"}

    answer = teacher_web.post(url("comments", plan), data, headers=headers)

    assert answer.status_code == 422
    assert "Chữ đã gõ" in answer.content.decode()
    assert "Điều đã chọn không có trong danh sách" in answer.content.decode()
    assert not Comment.objects.exists()


def test_comment_of_nothing_but_an_unreadable_mark_is_refused(
    teacher_web: Client, plan: Plan
) -> None:
    answer = teacher_web.post(url("comments", plan), {"noi": "muc-purpose", "loi": "\x00"})

    assert answer.status_code == 422
    assert "Hãy ghi điều cần trao đổi." in answer.content.decode()


def test_place_that_is_gone_is_refused_in_the_panel_too(teacher_web: Client, plan: Plan) -> None:
    data = {"noi": '"><script>', "loi": "Chữ đã gõ"}

    answer = teacher_web.post(url("comments", plan), data, headers=HTMX)

    assert answer.status_code == 422
    assert "không còn trong kế hoạch" in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_closed_row_says_how_much_waits(
    web: Client, plan: Plan, action: PlanAction, teacher: User
) -> None:
    for body in ("Một", "Hai"):
        write_comment(plan=plan, action=action, body=body, by=teacher)

    page = web.get(reverse("planning:section", args=[plan.pk, "actions"])).content.decode()

    assert f'href="{url("comments", plan)}#viec-{action.pk}">2 trao đổi<' in page


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["không script", "htmx"])
def test_comment_is_solved_and_moves_to_the_solved_ones(
    web: Client, plan: Plan, teacher: User, headers: dict[str, str]
) -> None:
    comment = write_comment(plan=plan, section="purpose", body="Xem lại", by=teacher)

    answer = web.post(url("comment_solve", plan, comment.pk), headers=headers, follow=True)
    page = web.get(url("comments", plan))

    assert answer.status_code == 200
    assert (page.context["open"], [one["comment"] for one in page.context["solved"]]) == (
        [],
        [comment],
    )


def test_comments_about_a_deleted_row_say_so_and_lead_nowhere(
    web: Client, plan: Plan, action: PlanAction, principal: User, teacher: User
) -> None:
    write_comment(plan=plan, action=action, body="Xem lại", by=teacher)
    actions.remove_action(action=action, by=principal)

    [group] = web.get(url("comments", plan)).context["open"]

    assert (group["label"], group["url"]) == ("Việc ở Tiêu chí 1.4: Rà soát thiết bị (đã xóa)", "")


def test_comments_page_costs_as_many_queries_for_three_as_for_one(
    web: Client, plan: Plan, action: PlanAction, teacher: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            web.get(url("comments", plan))
        return len(queries)

    write_comment(plan=plan, action=action, body="Một", by=teacher)
    cost()
    once = cost()
    for body in ("Hai", "Ba"):
        write_comment(plan=plan, action=action, body=body, addressed_to=teacher, by=teacher)

    assert cost() == once


def test_home_page_counts_what_waits_for_me_and_what_is_mine(
    teacher_web: Client, plan: Plan, principal: User, teacher: User
) -> None:
    for body in ("Một", "Hai"):
        write_comment(plan=plan, section="purpose", body=body, addressed_to=teacher, by=principal)
    assign_part(plan=plan, section="purpose", user=teacher, by=principal)

    page = teacher_web.get("/").content.decode()

    assert "Xem 2 trao đổi gửi tới thầy cô" in page
    assert "Thầy cô được giao 1 mục hoặc tiêu chuẩn" in page


# --- assignments ------------------------------------------------------------------------------------------


def test_part_is_given_and_taken_back_by_ordinary_buttons(
    web: Client, plan: Plan, teacher: User
) -> None:
    standard = Standard.objects.get(framework=plan.framework, number=1)
    page = url("assignments", plan)

    web.post(page, {"phan": "muc-purpose", "nguoi": teacher.pk})
    given = web.post(page, {"phan": f"tieu-chuan-{standard.pk}", "nguoi": teacher.pk}, follow=True)
    first = Assignment.objects.get(section="purpose")
    web.post(url("assignment_take_back", plan, first.pk))

    assert "Đã giao cho Cô Đỗ Thị Cẩm Chướng." in given.content.decode()
    assert [one.standard for one in Assignment.objects.all()] == [standard]


@pytest.mark.parametrize(
    "data",
    [{}, {"phan": "muc-purpose"}, {"phan": "muc-actions", "nguoi": "1"}, {"phan": "x-\x00"}],
)
def test_what_cannot_be_given_is_refused_in_words(
    web: Client, plan: Plan, data: dict[str, str]
) -> None:
    answer = web.post(url("assignments", plan), data)

    assert answer.status_code == 422
    assert "<title>Lỗi: " in answer.content.decode()
    assert not Assignment.objects.exists()


def test_assignments_cost_as_many_queries_for_three_as_for_one(
    web: Client, plan: Plan, principal: User, deputy: User, teacher: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            web.get(url("assignments", plan))
            web.get(url("my_part", plan))
        return len(queries)

    assign_part(plan=plan, section="purpose", user=principal, by=principal)
    cost()
    once = cost()
    for person in (deputy, teacher):
        assign_part(plan=plan, section="purpose", user=person, by=principal)
    assign_part(plan=plan, section="closing", user=principal, by=principal)

    assert cost() == once


def test_my_part_says_to_who_only_reads_that_they_only_read(
    teacher_web: Client, web: Client, plan: Plan, principal: User, teacher: User
) -> None:
    for person in (principal, teacher):
        assign_part(plan=plan, section="purpose", user=person, by=principal)

    hers = teacher_web.get(url("my_part", plan)).content.decode()
    mine = web.get(url("my_part", plan)).content.decode()

    assert "Vai trò của thầy cô chỉ xem và trao đổi" in hers
    assert "Vai trò của thầy cô chỉ xem và trao đổi" not in mine
    assert reverse("planning:section", args=[plan.pk, "purpose"]) + "#muc-purpose" in mine
