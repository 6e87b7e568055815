"""The calendar of visits: working days, who is booked when, and dates proposed for schools that have none.

A visit without hours takes the whole day; one without an end takes the rest of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from plans.arranging.team import Seat, same_person
from plans.inspections.models import Inspection, TeamMember
from plans.inspections.states import InspectionState

HOLIDAYS_FILE = Path(settings.BASE_DIR) / "fixtures" / "places" / "public_holidays.json"
_SATURDAY = 5
_LAST_MONTH = 8  # of a school year
# Only these hold their people: a team that has left the school is free again.
BOOKING = (InspectionState.PLANNED, InspectionState.OPEN)

MORNING = (time(7, 30), time(11, 0))
AFTERNOON = (time(13, 30), time(16, 30))
WHOLE_DAY = (None, None)
Hours = tuple[time | None, time | None]


@cache
def _holidays() -> tuple[frozenset[str], frozenset[date]]:
    """Return the days of every year as "mm-dd", and single days."""
    data = json.loads(HOLIDAYS_FILE.read_text())
    single = {date.fromisoformat(day) for days in data["days"].values() for day in days}
    return frozenset(data["every_year"]), frozenset(single)


def is_working_day(day: date) -> bool:
    """Say whether offices and schools work on a day: no weekend, no public holiday.

    Source: Bộ luật Lao động 45/2019/QH14, Điều 112. Days given off in lieu are not known here.
    """
    every_year, single = _holidays()
    return day.weekday() < _SATURDAY and f"{day:%m-%d}" not in every_year and day not in single


def working_days(first: date, last: date) -> list[date]:
    """Return the working days from `first` to `last`, both inclusive."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if is_working_day(day)]


def check_day(day: date, on: date, field: str = "planned_on") -> None:
    """Refuse, on the day `on`, to plan for a day that is past or after the school year to come.

    Raises ValidationError by `field`. A school year is reckoned to the end of August.
    """
    if day < on:
        raise ValidationError({field: "Ngày này đã qua. Hãy chọn từ hôm nay trở đi."})
    last = date(on.year + (2 if on.month > _LAST_MONTH else 1), _LAST_MONTH, 31)
    if day > last:
        words = f"Ngày này xa quá. Hãy chọn đến hết năm học sau, ngày {last:%d/%m/%Y}."
        raise ValidationError({field: words})


def hours_meet(one: Hours, other: Hours) -> bool:
    """Say whether two visits of one day overlap; one that begins when the other ends does not."""
    return (one[0] or time.min) < (other[1] or time.max) and (other[0] or time.min) < (
        one[1] or time.max
    )


def hours_of(inspection: Inspection, at: datetime | None = None) -> Hours:
    """Return the hours of a visit: the planned ones, unless its record was opened, or is to be at `at`, another day.

    Then they begin with the opening and last as long as was planned, to the end of the day where nothing was.
    """
    planned = (inspection.planned_from, inspection.planned_to)
    opened = timezone.localtime(at or inspection.opened_at) if at or inspection.opened_at else None
    if opened is None or opened.date() == inspection.planned_on:
        return planned
    begin = opened.replace(second=0, microsecond=0, tzinfo=None)
    if planned[0] is None or planned[1] is None:
        return begin.time(), None
    day = inspection.planned_on
    end = begin + (datetime.combine(day, planned[1]) - datetime.combine(day, planned[0]))
    return begin.time(), end.time() if end.date() == begin.date() else None


def hours_words(hours: Hours) -> str:
    """Return "cả ngày", "7 giờ 30 đến 11 giờ", "từ 7 giờ 30" or "đến 11 giờ"."""
    begin, end = (_clock(one) if one else "" for one in hours)
    if begin and end:
        return f"{begin} đến {end}"
    return f"từ {begin}" if begin else f"đến {end}" if end else "cả ngày"


def _clock(at: time) -> str:
    return f"{at.hour} giờ {at.minute:02d}" if at.minute else f"{at.hour} giờ"


@dataclass(frozen=True, slots=True)
class Booking:
    """Somebody's hours at a school on a day."""

    seat: Seat
    inspection_id: int
    school: str
    on: date
    hours: Hours

    @property
    def words(self) -> str:
        """Where and when somebody is already expected."""
        day = f"{self.on:%d/%m/%Y}"
        return f"{self.seat.full_name} đã có buổi kiểm tra {self.school} ngày {day}, {hours_words(self.hours)}."


def bookings(
    body_id: int, seats: Sequence[Seat], first: date, last: date, *, but: int | None = None
) -> list[Booking]:
    """Return where the people of `seats` are booked from `first` to `last`, but for the visit `but`.

    People with an account are looked for at every office; those without one among the visits of this body, by
    name, post and unit. Two queries at most.
    """
    users = [seat.user.pk for seat in seats if seat.user]
    rows = (
        TeamMember.objects.filter(
            Q(user__in=users) | Q(user__isnull=True, inspection__body=body_id),
            Q(inspection__opened_at__isnull=True, inspection__planned_on__range=(first, last))
            | Q(inspection__opened_at__date__range=(first, last)),
            removed_at__isnull=True,
            inspection__state__in=BOOKING,
        )
        .exclude(inspection=but)
        .select_related("inspection__school", "user", "home_school")
        .prefetch_related("inspection__school__names")
        .order_by("inspection__planned_on", "pk")
    )
    return list(_of(seats, rows))


def _of(seats: Sequence[Seat], rows: Iterable[TeamMember]) -> Iterator[Booking]:
    for row in rows:
        theirs = Seat.of(row)
        seat = next((one for one in seats if same_person(one, theirs)), None)
        if seat is not None:
            visit = row.inspection
            yield Booking(seat, visit.pk, str(visit.school), visit.visited_on, hours_of(visit))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day and hours for a school and the people who would go; `why_not` where none was found."""

    school_id: int
    on: date | None
    hours: Hours
    team: tuple[Seat, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """Hours of a working day in which one school can be visited."""

    on: date
    hours: Hours


def slots(first: date, last: date, parts: Sequence[Hours]) -> list[Slot]:
    """Return the slots of the working days from `first` to `last`: each day those of `parts`, in order."""
    return [Slot(day, hours) for day in working_days(first, last) for hours in parts]


def spread(count: int, places: int) -> list[int]:
    """Return `count` rising places of `places`, as far from one another as they go: spread(3, 9) is [0, 3, 6].

    Where there are fewer places than wanted, all of them.
    """
    return (
        [number * places // count for number in range(count)]
        if count <= places
        else [*range(places)]
    )


def propose(
    school_ids: Sequence[int],
    free: Sequence[Slot],
    teams: Mapping[int, tuple[Seat, ...]],
    booked: Iterable[Booking],
) -> list[Proposal]:
    """Return a day for each school in the order given, spread over the slots that are `free`. Pure.

    `teams` are the people who may go to each school; a school whose people are none gets no day, nor does one
    for which every slot is taken. Each school takes the slot that the spread gives it, or else the next free one.
    """
    taken = list(booked)
    usable = list(free)
    wanted = [pk for pk in school_ids if teams.get(pk)]
    starts = dict(zip(wanted, spread(len(wanted), len(usable)), strict=False))
    found = []
    for pk in school_ids:
        team = teams.get(pk, ())
        if not team:
            found.append(Proposal(pk, None, WHOLE_DAY, why_not="không còn ai trong tổ đi được"))
            continue
        place = _first_free(usable, starts.get(pk, 0), team, taken)
        if place is None:
            found.append(Proposal(pk, None, WHOLE_DAY, why_not="không còn ngày trống trong đợt"))
            continue
        slot = usable[place]
        taken += [Booking(seat, 0, "", slot.on, slot.hours) for seat in team]
        found.append(Proposal(pk, slot.on, slot.hours, team))
    return found


def _first_free(
    usable: Sequence[Slot], start: int, team: Sequence[Seat], taken: Iterable[Booking]
) -> int | None:
    """Return the place of the first slot from `start` on, then from the beginning, in which all of `team` are free."""
    order = [*range(start, len(usable)), *range(start)]
    return next((place for place in order if is_free(team, usable[place], taken)), None)


def is_free(team: Sequence[Seat], slot: Slot, taken: Iterable[Booking]) -> bool:
    """Say whether nobody of `team` is booked in the hours of a slot."""
    return not any(
        one.on == slot.on
        and hours_meet(one.hours, slot.hours)
        and any(same_person(one.seat, seat) for seat in team)
        for one in taken
    )
