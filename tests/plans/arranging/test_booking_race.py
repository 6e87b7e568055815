"""Two requests at once for the same person in the same hours: one is taken, the other is told why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.arranging.scheduling import add_member, reschedule_visit, schedule_visit
from plans.arranging.team import Seat
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection
from plans.schools.models import ManagingBody, School
from tests.factories import accounts, schools

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 10, 6)


def together(*deeds: Callable[[], object]) -> list[str]:
    """Do things at the same moment, each in its thread; return "done" or the refusal of each."""
    barrier = Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> str:
        try:
            barrier.wait()
            deed()
            return "done"
        except ValidationError as error:
            return " ".join(error.messages)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def seat(user: User | None, role: str = TeamRole.LEAD) -> Seat:
    name = user.full_name if user else "Phạm Văn Giấy"
    return Seat(user, "Ông", name, "Chuyên viên", "Phòng A", None, role)


def planner(
    school: School, body: ManagingBody, team: list[Seat], by: User, hour: int | None = None
) -> Callable[[], Inspection]:
    begin, end = (time(hour), time(hour + 1)) if hour else (None, None)
    return lambda: schedule_visit(
        school=school,
        body=body,
        planned_on=DAY,
        planned_from=begin,
        planned_to=end,
        team=team,
        by=by,
        on=DAY,
    )


def test_one_person_is_booked_once_by_two_bodies_at_once() -> None:
    schools.school_year(2026)
    bodies = [schools.body() for _ in range(4)]
    busy = accounts.member(Role.OFFICER, body=bodies[0])
    deeds = []
    for body in bodies:
        school, by = schools.school(managed_by=body), accounts.member(Role.OFFICER, body=body)
        deeds.append(planner(school, body, [seat(busy)], by))

    said = together(*deeds)

    assert said.count("done") == 1
    assert sum("đã có buổi kiểm tra" in words for words in said) == 3
    assert Inspection.objects.count() == 1


def test_person_without_an_account_is_booked_once_within_a_body() -> None:
    schools.school_year(2026)
    body = schools.body()
    leads = [accounts.member(Role.OFFICER, body=body) for _ in range(3)]
    deeds = [
        planner(
            schools.school(managed_by=body), body, [seat(lead), seat(None, TeamRole.MEMBER)], lead
        )
        for lead in leads
    ]

    said = together(*deeds)

    assert (said.count("done"), Inspection.objects.count()) == (1, 1)


def test_hours_apart_are_all_taken() -> None:
    """The control: the lock does not refuse what does not meet."""
    schools.school_year(2026)
    body = schools.body()
    busy = accounts.member(Role.OFFICER, body=body)
    deeds = [
        planner(schools.school(managed_by=body), body, [seat(busy)], busy, hour)
        for hour in (7, 9, 13)
    ]

    assert together(*deeds) == ["done"] * 3


def test_moving_one_visit_and_joining_another_at_once_does_not_book_twice() -> None:
    schools.school_year(2026)
    body = schools.body()
    busy, other = (accounts.member(Role.OFFICER, body=body) for _ in range(2))
    morning = planner(schools.school(managed_by=body), body, [seat(busy)], busy, 7)()
    noon = planner(schools.school(managed_by=body), body, [seat(other)], busy, 13)()

    said = together(
        lambda: reschedule_visit(
            inspection=morning,
            planned_on=DAY,
            planned_from=time(13),
            planned_to=time(14),
            version=1,
            by=busy,
            on=DAY,
        ),
        lambda: add_member(inspection=noon, seat=seat(busy, TeamRole.MEMBER), by=busy),
    )

    assert said.count("done") == 1
