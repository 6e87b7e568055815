"""The check page, the panel of each page, the notes in cells, and what they say after a save."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.accounts.roles import Role
from plans.checking.catalogue import RULES
from plans.planning.models import Plan, PlanAction, PlanText
from tests.factories import accounts, planning
from tests.plans.checking.conftest import ROW, criterion

HTMX = {"HX-Request": "true"}


def page_of(plan: Plan, key: str) -> str:
    return reverse("planning:section", args=[plan.pk, key])


def review_of(plan: Plan) -> str:
    return reverse("planning:review", args=[plan.pk])


def lines(html: str) -> list[tuple[str, str, str]]:
    """Return (grade, address, message) of each line of a check panel."""
    found = re.findall(
        r"<li><span class=\"kcl-state.*?<span>([^<]+)</span></span>\s*<span><a href=\"([^\"]+)\">([^<]+)</a>",
        html,
        re.S,
    )
    return [(grade, unescape(url), unescape(message)) for grade, url, message in found]


def test_check_page_counts_and_each_line_leads_to_the_very_field(
    web: Client,
    clean: Plan,
    row: PlanAction,
) -> None:
    clean.actions.update(lead="", target_result="Bếp còn chật hẹp")
    PlanText.objects.filter(plan=clean, section="purpose").update(body="1. Một\n3. Ba")

    told = web.get(review_of(clean)).content.decode()

    table = f"{page_of(clean, 'actions')}?mo={row.pk}#id_{row.pk}"
    assert "Còn 1 lỗi, 2 cảnh báo" in told
    assert lines(told) == [
        ("Lỗi", f"{table}_lead", "Tiêu chí 3.2: chưa ghi chủ trì"),
        (
            "Cảnh báo",
            f"{page_of(clean, 'purpose')}#chu-purpose",
            "Mục đích, yêu cầu: sau mục 1 là mục 3, số thứ tự không liền nhau",
        ),
        (
            "Cảnh báo",
            f"{table}_target_result",
            "Tiêu chí 3.2: ô “Kết quả cần đạt” đang ghi một điểm yếu (“chật hẹp”)",
        ),
    ]


def test_every_line_leads_to_a_place_that_is_there(web: Client, clean: Plan) -> None:
    planning.action(clean, criterion=criterion(clean, "1.2"), **(ROW | {"band": "3", "lead": ""}))
    PlanText.objects.filter(plan=clean).update(body="Độc lập Tự do – Hạnh phúc")
    PlanText.objects.filter(plan=clean, section="closing").update(body="")
    Plan.objects.filter(pk=clean.pk).update(number="05", signer_name="Ngô Thị Đào")
    reader = Client()
    staff = accounts.member(Role.STAFF, school=clean.school)
    reader.force_login(staff, backend="plans.accounts.backend.MembershipBackend")

    for client in (web, reader):
        found = lines(client.get(review_of(clean)).content.decode())
        assert len(found) > 12
        for _, url, message in found:
            address, _, anchor = url.partition("#")
            assert f'id="{anchor}"' in client.get(address).content.decode(), message


def test_who_only_reads_is_led_to_the_place_on_the_page(
    clean: Plan,
    row: PlanAction,
) -> None:
    clean.actions.update(lead="")
    reader = Client()
    staff = accounts.member(Role.STAFF, school=clean.school)
    reader.force_login(staff, backend="plans.accounts.backend.MembershipBackend")

    told = reader.get(review_of(clean)).content.decode()

    assert [url for _, url, _ in lines(told)] == [f"{page_of(clean, 'actions')}#viec-{row.pk}"]


def test_a_clean_plan_says_so_in_one_line(web: Client, clean: Plan) -> None:
    told = web.get(review_of(clean)).content.decode()

    assert "<span>Không còn lỗi</span>" in told
    assert lines(told) == []


@pytest.mark.parametrize(
    ("change", "status", "state"),
    [
        ({"proposed_at": timezone.now()}, 422, "draft"),
        ({"target_result": "Bếp còn chật hẹp"}, 302, "finished"),
    ],
    ids=["lỗi", "cảnh báo"],
)
def test_an_error_blocks_finishing_and_a_warning_does_not(
    web: Client,
    clean: Plan,
    change: dict[str, object],
    status: int,
    state: str,
) -> None:
    clean.actions.update(**change)

    answer = web.post(reverse("planning:finish", args=[clean.pk]))

    assert (answer.status_code, Plan.objects.get(pk=clean.pk).state) == (status, state)


def test_a_refusal_begins_with_error_and_takes_the_focus(web: Client, plan: Plan) -> None:
    told = web.post(reverse("planning:finish", args=[plan.pk])).content.decode()

    assert "<title>Lỗi: " in told
    assert re.search(r'<section class="kcl-checks" role="alert" tabindex="-1" autofocus', told)


def test_panel_of_a_page_tells_what_was_found_on_it_alone(web: Client, clean: Plan) -> None:
    clean.actions.update(target_result="Bếp còn chật hẹp", proposed_at=timezone.now())

    table = web.get(page_of(clean, "actions")).content.decode()
    purpose = web.get(page_of(clean, "purpose")).content.decode()

    assert "Mục này còn 1 lỗi, 1 cảnh báo" in table
    assert [grade for grade, _, _ in lines(table)] == ["Lỗi", "Cảnh báo"]
    assert lines(purpose) == []


def test_cell_says_what_was_found_in_it(web: Client, clean: Plan) -> None:
    clean.actions.update(target_result="Bếp còn chật hẹp")

    told = web.get(page_of(clean, "actions")).content.decode()

    notes = re.findall(r'<span class="kcl-cell-note ([\w-]+)">.*?</svg>\s*(.*?)</span>', told, re.S)
    assert notes == [
        ("kcl-state-warn", "Cảnh báo: ô “Kết quả cần đạt” đang ghi một điểm yếu (“chật hẹp”)")
    ]


def test_a_long_panel_is_cut_and_leads_to_the_check_page(web: Client, clean: Plan) -> None:
    for _ in range(9):
        planning.action(clean, criterion=criterion(clean, "3.2"), **ROW)

    told = web.get(page_of(clean, "actions")).content.decode()

    assert len(lines(told)) == 8
    assert "Xem thêm 1 điều ở trang Kiểm tra" in told


def test_after_a_save_the_page_asks_how_things_stand(web: Client, clean: Plan) -> None:
    data = {"body": "1. Một\n3. Ba", "version": "1"}

    saved = web.post(page_of(clean, "purpose"), data, headers=HTMX)
    page = web.get(page_of(clean, "purpose")).content.decode()
    address = reverse("planning:checks", args=[clean.pk, "purpose"])
    told = web.get(address, headers=HTMX).content.decode()

    assert saved.headers["HX-Trigger"] == "kcl-saved"
    assert f'hx-get="{address}" hx-trigger="kcl-saved from:body' in page
    panel, _, rest = told.partition('hx-swap-oob="innerHTML:#buoc-tiep"')
    assert [message for _, _, message in lines(panel)] == [
        "Mục đích, yêu cầu: sau mục 1 là mục 3, số thứ tự không liền nhau"
    ]
    assert "kiểm tra lần cuối và bấm “Soạn xong”" in rest
    assert 'hx-swap-oob="innerHTML:#danh-sach-muc"' in rest


def test_how_things_stand_on_a_page_that_the_form_has_not_is_missing(
    web: Client, clean: Plan
) -> None:
    assert web.get(reverse("planning:checks", args=[clean.pk, "khong-co"])).status_code == 404


def test_next_step_is_the_first_error(web: Client, clean: Plan, row: PlanAction) -> None:
    clean.actions.update(proposed_at=timezone.now())

    told = web.get(page_of(clean, "purpose")).content.decode()

    step = re.search(r'Bước tiếp theo:</b> <a href="([^"]+)">([^<]+)</a>', told)
    assert step and step.groups() == (
        f"{page_of(clean, 'actions')}?mo={row.pk}#viec-{row.pk}",
        "sửa hoặc xác nhận dòng đề xuất ở Tiêu chí 3.2",
    )


def test_side_list_counts_what_was_found(web: Client, clean: Plan) -> None:
    clean.actions.update(target_result="Bếp còn chật hẹp", proposed_at=timezone.now())

    told = web.get(page_of(clean, "purpose")).content.decode()

    assert "<span>1 việc, đủ, 1 lỗi, 1 cảnh báo</span>" in told


def test_help_lists_every_question(db: None) -> None:
    told = unescape(Client().get(reverse("overview:help")).content.decode())

    assert [rule.question for rule in RULES if f"<li>{rule.question}</li>" not in told] == []


def test_check_page_asks_as_many_queries_for_3_rows_as_for_1(
    web: Client,
    clean: Plan,
) -> None:

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            web.get(review_of(clean))
        return len(seen)

    queries()
    with_one = queries()
    for number in ("1.1", "1.2"):
        planning.action(clean, criterion=criterion(clean, number), **ROW)

    assert queries() == with_one
