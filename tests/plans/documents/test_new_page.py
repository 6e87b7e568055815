"""Sections that begin a page of their own though the paper lies the same way."""

import pytest

from plans.documents import parts
from plans.documents.docx import docx_bytes
from plans.documents.html import html_fragment
from plans.documents.pdf import pdf_bytes
from plans.documents.tree import Document, Heading, Orientation, Paragraph, Run, Section
from tests.plans.documents.reading import docx_part, page_texts, pages_by_libreoffice, squashed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document(*, new_page: bool, orientation: Orientation = Orientation.PORTRAIT) -> Document:
    sections = [
        Section(
            (Heading(1, (Run(name),)), Paragraph((Run(f"Nội dung {name}"),))),
            orientation if name == "Hai" else Orientation.PORTRAIT,
            new_page=new_page,
        )
        for name in ("Một", "Hai", "Ba")
    ]
    return Document("Phiếu", "", tuple(sections))


@pytest.mark.parametrize(("new_page", "pages"), [(True, 3), (False, 1)])
def test_pdf_and_docx_break_only_where_a_page_is_asked_for(new_page: bool, pages: int) -> None:
    found = document(new_page=new_page)

    assert len(page_texts(pdf_bytes(found))) == pages
    assert len(list(docx_part(docx_bytes(found), "word/document.xml").iter(f"{W}sectPr"))) == pages


def test_each_page_has_its_own_section() -> None:
    pages = page_texts(pdf_bytes(document(new_page=True)))

    assert [squashed(page) for page in pages] == [
        "I.MộtNộidungMột",
        "2II.HaiNộidungHai",
        "3III.BaNộidungBa",
    ]


def test_turn_of_the_paper_makes_one_new_page_and_not_two() -> None:
    found = document(new_page=True, orientation=Orientation.LANDSCAPE)

    assert len(page_texts(pdf_bytes(found))) == 3


def test_word_has_as_many_pages() -> None:
    assert pages_by_libreoffice(docx_bytes(document(new_page=True))) == 3


def test_sections_that_ask_for_nothing_are_drawn_together() -> None:
    assert len(parts.merged_sections(document(new_page=False))) == 1
    assert len(parts.merged_sections(document(new_page=True))) == 3


def test_preview_marks_where_a_page_begins() -> None:
    assert html_fragment(document(new_page=True)).count('class="pages-portrait new-page"') == 3
