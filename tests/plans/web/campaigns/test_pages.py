"""Campaigns and an office's rules over HTTP: an officer's way, refusals, the school's own view."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.issuing.models import OfficeRule
from plans.schools.models import ManagingBody, School
from plans.submitting.models import Campaign
from tests.factories import accounts, campaigns, planning, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> ManagingBody:
    return schools.body("UBND xã An Phú")


@pytest.fixture
def school(body: ManagingBody) -> School:
    return schools.school("Trường Mầm non Hoa Mai", managed_by=body)


@pytest.fixture
def officer(body: ManagingBody, client: Client) -> User:
    person = accounts.member(Role.OFFICER, body=body)
    client.force_login(person)
    return person


def running(body: ManagingBody, *asked: School, **values: Any) -> Campaign:
    """A campaign that asks today, with ten days left."""
    today = timezone.localdate()
    days = {"opens_on": today - timedelta(days=5), "deadline": today + timedelta(days=10)}
    return campaigns.campaign(body, *asked, **(days | values))


def page(client: Client, name: str, *arguments: int, **asked: Any) -> str:
    answer = client.get(reverse(f"campaigns:{name}", args=arguments), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, name: str, *arguments: int, **typed: Any) -> HttpResponse:
    return client.post(reverse(f"campaigns:{name}", args=arguments), typed)


def new(**typed: Any) -> dict[str, Any]:
    return {
        "title": "Đợt nộp năm học",
        "school_year": schools.school_year().pk,
        "opens_on": "01/09/2025",
        "deadline": "15/10/2025",
        "remind_days": "7, 3,1",
        "note": "Gửi bản ký số.",
    } | typed


# --- opening and changing ---------------------------------------------------------------------------------


def test_officer_opens_a_campaign_for_the_kinds_ticked(
    client: Client, officer: User, body: ManagingBody, school: School
) -> None:
    schools.school(kind="primary", managed_by=body)

    answer = send(client, "add", body.pk, **new(kinds=["preschool"]))

    campaign = Campaign.objects.get()
    assert answer.headers["Location"] == reverse("campaigns:campaign", args=[campaign.pk])
    assert [row.school for row in campaign.schools.all()] == [school]
    assert (campaign.remind_days, campaign.note) == ([7, 3, 1], "Gửi bản ký số.")
    assert "Đợt nộp năm học" in page(client, "list")


def test_campaign_without_kinds_leads_to_the_choice_of_schools(
    client: Client, officer: User, body: ManagingBody, school: School
) -> None:
    answer = send(client, "add", body.pk, **new())

    campaign = Campaign.objects.get()
    choice = reverse("campaigns:schools", args=[campaign.pk])
    assert answer.headers["Location"] == choice
    assert str(school) in page(client, "schools", campaign.pk)
    assert send(client, "schools", campaign.pk, viec="them", truong=[school.pk]).status_code == 302
    assert campaign.schools.count() == 1
    assert send(client, "schools", campaign.pk, viec="bo", truong=[school.pk]).status_code == 302
    assert campaign.schools.count() == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "Hãy ghi tên đợt nộp."),
        ({"title": "x" * 201}, "Ô này dài nhất là 200 chữ."),
        ({"title": "a\x00b"}, "Ô này có ký tự không đọc được."),
        ({"deadline": "30/2/2025"}, "Hãy ghi ngày, tháng, năm"),
        ({"deadline": "01/08/2025"}, "Hạn nộp không được trước ngày mở đợt."),
        ({"remind_days": "bảy"}, "Hãy ghi các số ngày"),
        ({"remind_days": "61"}, "Số ngày nhắc trước là từ 0 đến 60."),
        ({"form": "x"}, "Mẫu này không có trong danh sách."),
        ({"kinds": ["x"]}, "Loại hình này không có trong danh sách."),
    ],
)
def test_what_makes_no_sense_is_refused_with_words_and_kept_in_the_form(
    client: Client, officer: User, body: ManagingBody, typed: dict[str, Any], words: str
) -> None:
    answer = send(client, "add", body.pk, **new(**typed))

    html = answer.content.decode()
    assert (answer.status_code, words in html, "Gửi bản ký số." in html) == (422, True, True)
    assert not Campaign.objects.exists()


def test_officer_changes_a_campaign(client: Client, officer: User, body: ManagingBody) -> None:
    campaign = running(body)

    answer = send(client, "change", campaign.pk, **new(version=1, remind_days=""))

    campaign.refresh_from_db()
    assert answer.status_code == 302
    assert (campaign.title, campaign.remind_days, campaign.version) == ("Đợt nộp năm học", [], 2)


def test_change_over_another_persons_shows_both_and_loses_nothing(
    client: Client, officer: User, body: ManagingBody
) -> None:
    campaign = running(body)
    send(client, "change", campaign.pk, **new(version=1, note="Bản của người khác"))

    answer = send(client, "change", campaign.pk, **new(version=1, note="Bản của tôi"))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Bản của người khác" in html and "Bản của tôi" in html
    assert Event.objects.get(action="conflict.refused").before["note"] == "Bản của tôi"
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    send(client, "change", campaign.pk, **new(version=version.group(1), note="Bản của tôi"))
    campaign.refresh_from_db()
    assert campaign.note == "Bản của tôi"


# --- one campaign -----------------------------------------------------------------------------------------


def test_page_shows_where_each_school_stands_and_filters(
    client: Client, officer: User, body: ManagingBody, school: School
) -> None:
    other = schools.school("Trường Tiểu học Sông Quê", managed_by=body)
    campaign = running(body, school, other)
    campaigns.sent(planning.plan(other), campaign, timezone.localdate())

    html = page(client, "campaign", campaign.pk)
    owing = page(client, "campaign", campaign.pk, tinh_trang="chua_gui")
    late = page(client, "campaign", campaign.pk, tinh_trang="qua_han")
    strange = page(client, "campaign", campaign.pk, tinh_trang="x")

    assert "Chưa lập kế hoạch: 1" in html and "Đã gửi đúng hạn: 1" in html
    assert "còn 10 ngày" in html
    assert [str(school) in owing, str(other) in owing] == [True, False]
    assert "Không có trường nào ở tình trạng này." in late
    assert "Tình trạng này không có trong danh sách." in strange


def test_officer_extends_the_deadline_of_the_ticked_schools(
    client: Client, officer: User, body: ManagingBody, school: School
) -> None:
    other = schools.school(managed_by=body)
    campaign = running(body, school, other)
    to = campaign.deadline + timedelta(days=7)

    answer = send(
        client, "extend", campaign.pk, truong=[school.pk], to=f"{to:%d/%m/%Y}", reason="Mưa lũ"
    )

    assert answer.status_code == 302
    dates = dict(campaign.schools.values_list("school", "extended_to"))
    assert dates == {school.pk: to, other.pk: None}
    assert "Đã gia hạn: Mưa lũ" in page(client, "campaign", campaign.pk)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": ""}, "Hãy ghi lý do gia hạn."),
        ({"to": ""}, "Hãy ghi ngày gia hạn."),
        ({"to": "01/01/2020"}, "Ngày gia hạn phải sau hạn chung của đợt"),
        ({"truong": ["x", "9" * 30]}, "Hãy chọn ít nhất một trường của đợt."),
    ],
)
def test_extension_that_makes_no_sense_is_refused_and_keeps_what_was_ticked(
    client: Client,
    officer: User,
    body: ManagingBody,
    school: School,
    typed: dict[str, Any],
    words: str,
) -> None:
    campaign = running(body, school)
    to = f"{campaign.deadline + timedelta(days=7):%d/%m/%Y}"

    answer = send(
        client, "extend", campaign.pk, **({"truong": [school.pk], "to": to, "reason": "Lũ"} | typed)
    )

    html = answer.content.decode()
    assert (answer.status_code, words in html) == (422, True)
    assert (f'value="{school.pk}" checked' in html) == ("truong" not in typed)
    assert campaign.schools.get().extended_to is None


def test_closed_campaign_is_shown_and_takes_nothing(
    client: Client, officer: User, body: ManagingBody, school: School
) -> None:
    campaign = running(body, school)

    assert send(client, "close", campaign.pk).status_code == 302
    html = page(client, "campaign", campaign.pk)

    assert "Đã đóng ngày" in html and "Gia hạn cho" not in html
    for name in ("close", "extend", "change", "schools"):
        typed = new(version=2, to="01/01/2099", reason="x", truong=[school.pk])
        assert send(client, name, campaign.pk, **typed).status_code == 403


def test_workbook_is_text_that_no_formula_runs_in(
    client: Client, officer: User, body: ManagingBody
) -> None:
    name = '=HYPERLINK("http://x","Trường")'
    campaign = running(body, schools.school(name, managed_by=body))

    answer = client.get(reverse("campaigns:workbook", args=[campaign.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == name]
    assert [cell.data_type for cell in cells] == ["s"]
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="tinh-hinh-nop-{campaign.pk}.xlsx"'
    )


def test_queries_do_not_grow_with_campaigns_or_schools(
    client: Client, officer: User, body: ManagingBody
) -> None:
    def asked_of(count: int) -> list[int]:
        asked = [schools.school(managed_by=body) for _ in range(count)]
        campaign = [running(body, *asked) for _ in range(count)][0]
        for one in asked:
            campaigns.sent(planning.plan(one), campaign, timezone.localdate())
        found = []
        for name, arguments in [
            *(("list", []), ("campaign", [campaign.pk]), ("schools", [campaign.pk])),
            ("workbook", [campaign.pk]),
        ]:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"campaigns:{name}", args=arguments))
            found.append(len(queries))
        return found

    assert asked_of(1) == asked_of(3)


# --- the school's own view --------------------------------------------------------------------------------


def test_school_sees_its_campaign_on_its_first_page(
    client: Client, body: ManagingBody, school: School
) -> None:
    schools.school_year(timezone.localdate().year)
    campaign = running(body, school, note="Gửi bản ký số.")
    running(body, schools.school(managed_by=body), title="Đợt của trường khác")
    client.force_login(accounts.member(school=school))

    html = client.get(reverse("overview:home")).content.decode()

    assert campaign.title in html and "còn 10 ngày" in html and "Gửi bản ký số." in html
    assert "Đợt của trường khác" not in html


# --- the office's rules -----------------------------------------------------------------------------------


@pytest.fixture
def lead(body: ManagingBody, client: Client) -> User:
    person = accounts.member(Role.BODY_LEAD, body=body)
    client.force_login(person)
    return person


def test_lead_sets_the_rule_of_the_office(client: Client, lead: User, body: ManagingBody) -> None:
    assert "không duyệt kế hoạch" in page(client, "office_rule", body.pk)

    answer = send(
        client,
        "office_rule",
        body.pk,
        approves_plans="on",
        answer_within_days="10",
        valid_from="01/01/2026",
    )

    rule = OfficeRule.objects.get()
    assert answer.status_code == 302
    assert (rule.approves_plans, rule.allows_key_files, rule.answer_within_days) == (
        True,
        False,
        10,
    )
    html = page(client, "office_rule", body.pk)
    assert "cơ quan duyệt kế hoạch của trường" in html and "01/01/2026" in html
    assert reverse("campaigns:office_rule", args=[body.pk]) in page(client, "list")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"answer_within_days": "0"}, "Hãy ghi một số ngày từ 1 đến 90."),
        ({"answer_within_days": "x"}, "Hãy ghi một số ngày từ 1 đến 90."),
        ({"valid_from": ""}, "Hãy ghi ngày bắt đầu áp dụng."),
    ],
)
def test_rule_that_makes_no_sense_is_refused(
    client: Client, lead: User, body: ManagingBody, typed: dict[str, str], words: str
) -> None:
    answer = send(
        client,
        "office_rule",
        body.pk,
        **({"answer_within_days": "5", "valid_from": "01/01/2026"} | typed),
    )

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not OfficeRule.objects.exists()
