"""What the rules found in a real browser: the panel follows each save, the field being typed in stays put."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.planning.models import Plan
from tests.browser.harness import assert_axe_clean, sign_in


@pytest.fixture
def plan(demo: None) -> Plan:
    """The kindergarten's plan for 2025-2026, without an error."""
    return Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)


@pytest.mark.parametrize("width", [360, 1280])
def test_panel_follows_each_save_and_the_field_stays_under_the_pointer(
    plan: Plan, page: Page, live_server: LiveServer, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, User.objects.get(username="hieutruong"), live_server.url)
    page.goto(reverse("planning:section", args=[plan.pk, "closing"]))
    field = page.locator("#chu-closing")
    panel = page.locator("#kiem-muc")
    expect(panel.get_by_role("listitem")).to_have_count(0)

    moved = []
    for typed, count in [
        ("Họp ngày … tháng 10.\n1. Một\n3. Ba", 2),
        ("1. Một\n2. Hai", 0),
        ("", 1),
    ]:
        field.fill(typed)
        before = field.bounding_box()
        expect(panel.get_by_role("listitem")).to_have_count(count, timeout=5000)
        after = field.bounding_box()
        assert before and after
        moved.append(round(after["y"] - before["y"]))

    assert max(map(abs, moved)) <= 1  # a page is scrolled by whole pixels
    expect(page.locator("#luu-closing")).to_contain_text("Đã lưu lúc")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_axe_clean(page)


def test_a_line_of_the_check_page_opens_the_very_field(
    plan: Plan, page: Page, live_server: LiveServer
) -> None:
    action = plan.actions.filter(criterion__number="1.6").get()
    plan.actions.filter(pk=action.pk).update(target_result="Phòng máy còn chật hẹp")
    sign_in(page, User.objects.get(username="hieutruong"), live_server.url)
    page.goto(reverse("planning:review", args=[plan.pk]))

    page.get_by_role("link", name="Tiêu chí 1.6: ô “Kết quả cần đạt”").click()

    field = page.locator(f"#id_{action.pk}_target_result")
    expect(field).to_be_in_viewport()
    field.fill("Phòng máy đủ chỗ cho 30 trẻ")
    page.get_by_role("button", name="Xong").click()
    expect(page.get_by_text("đang ghi một điểm yếu")).to_have_count(0)
