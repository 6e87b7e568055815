"""What a plan's actions cost and when they run, added up from what was read of their words.

Nothing is guessed: a row whose words could not be read is counted as such, and a span of money stays a span.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from plans.documents.wording import short_money
from plans.planning.models import Plan, PlanAction
from plans.planning.readings import MoneyRead, TimeRead, money_read, time_read

NO_SOURCE = "Chưa rõ nguồn"
NO_STANDARD = "Không ghi tiêu chuẩn"
NO_YEAR = "Chưa rõ năm"


@dataclass(frozen=True, slots=True)
class Total:
    """One line of a table of money: đồng from `least` to `most`, over `rows` actions that name a sum."""

    label: str
    least: int
    most: int
    rows: int

    @property
    def words(self) -> str:
        """The sum as documents write it: "30-40 triệu đồng"."""
        return short_money(self.least, self.most)


@dataclass(frozen=True, slots=True)
class Totals:
    """The money of a plan. `none`, `unknown`: how many actions need no money, how many name no sum that was read.

    `unread` are those actions of `unknown` whose words hold something that was not understood.
    """

    whole: Total
    by_source: tuple[Total, ...]
    by_standard: tuple[Total, ...]
    by_year: tuple[Total, ...]
    none: int
    unknown: int
    unread: tuple[PlanAction, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    """A row's money as it counts in one place: đồng, both ends inclusive."""

    label: str
    least: int
    most: int


def plan_totals(plan: Plan) -> Totals:
    """Return the money of a plan by source, standard and budget year.

    Reads the plan's prefetched actions, no further query. A sum for each year counts once for every calendar
    year in which the action runs; a sum named once counts in the year in which the action ends.
    """
    rows = [(action, money_read(action)) for action in plan.actions.all()]
    known = [(action, money) for action, money in rows if money.state == "known"]
    unknown = [(action, money) for action, money in rows if money.state == "unknown"]
    return Totals(
        whole=_total("Cả kế hoạch", [_whole(action, money) for action, money in known]),
        by_source=_grouped(known, _by_source),
        by_standard=_grouped(known, _by_standard),
        by_year=_grouped(known, _by_year),
        none=sum(money.state == "zero" for _, money in rows),
        unknown=len(unknown),
        unread=tuple(action for action, money in unknown if money.unread),
    )


Parts = Callable[[PlanAction, MoneyRead], Iterable[_Sum]]


def _grouped(rows: Sequence[tuple[PlanAction, MoneyRead]], parts: Parts) -> tuple[Total, ...]:
    """Return a total for each label that `parts` gives the rows, in the order of the labels."""
    groups: dict[str, list[_Sum]] = {}
    for action, money in rows:
        for one in parts(action, money):
            groups.setdefault(one.label, []).append(one)
    return tuple(_total(label, groups[label]) for label in sorted(groups, key=_order))


def _order(label: str) -> tuple[bool, str]:
    return label in {NO_SOURCE, NO_STANDARD, NO_YEAR}, label


def _total(label: str, sums: Sequence[_Sum]) -> Total:
    return Total(label, sum(s.least for s in sums), sum(s.most for s in sums), len(sums))


def _whole(action: PlanAction, money: MoneyRead) -> _Sum:
    times = max(1, len(_years(action))) if money.per_year else 1
    return _Sum("", money.least * times, money.most * times)


def _by_source(action: PlanAction, money: MoneyRead) -> Iterable[_Sum]:
    whole = _whole(action, money)
    label = " và ".join(money.source_words) or NO_SOURCE
    return [_Sum(label[:1].upper() + label[1:], whole.least, whole.most)]


def _by_standard(action: PlanAction, money: MoneyRead) -> Iterable[_Sum]:
    whole = _whole(action, money)
    label = action.criterion.standard.label if action.criterion else NO_STANDARD
    return [_Sum(label, whole.least, whole.most)]


def _by_year(action: PlanAction, money: MoneyRead) -> Iterable[_Sum]:
    years = _years(action)
    if not years:
        return [_Sum(NO_YEAR, money.least, money.most)]
    counted = years if money.per_year else years[-1:]
    return [_Sum(f"Năm {year}", money.least, money.most) for year in counted]


def _years(action: PlanAction) -> list[int]:
    """Return the calendar years in which an action runs; an open start is the year of its end, and so on."""
    ends = [day.year for day in (action.starts_on, action.ends_on) if day]
    return list(range(min(ends), max(ends) + 1)) if ends else []


# --- the calendar strip -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the strip: its first day."""

    first: date

    @property
    def words(self) -> str:
        """ "9/2026", as the head of the strip says it."""
        return f"{self.first.month}/{self.first.year}"


@dataclass(frozen=True, slots=True)
class StripRow:
    """One action over the months: `runs` says for each month of the strip whether the action runs in it.

    `words` is the time as it was read; `before` and `after`: it begins before, or ends after, the strip.
    """

    action: PlanAction
    runs: tuple[bool, ...]
    words: str
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The actions of a plan over the months of its year; `unplaced`: those without a time that was read."""

    months: tuple[Month, ...]
    rows: tuple[StripRow, ...]
    unplaced: tuple[PlanAction, ...]


def calendar_strip(plan: Plan, *, last_day: date) -> Strip:
    """Return the strip from the month the school year begins to that of `last_day` (the end of its summer).

    Reads the plan's prefetched actions, no further query.
    """
    months = tuple(_months(plan.school_year.starts_on, last_day))
    rows, unplaced = [], []
    for action in plan.actions.all():
        time = time_read(action)
        if action.starts_on is None and action.ends_on is None:
            unplaced.append(action)
        else:
            rows.append(_strip_row(action, time, months))
    return Strip(months, tuple(rows), tuple(unplaced))


def _months(first: date, last: date) -> Iterable[Month]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield Month(date(year, month, 1))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _strip_row(action: PlanAction, time: TimeRead, months: tuple[Month, ...]) -> StripRow:
    # A deadline alone is a point: the month it falls in; a start alone runs on to the end of the strip.
    starts = action.starts_on or action.ends_on or date.min
    ends = action.ends_on or date.max
    first, last = (starts.year, starts.month), (ends.year, ends.month)
    keys = [(month.first.year, month.first.month) for month in months]
    return StripRow(
        action=action,
        runs=tuple(first <= key <= last for key in keys),
        words=time.words,
        before=first < keys[0],
        after=action.ends_on is not None and last > keys[-1],
    )
