"""The small tables of a form in a real browser: typed, saved by itself, moved, deleted, brought back."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.planning.models import Plan, PlanRow
from tests.browser.harness import assert_axe_clean, sign_in


@pytest.fixture
def plan(demo: None) -> Plan:
    """The lower secondary school's plan for 2026-2027, with four issues."""
    return Plan.objects.get(school__symbol="THCSHD", school_year__start_year=2026)


def address(plan: Plan, key: str) -> str:
    return reverse("planning:section", args=[plan.pk, key])


def causes(plan: Plan) -> list[str]:
    kept = PlanRow.objects.filter(plan=plan, section="priorities", removed_at__isnull=True)
    return [row.text("causes") for row in kept.order_by("position")]


def test_an_issue_is_written_moved_deleted_and_brought_back(
    plan: Plan, page: Page, live_server: LiveServer
) -> None:
    before = causes(plan)
    sign_in(page, User.objects.get(username="hieutruong2"), live_server.url)
    page.goto(address(plan, "priorities"))

    page.get_by_role("button", name="Thêm vấn đề").click()
    row = page.locator("form[data-open-row]")
    expect(row.get_by_label("Tiêu chuẩn", exact=True)).to_be_focused()
    page.keyboard.type("Tiêu chuẩn 2: Phát triển đội ngũ")
    row.get_by_label("Nguyên nhân").fill("- Một;")
    expect(row.get_by_role("status")).to_contain_text("Đã lưu lúc", timeout=5000)
    # Words not yet saved go before the row changes its place.
    row.get_by_label("Nguyên nhân").fill("- Một;\n- Hai.")
    row.get_by_role("button", name="Chuyển lên").click()
    expect(page.locator("#bang-priorities tr[id]").nth(3)).to_have_class("kcl-open")
    expect(page.get_by_role("button", name="Chuyển lên")).to_be_focused()
    assert_axe_clean(page)
    assert causes(plan) == [*before[:3], "- Một;\n- Hai.", before[3]]

    page.get_by_role("button", name="Xóa vấn đề này").click()
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_focused()
    assert causes(plan) == before
    page.keyboard.press("Enter")
    expect(page.locator("form[data-open-row]")).to_have_count(1)
    page.get_by_role("button", name="Xong").click()
    expect(page.locator("form[data-open-row]")).to_have_count(0)

    assert causes(plan) == [*before[:3], "- Một;\n- Hai.", before[3]]
    side = page.get_by_role("navigation", name="Các mục của kế hoạch")
    expect(side.get_by_role("link", name=re.compile("IV\\."))).to_contain_text(
        "5 vấn đề, 1 chỗ thiếu"
    )


def test_monitoring_is_written_without_script(
    plan: Plan, browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, User.objects.get(username="hieutruong2"), live_server.url)
    page.goto(address(plan, "monitoring"))

    page.get_by_role("link", name="Sửa Cuối năm học").click()
    page.get_by_label("Kết quả thực hiện").fill("Đạt 4 trên 5 chỉ số")
    page.get_by_role("button", name="Xong").click()
    page.get_by_role("button", name="Thêm lần theo dõi").click()
    page.get_by_label("Thời điểm").fill("Cuối tháng 3")
    page.get_by_role("button", name="Xong").click()

    expect(page.locator("form[data-open-row]")).to_have_count(0)
    rows = PlanRow.objects.filter(plan=plan, section="monitoring").order_by("position")
    assert [(row.fixed_number, row.text("moment"), row.text("outcome")) for row in rows] == [
        (0, "", ""),
        (1, "", "Đạt 4 trên 5 chỉ số"),
        (None, "Cuối tháng 3", ""),
    ]
    context.close()
