"""The workbook opened again: every cell is text, every sign is there, the file is clean."""

import io
import re
import zipfile

import openpyxl
import pytest

from plans.documents.tree import Column, Document, Orientation, Row, Section, Table
from plans.documents.xlsx import REST_SHEET, xlsx_bytes
from tests.plans.documents import samples
from tests.plans.documents.reading import schema_faults


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def one_cell(words, title="Nội dung"):
    table = Table("Bảng thử", (Column(title, 1),), (), (Row((samples.cell(words),)),))
    return samples.document(table)


def test_each_table_is_a_sheet_that_prints_across():
    book = opened(xlsx_bytes(samples.plan(4)))

    assert book.sheetnames == ["Kết quả tự đánh giá theo tiêu", "Nội dung kế hoạch cải tiến"]
    sheet = book["Nội dung kế hoạch cải tiến"]
    assert sheet["A1"].value == "KẾ HOẠCH"
    assert [cell.value for cell in sheet[6]] == [column.title for column in samples.COLUMNS]
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$6:$6", "A7")
    assert sheet.page_setup.orientation == "landscape"
    assert "A7:I7" in map(str, sheet.merged_cells.ranges)


def test_a_document_without_tables_is_a_sheet_with_its_title():
    assert opened(xlsx_bytes(samples.minutes())).active["A1"].value == "BIÊN BẢN"


@pytest.mark.parametrize(
    "words", ["=1+1", '=HYPERLINK("http://x")', "+84", "-5", "@SUM(A1)", "#REF!"]
)
def test_text_never_becomes_a_formula(words):
    cell = opened(xlsx_bytes(one_cell(words))).active["A5"]

    assert (cell.value, cell.data_type) == (words, "s")
    assert cell.quotePrefix is (words[0] in "=+-@")


def test_a_title_of_a_column_is_text_too():
    content = xlsx_bytes(one_cell("a", title="=1+1"))

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("sign", ["Z", "😀"])
def test_what_a_cell_cannot_hold_goes_on_another_sheet(sign):
    book = opened(xlsx_bytes(one_cell(sign * 70_000)))

    first = book.active["A5"].value
    rest = [row[1].value for row in book[REST_SHEET].iter_rows(min_row=2)]

    texts = [first, *rest]
    assert all(len(text.encode("utf-16-le")) // 2 <= 32_767 for text in texts)
    assert sum(text.count(sign) for text in texts) == 70_000
    assert first.endswith(f"… (còn tiếp ở trang tính “{REST_SHEET}”)")


@pytest.mark.parametrize(
    "document",
    [samples.plan(4), samples.minutes(), one_cell("=" * 40_000)],
    ids=["plan", "minutes", "huge"],
)
def test_a_workbook_keeps_to_the_schema(document, tmp_path):
    assert schema_faults(xlsx_bytes(document), "xlsx", tmp_path) == []


def test_names_of_sheets_are_what_excel_takes():
    table = Table("Tổng/hợp: [tất cả] * các tiêu chí của trường?", (Column("a", 1),), (), ())
    sections = (Section((table, table, table), Orientation.LANDSCAPE),)

    names = opened(xlsx_bytes(Document("t", "a", sections))).sheetnames

    assert len({name.casefold() for name in names}) == 3
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_the_same_tree_gives_the_same_workbook():
    content = xlsx_bytes(samples.plan(4))

    assert content == xlsx_bytes(samples.plan(4))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"dcterms" not in archive.read("docProps/core.xml").replace(b"xmlns:dcterms", b"")
