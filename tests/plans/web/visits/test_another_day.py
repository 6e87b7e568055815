"""A record that is opened on another day than planned: every page and paper names the day of the visit."""

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from docx import Document as read_docx

from plans.accounts.models import User
from plans.arranging import visit_news
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.states import InspectionState
from plans.notices.models import Notice
from plans.schools.models import School
from tests.factories import accounts, inspections, planning, schools
from tests.plans.web.minutes.conftest import browser

pytestmark = pytest.mark.django_db

LATE = 9  # days


@pytest.fixture
def campaign(school: School) -> InspectionCampaign:
    return inspections.campaign(school.body_links.get().body)


@pytest.fixture
def school() -> School:
    made = schools.school("Trường Mầm non Hoa Sen")
    schools.school_body(made, schools.body("UBND xã Mẫu"))
    return made


def held(
    school: School, state: InspectionState, campaign: InspectionCampaign, **values: object
) -> tuple[Inspection, User]:
    """A visit planned LATE days before its record was opened, which is today; and its tổ trưởng."""
    lead = accounts.user(full_name="Trần Thị Tổ Trưởng")
    planned = timezone.localdate() - timedelta(days=LATE)
    visit = inspections.inspection(
        planning.plan(school), state, lead=lead, planned_on=planned, campaign=campaign, **values
    )
    return visit, lead


def words(day: date) -> set[str]:
    """A day in the ways in which pages, papers and bundles write it."""
    return {f"{day:%d/%m/%Y}", f"{day.day:02d} tháng {day.month}", f"{day:%Y-%m-%d}"}


def named(text: str, visit: Inspection) -> tuple[bool, bool]:
    """Say whether a text names the day of the visit, and whether it names the planned one."""
    plain = re.sub(r"<[^>]+>", "", text)
    return tuple(  # type: ignore[return-value]
        any(one in plain for one in words(day)) for day in (visit.visited_on, visit.planned_on)
    )


@pytest.mark.parametrize(
    ("state", "pages"),
    [
        ("open", ["visits:visit", "inspecting:cancel", "visits:bundle", "followups:of_visit"]),
        ("concluded", ["visits:visit", "replies:replies", "followups:of_visit"]),
        ("minuted", ["visits:visit", "replies:replies", "followups:of_visit"]),
        ("done", ["visits:visit", "replies:replies", "followups:of_visit"]),
    ],
)
def test_pages_of_the_visit(
    school: School, campaign: InspectionCampaign, state: InspectionState, pages: list[str]
) -> None:
    visit, lead = held(school, state, campaign)
    officer = accounts.member("officer", body=visit.body)

    for page in pages:
        person = lead if page == "visits:bundle" else officer
        answer = browser(person).get(reverse(page, args=[visit.pk]))
        assert answer.status_code == 200, page
        assert named(answer.content.decode(), visit) == (True, False), page


@pytest.mark.parametrize("state", ["open", "concluded", "minuted"])
def test_lists_and_calendar(
    school: School, campaign: InspectionCampaign, state: InspectionState
) -> None:
    visit, _ = held(school, state, campaign)
    officer = browser(accounts.member("officer", body=visit.body))

    for page, about in [
        ("visits:list", []),
        ("inspecting:calendar", [campaign.pk]),
        ("followups:overview", []),
    ]:
        text = officer.get(reverse(page, args=about)).content.decode()
        assert named(text, visit) == (True, False), page


@pytest.mark.parametrize(
    ("state", "to_school", "to_team"),
    [
        ("open", "kiểm tra tại trường ngày {day}", "Buổi kiểm tra ngày {day} đang mở biên bản"),
        ("concluded", "Phản hồi nhận xét của tổ kiểm tra ngày {day}", "Kiểm tra ngày {day}; thời"),
        ("minuted", "", "Kiểm tra ngày {day}; biên bản đã lập"),
    ],
)
def test_first_pages(
    school: School,
    campaign: InspectionCampaign,
    state: InspectionState,
    to_school: str,
    to_team: str,
) -> None:
    visit, lead = held(school, state, campaign, replied_at=None, replied_by=None)
    principal, day = browser(accounts.member(school=school)), f"{visit.visited_on:%d/%m/%Y}"

    text = principal.get("/").content.decode()
    # The team is told to make the minutes once the school's time is over.
    Inspection.objects.filter(pk=visit.pk).update(reply_until=visit.planned_on)
    of_team = browser(lead).get("/").content.decode()

    assert to_school.format(day=day) in text
    assert to_team.format(day=day) in of_team
    assert not any(f"{visit.planned_on:%d/%m/%Y}" in one for one in (text, of_team))


def test_an_office_counts_the_open_record_under_the_day_on_which_it_was_opened(
    school: School, campaign: InspectionCampaign
) -> None:
    visit, _ = held(school, InspectionState.OPEN, campaign)
    old = datetime.combine(timezone.localdate() - timedelta(days=3), time(8))
    officer = browser(accounts.member("officer", body=visit.body))

    assert "1 buổi hôm nay" in officer.get("/").content.decode()
    Inspection.objects.filter(pk=visit.pk).update(opened_at=timezone.make_aware(old))
    assert "buổi kiểm tra từ hôm nay" not in officer.get("/").content.decode()


def test_news_to_the_team(school: School, campaign: InspectionCampaign) -> None:
    visit, lead = held(school, InspectionState.OPEN, campaign)
    seat = visit.members.get(role=TeamRole.LEAD)
    by = accounts.user()
    news = (visit_news.tell_of_leaving, visit_news.tell_of_lead)

    for tell in news:
        tell(visit, seat, by=by)
    visit_news.tell_of_visit(visit, [seat], by=by)

    told = list(Notice.objects.filter(person=lead).values_list("text", flat=True))
    assert [named(text, visit) for text in told] == [(True, False)] * 3
    begun = timezone.localtime(visit.opened_at)
    hour = f"{begun.hour} giờ {begun.minute:02d}" if begun.minute else f"{begun.hour} giờ"
    assert all(f"từ {hour}" in text for text in told)


def test_empty_form_and_exported_minutes(
    school: School, campaign: InspectionCampaign, tmp_path: Path
) -> None:
    """A school that changed its name between the two days stands there as on the day of the visit."""
    visit, _ = held(school, InspectionState.OPEN, campaign)
    school.names.update(valid_to=visit.planned_on + timedelta(days=1))
    school.names.create(name="Trường Mầm non Sao Mai", valid_from=visit.visited_on)
    officer = browser(accounts.member("officer", body=visit.body))
    path = tmp_path / "bien-ban.docx"

    blank = officer.get(reverse("minutes:blank_word", args=[visit.pk]))
    call_command("export_minutes", inspection=visit.pk, format="docx", output=path)

    assert named(blank.headers["Content-Disposition"], visit) == (True, False)
    for content in (blank.content, path.read_bytes()):
        text = "\n".join(one.text for one in read_docx(BytesIO(content)).paragraphs)
        assert ("Sao Mai" in text, "Hoa Sen" in text) == (True, False)
