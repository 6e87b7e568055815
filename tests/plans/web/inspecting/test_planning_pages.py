"""Planning visits over HTTP: a single visit, a campaign from its words to its calendar, teams, refusals."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from criteria.enums import SchoolKind
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.arranging import campaigns
from plans.arranging.scheduling import schedule_visit
from plans.arranging.team import seat_of_user
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState
from plans.minutes.papers import send_notice
from plans.schools.models import ManagingBody, School
from tests.factories import accounts, checklists, criteria, inspections, planning, schools

pytestmark = pytest.mark.django_db
FIRST = inspections.monday_to_come()


@pytest.fixture(autouse=True)
def years() -> None:
    for start in (2025, 2026, timezone.localdate().year):
        schools.school_year(start)


@pytest.fixture
def body() -> ManagingBody:
    return schools.body("UBND xã An Phú")


@pytest.fixture
def school(body: ManagingBody) -> School:
    return schools.school("Trường Mầm non Hoa Mai", managed_by=body)


@pytest.fixture
def officer(body: ManagingBody, client: Client) -> User:
    person = accounts.member(Role.OFFICER, body=body, full_name="Trần Văn Mẫu")
    client.force_login(person)
    return person


@pytest.fixture
def visits(body: ManagingBody, officer: User) -> InspectionCampaign:
    made = inspections.campaign(
        body, title="Kiểm tra học kỳ I", starts_on=FIRST, ends_on=FIRST + timedelta(days=11)
    )
    seat = seat_of_user(officer, TeamRole.LEAD, on=timezone.localdate())
    campaigns.add_campaign_member(campaign=made, seat=seat, by=officer)
    return made


def page(client: Client, name: str, *arguments: int, **asked: Any) -> str:
    answer = client.get(reverse(name, args=arguments), asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(client: Client, name: str, *arguments: int, **typed: Any) -> HttpResponse:
    return client.post(reverse(name, args=arguments), typed)


def refused(answer: HttpResponse) -> str:
    assert answer.status_code == 422, answer.status_code
    text = answer.content.decode()
    assert "<title>Lỗi: " in text
    return text


def filled(text: str) -> dict[str, Any]:
    """Return what the form of a page would send as it stands: inputs, areas, chosen options, ticked boxes."""
    found: dict[str, Any] = {}
    main = text[text.index("<main") :]
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        if name and not (kind and kind[1] in {"checkbox", "radio"} and "checked" not in tag):
            found.setdefault(name[1], []).append(value[1] if value else "")
    for name, words in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)', main):
        found[name] = [words.strip()]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', main, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        found[name] = [(chosen or first)[1] if (chosen or first) else ""]
    found.pop("csrfmiddlewaretoken", None)
    return found


# --- one visit --------------------------------------------------------------------------------------------


def test_from_the_schools_page_to_an_open_record_in_three_clicks(
    client: Client, officer: User, school: School
) -> None:
    plan = planning.plan(school, year=schools.school_year(timezone.localdate().year))
    planning.action(plan, measures="Thay kệ gỗ")
    here = reverse("inspecting:single", args=[school.pk])
    assert f'href="{here}"' in page(client, "schools:school", school.pk)  # the first

    form = filled(page(client, "inspecting:single", school.pk))  # the second opens the filled page
    answer = client.post(here, form | {"mo": "1"})  # the third

    visit = Inspection.objects.get()
    assert (answer.status_code, visit.state, visit.planned_on) == (
        302,
        InspectionState.OPEN,
        timezone.localdate(),
    )
    assert answer.headers["Location"] == reverse("visits:record", args=[visit.pk])
    assert [(m.user, m.role) for m in visit.members.all()] == [(officer, "lead")]
    assert visit.findings.filter(kind="action").count() == 1


def test_single_form_may_be_sent_above_its_fields_and_below_them(
    client: Client, officer: User, school: School
) -> None:
    text = page(client, "inspecting:single", school.pk)
    form = text[text.index('method="post" novalidate') :]
    fields = [
        found.start() for found in re.finditer(r"<(?:input (?!type=.hidden)|textarea|select)", form)
    ]
    buttons = [found.start() for found in re.finditer(r'name="mo" value="1"', form)]

    assert len(buttons) == 2
    assert buttons[0] < min(fields) and max(fields) < buttons[1]


def test_hour_of_now_counts_only_for_a_record_that_is_opened_now(
    client: Client, officer: User, school: School
) -> None:
    here = reverse("inspecting:single", args=[school.pk])
    form = filled(page(client, "inspecting:single", school.pk))
    later = timezone.localdate() + timedelta(days=9)
    assert (form["planned_from"], form["planned_to"]) == ([""], [""])

    client.post(here, form | {"planned_on": f"{later:%d/%m/%Y}"})
    before = timezone.localtime().replace(second=0, microsecond=0)
    client.post(here, form | {"mo": "1"})

    planned_one, opened = Inspection.objects.order_by("pk")
    assert (planned_one.planned_on, planned_one.planned_from, planned_one.planned_to) == (
        later,
        None,
        None,
    )
    hours = opened.planned_from, opened.planned_to
    assert hours in {(at.time(), None) for at in (before, before + timedelta(minutes=1))}


def test_hours_that_are_typed_stay_when_the_record_is_opened_at_once(
    client: Client, officer: User, school: School
) -> None:
    form = filled(page(client, "inspecting:single", school.pk))
    form |= {"mo": "1", "planned_from": "0:05", "planned_to": "0:10"}

    client.post(reverse("inspecting:single", args=[school.pk]), form)

    visit = Inspection.objects.get()
    assert (visit.state, visit.planned_from, visit.planned_to) == ("open", time(0, 5), time(0, 10))


def test_grounds_are_filled_in_from_the_office_and_the_framework(
    client: Client, officer: User, school: School
) -> None:
    criteria.framework("TT", kind=SchoolKind(school.kind))

    [grounds] = filled(page(client, "inspecting:single", school.pk))["legal_grounds"]

    first = grounds.splitlines()[0]
    assert first.startswith("Thông tư số 15/2025/TT-BGDĐT ngày 24/7/2025")
    assert first.endswith(
        "điểm c khoản 8 Điều 6 (được sửa đổi, bổ sung tại Thông tư số 45/2026/TT-BGDĐT ngày 10/6/2026);"
    )
    assert len(grounds.splitlines()) == 2


def test_single_visit_is_planned_for_a_later_day_with_others_of_the_office(
    client: Client, officer: User, school: School, body: ManagingBody
) -> None:
    other = accounts.member(Role.BODY_LEAD, body=body, full_name="Ngô Thị Mẫu")
    list_ = checklists.checklist(body)
    form = filled(page(client, "inspecting:single", school.pk))
    later = timezone.localdate() + timedelta(days=40)
    form |= {"planned_on": f"{later:%d/%m/%Y}", "planned_from": "7 giờ 30", "planned_to": "11h"}
    form |= {"members": [other.pk], "checklists": [list_.pk], "reply_days": "7"}

    answer = client.post(reverse("inspecting:single", args=[school.pk]), form)

    visit = Inspection.objects.get()
    assert answer.headers["Location"] == reverse("visits:visit", args=[visit.pk])
    assert (visit.state, visit.planned_on, visit.planned_from, visit.planned_to) == (
        "planned",
        later,
        time(7, 30),
        time(11, 0),
    )
    assert [m.user for m in visit.members.all()] == [officer, other]
    assert (list(visit.checklists.all()), visit.reply_days) == ([list_], 7)


def test_officer_who_names_a_colleague_as_lead_comes_along(
    client: Client, officer: User, school: School, body: ManagingBody
) -> None:
    lead = accounts.member(Role.BODY_LEAD, body=body, full_name="Ngô Thị Mẫu")
    form = filled(page(client, "inspecting:single", school.pk))
    form |= {"lead": [lead.pk], "members": [officer.pk, lead.pk]}

    client.post(reverse("inspecting:single", args=[school.pk]), form)

    rows = Inspection.objects.get().members.all()
    assert [(m.user, m.role) for m in rows] == [(lead, "lead"), (officer, "member")]


def test_record_is_opened_today_only(client: Client, officer: User, school: School) -> None:
    form = filled(page(client, "inspecting:single", school.pk))
    later = timezone.localdate() + timedelta(days=1)

    answer = client.post(
        reverse("inspecting:single", args=[school.pk]),
        form | {"mo": "1", "planned_on": f"{later:%d/%m/%Y}"},
    )

    assert "Mở biên bản ngay thì ngày kiểm tra phải là hôm nay." in refused(answer)
    assert not Inspection.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"planned_on": "mai"}, "Hãy ghi ngày, tháng, năm, ví dụ 05/09/2026."),
        ({"planned_on": "01/01/2020"}, "Ngày này đã qua. Hãy chọn từ hôm nay trở đi."),
        (
            {"planned_on": "03/12/9999"},
            "Ngày này xa quá. Hãy chọn đến hết năm học sau, ngày 31/08/",
        ),
        ({"planned_from": "sáng sớm"}, "Hãy ghi giờ trong ngày, ví dụ 7 giờ 30 hoặc 14:00."),
        ({"planned_from": "25:00"}, "Hãy ghi giờ trong ngày"),
        ({"planned_from": "9:00", "planned_to": "8:00"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"lead": ""}, "Hãy chọn tổ trưởng."),
        ({"reply_days": "0"}, "Hãy ghi một số ngày từ 1 đến 60."),
        ({"minutes_title": "x"}, "Điều đã chọn không có trong danh sách. Hãy chọn lại."),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(
    client: Client, officer: User, school: School, typed: dict[str, str], words: str
) -> None:
    form = filled(page(client, "inspecting:single", school.pk))

    answer = client.post(reverse("inspecting:single", args=[school.pk]), form | typed)

    assert words in refused(answer)


def test_person_of_the_school_does_not_inspect_it(
    client: Client, officer: User, school: School
) -> None:
    accounts.membership(officer, Role.STAFF, school=school)
    form = filled(page(client, "inspecting:single", school.pk))

    answer = client.post(reverse("inspecting:single", args=[school.pk]), form)

    assert "Không ai kiểm tra trường của mình." in refused(answer)


def test_school_sees_no_button_to_inspect_itself(client: Client, school: School) -> None:
    client.force_login(accounts.member(Role.PRINCIPAL, school=school))

    assert "Kiểm tra trường này" not in page(client, "schools:school", school.pk)
    assert client.get(reverse("inspecting:single", args=[school.pk])).status_code == 403


# --- the page of a visit ----------------------------------------------------------------------------------


def planned(school: School, officer: User, on: date | None = None, **values: Any) -> Inspection:
    seat = seat_of_user(officer, TeamRole.LEAD, on=timezone.localdate())
    said: dict[str, Any] = {"planned_from": None, "planned_to": None} | values
    return schedule_visit(
        school=school,
        body=school.body_links.get().body,
        planned_on=on or timezone.localdate() + timedelta(days=3),
        team=[seat],
        by=officer,
        **said,
    )


def test_visit_says_whose_turn_it_is(client: Client, officer: User, school: School) -> None:
    visit = planned(school, officer)
    assert "<b>Cơ quan kiểm tra</b>: Gửi thông báo kiểm tra cho nhà trường" in page(
        client, "visits:visit", visit.pk
    )

    Inspection.objects.filter(pk=visit.pk).update(notified_at=timezone.now())
    text = page(client, "visits:visit", visit.pk)
    assert "<b>Tổ kiểm tra</b>: Đến trường và mở biên bản" in text
    assert "chưa ghi ai" not in text.lower()


def test_school_knows_nothing_of_a_visit_before_it_was_told(
    client: Client, officer: User, school: School
) -> None:
    visit = planned(school, officer)
    client.force_login(accounts.member(Role.PRINCIPAL, school=school))

    assert client.get(reverse("visits:visit", args=[visit.pk])).status_code == 404
    assert "Chưa có buổi kiểm tra nào." in page(client, "visits:list")

    Inspection.objects.filter(pk=visit.pk).update(notified_at=timezone.now())
    text = page(client, "visits:visit", visit.pk)
    assert "Đến trường và mở biên bản" in text
    assert reverse("inspecting:reschedule", args=[visit.pk]) not in text


def test_doors_of_planning_stand_open_as_the_state_says(
    client: Client, officer: User, school: School
) -> None:
    planned_one = planned(school, officer)
    concluded = inspections.inspection(planning.plan(school), InspectionState.CONCLUDED)
    doors = {
        visit: [
            name
            for name in ("team", "reschedule", "cancel")
            if reverse(f"inspecting:{name}", args=[visit.pk])
            in page(client, "visits:visit", visit.pk)
        ]
        for visit in (planned_one, concluded)
    }

    assert doors == {planned_one: ["team", "reschedule", "cancel"], concluded: ["team"]}
    text = page(client, "visits:visit", planned_one.pk)
    apart = re.findall(r'<li class="kcl-door-end"><a href="([^"]+)">', text)
    assert apart == [reverse("inspecting:cancel", args=[planned_one.pk])]


def test_visit_is_moved_and_called_off(client: Client, officer: User, school: School) -> None:
    visit = planned(school, officer)
    form = filled(page(client, "inspecting:reschedule", visit.pk))
    later = timezone.localdate() + timedelta(days=9)

    answer = client.post(
        reverse("inspecting:reschedule", args=[visit.pk]),
        form | {"planned_on": f"{later:%d/%m/%Y}", "planned_from": "13g30"},
    )
    visit.refresh_from_db()
    assert (answer.status_code, visit.planned_on, visit.planned_from) == (302, later, time(13, 30))

    stale = client.post(reverse("inspecting:reschedule", args=[visit.pk]), form)
    assert "Dòng này vừa được người khác sửa" in refused(stale)

    assert "Hãy ghi lý do hủy." in refused(send(client, "inspecting:cancel", visit.pk))
    assert send(client, "inspecting:cancel", visit.pk, reason="Mưa bão").status_code == 302
    visit.refresh_from_db()
    assert (visit.state, visit.cancel_reason) == ("cancelled", "Mưa bão")
    assert "Đã hủy. Lý do: Mưa bão" in page(client, "visits:visit", visit.pk)


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_a_notice_does_not_outlive_the_day_it_tells_of(
    client: Client, officer: User, school: School, what: str
) -> None:
    visit = planned(school, officer)
    paper = send_notice(inspection=visit, by=officer, on=timezone.localdate())
    form = filled(page(client, "inspecting:reschedule", visit.pk))
    client.post(reverse("inspecting:reschedule", args=[visit.pk]), form)
    paper.refresh_from_db()
    assert paper.state == DocumentState.IN_FORCE  # saved as it was, nothing moved

    if what == "move":
        later = f"{timezone.localdate() + timedelta(days=9):%d/%m/%Y}"
        form = filled(page(client, "inspecting:reschedule", visit.pk)) | {"planned_on": later}
        client.post(reverse("inspecting:reschedule", args=[visit.pk]), form)
        words = "Buổi kiểm tra đã đổi ngày, giờ."
    else:
        send(client, "inspecting:cancel", visit.pk, reason="Mưa bão")
        words = "Buổi kiểm tra đã hủy."

    paper.refresh_from_db()
    assert (paper.state, paper.ended_because) == (DocumentState.WITHDRAWN, words)
    shown = page(client, "public:check", paper.code)
    assert "Văn bản đang có hiệu lực</span>" not in shown
    assert words in shown
    assert "Mưa bão" not in shown


def test_a_visit_that_was_moved_waits_for_a_notice_of_its_new_day(
    client: Client, officer: User, school: School
) -> None:
    visit = planned(school, officer)
    Inspection.objects.filter(pk=visit.pk).update(campaign=inspections.campaign(visit.body))
    InspectionCampaign.objects.update(started_at=timezone.now())
    send_notice(inspection=visit, by=officer, on=timezone.localdate())
    told = "Đến trường và mở biên bản"
    untold = "Gửi thông báo kiểm tra cho nhà trường"

    def shown() -> tuple[bool, bool, bool, bool]:
        one = page(client, "visits:visit", visit.pk)
        found = client.get(reverse("visits:list"), {"tinh_trang": "chua_thong_bao"})
        campaign = page(client, "inspecting:campaign", InspectionCampaign.objects.get().pk)
        listed = f"Kiểm tra {school} ngày" in found.content.decode()
        return told in one, untold in one, listed, "Chưa thông báo cho trường" in campaign

    assert shown() == (True, False, False, False)
    form = filled(page(client, "inspecting:reschedule", visit.pk))
    form["planned_on"] = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    client.post(reverse("inspecting:reschedule", args=[visit.pk]), form)

    assert shown() == (False, True, True, True)
    assert "chưa gửi thông báo ngày mới" in page(client, "visits:visit", visit.pk)
    assert "chưa thông báo ngày mới cho trường" in page(client, "visits:list")
    client.force_login(accounts.member(Role.PRINCIPAL, school=school))
    assert client.get(reverse("visits:visit", args=[visit.pk])).status_code == 200

    client.force_login(officer)
    send_notice(inspection=visit, by=officer, on=timezone.localdate())
    assert shown() == (True, False, False, False)


def test_what_is_no_longer_planned_is_not_moved(
    client: Client, officer: User, school: School
) -> None:
    visit = inspections.inspection(planning.plan(school))

    answer = client.get(reverse("inspecting:reschedule", args=[visit.pk]))

    assert answer.status_code == 403


# --- the list ---------------------------------------------------------------------------------------------


def names_on(text: str) -> list[str]:
    return re.findall(r'aria-label="Kiểm tra ([^"]*) ngày ', text)


def test_list_is_filtered_by_name_state_year_and_campaign(
    client: Client, officer: User, body: ManagingBody, visits: InspectionCampaign
) -> None:
    mai = planning.plan(schools.school("Trường Hoa Mai", managed_by=body))
    dao = planning.plan(
        schools.school("Trường Hoa Đào", managed_by=body), year=schools.school_year(2026)
    )
    inspections.inspection(mai, campaign=visits)
    inspections.inspection(dao, InspectionState.PLANNED, notified_at=None)
    inspections.inspection(dao, InspectionState.DONE)

    def found(**asked: Any) -> set[str]:
        return set(names_on(page(client, "visits:list", **asked)))

    assert found() == {"Trường Hoa Mai", "Trường Hoa Đào"}
    assert found(tim="hoa dao") == {"Trường Hoa Đào"}
    assert found(tinh_trang="open") == {"Trường Hoa Mai"}
    assert found(tinh_trang="chua_thong_bao") == {"Trường Hoa Đào"}
    assert found(tinh_trang="chua_bien_ban") == {"Trường Hoa Mai"}
    assert found(nam="2026") == {"Trường Hoa Đào"}
    assert found(dot=visits.pk) == {"Trường Hoa Mai"}
    assert "Không có buổi kiểm tra nào khớp." in page(client, "visits:list", tim="xyz")


def test_visit_that_waits_for_its_minutes_is_told_apart_everywhere(
    client: Client, officer: User, body: ManagingBody, visits: InspectionCampaign
) -> None:
    waits, past, sent = "Trường Chờ", "Trường Quá Hạn", "Trường Đã Trả Lời"
    yesterday = timezone.localdate() - timedelta(days=1)
    values: dict[str, dict[str, Any]] = {
        waits: {},
        past: {"reply_until": yesterday},
        sent: {"replied_at": timezone.now()},
    }
    for name, more in values.items():
        plan = planning.plan(schools.school(name, managed_by=body))
        inspections.inspection(plan, InspectionState.CONCLUDED, campaign=visits, **more)

    def found(state: str) -> set[str]:
        return set(names_on(page(client, "visits:list", tinh_trang=state)))

    answering, to_be_minuted = "Chờ nhà trường phản hồi", "Chờ lập biên bản"
    assert (found("concluded"), found("cho_lap_bien_ban")) == ({waits}, {past, sent})
    counts = re.findall(
        r'dot=\d+&amp;tinh_trang=(\w+)" aria-label="([^"]*)"',
        page(client, "inspecting:campaign", visits.pk),
    )
    assert counts == [
        ("concluded", f"1 buổi: {answering}"),
        ("cho_lap_bien_ban", f"2 buổi: {to_be_minuted}"),
    ]
    calendar = page(client, "inspecting:calendar", visits.pk)
    assert re.findall(r"<small>(Chờ[^<]*)</small>", calendar) == [answering, *[to_be_minuted] * 2]
    for visit in Inspection.objects.all():
        words = answering if str(visit.school) == waits else to_be_minuted
        shown = page(client, "visits:visit", visit.pk)
        assert re.findall(r'(?s)kcl-state-warn">.*?<span>(.*?)</span>', shown) == [words]


def test_team_member_without_a_role_finds_the_visit(client: Client, school: School) -> None:
    guest = accounts.user(full_name="Khách Mời")
    visit = inspections.inspection(planning.plan(school), InspectionState.PLANNED, lead=guest)
    client.force_login(guest)

    assert names_on(page(client, "visits:list")) == [str(school)]
    assert "Quý vị ở trong tổ này với vai trò tổ trưởng" in page(client, "visits:visit", visit.pk)


def queries(client: Client, name: str, *arguments: int) -> int:
    with CaptureQueriesContext(
        connection,
    ) as taken:
        page(client, name, *arguments)
    return len(taken)


def test_lists_ask_the_same_number_of_queries_for_one_row_and_for_three(
    client: Client, officer: User, body: ManagingBody
) -> None:
    def grow(visits: InspectionCampaign) -> None:
        school = schools.school(managed_by=body)
        schools.school(managed_by=body)
        head = accounts.member(Role.PRINCIPAL, school=school)
        colleague = accounts.member(Role.OFFICER, body=body)
        for user in (head, colleague):
            inspections.campaign_member(visits, user, home_school=None)
        campaigns.choose_schools(
            campaign=visits,
            schools=[school, schools.school(managed_by=body)],
            by=officer,
        )
        plan = planning.plan(school)
        visit = inspections.inspection(plan, InspectionState.PLANNED, campaign=visits, body=body)
        inspections.member(visit)
        inspections.campaign(body)

    visits = inspections.campaign(body, seed="s", share=50)
    pages = [
        ("visits:list",),
        ("inspecting:campaigns",),
        *((f"inspecting:{name}", visits.pk) for name in ("campaign", "members", "schools")),
        ("inspecting:calendar", visits.pk),
        ("inspecting:draw", visits.pk),
    ]
    grow(visits)
    InspectionCampaign.objects.filter(pk=visits.pk).update(
        drawn_from=[row.school_id for row in visits.chosen.all()][:1]
    )
    for one in pages:
        queries(client, *one)  # what is asked once for the process
    few = {one: queries(client, *one) for one in pages}
    grow(visits)
    grow(visits)
    InspectionCampaign.objects.filter(pk=visits.pk).update(
        drawn_from=[row.school_id for row in visits.chosen.all()]
    )

    assert {one: queries(client, *one) for one in pages} == few


# --- a campaign -------------------------------------------------------------------------------------------


def test_campaign_from_its_words_to_its_calendar(
    client: Client, officer: User, body: ManagingBody
) -> None:
    own = [schools.school(f"Trường Mẫu {n}", managed_by=body) for n in range(4)]
    form = filled(page(client, "inspecting:add", body.pk))
    first, last = (f"{FIRST + timedelta(days=days):%d/%m/%Y}" for days in (0, 11))
    form |= {"title": "Học kỳ I", "starts_on": first, "ends_on": last}
    form |= {"decision_number": "15/QĐ-VHXH", "decision_date": first}

    assert client.post(reverse("inspecting:add", args=[body.pk]), form).status_code == 302
    made = InspectionCampaign.objects.get()
    assert (made.title, made.decision_issuer) == ("Học kỳ I", "UBND xã An Phú")

    added = send(
        client, "inspecting:members", made.pk, viec="tai_khoan", user=officer.pk, role="lead"
    )
    assert added.status_code == 302
    send(client, "inspecting:schools", made.pk, viec="them_het")
    assert made.chosen.count() == 4

    calendar = filled(page(client, "inspecting:calendar", made.pk))
    calendar["parts"] = ["hai_buoi"]
    assert send(client, "inspecting:calendar", made.pk, **calendar).status_code == 302
    assert Inspection.objects.filter(campaign=made).count() == 4
    text = page(client, "inspecting:calendar", made.pk)
    assert all(str(school) in text for school in own)
    assert "Thứ Hai, " in text and "07:30–11:00" in text

    assert send(client, "inspecting:start", made.pk).status_code == 302
    assert "Đợt đã bắt đầu" in page(client, "inspecting:members", made.pk)
    assert set(filled(page(client, "inspecting:change", made.pk))) == {
        *("version", "title", "ends_on", "note")
    }
    assert "Còn 4 buổi đã lên lịch" in refused(send(client, "inspecting:close", made.pk))
    Inspection.objects.update(
        state="cancelled", cancelled_at=timezone.now(), cancel_reason="Mưa bão"
    )
    assert send(client, "inspecting:close", made.pk).status_code == 302
    assert "Đã kết thúc" in page(client, "inspecting:campaign", made.pk)


def test_campaign_that_is_not_ready_says_why_it_does_not_begin(
    client: Client, visits: InspectionCampaign
) -> None:
    text = refused(send(client, "inspecting:start", visits.pk))

    assert "Đợt kiểm tra chưa chọn trường nào." in text


def test_schools_are_found_by_kind_level_and_years_without_a_visit(
    client: Client, visits: InspectionCampaign, body: ManagingBody
) -> None:
    kept = schools.school("Trường Hoa Mai", managed_by=body)
    schools.recognition_decision(kept, level=2)
    visited = planning.plan(schools.school("Trường Hoa Đào", managed_by=body))
    inspections.inspection(visited)
    schools.school("Trường Sông Hồng", kind=SchoolKind.PRIMARY, managed_by=body)

    def found(**asked: Any) -> set[str]:
        text = page(client, "inspecting:schools", visits.pk, **asked)
        return set(re.findall(r'name="truong" value="\d+"> ([^<]+)<', text))

    assert len(found()) == 3
    assert found(loai="primary") == {"Trường Sông Hồng"}
    assert found(cap_do="2") == {"Trường Hoa Mai"}
    assert found(cap_do="chua") == {"Trường Hoa Đào", "Trường Sông Hồng"}
    assert found(chua_kiem_tra="2") == {"Trường Hoa Mai", "Trường Sông Hồng"}
    assert found(tim="hoa") == {"Trường Hoa Mai", "Trường Hoa Đào"}
    assert found(chua_kiem_tra="0") == set()


def test_draw_takes_the_share_of_what_was_filtered_and_is_shown_again(
    client: Client, visits: InspectionCampaign, body: ManagingBody
) -> None:
    for number in range(4):
        schools.school(f"Trường Mầm non {number}", managed_by=body)
    schools.school("Trường Tiểu học", kind=SchoolKind.PRIMARY, managed_by=body)
    here = reverse("inspecting:schools", args=[visits.pk])

    answer = client.post(
        f"{here}?loai=preschool", {"viec": "rut_tham", "share": "50", "seed": "xsmb-0303"}
    )

    visits.refresh_from_db()
    assert (answer.status_code, visits.chosen.count(), len(visits.drawn_from)) == (302, 2, 4)
    text = page(client, "inspecting:draw", visits.pk)
    assert text.count("<b>Trúng</b>") == 2
    assert "xsmb-0303" in text and "Khớp: mọi trường trúng thăm đều ở trong đợt." in text

    again = client.post(here, {"viec": "rut_tham", "share": "50", "seed": "khac"})
    assert "Đợt này đã rút thăm." in refused(again)
    dropped = visits.chosen.first()
    send(client, "inspecting:schools", visits.pk, viec="bo", truong=dropped.school_id)
    assert f"nay không còn trong đợt: {dropped.school}" in page(
        client, "inspecting:draw", visits.pk
    )


def test_campaign_without_a_draw_has_no_page_of_it(
    client: Client, visits: InspectionCampaign
) -> None:
    assert client.get(reverse("inspecting:draw", args=[visits.pk])).status_code == 404


def test_person_is_found_without_accents_and_typed_where_there_is_no_account(
    client: Client, visits: InspectionCampaign, body: ManagingBody
) -> None:
    other = schools.school("Trường Hoa Lan", managed_by=body)
    head = accounts.member(Role.PRINCIPAL, school=other, full_name="Đỗ Thị Ngọc")
    text = page(client, "inspecting:members", visits.pk, tim="do ngoc")
    assert "Cô Đỗ Thị Ngọc, Hiệu trưởng, Trường Hoa Lan" in text
    assert text.count('name="user"') == 1

    send(client, "inspecting:members", visits.pk, viec="tai_khoan", user=head.pk, role="member")
    typed = {"full_name": "Phạm Văn Giấy", "unit": "Trường Hoa Lan", "typed_role": "member"}
    send(client, "inspecting:members", visits.pk, viec="ghi_tay", home_school=other.pk, **typed)

    rows = [(m.full_name, m.position, m.home_school) for m in visits.members.all()][1:]
    assert rows == [("Đỗ Thị Ngọc", "Hiệu trưởng", other), ("Phạm Văn Giấy", "", other)]
    no_unit = send(client, "inspecting:members", visits.pk, viec="ghi_tay", full_name="A")
    assert "Hãy ghi đơn vị." in refused(no_unit)
    second = send(
        client,
        *("inspecting:members", visits.pk),
        viec="ghi_tay",
        **(typed | {"full_name": "Khác", "typed_role": "lead"}),
    )
    assert "Tổ kiểm tra chỉ có một tổ trưởng." in refused(second)


def test_member_of_another_campaign_is_not_removed_by_way_of_ones_own(
    client: Client, visits: InspectionCampaign
) -> None:
    foreign = inspections.campaign_member(inspections.campaign())
    mine = visits.members.get()

    answers = [
        send(client, "inspecting:member_remove", visits.pk, pk).status_code
        for pk in (foreign.pk, 10**9, mine.pk)
    ]

    assert answers == [404, 404, 302]


def test_day_is_chosen_by_hand_for_one_school(
    client: Client, visits: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    one, two = (schools.school(managed_by=body) for _ in range(2))
    campaigns.choose_schools(campaign=visits, schools=[one, two], by=officer)
    form = filled(page(client, "inspecting:day", visits.pk, one.pk))
    day = f"{FIRST + timedelta(days=2):%d/%m/%Y}"
    form |= {"planned_on": day, "planned_from": "8:00", "planned_to": "10:00"}

    assert send(client, "inspecting:day", visits.pk, one.pk, **form).status_code == 302
    busy = send(client, "inspecting:day", visits.pk, two.pk, **form)

    assert f"đã có buổi kiểm tra {one} ngày {day}, 8 giờ đến 10 giờ." in refused(busy)
    # once it has a visit, the school is not planned again
    again = client.get(reverse("inspecting:day", args=[visits.pk, one.pk]), follow=True)
    assert "Trường này không còn chờ xếp lịch trong đợt." in again.content.decode()


def test_day_is_not_chosen_once_the_campaign_is_closed_or_the_school_dropped(
    client: Client, visits: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    one, two = (schools.school(managed_by=body) for _ in range(2))
    campaigns.choose_schools(campaign=visits, schools=[one, two], by=officer)
    form = filled(page(client, "inspecting:day", visits.pk, one.pk))
    campaigns.drop_schools(campaign=visits, schools=[two], by=officer)
    dropped = send(client, "inspecting:day", visits.pk, two.pk, **form)
    campaigns.close_campaign(campaign=visits, by=officer)
    closed = send(client, "inspecting:day", visits.pk, one.pk, **form)

    assert dropped.headers["Location"] == reverse("inspecting:calendar", args=[visits.pk])
    assert closed.status_code == 403
    assert "Đợt kiểm tra đã kết thúc" in closed.content.decode()
    assert not Inspection.objects.exists()


def test_visits_without_hours_come_first_and_unplaced_schools_cost_one_query(
    client: Client, visits: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    for begin, end in ((time(8, 0), time(9, 0)), (None, None)):
        plan = planning.plan(schools.school(managed_by=body))
        when = {"planned_on": FIRST, "planned_from": begin, "planned_to": end}
        inspections.inspection(plan, InspectionState.PLANNED, campaign=visits, **when)
    text = page(client, "inspecting:calendar", visits.pk)
    assert text.index("cả ngày") < text.index("08:00–09:00")

    def cost(count: int) -> int:
        own = [schools.school(managed_by=body) for _ in range(count)]
        campaigns.choose_schools(campaign=visits, schools=own, by=officer)
        form = filled(page(client, "inspecting:calendar", visits.pk))
        form |= {"first": f"{FIRST + timedelta(days=30):%d/%m/%Y}"}
        with CaptureQueriesContext(connection) as asked:
            answer = send(client, "inspecting:calendar", visits.pk, **form)
        assert answer.status_code == 302, answer.content.decode()
        told = page(client, "inspecting:calendar", visits.pk)
        assert told.count("Chưa xếp được") == campaigns.unscheduled(visits).count()
        alone = 'WHERE "plans_school"."id" = '
        return sum(alone in one["sql"] for one in asked.captured_queries)

    assert cost(1) == cost(2)


def test_lead_must_be_one_of_those_who_go(
    client: Client, visits: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    school = schools.school(managed_by=body)
    other = inspections.campaign_member(visits)
    campaigns.choose_schools(campaign=visits, schools=[school], by=officer)
    form = filled(page(client, "inspecting:day", visits.pk, school.pk))
    form["members"] = [str(other.pk)]

    answer = send(client, "inspecting:day", visits.pk, school.pk, **form)

    assert "Tổ trưởng phải là một trong những người đi." in refused(answer)


def test_two_who_change_a_campaign_at_once_see_each_other(
    client: Client, visits: InspectionCampaign
) -> None:
    form = filled(page(client, "inspecting:change", visits.pk))
    here = reverse("inspecting:change", args=[visits.pk])
    assert client.post(here, form | {"title": "Một"}).status_code == 302

    answer = client.post(here, form | {"title": "Hai"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "<dd>Một</dd>" in text and 'value="Hai"' in text


# --- the team of a visit ----------------------------------------------------------------------------------


def test_team_is_changed_on_its_page(
    client: Client, officer: User, school: School, body: ManagingBody
) -> None:
    visit = planned(school, officer)
    other = accounts.member(Role.OFFICER, body=body, full_name="Ngô Thị Mẫu")

    send(client, "inspecting:team", visit.pk, viec="tai_khoan", user=other.pk, role="secretary")
    seat = visit.members.get(user=other)
    lead = visit.members.get(user=officer)
    kept = client.post(reverse("inspecting:team_remove", args=[visit.pk, lead.pk]), follow=True)
    assert "Hãy giao tổ trưởng cho người khác trước khi rút người này." in kept.content.decode()

    send(client, "inspecting:team_lead", visit.pk, seat.pk)
    send(client, "inspecting:team_remove", visit.pk, lead.pk)

    text = page(client, "inspecting:team", visit.pk)
    assert "Đã rút khỏi tổ" in text
    found = Inspection.objects.for_page().get(pk=visit.pk)
    assert [(m.user, m.role) for m in found.team] == [(other, "lead")]


def offered(text: str) -> list[str]:
    """Return the names that the page offers for the team, as they stand."""
    return re.findall(r'name="user"[^>]*> (?:Ông|Bà|Thầy|Cô) ([^,<]+)', text)


def test_only_people_who_may_join_are_offered(
    client: Client, officer: User, school: School, body: ManagingBody
) -> None:
    other = schools.school("Trường Mầm non Hoa Đào", managed_by=body)
    for role in (Role.PRINCIPAL, Role.VICE_PRINCIPAL):
        accounts.member(role, school=school, full_name=f"Người Trường Này {role}")
    accounts.member(Role.PRINCIPAL, school=other, full_name="Lê Thị Mẫu")
    joined = accounts.member(Role.BODY_LEAD, body=body, full_name="Ngô Thị Mẫu")
    visit = planned(school, officer)
    assert offered(page(client, "inspecting:team", visit.pk)) == ["Lê Thị Mẫu", "Ngô Thị Mẫu"]

    send(client, "inspecting:team", visit.pk, viec="tai_khoan", user=joined.pk, role="member")
    text = page(client, "inspecting:team", visit.pk)

    assert offered(text) == ["Lê Thị Mẫu"]
    assert f"không có người của chính {school}" in text
    # a typed name that is refused does not bring the others back
    typed = send(client, "inspecting:team", visit.pk, viec="ghi_tay", full_name="A")
    assert offered(refused(typed)) == ["Lê Thị Mẫu"]
    # who was chosen on a page that is no longer true reads why not
    twice = send(
        client, "inspecting:team", visit.pk, viec="tai_khoan", user=joined.pk, role="member"
    )
    assert "Ngô Thị Mẫu được ghi hai lần trong tổ." in refused(twice)


def test_people_of_a_campaign_are_offered_once(
    client: Client, visits: InspectionCampaign, officer: User, body: ManagingBody
) -> None:
    accounts.member(Role.BODY_LEAD, body=body, full_name="Ngô Thị Mẫu")

    text = page(client, "inspecting:members", visits.pk)

    assert offered(text) == ["Ngô Thị Mẫu"]
    assert "không có người của chính" not in text


def test_officer_alone_in_the_office_is_not_offered_as_their_own_companion(
    client: Client, officer: User, school: School, body: ManagingBody
) -> None:
    words = "Cơ quan chưa có người nào khác có tài khoản."
    text = page(client, "inspecting:single", school.pk)
    assert words in text and 'name="members"' not in text

    accounts.member(Role.BODY_LEAD, body=body, full_name="Ngô Thị Mẫu")
    text = page(client, "inspecting:single", school.pk)
    assert words not in text and text.count('name="members"') == 2
    assert "Tổ trưởng đã chọn ở trên thì không cần đánh dấu." in text


def test_own_school_is_refused_on_the_page_of_the_team(
    client: Client, officer: User, school: School
) -> None:
    visit = planned(school, officer)
    own = accounts.member(Role.PRINCIPAL, school=school)

    answer = send(client, "inspecting:team", visit.pk, viec="tai_khoan", user=own.pk, role="member")

    assert "Không ai kiểm tra trường của mình." in refused(answer)


def test_member_of_another_visit_is_not_touched_by_way_of_ones_own(
    client: Client, officer: User, school: School
) -> None:
    visit = planned(school, officer)
    foreign = inspections.inspection().members.get()

    for name in ("team_remove", "team_lead"):
        assert send(client, f"inspecting:{name}", visit.pk, foreign.pk).status_code == 404
