"""An office's tables of counts: items by standard and age, visits by kind and stage; never ranked."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.followups.items import NO_STANDARD, of_standard
from plans.followups.models import FollowUp
from plans.followups.tables import item_table, visit_table
from plans.inspections.models import Inspection
from tests.factories import accounts, followups, inspections, planning, schools

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 20)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 30)))


def item(**values: Any) -> FollowUp:
    return followups.follow_up(**values)


def test_items_by_standard_and_age() -> None:
    new, old = at(TODAY), at(TODAY - timedelta(days=100))
    item(standard_number=3, created_at=new, due_on=date(2026, 4, 1))
    item(standard_number=3, created_at=old, due_on=date(2026, 4, 1), state="reported")
    item(standard_number=1, created_at=new)
    item(standard_number=None, created_at=new)
    by = accounts.user()
    item(standard_number=5, state="verified", verified_by=by, verified_at=timezone.now())

    with CaptureQueriesContext(connection) as asked:
        table = item_table(FollowUp.objects.all(), TODAY)

    assert len(asked) == 1
    assert [(r.label, [n for _, n in r.counts], r.overdue, r.reported) for r in table.rows] == [
        ("Tiêu chuẩn 1", [1, 0, 0, 0], 0, 0),
        ("Tiêu chuẩn 3", [1, 0, 1, 0], 1, 1),
        ("Ngoài các tiêu chuẩn", [1, 0, 0, 0], 0, 0),
    ]
    assert [n for _, n in table.totals] == [3, 0, 1, 0]
    assert (table.total, table.overdue, table.reported) == (4, 1, 1)
    assert [heat for _, _, heat in table.cells[1][1]] == [3, 0, 3, 0]
    assert of_standard(FollowUp.objects.all(), NO_STANDARD).count() == 1
    assert of_standard(FollowUp.objects.all(), 3).count() == 2


def test_visits_by_kind_and_stage() -> None:
    for state in ("planned", "done", "done"):
        inspections.inspection(state=state)
    primary = planning.plan(schools.school(kind="primary"))
    inspections.inspection(primary, "open")

    with CaptureQueriesContext(connection) as asked:
        table = visit_table(Inspection.objects.all(), TODAY)

    assert len(asked) == 1
    assert [(row.label, [n for _, n in row.counts]) for row in table.rows] == [
        ("Mầm non", [1, 0, 0, 0, 0, 2]),
        ("Tiểu học", [0, 1, 0, 0, 0, 0]),
    ]
    assert ([n for _, n in table.totals], table.total) == ([1, 1, 0, 0, 0, 2], 4)
    assert [heat for _, _, heat in table.cells[0][1]] == [2, 0, 0, 0, 0, 3]
