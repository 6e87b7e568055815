"""Opening and closing accounts, roles and sessions."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from plans.accounts.actions import (
    close_account,
    grant,
    log_out_everywhere,
    open_account,
    reopen_account,
    revoke,
    set_password,
)
from plans.accounts.models import LoginSession, Membership, User
from plans.accounts.roles import Role
from plans.history.models import Event
from tests.factories import accounts, schools

pytestmark = pytest.mark.django_db


def test_open_account_keeps_names_plain_and_asks_for_a_new_password() -> None:
    admin = accounts.user()

    user = open_account(
        username=" Mai.Lan ", full_name="Đỗ Mai Lan", email="Mai.Lan@Example.org", by=admin
    )

    assert (user.username, user.email) == ("mai.lan", "mai.lan@example.org")
    assert user.must_change_password
    assert not user.has_usable_password()
    assert Event.objects.about(user).get().action == "account.open"


@pytest.mark.parametrize(
    ("username", "email", "said"),
    [
        ("mai lan", "", "Tên đăng nhập chỉ gồm chữ thường không dấu"),
        ("mẫu.đơn", "", "Tên đăng nhập chỉ gồm chữ thường không dấu"),
        ("mai\n", "mai@", "Nhập địa chỉ email hợp lệ|email"),
        ("ton.tai", "", "Tên đăng nhập này đã có người dùng"),
        ("khac", "TON.TAI@example.org", "Thư điện tử này đã có người dùng"),
    ],
)
def test_open_account_refuses_names_that_cannot_be(username: str, email: str, said: str) -> None:
    accounts.user("ton.tai", email="ton.tai@example.org")

    with pytest.raises(ValidationError, match=said):
        open_account(username=username, full_name="Đỗ Mai Lan", email=email, by=None)

    assert User.objects.count() == 1


def test_two_accounts_may_lack_an_email() -> None:
    accounts.user(email="")
    accounts.user(email="")

    assert User.objects.filter(email="").count() == 2


@pytest.mark.parametrize("name", ["mai.lan", "MAI.LAN", " Mai.Lan@example.ORG "])
def test_person_is_found_by_name_or_email_in_any_case(name: str) -> None:
    user = accounts.user("mai.lan", email="mai.lan@example.org")

    assert User.objects.get_by_natural_key(name) == user


@pytest.mark.parametrize("name", ["", "@", None])
def test_nobody_is_found_by_nothing(name: str | None) -> None:
    accounts.user(email="")

    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(name)


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_closed_account_is_out_with_its_next_request() -> None:
    user = accounts.member(school=schools.school())
    client = _logged_in(user)
    assert _is_in(client)

    close_account(user=user, by=None)

    assert not _is_in(client)


def test_reopened_account_has_its_roles_but_not_its_old_sessions() -> None:
    user = accounts.member(school=schools.school())
    client = _logged_in(user)

    close_account(user=user, by=None)
    reopen_account(user=user, by=None)

    assert not _is_in(client)
    assert User.objects.get(pk=user.pk).memberships_on(timezone.localdate())


def test_logging_out_everywhere_ends_every_session_and_no_one_elses() -> None:
    user, other = accounts.user(), accounts.user()
    mine, elsewhere, others = _logged_in(user), _logged_in(user), _logged_in(other)
    LoginSession.objects.create(user=user, session_key="a")
    LoginSession.objects.create(user=other, session_key="b")

    log_out_everywhere(user=user, by=user)

    assert [_is_in(client) for client in (mine, elsewhere, others)] == [False, False, True]
    assert [row.session_key for row in LoginSession.objects.all()] == ["b"]


def test_changed_secret_key_keeps_sessions_while_the_old_key_is_named(settings: object) -> None:
    client = _logged_in(accounts.user())

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "x" * 60  # type: ignore[attr-defined]

    assert _is_in(client)


def test_own_password_is_settled_and_one_set_by_another_must_be_changed() -> None:
    admin, user = accounts.user(), accounts.user(must_change_password=True)

    set_password(user=user, password="nắng tháng tám về", by=user)
    assert not user.must_change_password
    set_password(user=user, password="tạm thời thôi nhé", by=admin)

    user.refresh_from_db()
    assert user.must_change_password
    assert user.check_password("tạm thời thôi nhé")


def test_granted_role_holds_at_once_also_for_an_instance_already_asked() -> None:
    school, user = schools.school(), accounts.user()
    assert not user.has_perm("plans.view_school", school)

    grant(user=user, role=Role.PRINCIPAL, school=school, by=None)

    assert user.has_perm("plans.view_school", school)
    assert Event.objects.get(action="role.grant").school_id == school.pk


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("place", ["school", "body", "both", "neither"])
def test_role_is_held_only_where_it_belongs(role: Role, place: str) -> None:
    school = schools.school() if place in {"school", "both"} else None
    body = schools.body() if place in {"body", "both"} else None
    belongs = {
        Role.OFFICER: "body",
        Role.BODY_LEAD: "body",
        Role.ADMIN: "neither",
    }.get(role, "school")

    if place == belongs:
        assert grant(user=accounts.user(), role=role, school=school, body=body, by=None).pk
    else:
        with pytest.raises(ValidationError, match="Vai trò của trường cần chọn trường"):
            grant(user=accounts.user(), role=role, school=school, body=body, by=None)


def test_same_role_twice_at_a_time_is_refused_but_one_after_the_other_is_not() -> None:
    school, user = schools.school(), accounts.user()
    grant(user=user, role=Role.CLERK, school=school, by=None, valid_to=date(2025, 8, 31))

    with pytest.raises(ValidationError, match="đã giữ vai trò đó"):
        grant(user=user, role=Role.CLERK, school=school, by=None, valid_from=date(2025, 8, 31))
    grant(user=user, role=Role.CLERK, school=school, by=None, valid_from=date(2025, 9, 1))

    assert user.memberships.count() == 2


def test_revoked_role_is_over_today() -> None:
    school = schools.school()
    user = accounts.member(school=school)
    client = _logged_in(user)
    address = f"/truong/{school.pk}/"
    assert client.get(address).status_code == 200

    revoke(membership=user.memberships.get(), by=None)

    assert client.get(address).status_code == 404
    assert user.memberships.get().valid_to == timezone.localdate() - timedelta(days=1)


def test_role_that_never_began_is_deleted() -> None:
    user = accounts.user()
    membership = accounts.membership(user, school=schools.school(), valid_from=timezone.localdate())

    revoke(membership=membership, by=None)

    assert not Membership.objects.exists()
    assert Event.objects.filter(action="role.revoke").count() == 1
