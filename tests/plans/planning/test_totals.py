"""The plan's money adds up by source, standard and year; what was not read is counted, not dropped."""

from datetime import date

import pytest

from criteria.models import Criterion
from plans.accounts.models import User
from plans.planning import actions
from plans.planning.models import Plan
from plans.planning.totals import Total, calendar_strip, plan_totals

pytestmark = pytest.mark.django_db


def write(plan: Plan, by: User, number: str, **words: str) -> None:
    criterion = Criterion.objects.of(plan.framework).get(number=number)
    row = actions.add_action(plan=plan, by=by, criterion=criterion, band="2")
    actions.save_action(action=row, values=words, version=row.version, by=by)


def loaded(plan: Plan) -> Plan:
    return Plan.objects.for_editing().get(pk=plan.pk)


@pytest.fixture
def written(plan: Plan, principal: User) -> Plan:
    """A plan with money of every kind."""
    write(plan, principal, "1.5", budget_text="5-7 triệu", timeframe="Tháng 5/2026")
    write(
        plan,
        principal,
        "3.2",
        budget_text="30-40tr/năm từ ngân sách nhà nước",
        timeframe="Từ tháng 9/2025 đến tháng 8/2026",
    )
    write(plan, principal, "3.3", budget_text="10 triệu xã hội hóa")
    write(plan, principal, "4.1", budget_text="Không có", timeframe="Năm học 2025-2026")
    write(plan, principal, "4.2", budget_text="bảng kèm 12 mục", timeframe="khi có điều kiện")
    write(plan, principal, "5.1", budget_text="")
    return loaded(plan)


def test_sums_stand_by_source_standard_and_year(written: Plan) -> None:
    totals = plan_totals(written)

    titles = {s.number: s.label for s in written.framework.standards.all()}
    # "mỗi năm" from September to August touches two budget years
    assert totals.whole == Total("Cả kế hoạch", 75_000_000, 97_000_000, 3)
    assert totals.by_source == (
        Total("Ngân sách nhà nước", 60_000_000, 80_000_000, 1),
        Total("Xã hội hóa", 10_000_000, 10_000_000, 1),
        Total("Chưa rõ nguồn", 5_000_000, 7_000_000, 1),
    )
    assert totals.by_standard == (
        Total(titles[1], 5_000_000, 7_000_000, 1),
        Total(titles[3], 70_000_000, 90_000_000, 2),
    )
    assert totals.by_year == (
        Total("Năm 2025", 30_000_000, 40_000_000, 1),
        Total("Năm 2026", 35_000_000, 47_000_000, 2),
        Total("Chưa rõ năm", 10_000_000, 10_000_000, 1),
    )


def test_each_way_of_adding_comes_to_the_same(written: Plan) -> None:
    totals = plan_totals(written)

    for lines in (totals.by_source, totals.by_standard, totals.by_year):
        assert sum(line.least for line in lines) == totals.whole.least
        assert sum(line.most for line in lines) == totals.whole.most


def test_rows_without_a_sum_are_counted(written: Plan) -> None:
    totals = plan_totals(written)

    assert (totals.none, totals.unknown) == (1, 2)
    assert [action.budget_text for action in totals.unread] == ["bảng kèm 12 mục"]


def test_the_strip_shows_the_months_in_which_a_row_runs(written: Plan) -> None:
    strip = calendar_strip(written, last_day=date(2026, 8, 31))

    assert [month.words for month in strip.months] == [
        *(f"{month}/2025" for month in range(9, 13)),
        *(f"{month}/2026" for month in range(1, 9)),
    ]
    runs = {row.action.criterion.number: row.runs for row in strip.rows if row.action.criterion}
    assert runs == {
        "1.5": tuple(month.first == date(2026, 5, 1) for month in strip.months),
        "3.2": (True,) * 12,
        "4.1": (True,) * 9 + (False,) * 3,
    }
    assert sorted(a.criterion.number for a in strip.unplaced if a.criterion) == [
        "3.3",
        "4.2",
        "5.1",
    ]


def test_a_row_that_runs_past_the_strip_says_so(plan: Plan, principal: User) -> None:
    write(plan, principal, "1.5", timeframe="Từ tháng 12 năm 2022 đến tháng 8 năm 2028")

    (row,) = calendar_strip(loaded(plan), last_day=date(2026, 8, 31)).rows

    assert (row.before, row.after, set(row.runs)) == (True, True, {True})
