"""The PDF read back with poppler: pages, order, heads, blanks; the same bytes everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plans.documents import fonts
from plans.documents.pdf import pdf_bytes, pdf_with_place
from plans.documents.tree import ItemList, Marker
from tests.plans.documents import samples
from tests.plans.documents.reading import lies_across, page_texts, pdf_info

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def plan_pdf():
    return pdf_bytes(samples.plan(8, paragraphs=4))


def test_the_file_names_itself(plan_pdf):
    info = pdf_info(plan_pdf)

    assert info["Title"] == "Kế hoạch cải tiến chất lượng giáo dục năm học 2025-2026"
    assert info["Author"] == "Trường Mầm non Hoa Sen"
    assert info["Tagged"] == "yes"
    assert "CreationDate" not in info


def test_page_one_bears_no_number_and_the_others_do(plan_pdf):
    pages = page_texts(plan_pdf)

    assert pages[0].split()[0] == "UBND"
    assert [page.split()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]


def test_only_the_wide_table_lies_across_and_repeats_its_head(plan_pdf):
    across = ["Dự kiến" in page for page in page_texts(plan_pdf)]

    assert lies_across(plan_pdf) == across
    assert across == [False, False, True, True, True, False]


def test_the_same_tree_gives_the_same_bytes_in_every_process(plan_pdf):
    code = (
        "import sys; from tests.plans.documents import samples; from plans.documents.pdf import pdf_bytes, pdf_with_place;"
        "sys.stdout.buffer.write(pdf_bytes(samples.plan(8, paragraphs=4)))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh"}

    other = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, check=True
    )

    assert other.stdout == plan_pdf


def test_a_missing_font_is_said_with_its_cure(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FONT_DIRS", (tmp_path,))
    monkeypatch.delenv("KCL_FONT_DIRS", raising=False)

    with pytest.raises(fonts.FontMissing, match="apt-get install fonts-croscore"):
        pdf_bytes(samples.minutes())


def test_a_list_that_goes_on_counts_on():
    lists = (
        ItemList((samples.text("Mục đích"),), Marker.NUMBER),
        ItemList((samples.text("ý một"), samples.text("ý hai")), Marker.LETTER),
        ItemList((samples.text("Yêu cầu"),), Marker.NUMBER, start=2),
    )

    (page,) = page_texts(pdf_bytes(samples.document(*lists)))

    assert page.split() == [
        "1.",
        "Mục",
        "đích",
        "a)",
        "ý",
        "một",
        "b)",
        "ý",
        "hai",
        "2.",
        "Yêu",
        "cầu",
    ]


def test_the_place_of_the_signature_lies_between_capacity_and_name():
    written = pdf_with_place(samples.plan(3))

    place = written.place
    assert place is not None
    assert place.page == written.pages - 1
    x0, low, x1, high = place.between
    assert 250 < x0 < x1 < 595
    assert 50 < high - low < 110  # the room that the layout leaves, in pt
    assert place.signer[3] == low and place.capacity[1] == high


def test_a_record_of_two_sides_has_a_place_for_each_name():
    written = pdf_with_place(samples.minutes())

    assert written.place is None
    assert [place.page for place in written.parties] == [written.pages - 1] * 2
