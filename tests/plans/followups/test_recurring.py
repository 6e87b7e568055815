"""Remarks that come again, and what counts as one."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from criteria.models import Criterion
from plans.followups.recurring import recurring_remarks
from plans.inspections.enums import Decision
from plans.inspections.models import Inspection
from plans.schools.models import School
from tests.factories import accounts, criteria, inspections, planning, schools

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 20)


def remark(school: School, year: int, criterion: Criterion, day: date, **said: str) -> Inspection:
    """A visit whose minutes are made, with a remark on one criterion; held `day`, later than it was planned."""
    plan = planning.plan(
        school, year=schools.school_year(year), framework=criterion.standard.framework
    )
    planning.action(plan, criterion=criterion)
    opened = datetime.combine(day, time(8), timezone.get_current_timezone())
    late = {"planned_on": day - timedelta(days=40), "opened_at": opened}
    visit = inspections.inspection(plan, "done", **late)
    visit.findings.filter(criterion=criterion).update(**(said or {"limits": "Còn thiếu."}))
    return visit


@pytest.fixture
def pair() -> tuple[Criterion, Criterion]:
    first, second = Criterion.objects.of(criteria.framework()).select_related(
        "standard__framework"
    )[:2]
    return first, second


def test_remark_twice_in_a_school_or_in_many_schools_is_told(
    pair: tuple[Criterion, Criterion],
) -> None:
    first, second = pair
    a, b, c = (schools.school(name) for name in ("Trường An", "Trường Bình", "Trường Cúc"))
    remark(b, 2024, second, date(2024, 10, 1))
    remark(b, 2025, second, date(2025, 10, 1))
    for school, day in [(c, 3), (a, 9)]:
        remark(school, 2025, first, date(2025, 10, day))

    with CaptureQueriesContext(connection) as asked:
        (again,) = recurring_remarks(Inspection.objects.all(), TODAY)

    assert len(asked) == 2
    assert (again.criterion, again.visit_count) == (second.label, 2)
    assert [(s.school, s.days) for s in again.again] == [
        (b, (date(2024, 10, 1), date(2025, 10, 1)))
    ]

    remark(b, 2026, first, date(2026, 10, 5))
    told = recurring_remarks(Inspection.objects.all(), TODAY)
    assert [(one.criterion, [str(s.school) for s in one.schools]) for one in told] == [
        (first.label, ["Trường An", "Trường Bình", "Trường Cúc"]),
        (second.label, ["Trường Bình"]),
    ]


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"limits": "x"}, True),
        ({"seen": "x", "verdict": "not_done"}, True),
        ({"seen": "x", "verdict": "doing"}, True),
        ({"seen": "x", "verdict": "done"}, False),
        ({"seen": "x"}, False),
        ({"limits": " \n"}, False),
        ({"strengths": "x"}, False),
        ({"verdict": "not_done"}, False),
    ],
)
def test_what_counts_as_a_remark(
    pair: tuple[Criterion, Criterion], said: dict[str, str], counts: bool
) -> None:
    school = schools.school()
    for year in (2024, 2025):
        remark(school, year, pair[0], date(year, 10, 1), **said)

    assert bool(recurring_remarks(Inspection.objects.all(), TODAY)) is counts


def test_recommendation_counts_and_what_was_withdrawn_does_not(
    pair: tuple[Criterion, Criterion],
) -> None:
    school = schools.school()
    visits = [remark(school, y, pair[0], date(y, 10, 1), evidence="x") for y in (2024, 2025)]
    findings = [visit.findings.get(criterion=pair[0]) for visit in visits]
    assert recurring_remarks(Inspection.objects.all(), TODAY) == []
    for finding in findings:
        inspections.recommendation(finding)
    assert len(recurring_remarks(Inspection.objects.all(), TODAY)) == 1

    by = accounts.user()
    decided = {"decided_by": by, "decided_at": timezone.now()}
    inspections.reply(findings[0], decision=Decision.WITHDRAW, **decided)

    assert recurring_remarks(Inspection.objects.all(), TODAY) == []


def test_visits_without_minutes_do_not_count(pair: tuple[Criterion, Criterion]) -> None:
    school = schools.school()
    visits = [remark(school, year, pair[0], date(year, 10, 1)) for year in (2024, 2025)]
    Inspection.objects.filter(pk=visits[0].pk).update(state="concluded")

    assert recurring_remarks(Inspection.objects.all(), TODAY) == []
