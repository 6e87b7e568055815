"""Follow-up items: looked at at every width; a journey by ordinary forms alone, from report to next year's plan."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.followups import actions
from plans.followups.models import FollowUp
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.planning.models import Plan
from tests.browser.harness import (
    Watch,
    look_at,
    sign_in,
)
from tests.browser.test_keyboard import Keys
from tests.factories import followups, inspections
from tests.factories.pictures import jpeg


def user(name: str) -> User:
    return User.objects.get(username=name)


@pytest.fixture
def plan(demo: None) -> Plan:
    return Plan.objects.for_editing().get(school__symbol="MNHS", school_year__start_year=2025)


@pytest.fixture
def visit(plan: Plan) -> Inspection:
    """A visit whose minutes are signed, with three items: overdue, due soon, reported."""
    today = timezone.localdate()
    visit = inspections.inspection(plan, InspectionState.DONE, by=user("chuyenvien"))
    first, second, third = visit.findings.order_by("position")[:3]
    rows = [
        (first, {"due_on": today - timedelta(days=12), "due": "tuần trước"}),
        (second, {"due_on": today + timedelta(days=5), "body": "Mua thêm tủ thuốc. " * 12}),
        (third, {"due_on": None, "due": "", "owner": "", "body": "Họp tổ mỗi tháng."}),
    ]
    items = [followups.follow_up(inspections.recommendation(f), **v) for f, v in rows]
    actions.report_item(item=items[2], note="Đã họp.", version=1, by=user("hieutruong"))
    return visit


def test_pages_of_the_school(
    page: Page, plan: Plan, visit: Inspection, live_server: LiveServer
) -> None:
    sign_in(page, user("hieutruong"), live_server.url)
    item = visit.follow_ups.order_by("pk")[0]

    look_at(
        page,
        {
            "home": "/",
            "list": reverse("followups:list"),
            "item": reverse("followups:item", args=[item.pk]),
            "plan": reverse("followups:plan", args=[plan.pk]),
            "visit": reverse("followups:of_visit", args=[visit.pk]),
        },
        "follow-ups-",
    )


def test_pages_of_the_office(
    page: Page, plan: Plan, visit: Inspection, live_server: LiveServer
) -> None:
    sign_in(page, user("chuyenvien"), live_server.url)
    item = visit.follow_ups.get(state="reported")
    year = plan.school_year.start_year

    look_at(
        page,
        {
            "office-home": "/",
            "office-list": reverse("followups:list"),
            "office-item": reverse("followups:item", args=[item.pk]),
            "overview": f"{reverse('followups:overview')}?nam={year}",
        },
        "follow-ups-",
    )


def test_from_report_to_next_years_plan_without_script(
    plan: Plan,
    visit: Inspection,
    browser: Browser,
    live_server: LiveServer,
    watch: Watch,
    tmp_path: Path,
) -> None:
    item = visit.follow_ups.order_by("pk")[0]
    url = reverse("followups:item", args=[item.pk])
    proof = tmp_path / "kệ mới.png"
    proof.write_bytes(jpeg((300, 200)))
    cut_off = tmp_path / "kệ cũ.jpg"
    cut_off.write_bytes(jpeg()[:2000])
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()

    sign_in(page, user("hieutruong"), live_server.url)
    page.goto("/")
    page.get_by_role("link", name="Thực hiện kiến nghị: Thay 2 kệ gỗ").click()
    form = page.locator(f'form[action="{url}da-lam/"]')
    form.get_by_label("Đã làm gì").fill("Đã thay ngày 20/4.")
    form.get_by_label("Minh chứng").set_input_files(cut_off)
    form.get_by_role("button", name="Báo đã làm xong").click()
    expect(page.get_by_role("alert")).to_contain_text("“kệ cũ.jpg”: Không đọc được ảnh này.")
    expect(form.get_by_label("Đã làm gì")).to_have_value("Đã thay ngày 20/4.")
    form.get_by_label("Minh chứng").set_input_files(proof)
    form.get_by_role("button", name="Báo đã làm xong").click()
    expect(page.get_by_text("Đã báo làm xong.")).to_be_visible()
    page.get_by_role("button", name="Đưa vào kế hoạch").click()
    expect(page.get_by_text("Đã đưa 1 kiến nghị vào bảng việc.")).to_be_visible()

    sign_in(page, user("chuyenvien"), live_server.url)
    page.goto(f"{reverse('followups:list')}?trang_thai=reported")
    page.get_by_role("link", name="Thay 2 kệ gỗ").click()
    expect(page.get_by_role("link", name="kệ mới.jpg")).to_be_visible()
    page.get_by_role("button", name="Xác nhận đã hoàn thành").click()
    expect(page.get_by_text("Đã xác nhận kiến nghị hoàn thành.")).to_be_visible()
    context.close()

    done = FollowUp.objects.get(pk=item.pk)
    assert (done.state, done.carried_to.plan if done.carried_to else None) == ("verified", plan)


def test_report_by_keyboard(page: Page, visit: Inspection, live_server: LiveServer) -> None:
    sign_in(page, user("hieutruong"), live_server.url)
    item = visit.follow_ups.order_by("pk")[0]
    page.goto(reverse("followups:item", args=[item.pk]))
    keys = Keys(page)

    keys.skip()
    keys.to("textbox", "Đã làm gì.*")
    keys.type("Đã thay ngày 20/4.")
    keys.follow("button", "Báo đã làm xong")

    expect(page.get_by_text("Đã báo làm xong.")).to_be_visible()
    assert FollowUp.objects.get(pk=item.pk).state == "reported"
