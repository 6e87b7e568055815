"""Việc cần làm, help, the accessibility statement, the catalogue of frameworks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from criteria.models import Framework
from plans.accounts.models import Membership, User
from plans.checking.catalogue import RULES
from plans.checking.enums import Grade
from plans.followups.homes import office_home, school_homes, visits_of_team
from plans.overview.queries import SchoolWork, StateTable, state_table, work_of_schools
from plans.schools.models import School, SchoolYear
from plans.schools.sight import schools_of_bodies
from plans.submitting.campaigns import SchoolStanding, campaigns_of_schools
from plans.together.parts import given_to
from plans.together.talk import waiting_for
from plans.web.access import person_of
from plans.web.overview.tasks import (
    OfficeLine,
    Task,
    day_words,
    office_lines,
    shared_tasks,
    tasks_of,
    waiting_words,
)
from plans.web.overview.visit_tasks import office_tasks, school_tasks, team_tasks


@dataclass(frozen=True, slots=True)
class OwnSchool:
    """A person's school on their page: how far it is, what they should do, what they wait for."""

    name: str
    work: SchoolWork
    tasks: list[Task]
    waiting: str
    campaigns: list[SchoolStanding]


@dataclass(frozen=True, slots=True)
class Office:
    """A person's body on their page: how far its schools are, and what its visits and their items wait for."""

    name: str
    table: StateTable
    lines: list[OfficeLine]
    visit_tasks: list[Task]


def home(request: HttpRequest) -> HttpResponse:
    """Show what the person should do next, in each school and body that they belong to."""
    user = person_of(request)
    today = timezone.localdate()
    year = SchoolYear.objects.at(today)
    memberships = user.memberships_on(today)
    context: dict[str, Any] = {
        "today": day_words(today),
        "year": year,
        "memberships": memberships,
        "team_tasks": team_tasks(visits_of_team(user, today), user),
        "schools": _own_schools(user, memberships, year, today),
        "offices": [_office(user, row, year, today) for row in _over_schools(memberships)],
    }
    return render(request, "plans/overview/home.html", context)


def _own_schools(
    user: User, memberships: list[Membership], year: SchoolYear | None, today: date
) -> list[OwnSchool]:
    ids = [row.school_id for row in memberships if row.school_id]
    if year is None or not ids:
        return []
    schools = list(School.objects.filter(pk__in=ids).with_name(today).order_by("sort_key", "pk"))
    waiting, given = waiting_for(user, ids), given_to(user, ids)
    asked = campaigns_of_schools(ids, today)
    visited = school_homes(ids, today)
    own = []
    for work in work_of_schools(schools, year, today):
        tasks = [
            *school_tasks(visited[work.school.pk], user, today),
            *shared_tasks(work.school, waiting, given),
            *tasks_of(work, user),
        ]
        campaigns = [one for one in asked if one.school.pk == work.school.pk]
        words = waiting_words(work, user)
        own.append(OwnSchool(str(work.school), work, tasks, words, campaigns))
    return own


def _over_schools(memberships: list[Membership]) -> list[Membership]:
    """Return one membership for each body, or the one over everything alone."""
    site = [row for row in memberships if row.sees_everything]
    bodies = {row.body_id: row for row in memberships if row.body_id}
    return site[:1] or list(bodies.values())


def _office(user: User, membership: Membership, year: SchoolYear | None, today: date) -> Office:
    schools = School.objects.all()
    if membership.body_id:
        schools = schools.filter(schools_of_bodies({membership.body_id}, today))
    table = state_table(schools, year)
    visit_tasks = office_tasks(office_home(schools, today), user)
    return Office(membership.place_on(today), table, office_lines(table), visit_tasks)


def help_page(request: HttpRequest) -> HttpResponse:
    """Explain every page, each in a few sentences."""
    rules = [(grade, [r for r in RULES if r.grade is grade]) for grade in Grade]
    return render(request, "plans/overview/help.html", {"checks": rules})


def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was done so that everybody can use the program, and what is not done yet."""
    return render(request, "plans/overview/accessibility.html")


def catalogue(request: HttpRequest) -> HttpResponse:
    """List the frameworks with how far each was checked against the official texts."""
    frameworks = (
        Framework.objects.newest().prefetch_related("kinds").order_by("-valid_from", "code")
    )
    return render(request, "plans/overview/catalogue.html", {"frameworks": frameworks})
