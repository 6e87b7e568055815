"""Names in the order of Vietnamese dictionaries."""

import random
import re

import pytest

from plans.schools.ordering import KEY_LENGTH, sort_key


@pytest.mark.parametrize(
    "names",
    [
        ["An", "Ánh Dương", "Ăn", "Âu Cơ", "Ban Mai", "Bằng Lăng"],
        ["Dương", "Đông", "Đồng Xanh", "Em"],
        ["Hoa", "Hòa", "Hỏa", "Hõa", "Hóa", "Họa", "Hoa Mai"],
        ["Oanh", "Ôn", "Ơn"],
        ["Trường Tiểu học số 2", "Trường Tiểu học số 10"],
        ["Lê Lai", "Lê Lợi", "Lê Lợi 2"],
    ],
)
def test_names_stand_in_dictionary_order(names: list[str]) -> None:
    shuffled = random.Random(7).sample(names, len(names))

    assert sorted(shuffled, key=sort_key) == names


def test_two_spellings_of_a_word_have_one_key() -> None:
    assert sort_key("Hoà Bình") == sort_key("Hòa Bình")
    assert sort_key("Hoa\u0300 Bi\u0300nh") == sort_key("Hòa Bình")


def test_capitals_and_signs_do_not_count() -> None:
    assert sort_key("TRƯỜNG MẦM NON “HOA SEN”") == sort_key("Trường Mầm non Hoa Sen")


@pytest.mark.parametrize("name", ["Trường Mầm non Hoa Sen", "🌻 Hoa Sen", "A\x00B", "ế " * 100])
def test_key_holds_only_signs_that_every_collation_orders_alike(name: str) -> None:
    assert re.fullmatch("[0-9a-f]*", sort_key(name))


def test_key_fits_its_column() -> None:
    assert len(sort_key("9 " * 2000)) == KEY_LENGTH


def test_name_without_letters_has_no_key() -> None:
    assert sort_key("–") == ""
