"""Who may do what: role by permission, and that one role lends nothing to another."""

from typing import Any

import pytest
from django.utils import timezone

from plans.accounts.backend import MembershipBackend
from plans.accounts.models import User
from plans.accounts.roles import ROLES, Place, Role, roles_at
from plans.accounts.rules import may
from plans.schools.models import School
from tests.factories import accounts, planning, schools

READ = {"plans.view_school", "plans.view_plan", "plans.download_plan"}
WRITE = READ | {"plans.change_plan"}
LEAD = WRITE | {"plans.add_plan", "plans.finish_plan", "plans.reopen_plan"}
# Said once more, by hand: a slip in roles.py must not pass because the test reads the same table.
EXPECTED: dict[Role, set[str]] = {
    Role.PRINCIPAL: LEAD,
    Role.VICE_PRINCIPAL: LEAD,
    Role.COUNCIL_SECRETARY: LEAD,
    Role.COUNCIL_MEMBER: WRITE,
    Role.STAFF: READ,
    Role.CLERK: READ,
    Role.OFFICER: READ,
    Role.BODY_LEAD: READ,
    Role.ADMIN: READ | {"plans.view_catalogue"},
}
ALL = set().union(*EXPECTED.values())


@pytest.fixture
def school(db: None) -> School:
    return schools.school(managed_by=schools.body())


def _holder(role: Role, school: School) -> User:
    place = ROLES[role].place
    link = school.body_links.first()
    return accounts.member(
        role,
        school=school if place is Place.SCHOOL else None,
        body=link.body if link and place is Place.BODY else None,
    )


@pytest.mark.parametrize("role", Role)
def test_role_may_exactly_what_the_table_says(role: Role, school: School) -> None:
    user = _holder(role, school)
    drafted = planning.plan(school, year=schools.school_year(2025))
    finished = planning.plan(school, year=schools.school_year(2024), finished=True)

    def may_somewhere(permission: str) -> bool:
        of_school = permission in {"plans.view_school", "plans.add_plan", "plans.view_catalogue"}
        things = [school] if of_school else [drafted, finished]
        return any(may(user, permission, thing, on=timezone.localdate()) for thing in things)

    assert {one for one in ALL if may_somewhere(one)} == EXPECTED[role]


def test_table_names_every_role_and_each_says_what_it_is() -> None:
    assert set(ROLES) == set(Role) == set(EXPECTED)
    assert all(facts.description.endswith(".") for facts in ROLES.values())
    assert [role for place in Place for role in roles_at(place)] == list(Role)


@pytest.mark.parametrize("role", Role)
def test_unknown_permission_is_nobodys(role: Role, school: School) -> None:
    assert not _holder(role, school).has_perm("plans.sell_school", school)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_reach_ends_at_ones_own_place(role: Role, school: School) -> None:
    elsewhere = schools.school(managed_by=schools.body())

    assert not any(_holder(role, school).has_perm(one, elsewhere) for one in ALL)


def test_one_role_lends_its_reach_to_no_other(school: School) -> None:
    """A principal who also reads for an office leads their own school only."""
    own = schools.school()
    link = school.body_links.get()
    user = accounts.member(Role.OFFICER, body=link.body)
    accounts.membership(user, Role.PRINCIPAL, school=own)

    assert user.has_perm("plans.view_plan", school)
    assert not user.has_perm("plans.add_plan", school)
    assert user.has_perm("plans.add_plan", own)


def test_superuser_without_a_role_may_nothing_with_a_school(school: School) -> None:
    user = accounts.user()
    user.is_superuser = user.is_staff = True
    user.save()

    assert not any(user.has_perm(one, school) for one in ALL)


def test_closed_account_may_nothing(school: School) -> None:
    user = _holder(Role.ADMIN, school)
    user.is_active = False
    user.save()

    assert not any(user.has_perm(one, school) for one in ALL)
    assert not any(user.has_perm(one) for one in ALL)


def test_demo_accounts_are_shut_out_where_there_is_no_demo(school: School, settings: Any) -> None:
    user = _holder(Role.PRINCIPAL, school)
    user.is_demo = True
    user.set_password("KeHoach-2026")
    user.save()
    backend = MembershipBackend()

    settings.KCL_DEMO = False
    outside = (
        backend.authenticate(None, username=user.username, password="KeHoach-2026"),
        backend.get_user(user.pk),
    )
    settings.KCL_DEMO = True
    inside = backend.authenticate(None, username=user.username, password="KeHoach-2026")

    assert (outside, inside) == ((None, None), user)


def test_an_e_mail_with_capitals_is_found_however_it_was_entered(school: School) -> None:
    user = _holder(Role.PRINCIPAL, school)
    user.email = "Co.Mau@Truong.example"
    user.full_clean(exclude=["password"])
    user.save()

    assert User.objects.get_by_natural_key("co.MAU@truong.example") == user
