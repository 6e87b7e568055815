"""What a school owes and an office waits for, counted; never ranked."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from criteria.models import Criterion
from plans.followups import queries
from plans.followups.models import FollowUp
from plans.followups.queries import Age, Stage
from plans.inspections.enums import Decision
from plans.inspections.models import Inspection
from plans.schools.models import School
from tests.factories import accounts, criteria, followups, inspections, planning, schools

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 20)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 30)))


def item(**values: Any) -> FollowUp:
    return followups.follow_up(**values)


# --- items ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "words", "mark", "tone"),
    [
        ({"due_on": date(2026, 4, 19)}, "quá hạn 1 ngày", "error", "error"),
        ({"due_on": date(2026, 4, 20)}, "hôm nay là hạn cuối", "clock", "warn"),
        ({"due_on": date(2026, 4, 27)}, "còn 7 ngày", "clock", "warn"),
        ({"due_on": date(2026, 4, 28)}, "còn 8 ngày", "empty", "none"),
        ({"due_on": None, "due": "sớm"}, "chưa đọc được hạn", "empty", "none"),
        ({"due_on": None, "due": ""}, "chưa ghi hạn", "empty", "none"),
        ({"due_on": date(2026, 4, 1), "state": "reported"}, "", "clock", "work"),
    ],
)
def test_time_of_an_item_is_said_in_words(
    values: dict[str, Any], words: str, mark: str, tone: str
) -> None:
    (one,) = queries.on_day([item(**values)], TODAY)

    assert (one.time_words, one.mark, one.tone) == (words, mark, tone)


def test_next_visit_opens_with_what_is_not_verified_nearest_date_first() -> None:
    late = item(due_on=date(2026, 4, 1))
    plan = late.inspection.plan
    rest = [
        item(inspection=inspections.inspection(plan, "done"), **values)
        for values in ({"due_on": None}, {"due_on": date(2026, 3, 1), "state": "reported"})
    ]
    by = accounts.user()
    done = {"state": "verified", "verified_by": by, "verified_at": timezone.now()}
    item(inspection=inspections.inspection(plan, "done"), **done)
    item()
    visit = inspections.inspection(plan, "minuted")
    item(inspection=visit)  # its own, which are no older ones

    found = queries.items_for_visit(visit, TODAY)

    assert [one.item for one in found] == [rest[1], late, rest[0]]


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, Age.MONTH),
        (30, Age.MONTH),
        (31, Age.QUARTER),
        (90, Age.QUARTER),
        (91, Age.HALF),
        (180, Age.HALF),
        (181, Age.LONGER),
        (1000, Age.LONGER),
    ],
)
def test_count_and_list_agree_about_age(days: int, age: Age) -> None:
    one = item(created_at=at(TODAY - timedelta(days=days)))

    assert queries.age_of(one, TODAY) is age
    known = {a: queries.of_age(FollowUp.objects.all(), a, TODAY).count() for a in Age}
    assert known == {a: int(a is age) for a in Age}


def test_items_by_standard_and_age() -> None:
    new, old = at(TODAY), at(TODAY - timedelta(days=100))
    item(standard_number=3, created_at=new, due_on=date(2026, 4, 1))
    item(standard_number=3, created_at=old, due_on=date(2026, 4, 1), state="reported")
    item(standard_number=1, created_at=new)
    item(standard_number=None, created_at=new)
    by = accounts.user()
    item(standard_number=5, state="verified", verified_by=by, verified_at=timezone.now())

    with CaptureQueriesContext(connection) as asked:
        table = queries.item_table(FollowUp.objects.all(), TODAY)

    assert len(asked) == 1
    assert [(r.label, [n for _, n in r.counts], r.overdue, r.reported) for r in table.rows] == [
        ("Tiêu chuẩn 1", [1, 0, 0, 0], 0, 0),
        ("Tiêu chuẩn 3", [1, 0, 1, 0], 1, 1),
        ("Ngoài các tiêu chuẩn", [1, 0, 0, 0], 0, 0),
    ]
    assert [n for _, n in table.totals] == [3, 0, 1, 0]
    assert (table.total, table.overdue, table.reported) == (4, 1, 1)
    assert [heat for _, _, heat in table.cells[1][1]] == [3, 0, 3, 0]
    assert queries.of_standard(FollowUp.objects.all(), queries.NO_STANDARD).count() == 1
    assert queries.of_standard(FollowUp.objects.all(), 3).count() == 2


# --- visits -----------------------------------------------------------------------------------------------


STAGES: list[tuple[dict[str, Any], Stage, str, bool]] = [
    ({"state": "planned", "planned_on": date(2026, 4, 23)}, Stage.PLANNED, "còn 3 ngày", False),
    ({"state": "planned", "planned_on": TODAY}, Stage.PLANNED, "hôm nay", False),
    (
        {"state": "planned", "planned_on": date(2026, 4, 18)},
        Stage.PLANNED,
        "quá ngày 2 ngày, chưa mở biên bản",
        True,
    ),
    ({"state": "open"}, Stage.OPEN, "", False),
    (
        {"state": "concluded", "reply_until": TODAY},
        Stage.ANSWERING,
        "đến hết 20/04/2026",
        False,
    ),
    (
        {"state": "concluded", "reply_until": date(2026, 4, 19)},
        Stage.NO_MINUTES,
        "từ hôm nay",
        True,
    ),
    (
        {"state": "concluded", "reply_until": date(2026, 4, 14)},
        Stage.NO_MINUTES,
        "đã 5 ngày",
        True,
    ),
    (
        {
            "state": "concluded",
            "reply_until": date(2026, 4, 30),
            "replied_at": at(date(2026, 4, 17)),
        },
        Stage.NO_MINUTES,
        "đã 3 ngày",
        True,
    ),
    ({"state": "minuted"}, Stage.TO_SIGN, "", False),
    ({"state": "done"}, Stage.DONE, "", False),
]


@pytest.mark.parametrize(("values", "stage", "words", "late"), STAGES)
def test_visit_is_counted_and_listed_in_one_stage(
    values: dict[str, Any], stage: Stage, words: str, late: bool
) -> None:
    visit = inspections.inspection(**values)

    one = queries.visit_on_day(visit, TODAY)

    assert one is not None
    assert (one.stage, one.time_words, one.is_late) == (stage, words, late)
    listed = {s: queries.in_stage(Inspection.objects.all(), s, TODAY).count() for s in Stage}
    assert listed == {s: int(s is stage) for s in Stage}


def test_cancelled_visit_is_in_no_stage() -> None:
    visit = inspections.inspection(state="cancelled")

    assert queries.visit_on_day(visit, TODAY) is None
    assert queries.visit_table(Inspection.objects.all(), TODAY).total == 0


def test_visits_by_kind_and_stage() -> None:
    for state in ("planned", "done", "done"):
        inspections.inspection(state=state)
    primary = planning.plan(schools.school(kind="primary"))
    inspections.inspection(primary, "open")

    with CaptureQueriesContext(connection) as asked:
        table = queries.visit_table(Inspection.objects.all(), TODAY)

    assert len(asked) == 1
    assert [(row.label, [n for _, n in row.counts]) for row in table.rows] == [
        ("Mầm non", [1, 0, 0, 0, 0, 2]),
        ("Tiểu học", [0, 1, 0, 0, 0, 0]),
    ]
    assert ([n for _, n in table.totals], table.total) == ([1, 1, 0, 0, 0, 2], 4)
    assert [heat for _, _, heat in table.cells[0][1]] == [2, 0, 0, 0, 0, 3]


# --- remarks that come again ------------------------------------------------------------------------------


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
        (again,) = queries.recurring_remarks(Inspection.objects.all(), TODAY)

    assert len(asked) == 2
    assert (again.criterion, again.visit_count) == (second.label, 2)
    assert [(s.school, s.days) for s in again.again] == [
        (b, (date(2024, 10, 1), date(2025, 10, 1)))
    ]

    remark(b, 2026, first, date(2026, 10, 5))
    told = queries.recurring_remarks(Inspection.objects.all(), TODAY)
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

    assert bool(queries.recurring_remarks(Inspection.objects.all(), TODAY)) is counts


def test_recommendation_counts_and_what_was_withdrawn_does_not(
    pair: tuple[Criterion, Criterion],
) -> None:
    school = schools.school()
    visits = [remark(school, y, pair[0], date(y, 10, 1), evidence="x") for y in (2024, 2025)]
    findings = [visit.findings.get(criterion=pair[0]) for visit in visits]
    assert queries.recurring_remarks(Inspection.objects.all(), TODAY) == []
    for finding in findings:
        inspections.recommendation(finding)
    assert len(queries.recurring_remarks(Inspection.objects.all(), TODAY)) == 1

    by = accounts.user()
    decided = {"decided_by": by, "decided_at": timezone.now()}
    inspections.reply(findings[0], decision=Decision.WITHDRAW, **decided)

    assert queries.recurring_remarks(Inspection.objects.all(), TODAY) == []


def test_visits_without_minutes_do_not_count(pair: tuple[Criterion, Criterion]) -> None:
    school = schools.school()
    visits = [remark(school, year, pair[0], date(year, 10, 1)) for year in (2024, 2025)]
    Inspection.objects.filter(pk=visits[0].pk).update(state="concluded")

    assert queries.recurring_remarks(Inspection.objects.all(), TODAY) == []


# --- reminders --------------------------------------------------------------------------------------------


def test_reminders_are_one_for_each_school_and_date_and_stay_the_same_for_a_week() -> None:
    first = item(due_on=date(2026, 4, 20))
    plan = first.inspection.plan
    item(inspection=inspections.inspection(plan, "done"), due_on=date(2026, 4, 20))
    item(due_on=date(2026, 4, 28))
    item(due_on=date(2026, 4, 19), state="reported")
    item(due_on=None)

    def keys(on: date) -> list[str]:
        return [one.key for one in queries.reminders_due(on)]

    school = first.school_id
    assert keys(date(2026, 4, 12)) == []
    soon = f"follow-ups:{school}:20260420:soon"
    assert keys(date(2026, 4, 13)) == keys(TODAY) == [soon]
    (due,) = queries.reminders_due(TODAY)
    assert due.words == "2 kiến nghị sau kiểm tra có hạn ngày 20/04/2026, hôm nay là hạn cuối."
    late = f"follow-ups:{school}:20260420:late-0"
    assert keys(date(2026, 4, 21))[0] == keys(date(2026, 4, 27))[0] == late
    assert keys(date(2026, 4, 28))[0] == late.replace("late-0", "late-1")
    late_now = queries.reminders_due(date(2026, 4, 23))[0]
    assert late_now.words == "2 kiến nghị sau kiểm tra có hạn ngày 20/04/2026, quá hạn 3 ngày."
