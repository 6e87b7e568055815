"""The same words in the same order: tree, PDF and DOCX; and as many pages."""

import os
import re
import unicodedata
from pathlib import Path

import pytest
from lxml import etree

from plans.documents import parts, tree
from plans.documents.docx import docx_bytes
from plans.documents.flatten import document_lines
from plans.documents.html import html_fragment
from plans.documents.pdf import pdf_bytes
from tests.plans.documents import samples
from tests.plans.documents.reading import (
    docx_text,
    page_texts,
    page_words,
    pages_by_libreoffice,
    pdf_info,
    pdf_reading_order,
    squashed,
)

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "documents"
DOCUMENTS = {
    "plan": samples.plan(8, paragraphs=4),
    "short": samples.plan(1, paragraphs=1),
    "minutes": samples.minutes(),
    "long": samples.plan(30, paragraphs=14, closing=5, number=5),
}


def tree_text(document):
    """The words of the tree without heads of tables, which a PDF repeats."""
    return squashed("".join(text for part, text in document_lines(document) if part != "head"))


def head_texts(document):
    tables = [b for s in document.sections for b in s.blocks if isinstance(b, tree.Table)]
    heads = ["".join(cell_texts(parts.head_rows(table), len(table.columns))) for table in tables]
    return [squashed(head) for head in heads]


@pytest.mark.parametrize("name", ["plan", "minutes"])
def test_a_tree_reads_as_it_did(name):
    read = "".join(
        f"{part:12}{text}".rstrip() + "\n" for part, text in document_lines(DOCUMENTS[name])
    )
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("KCL_WRITE_GOLDEN"):
        golden.write_text(read, encoding="utf-8")

    assert read == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_pdf_says_what_the_tree_says(name):
    said = squashed(page_words(pdf_bytes(DOCUMENTS[name])))
    for head in head_texts(DOCUMENTS[name]):
        assert head in said
        said = said.replace(head, "")

    assert said == tree_text(DOCUMENTS[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_preview_says_what_the_tree_says(name):
    """But for captions, which are there for screen readers, and what the browser counts before items."""
    page = etree.HTML(html_fragment(DOCUMENTS[name]))
    for caption in page.iter("caption"):
        caption.text = ""
    said = squashed("".join(page.itertext()))
    for head in head_texts(DOCUMENTS[name]):
        said = said.replace(head, "")

    counted = re.compile(r"^(\d+\.|[a-zđ]\)|-) ")
    assert said == squashed(
        "".join(
            counted.sub("", text) if part in {"item", "cell", "recipients"} else text
            for part, text in document_lines(DOCUMENTS[name])
            if part != "head"
        )
    )


@pytest.mark.parametrize("name", ["minutes", "short"])
def test_a_screen_reader_reads_the_pdf_in_the_order_of_the_tree(name):
    read = squashed(pdf_reading_order(pdf_bytes(DOCUMENTS[name])))

    assert read == tree_text(DOCUMENTS[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_docx_says_what_the_tree_says(name):
    document = DOCUMENTS[name]
    said = docx_text(docx_bytes(document))

    assert squashed(said) == squashed("".join(uncounted_lines(document)))


def uncounted_lines(document):
    """The lines of the tree without the numbers and dashes that Word counts by itself."""
    for section in document.sections:
        for block in section.blocks:
            only = tree.Document("", "", (tree.Section((block,)),))
            match block:
                case tree.Heading():
                    yield parts.plain(block.content)
                case tree.ItemList():
                    yield from map(parts.plain, block.items)
                case tree.Table():
                    for rows in (parts.head_rows(block), block.rows):
                        yield from cell_texts(rows, len(block.columns))
                case tree.SignBlock():
                    yield from (line.text.removeprefix("- ") for line in document_lines(only))
                case _:
                    yield from (line.text for line in document_lines(only))


def cell_texts(rows, width):
    for _, cells in parts.placed_rows(rows, width):
        for placed in cells:
            for block in placed.cell.blocks:
                inlines = (block.content,) if isinstance(block, tree.Paragraph) else block.items
                yield from map(parts.plain, inlines)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_libreoffice_makes_as_many_pages_of_the_docx(name):
    pages = pages_by_libreoffice(docx_bytes(DOCUMENTS[name]))

    assert pages == int(pdf_info(pdf_bytes(DOCUMENTS[name]))["Pages"])


def test_what_a_person_types_finds_what_another_system_sent():
    """NFD from a telephone comes out as NFC, so that a search finds it; a number comes out whole."""
    sent = unicodedata.normalize(
        "NFD", "Phối hợp với Ủy ban nhân dân xã theo Công văn 5942/BGDĐT-QLCL"
    )
    document = samples.document(samples.paragraph(sent))

    (page,) = page_texts(pdf_bytes(document))

    assert "Ủy ban nhân dân" in page
    assert "5942/BGDĐT-QLCL" in page
