"""Which schools a person sees."""

from datetime import date

import pytest

from plans.accounts.roles import Role
from plans.schools.models import School, SchoolBody
from tests.factories import accounts, schools

TODAY = date(2026, 10, 15)
LAST_DAY = date(2025, 6, 30)

pytestmark = pytest.mark.django_db


def _seen(user: object) -> set[School]:
    return set(School.objects.visible_to(user, TODAY))  # type: ignore[arg-type]


def test_school_person_sees_their_school_alone() -> None:
    body = schools.body()
    own, other = (schools.school(managed_by=body) for _ in range(2))

    assert _seen(accounts.member(school=own)) == {own}
    assert other not in _seen(accounts.member(school=own))


@pytest.mark.parametrize("role", [SchoolBody.Role.DIRECT, SchoolBody.Role.PARENT])
def test_body_sees_schools_that_it_manages(role: SchoolBody.Role) -> None:
    body = schools.body()
    managed, foreign = schools.school(), schools.school(managed_by=schools.body())
    schools.school_body(managed, body, role)

    assert _seen(accounts.member(Role.OFFICER, body=body)) == {managed}
    assert foreign not in _seen(accounts.member(Role.OFFICER, body=body))


def test_body_that_only_recognises_sees_nothing() -> None:
    body = schools.body()
    schools.school_body(schools.school(), body, SchoolBody.Role.RECOGNISING)

    assert _seen(accounts.member(Role.OFFICER, body=body)) == set()


def test_body_sees_schools_of_the_bodies_below_it() -> None:
    top = schools.body()
    middle = schools.body(parent=top)
    school = schools.school(managed_by=schools.body(parent=middle))

    assert _seen(accounts.member(Role.BODY_LEAD, body=top)) == {school}


def test_ring_of_bodies_does_not_hang() -> None:
    one = schools.body()
    two = schools.body(parent=one)
    one.parent = two
    one.save()
    school = schools.school(managed_by=two)

    assert _seen(accounts.member(Role.OFFICER, body=one)) == {school}


def test_link_that_is_over_shows_nothing() -> None:
    body, school = schools.body(), schools.school()
    schools.school_body(school, body, valid_to=date(2026, 10, 14))

    assert _seen(accounts.member(Role.OFFICER, body=body)) == set()


def test_successor_reads_what_its_predecessor_had_until_its_end() -> None:
    heir = schools.body()
    abolished = schools.body(valid_to=LAST_DAY, successor=heir)
    kept, left_earlier = schools.school(), schools.school()
    schools.school_body(kept, abolished, valid_to=LAST_DAY)
    schools.school_body(left_earlier, abolished, valid_to=date(2020, 6, 30))

    assert _seen(accounts.member(Role.OFFICER, body=heir)) == {kept}


def test_a_school_that_went_to_another_body_is_seen_by_that_body_alone() -> None:
    """A district that ended was split among communes: its heir reads only what came to nobody else."""
    heir, other = schools.body(), schools.body()
    abolished = schools.body(valid_to=LAST_DAY, successor=heir)
    moved = schools.school(managed_by=other)
    schools.school_body(moved, abolished, valid_to=LAST_DAY)

    assert _seen(accounts.member(Role.OFFICER, body=other)) == {moved}
    assert _seen(accounts.member(Role.OFFICER, body=heir)) == set()
    assert _seen(accounts.member(Role.OFFICER, body=abolished)) == set()


def test_administrator_sees_every_school() -> None:
    made = {schools.school(), schools.school(managed_by=schools.body())}

    assert _seen(accounts.member(Role.ADMIN)) == made


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "sees"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (None, date(2026, 10, 14), False),
        (date(2026, 10, 16), None, False),
    ],
)
def test_membership_counts_on_its_days_only(
    valid_from: date | None, valid_to: date | None, sees: bool
) -> None:
    school, user = schools.school(), accounts.user()
    accounts.membership(user, school=school, valid_from=valid_from, valid_to=valid_to)

    assert (school in _seen(user)) is sees


def test_closed_account_sees_nothing() -> None:
    user = accounts.member(Role.ADMIN)
    user.is_active = False
    schools.school()

    assert _seen(user) == set()
