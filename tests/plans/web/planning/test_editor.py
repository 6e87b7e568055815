"""The editor over HTTP: saving, conflicts, refusals; with htmx and without any script."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from criteria.models import Criterion
from plans.accounts.models import Membership, User
from plans.history.models import Event
from plans.planning import actions
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanText
from plans.schools.models import School

HTMX = {"HX-Request": "true"}

HOSTILE = {
    "script": "<script>alert('x')</script>",
    "công thức": '=HYPERLINK("file:///etc/passwd")',
    "ảnh": "<img src=file:///etc/passwd>",
    "nhập kiểu": "</textarea></style>@import url(http://example.org/x.css);",
    "phải sang trái": "\u202egnorT\u202c \u200f\u200e",
    "hình": "🌸👩\u200d🏫",
    "tách dấu": "Ke\u0302\u0301 hoa\u0323ch",
    "một chữ dài": "d" * 100_000,
    "NUL": "tr\x00ường",
}


def section(plan: Plan, key: str) -> str:
    return reverse("planning:section", args=[plan.pk, key])


def criterion(plan: Plan, number: str) -> Criterion:
    return Criterion.objects.get(standard__framework=plan.framework, number=number)


def action_url(name: str, action: PlanAction) -> str:
    return reverse(f"planning:{name}", args=[action.plan_id, action.pk])


@pytest.fixture
def action(plan: Plan, principal: User) -> PlanAction:
    return actions.add_action(plan=plan, by=principal, criterion=criterion(plan, "1.4"), band="1,2")


def row_form(action: PlanAction, **typed: str) -> dict[str, object]:
    """What the browser posts from the open row."""
    fields = ("current_state", "target_result", "measures", "lead", "partners", "timeframe")
    fields += ("budget_text", "other_support", "remarks")
    values: dict[str, object] = {name: getattr(action, name) for name in fields}
    return values | {
        "version": action.version,
        "criterion": action.criterion_id or "",
        "levels": list(action.levels),
        **typed,
    }


# --- texts ------------------------------------------------------------------------------------------------


def test_autosave_answers_with_the_time_the_new_version_and_the_side_list(
    web: Client, plan: Plan
) -> None:
    data = {"body": "1. Một\r\n2. Hai", "version": "0"}

    answer = web.post(section(plan, "purpose"), data, headers=HTMX)

    told = answer.content.decode()
    assert answer.status_code == 200
    assert "Đã lưu lúc" in told
    assert (
        '<input type="hidden" name="version" id="v-purpose" value="1" hx-swap-oob="true">' in told
    )
    assert PlanText.objects.get(plan=plan).body == "1. Một\n2. Hai"


def test_without_script_the_same_form_saves_and_comes_back(web: Client, plan: Plan) -> None:
    answer = web.post(section(plan, "purpose"), {"body": "Một", "version": "0"}, follow=True)

    assert answer.redirect_chain == [(section(plan, "purpose"), 302)]
    assert answer.context["messages"]._loaded_data[0].message == "Đã lưu."
    assert PlanText.objects.get(plan=plan).body == "Một"


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_any_text_is_kept_shown_and_printed_as_typed(web: Client, plan: Plan, typed: str) -> None:
    saved = web.post(section(plan, "purpose"), {"body": typed, "version": "0"}, headers=HTMX)
    page = web.get(section(plan, "purpose"))
    paper = web.get(reverse("planning:preview", args=[plan.pk]))

    assert [saved.status_code, page.status_code, paper.status_code] == [200, 200, 200]
    assert page.context["parts"][0]["body"] == PlanText.objects.get(plan=plan).body
    for answer in (page, paper):
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=file" not in answer.content.decode()


def test_a_text_past_the_limit_is_refused_in_words_and_stays_in_the_page(
    web: Client, plan: Plan
) -> None:
    typed = "d" * 100_001

    answer = web.post(section(plan, "purpose"), {"body": typed, "version": "0"})

    assert answer.status_code == 422
    assert answer.context["errors"] == [
        "Ô này dài quá 100000 chữ (đang có 100001). Hãy chia bớt ra."
    ]
    assert answer.context["typed_body"] == typed
    assert "<title>Lỗi: " in answer.content.decode()
    assert not PlanText.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_broken_version_is_refused_and_writes_nothing(
    web: Client, plan: Plan, version: str
) -> None:
    answer = web.post(section(plan, "purpose"), {"body": "Một", "version": version}, headers=HTMX)

    assert answer.status_code == 422
    assert not PlanText.objects.exists()


@pytest.mark.parametrize("key", ["grounds", "actions", "result_grid", "khong-co"])
def test_only_sections_of_text_can_be_written(web: Client, plan: Plan, key: str) -> None:
    answer = web.post(section(plan, key), {"body": "Một", "version": "0"}, headers=HTMX)

    assert answer.status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["không script", "htmx"])
def test_the_second_of_two_writers_is_told_and_both_texts_are_kept(
    web: Client, deputy_web: Client, plan: Plan, headers: dict[str, str]
) -> None:
    deputy_web.post(section(plan, "purpose"), {"body": "Chữ của thầy", "version": "0"})

    answer = web.post(
        section(plan, "purpose"), {"body": "Chữ của cô", "version": "0"}, headers=headers
    )

    told = answer.content.decode()
    assert answer.status_code == 409
    assert "Trần Văn Minh Họa vừa lưu nội dung khác ở chỗ này" in told
    assert "Chữ của thầy" in told
    assert "Chữ của cô" in told
    assert PlanText.objects.get(plan=plan).body == "Chữ của thầy"
    assert Event.objects.get(action="conflict.refused").before == {"body": "Chữ của cô"}


def test_after_a_conflict_her_own_text_can_be_saved_knowingly(
    web: Client, deputy_web: Client, plan: Plan
) -> None:
    deputy_web.post(section(plan, "purpose"), {"body": "Chữ của thầy", "version": "0"})
    web.post(section(plan, "purpose"), {"body": "Chữ của cô", "version": "0"}, headers=HTMX)

    # the button "Lưu bản của thầy cô" adds the version that the person has now seen
    data = {"body": "Chữ của cô", "version": "0", "take_version": "1"}
    answer = web.post(section(plan, "purpose"), data, headers=HTMX)

    assert answer.status_code == 200
    assert PlanText.objects.get(plan=plan).body == "Chữ của cô"


def test_a_page_that_goes_on_from_its_own_unseen_save_meets_no_conflict(
    web: Client, plan: Plan
) -> None:
    web.post(section(plan, "purpose"), {"body": "Một", "version": "0"}, headers=HTMX)
    sent = json.dumps({"body": ["Một"]})
    later = {"body": "Một hai", "version": "0", "sent": sent}

    assert web.post(section(plan, "purpose"), later, headers=HTMX).status_code == 200
    assert PlanText.objects.get(plan=plan).body == "Một hai"


@pytest.mark.parametrize(
    "sent", ["", "x", "[]", "null", '{"body": []}', '{"body": ["Khác"]}', "9" * 999]
)
def test_a_page_that_only_claims_to_have_saved_is_second_all_the_same(
    web: Client, deputy_web: Client, plan: Plan, sent: str
) -> None:
    deputy_web.post(
        section(plan, "purpose"), {"body": "Chữ của thầy", "version": "0"}, headers=HTMX
    )
    mine = {"body": "Chữ của cô", "version": "0", "sent": sent}

    assert web.post(section(plan, "purpose"), mine, headers=HTMX).status_code == 409
    assert PlanText.objects.get(plan=plan).body == "Chữ của thầy"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["không script", "htmx"])
def test_two_people_in_one_row_keep_both_texts(
    web: Client, deputy_web: Client, action: PlanAction, headers: dict[str, str]
) -> None:
    hers = row_form(action, measures="Việc của cô")
    deputy_web.post(action_url("action", action), row_form(action, measures="Việc của thầy"))

    answer = web.post(action_url("action", action), hers, headers=headers)

    told = answer.content.decode()
    action.refresh_from_db()
    assert answer.status_code == 409
    assert (action.measures, action.version) == ("Việc của thầy", 2)
    assert "Công việc/giải pháp cần thực hiện: bản đang lưu" in told
    assert "Việc của cô" in told
    assert f'form="o-{action.pk}" name="take_version" value="2"' in told
    assert Event.objects.get(action="conflict.refused").before == {"measures": "Việc của cô"}


# --- results ----------------------------------------------------------------------------------------------


def test_a_result_is_saved_by_choosing_it(web: Client, plan: Plan) -> None:
    url = reverse("planning:result", args=[plan.pk, criterion(plan, "1.1").pk])

    answer = web.post(url, {"level": "3", "version": "0"}, headers=HTMX)

    assert answer.status_code == 200
    assert CriterionResult.objects.get(plan=plan).level == 3


def test_a_second_level_without_script_keeps_the_choice_and_says_both_in_words(
    web: Client, deputy_web: Client, plan: Plan
) -> None:
    url = reverse("planning:result", args=[plan.pk, criterion(plan, "1.1").pk])
    deputy_web.post(url, {"level": "0", "version": "0"})

    answer = web.post(url, {"level": "2", "version": "0"})

    told = answer.content.decode()
    assert answer.status_code == 409
    assert [one["theirs"] for one in answer.context["texts"]] == ["Không đạt"]
    assert [one["mine"] for one in answer.context["texts"]] == ["Mức 2"]
    assert '<option value="2" selected>Mức 2</option>' in told
    assert CriterionResult.objects.get(plan=plan).level == 0


@pytest.mark.parametrize("level", ["3", "7", "x", "\x00"])
def test_a_level_that_the_criterion_lacks_cannot_be_chosen(
    web: Client, plan: Plan, level: str
) -> None:
    url = reverse("planning:result", args=[plan.pk, criterion(plan, "1.2").pk])

    answer = web.post(url, {"level": level, "version": "0"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Tiêu chí 1.2: hãy chọn một mức trong danh sách." in answer.content.decode()
    assert not CriterionResult.objects.exists()


# --- the table --------------------------------------------------------------------------------------------


def test_the_table_shows_rows_as_printed_and_opens_one(web: Client, action: PlanAction) -> None:
    closed = web.get(section(action.plan, "actions")).content.decode()
    opened = web.get(action_url("action", action), headers=HTMX).content.decode()

    assert closed.count("data-open-row") == 0
    assert opened.count("data-open-row") == 1
    assert "MỨC 1, 2" in closed
    assert f'id="viec-{action.pk}"' in opened


def test_without_script_sua_leads_to_the_page_with_the_row_open(
    web: Client, action: PlanAction
) -> None:
    answer = web.get(action_url("action", action), follow=True)

    assert answer.redirect_chain == [
        (f"{section(action.plan, 'actions')}?mo={action.pk}#viec-{action.pk}", 302)
    ]
    assert answer.content.decode().count("data-open-row") == 1


def test_a_row_saves_itself_and_xong_closes_it(web: Client, action: PlanAction) -> None:
    typed = {"measures": "- Họp tổ;\r\n- Ghi biên bản.", "budget_text": "30-40tr triệu/năm"}

    saved = web.post(action_url("action", action), row_form(action, **typed), headers=HTMX)
    action.refresh_from_db()
    data = row_form(action, lead="PHT", done="1")
    closed = web.post(action_url("action", action), data, headers=HTMX)

    action.refresh_from_db()
    assert [saved.status_code, closed.status_code] == [200, 200]
    assert (action.measures, action.budget_text, action.lead, action.version) == (
        "- Họp tổ;\n- Ghi biên bản.",
        "30-40tr triệu/năm",
        "PHT",
        3,
    )
    assert closed["HX-Retarget"] == "#bang-viec"
    assert "data-open-row" not in closed.content.decode()


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_any_text_in_any_cell_is_kept_and_never_breaks_a_page(
    web: Client, action: PlanAction, typed: str
) -> None:
    names = ("current_state", "target_result", "measures", "lead", "timeframe", "remarks")
    data = row_form(action, **dict.fromkeys(names, typed[:20_000]))

    saved = web.post(action_url("action", action), data, headers=HTMX)
    table = web.get(section(action.plan, "actions"))

    assert [saved.status_code, table.status_code] == [200, 200]
    assert "<script>alert" not in table.content.decode()


def test_a_cell_of_a_hundred_thousand_signs_is_refused_and_stays_in_the_row(
    web: Client, action: PlanAction
) -> None:
    typed = "d" * 100_000

    answer = web.post(action_url("action", action), row_form(action, remarks=typed))

    assert answer.status_code == 422
    assert answer.context["errors"] == [
        "Ghi chú: Ô này dài quá 20000 chữ (đang có 100000). Hãy chia bớt ra."
    ]
    assert answer.context["form"]["remarks"].value() == typed


def test_a_criterion_of_another_framework_is_refused_in_words(
    web: Client, action: PlanAction
) -> None:
    data = row_form(action) | {"criterion": "999999"}

    answer = web.post(action_url("action", action), data, headers=HTMX)

    assert answer.status_code == 422
    assert "Tiêu chuẩn, tiêu chí" in answer.content.decode()


def test_add_copy_move_remove_and_undo(web: Client, action: PlanAction) -> None:
    plan = action.plan
    web.post(reverse("planning:action_add", args=[plan.pk]), {"after": action.pk}, headers=HTMX)
    web.post(action_url("action_copy", action), headers=HTMX)
    web.post(action_url("action_move", action), {"up": "0"}, headers=HTMX)
    removed = web.post(action_url("action_remove", action), headers=HTMX)

    assert plan.actions.kept().count() == 2
    assert "Đã xóa một việc ở Tiêu chí 1.4" in removed.content.decode()

    web.post(action_url("action_restore", action), headers=HTMX)

    assert plan.actions.kept().count() == 3


def test_an_action_of_another_plan_is_not_found(
    web: Client, action: PlanAction, plan: Plan
) -> None:
    url = reverse("planning:action", args=[plan.pk, action.pk + 1000])

    assert [web.get(url).status_code, web.post(url).status_code] == [404, 404]


# --- heading, review, states --------------------------------------------------------------------------------


def test_month_and_signer_are_saved_and_a_number_is_not_taken(web: Client, plan: Plan) -> None:
    data = {
        "version": plan.version,
        "number": "20a",
        "document_month": "2025-10",
        "document_date": "2025-10-20",
        "signing_capacity": "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG",
        "signer_name": "Trần Văn Minh Họa",
    }

    answer = web.post(reverse("planning:heading", args=[plan.pk]), data, headers=HTMX)

    plan.refresh_from_db()
    assert answer.status_code == 200
    assert (
        plan.number,
        plan.document_date,
        f"{plan.document_month:%m/%Y}",
        plan.signing_capacity,
        plan.signer_name,
    ) == (
        "",
        None,
        "10/2025",
        "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG",
        "Trần Văn Minh Họa",
    )


def test_a_capacity_of_two_lines_is_taken_from_a_browser_without_script(
    web: Client, plan: Plan
) -> None:
    data = {
        "version": plan.version,
        "signing_capacity": "KT. HIỆU TRƯỞNG\r\nPHÓ HIỆU TRƯỞNG",
        "signer_name": "Trần Văn Minh Họa",
    }

    assert web.post(reverse("planning:heading", args=[plan.pk]), data).status_code == 302
    plan.refresh_from_db()
    assert plan.signing_capacity == "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG"


def test_only_who_may_change_the_plan_sees_an_open_or_a_deleted_row(
    web: Client, action: PlanAction, kindergarten: School
) -> None:
    actions.save_action(
        action=action, values={"measures": "Chữ đã xóa"}, version=1, by=User.objects.earliest("pk")
    )
    actions.remove_action(action=action, by=User.objects.earliest("pk"))
    reader = User.objects.create_user("giaovien", full_name="Ngô Thị Mẫu")
    Membership.objects.create(user=reader, school=kindergarten, role="staff")
    other = Client()
    other.force_login(reader, backend="plans.accounts.backend.MembershipBackend")
    page = f"{section(action.plan, 'actions')}?xoa={action.pk}&mo={action.pk}"

    assert "Chữ đã xóa" in web.get(page).content.decode()
    assert "Chữ đã xóa" not in other.get(page).content.decode()


def test_a_month_that_is_none_is_refused_with_what_to_write(web: Client, plan: Plan) -> None:
    data = {
        "version": plan.version,
        "document_month": "13/2025",
        "signing_capacity": "HIỆU TRƯỞNG",
    }

    answer = web.post(reverse("planning:heading", args=[plan.pk]), data, headers=HTMX)

    assert answer.status_code == 422
    told = "Tháng, năm trên văn bản: Hãy ghi tháng và năm, ví dụ 09/2025."
    assert told in answer.content.decode()


def test_review_names_what_is_missing_and_finish_refuses(web: Client, plan: Plan) -> None:
    answer = web.post(reverse("planning:finish", args=[plan.pk]))

    assert answer.status_code == 422
    assert "Mục đích, yêu cầu: chưa có nội dung" in answer.content.decode()
    assert Plan.objects.get().state == "draft"


def test_a_finished_plan_shows_its_words_and_takes_no_more(web: Client, plan: Plan) -> None:
    Plan.objects.update(state="finished", finished_at=timezone.now())

    page = web.get(section(plan, "purpose"))
    saved = web.post(section(plan, "purpose"), {"body": "Một", "version": "0"}, headers=HTMX)

    assert page.status_code == 200
    assert 'name="body"' not in page.content.decode()
    assert saved.status_code == 403
    assert not PlanText.objects.exists()


# --- who --------------------------------------------------------------------------------------------------


def test_a_membership_that_ends_takes_effect_on_the_next_request(
    web: Client, plan: Plan, principal: User
) -> None:
    before = web.get(section(plan, "purpose")).status_code
    Membership.objects.filter(user=principal).delete()

    after = web.get(section(plan, "purpose")).status_code

    assert (before, after) == (200, 404)


def test_an_expired_log_in_says_so_where_the_save_status_stands(client: Client, plan: Plan) -> None:
    answer = client.post(section(plan, "purpose"), {"body": "Một", "version": "0"}, headers=HTMX)

    assert answer.status_code == 401
    assert "Phiên đăng nhập đã hết. Chữ vẫn giữ trên máy này." in answer.content.decode()


def test_only_a_save_that_was_made_is_marked_as_one(
    web: Client, plan: Plan, principal: User
) -> None:
    """The page drops its own copy of the words on that mark alone, never on a mere 200."""
    made = web.post(section(plan, "purpose"), {"body": "Một", "version": "0"}, headers=HTMX)
    second = web.post(section(plan, "purpose"), {"body": "Hai", "version": "0"}, headers=HTMX)
    refused = web.post(section(plan, "purpose"), {"body": "Ba", "version": "x"}, headers=HTMX)
    User.objects.filter(pk=principal.pk).update(must_change_password=True)
    halted = web.post(section(plan, "purpose"), {"body": "Bốn", "version": "1"}, headers=HTMX)

    told = [(a.status_code, a.get("KCL-Saved")) for a in (made, second, refused, halted)]
    assert told == [(200, "1"), (409, None), (422, None), (401, None)]
    assert PlanText.objects.get(plan=plan).body == "Một"


# --- queries ----------------------------------------------------------------------------------------------


def queries(web: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert web.get(url).status_code == 200
    return len(seen)


def test_the_editor_asks_the_same_number_of_queries_for_1_and_100_rows(
    web: Client, plan: Plan, principal: User
) -> None:
    row = actions.add_action(plan=plan, by=principal, criterion=criterion(plan, "1.4"), band="1,2")
    url = f"{section(plan, 'actions')}?mo={row.pk}"
    queries(web, url)  # the framework's tree is read once in a process
    with_one = queries(web, url)
    PlanAction.objects.bulk_create(
        PlanAction(plan=plan, criterion=criterion(plan, "1.1"), band="1,2", position=n)
        for n in range(99)
    )

    with_hundred = queries(web, url)

    assert with_one == with_hundred
    # Two ask what people say, and to whom one may say it.
    # Six of them load what surrounds the plan: bodies, last year (2), members, council, earlier promises.
    # One counts the person's unread notices; four tell the next step (body, campaign, document, last sending).
    assert with_hundred <= 23
