"""Đợt nộp kế hoạch, read: where each school of a campaign stands, by when it must send, whom to remind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from plans.notices.enums import NoticeKind
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import School
from plans.submitting.models import Campaign, CampaignSchool, Submission

# A school that is late is told on the first day after its deadline and then once a week.
OVERDUE_EVERY = 7
DEFAULT_REMIND_DAYS = (7, 3, 1)


class Standing(models.TextChoices):
    """Where a school stands in a campaign, in the office's words, in the order of the way."""

    NOT_BEGUN = "not_begun", "Chưa lập kế hoạch"
    WRITING = "writing", "Đang soạn"
    FINISHED = "finished", "Đã soạn xong"
    ISSUED = "issued", "Đã ban hành, chưa gửi"
    SENT_IN_TIME = "sent_in_time", "Đã gửi đúng hạn"
    SENT_LATE = "sent_late", "Đã gửi sau hạn"
    RETURNED = "returned", "Đã trả lại trường"
    RECEIVED = "received", "Đã tiếp nhận"
    APPROVED = "approved", "Đã duyệt"
    WITHDRAWN = "withdrawn", "Trường đã thu hồi"


# In these the school has done its part.
DONE = frozenset({Standing.SENT_IN_TIME, Standing.SENT_LATE, Standing.RECEIVED, Standing.APPROVED})
_BEFORE_SENDING = {
    PlanState.DRAFT: Standing.WRITING,
    PlanState.FINISHED: Standing.FINISHED,
    PlanState.WITHDRAWN: Standing.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """A school in a campaign on a day.

    `due_on` is its own deadline, extended or not; `days_left` are the days until it, negative when it is past.
    `sent_on` is the day of the first sending, by which "in time" is judged: what an office sent back did come in
    time. `other_form` says that the plan is written in another form than the campaign asks for.
    """

    row: CampaignSchool
    standing: Standing
    due_on: date
    days_left: int
    plan_id: int | None
    sent_on: date | None
    other_form: bool

    @property
    def school(self) -> School:
        """The school."""
        return self.row.school

    @property
    def is_done(self) -> bool:
        """Whether the school has sent, and nothing came back."""
        return self.standing in DONE

    @property
    def was_late(self) -> bool:
        """Whether the first sending came after the deadline."""
        return self.sent_on is not None and self.sent_on > self.due_on

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline is past and the school still owes its plan."""
        return not self.is_done and self.days_left < 0

    @property
    def time_words(self) -> str:
        """How the school stands to its deadline: "còn 3 ngày", "quá hạn 2 ngày", "đúng hạn", "sau hạn 1 ngày"."""
        if self.sent_on is not None and self.is_done:
            late = (self.sent_on - self.due_on).days
            return f"sau hạn {late} ngày" if late > 0 else "đúng hạn"
        return days_words(self.days_left)


def days_words(days_left: int) -> str:
    """Return "còn 3 ngày", "hôm nay là hạn cuối", "quá hạn 2 ngày"."""
    if days_left == 0:
        return "hôm nay là hạn cuối"
    return f"còn {days_left} ngày" if days_left > 0 else f"quá hạn {-days_left} ngày"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many schools of a campaign stand where; `by_standing` is in the order of Standing, zeros left out."""

    total: int
    done: int
    late: int
    overdue: int
    by_standing: tuple[tuple[Standing, int], ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """That a school be reminded today: DEADLINE with the days left, OVERDUE with the days past."""

    campaign: Campaign
    school: School
    kind: NoticeKind
    days: int
    due_on: date
    step: int

    @property
    def key(self) -> str:
        """What tells this reminder from every other, the same however often the day is run."""
        where = f"{self.campaign.pk}:{self.school.pk}"
        return f"campaign:{where}:{self.due_on:%Y%m%d}:{self.kind}:{self.step}"

    @property
    def words(self) -> str:
        """The reminder as a sentence to the school."""
        asked = f"{self.school} cần gửi kế hoạch theo đợt “{self.campaign.title}”"
        if self.kind == NoticeKind.OVERDUE:
            return f"{asked}; đã quá hạn {self.days} ngày (hạn {self.due_on:%d/%m/%Y})."
        left = "hôm nay là hạn cuối" if self.days == 0 else f"còn {self.days} ngày"
        return f"{asked} chậm nhất ngày {self.due_on:%d/%m/%Y}, {left}."


def standings(campaign: Campaign, on: date) -> list[SchoolStanding]:
    """Return where each school of a campaign stands on the day `on`, in the schools' order by name.

    Four queries for any number of schools; the names of the schools are loaded.
    """
    return _standings([campaign], on)


def counts(rows: Iterable[SchoolStanding]) -> Counts:
    """Return how many of the schools stand where."""
    rows = list(rows)
    found = Counter(row.standing for row in rows)
    return Counts(
        total=len(rows),
        done=sum(row.is_done for row in rows),
        late=sum(row.was_late for row in rows),
        overdue=sum(row.is_overdue for row in rows),
        by_standing=tuple((one, found[one]) for one in Standing if found[one]),
    )


def running(on: date) -> QuerySet[Campaign]:
    """Return the campaigns that ask their schools on the day `on`: opened and not closed; late ones go on."""
    return Campaign.objects.filter(closed_at__isnull=True, opens_on__lte=on)


def campaigns_of_schools(schools: Collection[int], on: date) -> list[SchoolStanding]:
    """Return where the schools with these ids stand in the campaigns that run, nearest deadline first.

    For the schools' own people. A fixed number of queries; [] for no school costs none.
    """
    if not schools:
        return []
    asking = running(on).filter(schools__school__in=schools).distinct()
    found = _standings(list(asking), on, schools=schools)
    return sorted(found, key=lambda one: (one.due_on, one.row.campaign_id, one.row.pk))


def reminders_due(on: date) -> list[Reminder]:
    """Return whom to remind on the day `on`: schools that still owe their plan to a campaign that runs.

    A school is due for the nearest of the campaign's `remind_days` that it has reached, so that a day on which
    nothing ran loses no reminder; `key` stays the same until the next of them, and whoever sends it sends each
    key once. Past the deadline a new key begins every OVERDUE_EVERY days. A fixed number of queries.
    """
    found = []
    for one in _standings(list(running(on)), on):
        campaign = one.row.campaign
        kind, step = _step(one, campaign.remind_days)
        if kind is not None:
            days = abs(one.days_left)
            found.append(Reminder(campaign, one.school, kind, days, one.due_on, step))
    return found


def _step(one: SchoolStanding, remind_days: Sequence[int]) -> tuple[NoticeKind | None, int]:
    if one.is_done:
        return None, 0
    if one.days_left < 0:
        return NoticeKind.OVERDUE, (-one.days_left - 1) // OVERDUE_EVERY
    reached = [days for days in remind_days if days >= one.days_left]
    return (NoticeKind.DEADLINE, min(reached)) if reached else (None, 0)


# --- reading ----------------------------------------------------------------------------------------------


def _standings(
    campaigns: Sequence[Campaign], on: date, *, schools: Collection[int] | None = None
) -> list[SchoolStanding]:
    which = Q(campaign__in=campaigns)
    if schools is not None:
        which &= Q(school__in=schools)
    rows = CampaignSchool.objects.filter(which).select_related(
        *("school", "campaign__form", "campaign__body", "campaign__school_year")
    )
    rows = rows.defer("campaign__form__data")
    asked = CampaignSchool.objects.filter(which).values("school")
    years = {campaign.school_year_id for campaign in campaigns}
    plans = {
        (plan.school_id, plan.school_year_id): plan
        for plan in Plan.objects.filter(school__in=asked, school_year__in=years)
        .select_related("form")
        # A form's content is long, and none of it is asked for here.
        .only("school_id", "school_year_id", "state", "form__code")
        .order_by("pk")
    }
    sent: dict[tuple[int, int], list[Submission]] = {}
    bodies = {campaign.body_id for campaign in campaigns}
    for one in Submission.objects.filter(
        plan__school__in=asked, plan__school_year__in=years, body__in=bodies
    ).order_by("sequence"):
        sent.setdefault((one.plan_id, one.body_id), []).append(one)
    found = []
    for row in rows.prefetch_related("school__names").order_by("school__sort_key", "pk"):
        plan = plans.get((row.school_id, row.campaign.school_year_id))
        sendings = sent.get((plan.pk, row.campaign.body_id), []) if plan else []
        found.append(_of_school(row, plan, sendings, on))
    return found


def _of_school(
    row: CampaignSchool, plan: Plan | None, sendings: list[Submission], on: date
) -> SchoolStanding:
    due_on = max(row.extended_to or date.min, row.campaign.deadline)
    sent_on = timezone.localtime(sendings[0].sent_at).date() if sendings else None
    wanted = row.campaign.form
    return SchoolStanding(
        row=row,
        standing=_standing(plan, sendings, in_time=sent_on is not None and sent_on <= due_on),
        due_on=due_on,
        days_left=(due_on - on).days,
        plan_id=plan.pk if plan else None,
        sent_on=sent_on,
        other_form=bool(plan and wanted and plan.form.code != wanted.code),
    )


def _standing(plan: Plan | None, sendings: list[Submission], *, in_time: bool) -> Standing:
    """Return the standing: what the office did with the last sending, before there is one how far the plan is."""
    if plan is None:
        return Standing.NOT_BEGUN
    if plan.state == PlanState.WITHDRAWN:
        return Standing.WITHDRAWN
    if not sendings:
        return _BEFORE_SENDING.get(PlanState(plan.state), Standing.ISSUED)
    last = sendings[-1]
    if last.returned_at is not None:
        return Standing.RETURNED
    if last.approved_at is not None:
        return Standing.APPROVED
    if last.received_at is not None:
        return Standing.RECEIVED
    return Standing.SENT_IN_TIME if in_time else Standing.SENT_LATE
