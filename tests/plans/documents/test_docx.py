"""The DOCX opened again: headings and numbers that Word knows, a clean file, the same bytes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from plans.documents.docx import docx_bytes
from plans.documents.tree import Blank, Heading, ItemList, Marker, Run
from tests.plans.documents import samples
from tests.plans.documents.reading import docx_part, docx_text, pages_by_libreoffice, schema_faults

PROJECT = Path(__file__).resolve().parents[3]
W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
NAME = f"{{{W['w']}}}"


def found(docx, path, part="word/document.xml"):
    return docx_part(docx, part).xpath(path, namespaces=W)


@pytest.fixture(scope="module")
def plan():
    return docx_bytes(samples.plan(8, paragraphs=4))


@pytest.mark.parametrize("document", [samples.plan(8), samples.minutes(), samples.document()])
def test_a_docx_keeps_to_the_schema(document, tmp_path):
    assert schema_faults(docx_bytes(document), "docx", tmp_path) == []


def test_headings_are_headings_and_count_themselves(plan):
    styles = found(plan, "//w:pStyle/@w:val")
    numbered = found(
        plan, "//w:style[@w:styleId='Heading2']/w:pPr/w:numPr/w:ilvl/@w:val", "word/styles.xml"
    )

    assert [s for s in styles if s.startswith("Heading")][:3] == [
        "Heading1",
        "Heading1",
        "Heading2",
    ]
    assert numbered == ["1"]
    assert "I. MỤC ĐÍCH" not in docx_text(plan)


def test_each_list_counts_for_itself():
    lists = [
        ItemList((samples.text("một"), samples.text("hai")), Marker.NUMBER, start=s) for s in (1, 5)
    ]
    docx = docx_bytes(samples.document(*lists))

    used = found(docx, "//w:body//w:numId/@w:val")
    starts = [
        found(docx, f"//w:num[@w:numId='{number}']//w:startOverride/@w:val", "word/numbering.xml")
        for number in (used[0], used[2])
    ]

    assert used[0] == used[1] != used[2] == used[3]
    assert starts == [["1"], ["5"]]


def test_letters_past_d_are_vietnamese():
    items = ItemList(tuple(samples.text(f"điểm {n}") for n in range(1, 7)), Marker.LETTER)
    docx = docx_bytes(samples.document(items))

    *_, fifth, sixth = found(docx, "//w:body//w:numId/@w:val")
    texts = [
        found(docx, f"//w:num[@w:numId='{number}']//w:lvlText/@w:val", "word/numbering.xml")
        for number in (fifth, sixth)
    ]

    assert texts == [["đ)"], ["e)"]]


def test_numbers_below_an_unnumbered_heading_begin_anew():
    def head(level, *, numbered=True):
        return Heading(level, samples.text("Đề mục"), numbered=numbered)

    docx = docx_bytes(samples.document(head(1), head(2), head(1, numbered=False), head(2), head(2)))

    first, again, next_ = found(docx, "//w:p[w:pPr/w:pStyle/@w:val='Heading2']//w:numId/@w:val")
    starts = found(
        docx, f"//w:num[@w:numId='{again}']//w:startOverride/@w:val", "word/numbering.xml"
    )

    assert first != again == next_
    assert starts == ["1"]


def test_heads_are_repeated_and_only_short_rows_are_kept_whole(plan):
    assert len(found(plan, "//w:tr[w:trPr/w:tblHeader]")) == 3 + 1

    tall = docx_bytes(samples.document(samples.tall_table(lines=200)))
    assert found(tall, "//w:tr[w:trPr/w:cantSplit and not(w:trPr/w:tblHeader)]") == []


def test_tables_have_titles_and_the_letterhead_has_no_lines(plan):
    captions = found(plan, "//w:tblCaption/@w:val")

    assert captions == ["Kết quả tự đánh giá theo tiêu chí", "Nội dung kế hoạch cải tiến"]
    assert found(plan, "(//w:tbl)[1]//w:tblBorders/*/@w:val") == ["nil"] * 6
    assert found(plan, "(//w:tbl)[1]//w:tblCellMar/*/@w:w") == ["0"] * 4


def test_only_the_middle_section_lies_across_and_page_one_bears_no_number(plan):
    turned = [section.get(f"{NAME}orient") for section in found(plan, "//w:sectPr/w:pgSz")]

    assert turned == [None, "landscape", None]
    assert [len(s.findall("w:titlePg", W)) for s in found(plan, "//w:sectPr")] == [1, 0, 0]
    assert "PAGE" in found(plan, "string(//w:instrText)", "word/header1.xml")


def test_the_language_is_vietnamese_and_the_face_times(plan):
    fonts = found(plan, "//w:docDefaults//w:rFonts/@*", "word/styles.xml")

    assert found(plan, "//w:docDefaults//w:lang/@w:val", "word/styles.xml") == ["vi-VN"]
    assert fonts == ["Times New Roman"] * 4


def test_every_style_that_is_named_exists(plan):
    known = set(found(plan, "//w:style/@w:styleId", "word/styles.xml"))

    assert set(found(plan, "//w:pStyle/@w:val")) <= known


def test_a_number_holds_together_and_a_blank_has_its_width():
    paragraph = samples.Paragraph((Run("Thông tư 19/2018/TT-BGDĐT, ngày "), Blank(3)))
    docx = docx_bytes(samples.document(paragraph))

    assert len(found(docx, "//w:noBreakHyphen")) == 1
    assert "\u00a0" * 6 in docx_text(docx)


def test_the_same_tree_gives_the_same_docx_in_every_process(plan):
    code = (
        "import sys; from tests.plans.documents import samples; from plans.documents.docx import docx_bytes;"
        "sys.stdout.buffer.write(docx_bytes(samples.plan(8, paragraphs=4)))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7"}

    other = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, check=True
    )

    assert other.stdout == plan
    assert re.search(rb"20\d\d-\d\d-\d\dT", plan) is None


def test_an_empty_document_opens():
    assert pages_by_libreoffice(docx_bytes(samples.document())) == 1
