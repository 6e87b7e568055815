"""Official Vietnamese: what is printed is what the decree asks for."""

from datetime import date

import pytest

from plans.documents import wording
from plans.documents.tree import Blank, Run


def test_a_known_date_gets_its_leading_zeros():
    assert wording.vietnamese_date(date(2026, 2, 5)) == (Run("ngày 05 tháng 02 năm 2026"),)
    assert wording.vietnamese_date(date(2026, 9, 25)) == (Run("ngày 25 tháng 9 năm 2026"),)


def test_an_unknown_day_is_room_to_write():
    inlines = wording.place_and_date(" An Phú ", None, month=9, year=2025)

    assert inlines == (Run("An Phú, ngày "), Blank(4), Run(" tháng 9 năm 2025"))


def test_an_unknown_date_is_three_blanks():
    inlines = wording.vietnamese_date(None)

    assert [type(inline) for inline in inlines] == [Run, Blank, Run, Blank, Run, Blank]


@pytest.mark.parametrize(
    ("number", "symbol", "printed"),
    [
        (5, "KH-MNHS", "Số: 05/KH-MNHS"),
        ("114", "/KH-MNHS", "Số: 114/KH-MNHS"),
        ("20a ", " /KH- THTM", "Số: 20a/KH-THTM"),
        ("5a", "KH-MNHS", "Số: 05a/KH-MNHS"),
        (34, "KH-THCS&THPTĐBK", "Số: 34/KH-THCS&THPTĐBK"),
        (15, "KH- THCS  LQĐ", "Số: 15/KH-THCS LQĐ"),
    ],
)
def test_a_number_stands_before_its_symbol(number, symbol, printed):
    assert wording.document_number(number, symbol) == (Run(printed),)


@pytest.mark.parametrize("number", [None, "", "  "])
def test_no_number_is_a_blank_before_the_slash(number):
    assert wording.document_number(number, "KH-MNHS") == (Run("Số: "), Blank(4), Run("/KH-MNHS"))


@pytest.mark.parametrize(
    "number", ["19/2018/TT-BGDĐT", "5942/BGDĐT-QLCL", "/KH-MNHS", "2025-2026", "CB-GV-NV"]
)
def test_a_number_is_not_broken(number):
    joined = wording.no_break(f"Thông tư số {number} ngày 22/8")

    assert f" {number} " not in joined or "-" not in number
    assert "-\u2060" in joined
    assert joined.replace("\u2060", "") == f"Thông tư số {number} ngày 22/8"


def test_a_dash_between_words_may_break():
    assert wording.no_break("Hiệu trưởng - Chủ tịch") == "Hiệu trưởng - Chủ tịch"


def test_points_are_lettered_by_the_vietnamese_alphabet():
    assert [wording.letter(n) for n in range(1, 9)] == ["a", "b", "c", "d", "đ", "e", "g", "h"]
    assert wording.letter(24) == "aa"


def test_roman_numerals():
    assert [wording.roman(n) for n in (1, 4, 9, 14, 40, 1999)] == [
        "I", "IV", "IX", "XIV", "XL", "MCMXCIX",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="begin at 1"):
        wording.roman(0)


def test_money_in_full_and_in_short():
    assert wording.money(30_000_000) == "30.000.000 đồng"
    assert wording.short_money(30_000_000, 40_000_000) == "30-40 triệu đồng"
    assert wording.short_money(5_000_000) == "5 triệu đồng"
    assert wording.short_money(1_500_000, 2_000_000) == "1.500.000 - 2.000.000 đồng"


def test_school_year():
    assert wording.school_year_label(2025) == "Năm học 2025-2026"
