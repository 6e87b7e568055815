"""The record as pages that work without a script: opening, writing, the log, choosing between two words."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.inspections.models import Attendee, Inspection, Recommendation
from plans.inspections.states import InspectionState
from plans.recording.entries import SentEntry, apply_entries
from plans.recording.photos import add_photo, redraw
from tests.factories import accounts, checklists, followups, inspections, planning, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return accounts.user(full_name="Trần Thị Tổ Trưởng")


@pytest.fixture
def visit(lead: User) -> Inspection:
    plan = planning.plan()
    planning.action(plan, measures="Sửa bếp ăn một chiều")
    return inspections.inspection(plan, lead=lead)


@pytest.fixture
def web(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def at(visit: Inspection, page: str, **more: Any) -> str:
    return reverse(f"visits:{page}", kwargs={"inspection": visit.pk} | more)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def save(web: Client, visit: Inspection, target: str, **typed: Any) -> str:
    """Post a form of the page and return the page after it, as the person sees it."""
    answer = web.post(at(visit, "save"), {"target": target} | typed)
    assert answer.status_code == 302
    return text_of(web.get(answer.headers["Location"]))


def conflict(visit: Inspection, theirs: str = "Bếp sạch.", mine: str = "Bếp bẩn.") -> User:
    """Two of the team write into one field; return the one whose words wait."""
    first, second = accounts.user(), accounts.user(full_name="Nguyễn Văn Thành Viên")
    for person, value in ((first, theirs), (second, mine)):
        inspections.member(visit, person)
        sent = SentEntry(uuid4(), "finding:chung", "seen", value, 0)
        apply_entries(
            inspection=Inspection.objects.get(pk=visit.pk),
            sent=[sent],
            by=person,
            device=f"may-{person.pk}",
        )
    return second


# --- opening ----------------------------------------------------------------------------------------------


def test_planned_visit_is_opened_from_its_page(web: Client, lead: User) -> None:
    visit = inspections.inspection(planning.plan(), InspectionState.PLANNED, lead=lead)
    assert "Mở biên bản" in text_of(web.get(at(visit, "visit")))

    page = text_of(web.get(at(visit, "open")))
    answer = web.post(at(visit, "open"))

    assert "bản đang soạn ngày" in page
    assert "Mở biên bản cần có mạng" in page
    assert "Không còn kiến nghị nào của các lần trước." in page
    assert answer.headers["Location"] == at(visit, "record")
    assert "Đã mở biên bản." in text_of(web.get(at(visit, "record")))


def test_head_of_the_page_names_the_school_year_of_the_plan(web: Client, lead: User) -> None:
    plan = planning.plan(year=schools.school_year(2025))
    visit = inspections.inspection(plan, lead=lead)
    Inspection.objects.filter(pk=visit.pk).update(school_year=schools.school_year(2026))

    page = text_of(web.get(at(visit, "visit")))

    assert 'năm học <span class="kcl-num">2025-2026</span>' in page


def test_opening_before_the_planned_day_is_warned_of_and_may_be_left(
    web: Client, lead: User
) -> None:
    day = timezone.localdate() + timedelta(days=3)
    values: dict[str, Any] = {"planned_on": day, "notified_at": None}
    early = inspections.inspection(planning.plan(), InspectionState.PLANNED, lead=lead, **values)
    today = inspections.inspection(planning.plan(), InspectionState.PLANNED, lead=lead)

    page, calm = (text_of(web.get(at(visit, "open"))) for visit in (early, today))

    (words,) = re.findall(r'<p class="kcl-trouble">(.*?)</p>', page)
    assert re.sub(r"<[^>]*>", "", words) == (
        f"Buổi này hẹn ngày {day:%d/%m/%Y}; mở hôm nay thì biên bản giữ kế hoạch như hôm nay. "
        "Nhà trường chưa được thông báo."
    )
    assert f'href="{at(early, "visit")}">Chưa mở, quay lại</a>' in page
    assert "kcl-trouble" not in calm


def test_page_of_a_visit_to_come_names_the_plan_that_would_be_opened(
    web: Client, lead: User
) -> None:
    plan = planning.plan(year=schools.school_year(2025), finished=True)
    visit = inspections.inspection(plan, InspectionState.PLANNED, lead=lead)
    Inspection.objects.filter(pk=visit.pk).update(plan=None, school_year=schools.school_year(2026))
    words = f"Kế hoạch năm học 2025-2026, bản chưa ban hành ngày {timezone.localdate():%d/%m/%Y}"

    assert words in text_of(web.get(at(visit, "open")))
    assert words in text_of(web.get(at(visit, "visit")))


@pytest.mark.parametrize(("days", "opens"), [(4, False), (3, True), (0, True), (-1, True)])
def test_record_is_opened_by_the_team_from_three_days_before(
    client: Client, days: int, opens: bool
) -> None:
    today = timezone.localdate()
    visit = inspections.inspection(
        state=InspectionState.PLANNED, planned_on=today + timedelta(days=days)
    )
    member = accounts.user()
    inspections.member(visit, member)
    client.force_login(member)

    page = text_of(client.get(at(visit, "visit")))

    words = f"Đến trường và mở biên bản (tổ mở được từ ngày {today + timedelta(days=1):%d/%m/%Y})"
    assert (at(visit, "open") in page, words in page) == (opens, not opens)
    assert client.get(at(visit, "open")).status_code == (200 if opens else 403)
    assert client.post(at(visit, "open")).status_code == (302 if opens else 403)
    visit.refresh_from_db()
    assert visit.state == (InspectionState.OPEN if opens else InspectionState.PLANNED)


def test_record_is_opened_by_the_office_before_that(client: Client) -> None:
    visit = inspections.inspection(
        state=InspectionState.PLANNED, planned_on=timezone.localdate() + timedelta(days=30)
    )
    visit.school.body_links.get_or_create(body=visit.body, role="direct")
    client.force_login(inspections.officer(visit))

    assert client.post(at(visit, "open")).status_code == 302
    visit.refresh_from_db()
    assert visit.state == InspectionState.OPEN


def test_page_to_open_shows_what_the_school_still_owes(web: Client, lead: User) -> None:
    visit = inspections.inspection(planning.plan(), InspectionState.PLANNED, lead=lead)
    earlier = inspections.inspection(visit.plan, InspectionState.DONE)
    item = followups.follow_up(inspection=earlier)

    assert item.body in text_of(web.get(at(visit, "open")))


def test_lists_name_the_day_on_which_a_record_was_opened(web: Client, lead: User) -> None:
    visit = inspections.inspection(lead=lead, planned_on=timezone.localdate() + timedelta(days=3))
    opened, planned = (f"{day:%d/%m/%Y}" for day in (visit.visited_on, visit.planned_on))
    assert opened != planned

    for page in (web.get(at(visit, "visit")), web.get(reverse("visits:list"))):
        assert opened in text_of(page)
        assert planned not in text_of(page)


def test_record_that_is_open_is_not_opened_again(web: Client, visit: Inspection) -> None:
    answer = web.post(at(visit, "open"))

    assert answer.status_code == 403
    assert visit.findings.count() == 3


# --- the page ---------------------------------------------------------------------------------------------


def test_page_shows_each_part_with_the_plans_words_and_its_fields(
    web: Client, visit: Inspection
) -> None:
    page = text_of(web.get(at(visit, "record")))

    action, _, _ = visit.findings.all()
    assert re.findall(r'<section[^>]* id="finding-([\w-]+)"', page) == [
        action.key,
        "muc-purpose",
        "chung",
    ]
    assert "Sửa bếp ăn một chiều" in page
    for field in ("verdict", "seen", "evidence", "strengths", "limits"):
        place = f'data-target="finding:{action.key}" data-field="{field}" data-base="0"'
        assert place in page


def offered(page: str, name: str) -> list[str]:
    """Return what a list of suggestions of the page holds."""
    inside = page.split(f'<datalist id="{name}">')[1].split("</datalist>")[0]
    return re.findall(r'value="([^"]*)"', inside)


def test_fields_for_people_offer_whom_the_page_names(web: Client, lead: User) -> None:
    plan = planning.plan()
    planning.action(plan, lead="PHT; phối hợp: Nguyễn Thị Ví Dụ, tổ văn phòng")
    principal = accounts.member(Role.PRINCIPAL, school=plan.school)
    accounts.member(Role.STAFF, school=plan.school, full_name="Lê Thị Không Ai Nêu")
    visit = inspections.inspection(plan, InspectionState.PLANNED, lead=lead)
    before = inspections.inspection(plan, InspectionState.DONE)
    followups.follow_up(inspection=before, owner="Kế toán trường")
    web.post(at(visit, "open"))
    gone = f"attendee:{uuid4()}"
    save(web, visit, gone, full_name="Người Đã Bỏ", position="Khách")
    page = save(web, visit, gone, removed="1")

    assert offered(page, "nguoi-truong") == [
        f"{principal.full_name}, Hiệu trưởng",
        "Kế toán trường",
        "Phó hiệu trưởng",
        "Nguyễn Thị Ví Dụ",
        "Tổ văn phòng",
        "Kế toán",
    ]
    assert offered(page, "ten-nguoi") == ["Nguyễn Thị Ví Dụ"]
    assert offered(page, "chuc-vu") == ["Hiệu trưởng", "Phó hiệu trưởng", "Kế toán"]
    lists = dict(re.findall(r'name="(\w+)" value="[^"]*"[^>]* list="([\w-]+)"', page))
    assert lists == {"owner": "nguoi-truong", "full_name": "ten-nguoi", "position": "chuc-vu"}


def test_question_stands_under_the_first_part_about_its_criterion(
    web: Client, visit: Inspection
) -> None:
    checklist = checklists.checklist(framework=visit.plan.framework if visit.plan else None)
    visit.checklists.add(checklist)
    question = checklist.questions.get()

    page = text_of(web.get(at(visit, "record")))

    action = visit.findings.order_by("position")[0]
    section = page.split(f'id="finding-{action.key}"')[1].split("</section>")[0]
    assert f'data-target="question:{question.pk}" data-field="value"' in section


def test_page_costs_as_many_queries_for_many_parts_as_for_few(web: Client, lead: User) -> None:
    counts = []
    for number in (1, 3):
        plan = planning.plan()
        for _ in range(number):
            planning.action(plan)
        visit = inspections.inspection(plan, lead=lead)
        for finding in visit.findings.all():
            inspections.recommendation(finding)
        with CaptureQueriesContext(connection) as told:
            web.get(at(visit, "record"))
        counts.append(len(told))

    assert counts[0] == counts[1]


def test_record_that_is_closed_is_only_read(lead: User, client: Client) -> None:
    visit = inspections.inspection(state=InspectionState.CONCLUDED, lead=lead)
    client.force_login(lead)

    page = text_of(client.get(at(visit, "record")))

    assert "Biên bản không còn mở nên chỉ xem được." in page
    main = page.split("<main")[1].split("</main>")[0]
    assert (
        'type="submit"' not in main
    )  # what a device still holds may be sent or copied with a script
    assert len(re.findall(r"<(?:textarea|input class)", main)) == main.count("readonly")


def test_lead_is_led_on_from_the_last_part_and_others_are_told_who_goes_on(
    web: Client, visit: Inspection
) -> None:
    other = accounts.user()
    inspections.member(visit, other)
    link = f'href="{reverse("replies:conclude", args=[visit.pk])}"'

    led = text_of(web.get(at(visit, "record")))
    web.force_login(other)
    told = text_of(web.get(at(visit, "record")))

    assert (link in led, link in told) == (True, False)
    assert ("tổ trưởng hoặc thư ký bấm" in led, "tổ trưởng hoặc thư ký bấm" in told) == (
        False,
        True,
    )


# --- writing without a script -----------------------------------------------------------------------------


def test_form_of_a_part_is_saved(web: Client, visit: Inspection) -> None:
    typed = {"verdict": "doing", "seen": "Còn 2 kệ gỗ.", "evidence": "", "base-seen": "0"}

    page = save(web, visit, "finding:chung", **typed)

    assert "Đã ghi vào biên bản." in page
    row = visit.findings.get(key="chung")
    assert (row.verdict, row.seen) == ("doing", "Còn 2 kệ gỗ.")
    assert 'data-field="seen" data-base="1"' in page
    assert "Không có gì thay đổi." in save(web, visit, "finding:chung", seen="Còn 2 kệ gỗ.")


def test_people_and_recommendations_are_added_and_taken_back(
    web: Client, visit: Inspection
) -> None:
    person, advice = f"attendee:{uuid4()}", f"recommendation:{uuid4()}"

    save(web, visit, person, full_name="Lê Thị Mẫu", position="Hiệu trưởng", honorific="Bà")
    page = save(web, visit, advice, finding="chung", body="Thay kệ", owner="", due="30/4/2026")
    assert "Lê Thị Mẫu" in page
    assert "Thay kệ" in page

    save(web, visit, person, removed="1")
    page = save(web, visit, advice, removed="1")
    assert "Thay kệ" not in page
    assert (Attendee.objects.get().removed, Recommendation.objects.get().removed) == ("1", "1")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("trước 30/4/2026", "Đọc là hết ngày 29/04/2026"),
        ("khi có kinh phí", "Chưa đọc được thành ngày nên chương trình không nhắc hạn."),
        ("", ""),
    ],
)
def test_due_date_stays_as_typed_and_says_how_it_was_read(
    web: Client, visit: Inspection, typed: str, words: str
) -> None:
    target = f"recommendation:{uuid4()}"
    page = save(web, visit, target, finding="chung", body="Thay kệ", due=typed)

    row = page.split(f'data-row="{target}"')[1].split("</form>")[0]
    told = re.findall(r'id="([^"]*)" role="status" data-reading>([^<]*)<', row)
    field = target.replace(":", "-") + "-due"
    assert told == [(f"{field}-doc", words)]
    assert f'value="{typed}"' in row
    assert f'aria-describedby="{field}-h {field}-doc"' in row


def test_several_answers_are_kept_one_to_a_line(web: Client, visit: Inspection) -> None:
    checklist = checklists.checklist()
    visit.checklists.add(checklist)
    asked = checklists.question(checklist, kind="several", choices=["Tốt", "Khá", "Kém"])

    save(web, visit, f"question:{asked.pk}", value=["", "Tốt", "Kém"])

    assert visit.answers.get().value == "Tốt\nKém"


def test_older_page_does_not_overwrite_and_leads_to_the_choice(
    web: Client, visit: Inspection
) -> None:
    save(web, visit, "finding:chung", **{"seen": "Bếp sạch.", "base-seen": "0"})

    page = save(web, visit, "finding:chung", **{"seen": "Bếp bẩn.", "base-seen": "0"})

    assert "Người khác đã ghi điều khác vào ô này." in page
    assert "chỗ hai người ghi khác nhau" in page
    assert visit.findings.get(key="chung").seen == "Bếp sạch."


@pytest.mark.parametrize("target", ["", "x", "finding:khong-co", "plan:1", "visit:x"])
def test_form_that_names_nothing_changes_nothing(
    web: Client, visit: Inspection, target: str
) -> None:
    save(web, visit, target, seen="x", place="x")

    assert not visit.findings.exclude(seen="").exists()


def test_what_was_taken_back_and_given_again_is_taken_back_without_a_quarrel(
    web: Client, visit: Inspection, lead: User
) -> None:
    finding = visit.findings.get(key="chung")
    given = inspections.recommendation(finding)
    person = Attendee.objects.create(inspection=visit, client_id=uuid4(), full_name="Lê Thị Dụ")
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    photo = add_photo(
        inspection=visit, client_id=uuid4(), key="chung", picture=redraw(out.getvalue()), by=lead
    )
    other = accounts.user()
    inspections.member(visit, other)
    targets = [
        f"{kind}:{row.client_id}"
        for kind, row in [("recommendation", given), ("attendee", person), ("photo", photo)]
    ]
    for target in targets:
        for base, value in enumerate(("1", "")):
            sent = SentEntry(uuid4(), target, "removed", value, base)
            apply_entries(inspection=visit, sent=[sent], by=other, device="may")
    page = text_of(web.get(at(visit, "record")))

    for target in targets:
        forms = re.findall(
            rf'<form(?:(?!</form>).)*value="{target}"(?:(?!</form>).)*</form>', page, re.S
        )
        (form,) = [one for one in forms if 'name="removed"' in one]
        (base_,) = re.findall(r'name="base-removed" value="(\d+)"', form)
        save(web, visit, target, removed="1", **{"base-removed": base_})

    for row in (given, person, photo):
        row.refresh_from_db()
        assert row.removed == "1"


# --- the log ----------------------------------------------------------------------------------------------


def shown_base(web: Client, visit: Inspection) -> str:
    """The number of changes that the page of the log was made with."""
    found = re.search(r'name="base" value="(\d+)"', text_of(web.get(at(visit, "entries"))))
    assert found is not None
    return found[1]


def test_log_shows_what_waits_what_was_refused_and_what_was_saved(
    web: Client, visit: Inspection
) -> None:
    conflict(visit)
    save(web, visit, "finding:khong-co", seen="Lời không có chỗ")

    page = text_of(web.get(at(visit, "entries")))

    for words in ("Bếp sạch.", "Bếp bẩn.", "Lời không có chỗ", "Biên bản này không có chỗ ghi đó."):
        assert words in page
    assert "Nguyễn Văn Thành Viên ghi" in page


def test_log_says_in_words_what_was_chosen_and_leaves_out_what_nobody_typed(
    web: Client, visit: Inspection
) -> None:
    finding = visit.findings.get(key="chung")
    target, person = f"recommendation:{uuid4()}", visit.members.get()
    for place, typed in (
        ("finding:chung", {"verdict": "doing"}),
        (target, {"finding": "chung", "body": "Thay kệ."}),
        (target, {"removed": "1", "base-removed": "0"}),
        (target, {"removed": "", "base-removed": "1"}),
        (f"member:{person.pk}", {"present": "no"}),
    ):
        save(web, visit, place, **typed)

    page = text_of(web.get(at(visit, "entries")))

    lines = re.findall(r'data-label="Chỗ ghi">(.*?)</td><td[^>]*>(.*?)</td>', page)
    assert lines[::-1] == [
        (f"{finding}: đến hôm nay", "Đang thực hiện"),
        (f"Kiến nghị, {finding}: nhà trường cần làm gì", "Thay kệ."),
        (f"Kiến nghị, {finding}", "Đã bỏ kiến nghị"),
        (f"Kiến nghị, {finding}", "Đã lấy lại kiến nghị"),
        (f"Tổ kiểm tra: {person}: có mặt", "Vắng"),
    ]


def test_choice_between_two_chosen_answers_offers_no_words(web: Client, visit: Inspection) -> None:
    second = accounts.user()
    inspections.member(visit, second)
    for person, value in ((visit.members.first().user, "done"), (second, "doing")):
        sent = SentEntry(uuid4(), "finding:chung", "verdict", value, 0)
        held = Inspection.objects.get(pk=visit.pk)
        apply_entries(inspection=held, sent=[sent], by=person, device=f"may-{person.pk}")

    page = text_of(web.get(at(visit, "entries")))

    assert re.findall(r"<dd>(.*?)</dd>", page) == ["Đang thực hiện", "Đã thực hiện"]
    assert ("<textarea" in page, "Lấy lời ghi lại" in page) == (False, False)


def test_empty_log_says_so(web: Client, visit: Inspection) -> None:
    page = text_of(web.get(at(visit, "entries")))

    assert "Chưa có lần ghi nào." in page
    assert "Không có chỗ nào hai người ghi khác nhau." in page


def test_office_reads_the_log_and_decides_nothing(client: Client, visit: Inspection) -> None:
    conflict(visit)
    officer = inspections.officer(visit)
    inspections.member(visit, None)
    visit.school.body_links.get_or_create(body=visit.body, role="direct")
    client.force_login(officer)

    page = client.get(at(visit, "entries"))
    entry = visit.entries.get(outcome="conflict")
    answer = client.post(at(visit, "settle", entry=entry.pk), {"chon": "moi"})

    assert page.status_code == 200
    assert "Lấy lời của" not in text_of(page)
    assert answer.status_code == 403


def test_school_does_not_read_the_log(client: Client, visit: Inspection) -> None:
    client.force_login(accounts.member(Role.PRINCIPAL, school=visit.school))

    assert client.get(at(visit, "entries")).status_code == 403


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({"chon": "moi"}, "Bếp bẩn."),
        ({"chon": "cu"}, "Bếp sạch."),
        ({"chon": "khac", "loi": "Bếp tạm sạch."}, "Bếp tạm sạch."),
    ],
)
def test_choice_without_a_script(
    web: Client, visit: Inspection, chosen: dict[str, str], kept: str
) -> None:
    conflict(visit)
    entry = visit.entries.get(outcome="conflict")
    base = shown_base(web, visit)

    answer = web.post(at(visit, "settle", entry=entry.pk), {"base": base} | chosen)

    assert answer.headers["Location"] == at(visit, "entries")
    assert visit.findings.get(key="chung").seen == kept
    entry.refresh_from_db()
    assert entry.settled_at is not None
    assert "đã chọn" in text_of(web.get(at(visit, "entries")))


def test_choice_that_came_second_is_told_so(web: Client, visit: Inspection) -> None:
    conflict(visit)
    entry = visit.entries.get(outcome="conflict")
    base = shown_base(web, visit)
    web.post(at(visit, "settle", entry=entry.pk), {"chon": "moi", "base": base})

    web.post(at(visit, "settle", entry=entry.pk), {"chon": "cu", "base": base})

    assert "Chỗ ghi khác nhau này đã được giải quyết." in text_of(web.get(at(visit, "entries")))
    assert visit.findings.get(key="chung").seen == "Bếp bẩn."


@pytest.mark.parametrize(
    ("chosen", "waiting", "told"),
    [
        ({"chon": "moi"}, ["Bếp bẩn."], "Ô này đã được ghi lại từ lúc quý vị mở trang."),
        ({"chon": "cu"}, ["Bếp bẩn."], "Ô này đã được ghi lại từ lúc quý vị mở trang."),
        (
            {"chon": "khac", "loi": "Bếp tạm sạch."},
            ["Bếp bẩn.", "Bếp tạm sạch."],
            "Người khác đã ghi điều khác vào ô này.",
        ),
    ],
)
def test_choice_overwrites_no_words_that_came_after_its_page(
    web: Client, visit: Inspection, chosen: dict[str, str], waiting: list[str], told: str
) -> None:
    conflict(visit)
    entry = visit.entries.get(outcome="conflict")
    base = shown_base(web, visit)
    third = accounts.user()
    inspections.member(visit, third)
    sent = SentEntry(uuid4(), "finding:chung", "seen", "Bếp sạch, đã lát lại.", base=1)
    apply_entries(inspection=visit, sent=[sent], by=third, device="may-3")

    web.post(at(visit, "settle", entry=entry.pk), {"base": base} | chosen)

    page = text_of(web.get(at(visit, "entries")))
    assert visit.findings.get(key="chung").seen == "Bếp sạch, đã lát lại."
    open_ones = visit.entries.filter(outcome="conflict", settled_at=None).order_by("pk")
    assert [one.value for one in open_ones] == waiting
    assert told in page
    assert page.count('class="kcl-item"') == len(waiting)


def test_log_costs_as_many_queries_for_three_lines_as_for_one(
    web: Client, visit: Inspection
) -> None:
    counts = []
    for _ in range(2):
        conflict(visit, mine=f"Bếp {uuid4()}")
        with CaptureQueriesContext(connection) as told:
            web.get(at(visit, "entries"))
        counts.append(len(told))

    assert counts[0] == counts[1]
