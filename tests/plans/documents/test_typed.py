"""What a person typed, read as paragraphs and lists; words are never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.documents.tree import Blank, ItemList, Marker, Paragraph, Run
from plans.documents.typed import blocks, inlines, lines


def spoken(text: str) -> list[tuple[str, list[str]]]:
    """Return typed text as (what it is, its lines), for reading in an assertion."""
    told = []
    for block in blocks(text):
        match block:
            case Paragraph(content=content):
                told.append(("đoạn", ["".join(r.text for r in content if isinstance(r, Run))]))
            case ItemList(items=items, marker=marker, start=start):
                kind = f"{marker.value} từ {start}" if marker is not Marker.DASH else "dash"
                told.append(
                    (kind, ["".join(r.text for r in i if isinstance(r, Run)) for i in items])
                )
    return told


def test_each_line_is_a_paragraph_and_blank_lines_are_passed_over() -> None:
    typed = "Kế hoạch phải cụ thể, khả thi.\n\n  \nPhù hợp với điều kiện của trường."

    assert spoken(typed) == [
        ("đoạn", ["Kế hoạch phải cụ thể, khả thi."]),
        ("đoạn", ["Phù hợp với điều kiện của trường."]),
    ]


def test_dashes_of_every_kind_make_one_list() -> None:
    typed = "Gồm:\n- Rà soát;\n– Lập dự toán;\n·\tTham mưu;\n•Mua sắm."

    assert spoken(typed) == [
        ("đoạn", ["Gồm:"]),
        ("dash", ["Rà soát;", "Lập dự toán;", "Tham mưu;", "Mua sắm."]),
    ]


def test_numbers_that_count_on_make_a_list_from_where_they_start() -> None:
    assert spoken("3. Ba\n4) Bốn") == [("number từ 3", ["Ba", "Bốn"])]


def test_numbers_that_do_not_count_on_are_lists_of_their_own_with_the_number_typed() -> None:
    assert spoken("1. Một\n3. Ba") == [("number từ 1", ["Một"]), ("number từ 3", ["Ba"])]


def test_letters_follow_the_vietnamese_alphabet() -> None:
    typed = "a) một\nb) hai\nc) ba\nd) bốn\nđ) năm"

    assert spoken(typed) == [("letter từ 1", ["một", "hai", "ba", "bốn", "năm"])]


@pytest.mark.parametrize(
    "typed",
    [
        "5-7 triệu",
        "-5 độ",
        "1.5 triệu",
        "Tiêu chí 1.5",
        "a) chỉ một điểm",
        "12/2025. Xong",
        "(*) không có mức",
    ],
)
def test_what_only_looks_like_a_list_stays_a_paragraph(typed: str) -> None:
    assert spoken(typed) == [("đoạn", [typed])]


def test_bold_and_italic_are_read_and_combine() -> None:
    assert inlines("Đạt **mức 2**, __trước__ **__tháng 5__**.") == (
        Run("Đạt "),
        Run("mức 2", bold=True),
        Run(", "),
        Run("trước", italic=True),
        Run(" "),
        Run("tháng 5", bold=True, italic=True),
        Run("."),
    )


@pytest.mark.parametrize(
    "typed", ["2 ** 3 ** 4", "(*) và (*)", "__init__x", "a__b__c", "** **", "**"]
)
def test_stray_marks_print_as_typed(typed: str) -> None:
    assert inlines(typed) == (Run(typed),)


def test_lines_drop_leading_dashes_and_empty_lines() -> None:
    typed = "- Phòng Văn hóa - Xã hội (để b/c);\n\n-Các tổ chuyên môn;\n- Lưu: VT."

    assert lines(typed) == (
        "Phòng Văn hóa - Xã hội (để b/c);",
        "Các tổ chuyên môn;",
        "Lưu: VT.",
    )


@given(st.text(max_size=300))
def test_any_text_at_all_is_read_and_no_letter_is_lost(typed: str) -> None:
    told = "".join(
        run.text
        for block in blocks(typed)
        for content in ([block.content] if isinstance(block, Paragraph) else block.items)
        for run in content
        if not isinstance(run, Blank)
    )

    letters = [
        c for c in typed if c.isalpha() and c.isascii() and c not in "abcdefghijklmnopqrstuvwxyz"
    ]
    assert [c for c in told if c in letters and c.isascii()] == letters
