"""The small tables over HTTP: rows open one at a time, save themselves, move, go and come back; without script too."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.accounts.models import Membership, User
from plans.history.models import Event
from plans.planning import actions, rows
from plans.planning.models import Plan, PlanRow
from plans.schools.models import School
from tests.plans.web.planning.test_editor import HOSTILE, HTMX, section

CELLS = ("standard", "criterion", "current_state", "weaknesses", "causes")


def url(name: str, row: PlanRow) -> str:
    return reverse(f"planning:{name}", args=[row.plan_id, row.pk])


def add_url(plan: Plan, table: str = "priorities") -> str:
    return reverse("planning:row_add", args=[plan.pk, table])


def typed(row: PlanRow, **cells: str) -> dict[str, object]:
    """What the browser posts from the open row."""
    return {name: row.text(name) for name in CELLS} | {"version": row.version} | cells


@pytest.fixture
def row(plan57: Plan, principal: User) -> PlanRow:
    return rows.add_row(plan=plan57, section="priorities", by=principal)


def monitoring(plan: Plan) -> list[PlanRow]:
    return list(plan.rows.filter(section="monitoring").order_by("position"))


# --- what the pages show ------------------------------------------------------------------------------------


def test_given_words_are_shown_filled_and_nobody_can_type_there(web: Client, plan57: Plan) -> None:
    School.objects.update(address="Đường Bờ Sen, xã An Phú")

    page = web.get(section(plan57, "general")).content.decode()
    saved = web.post(section(plan57, "general"), {"body": "Khác", "version": "0"})

    assert "Tên cơ sở giáo dục: Trường Mầm non Hoa Sen" in page
    assert "Địa chỉ: Đường Bờ Sen, xã An Phú" in page
    assert "<textarea" not in page
    assert saved.status_code == 404


def test_an_empty_table_says_what_to_do_and_adding_opens_the_row(web: Client, plan57: Plan) -> None:
    empty = web.get(section(plan57, "priorities")).content.decode()

    answer = web.post(add_url(plan57), headers=HTMX)

    told = answer.content.decode()
    assert "Chưa có vấn đề nào trong bảng." in empty
    assert answer["HX-Retarget"] == "#bang-priorities"
    assert told.count("data-open-row") == 1
    assert "Thêm vấn đề bên dưới" in told


def test_a_column_offers_the_standards_or_criteria_of_the_plan_and_takes_other_words(
    web: Client, row: PlanRow
) -> None:
    opened = web.get(url("row", row), headers=HTMX)

    form = opened.context["row_form"]
    offered = dict(form.pickers)
    framework = row.plan.framework
    assert [len(offered[name]) for name in offered] == [
        framework.standards.count(),
        len(framework.all_criteria()),
    ]
    assert f'list="ds-{row.pk}-standard"' in opened.content.decode()
    web.post(url("row", row), typed(row, standard="Tiêu chuẩn 2 và 4"), headers=HTMX)
    row.refresh_from_db()
    assert row.text("standard") == "Tiêu chuẩn 2 và 4"


def test_rows_of_the_form_show_their_words_and_cannot_be_deleted(web: Client, plan57: Plan) -> None:
    first = monitoring(plan57)[0]

    opened = web.get(url("row", first), headers=HTMX).content.decode()
    refused = web.post(url("row_remove", first), headers=HTMX)

    assert "Thời điểm:" in opened and "Cuối học kỳ I" in opened
    assert 'name="moment"' not in opened
    assert reverse("planning:row_remove", args=[plan57.pk, first.pk]) not in opened
    assert refused.status_code == 422
    assert "Dòng này là của mẫu kế hoạch nên không xóa được." in refused.content.decode()
    assert len(monitoring(plan57)) == 2


def test_a_cell_without_words_is_left_out_on_a_telephone(web: Client, plan57: Plan) -> None:
    """The stylesheet hides what is empty, and a line break inside a cell is not nothing."""
    page = web.get(section(plan57, "monitoring")).content.decode()

    assert page.count("<td></td>") == 2 * 4


def test_without_script_sua_leads_to_the_page_with_the_row_open(web: Client, row: PlanRow) -> None:
    answer = web.get(url("row", row), follow=True)

    page = section(row.plan, "priorities")
    assert answer.redirect_chain == [(f"{page}?dong={row.pk}#dong-{row.pk}", 302)]
    assert answer.content.decode().count("data-open-row") == 1


# --- saving -------------------------------------------------------------------------------------------------


def test_a_row_saves_itself_and_xong_closes_it(web: Client, row: PlanRow) -> None:
    saved = web.post(url("row", row), typed(row, causes="- Một;\r\n- Hai."), headers=HTMX)
    row.refresh_from_db()
    closed = web.post(url("row", row), typed(row, weaknesses="Ít") | {"done": "1"}, headers=HTMX)

    row.refresh_from_db()
    assert [saved.status_code, closed.status_code] == [200, 200]
    assert [saved["KCL-Saved"], closed["KCL-Saved"]] == ["1", "1"]
    assert f'id="id_dong{row.pk}_version" value="2"' in saved.content.decode()
    assert (row.text("causes"), row.text("weaknesses")) == ("- Một;\n- Hai.", "Ít")
    assert "data-open-row" not in closed.content.decode()


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_any_text_in_any_cell_is_kept_and_never_breaks_a_page(
    web: Client, row: PlanRow, words: str
) -> None:
    data = typed(row, **dict.fromkeys(CELLS, words[:20_000]))

    saved = web.post(url("row", row), data, headers=HTMX)
    table = web.get(section(row.plan, "priorities"))
    paper = web.get(reverse("planning:preview", args=[row.plan_id]))

    assert [saved.status_code, table.status_code, paper.status_code] == [200, 200, 200]
    assert "<script>alert" not in table.content.decode() + paper.content.decode()


def test_a_cell_past_the_limit_is_refused_and_stays_in_the_row(web: Client, row: PlanRow) -> None:
    words = "d" * 100_000

    answer = web.post(url("row", row), typed(row, causes=words))

    assert answer.status_code == 422
    assert answer.context["errors"] == [
        "Nguyên nhân: Ô này dài quá 20000 chữ (đang có 100000). Hãy chia bớt ra."
    ]
    assert f"{words}</textarea>" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["không script", "htmx"])
def test_two_people_in_one_row_keep_both_texts(
    web: Client, deputy_web: Client, row: PlanRow, headers: dict[str, str]
) -> None:
    deputy_web.post(url("row", row), typed(row, weaknesses="Chữ của thầy"))

    answer = web.post(url("row", row), typed(row, weaknesses="Chữ của cô"), headers=headers)

    told = answer.content.decode()
    row.refresh_from_db()
    assert answer.status_code == 409
    assert (row.text("weaknesses"), row.version) == ("Chữ của thầy", 2)
    assert "Điểm hạn chế: bản đang lưu" in told
    assert "Chữ của cô" in told
    assert f'form="o-dong-{row.pk}" name="take_version" value="2"' in told
    assert Event.objects.get(action="conflict.refused").before == {"weaknesses": "Chữ của cô"}


def test_after_a_conflict_her_own_text_can_be_saved_knowingly(
    web: Client, deputy_web: Client, row: PlanRow
) -> None:
    deputy_web.post(url("row", row), typed(row, weaknesses="Chữ của thầy"))
    mine = typed(row, weaknesses="Chữ của cô")

    answer = web.post(url("row", row), mine | {"take_version": "2"}, headers=HTMX)

    row.refresh_from_db()
    assert answer.status_code == 200
    assert row.text("weaknesses") == "Chữ của cô"


# --- adding, moving, deleting -------------------------------------------------------------------------------


def test_add_move_remove_and_undo(web: Client, row: PlanRow) -> None:
    plan = row.plan
    web.post(url("row", row), typed(row, weaknesses="Một"))
    web.post(add_url(plan), {"after": row.pk}, headers=HTMX)

    moved = web.post(url("row_move", row), {"up": "0"}, headers=HTMX)
    edge = web.post(url("row_move", row), {"up": "0"}, headers=HTMX)
    removed = web.post(url("row_remove", row), headers=HTMX)

    def order() -> list[str]:
        kept = plan.rows.filter(section="priorities", removed_at__isnull=True)
        return [one.text("weaknesses") for one in kept.order_by("position")]

    assert "Dòng này đã ở đầu hoặc cuối bảng" not in moved.content.decode()
    assert "Dòng này đã ở đầu hoặc cuối bảng" in edge.content.decode()
    assert "Đã xóa một vấn đề." in removed.content.decode()
    assert order() == [""]

    restored = web.post(url("row_restore", row), headers=HTMX)

    assert order() == ["", "Một"]
    assert restored.content.decode().count("data-open-row") == 1


def test_without_script_a_deleted_row_leaves_its_place_on_the_page(
    web: Client, row: PlanRow
) -> None:
    answer = web.post(url("row_remove", row), follow=True)

    assert answer.redirect_chain == [(f"{section(row.plan, 'priorities')}?bo={row.pk}", 302)]
    assert reverse("planning:row_restore", args=[row.plan_id, row.pk]) in answer.content.decode()


def test_what_is_no_table_or_no_row_of_it_is_not_found(
    web: Client, plan57: Plan, row: PlanRow
) -> None:
    beside = monitoring(plan57)[0]

    answers = [
        web.post(add_url(plan57, "actions")),
        web.post(add_url(plan57, "khong-co")),
        web.post(add_url(plan57), {"after": beside.pk}),
        web.post(url("row_restore", row)),
        web.get(reverse("planning:row", args=[plan57.pk, 10**9])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


def test_only_who_may_change_the_plan_sees_an_open_or_a_deleted_row(
    web: Client, row: PlanRow, principal: User, kindergarten: School
) -> None:
    gone = rows.save_row(row=row, cells={"causes": "Chữ đã xóa"}, version=1, by=principal)
    rows.remove_row(row=gone, by=principal)
    reader = User.objects.create_user("giaovien", full_name="Ngô Thị Mẫu")
    Membership.objects.create(user=reader, school=kindergarten, role="staff")
    other = Client()
    other.force_login(reader, backend="plans.accounts.backend.MembershipBackend")
    page = f"{section(row.plan, 'priorities')}?bo={row.pk}&dong={row.pk}"

    assert f'id="dong-{row.pk}"' in web.get(page).content.decode()
    assert f'id="dong-{row.pk}"' not in other.get(page).content.decode()
    assert "Trường chưa ghi phần này." in other.get(page).content.decode()


# --- the review, the table of actions -----------------------------------------------------------------------


def test_the_next_step_opens_the_row_that_lacks_something(web: Client, row: PlanRow) -> None:
    review = web.get(reverse("planning:review", args=[row.plan_id])).content.decode()

    opened = f"{section(row.plan, 'priorities')}?dong={row.pk}#dong-{row.pk}"
    assert f'href="{opened}"' in review
    assert "Vấn đề 1: chưa ghi tiêu chuẩn, đánh giá hiện trạng" in review


def test_an_address_that_nobody_noted_is_warned_of(web: Client, plan57: Plan) -> None:
    said = "hồ sơ trường chưa ghi địa chỉ trường, bản in chừa chỗ ghi tay"
    review = reverse("planning:review", args=[plan57.pk])

    before = web.get(review).content.decode()
    School.objects.update(address="Xã An Phú")

    assert said in before
    assert said not in web.get(review).content.decode()


def test_actions_of_the_new_form_are_called_by_their_number(
    web: Client, plan57: Plan, principal: User
) -> None:
    first = actions.add_action(plan=plan57, by=principal)
    actions.add_action(plan=plan57, by=principal)

    page = web.get(section(plan57, "actions")).content.decode()
    opened = web.get(reverse("planning:action", args=[plan57.pk, first.pk]), headers=HTMX)

    assert 'aria-label="Sửa việc 2"' in page
    assert "chưa chọn tiêu chí" not in page
    assert "Thêm việc vào Tiêu chuẩn" not in page
    assert list(opened.context["form"].fields) == [
        "version",
        "criterion",
        "subject",
        "target_result",
        "measures",
        "success_measures",
        "timeframe",
        "lead",
        "partners",
        "resources",
        "expected_evidence",
        "progress",
    ]


# --- queries ------------------------------------------------------------------------------------------------


def test_the_table_asks_the_same_number_of_queries_for_1_and_100_rows(
    web: Client, row: PlanRow
) -> None:
    page = f"{section(row.plan, 'priorities')}?dong={row.pk}"
    web.get(page)  # the framework's tree is read once in a process
    with CaptureQueriesContext(connection) as for_one:
        assert web.get(page).status_code == 200
    PlanRow.objects.bulk_create(
        PlanRow(plan=row.plan, section="priorities", position=n) for n in range(99)
    )

    with CaptureQueriesContext(connection) as for_many:
        assert web.get(page).status_code == 200

    assert len(for_one) == len(for_many)
