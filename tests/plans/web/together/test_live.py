"""What others changed meanwhile: nothing for nothing, else the very parts of the page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.accounts.models import User
from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.together.actions import write_comment


def ask(client: Client, plan: Plan, since: str, **more: object):  # type: ignore[no-untyped-def]
    data = {"since": since, "page": "purpose"} | more
    return client.get(reverse("together:news", args=[plan.pk]), data, headers={"HX-Request": "1"})


def token(plan: Plan) -> str:
    return Plan.objects.get(pk=plan.pk).changed_at.isoformat()


def write(plan: Plan, body: str, by: User, version: int = 0) -> None:
    actions.save_text(plan=plan, section="purpose", body=body, version=version, by=by)


def test_nothing_new_is_an_empty_answer_that_asks_only_who_and_which_plan(
    web: Client, plan: Plan
) -> None:
    since = token(plan)

    with CaptureQueriesContext(connection) as queries:
        answer = ask(web, plan, since)

    assert (answer.status_code, answer.content) == (204, b"")
    # The session, the person, their roles, the plan: the guard's own questions, and no other.
    assert len(queries) == 4


def test_page_names_the_moment_it_was_drawn_at(web: Client, plan: Plan) -> None:
    page = web.get(reverse("planning:section", args=[plan.pk, "purpose"]))

    assert f'name="since" value="{token(plan)}"' in page.content.decode()


def test_anothers_change_comes_as_the_parts_of_the_page_with_a_sentence(
    web: Client, plan: Plan, deputy: User
) -> None:
    since = token(plan)
    write(plan, "Chữ của thầy", deputy)

    told = ask(web, plan, since).content.decode()

    assert (
        '<p data-told="muc-purpose">Thầy Trần Văn Minh Họa vừa sửa “Mục đích, yêu cầu” lúc' in told
    )
    assert "Chữ của thầy</textarea>" in told
    assert 'id="v-purpose" value="1"' in told
    assert f'name="since" value="{token(plan)}"' in told


def test_words_typed_on_within_a_burst_come_too(web: Client, plan: Plan, deputy: User) -> None:
    write(plan, "Chữ", deputy)
    since = token(plan)
    write(plan, "Chữ của thầy", deputy, version=1)

    told = ask(web, plan, since).content.decode()

    assert "Chữ của thầy</textarea>" in told
    assert 'data-told="muc-purpose"' in told


def test_ones_own_change_brings_the_new_moment_alone(
    web: Client, plan: Plan, principal: User
) -> None:
    since = token(plan)
    write(plan, "Chữ của cô", principal)

    told = ask(web, plan, since).content.decode()

    assert f'name="since" value="{token(plan)}"' in told
    assert "<textarea" not in told


def test_open_row_comes_open(web: Client, plan: Plan, action: PlanAction, deputy: User) -> None:
    since = token(plan)
    actions.save_action(action=action, values={"lead": "Kế toán"}, version=2, by=deputy)

    told = ask(web, plan, since, page="actions", mo=action.pk).content.decode()

    assert f'id="o-{action.pk}"' in told
    assert "Kế toán</textarea>" in told


def test_deleted_row_is_said_to_be_deleted(
    web: Client, plan: Plan, action: PlanAction, deputy: User
) -> None:
    since = token(plan)
    actions.remove_action(action=action, by=deputy)

    told = ask(web, plan, since, page="actions", mo=action.pk).content.decode()

    assert f'data-told="viec-{action.pk}">Thầy Trần Văn Minh Họa vừa xóa “Việc ở' in told
    assert f'id="viec-{action.pk}"' not in told


def test_row_that_one_just_deleted_oneself_can_still_be_had_back(
    web: Client, plan: Plan, action: PlanAction, principal: User, deputy: User
) -> None:
    actions.remove_action(action=action, by=principal)
    since = token(plan)
    write(plan, "Chữ của thầy", deputy)

    told = ask(web, plan, since, page="actions", xoa=action.pk).content.decode()

    assert f'<tr class="kcl-undo" id="viec-{action.pk}">' in told


def test_who_only_reads_is_shown_the_words_and_no_form(
    plan: Plan, action: PlanAction, teacher: User, deputy: User
) -> None:
    client = Client()
    client.force_login(teacher, backend="plans.accounts.backend.MembershipBackend")
    since = token(plan)
    actions.save_action(action=action, values={"lead": "Kế toán"}, version=2, by=deputy)

    told = ask(client, plan, since, page="actions", mo=action.pk).content.decode()

    assert "Kế toán" in told
    assert "data-autosave" not in told


def test_finished_meanwhile_is_said_on_every_page(
    web: Client, plan: Plan, action: PlanAction, deputy: User
) -> None:
    since = (plan.created_at - timedelta(seconds=5)).isoformat()
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at=plan.created_at)
    actions.reopen_plan(plan=plan, by=deputy)

    told = ask(web, plan, since).content.decode()
    since = token(plan)
    actions.save_action(action=action, values={"lead": "Kế toán"}, version=2, by=deputy)
    later = ask(web, plan, since).content.decode()

    assert '<p data-told="">Thầy Trần Văn Minh Họa vừa mở lại kế hoạch để sửa lúc' in told
    assert 'data-told=""' not in later
    assert "data-told=" in later


@pytest.mark.parametrize("since", ["", "x", "2026-01-01", "0001-01-01T00:00:00+00:00", "9" * 40])
def test_a_broken_moment_is_taken_for_a_while_ago(
    web: Client, plan: Plan, deputy: User, since: str
) -> None:
    write(plan, "Chữ của thầy", deputy)

    answer = ask(web, plan, since)

    assert answer.status_code == 200
    assert "Chữ của thầy</textarea>" in answer.content.decode()


def test_a_page_that_the_form_has_not_is_missing(web: Client, plan: Plan, deputy: User) -> None:
    write(plan, "Chữ của thầy", deputy)

    assert ask(web, plan, "", page="khong-co").status_code == 404


def test_what_people_say_is_no_change_of_the_plan(web: Client, plan: Plan, teacher: User) -> None:
    since = token(plan)
    write_comment(plan=plan, section="purpose", body="Xem lại", by=teacher)

    assert ask(web, plan, since).status_code == 204
