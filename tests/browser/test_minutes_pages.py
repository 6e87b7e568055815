"""The pages of minutes, notice and report as the office, the team and the school see them, at every width."""

from datetime import date

from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.minutes.models import Paper, PaperKind
from plans.planning.models import Plan
from tests.browser.harness import look_at, sign_in
from tests.factories import inspections, minutes


def test_pages_of_papers(demo: None, page: Page, live_server: LiveServer) -> None:
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    officer = User.objects.get(username="chuyenvien")
    body = officer.memberships.get().body
    campaign = inspections.campaign(body, year=plan.school_year)
    about = {"body": body, "lead": officer}
    concluded = inspections.inspection(plan, InspectionState.CONCLUDED, campaign=campaign, **about)
    concluded.findings.update(seen="Đã sửa nền bếp.", verdict="doing")
    planned = inspections.inspection(plan, InspectionState.PLANNED, **about)
    paper = minutes.paper(concluded, issued_on=date(2025, 10, 14))
    Inspection.objects.filter(pk=concluded.pk).update(minuted_at=concluded.concluded_at)
    sent = minutes.paper(planned, PaperKind.NOTICE)
    sign_in(page, officer, live_server.url)

    look_at(
        page,
        {
            "minutes-preview": reverse("minutes:preview", args=[concluded.pk]),
            "minutes-make": reverse("minutes:make", args=[concluded.pk]),
            "minutes-paper": reverse("minutes:paper", args=[paper.pk]),
            "minutes-papers": reverse("minutes:of_visit", args=[planned.pk]),
            "visit-notice": reverse("minutes:notice", args=[planned.pk]),
            "visit-notice-sent": reverse("minutes:paper", args=[sent.pk]),
            "visits-report": reverse("minutes:report", args=[campaign.pk]),
        },
    )
    Inspection.objects.filter(pk=concluded.pk).update(state=InspectionState.MINUTED)
    look_at(
        page,
        {
            "minutes-redo": reverse("minutes:redo", args=[concluded.pk]),
            "minutes-scan": reverse("minutes:scan", args=[paper.pk]),
            "minutes-to-sign": reverse("minutes:paper", args=[paper.pk]),
        },
    )


def test_page_of_a_notice_that_waits(demo: None, page: Page, live_server: LiveServer) -> None:
    officer, head = (User.objects.get(username=name) for name in ("chuyenvien", "lanhdao"))
    visit = Inspection.objects.get(school__symbol="MNHS", state=InspectionState.PLANNED)
    sign_in(page, officer, live_server.url)
    page.goto(reverse("minutes:notice", args=[visit.pk]))
    page.get_by_label("Số, ký hiệu").fill("07/TB-VHXH")
    page.get_by_label("Họ và tên người ký").fill(head.full_name)

    page.get_by_role("button", name="Trình ký rồi mới gửi").click()

    expect(page.get_by_role("main")).to_contain_text("Chờ ký, chưa phát hành")
    paper = Paper.objects.waiting().get()
    waiting = {"notice-waits": reverse("minutes:official", args=[paper.pk])}
    look_at(page, waiting)
    sign_in(page, head, live_server.url)
    look_at(page, waiting, "head-")
