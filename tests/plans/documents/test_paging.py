"""Where pages break, over many lengths: nothing that belongs together is left alone."""

import pytest

from plans.documents.pdf import pdf_bytes
from plans.documents.tree import Heading, Orientation, Row, RowKind, SignBlock, Table
from tests.plans.documents import samples
from tests.plans.documents.reading import page_texts

SIGNATURE = SignBlock(
    ("Phòng VH-XH xã (để b/c)", "Lưu: VT"), ("HIỆU TRƯỞNG",), "Trần Thị Thử Nghiệm"
)
LONG = (
    "Câu dài để chiếm vài dòng trên trang giấy, đủ cho một đoạn văn ba dòng như trong kế hoạch thật "
    * 2
)


def filler(lines):
    return [samples.paragraph(f"Dòng {number}") for number in range(1, lines + 1)]


@pytest.mark.parametrize("lines", range(20, 32, 3))
def test_a_signature_is_neither_torn_nor_alone(lines):
    document = samples.document(*filler(lines), samples.paragraph(LONG), SIGNATURE)

    *before, last = page_texts(pdf_bytes(document))

    assert "Nơi nhận:" in last
    assert "Trần Thị Thử Nghiệm" in last
    assert "HIỆU TRƯỞNG" not in "".join(before)
    assert "đoạn văn" in last or "kế hoạch thật" in last


def test_a_signature_stays_where_it_fits():
    document = samples.document(*filler(24), SIGNATURE)

    assert len(page_texts(pdf_bytes(document))) == 1


@pytest.mark.parametrize("lines", range(26, 32))
def test_a_heading_goes_with_its_text(lines):
    heading = Heading(1, samples.text("ĐẦU MỤC"))
    document = samples.document(*filler(lines), heading, samples.paragraph("Phần thân. " + LONG))

    (page,) = [page for page in page_texts(pdf_bytes(document)) if "ĐẦU MỤC" in page]

    assert "Phần thân" in page


@pytest.mark.parametrize("rows", [3, 4, 7])
def test_a_group_goes_with_its_first_row(rows):
    for page in page_texts(pdf_bytes(samples.plan(rows))):
        lines = [line for line in page.splitlines() if line.strip()]
        assert "Tiêu chuẩn" not in lines[-1].split(":")[0]
        assert "MỨC 1, 2, 3" not in lines[-1]


@pytest.mark.parametrize("lines", range(22, 30, 2))
def test_a_heading_goes_with_its_table(lines):
    blocks = [*filler(lines), Heading(1, samples.text("BẢNG KẾT QUẢ")), samples.result_table()]

    pages = page_texts(pdf_bytes(samples.document(*blocks)))
    (page,) = [page for page in pages if "BẢNG KẾT QUẢ" in page]

    assert "Tiêu chí 1.1" in page


def test_a_row_taller_than_a_page_goes_on_and_keeps_every_word():
    words = [f"v{number}" for number in range(1, 2001)]
    cells = tuple(samples.cell("" if n != 3 else " ".join(words)) for n in range(9))
    table = Table("Nội dung", samples.COLUMNS, (), (Row(cells),))

    pages = page_texts(pdf_bytes(samples.document(table, orientation=Orientation.LANDSCAPE)))

    assert len(pages) > 2
    assert set(words) <= set(" ".join(pages).split())
    assert all("Dự kiến" in page for page in pages)


def test_a_band_of_one_cell_spans_the_table():
    table = Table("Nội dung", samples.COLUMNS, (), (Row((samples.cell("MỨC 2"),), RowKind.BAND),))

    (page,) = page_texts(pdf_bytes(samples.document(table)))

    assert "MỨC 2" in page
