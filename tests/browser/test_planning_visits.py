"""Planning visits in a browser: three clicks to an open record, by keyboard and without script; every page looked at."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.arranging import campaigns
from plans.arranging.calendar import AFTERNOON, MORNING
from plans.arranging.team import Seat, seat_of_user
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection, InspectionCampaign
from plans.schools.models import ManagingBody, School
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    look_at,
    sign_in,
)
from tests.factories import accounts, inspections, planning, schools

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def body() -> ManagingBody:
    schools.school_year(timezone.localdate().year)
    return schools.body("UBND xã An Phú")


@pytest.fixture
def school(body: ManagingBody) -> School:
    made = schools.school("Trường Mầm non Hoa Mai", managed_by=body)
    plan = planning.plan(made, year=schools.school_year(timezone.localdate().year))
    planning.action(plan, measures="Thay 2 kệ gỗ bằng kệ inox")
    return made


@pytest.fixture
def officer(body: ManagingBody) -> User:
    accounts.member(Role.BODY_LEAD, body=body, full_name="Ngô Thị Mẫu")
    return accounts.member(Role.OFFICER, body=body, full_name="Trần Văn Mẫu")


def with_calendar(body: ManagingBody, officer: User) -> InspectionCampaign:
    """A campaign with people, five schools drawn or ticked, and days for three of them."""
    own = [schools.school(f"Trường Mầm non Hoa Đào {n}", managed_by=body) for n in range(5)]
    first = inspections.monday_to_come()
    made = inspections.campaign(
        body,
        title="Kiểm tra học kỳ I",
        starts_on=first,
        ends_on=first + timedelta(days=11),
        legal_grounds="Thông tư số 15/2025/TT-BGDĐT;",
    )
    on = timezone.localdate()
    lead = seat_of_user(officer, TeamRole.LEAD, on=on)
    head = accounts.member(Role.PRINCIPAL, school=own[4], full_name="Lê Thị Mẫu")
    for seat in (lead, seat_of_user(head, TeamRole.MEMBER, on=on)):
        campaigns.add_campaign_member(campaign=made, seat=seat, by=officer)
    campaigns.draw_schools(campaign=made, pool=own[:4], share=50, seed="xsmb-0710", by=officer)
    campaigns.choose_schools(campaign=made, schools=own, by=officer)
    seats = [Seat.of(row) for row in campaigns.campaign_members(made)]
    campaigns.propose_visits(
        campaign=made, seats=seats, schools=own[:3], parts=[MORNING, AFTERNOON], by=officer
    )
    return made


def test_three_clicks_from_the_school_to_an_open_record(
    page: Page, live_server: LiveServer, officer: User, school: School
) -> None:
    sign_in(page, officer, live_server.url)
    page.goto(reverse("schools:school", args=[school.pk]))

    page.get_by_role("link", name="Kiểm tra trường này").click()
    page.get_by_role("button", name="Mở biên bản ngay").first.click()

    expect(page).to_have_url(re.compile(r"/kiem-tra/\d+/ghi/"))
    assert Inspection.objects.get().state == "open"


def test_three_clicks_work_without_script(
    browser: Browser, live_server: LiveServer, officer: User, school: School
) -> None:
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    sign_in(page, officer, live_server.url)
    page.goto(reverse("schools:school", args=[school.pk]))

    page.get_by_role("link", name="Kiểm tra trường này").click()
    page.get_by_role("button", name="Mở biên bản ngay").first.click()

    assert Inspection.objects.get().state == "open"
    page.context.close()


def test_visit_is_planned_by_keyboard_alone(
    page: Page, live_server: LiveServer, officer: User, school: School
) -> None:
    sign_in(page, officer, live_server.url)
    page.goto(reverse("inspecting:single", args=[school.pk]))

    page.get_by_label("Ngày kiểm tra").focus()
    page.keyboard.press("Enter")  # in a field it plans, and opens nothing

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Kiểm tra {school}")
    assert Inspection.objects.get().state == "planned"


def test_pages_of_planning_have_nothing_for_axe_and_fit_every_width(
    page: Page, live_server: LiveServer, officer: User, school: School, body: ManagingBody
) -> None:
    made = with_calendar(body, officer)
    visit = Inspection.objects.filter(campaign=made).order_by("planned_on")[0]
    waiting = campaigns.unscheduled(made)[0]
    sign_in(page, officer, live_server.url)
    campaign_pages = ("campaign", "change", "members", "schools", "draw", "calendar")
    addresses = {
        "visits": reverse("visits:list"),
        "visit": reverse("visits:visit", args=[visit.pk]),
        "single": reverse("inspecting:single", args=[school.pk]),
        "campaigns": reverse("inspecting:campaigns"),
        "add": reverse("inspecting:add", args=[body.pk]),
        **{name: reverse(f"inspecting:{name}", args=[made.pk]) for name in campaign_pages},
        "day": reverse("inspecting:day", args=[made.pk, waiting.pk]),
        **{
            name: reverse(f"inspecting:{name}", args=[visit.pk])
            for name in ("team", "reschedule", "cancel")
        },
    }
    look_at(page, addresses, "planning-")


def test_refused_form_takes_the_focus_and_leads_to_its_field(
    page: Page,
    watch: Watch,
    live_server: LiveServer,
    officer: User,
    school: School,
    body: ManagingBody,
) -> None:
    watch.allow("status of 422")
    made = with_calendar(body, officer)
    sign_in(page, officer, live_server.url)
    page.goto(reverse("inspecting:single", args=[school.pk]))
    page.get_by_label("Ngày kiểm tra").fill("mai")
    page.get_by_role("button", name="Lên lịch").first.click()

    expect(page.locator("#loi")).to_be_focused()
    assert_axe_clean(page)
    page.get_by_role("link", name="Ngày kiểm tra: Hãy ghi ngày, tháng, năm").click()
    expect(page.get_by_label("Ngày kiểm tra")).to_be_focused()

    page.goto(reverse("inspecting:members", args=[made.pk]))
    page.get_by_role("button", name="Thêm người được chọn").click()
    expect(page.locator("#loi")).to_be_focused()
    assert_axe_clean(page)
