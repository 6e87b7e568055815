"""A campaign of visits: what it may say, who is named, which schools it takes, its beginning and its end."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from criteria.enums import SchoolKind
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.arranging import campaigns as actions
from plans.arranging.calendar import AFTERNOON, MORNING, WHOLE_DAY, is_working_day
from plans.arranging.drawing import draw
from plans.arranging.scheduling import cancel_visit, schedule_visit
from plans.arranging.team import Seat, seat_of_user
from plans.history.models import Event
from plans.inspections.enums import TeamRole
from plans.inspections.models import ChosenSchool, Inspection, InspectionCampaign
from plans.moves import MoveNotAllowed
from plans.notices.models import Notice
from plans.planning.saving import Conflict
from plans.schools.models import ManagingBody, School
from tests.factories import accounts, checklists, criteria, inspections, planning, schools

pytestmark = pytest.mark.django_db

FIRST = date(2031, 3, 3)  # a Monday to come, so that nothing of it is past
LAST = FIRST + timedelta(days=11)


@pytest.fixture
def body() -> ManagingBody:
    return schools.body()


@pytest.fixture
def officer(body: ManagingBody) -> User:
    return accounts.member(Role.OFFICER, body=body, full_name="Trần Văn Mẫu")


@pytest.fixture
def campaign(body: ManagingBody, officer: User) -> InspectionCampaign:
    made = inspections.campaign(
        body, starts_on=FIRST, ends_on=LAST, legal_grounds="Thông tư 15/2025;", reply_days=6
    )
    actions.add_campaign_member(campaign=made, seat=seat(officer, TeamRole.LEAD), by=officer)
    return made


def seat(user: User, role: str = TeamRole.MEMBER) -> Seat:
    return seat_of_user(user, role, on=timezone.localdate())


def some(body: ManagingBody, count: int) -> list[School]:
    return [schools.school(f"Trường Mẫu {n}", managed_by=body) for n in range(count)]


def refusal(deed: Any, **kwargs: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        deed(**kwargs)
    return caught.value.message_dict


def opened(body: ManagingBody, by: User, **values: Any) -> InspectionCampaign:
    said = {"title": "Đợt 1", "starts_on": FIRST, "ends_on": LAST, "reply_days": 5}
    return actions.open_campaign(
        body=body, school_year=schools.school_year(), by=by, **(said | values)
    )


# --- what it says -----------------------------------------------------------------------------------------


def test_campaign_is_opened_and_recorded(body: ManagingBody, officer: User) -> None:
    list_ = checklists.checklist(body)

    made = opened(body, officer, checklists=[list_], legal_grounds="Thông tư 15/2025;")

    assert (made.title, made.started_at, list(made.checklists.all())) == ("Đợt 1", None, [list_])
    [event] = Event.objects.filter(action="visits.open")
    assert (event.body_id, event.school_id) == (body.pk, None)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        (
            {"ends_on": FIRST - timedelta(days=1)},
            {"ends_on": ["Ngày kết thúc đợt không được trước ngày bắt đầu."]},
        ),
        (
            {"ends_on": FIRST + timedelta(days=401)},
            {"ends_on": ["Một đợt kiểm tra dài nhất là 400 ngày."]},
        ),
        (
            {"reply_days": 0},
            {"reply_days": ["Số ngày trường được phản hồi là từ 1 đến 60."]},
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    body: ManagingBody, officer: User, values: Any, refused: Any
) -> None:
    def deed(**more: Any) -> None:
        opened(body, officer, **more)

    assert refusal(deed, **values) == refused


def test_only_the_bodys_published_checklists_are_taken(body: ManagingBody, officer: User) -> None:
    foreign = checklists.checklist()
    draft = checklists.checklist(body, published=False)

    for one in (foreign, draft):
        with pytest.raises(ValidationError, match="đã ban hành của cơ quan"):
            opened(body, officer, checklists=[one])


def test_two_who_change_it_at_once_see_each_other(
    campaign: InspectionCampaign, officer: User
) -> None:
    actions.change_campaign(campaign=campaign, values={"title": "Một"}, version=1, by=officer)

    with pytest.raises(Conflict) as caught:
        actions.change_campaign(campaign=campaign, values={"title": "Hai"}, version=1, by=officer)

    assert caught.value.theirs == {"title": "Một"}


def test_begun_campaign_keeps_its_grounds(campaign: InspectionCampaign, officer: User) -> None:
    InspectionCampaign.objects.update(started_at=timezone.now())
    campaign.refresh_from_db()

    with pytest.raises(MoveNotAllowed, match="đã bắt đầu"):
        actions.change_campaign(
            campaign=campaign, values={"legal_grounds": "Khác"}, version=1, by=officer
        )
    said = {"note": "Thêm", "legal_grounds": campaign.legal_grounds}
    after = actions.change_campaign(campaign=campaign, values=said, version=1, by=officer)
    assert after.note == "Thêm"


# --- people -----------------------------------------------------------------------------------------------


def test_second_lead_and_person_named_twice_are_refused(
    campaign: InspectionCampaign, officer: User
) -> None:
    other = accounts.user()

    assert refusal(
        actions.add_campaign_member,
        campaign=campaign,
        seat=seat(other, TeamRole.LEAD),
        by=officer,
    ) == {"team": ["Tổ kiểm tra chỉ có một tổ trưởng."]}
    assert refusal(
        actions.add_campaign_member, campaign=campaign, seat=seat(officer), by=officer
    ) == {"team": ["Trần Văn Mẫu được ghi hai lần trong tổ."]}


def test_nobody_is_named_twice_before_the_lead_is_named(body: ManagingBody, officer: User) -> None:
    made = inspections.campaign(body)
    actions.add_campaign_member(campaign=made, seat=seat(officer), by=officer)

    assert refusal(actions.add_campaign_member, campaign=made, seat=seat(officer), by=officer) == {
        "team": ["Trần Văn Mẫu được ghi hai lần trong tổ."]
    }


def test_members_may_be_named_before_the_lead(body: ManagingBody, officer: User) -> None:
    made = inspections.campaign(body)

    actions.add_campaign_member(campaign=made, seat=seat(accounts.user()), by=officer)
    actions.add_campaign_member(campaign=made, seat=seat(officer, TeamRole.LEAD), by=officer)

    assert [row.role for row in actions.campaign_members(made)] == ["member", "lead"]


def test_people_to_choose_from_are_the_bodys_own_and_heads_of_its_schools(
    body: ManagingBody, officer: User
) -> None:
    below = schools.body(parent=body)
    own = schools.school(managed_by=body)
    far = schools.school(managed_by=schools.body())
    wanted = {
        officer,
        accounts.member(Role.BODY_LEAD, body=below),
        accounts.member(Role.PRINCIPAL, school=own),
        accounts.member(Role.VICE_PRINCIPAL, school=own),
    }
    accounts.member(Role.STAFF, school=own)
    accounts.member(Role.PRINCIPAL, school=far)
    gone = accounts.member(Role.OFFICER, body=body)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert set(actions.candidates(body, timezone.localdate())) == wanted


# --- schools ----------------------------------------------------------------------------------------------


def test_schools_are_chosen_once_and_dropped(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    one, two = some(body, 2)

    assert actions.choose_schools(campaign=campaign, schools=[one, two], by=officer) == 2
    assert actions.choose_schools(campaign=campaign, schools=[one], by=officer) == 0
    assert actions.drop_schools(campaign=campaign, schools=[one], by=officer) == 1

    assert list(actions.unscheduled(campaign)) == [two]


def test_school_of_another_body_is_not_chosen(campaign: InspectionCampaign, officer: User) -> None:
    far = schools.school(managed_by=schools.body())

    assert refusal(actions.choose_schools, campaign=campaign, schools=[far], by=officer) == {
        "schools": ["Có trường không thuộc cơ quan. Hãy chọn lại."]
    }


def test_the_same_school_twice_is_refused_by_the_database(
    campaign: InspectionCampaign, body: ManagingBody
) -> None:
    [school] = some(body, 1)
    ChosenSchool.objects.create(campaign=campaign, school=school)
    ChosenSchool.objects.create(campaign=inspections.campaign(body), school=school)

    with pytest.raises(IntegrityError), transaction.atomic():
        ChosenSchool.objects.create(campaign=campaign, school=school)


def test_school_with_a_visit_is_not_dropped_until_that_is_called_off(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    [school] = some(body, 1)
    actions.choose_schools(campaign=campaign, schools=[school], by=officer)
    visit = visit_of(campaign, school, officer)

    found = refusal(actions.drop_schools, campaign=campaign, schools=[school], by=officer)
    assert found["schools"][0].startswith(f"Đã có buổi kiểm tra: {school}.")

    cancel_visit(inspection=visit, reason="Đổi kế hoạch", by=officer)
    assert actions.drop_schools(campaign=campaign, schools=[school], by=officer) == 1


def test_draw_is_kept_so_that_anybody_can_repeat_it(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    pool = some(body, 10)

    drawn = actions.draw_schools(
        campaign=campaign, pool=pool, share=30, seed="2031-xs-mb", by=officer
    )

    campaign.refresh_from_db()
    assert draw(campaign.seed, campaign.drawn_from, campaign.share) == drawn
    assert (campaign.seed, campaign.share) == ("2031-xs-mb", 30)
    assert {row.school_id for row in campaign.chosen.all()} == set(drawn)
    [event] = Event.objects.filter(action="visits.draw")
    assert event.after == {
        "seed": "2031-xs-mb",
        "share": 30,
        "drawn_from": sorted(school.pk for school in pool),
        "schools": drawn,
    }


def test_campaign_draws_once(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    pool = some(body, 4)
    actions.draw_schools(campaign=campaign, pool=pool, share=50, by=officer)

    found = refusal(actions.draw_schools, campaign=campaign, pool=pool, share=50, by=officer)

    assert found == {"seed": ["Đợt này đã rút thăm. Kết quả và cách kiểm lại đã ghi ở đợt."]}


@pytest.mark.parametrize("share", [0, 101])
def test_share_out_of_range_is_refused(
    campaign: InspectionCampaign, officer: User, body: ManagingBody, share: int
) -> None:
    found = refusal(
        actions.draw_schools, campaign=campaign, pool=some(body, 2), share=share, by=officer
    )

    assert found == {"share": ["Tỷ lệ là một số từ 1 đến 100."]}


def test_schools_not_visited_for_years(body: ManagingBody) -> None:
    never, lately, long_ago = (planning.plan(schools.school(managed_by=body)) for _ in range(3))
    since = date(2022, 1, 1)  # midnight in Vietnam is five in the evening of the day before
    first = datetime(2021, 12, 31, 17, tzinfo=UTC)
    inspections.inspection(lately, planned_on=date(2021, 12, 1), opened_at=first)
    before = first - timedelta(minutes=1)
    inspections.inspection(long_ago, planned_on=date(2022, 2, 1), opened_at=before)
    inspections.inspection(never, "planned", planned_on=date(2025, 1, 1))
    all_of = actions.schools_to_visit(body, timezone.localdate())

    found = actions.not_visited_since(all_of, since)

    assert set(found) == {never.school, long_ago.school}


# --- days -------------------------------------------------------------------------------------------------


def visit_of(campaign: InspectionCampaign, school: School, by: User, **values: Any) -> Inspection:
    said: dict[str, Any] = {"planned_on": FIRST, "planned_from": None, "planned_to": None}
    return schedule_visit(
        school=school,
        body=campaign.body,
        team=[Seat.of(row) for row in actions.campaign_members(campaign)],
        by=by,
        campaign=campaign,
        on=FIRST,
        **(said | values),
    )


def chosen(campaign: InspectionCampaign, by: User) -> School:
    [school] = some(campaign.body, 1)
    actions.choose_schools(campaign=campaign, schools=[school], by=by)
    return school


def proposed(campaign: InspectionCampaign, by: User, *parts: Any, **more: Any) -> Any:
    seats = [Seat.of(row) for row in actions.campaign_members(campaign)]
    wanted = list(actions.unscheduled(campaign))
    said: dict[str, Any] = {"campaign": campaign, "schools": wanted, "on": FIRST, "by": by}
    return actions.propose_visits(seats=seats, parts=parts or [WHOLE_DAY], **(said | more))


def test_visit_of_a_campaign_takes_over_what_the_campaign_says(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    school = chosen(campaign, officer)
    campaign.checklists.add(checklists.checklist(body))

    visit = visit_of(campaign, school, officer)

    assert (visit.legal_grounds, visit.reply_days, visit.decision_number) == (
        "Thông tư 15/2025;",
        6,
        campaign.decision_number,
    )
    assert list(visit.checklists.all()) == list(campaign.checklists.all())


def test_school_is_visited_once_a_campaign(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    school = chosen(campaign, officer)
    visit_of(campaign, school, officer)

    with pytest.raises(ValidationError, match="Trường đã có buổi kiểm tra trong đợt này."):
        visit_of(campaign, school, officer, planned_on=LAST)


def test_school_that_was_not_chosen_is_not_visited(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    [school] = some(body, 1)

    assert refusal(visit_of, campaign=campaign, school=school, by=officer) == {
        "school": ["Trường Mẫu 0 chưa được chọn vào đợt kiểm tra này."]
    }
    assert not Inspection.objects.exists()


def test_day_outside_the_period_is_taken(campaign: InspectionCampaign, officer: User) -> None:
    after = LAST + timedelta(days=1)

    assert visit_of(campaign, chosen(campaign, officer), officer, planned_on=after).pk


def test_closed_campaign_gets_no_visit_whatever_the_page_still_showed(
    campaign: InspectionCampaign, officer: User
) -> None:
    school = chosen(campaign, officer)
    actions.close_campaign(campaign=campaign, by=officer)
    assert campaign.closed_at is None  # as a page that was opened before holds it

    with pytest.raises(MoveNotAllowed, match="đã kết thúc"):
        visit_of(campaign, school, officer)


def test_visit_holds_what_the_campaign_says_now_and_its_team_is_told(
    campaign: InspectionCampaign, officer: User
) -> None:
    other = accounts.user(full_name="Người Được Báo")
    actions.add_campaign_member(campaign=campaign, seat=seat(other), by=officer)
    school = chosen(campaign, officer)
    said = {"reply_days": 9}
    actions.change_campaign(campaign=campaign, values=said, version=campaign.version, by=officer)
    actions.start_campaign(campaign=campaign, by=officer)
    assert (campaign.started_at, campaign.reply_days) == (None, 6)

    assert visit_of(campaign, school, officer).reply_days == 9
    assert Notice.objects.filter(person=other).count() == 1


def test_proposed_visits_lie_on_working_days_and_book_nobody_twice(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    actions.choose_schools(campaign=campaign, schools=some(body, 12), by=officer)

    made, left = proposed(campaign, officer, MORNING, AFTERNOON)

    days = [(visit.planned_on, visit.planned_from) for visit in made]
    assert (len(made), left, len(set(days))) == (12, [], 12)
    assert all(is_working_day(day) and FIRST <= day <= LAST for day, _ in days)
    assert max(days)[0] > FIRST + timedelta(days=6)  # spread, not heaped at the beginning
    assert not actions.unscheduled(campaign).exists()


def test_member_is_left_at_home_when_their_own_school_is_visited(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    own, other = some(body, 2)
    head = accounts.member(Role.PRINCIPAL, school=own)
    actions.add_campaign_member(campaign=campaign, seat=seat(head), by=officer)
    actions.choose_schools(campaign=campaign, schools=[own, other], by=officer)

    made, _ = proposed(campaign, officer)

    teams = {visit.school_id: {m.user_id for m in visit.members.all()} for visit in made}
    assert teams == {own.pk: {officer.pk}, other.pk: {officer.pk, head.pk}}


def test_secretary_leads_where_the_lead_may_not_go(body: ManagingBody, officer: User) -> None:
    own, other = some(body, 2)
    made = inspections.campaign(body, starts_on=FIRST, ends_on=LAST)
    head = accounts.member(Role.PRINCIPAL, school=own)
    for user, role in [(head, TeamRole.LEAD), (officer, TeamRole.SECRETARY)]:
        actions.add_campaign_member(campaign=made, seat=seat(user, role), by=officer)
    actions.choose_schools(campaign=made, schools=[own, other], by=officer)

    visits, _ = proposed(made, officer)

    leads = {visit.school_id: visit.members.get(role="lead").user for visit in visits}
    assert leads == {own.pk: officer, other.pk: head}


def test_school_without_anybody_to_go_stays_without_a_day(
    body: ManagingBody, officer: User
) -> None:
    [own] = some(body, 1)
    made = inspections.campaign(body, starts_on=FIRST, ends_on=LAST)
    head = accounts.member(Role.PRINCIPAL, school=own)
    actions.add_campaign_member(campaign=made, seat=seat(head, TeamRole.LEAD), by=officer)
    actions.choose_schools(campaign=made, schools=[own], by=officer)

    visits, left = proposed(made, officer)

    assert (visits, [one.why_not for one in left]) == ([], ["không còn ai trong tổ đi được"])


def test_past_days_are_not_proposed(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    actions.choose_schools(campaign=campaign, schools=some(body, 1), by=officer)

    made, _ = proposed(campaign, officer, on=FIRST + timedelta(days=3))

    assert [visit.planned_on for visit in made] == [FIRST + timedelta(days=3)]


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (FIRST - timedelta(days=1), "Ngày này đã qua. Hãy chọn từ hôm nay trở đi."),
        (
            date(2032, 9, 1),
            "Ngày này xa quá. Hãy chọn đến hết năm học sau, ngày 31/08/2032.",
        ),
    ],
)
def test_days_are_not_proposed_from_a_past_or_absurd_day(
    campaign: InspectionCampaign, officer: User, body: ManagingBody, first: date, words: str
) -> None:
    actions.choose_schools(campaign=campaign, schools=some(body, 1), by=officer)

    assert refusal(proposed, campaign=campaign, by=officer, first=first) == {"first": [words]}


def test_days_are_proposed_from_a_day_that_is_chosen(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    actions.choose_schools(campaign=campaign, schools=some(body, 1), by=officer)

    made, _ = proposed(campaign, officer, first=FIRST + timedelta(days=3))

    assert [visit.planned_on for visit in made] == [FIRST + timedelta(days=3)]


# --- beginning and end ------------------------------------------------------------------------------------


def test_beginning_pins_and_tells_the_teams(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    [school] = some(body, 1)
    other = accounts.user(full_name="Người Đi Cùng")
    actions.add_campaign_member(campaign=campaign, seat=seat(other), by=officer)
    actions.choose_schools(campaign=campaign, schools=[school], by=officer)
    visit = visit_of(campaign, school, officer, planned_from=time(8, 0))
    list_ = checklists.checklist(
        body, framework=criteria.framework("KHAC", kind=SchoolKind.PRIMARY)
    )
    campaign.refresh_from_db()
    actions.change_campaign(
        campaign=campaign,
        values={"legal_grounds": "Căn cứ mới;"},
        version=campaign.version,
        checklists=[list_],
        by=officer,
    )
    assert not Notice.objects.exists()  # nobody hears of a calendar that is still being made

    after = actions.start_campaign(campaign=campaign, by=officer)

    visit.refresh_from_db()
    assert after.started_at is not None
    assert (visit.legal_grounds, list(visit.checklists.all())) == ("Căn cứ mới;", [list_])
    assert [notice.person for notice in Notice.objects.all()] == [other]


def test_campaign_without_schools_or_lead_does_not_begin(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    assert refusal(actions.start_campaign, campaign=campaign, by=officer) == {
        "schools": ["Đợt kiểm tra chưa chọn trường nào."]
    }
    actions.choose_schools(campaign=campaign, schools=some(body, 1), by=officer)
    actions.remove_campaign_member(member=campaign.members.get(), by=officer)
    assert refusal(actions.start_campaign, campaign=campaign, by=officer) == {
        "team": ["Tổ kiểm tra cần một tổ trưởng."]
    }


def test_begun_campaign_does_not_begin_again_nor_change_its_people(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    actions.choose_schools(campaign=campaign, schools=some(body, 1), by=officer)
    actions.start_campaign(campaign=campaign, by=officer)

    for deed in (
        lambda: actions.start_campaign(campaign=campaign, by=officer),
        lambda: actions.remove_campaign_member(member=campaign.members.get(), by=officer),
        lambda: actions.add_campaign_member(
            campaign=campaign, seat=seat(accounts.user()), by=officer
        ),
    ):
        with pytest.raises(MoveNotAllowed, match="đã bắt đầu"):
            deed()


def test_campaign_with_a_visit_still_planned_does_not_close(
    campaign: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    school = chosen(campaign, officer)
    visit = visit_of(campaign, school, officer)
    with pytest.raises(ValidationError, match="Còn 1 buổi đã lên lịch"):
        actions.close_campaign(campaign=campaign, by=officer)
    cancel_visit(inspection=visit, reason="Đổi kế hoạch", by=officer)

    after = actions.close_campaign(campaign=campaign, by=officer)

    assert after.closed_at is not None
    with pytest.raises(MoveNotAllowed, match="đã kết thúc"):
        actions.choose_schools(campaign=campaign, schools=[school], by=officer)
