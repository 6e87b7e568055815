"""Reading across visits and what follows from them: what a school owes, what an office waits for.

Nothing here ranks schools or weighs what was found: a count says how many, schools stand by name, criteria in the
order of their circular.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from criteria.enums import SchoolKind
from plans.accounts.models import User
from plans.followups.models import FollowUp, FollowUpQuerySet
from plans.followups.states import FollowUpState
from plans.inspections.models import Finding, Inspection, TeamMember
from plans.inspections.models.visit import InspectionQuerySet
from plans.inspections.recurring import MANY_SCHOOLS, remarks_among
from plans.inspections.rules import closed_answers
from plans.inspections.states import TEAM_SEES, InspectionState
from plans.minutes.models import Paper, PaperKind
from plans.replying.turns import WAITS_FOR_MINUTES
from plans.schools.models import School
from plans.submitting.campaigns import days_words

SOON = 7  # days before its date in which an item is said to be due soon
LATE_EVERY = 7  # days between two reminders of what is overdue


def shade(count: int, most: int) -> int:
    """Return the shade of a count: 0 for none, else 1 to 3 by thirds of the largest."""
    return -(-3 * count // most) if count else 0


# --- items ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item on a day; `days_left` until its date, negative when it is past, None where no date was read."""

    item: FollowUp
    days_left: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether the school still owes it past its date."""
        return self.item.state == FollowUpState.OPEN and (self.days_left or 0) < 0

    @property
    def is_soon(self) -> bool:
        """Whether the school owes it within the next days."""
        owed = self.item.state == FollowUpState.OPEN and self.days_left is not None
        return owed and 0 <= (self.days_left or 0) <= SOON

    @property
    def time_words(self) -> str:
        """The time left in words: "quá hạn 3 ngày", "còn 5 ngày", "chưa ghi hạn"; "" once nothing is owed."""
        if self.item.state != FollowUpState.OPEN:
            return ""
        if self.days_left is None:
            return "chưa đọc được hạn" if self.item.due.strip() else "chưa ghi hạn"
        return days_words(self.days_left)

    @property
    def mark(self) -> str:
        """The name of its picture."""
        if self.is_overdue:
            return "error"
        marks = {FollowUpState.REPORTED: "clock", FollowUpState.VERIFIED: "check"}
        return marks.get(FollowUpState(self.item.state), "clock" if self.is_soon else "empty")

    @property
    def tone(self) -> str:
        """Its colour."""
        if self.is_overdue:
            return "error"
        tones = {FollowUpState.REPORTED: "work", FollowUpState.VERIFIED: "done"}
        return tones.get(FollowUpState(self.item.state), "warn" if self.is_soon else "none")


def on_day(items: Iterable[FollowUp], on: date) -> list[OpenItem]:
    """Return each item as it stands on the day `on`, in their order; no query."""
    return [OpenItem(one, (one.due_on - on).days if one.due_on else None) for one in items]


def nearest_first(items: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Order by school the Vietnamese way, then by date; what has no date comes last."""
    due = F("due_on").asc(nulls_last=True)
    return items.order_by("school__sort_key", "school_id", due, "pk")


def items_for_visit(visit: Inspection, on: date | None = None) -> list[OpenItem]:
    """Return what the school of a visit still owes or has reported from other visits, for its opening page.

    One query. What follows from the visit itself is no older item of it, once its minutes are made.
    """
    owed = FollowUp.objects.pending().filter(school=visit.school_id)
    items = owed.exclude(inspection=visit).select_related("inspection")
    return on_day(nearest_first(items), on or timezone.localdate())


class Age(models.TextChoices):
    """How long ago the minutes gave the item to the school, in days; the bounds are inclusive."""

    MONTH = "0-30", "Đến 30 ngày"
    QUARTER = "31-90", "31 đến 90 ngày"
    HALF = "91-180", "91 đến 180 ngày"
    LONGER = "181-", "Trên 180 ngày"

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The first and the last day of the age; None is without end."""
        first, _, last = self.value.partition("-")
        return int(first), int(last) if last else None


def age_of(item: FollowUp, on: date) -> Age:
    """Return how old an item is on the day `on`."""
    days = (on - timezone.localdate(item.created_at)).days
    ages = (one for one in Age if one.bounds[1] is None or days <= (one.bounds[1] or 0))
    return next(ages)


def of_age(items: QuerySet[FollowUp], age: Age, on: date) -> QuerySet[FollowUp]:
    """Keep the items of an age on the day `on`."""
    first, last = age.bounds
    if first:
        items = items.filter(created_at__lt=_midnight(on - timedelta(days=first - 1)))
    return (
        items
        if last is None
        else items.filter(created_at__gte=_midnight(on - timedelta(days=last)))
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# No standard: a section of the plan, or the remark on the whole.
NO_STANDARD = 0


def of_standard(items: QuerySet[FollowUp], number: int) -> QuerySet[FollowUp]:
    """Keep the items of the standard with this number; NO_STANDARD are those of none."""
    if number == NO_STANDARD:
        return items.filter(standard_number__isnull=True)
    return items.filter(standard_number=number)


def standard_words(number: int) -> str:
    """Return "Tiêu chuẩn 3"; of none "Ngoài các tiêu chuẩn"."""
    return f"Tiêu chuẩn {number}" if number else "Ngoài các tiêu chuẩn"


@dataclass(frozen=True, slots=True)
class StandardRow:
    """How many pending items of a standard are how old; `overdue` and `reported` are counted among them."""

    number: int
    counts: tuple[tuple[Age, int], ...]
    overdue: int
    reported: int

    @property
    def label(self) -> str:
        """The standard in words."""
        return standard_words(self.number)

    @property
    def total(self) -> int:
        """All pending items of the standard."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Pending items by standard and age; standards without one are left out."""

    rows: tuple[StandardRow, ...]

    @property
    def cells(self) -> list[tuple[StandardRow, list[tuple[Age, int, int]]]]:
        """Each standard with its counts by age, and the shade of each."""
        most = max((count for row in self.rows for _, count in row.counts), default=0)
        return [(row, [(age, n, shade(n, most)) for age, n in row.counts]) for row in self.rows]

    @property
    def totals(self) -> list[tuple[Age, int]]:
        """Age → items of every standard."""
        return [(age, sum(dict(row.counts)[age] for row in self.rows)) for age in Age]

    @property
    def total(self) -> int:
        """All pending items."""
        return sum(row.total for row in self.rows)

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(row.overdue for row in self.rows)

    @property
    def reported(self) -> int:
        """How many of them wait to be verified."""
        return sum(row.reported for row in self.rows)


def item_table(items: FollowUpQuerySet, on: date) -> ItemTable:
    """Return how many of the pending ones among `items` are how old by standard; one query."""
    found: dict[int, list[OpenItem]] = defaultdict(list)
    wanted = items.pending().only("standard_number", "created_at", "due_on", "due", "state")
    for one in on_day(wanted.order_by("pk"), on):
        found[one.item.standard_number or NO_STANDARD].append(one)
    # The parts of the plan that belong to no standard stand last.
    numbers = sorted(found, key=lambda number: (number == NO_STANDARD, number))
    return ItemTable(tuple(_standard_row(number, found[number], on) for number in numbers))


def _standard_row(number: int, items: list[OpenItem], on: date) -> StandardRow:
    ages = Counter(age_of(one.item, on) for one in items)
    return StandardRow(
        number=number,
        counts=tuple((age, ages[age]) for age in Age),
        overdue=sum(one.is_overdue for one in items),
        reported=sum(one.item.state == FollowUpState.REPORTED for one in items),
    )


# --- visits -----------------------------------------------------------------------------------------------


class Stage(models.TextChoices):
    """How far a visit is, as an office counts it; those that were cancelled are in none."""

    PLANNED = "planned", "Đã lên lịch"
    OPEN = "open", "Đang kiểm tra"
    ANSWERING = "answering", InspectionState.CONCLUDED.label
    NO_MINUTES = "no_minutes", WAITS_FOR_MINUTES
    TO_SIGN = "to_sign", "Chờ ký biên bản"
    DONE = "done", "Đã xong"


_STAGES = {
    InspectionState.PLANNED: Stage.PLANNED,
    InspectionState.OPEN: Stage.OPEN,
    InspectionState.MINUTED: Stage.TO_SIGN,
    InspectionState.DONE: Stage.DONE,
}


def in_stage(visits: InspectionQuerySet, stage: Stage, on: date) -> InspectionQuerySet:
    """Keep the visits that are so far on the day `on`."""
    for state, its in _STAGES.items():
        if its is stage:
            return visits.filter(state=state)
    over = closed_answers(on)
    concluded = visits.filter(state=InspectionState.CONCLUDED)
    return concluded.filter(over) if stage is Stage.NO_MINUTES else concluded.exclude(over)


@dataclass(frozen=True, slots=True)
class VisitOnDay:
    """A visit on a day; `since` is the day from which its minutes could have been made, None while they cannot."""

    visit: Inspection
    stage: Stage
    since: date | None
    on: date

    @property
    def time_words(self) -> str:
        """How long minutes have been wanting, how long until the visit, until when the school answers; else ""."""
        if self.stage is Stage.NO_MINUTES and self.since is not None:
            days = (self.on - self.since).days
            return f"đã {days} ngày" if days > 0 else "từ hôm nay"
        if self.stage is Stage.PLANNED:
            left = (self.visit.planned_on - self.on).days
            if left < 0:
                return f"quá ngày {-left} ngày, chưa mở biên bản"
            return f"còn {left} ngày" if left else "hôm nay"
        if self.stage is Stage.ANSWERING and self.visit.reply_until is not None:
            return f"đến hết {self.visit.reply_until:%d/%m/%Y}"
        return ""

    @property
    def is_late(self) -> bool:
        """Whether something should have been done before this day."""
        past = self.stage is Stage.PLANNED and self.visit.planned_on < self.on
        return past or self.stage is Stage.NO_MINUTES


def visit_on_day(visit: Inspection, on: date) -> VisitOnDay | None:
    """Return how far a visit is on the day `on`; None for one that was cancelled."""
    state = InspectionState(visit.state)
    if state == InspectionState.CANCELLED:
        return None
    since: date | None = None
    if state == InspectionState.CONCLUDED:
        if visit.replied_at is not None:
            since = timezone.localdate(visit.replied_at)
        elif visit.reply_until is not None and visit.reply_until < on:
            since = visit.reply_until + timedelta(days=1)
        return VisitOnDay(visit, Stage.NO_MINUTES if since else Stage.ANSWERING, since, on)
    return VisitOnDay(visit, _STAGES[state], None, on)


@dataclass(frozen=True, slots=True)
class KindVisits:
    """How many visits to schools of a kind are how far, in the order of Stage."""

    kind: SchoolKind
    counts: tuple[tuple[Stage, int], ...]

    @property
    def label(self) -> str:
        """The kind as a heading over its schools."""
        return str(self.kind.label).removeprefix("Trường ").capitalize()

    @property
    def total(self) -> int:
        """All visits to schools of the kind."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class VisitTable:
    """Visits by kind of school and how far they are; kinds without a visit are left out."""

    rows: tuple[KindVisits, ...]

    @property
    def cells(self) -> list[tuple[KindVisits, list[tuple[Stage, int, int]]]]:
        """Each kind with its counts by stage, and the shade of each."""
        most = max((count for row in self.rows for _, count in row.counts), default=0)
        return [(row, [(one, n, shade(n, most)) for one, n in row.counts]) for row in self.rows]

    @property
    def totals(self) -> list[tuple[Stage, int]]:
        """Stage → visits to schools of every kind."""
        return [(stage, sum(dict(row.counts)[stage] for row in self.rows)) for stage in Stage]

    @property
    def total(self) -> int:
        """All visits that were not cancelled."""
        return sum(row.total for row in self.rows)


def visit_table(visits: InspectionQuerySet, on: date) -> VisitTable:
    """Return how many of the visits are how far by kind of school; one query."""
    wanted = visits.order_by("pk").select_related("school")
    known = (visit_on_day(visit, on) for visit in wanted.only(*_TOLD))
    found = Counter((one.visit.school.kind, one.stage) for one in known if one is not None)
    kinds = [kind for kind in SchoolKind if any(kind == known for known, _ in found)]
    return VisitTable(
        tuple(KindVisits(kind, tuple((s, found[kind, s]) for s in Stage)) for kind in kinds)
    )


_TOLD = ("state", "planned_on", "opened_at", "replied_at", "reply_until", "school__kind")

# --- remarks that come again ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SchoolRemarks:
    """The days of the visits in which a criterion was remarked in a school, oldest first."""

    school: School
    days: tuple[date, ...]

    @property
    def came_again(self) -> bool:
        """Whether it was remarked in more than one visit."""
        return len(self.days) > 1


@dataclass(frozen=True, slots=True)
class Recurring:
    """A criterion that was remarked more than once; `schools` by name, all of them."""

    circular: str
    standard: int
    criterion: str
    schools: tuple[SchoolRemarks, ...]

    @property
    def again(self) -> tuple[SchoolRemarks, ...]:
        """The schools in which more than one visit remarked it."""
        return tuple(one for one in self.schools if one.came_again)

    @property
    def visit_count(self) -> int:
        """How many visits remarked it."""
        return sum(len(one.days) for one in self.schools)


def recurring_remarks(visits: InspectionQuerySet, on: date) -> list[Recurring]:
    """Return the criteria remarked in several visits of one school, or in MANY_SCHOOLS schools or more.

    What a remark is says `plans.inspections.recurring`. Only visits whose minutes are made count. In the order of
    circular, standard and criterion; schools by name. Two queries.
    """
    days: dict[tuple[str, int, int, str], dict[int, dict[int, date]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    about = ("inspection__school", "inspection", "inspection__opened_at")
    for row in _remarks(visits).values_list(*_CRITERION, *about):
        *criterion, school, visit, opened_at = row
        number, standard, position, label_number, title = criterion
        label = f"Tiêu chí {label_number}: {title}"
        days[number, standard, position, label][school][visit] = timezone.localdate(opened_at)
    known = School.objects.filter(pk__in={pk for one in days.values() for pk in one})
    schools = {one.pk: one for one in known.with_name(on).order_by("sort_key", "pk")}
    found = [_recurring(key, days[key], schools) for key in sorted(days)]
    return [one for one in found if one.again or len(one.schools) >= MANY_SCHOOLS]


_CRITERION = (
    "criterion__standard__framework__number",
    "criterion__standard__number",
    "criterion__position",
    "criterion__number",
    "criterion__title",
)


def _remarks(visits: InspectionQuerySet) -> QuerySet[Finding]:
    made = visits.filter(state__in=[InspectionState.MINUTED, InspectionState.DONE])
    rows = Finding.objects.filter(inspection__in=made, criterion__isnull=False)
    return remarks_among(rows).order_by("pk")


def _recurring(
    key: tuple[str, int, int, str], days: dict[int, dict[int, date]], schools: dict[int, School]
) -> Recurring:
    circular, standard, _, label = key
    remarks = (
        SchoolRemarks(school, tuple(sorted(days[pk].values())))
        for pk, school in schools.items()
        if pk in days
    )
    return Recurring(circular, standard, label, tuple(remarks))


# --- the first page ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SchoolHome:
    """What a school's people find on their first page: visits that come, answers that are due, minutes, items."""

    coming: tuple[Inspection, ...] = ()
    answering: tuple[Inspection, ...] = ()
    to_sign: tuple[Paper, ...] = ()
    overdue: tuple[OpenItem, ...] = ()
    soon: tuple[OpenItem, ...] = ()


def school_homes(schools: Collection[int], on: date) -> dict[int, SchoolHome]:
    """Return what is to be told to each of the schools (ids) on the day `on`; a fixed number of queries, none for no school."""
    if not schools:
        return {}
    told = Q(notified_at__isnull=False, planned_on__gte=on, state=InspectionState.PLANNED)
    owed = Q(state=InspectionState.CONCLUDED, replied_at__isnull=True, reply_until__gte=on)
    here = Q(state=InspectionState.OPEN)
    visits = Inspection.objects.filter(told | owed | here, school__in=schools)
    rows = visits.select_related("body", "school").defer("plan_tree", "revisions")
    until = on + timedelta(days=SOON)
    owing = FollowUp.objects.filter(state=FollowUpState.OPEN, due_on__lte=until, school__in=schools)
    items = on_day(owing.select_related("school").order_by("due_on", "pk"), on)
    found = list(rows.order_by("planned_on", "pk"))
    papers = _minutes_to_sign(schools)
    return {pk: _school_home(pk, found, papers, items) for pk in schools}


def _minutes_to_sign(schools: Collection[int]) -> list[Paper]:
    """Return the minutes of the schools that wait for signatures, those of the earliest visit first."""
    made = Paper.objects.in_force().filter(
        kind=PaperKind.MINUTES,
        inspection__state=InspectionState.MINUTED,
        inspection__school__in=schools,
    )
    return list(made.for_page().defer("tree").order_by("inspection__opened_at", "pk"))


def _school_home(
    pk: int, visits: list[Inspection], papers: list[Paper], items: list[OpenItem]
) -> SchoolHome:
    own = [one for one in visits if one.school_id == pk]
    mine = [one for one in items if one.item.school_id == pk]
    return SchoolHome(
        coming=tuple(one for one in own if one.state != InspectionState.CONCLUDED),
        answering=tuple(one for one in own if one.state == InspectionState.CONCLUDED),
        to_sign=tuple(one for one in papers if one.inspection and one.inspection.school_id == pk),
        overdue=tuple(one for one in mine if one.is_overdue),
        soon=tuple(one for one in mine if one.is_soon),
    )


def visits_of_team(user: User, on: date) -> list[VisitOnDay]:
    """Return the visits in whose team `user` sits and which are not over, by date; one query, and the names."""
    seats = TeamMember.objects.filter(
        inspection=OuterRef("pk"), user=user.pk, removed_at__isnull=True
    )
    wanted = Inspection.objects.filter(
        Exists(seats), state__in=[InspectionState.PLANNED, *TEAM_SEES]
    )
    rows = wanted.select_related("school", "body").prefetch_related(
        "school__names", "members__user"
    )
    known = (visit_on_day(one, on) for one in rows.defer("plan_tree").order_by("planned_on", "pk"))
    return [one for one in known if one is not None]


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """The counts on an office's first page; `coming` are the visits of the next days, those of today among them."""

    today: int = 0
    coming: int = 0
    no_minutes: int = 0
    overdue: int = 0
    overdue_schools: int = 0
    reported: int = 0


def office_home(schools: QuerySet[School], on: date) -> OfficeHome:
    """Return the counts of the visits to `schools` and of what follows from them on the day `on`; two queries."""
    until = on + timedelta(days=SOON)
    there = Q(state__in=[InspectionState.OPEN, InspectionState.CONCLUDED])
    wanted = there | Q(state=InspectionState.PLANNED, planned_on__range=(on, until))
    visits = Inspection.objects.filter(wanted, school__in=schools.values("pk")).order_by("pk")
    known = [visit_on_day(visit, on) for visit in visits.only(*_TOLD[:5])]
    rows = [one for one in known if one is not None]
    days = [one.visit.visited_on for one in rows if one.stage in {Stage.PLANNED, Stage.OPEN}]
    near = [day for day in days if on <= day <= until]
    owed = FollowUp.objects.filter(school__in=schools.values("pk"))
    late = Q(state=FollowUpState.OPEN, due_on__lt=on)
    counted = owed.aggregate(
        overdue=models.Count("pk", filter=late),
        overdue_schools=models.Count("school", filter=late, distinct=True),
        reported=models.Count("pk", filter=Q(state=FollowUpState.REPORTED)),
    )
    return OfficeHome(
        today=near.count(on),
        coming=len(near),
        no_minutes=sum(one.stage is Stage.NO_MINUTES for one in rows),
        **counted,
    )


# --- reminders --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reminder:
    """That a school be reminded of its items of one date: soon due, or late for so many weeks."""

    school_id: int
    due_on: date
    days_left: int
    count: int

    @property
    def key(self) -> str:
        """What tells this reminder from every other, the same however often the day is run."""
        late = -self.days_left
        step = "soon" if late <= 0 else f"late-{(late - 1) // LATE_EVERY}"
        return f"follow-ups:{self.school_id}:{self.due_on:%Y%m%d}:{step}"

    @property
    def words(self) -> str:
        """The reminder as a sentence to the school."""
        told = f"{self.count} kiến nghị sau kiểm tra có hạn ngày {self.due_on:%d/%m/%Y}"
        return f"{told}, {days_words(self.days_left)}."


def reminders_due(on: date) -> list[Reminder]:
    """Return which schools are to be reminded on the day `on`, by school and date: what is due within SOON days,
    once, and what is overdue, once in LATE_EVERY days. One query.
    """
    owed = FollowUp.objects.filter(state=FollowUpState.OPEN, due_on__lte=on + timedelta(days=SOON))
    counted = Counter(owed.order_by("school", "due_on", "pk").values_list("school", "due_on"))
    return [
        Reminder(school, due_on, (due_on - on).days, count)
        for (school, due_on), count in counted.items()
        if due_on is not None
    ]
