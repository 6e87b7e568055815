"""The code of a document: drawn at random, forgiving when typed, found or not."""

import math

import pytest

from plans.issuing.lookup import (
    ALPHABET,
    CODE_LENGTH,
    check_path,
    find,
    new_code,
    normal_code,
    public_name,
)
from tests.factories import issuing


def test_new_codes_cannot_be_guessed() -> None:
    codes = {new_code() for _ in range(2000)}

    assert CODE_LENGTH * math.log2(len(ALPHABET)) > 58
    assert len(codes) == 2000
    assert set("".join(codes)) == set(ALPHABET)
    assert {len(code) for code in codes} == {CODE_LENGTH}


def test_alphabet_has_no_signs_that_look_alike() -> None:
    assert set(ALPHABET) & set("0O1IL") == set()
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


@pytest.mark.parametrize(
    "typed",
    [
        "R4HX8W3NK2QT",
        "r4hx-8w3n-k2qt",
        "  R4HX 8W3N K2QT ",
        "R4HX–8W3N—K2QT",
        "R4HX.8W3N.K2QT",
        "Ｒ４ＨＸ８Ｗ３ＮＫ２ＱＴ",
        "R4HX\u00a08W3N\tK2QT\n",
    ],
)
def test_code_is_read_however_it_was_copied(typed: str) -> None:
    assert normal_code(typed) == "R4HX8W3NK2QT"


def test_other_signs_are_never_exchanged() -> None:
    """An O is not a 0 here: neither is in the alphabet, and a guess could name another document."""
    assert normal_code("o0i1l") == "O0I1L"


def test_document_is_found_by_its_code(db: None) -> None:
    document = issuing.issued_document()
    issuing.issued_document()

    assert find(document.shown_code.lower()) == document
    assert check_path(document) == f"/tra-cuu/{document.code}/"


@pytest.mark.parametrize("typed", ["", "-", "XXXXXXXXXXXX", "A" * 500, "'; --", "\x00", "Kế hoạch"])
def test_wrong_code_finds_nothing(db: None, typed: str) -> None:
    issuing.issued_document()

    assert find(typed) is None


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Lê Thị Mẫu Đơn", "Lê Thị Mẫu Đơn"),
        ("CN=Lê Thị Mẫu Đơn,UID=CCCD:001", "Lê Thị Mẫu Đơn"),
        ("UID=CCCD:001+CN=Lê Thị Mẫu Đơn,C=VN", "Lê Thị Mẫu Đơn"),
        ("Common Name: Trường Mẫu, Serial Number: 0101", "Trường Mẫu"),
        (r"C=VN,CN=Trường Mẫu\, cơ sở 2", "Trường Mẫu, cơ sở 2"),
        ("UID=CCCD:001,C=VN", ""),
        ("Email: mau@example.com", ""),
    ],
)
def test_public_sees_the_name_in_a_certificate_alone(subject: str, shown: str) -> None:
    assert public_name(subject) == shown
