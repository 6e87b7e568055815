"""Hostile text in every field is printed as typed or left out; nothing is fetched, nothing breaks."""

import time

import pytest

from plans.documents.docx import docx_bytes
from plans.documents.fonts import find_fonts, printer_for
from plans.documents.html import html_fragment, html_page
from plans.documents.pdf import _rendered, pdf_bytes
from plans.documents.tree import (
    Column,
    Document,
    Heading,
    ItemList,
    Letterhead,
    Party,
    Row,
    Run,
    Section,
    SignBlock,
    SignParties,
    Table,
    Title,
)
from plans.documents.xlsx import xlsx_bytes
from tests.plans.documents import samples
from tests.plans.documents.reading import docx_text, page_texts, poppler, schema_faults, squashed

MARKUP = [
    "<img src=file:///etc/passwd>",
    "<link rel=attachment href=file:///etc/passwd>",
    "</style><script>alert(1)</script>",
    '@import url("http://example.invalid/x.css");',
    '"><a href="javascript:alert(1)">x</a>',
    "${7*7} {{ 7*7 }} &amp; &#60; ]]> <!-- -->",
    "<w:p/></w:t></w:r>",
]
STRANGE = [
    "a\x00b\x08c",
    "\u202eabc\u202c",
    "\u200e\u200f",
    "😀👨‍👩‍👧 ✓ ☐",
    "\ud800",
    "\ufeffx\ufffe",
    "e\u0302\u0323" * 50,
]


def everywhere(words):
    """A document with `words` in every field that takes text."""
    inlines = (Run(words), Run(words, bold=True))
    table = Table(
        words, (Column(words, 1), Column(words, 2)), (), (Row((samples.cell(words),) * 2),)
    )
    blocks = (
        Letterhead(words, words, inlines, inlines),
        Title((words,), (words,)),
        Heading(1, inlines),
        samples.Paragraph(inlines),
        ItemList((inlines,)),
        table,
        SignBlock((words, words), (words,), words),
        SignParties((Party((words,), (words,)),)),
    )
    return Document(words, words, (Section(blocks),))


@pytest.mark.parametrize("words", MARKUP)
def test_markup_is_printed_as_typed(words, tmp_path):
    pdf, docx = pdf_bytes(everywhere(words)), docx_bytes(everywhere(words))

    assert squashed(words) in squashed("".join(page_texts(pdf)))
    assert squashed(words) in squashed(docx_text(docx))
    assert "root:" not in poppler("pdftotext", pdf)
    assert "0 embedded" in poppler("pdfdetach", pdf, "-list")
    assert poppler("pdfinfo", pdf, "-url").count("http") == 0


@pytest.mark.parametrize("words", MARKUP)
def test_markup_makes_no_element_and_no_attribute_on_the_screen(words):
    fragment = html_fragment(everywhere(words))

    for sign in ("<img", "<script", "<link", "<style", "<a ", "<!--", "style=", "href="):
        assert sign not in fragment.replace("&lt;", "").replace("&quot;", "") or sign in words
    assert "<script" not in fragment
    assert "<img" not in fragment


@pytest.mark.parametrize("words", [*MARKUP, *STRANGE])
def test_every_file_opens(words, tmp_path):
    document = everywhere(words)

    assert page_texts(pdf_bytes(document))
    for suffix, content in (("docx", docx_bytes(document)), ("xlsx", xlsx_bytes(document))):
        assert schema_faults(content, suffix, tmp_path) == []


def test_signs_the_face_lacks_are_exchanged():
    printable = printer_for(find_fonts())

    assert printable("Đạt ✓, chưa ☐, 👨‍👩‍👧\ufe0f") == "Đạt √, chưa □, □□□"
    assert printable("Ủy ban nhân dân – “Trường” … ₫ ≥ →") == "Ủy ban nhân dân – “Trường” … ₫ ≥ →"
    assert printable("\uf0b7 Tham mưu") == "• Tham mưu"


def giant(length):
    row = Row(tuple(samples.cell("A" * length if n == 3 else "") for n in range(9)))
    return samples.document(Table("Bảng", samples.COLUMNS, (), (row,)))


def test_a_giant_word_is_set_in_good_time_and_all_there():
    """Without pieces the time grows with the square: minutes for this one."""
    started = time.process_time()

    pages = page_texts(pdf_bytes(giant(12_000)))

    assert sum(page.count("A") for page in pages) == 12_000
    assert time.process_time() - started < 20
    assert docx_text(docx_bytes(giant(100_000))).count("A") == 100_000


def test_no_address_reaches_the_engine_but_the_fonts(monkeypatch):
    from weasyprint.urls import URLFetcher

    asked = []
    inner = URLFetcher.fetch
    monkeypatch.setattr(
        URLFetcher,
        "fetch",
        lambda self, url, headers=None: (asked.append(url), inner(self, url, headers))[1],
    )

    pdf_bytes(everywhere(" ".join(MARKUP)))

    assert set(asked) <= find_fonts().uris()


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='file:///etc/passwd'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<style>@import 'http://127.0.0.1:9/x.css'; p { background: url(file:///etc/hosts) }</style><p>x",
        "<object data='http://127.0.0.1:9/'></object>",
    ],
)
def test_an_engine_asked_for_an_address_refuses(markup):
    """Were a text ever to reach the engine unescaped, it still reads no file and no network."""
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        _rendered(f"<!DOCTYPE html><html lang=vi><title>x</title>{markup}", find_fonts())


def test_the_page_is_closed_against_markup_in_its_title():
    page = html_page(everywhere("</title><script>alert(1)</script>"))

    assert "<script" not in page
