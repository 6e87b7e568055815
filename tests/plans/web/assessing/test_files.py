"""Phiếu đánh giá tiêu chí as files."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from plans.accounts.models import User
from plans.assessment.reading import load_sheets
from plans.planning.models import Plan
from tests.factories import formats
from tests.plans.assessment.helpers import criterion, judge
from tests.plans.documents.reading import docx_part, docx_text, page_texts, squashed

FORMATS = {"pdf": b"%PDF", "docx": b"PK"}


@pytest.mark.parametrize("sheet_format", FORMATS)
def test_phieu_of_one_criterion_can_be_taken_before_anything_is_written(
    web: Client, plan: Plan, sheet_format: str
) -> None:
    found = criterion(plan, "1.1")

    answer = web.get(reverse("assessing:one_sheet", args=[plan.pk, found.pk, sheet_format]))

    assert answer.content.startswith(FORMATS[sheet_format])
    assert answer["Content-Disposition"] == (
        f'attachment; filename="PDGTC-1.1-MNHS-2025-2026.{sheet_format}"'
    )
    assert answer["Cache-Control"] == "private, no-store"


def test_one_file_has_the_phieu_of_every_criterion(
    web: Client, plan: Plan, principal: User
) -> None:
    judge(plan, principal, "1.1", {(1, "a"): False})

    answer = web.get(reverse("assessing:all_sheets", args=[plan.pk, "docx"]))

    words = squashed(docx_text(answer.content))
    sheets = load_sheets(plan)
    assert answer["Content-Disposition"] == 'attachment; filename="PDGTC-MNHS-2025-2026.docx"'
    assert words.count(squashed("PHIẾU ĐÁNH GIÁ TIÊU CHÍ")) == len(sheets) == 22
    assert squashed("Tiêu chí 1.1: Không đạt.") in words


def test_pdf_of_every_criterion_begins_each_on_a_new_page(web: Client, plan: Plan) -> None:
    answer = web.get(reverse("assessing:all_sheets", args=[plan.pk, "pdf"]))

    pages = page_texts(answer.content)
    assert sum("PHIẾU ĐÁNH GIÁ TIÊU CHÍ" in page for page in pages) == 22
    assert all(page.count("PHIẾU ĐÁNH GIÁ TIÊU CHÍ") < 2 for page in pages)


@pytest.mark.parametrize("sheet_format", ["xlsx", "html", "exe"])
def test_other_formats_are_not_found(web: Client, plan: Plan, sheet_format: str) -> None:
    found = criterion(plan, "1.1")

    one = web.get(reverse("assessing:one_sheet", args=[plan.pk, found.pk, sheet_format]))
    every = web.get(reverse("assessing:all_sheets", args=[plan.pk, sheet_format]))

    assert (one.status_code, every.status_code) == (404, 404)


def test_file_asks_as_many_queries_for_one_criterion_as_for_all(web: Client, plan: Plan) -> None:
    one = reverse("assessing:one_sheet", args=[plan.pk, criterion(plan, "1.1").pk, "docx"])
    every = reverse("assessing:all_sheets", args=[plan.pk, "docx"])
    web.get(one)
    with CaptureQueriesContext(connection) as for_one:
        web.get(one)

    with CaptureQueriesContext(connection) as for_all:
        web.get(every)

    assert len(for_all) == len(for_one)


def test_phieu_follows_the_layout_of_the_schools_body(web: Client, plan: Plan) -> None:
    page = reverse("assessing:one_sheet", args=[plan.pk, criterion(plan, "1.1").pk, "docx"])
    formats.layout(margin_left_mm=35, valid_from=date(2020, 1, 1))

    word = web.get(page).content

    margin = docx_part(word, "word/document.xml").find(".//{*}pgMar")
    assert margin is not None
    left = {etree.QName(name).localname: value for name, value in margin.items()}["left"]
    assert round(int(left) / 1440 * 25.4) == 35
