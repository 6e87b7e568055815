"""The pages on which a body sets its layout; exports and preview follow it together."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from criteria.enums import SchoolKind
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.documents.style import DEFAULT_LAYOUT
from plans.formats.layout_rules import measures_of
from plans.planning.models import BodyLayout, Plan
from plans.schools.models import ManagingBody
from tests.factories import accounts, criteria, formats, planning, schools
from tests.plans.documents.reading import docx_part, page_texts, poppler

pytestmark = pytest.mark.django_db
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lead(body: ManagingBody) -> Client:
    return signed_in(accounts.member(Role.BODY_LEAD, body=body))


def typed(**changed: Any) -> dict[str, Any]:
    return measures_of(DEFAULT_LAYOUT) | {"valid_from": "01/09/2025"} | changed


@pytest.fixture
def plan() -> Plan:
    school = schools.school(managed_by=schools.body("UBND xã Đông"))
    made = planning.plan(school, year=schools.school_year(2025))
    planning.plan_text(made, body="Khắc phục điểm yếu của năm học trước. " * 20)
    return made


def left_edge_mm(pdf: bytes) -> float:
    """Return where the text of page one begins, mm from the paper's edge."""
    edges = re.findall(r'xMin="([\d.]+)"', poppler("pdftotext", pdf, "-bbox", "-l", "1"))
    return round(min(map(float, edges)) * 25.4 / 72, 1)


def left_margin_mm(word: bytes) -> float:
    """Return the left margin that a DOCX asks for."""
    margin = docx_part(word, "word/document.xml").find(f".//{_W}pgMar")
    assert margin is not None
    return round(int(margin.get(f"{_W}left")) / 1440 * 25.4, 1)


def looks(client: Client, plan: Plan, folder: Path) -> dict[str, Any]:
    """Return body size and left margin as each way out of the program has them."""
    pages = {
        name: client.get(reverse("planning:download", args=[plan.pk, name])).content
        for name in ("pdf", "docx")
    }
    preview = client.get(reverse("planning:preview", args=[plan.pk])).content.decode()
    sheet = re.search(r'href="([^"]*ban-in\.css[^"]*)"', preview)
    assert sheet is not None
    call_command("export_plan", plan=plan.pk, format="docx", output=folder / "a.docx")
    return {
        "pdf": left_edge_mm(pages["pdf"]),
        "docx": left_margin_mm(pages["docx"]),
        "command": (folder / "a.docx").read_bytes() == pages["docx"],
        "preview": "13pt" in _body_rule(Client().get(sheet[1]).content.decode()),
    }


def _body_rule(css: str) -> str:
    found = re.search(r"\.official\s*\{[^}]*\}", css)
    assert found is not None
    return found[0]


@pytest.mark.slow
def test_pdf_word_and_preview_change_together(plan: Plan, tmp_path: Path) -> None:
    client = signed_in(accounts.member(school=plan.school))

    before = looks(client, plan, tmp_path)
    body = plan.school.body_links.get().body
    formats.layout(body, margin_left_mm=35, body_size=13)
    after = looks(client, plan, tmp_path)

    assert before == {"pdf": 30.0, "docx": 30.0, "command": True, "preview": False}
    assert after == {"pdf": 35.0, "docx": 35.0, "command": True, "preview": True}


def test_document_of_an_earlier_day_keeps_its_layout(plan: Plan) -> None:
    client = signed_in(accounts.member(school=plan.school))
    formats.layout(margin_left_mm=35, valid_from=date(2026, 1, 1))

    word = client.get(reverse("planning:download", args=[plan.pk, "docx"])).content

    assert left_margin_mm(word) == 30.0


@pytest.mark.parametrize("number", ["0", "999999999", "1" * 30, "x", "-1"])
def test_sheet_of_a_layout_that_is_not_there_is_missing(number: str) -> None:
    answer = Client().get(reverse("planning:paper_css"), {"the_thuc": number})

    assert answer.status_code == 404


def test_lead_sets_the_layout_of_their_body() -> None:
    body = schools.body("UBND xã Đông")
    client, page = lead(body), reverse("formats:layout", args=[body.pk])

    shown = client.get(page).content.decode()
    answer = client.post(page, typed(margin_left_mm="32,5"))

    row = BodyLayout.objects.get()
    assert 'value="12,7"' in shown
    assert answer.headers["Location"] == reverse("formats:layouts")
    assert (row.body, row.data["margin_left_mm"], row.valid_from) == (body, 32.5, date(2025, 9, 1))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"margin_left_mm": "10"}, "lề trái cách mép trái 30 đến 35 mm"),
        ({"motto_size": "14"}, "tiêu ngữ lớn hơn cỡ chữ quốc hiệu 1 pt"),
        ({"body_size": "to"}, "Hãy ghi một số"),
        ({"body_size": "nan"}, "Hãy ghi một số"),
        ({"body_size": "1e999"}, "Hãy ghi một số"),
        ({"valid_from": "31/02/2026"}, "Hãy ghi ngày, tháng, năm"),
    ],
)
def test_layout_that_may_not_be_is_refused_and_what_was_typed_stays(
    changed: dict[str, str], words: str
) -> None:
    body = schools.body()
    page = reverse("formats:layout", args=[body.pk])

    answer = lead(body).post(page, typed(**changed))

    assert (answer.status_code, BodyLayout.objects.count()) == (422, 0)
    assert words in answer.content.decode()
    assert f'value="{next(iter(changed.values()))}"' in answer.content.decode()


@pytest.mark.slow
def test_preview_prints_the_typed_measures_and_keeps_nothing() -> None:
    criteria.framework(kind=SchoolKind.PRIMARY)
    planning.plan_form()
    schools.school_year(timezone.localdate().year - 1)
    body = schools.body()
    page = reverse("formats:layout_preview", args=[body.pk])

    answer = lead(body).post(page, typed(margin_left_mm=35, valid_from=""))

    text = page_texts(answer.content)[0]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert left_edge_mm(answer.content) == 35.0
    assert "BẢN XEM THỬ" in text
    assert (BodyLayout.objects.count(), Plan.objects.count()) == (0, 0)


def test_preview_without_anything_to_print_says_so() -> None:
    body = schools.body()

    answer = lead(body).post(reverse("formats:layout_preview", args=[body.pk]), typed())

    assert answer.status_code == 422
    assert "chưa có năm học hoặc mẫu kế hoạch" in answer.content.decode()


def test_measures_refused_in_a_trial_can_be_put_right_and_applied() -> None:
    body = schools.body()
    client = lead(body)

    refused = client.post(reverse("formats:layout_preview", args=[body.pk]), typed(body_size=9))

    page = refused.content.decode()
    assert refused.status_code == 422
    assert f'method="post" action="{reverse("formats:layout", args=[body.pk])}"' in page


def test_only_the_administrator_decides_for_everybody() -> None:
    page = reverse("formats:layout_general")

    refused = lead(schools.body()).post(page, typed())
    taken = signed_in(accounts.member(Role.ADMIN)).post(page, typed())

    assert (refused.status_code, taken.status_code) == (403, 302)
    assert BodyLayout.objects.get().body is None


def test_list_names_own_bodies_and_asks_as_often_for_three_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = schools.body("UBND xã Đông")
    other = schools.body("UBND xã Tây")
    client = signed_in(accounts.member(Role.ADMIN))
    page = reverse("formats:layouts")
    client.get(page)
    formats.layout(first)

    own = lead(first).get(page).content.decode()
    with django_assert_num_queries(8):
        client.get(page)
    for number in range(2):
        formats.layout(schools.body(f"UBND xã {number}"))
    with django_assert_num_queries(8):
        client.get(page)

    assert ("UBND xã Đông" in own, other.name in own) == (True, False)
