"""The people of a visit: seats as values, who may take one, and changes to the team of one visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from django.core.exceptions import ValidationError

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.inspections.enums import TeamRole
from plans.inspections.models import TeamPerson
from plans.inspections.rules import is_own_school
from plans.schools.models import School
from plans.text import fold

LEADING = (TeamRole.LEAD, TeamRole.SECRETARY)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person of a team before there is a row: as the record prints them, with the account they have or None.

    `home_school` is the school that they come from, which they may not inspect.
    """

    user: User | None
    honorific: str
    full_name: str
    position: str
    unit: str
    home_school: School | None
    role: str = TeamRole.MEMBER

    @classmethod
    def of(cls, person: TeamPerson, role: str = "") -> Seat:
        """Return the seat of a row; reads `user` and `home_school`, so select them."""
        return cls(
            user=person.user,
            honorific=person.honorific,
            full_name=person.full_name,
            position=person.position,
            unit=person.unit,
            home_school=person.home_school,
            role=role or person.role,
        )

    def fields(self) -> dict[str, object]:
        """Return the seat under the names of a row's fields."""
        return {
            "user": self.user,
            "honorific": self.honorific,
            "full_name": self.full_name,
            "position": self.position,
            "unit": self.unit,
            "home_school": self.home_school,
            "role": self.role,
        }


def seat_of_user(user: User, role: str, *, on: date) -> Seat:
    """Return the seat of somebody with an account: post, unit and home school from their first role on the day.

    A role in a school counts first, since that school is what they may not inspect.
    """
    rows = sorted(user.memberships_on(on), key=lambda row: (row.school_id is None, row.pk))
    first = next(iter(rows), None)
    return Seat(
        user=user,
        honorific=user.paper_honorific,
        full_name=user.full_name,
        position=_post(first),
        unit=first.place_on(on) if first else "",
        home_school=first.school if first else None,
        role=role,
    )


def _post(row: Membership | None) -> str:
    return (row.position or Role(row.role).label) if row else ""


def same_person(one: Seat, other: Seat) -> bool:
    """Say whether two seats are one person's: one account; without any, one name, post and unit."""
    if one.user or other.user:
        return one.user is not None and other.user is not None and one.user.pk == other.user.pk
    return _named(one) == _named(other)


def _named(seat: Seat) -> tuple[str, str, str]:
    return fold(seat.full_name), fold(seat.position), fold(seat.unit)


def check_team(seats: Sequence[Seat]) -> None:
    """Refuse a team that cannot work: not exactly one tổ trưởng, nobody to write, somebody named twice.

    Raises ValidationError by the field "team". Source: the record is signed by a tổ trưởng and every member.
    """
    if not any(seat.role == TeamRole.LEAD for seat in seats):
        raise ValidationError({"team": "Tổ kiểm tra cần một tổ trưởng."})
    check_named(seats)
    if not any(seat.user and seat.user.is_active for seat in seats if seat.role in LEADING):
        raise ValidationError(
            {"team": "Tổ trưởng hoặc thư ký phải có tài khoản để ghi biên bản trên chương trình."}
        )


def check_named(seats: Sequence[Seat]) -> None:
    """Refuse a second tổ trưởng and somebody named twice; others may still be wanting. Raises as `check_team`."""
    if sum(seat.role == TeamRole.LEAD for seat in seats) > 1:
        raise ValidationError({"team": "Tổ kiểm tra chỉ có một tổ trưởng."})
    for one, other in combinations(seats, 2):
        if same_person(one, other):
            raise ValidationError({"team": f"{one.full_name} được ghi hai lần trong tổ."})


def check_own_school(seats: Iterable[Seat], school: School, *, on: Iterable[date]) -> None:
    """Refuse people whose own school it is, on any of the days `on`. Raises ValidationError by the field "team"."""
    days = list(on)
    names = [seat.full_name for seat in seats if is_own(seat, school, days)]
    if names:
        who = ", ".join(names)
        raise ValidationError(
            {"team": f"{who} là người của {school}. Không ai kiểm tra trường của mình."}
        )


def is_own(seat: Seat, school: School, days: Iterable[date]) -> bool:
    """Say whether a school is the person's own on one of `days`."""
    home = seat.home_school.pk if seat.home_school else None
    return any(is_own_school(seat.user, home, school.pk, day) for day in days)


def with_lead(seats: Sequence[Seat], lead: Seat) -> list[Seat]:
    """Return the seats with `lead` as the one tổ trưởng; who was it before is a thành viên."""
    roles = {TeamRole.LEAD: TeamRole.MEMBER}
    return [
        replace(seat, role=TeamRole.LEAD)
        if same_person(seat, lead)
        else replace(seat, role=roles.get(TeamRole(seat.role), seat.role))
        for seat in seats
    ]


def team_for(seats: Sequence[Seat], school: School, *, on: Iterable[date]) -> tuple[Seat, ...]:
    """Return who of `seats` may go to a school, with a tổ trưởng among them; () where the rest cannot work.

    Where the tổ trưởng may not go, the thư ký leads, else the first thành viên with an account.
    """
    days = list(on)
    going = [seat for seat in seats if not is_own(seat, school, days)]
    if not any(seat.role == TeamRole.LEAD for seat in going):
        order = sorted(going, key=lambda seat: (seat.user is None, seat.role != TeamRole.SECRETARY))
        going = with_lead(going, order[0]) if order else []
    try:
        check_team(going)
    except ValidationError:
        return ()
    return tuple(going)
