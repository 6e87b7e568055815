"""A visit gets its day and team; who may not go is refused; changes reach those whom they concern."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.arranging.scheduling import (
    add_member,
    cancel_visit,
    hand_lead,
    remove_member,
    reschedule_visit,
    schedule_visit,
)
from plans.arranging.team import Seat, seat_of_user
from plans.history.models import Event
from plans.inspections.enums import Outcome, TeamRole
from plans.inspections.models import Entry, Inspection
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.notices.models import Notice
from plans.recording.opening import open_record
from plans.replying.concluding import conflicts_to_settle
from plans.schools.models import ManagingBody, School
from tests.factories import accounts, checklists, inspections, planning, schools

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 6)
MORNING = (time(7, 30), time(11, 0))


@pytest.fixture(autouse=True)
def years() -> None:
    for start in (2025, 2026):
        schools.school_year(start)


@pytest.fixture
def body() -> ManagingBody:
    return schools.body()


@pytest.fixture
def school(body: ManagingBody) -> School:
    return schools.school("Trường Mầm non Hoa Mai", managed_by=body)


@pytest.fixture
def officer(body: ManagingBody) -> User:
    return accounts.member(Role.OFFICER, body=body, full_name="Trần Văn Mẫu")


@pytest.fixture
def head(body: ManagingBody) -> User:
    """The head of another school of the body."""
    other = schools.school("Trường Mầm non Hoa Đào", managed_by=body)
    return accounts.member(Role.PRINCIPAL, school=other, full_name="Lê Thị Mẫu")


def seat(user: User | None, role: str = TeamRole.MEMBER, **values: Any) -> Seat:
    if user is not None:
        return seat_of_user(user, role, on=timezone.localdate())
    plain = {"honorific": "Ông", "position": "Giáo viên", "unit": "Trường A", "home_school": None}
    return Seat(user=None, role=role, **({"full_name": "Phạm Văn Giấy"} | plain | values))


def planned(
    school: School,
    team: list[Seat],
    by: User,
    *,
    on: date = DAY,
    hours: tuple[time | None, time | None] = (None, None),
    **values: Any,
) -> Inspection:
    body = values.pop("body", None) or school.body_links.get().body
    return schedule_visit(
        school=school,
        body=body,
        planned_on=on,
        planned_from=hours[0],
        planned_to=hours[1],
        team=team,
        by=by,
        on=values.pop("today", min(on, DAY)),
        **values,
    )


def refusal(deed: Any, *args: Any, **kwargs: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        deed(*args, **kwargs)
    return caught.value.message_dict


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(person=user).order_by("pk").values_list("text", flat=True))


# --- planning ---------------------------------------------------------------------------------------------


def test_visit_is_planned_with_all_that_was_said(
    school: School, officer: User, head: User, body: ManagingBody
) -> None:
    plan = planning.plan(school, year=schools.school_year(2026))
    list_ = checklists.checklist(body)

    visit = planned(
        school,
        [seat(officer, TeamRole.LEAD), seat(head)],
        officer,
        hours=MORNING,
        legal_grounds="Thông tư 15/2025",
        reply_days=7,
        checklists=[list_],
    )

    assert (visit.state, visit.school_year.start_year, visit.plan) == ("planned", 2026, plan)
    assert (visit.legal_grounds, visit.reply_days, list(visit.checklists.all())) == (
        "Thông tư 15/2025",
        7,
        [list_],
    )
    assert [(m.full_name, m.position, m.unit, m.role) for m in visit.members.all()] == [
        ("Trần Văn Mẫu", "Chuyên viên", body.name, "lead"),
        ("Lê Thị Mẫu", "Hiệu trưởng", "Trường Mầm non Hoa Đào", "member"),
    ]
    [event] = Event.objects.filter(action="inspection.schedule")
    assert (event.school_id, event.body_id, event.actor_id) == (None, body.pk, officer.pk)


def test_team_is_told_but_not_who_did_it(school: School, officer: User, head: User) -> None:
    planned(school, [seat(officer, TeamRole.LEAD), seat(head)], officer, hours=MORNING)

    assert told(officer) == []
    assert told(head) == [
        "Mời tham gia kiểm tra Trường Mầm non Hoa Mai, ngày 06/10/2026, 7 giờ 30 đến 11 giờ. "
        "Vai trò trong tổ: thành viên."
    ]


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ([TeamRole.MEMBER], "Tổ kiểm tra cần một tổ trưởng."),
        ([TeamRole.LEAD, TeamRole.LEAD], "Tổ kiểm tra chỉ có một tổ trưởng."),
    ],
)
def test_team_has_exactly_one_lead(
    school: School, officer: User, head: User, roles: list[str], words: str
) -> None:
    team = [seat(user, role) for user, role in zip([officer, head], roles, strict=False)]

    assert refusal(planned, school, team, officer) == {"team": [words]}
    assert not Inspection.objects.exists()


def test_lead_or_secretary_has_an_account(school: School, officer: User) -> None:
    paper_lead = seat(None, TeamRole.LEAD)

    assert refusal(planned, school, [paper_lead, seat(officer)], officer) == {
        "team": ["Tổ trưởng hoặc thư ký phải có tài khoản để ghi biên bản trên chương trình."]
    }
    assert planned(school, [paper_lead, seat(officer, TeamRole.SECRETARY)], officer).pk


def test_nobody_sits_twice(school: School, officer: User) -> None:
    team = [seat(officer, TeamRole.LEAD), seat(None), seat(None, full_name="Phạm  văn giấy")]

    assert refusal(planned, school, team, officer) == {
        "team": ["Phạm Văn Giấy được ghi hai lần trong tổ."]
    }


def test_only_the_bodys_published_checklists_are_taken(
    school: School, officer: User, body: ManagingBody
) -> None:
    team = [seat(officer, TeamRole.LEAD)]
    for one in (checklists.checklist(), checklists.checklist(body, published=False)):
        found = refusal(planned, school, team, officer, checklists=[one])

        assert found == {"checklists": ["Chỉ chọn được phiếu đã ban hành của cơ quan."]}
    assert not Inspection.objects.exists()


def test_school_of_another_body_is_refused(officer: User, body: ManagingBody) -> None:
    foreign = schools.school("Trường Xa", managed_by=schools.body())

    found = refusal(planned, foreign, [seat(officer, TeamRole.LEAD)], officer, body=body)

    assert found == {"school": [f"Trường Xa không thuộc phạm vi của {body}."]}


def test_day_before_any_school_year_is_refused(school: School, officer: User) -> None:
    team = [seat(officer, TeamRole.LEAD)]

    found = refusal(planned, school, team, officer, on=date(2010, 5, 5))

    assert found == {"planned_on": ["Ngày này chưa thuộc năm học nào có trong chương trình."]}


LONG_PAST = "Ngày này đã qua. Hãy chọn từ hôm nay trở đi."
TOO_FAR = "Ngày này xa quá. Hãy chọn đến hết năm học sau, ngày 31/08/2028."


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (DAY - timedelta(days=1), LONG_PAST),
        (date(2028, 9, 1), TOO_FAR),
        (date.max, TOO_FAR),
    ],
)
def test_past_and_absurd_days_are_refused_when_planning_and_when_moving(
    school: School, officer: User, on: date, words: str
) -> None:
    team = [seat(officer, TeamRole.LEAD)]
    said = {"planned_on": [words]}

    assert refusal(planned, school, team, officer, on=on, today=DAY) == said
    visit = planned(school, team, officer, today=DAY)
    assert refusal(moved, visit, officer, planned_on=on) == said
    assert fresh(visit).planned_on == DAY


def test_the_last_day_of_the_next_school_year_is_taken(school: School, officer: User) -> None:
    team = [seat(officer, TeamRole.LEAD)]

    for today, last in [(DAY, date(2028, 8, 31)), (date(2027, 8, 31), date(2028, 8, 31))]:
        visit = planned(school, team, officer, on=last, today=today)
        assert visit.planned_on == last
        visit.delete()


# --- nobody inspects their own school ---------------------------------------------------------------------


def test_person_of_the_school_is_refused(school: School, officer: User) -> None:
    own = accounts.member(Role.STAFF, school=school, full_name="Cô Của Trường")

    found = refusal(planned, school, [seat(officer, TeamRole.LEAD), seat(own)], officer)

    assert found == {
        "team": [
            "Cô Của Trường là người của Trường Mầm non Hoa Mai. Không ai kiểm tra trường của mình."
        ]
    }


def test_person_typed_with_that_home_school_is_refused(school: School, officer: User) -> None:
    team = [seat(officer, TeamRole.LEAD), seat(None, home_school=school)]

    assert "Không ai kiểm tra trường của mình" in refusal(planned, school, team, officer)["team"][0]


def test_role_in_the_school_counts_on_the_day_of_the_visit(school: School, officer: User) -> None:
    later = accounts.user(full_name="Sắp Về Trường")
    accounts.membership(later, Role.PRINCIPAL, school=school, valid_from=timezone.localdate())
    past = accounts.user(full_name="Đã Rời Trường")
    accounts.membership(past, Role.PRINCIPAL, school=school, valid_to=date(2020, 1, 1))

    lead = seat(officer, TeamRole.LEAD)
    assert "Sắp Về Trường" in refusal(planned, school, [lead, seat(later)], officer)["team"][0]
    assert planned(school, [lead, seat(past)], officer).pk


def test_own_school_of_one_role_counts_whatever_else_somebody_is(
    school: School, officer: User, body: ManagingBody
) -> None:
    both = accounts.member(Role.OFFICER, body=body, full_name="Hai Vai")
    accounts.membership(both, Role.COUNCIL_MEMBER, school=school)

    assert "Hai Vai" in refusal(planned, school, [seat(both, TeamRole.LEAD)], officer)["team"][0]


def test_seat_at_ones_own_school_lends_nothing(school: School, officer: User, head: User) -> None:
    """Defence behind the refusals: a row that got there by another way, or a person who moved to the school."""
    plan = planning.plan(school)
    visit = inspections.inspection(plan, lead=officer)
    inspections.member(visit, head)
    wanted = ["plans.view_inspection", "plans.read_record", "plans.record_visit"]

    def may() -> list[bool]:
        fresh = User.objects.get(pk=head.pk)
        seen = Inspection.objects.visible_to(fresh).for_page().filter(pk=visit.pk).first()
        thing = Inspection.objects.for_page().get(pk=visit.pk)
        return [seen is not None, *(fresh.has_perm(name, thing) for name in wanted)]

    assert may() == [True] * 4  # the control: elsewhere the seat lends all of it

    visit.members.filter(user=head).update(home_school=school)
    assert may() == [False] * 4

    visit.members.filter(user=head).update(home_school=None)
    accounts.membership(head, Role.STAFF, school=school)
    # as one of the school they know of the visit, but neither read the open record nor write in it
    assert may() == [True, True, False, False]


# --- no double booking ------------------------------------------------------------------------------------


def test_person_is_not_in_two_schools_in_the_same_hours(
    school: School, officer: User, body: ManagingBody
) -> None:
    other = schools.school("Trường Mầm non Hoa Lan", managed_by=body)
    lead = seat(officer, TeamRole.LEAD)
    planned(school, [lead], officer, hours=MORNING)

    found = refusal(planned, other, [lead], officer, hours=(time(10, 0), time(12, 0)))

    assert found == {
        "team": [
            "Trần Văn Mẫu đã có buổi kiểm tra Trường Mầm non Hoa Mai ngày 06/10/2026, "
            "7 giờ 30 đến 11 giờ."
        ]
    }
    assert planned(other, [lead], officer, hours=(time(11, 0), time(12, 0))).pk


def test_visit_without_hours_takes_the_day(
    school: School, officer: User, body: ManagingBody
) -> None:
    other = schools.school(managed_by=body)
    lead = seat(officer, TeamRole.LEAD)
    planned(school, [lead], officer)

    assert "cả ngày" in refusal(planned, other, [lead], officer, hours=MORNING)["team"][0]
    assert planned(other, [lead], officer, on=DAY + timedelta(days=1)).pk


def test_person_without_an_account_is_booked_by_name_post_and_unit(
    school: School, officer: User, head: User, body: ManagingBody
) -> None:
    other = schools.school(managed_by=body)
    planned(school, [seat(officer, TeamRole.LEAD), seat(None)], officer)

    lead = seat(head, TeamRole.LEAD)
    assert "Phạm Văn Giấy" in refusal(planned, other, [lead, seat(None)], officer)["team"][0]
    assert planned(other, [lead, seat(None, unit="Trường B")], officer).pk


def test_visit_called_off_or_left_holds_nobody(
    school: School, officer: User, body: ManagingBody
) -> None:
    other = schools.school(managed_by=body)
    lead = seat(officer, TeamRole.LEAD)
    first = planned(school, [lead], officer)
    cancel_visit(inspection=first, reason="Mưa bão", by=officer)

    assert planned(other, [lead], officer).pk


def test_another_office_sees_who_is_booked(school: School, officer: User) -> None:
    far = schools.body()
    theirs = schools.school(managed_by=far)
    guest = accounts.member(Role.OFFICER, body=far)
    planned(school, [seat(officer, TeamRole.LEAD)], officer)

    team = [seat(guest, TeamRole.LEAD), seat(officer)]
    assert "Trần Văn Mẫu" in refusal(planned, theirs, team, guest)["team"][0]


# --- opened on another day ---------------------------------------------------------------------------------


def at_eight(on: date, hour: int = 8) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour)))


def test_opening_on_another_day_asks_who_is_expected_elsewhere_then(
    school: School, officer: User, body: ManagingBody
) -> None:
    other = schools.school("Trường Mầm non Hoa Lan", managed_by=body)
    lead = seat(officer, TeamRole.LEAD)
    planned(school, [lead], officer, hours=(time(7, 30), time(11, 0)))
    later = DAY + timedelta(days=5)
    visit = planned(other, [lead], officer, on=later, hours=(time(13, 30), time(16, 30)))

    with pytest.raises(MoveNotAllowed) as caught:
        open_record(inspection=visit, by=officer, at=at_eight(DAY))

    assert str(caught.value) == (
        "Chưa mở biên bản được. Trần Văn Mẫu đã có buổi kiểm tra Trường Mầm non Hoa Mai ngày "
        "06/10/2026, 7 giờ 30 đến 11 giờ."
    )
    assert fresh(visit).state == "planned"
    # after the other visit, and on a day on which nobody is expected, it is opened
    assert open_record(inspection=visit, by=officer, at=at_eight(DAY, 11)).state == "open"


def test_record_opened_on_another_day_books_its_people_on_that_day(
    school: School, officer: User, body: ManagingBody
) -> None:
    one, two = (schools.school(managed_by=body) for _ in range(2))
    lead = seat(officer, TeamRole.LEAD)
    later = DAY + timedelta(days=5)
    visit = planned(school, [lead], officer, on=later, hours=(time(13, 0), time(15, 0)))
    opened = open_record(inspection=visit, by=officer, at=at_eight(DAY))

    assert (opened.visited_on, opened.planned_on) == (DAY, later)
    assert str(opened) == "Kiểm tra Trường Mầm non Hoa Mai ngày 06/10/2026"
    found = refusal(planned, one, [lead], officer, hours=(time(9, 0), time(11, 0)))
    assert found == {
        "team": [
            "Trần Văn Mẫu đã có buổi kiểm tra Trường Mầm non Hoa Mai ngày 06/10/2026, "
            "8 giờ đến 10 giờ."
        ]
    }
    assert planned(one, [lead], officer, hours=(time(10, 0), time(11, 0))).pk
    assert planned(two, [lead], officer, on=later).pk


# --- another day ------------------------------------------------------------------------------------------


def moved(visit: Inspection, by: User, **values: Any) -> Inspection:
    said = {"planned_on": DAY, "planned_from": None, "planned_to": None, "version": visit.version}
    return reschedule_visit(inspection=visit, by=by, **({"on": DAY} | said | values))


def test_visit_gets_another_day_and_its_own_hours_do_not_hinder_it(
    school: School, officer: User, head: User
) -> None:
    visit = planned(school, [seat(officer, TeamRole.LEAD), seat(head)], officer)

    after = moved(visit, officer, planned_from=time(8, 0))

    assert (after.planned_on, after.planned_from, after.version) == (DAY, time(8, 0), 2)
    assert told(head)[1:] == [
        "Đổi lịch kiểm tra Trường Mầm non Hoa Mai, ngày 06/10/2026, từ 8 giờ "
        "(lịch trước: ngày 06/10/2026, cả ngày)."
    ]
    [event] = Event.objects.filter(action="inspection.reschedule")
    assert event.before == {"when": "06/10/2026, cả ngày"}


def test_school_hears_of_another_day_once_it_was_told_of_the_first(
    school: School, officer: User
) -> None:
    principal = accounts.member(Role.PRINCIPAL, school=school)
    visit = planned(school, [seat(officer, TeamRole.LEAD)], officer)
    visit = moved(visit, officer, planned_from=time(8, 0))
    assert told(principal) == []

    Inspection.objects.filter(pk=visit.pk).update(notified_at=timezone.now())
    moved(visit, officer, planned_from=time(9, 0))

    assert [text[:17] for text in told(principal)] == ["Đổi lịch kiểm tra"]


def test_day_on_which_somebody_is_booked_is_refused(
    school: School, officer: User, body: ManagingBody
) -> None:
    other = schools.school(managed_by=body)
    lead = seat(officer, TeamRole.LEAD)
    planned(school, [lead], officer)
    visit = planned(other, [lead], officer, on=DAY + timedelta(days=1))

    assert set(refusal(moved, visit, officer)) == {"team"}


def test_what_somebody_moved_meanwhile_is_not_moved_over(school: School, officer: User) -> None:
    visit = planned(school, [seat(officer, TeamRole.LEAD)], officer)
    moved(visit, officer, planned_from=time(8, 0))

    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        moved(visit, officer, planned_from=time(9, 0))


def test_open_visit_is_not_moved(school: School, officer: User) -> None:
    visit = inspections.inspection(planning.plan(school), lead=officer)

    with pytest.raises(MoveNotAllowed, match="không đổi lịch được nữa"):
        moved(visit, officer)


# --- calling off ------------------------------------------------------------------------------------------


def test_visit_is_called_off_with_a_reason_that_the_team_and_the_told_school_read(
    school: School, officer: User, head: User
) -> None:
    principal = accounts.member(Role.PRINCIPAL, school=school)
    visit = planned(school, [seat(officer, TeamRole.LEAD), seat(head)], officer)
    Inspection.objects.filter(pk=visit.pk).update(notified_at=timezone.now())

    after = cancel_visit(inspection=visit, reason=" Trường nghỉ tránh bão ", by=officer)

    assert (after.state, after.cancel_reason) == ("cancelled", "Trường nghỉ tránh bão")
    words = (
        "Hủy buổi kiểm tra Trường Mầm non Hoa Mai, ngày 06/10/2026, cả ngày. "
        "Lý do: Trường nghỉ tránh bão"
    )
    assert (told(head)[1:], told(principal)) == ([words], [words])


def test_calling_off_wants_a_reason(school: School, officer: User) -> None:
    visit = planned(school, [seat(officer, TeamRole.LEAD)], officer)

    found = refusal(cancel_visit, inspection=visit, reason="  ", by=officer)

    assert found == {"reason": ["Hãy ghi lý do hủy."]}


@pytest.mark.parametrize("is_told", [False, True])
def test_school_reads_of_a_visit_in_its_record_only_once_it_was_told(
    school: School, officer: User, is_told: bool
) -> None:
    visit = planned(school, [seat(officer, TeamRole.LEAD)], officer)
    if is_told:
        Inspection.objects.filter(pk=visit.pk).update(notified_at=timezone.now())
        visit.refresh_from_db()
    moved(visit, officer, planned_from=time(8, 0))
    cancel_visit(inspection=visit, reason="Mưa bão", by=officer)

    read = Event.objects.filter(school_id=school.pk).order_by("pk").values_list("action", flat=True)
    assert list(read) == (["inspection.reschedule", "inspection.cancel"] if is_told else [])


# --- the team of one visit --------------------------------------------------------------------------------


@pytest.fixture
def visit(school: School, officer: User, head: User) -> Inspection:
    return planned(school, [seat(officer, TeamRole.LEAD), seat(head)], officer)


def fresh(visit: Inspection) -> Inspection:
    return Inspection.objects.for_page().get(pk=visit.pk)


def test_person_taken_off_in_mid_visit_sees_nothing_at_once(
    visit: Inspection, officer: User, head: User
) -> None:
    opened = timezone.make_aware(datetime.combine(visit.planned_on, time(8)))
    Inspection.objects.filter(pk=visit.pk).update(
        state=InspectionState.OPEN, opened_at=opened, opened_by=officer, plan_tree={}
    )
    asked = "plans.record_visit"
    assert head.has_perm(asked, fresh(visit))

    remove_member(member=visit.members.get(user=head), by=officer)

    again = User.objects.get(pk=head.pk)
    assert not again.has_perm(asked, fresh(visit))
    assert not Inspection.objects.visible_to(again).filter(pk=visit.pk).exists()
    assert told(head)[1:] == [
        "Thôi tham gia tổ kiểm tra Trường Mầm non Hoa Mai, ngày 06/10/2026, cả ngày."
    ]
    assert [row.removed_by for row in visit.members.filter(user=head)] == [officer]


def test_nothing_waits_for_a_choice_about_somebody_taken_off(
    visit: Inspection, officer: User, head: User
) -> None:
    gone = visit.members.get(user=head)
    stays = visit.members.get(user=officer)
    said = {"inspection": visit, "person": officer, "field": "present", "value": "no", "base": 0}
    said |= {"outcome": Outcome.CONFLICT}
    about_gone, about_other = (
        Entry.objects.create(client_id=uuid4(), target=f"member:{row.pk}", **said)
        for row in (gone, stays)
    )

    removed = remove_member(member=gone, by=officer)

    about_gone.refresh_from_db()
    about_other.refresh_from_db()
    assert (about_gone.settled_at, about_gone.settled_by) == (removed.removed_at, officer)
    assert about_other.settled_at is None
    assert len(conflicts_to_settle(fresh(visit))) == 1


def test_person_added_in_mid_visit_sees_it_at_once(visit: Inspection, officer: User) -> None:
    other = accounts.user(full_name="Người Mới")
    assert not Inspection.objects.visible_to(other).exists()

    add_member(inspection=visit, seat=seat(other), by=officer)

    assert list(Inspection.objects.visible_to(other)) == [visit]
    assert [text[:22] for text in told(other)] == ["Mời tham gia kiểm tra "]


def test_person_comes_back_after_being_taken_off(
    visit: Inspection, officer: User, head: User
) -> None:
    remove_member(member=visit.members.get(user=head), by=officer)

    add_member(inspection=visit, seat=seat(head), by=officer)

    assert [row.user for row in fresh(visit).team] == [officer, head]
    assert len(told(head)) == 3


@pytest.mark.parametrize("state", ["minuted", "done", "cancelled"])
def test_team_stays_once_the_minutes_are_made(school: School, officer: User, state: str) -> None:
    visit = inspections.inspection(planning.plan(school), InspectionState(state), lead=officer)
    extra = inspections.member(visit)

    with pytest.raises(MoveNotAllowed, match="không đổi tổ được nữa"):
        remove_member(member=extra, by=officer)
    with pytest.raises(MoveNotAllowed, match="không đổi tổ được nữa"):
        add_member(inspection=visit, seat=seat(accounts.user()), by=officer)


def test_added_person_is_asked_the_same(
    visit: Inspection, officer: User, head: User, school: School, body: ManagingBody
) -> None:
    own = accounts.member(Role.PRINCIPAL, school=school)
    busy = accounts.member(Role.OFFICER, body=body)
    planned(schools.school(managed_by=body), [seat(busy, TeamRole.LEAD)], officer)

    for user, words in [
        (own, "Không ai kiểm tra trường của mình"),
        (busy, "đã có buổi kiểm tra"),
        (head, "được ghi hai lần trong tổ"),
    ]:
        found = refusal(add_member, inspection=visit, seat=seat(user), by=officer)
        assert words in found["team"][0]


def test_lead_is_handed_over_and_only_then_goes(
    visit: Inspection, officer: User, head: User
) -> None:
    lead, other = visit.members.get(user=officer), visit.members.get(user=head)
    assert refusal(remove_member, member=lead, by=officer) == {
        "team": ["Hãy giao tổ trưởng cho người khác trước khi rút người này."]
    }

    hand_lead(member=other, by=officer)
    remove_member(member=lead, by=officer)

    assert [(row.user, row.role) for row in fresh(visit).team] == [(head, "lead")]
    assert "Được giao làm tổ trưởng" in told(head)[-1]


def test_who_is_added_as_lead_takes_over(visit: Inspection, officer: User) -> None:
    new = accounts.user(full_name="Tổ Trưởng Mới")

    add_member(inspection=visit, seat=seat(new, TeamRole.LEAD), by=officer)

    assert [(row.full_name, row.role) for row in fresh(visit).team] == [
        ("Trần Văn Mẫu", "member"),
        ("Lê Thị Mẫu", "member"),
        ("Tổ Trưởng Mới", "lead"),
    ]


def test_lead_is_not_handed_to_where_nobody_could_write(
    visit: Inspection, officer: User, head: User
) -> None:
    paper = add_member(inspection=visit, seat=seat(None), by=officer)

    assert set(refusal(hand_lead, member=paper, by=officer)) == {"team"}
    assert fresh(visit).members.get(role="lead").user == officer
