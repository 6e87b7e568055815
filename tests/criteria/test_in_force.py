"""Which framework judges a kind of school on a date."""

from datetime import date

import pytest

from criteria.enums import SchoolKind
from criteria.loader import load_all
from criteria.models import Framework, NoFrameworkInForce, SeveralFrameworksInForce
from tests.criteria.factories import make_framework

pytestmark = pytest.mark.django_db

PRESCHOOL = SchoolKind.PRESCHOOL


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2018, 10, 10), ["TT19-2018", "TT17-2018", "TT18-2018", "TT18-2018", "TT18-2018"]),
        (date(2025, 1, 24), ["TT19-2018", "TT17-2018", "TT18-2018", "TT18-2018", "TT18-2018"]),
        (
            date(2025, 1, 25),
            [
                "TT19-2018+22-2024",
                "TT17-2018+22-2024",
                "TT18-2018+22-2024",
                "TT18-2018+22-2024",
                "TT18-2018+22-2024",
            ],
        ),
        (
            date(2026, 7, 6),
            [
                "TT19-2018+22-2024",
                "TT17-2018+22-2024",
                "TT18-2018+22-2024",
                "TT18-2018+22-2024",
                "TT18-2018+22-2024",
            ],
        ),
        (date(2026, 7, 7), ["TT57-2026-MN", *["TT57-2026-PT"] * 4]),
        (date(2040, 1, 1), ["TT57-2026-MN", *["TT57-2026-PT"] * 4]),
    ],
)
def test_shipped_frameworks_answer_for_every_kind_of_school(day: date, codes: list[str]) -> None:
    load_all()

    found = [Framework.objects.in_force(kind, on=day).code for kind in SchoolKind]

    assert found == codes


def test_before_the_first_circular_none_is_in_force() -> None:
    load_all()

    with pytest.raises(NoFrameworkInForce) as refusal:
        Framework.objects.in_force(PRESCHOOL, on=date(2018, 10, 9))

    assert str(refusal.value) == (
        "Không có bộ tiêu chuẩn nào có hiệu lực đối với trường mầm non ngày 09/10/2018."
    )


def test_another_kind_of_school_is_not_answered_for() -> None:
    make_framework(kinds=(SchoolKind.PRIMARY,))

    with pytest.raises(NoFrameworkInForce):
        Framework.objects.in_force(PRESCHOOL, on=date(2020, 9, 5))


def test_newest_revision_is_in_force() -> None:
    make_framework(kinds=(PRESCHOOL,))
    newest = make_framework(revision=2, kinds=(PRESCHOOL,))

    found = Framework.objects.in_force(PRESCHOOL, on=date(2020, 9, 5))

    assert found == newest


def test_validity_shortened_by_a_revision_does_not_bring_the_old_one_back() -> None:
    make_framework(kinds=(PRESCHOOL,))
    make_framework(revision=2, kinds=(PRESCHOOL,), valid_to=date(2025, 1, 24))

    with pytest.raises(NoFrameworkInForce):
        Framework.objects.in_force(PRESCHOOL, on=date(2025, 1, 25))


def test_narrowed_queryset_still_knows_the_newer_revisions() -> None:
    make_framework(kinds=(PRESCHOOL,))
    make_framework(revision=2, kinds=(PRESCHOOL,), valid_to=date(2025, 1, 24))

    with pytest.raises(NoFrameworkInForce):
        Framework.objects.filter(valid_to=None).in_force(PRESCHOOL, on=date(2026, 1, 1))


def test_two_frameworks_in_force_are_refused() -> None:
    make_framework(kinds=(PRESCHOOL,))
    make_framework("TT57-2026-MN", kinds=(PRESCHOOL,))

    with pytest.raises(SeveralFrameworksInForce) as refusal:
        Framework.objects.in_force(PRESCHOOL, on=date(2026, 9, 5))

    assert str(refusal.value) == (
        "Có nhiều bộ tiêu chuẩn cùng có hiệu lực đối với trường mầm non ngày 05/09/2026."
    )


def test_unknown_kind_of_school_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="university"):
        Framework.objects.in_force("university", on=date(2026, 9, 5))
