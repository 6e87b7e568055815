"""The back office, as the one administrator sees it."""

from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.schools.models import School, SchoolCalendar
from tests.browser.harness import Watch, assert_axe_clean, sign_in


def test_the_back_office_passes_axe(
    demo: None, page: Page, live_server: LiveServer, watch: Watch
) -> None:
    watch.allow(
        "Applying inline style"
    )  # Django's own pages carry some; the policy holds for them too
    sign_in(page, User.objects.get(username="quantri"), live_server.url)
    school = School.objects.get(symbol="MNHS")
    pages = [reverse("admin:index"), reverse("admin:plans_school_change", args=[school.pk])]
    calendar = SchoolCalendar.objects.order_by("pk")[0]
    pages += [reverse("admin:plans_schoolcalendar_change", args=[calendar.pk])]
    lists = ("school", "plan", "user", "event", "schoolcalendar", "comment", "planform")
    pages += [reverse(f"admin:plans_{name}_changelist") for name in lists]

    for address in pages:
        page.goto(address)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert_axe_clean(page)
