"""People and what they are to whom."""

from datetime import date
from itertools import count

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.schools.models import ManagingBody, School

PASSWORD = "mưa rào tháng bảy"

_numbers = count(1)


def user(
    username: str = "",
    *,
    full_name: str = "Lê Thị Mẫu Đơn",
    honorific: str = "Cô",
    email: str = "",
    password: str | None = PASSWORD,
    is_active: bool = True,
    must_change_password: bool = False,
) -> User:
    """A person who can log in with PASSWORD and has no role."""
    return User.objects.create_user(
        username or f"mau.don.{next(_numbers)}",
        password,
        full_name=full_name,
        honorific=honorific,
        email=email,
        is_active=is_active,
        must_change_password=must_change_password,
    )


def membership(
    user: User,
    role: Role = Role.PRINCIPAL,
    *,
    school: School | None = None,
    body: ManagingBody | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """A role, for ever unless said."""
    return Membership.objects.create(
        user=user, role=role, school=school, body=body, valid_from=valid_from, valid_to=valid_to
    )


def member(
    role: Role = Role.PRINCIPAL,
    *,
    school: School | None = None,
    body: ManagingBody | None = None,
    full_name: str = "Lê Thị Mẫu Đơn",
) -> User:
    """A new person with one role."""
    person = user(full_name=full_name)
    membership(person, role, school=school, body=body)
    return person
