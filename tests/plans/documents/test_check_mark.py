"""An issued document says on every page how to look it up, in every format; a draft says nothing of it."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from openpyxl import load_workbook
from PIL import Image

from plans.documents.docx import docx_bytes
from plans.documents.html import html_fragment
from plans.documents.marks import qr_png
from plans.documents.pdf import pdf_bytes
from plans.documents.tree import CheckMark, Document
from plans.documents.xlsx import xlsx_bytes
from tests.plans.documents import samples
from tests.plans.documents.reading import schema_faults

MARK = CheckMark(
    "R4HX-8W3N-K2QT", "kcl.example/tra-cuu", "https://kcl.example/tra-cuu/R4HX8W3NK2QT/"
)


@pytest.fixture(scope="module")
def issued() -> Document:
    return replace(samples.plan(4), check=MARK)


def _pages(folder: Path, pdf: bytes) -> list[str]:
    (folder / "a.pdf").write_bytes(pdf)
    subprocess.run(["pdftotext", "-layout", folder / "a.pdf", folder / "a.txt"], check=True)
    return (folder / "a.txt").read_text().split("\f")[:-1]


def test_every_page_of_the_pdf_bears_code_and_address(issued: Document, tmp_path: Path) -> None:
    pages = _pages(tmp_path, pdf_bytes(issued))

    assert len(pages) > 2
    assert {page.count("Mã tra cứu: R4HX-8W3N-K2QT") for page in pages} == {1}
    assert {page.count("Kiểm tra văn bản tại kcl.example/tra-cuu") for page in pages} == {1}


def test_the_code_on_paper_leads_to_the_document(issued: Document, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_bytes(issued))

    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", tmp_path / "a.pdf", tmp_path / "p"], check=True
    )

    read = [zxingcpp.read_barcodes(Image.open(page)) for page in sorted(tmp_path.glob("p*.png"))]
    assert {tuple(code.text for code in page) for page in read} == {(MARK.url,)}


def test_the_picture_in_word_leads_to_the_document() -> None:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(MARK))))

    assert [code.text for code in found] == [MARK.url]


def test_word_has_the_mark_in_the_foot_of_every_kind_of_page(issued: Document) -> None:
    archive = zipfile.ZipFile(io.BytesIO(docx_bytes(issued)))

    body = archive.read("word/document.xml").decode()
    foot = archive.read("word/footer1.xml").decode()
    assert re.findall(r'<w:footerReference w:type="(\w+)"', body) == ["default", "first"]
    assert "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", foot)).strip() == " – ".join(MARK.lines)
    assert foot.count(f'descr="{MARK.description}"') == 2


def test_each_sheet_prints_the_mark(issued: Document) -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes(issued)))

    assert {sheet.oddFooter.left.text for sheet in book} == {" – ".join(MARK.lines)}


def test_the_screen_shows_the_mark_once(issued: Document) -> None:
    shown = html_fragment(issued)

    assert shown.count(MARK.code) == 2  # in the line, and in the picture's name
    assert shown.endswith(
        "<p>Mã tra cứu: R4HX-8W3N-K2QT</p><p>Kiểm tra văn bản tại kcl.example/tra-cuu</p></div></div></div>"
    )


def test_a_draft_bears_no_mark(tmp_path: Path) -> None:
    draft = samples.plan(1)

    assert "Mã tra cứu" not in html_fragment(draft)
    assert not any("Mã tra cứu" in page for page in _pages(tmp_path, pdf_bytes(draft)))
    assert "word/footer1.xml" not in zipfile.ZipFile(io.BytesIO(docx_bytes(draft))).namelist()


def test_issued_files_are_the_same_each_time_and_keep_to_the_schema(
    issued: Document, tmp_path: Path
) -> None:
    again = replace(samples.plan(4), check=MARK)

    assert pdf_bytes(again) == pdf_bytes(issued)
    assert docx_bytes(again) == docx_bytes(issued)
    assert schema_faults(docx_bytes(issued), "docx", tmp_path) == []
