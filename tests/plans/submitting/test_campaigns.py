"""Campaigns: who is asked, by when, where each stands, whom to remind; and what an office may change."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.notices.enums import NoticeKind
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody, School
from plans.submitting import campaign_actions as actions
from plans.submitting.campaigns import (
    Standing,
    campaigns_of_schools,
    counts,
    days_words,
    reminders_due,
    standings,
)
from plans.submitting.models import Campaign
from tests.factories import accounts, campaigns, planning, schools

pytestmark = pytest.mark.django_db

DEADLINE = date(2025, 10, 15)
ON = date(2025, 10, 12)


@pytest.fixture
def body() -> ManagingBody:
    return schools.body()


@pytest.fixture
def school(body: ManagingBody) -> School:
    return schools.school(managed_by=body)


@pytest.fixture
def officer(body: ManagingBody) -> User:
    return accounts.member(Role.OFFICER, body=body)


def in_state(plan: Plan, state: PlanState) -> Plan:
    plan.state = state
    plan.finished_at = None if state == PlanState.DRAFT else plan.created_at
    plan.save()
    return plan


def only(campaign: Campaign, on: date = ON) -> Any:
    [found] = standings(campaign, on)
    return found


# --- where a school stands --------------------------------------------------------------------------------


def test_school_without_a_plan_has_not_begun(body: ManagingBody, school: School) -> None:
    campaign = campaigns.campaign(body, school)
    planning.plan(school, year=schools.school_year(2024))  # of another year

    found = only(campaign)

    assert (found.standing, found.plan_id, found.days_left) == (Standing.NOT_BEGUN, None, 3)
    assert (found.is_done, found.is_overdue, found.time_words) == (False, False, "còn 3 ngày")


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (PlanState.DRAFT, Standing.WRITING),
        (PlanState.FINISHED, Standing.FINISHED),
        (PlanState.ISSUED, Standing.ISSUED),
        (PlanState.UNDER_WAY, Standing.ISSUED),
        (PlanState.CLOSED, Standing.ISSUED),
        (PlanState.WITHDRAWN, Standing.WITHDRAWN),
    ],
)
def test_before_sending_the_plan_says_how_far_the_school_is(
    body: ManagingBody, school: School, state: PlanState, standing: Standing
) -> None:
    campaign = campaigns.campaign(body, school)
    in_state(planning.plan(school), state)

    assert only(campaign).standing == standing


@pytest.mark.parametrize(
    ("what", "sent_on", "standing", "late"),
    [
        ("", DEADLINE, Standing.SENT_IN_TIME, False),
        ("", DEADLINE + timedelta(days=1), Standing.SENT_LATE, True),
        ("received", DEADLINE + timedelta(days=1), Standing.RECEIVED, True),
        ("returned", DEADLINE, Standing.RETURNED, False),
        ("approved", DEADLINE, Standing.APPROVED, False),
    ],
)
def test_after_sending_the_office_says_where_the_school_stands(
    body: ManagingBody, school: School, what: str, sent_on: date, standing: Standing, late: bool
) -> None:
    campaign = campaigns.campaign(body, school)
    extra = {"return_reason": "Thiếu mục"} if what == "returned" else {}
    campaigns.sent(planning.plan(school), campaign, sent_on, what=what, **extra)

    found = only(campaign)

    assert (found.standing, found.was_late) == (standing, late)
    assert found.is_done == (what != "returned")


def test_first_sending_counts_for_the_deadline_and_the_last_for_the_standing(
    body: ManagingBody, school: School
) -> None:
    campaign = campaigns.campaign(body, school)
    plan = planning.plan(school)
    campaigns.sent(plan, campaign, DEADLINE, what="returned", return_reason="Thiếu mục")
    campaigns.sent(plan, campaign, DEADLINE + timedelta(days=9))

    found = only(campaign)

    assert (found.standing, found.was_late) == (Standing.SENT_IN_TIME, False)
    assert found.time_words == "đúng hạn"


def test_returned_plan_that_is_written_anew_is_still_owed(
    body: ManagingBody, school: School
) -> None:
    campaign = campaigns.campaign(body, school)
    plan = planning.plan(school)
    campaigns.sent(plan, campaign, what="returned", return_reason="Thiếu mục")
    in_state(plan, PlanState.DRAFT)

    found = only(campaign, DEADLINE + timedelta(days=2))

    assert (found.standing, found.is_overdue) == (Standing.RETURNED, True)
    assert found.time_words == "quá hạn 2 ngày"


def test_sending_to_another_body_does_not_count(body: ManagingBody, school: School) -> None:
    campaign = campaigns.campaign(body, school)
    campaigns.sent(planning.plan(school), campaigns.campaign(None, school))

    assert only(campaign).standing == Standing.ISSUED


def test_extension_moves_the_schools_own_deadline(body: ManagingBody, school: School) -> None:
    campaign = campaigns.campaign(body, school)
    later = DEADLINE + timedelta(days=10)
    campaign.schools.update(extended_to=later, extension_reason="Lụt")
    campaigns.sent(planning.plan(school), campaign, later)

    found = only(campaign)

    assert (found.due_on, found.standing) == (later, Standing.SENT_IN_TIME)


def test_deadline_of_all_that_was_moved_past_an_extension_holds(
    body: ManagingBody, school: School
) -> None:
    campaign = campaigns.campaign(body, school, deadline=DEADLINE + timedelta(days=30))
    campaign.schools.update(extended_to=DEADLINE + timedelta(days=10), extension_reason="Lụt")

    assert only(campaign).due_on == campaign.deadline


def test_plan_in_another_form_is_marked(body: ManagingBody, school: School) -> None:
    campaign = campaigns.campaign(body, school, form=planning.plan_form("MAU-KHAC"))
    planning.plan(school, form=planning.plan_form("MAU"))

    assert only(campaign).other_form is True


def test_counts_add_up(body: ManagingBody) -> None:
    asked = [schools.school(managed_by=body) for _ in range(4)]
    campaign = campaigns.campaign(body, *asked)
    campaigns.sent(planning.plan(asked[0]), campaign)
    campaigns.sent(planning.plan(asked[1]), campaign, DEADLINE + timedelta(days=1))
    planning.plan(asked[2])

    found = counts(standings(campaign, DEADLINE + timedelta(days=3)))

    assert (found.total, found.done, found.late, found.overdue) == (4, 2, 1, 2)
    assert found.by_standing == (
        (Standing.NOT_BEGUN, 1),
        (Standing.WRITING, 1),
        (Standing.SENT_IN_TIME, 1),
        (Standing.SENT_LATE, 1),
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [(3, "còn 3 ngày"), (0, "hôm nay là hạn cuối"), (-2, "quá hạn 2 ngày")],
)
def test_days_are_said_in_words(days: int, words: str) -> None:
    assert days_words(days) == words


def test_queries_do_not_grow_with_the_schools(body: ManagingBody) -> None:
    def asked_of(count: int) -> int:
        asked = [schools.school(managed_by=body) for _ in range(count)]
        campaign = campaigns.campaign(body, *asked)
        for one in asked:
            campaigns.sent(planning.plan(one), campaign)
        with CaptureQueriesContext(connection) as queries:
            assert {one.school.name_on(ON) for one in standings(campaign, ON)}
        with CaptureQueriesContext(connection) as reminding:
            reminders_due(ON)
        return len(queries), len(reminding)  # type: ignore[return-value]

    assert asked_of(1) == asked_of(3) == (4, 5)


# --- the school's own view --------------------------------------------------------------------------------


def test_school_sees_its_running_campaigns_nearest_first(
    body: ManagingBody, school: School
) -> None:
    other = schools.school(managed_by=body)
    late = campaigns.campaign(body, school, other, deadline=DEADLINE + timedelta(days=5))
    soon = campaigns.campaign(body, school)
    campaigns.campaign(body, school, closed_at=timezone.now())
    campaigns.campaign(body, school, opens_on=ON + timedelta(days=1))
    campaigns.campaign(body, other)

    found = campaigns_of_schools([school.pk], ON)

    assert [(one.row.campaign, one.school) for one in found] == [(soon, school), (late, school)]
    assert campaigns_of_schools([], ON) == []


# --- reminders --------------------------------------------------------------------------------------------


def due(on: date) -> list[tuple[NoticeKind, int]]:
    return [(one.kind, one.days) for one in reminders_due(on)]


def test_schools_are_reminded_before_their_deadline_and_after_it(
    body: ManagingBody, school: School
) -> None:
    campaigns.campaign(body, school)

    keys: dict[str, list[int]] = {}
    for days in range(12, -17, -1):
        for one in reminders_due(DEADLINE - timedelta(days=days)):
            assert one.kind == (NoticeKind.DEADLINE if days >= 0 else NoticeKind.OVERDUE)
            assert one.days == abs(days)
            keys.setdefault(one.key, []).append(days)

    assert [days[0] for days in keys.values()] == [7, 3, 1, -1, -8, -15]
    assert all(days == sorted(days, reverse=True) for days in keys.values())


def test_reminder_says_which_campaign_and_by_when(body: ManagingBody, school: School) -> None:
    campaigns.campaign(body, school, title="Đợt 1")

    [soon] = reminders_due(ON)
    [last] = reminders_due(DEADLINE)
    [late] = reminders_due(DEADLINE + timedelta(days=2))

    start = f"{school} cần gửi kế hoạch theo đợt “Đợt 1”"
    assert soon.words == f"{start} chậm nhất ngày 15/10/2025, còn 3 ngày."
    assert last.words == f"{start} chậm nhất ngày 15/10/2025, hôm nay là hạn cuối."
    assert late.words == f"{start}; đã quá hạn 2 ngày (hạn 15/10/2025)."


def test_extended_school_is_reminded_by_its_own_deadline(
    body: ManagingBody, school: School
) -> None:
    campaign = campaigns.campaign(body, school)
    campaign.schools.update(extended_to=DEADLINE + timedelta(days=10), extension_reason="Lụt")

    assert due(ON) == []
    assert due(DEADLINE + timedelta(days=3)) == [(NoticeKind.DEADLINE, 7)]


def test_nobody_is_reminded_who_has_sent_or_is_not_asked_now(
    body: ManagingBody, school: School
) -> None:
    campaign = campaigns.campaign(body, school)
    campaigns.campaign(body, school, closed_at=timezone.now())
    campaigns.campaign(body, school, opens_on=DEADLINE, deadline=DEADLINE)
    before = due(ON)
    campaigns.sent(planning.plan(school), campaign)

    assert (before, due(ON)) == ([(NoticeKind.DEADLINE, 3)], [])


def test_returned_school_is_reminded_again(body: ManagingBody, school: School) -> None:
    campaign = campaigns.campaign(body, school)
    plan = planning.plan(school)
    campaigns.sent(plan, campaign, what="returned", return_reason="Thiếu mục")

    assert due(ON) == [(NoticeKind.DEADLINE, 3)]


# --- what an office decides -------------------------------------------------------------------------------


def opened(body: ManagingBody, officer: User, *asked: School, **values: Any) -> Campaign:
    given: dict[str, Any] = {
        "school_year": schools.school_year(),
        "title": "Đợt 1",
        "opens_on": date(2025, 9, 1),
        "deadline": DEADLINE,
    }
    return actions.open_campaign(body=body, by=officer, schools=asked, **(given | values))


def test_office_opens_a_campaign(body: ManagingBody, school: School, officer: User) -> None:
    campaign = opened(body, officer, school, remind_days=[1, 5, 5], note="Gửi bản ký số.")

    assert (campaign.title, campaign.remind_days) == ("Đợt 1", [5, 1])
    assert [row.school for row in campaign.schools.all()] == [school]
    event = Event.objects.get(action="campaign.open")
    assert (event.body_id, event.actor_id) == (body.pk, officer.pk)
    assert event.after == {"deadline": "2025-10-15", "schools": [school.pk]}
    assert opened(body, officer).remind_days == [7, 3, 1]


def test_campaign_asks_no_school_of_another_body(body: ManagingBody, officer: User) -> None:
    foreign = schools.school(managed_by=schools.body())

    with pytest.raises(ValidationError, match="không thuộc cơ quan"):
        opened(body, officer, foreign)
    with pytest.raises(ValidationError, match="không thuộc cơ quan"):
        actions.add_schools(campaign=opened(body, officer), schools=[foreign], by=officer)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"opens_on": DEADLINE + timedelta(days=1)}, "__all__"),
        ({"remind_days": [61]}, "remind_days"),
        ({"remind_days": range(10)}, "remind_days"),
    ],
)
def test_campaign_that_makes_no_sense_is_refused(
    body: ManagingBody, officer: User, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        opened(body, officer, **values)

    assert list(refused.value.message_dict) == [field]


def test_office_changes_a_campaign_and_the_record_keeps_what_stood_there(
    body: ManagingBody, officer: User
) -> None:
    campaign = opened(body, officer)
    later = DEADLINE + timedelta(days=5)

    changed = actions.change_campaign(
        campaign=campaign, values={"deadline": later, "title": "Đợt một"}, version=1, by=officer
    )

    assert (changed.deadline, changed.title, changed.version) == (later, "Đợt một", 2)
    event = Event.objects.get(action="campaign.change")
    assert event.before == {"deadline": "2025-10-15", "title": "Đợt 1"}
    assert event.chain == f"body:{body.pk}"


def test_change_over_another_persons_is_a_conflict(body: ManagingBody, officer: User) -> None:
    campaign = opened(body, officer)
    actions.change_campaign(campaign=campaign, values={"note": "A"}, version=1, by=officer)

    with pytest.raises(actions.Conflict):
        actions.change_campaign(campaign=campaign, values={"note": "B"}, version=1, by=officer)


def test_deadline_before_the_opening_is_refused(body: ManagingBody, officer: User) -> None:
    campaign = opened(body, officer)

    with pytest.raises(ValidationError, match="trước ngày mở"):
        actions.change_campaign(
            campaign=campaign, values={"deadline": date(2025, 8, 1)}, version=1, by=officer
        )


def test_office_adds_and_removes_schools(body: ManagingBody, school: School, officer: User) -> None:
    other = schools.school(managed_by=body)
    campaign = opened(body, officer, school)

    assert actions.add_schools(campaign=campaign, schools=[school, other], by=officer) == 1
    assert actions.remove_schools(campaign=campaign, schools=[school], by=officer) == 1

    assert [row.school for row in campaign.schools.all()] == [other]
    told = Event.objects.filter(action__startswith="campaign.").order_by("pk")
    assert [(event.action, event.before, event.after) for event in told][1:] == [
        ("campaign.add_schools", {}, {"schools": [other.pk]}),
        ("campaign.remove_schools", {"schools": [school.pk]}, {}),
    ]


def test_school_that_has_sent_stays_in_the_campaign(
    body: ManagingBody, school: School, officer: User
) -> None:
    campaign = opened(body, officer, school)
    campaigns.sent(planning.plan(school), campaign)

    with pytest.raises(ValidationError, match=str(school)):
        actions.remove_schools(campaign=campaign, schools=[school], by=officer)

    assert campaign.schools.count() == 1


def test_extension_is_written_for_each_school_with_its_reason(
    body: ManagingBody, school: School, officer: User
) -> None:
    other = schools.school(managed_by=body)
    campaign = opened(body, officer, school, other)
    to = DEADLINE + timedelta(days=7)

    rows = actions.extend_deadline(
        campaign=campaign, schools=[school, other], to=to, reason=" Lụt ", by=officer
    )

    assert [(row.extended_to, row.extension_reason, row.extended_by) for row in rows] == [
        (to, "Lụt", officer)
    ] * 2
    events = Event.objects.filter(action="campaign.extend").order_by("school_id")
    assert [event.school_id for event in events] == sorted([school.pk, other.pk])
    assert events[0].before == {"extended_to": "2025-10-15"}
    assert events[0].after == {"extended_to": "2025-10-22", "extension_reason": "Lụt"}


@pytest.mark.parametrize(
    ("to", "reason", "field"),
    [
        (DEADLINE, "Lụt", "to"),
        (DEADLINE + timedelta(days=1), "  ", "reason"),
    ],
)
def test_extension_wants_a_later_day_and_a_reason(
    body: ManagingBody, school: School, officer: User, to: date, reason: str, field: str
) -> None:
    campaign = opened(body, officer, school)

    with pytest.raises(ValidationError) as refused:
        actions.extend_deadline(
            campaign=campaign, schools=[school], to=to, reason=reason, by=officer
        )

    assert list(refused.value.message_dict) == [field]
    assert campaign.schools.get().extended_to is None


def test_extension_wants_a_school_of_the_campaign(
    body: ManagingBody, school: School, officer: User
) -> None:
    campaign = opened(body, officer)
    to = DEADLINE + timedelta(days=1)

    with pytest.raises(ValidationError, match="ít nhất một trường"):
        actions.extend_deadline(
            campaign=campaign, schools=[school], to=to, reason="Lụt", by=officer
        )


def test_closed_campaign_is_not_changed_any_more(
    body: ManagingBody, school: School, officer: User
) -> None:
    campaign = opened(body, officer, school)
    closed = actions.close_campaign(campaign=campaign, by=officer)
    to = DEADLINE + timedelta(days=1)

    assert closed.closed_at is not None
    assert Event.objects.get(action="campaign.close").body_id == body.pk
    for refused in [
        lambda: actions.close_campaign(campaign=campaign, by=officer),
        lambda: actions.add_schools(campaign=campaign, schools=[], by=officer),
        lambda: actions.remove_schools(campaign=campaign, schools=[school], by=officer),
        lambda: actions.change_campaign(
            campaign=campaign, values={"note": "x"}, version=2, by=officer
        ),
        lambda: actions.extend_deadline(
            campaign=campaign, schools=[school], to=to, reason="Lụt", by=officer
        ),
    ]:
        with pytest.raises(MoveNotAllowed, match="đã đóng"):
            refused()
