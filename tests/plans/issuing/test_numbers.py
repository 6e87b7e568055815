"""The register of numbers: none twice, none lost, whoever asks at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from plans.accounts.models import User
from plans.history.models import Event
from plans.issuing.enums import EntryKind
from plans.issuing.models import NumberEntry, NumberRegister
from plans.issuing.numbers import (
    Wanted,
    give_number,
    next_number,
    note_outside,
    read_number,
    void_number,
)
from plans.schools.models import School
from tests.factories import accounts, schools

ON = date(2026, 1, 12)
Give = Callable[..., str]


@pytest.fixture
def school(db: None) -> School:
    return schools.school()


@pytest.fixture
def clerk(school: School) -> User:
    return accounts.member(school=school)


@pytest.fixture
def give(school: School, clerk: User) -> Give:
    def given(wanted: str | None = None, *, on: date = ON, series: str = "KH") -> str:
        entry = give_number(school=school, on=on, series=series, wanted=wanted, by=clerk)
        return entry.words

    return given


def lines(kind: EntryKind | None = None) -> list[tuple[str, str]]:
    found = NumberEntry.objects.order_by("number", "suffix")
    return [(row.words, row.kind) for row in found if kind in (None, row.kind)]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5", Wanted(5)),
        ("05", Wanted(5)),
        (" 20a ", Wanted(20, "a")),
        ("20A", Wanted(20, "A")),
        ("7đ", Wanted(7, "đ")),
    ],
)
def test_a_number_is_read_as_it_is_written(typed: str, read: Wanted) -> None:
    assert read_number(typed) == read


@pytest.mark.parametrize("typed", ["", "a", "0", "00", "-1", "5.1", "5 a", "123456", "5/KH", "5²"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_number(typed)


def test_numbers_run_through_a_calendar_year(give: Give) -> None:
    given = [give(), give(), give(on=date(2026, 12, 31)), give(on=date(2027, 1, 1))]

    assert given == ["01", "02", "03", "01"]


def test_each_series_counts_for_itself(give: Give) -> None:
    assert [give(), give(series="BC"), give()] == ["01", "01", "02"]


def test_the_next_number_is_told_without_being_given(give: Give, school: School) -> None:
    assert next_number(school, 2026, "KH") == Wanted(1)
    assert NumberRegister.objects.count() == 0
    give("41")
    assert next_number(school, 2026, "KH") == Wanted(42)


def test_a_number_further_on_writes_down_what_it_leaps_over(give: Give) -> None:
    given = [give(), give("5"), give()]

    assert given == ["01", "05", "06"]
    assert lines(EntryKind.OUTSIDE) == [("02–04", EntryKind.OUTSIDE)]


def test_a_single_number_leapt_over_is_no_run(give: Give) -> None:
    give("2")

    assert lines() == [("01", EntryKind.OUTSIDE), ("02", EntryKind.DOCUMENT)]


def test_a_letter_follows_its_number(give: Give) -> None:
    give("20")

    assert [give("20a"), give("20B"), give()] == ["20a", "20B", "21"]


def test_a_letter_may_follow_a_number_used_on_paper(give: Give) -> None:
    give("20")

    assert give("7a") == "07a"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("20", "Số 20 của năm 2026 đã được dùng."),
        ("20A", "Số 20A của năm 2026 đã được dùng."),
        ("7", "Số 07 nằm trong dãy 01–19 đã dùng ngoài chương trình."),
        ("25a", "Số 25a chỉ đặt được sau khi số 25 đã được dùng."),
        ("hai", "Số văn bản gồm chữ số, có thể kèm chữ cái phía sau, ví dụ 05 hoặc 20a."),
    ],
)
def test_a_number_that_cannot_be_given_is_refused_in_words(
    give: Give, wanted: str, words: str
) -> None:
    give("20")
    give("20a")
    before = lines()

    with pytest.raises(ValidationError) as refused:
        give(wanted)

    assert refused.value.message_dict == {"number": [words]}
    assert lines() == before


def test_a_run_used_on_paper_is_noted_and_recorded(school: School, clerk: User, give: Give) -> None:
    entry = note_outside(
        school=school, year=2026, series="KH", first="1", last="36", reason="Sổ giấy", by=clerk
    )

    assert (entry.words, entry.reason) == ("01–36", "Sổ giấy")
    assert give() == "37"
    event = Event.objects.get(action="register.outside")
    assert event.after == {"year": 2026, "series": "KH", "number": "01–36", "reason": "Sổ giấy"}
    assert event.school_id == school.pk


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [("9", "5", "Sổ giấy"), ("5", "9a", "Sổ giấy"), ("2", "9", "Sổ giấy"), ("9", "12", " ")],
)
def test_a_run_that_cannot_be_is_refused(
    school: School, clerk: User, give: Give, first: str, last: str, reason: str
) -> None:
    give("4")

    with pytest.raises(ValidationError):
        note_outside(
            school=school, year=2026, series="KH", first=first, last=last, reason=reason, by=clerk
        )

    assert next_number(school, 2026, "KH") == Wanted(5)


def test_a_void_number_is_given_to_nobody(school: School, clerk: User, give: Give) -> None:
    give()
    entry = void_number(
        school=school, year=2026, series="KH", number="2", reason="Ghi nhầm", by=clerk
    )

    assert (entry.kind, give()) == (EntryKind.VOID, "03")
    with pytest.raises(ValidationError):
        give("2")
    with pytest.raises(ValidationError):  # nor may a number in use be made void
        void_number(school=school, year=2026, series="KH", number="1", reason="Nhầm", by=clerk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_get_two_hundred_numbers() -> None:
    school = schools.school()
    clerk = accounts.member(school=school)

    def one(_: int) -> str:
        try:
            return give_number(school=school, on=ON, series="KH", by=clerk).words
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        given = sorted(pool.map(one, range(200)), key=int)

    assert given == [f"{number:02d}" for number in range(1, 201)]
    assert NumberRegister.objects.count() == 1
    assert lines() == [(number, EntryKind.DOCUMENT) for number in given]
