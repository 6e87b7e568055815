"""Pages of follow-up items: lists, one item and its forms, carrying, the office's view, the first page."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.followups import actions
from plans.followups.models import FollowUp, FollowUpFile
from plans.inspections.models import Inspection
from plans.planning.models import Plan, PlanAction
from plans.schools.models import School
from tests.factories import accounts, followups, inspections, issuing, planning, schools
from tests.factories.pictures import jpeg

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def school() -> School:
    return schools.school("Trường Mầm non Hoa Sen", managed_by=schools.body("UBND xã An Phú"))


@pytest.fixture
def item(school: School) -> FollowUp:
    return made(school, due_on=timezone.localdate() - timedelta(days=3))


def made(school: School, plan: Plan | None = None, **values: Any) -> FollowUp:
    """An item of a new visit to the school."""
    plan = plan or school.plans.first() or planning.plan(school)
    if not plan.actions.exists():
        planning.action(plan)
    return followups.follow_up(inspection=inspections.inspection(plan, "done"), **values)


@pytest.fixture
def principal(school: School) -> User:
    return accounts.member(Role.PRINCIPAL, school=school)


@pytest.fixture
def officer(school: School) -> User:
    return accounts.member(Role.OFFICER, body=school.body_links.get().body)


def page(user: User, url: str, status: int = 200) -> str:
    answer = as_(user).get(url)
    assert answer.status_code == status
    return answer.content.decode()


# --- lists ------------------------------------------------------------------------------------------------


def test_list_shows_what_is_not_done_and_filters(officer: User, school: School) -> None:
    today = timezone.localdate()
    late = made(school, due_on=today - timedelta(days=1), body="Sửa mái.", standard_number=3)
    made(school, due_on=today + timedelta(days=3), body="Mua tủ.", standard_number=1)
    by = accounts.user()
    done = {"state": "verified", "verified_by": by, "verified_at": timezone.now()}
    made(school, body="Trồng cây.", **done)
    made(school, body="Họp tổ.", state="reported", due_on=None, due="")
    made(schools.school("Trường Khác", managed_by=schools.body()), body="Không thấy.")

    def found(query: str = "") -> list[str]:
        words = page(officer, f"/kien-nghi/{query}")
        known = ("Sửa mái.", "Mua tủ.", "Trồng cây.", "Họp tổ.", "Không thấy.")
        return [one for one in known if one in words]

    assert found() == ["Sửa mái.", "Mua tủ.", "Họp tổ."]
    assert found("?trang_thai=all") == ["Sửa mái.", "Mua tủ.", "Trồng cây.", "Họp tổ."]
    assert found("?trang_thai=verified") == ["Trồng cây."]
    assert found("?trang_thai=reported") == ["Họp tổ."]
    assert found("?han=qua") == ["Sửa mái."]
    assert found("?han=sap") == ["Mua tủ."]
    assert found("?tieu_chuan=3") == ["Sửa mái."]
    assert found("?tuoi=31-90") == []
    assert found("?tim=hoa+sen&han=qua") == ["Sửa mái."]
    assert found("?tim=khong+co") == []
    assert found("?trang_thai=bogus") == []
    assert f'href="/kien-nghi/{late.pk}/"' in page(officer, "/kien-nghi/")


def test_schools_stand_by_name(officer: User, school: School) -> None:
    body = school.body_links.get().body
    for name in ("Trường Mầm non Bình Minh", "Trường Mầm non Ánh Dương"):
        made(schools.school(name, managed_by=body))
    made(school)

    words = page(officer, "/kien-nghi/")

    places = [
        words.index(f'scope="rowgroup">{name}')
        for name in (
            "Trường Mầm non Ánh Dương",
            "Trường Mầm non Bình Minh",
            "Trường Mầm non Hoa Sen",
        )
    ]
    assert places == sorted(places)
    assert "chương trình không xếp hạng các trường" in words


def test_own_school_needs_no_search_by_name(principal: User, item: FollowUp) -> None:
    words = page(principal, "/kien-nghi/")

    assert 'name="tim"' not in words
    assert "quá hạn 3 ngày" in words


def test_empty_lists_say_what_comes(principal: User, school: School) -> None:
    assert "Chưa có kiến nghị nào." in page(principal, "/kien-nghi/")
    assert "Chưa có kiến nghị nào." in page(principal, f"/truong/{school.pk}/kien-nghi/")


@pytest.mark.parametrize(
    "url",
    [
        "/kien-nghi/",
        "/kien-nghi/tong-hop/",
        "/truong/{school}/kien-nghi/",
        "/kiem-tra/{visit}/kien-nghi/",
        "/ke-hoach/{plan}/kien-nghi/",
        "/",
    ],
)
def test_as_many_queries_for_three_rows_as_for_one(
    officer: User, principal: User, school: School, url: str
) -> None:
    schools.school_year(timezone.localdate().year)
    first = made(school, due_on=timezone.localdate() - timedelta(days=1))
    by = officer if "tong-hop" in url or url == "/kien-nghi/" else principal
    address = url.format(school=school.pk, visit=first.inspection_id, plan=first.inspection.plan_id)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            other = made(school, due_on=timezone.localdate() - timedelta(days=1))
            Inspection.objects.filter(pk=other.inspection_id).update(state="planned")
        client = as_(by)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_team_reads_earlier_items_once_the_record_is_open(item: FollowUp) -> None:
    person = accounts.user()
    visit = inspections.inspection(item.inspection.plan, "planned", lead=person)
    url = f"/kiem-tra/{visit.pk}/kien-nghi/"

    assert item.body not in page(person, url)
    Inspection.objects.filter(pk=visit.pk).update(
        state="open",
        opened_at=timezone.now(),
        opened_by=person,
        plan_tree={},
    )
    words = page(person, url)
    assert item.body in words
    assert f"/kien-nghi/{item.pk}/" not in words  # whose page is not theirs


# --- one item ---------------------------------------------------------------------------------------------


def test_school_reports_with_proof_and_office_verifies(
    item: FollowUp, principal: User, officer: User
) -> None:
    url = f"/kien-nghi/{item.pk}/"
    words = page(principal, url)
    assert "Báo đã làm xong</button>" in words
    assert "Xác nhận đã hoàn thành</button>" not in words
    pdf = issuing.small_pdf("Hóa đơn")
    sent = [SimpleUploadedFile("hóa đơn.pdf", pdf), SimpleUploadedFile("kệ.png", jpeg((64, 48)))]

    answer = as_(principal).post(
        f"{url}da-lam/", {"note": "Đã thay ngày 20/4.", "proofs": sent, "version": 1}
    )

    assert (answer.status_code, answer["Location"]) == (302, url)
    words = page(officer, url)
    assert "Đã thay ngày 20/4." in words
    assert "Xác nhận đã hoàn thành</button>" in words
    file = FollowUpFile.objects.get(name="hóa đơn.pdf")
    taken = as_(officer).get(f"{url}minh-chung/{file.pk}/")
    assert taken.content == pdf
    assert taken["Content-Type"] == "application/pdf"
    assert taken["Content-Disposition"].startswith("attachment;")

    as_(officer).post(f"{url}xac-nhan/", {"note": "", "version": 2})
    assert FollowUp.objects.get().state == "verified"
    assert "Đã xác nhận hoàn thành" in page(principal, url)


def test_reporter_with_a_role_in_the_office_is_offered_no_verdict(
    item: FollowUp, principal: User, school: School
) -> None:
    accounts.membership(principal, Role.OFFICER, body=school.body_links.get().body)
    actions.report_item(item=item, note="Xong.", version=1, by=principal)
    url = f"/kien-nghi/{item.pk}/"

    assert "Xác nhận đã hoàn thành</button>" not in page(principal, url)
    assert as_(principal).post(f"{url}xac-nhan/", {"version": 2}).status_code == 403


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"note": "", "version": 1}, "Hãy ghi đã làm gì, hoặc gửi kèm minh chứng."),
        ({"note": "x"}, "Trang này đã cũ. Hãy tải lại trang rồi lưu lại."),
        (
            {"note": "Giữ chữ này.", "version": 1, "proofs": ("a.pdf", b"MZ")},
            "“a.pdf” không phải là tệp PDF, ảnh (JPG, PNG, WebP), Word (DOCX) hoặc Excel (XLSX).",
        ),
        ({"note": "Giữ chữ này.", "version": 0}, "vừa được người khác sửa"),
    ],
)
def test_refusal_is_said_at_the_form_and_keeps_the_words(
    item: FollowUp, principal: User, data: dict[str, Any], words: str
) -> None:
    if "proofs" in data:
        data = data | {"proofs": SimpleUploadedFile(*data["proofs"])}

    answer = as_(principal).post(f"/kien-nghi/{item.pk}/da-lam/", data)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "<title>Lỗi: " in text
    assert data["note"] in text
    assert FollowUp.objects.get().state == "open"


@pytest.mark.parametrize("step", ["da-lam", "tien-do"])
def test_step_that_comes_too_late_shows_the_typed_words_back(
    item: FollowUp, principal: User, school: School, step: str
) -> None:
    other = accounts.member(Role.VICE_PRINCIPAL, school=school)
    actions.report_item(item=item, note="Xong.", version=1, by=other)

    answer = as_(principal).post(
        f"/kien-nghi/{item.pk}/{step}/", {"note": "Đã thay 2 kệ gỗ <hôm qua>.", "version": 1}
    )

    text = answer.content.decode()
    assert answer.status_code == 403
    assert "người khác vừa làm xong việc này" in text
    assert "Phần vừa gõ chưa được lưu" in text
    assert "<p>Đã thay 2 kệ gỗ &lt;hôm qua&gt;.</p>" in text


def test_person_is_the_schools_and_the_date_the_offices_to_change(
    item: FollowUp, principal: User, officer: User
) -> None:
    url = f"/kien-nghi/{item.pk}/"
    assert 'name="due"' not in page(principal, url)
    assert "Đổi người thực hiện</button>" in page(principal, url)
    assert 'name="due"' in page(officer, url)

    as_(principal).post(f"{url}doi/", {"owner": "Kế toán", "due": "31/5/2030", "version": 1})
    kept = FollowUp.objects.get()
    assert (kept.owner, kept.due) == ("Kế toán", "30/4/2026")

    changed = {"owner": "Kế toán", "due": "31/5/2026", "note": "Chờ kinh phí.", "version": 2}
    as_(officer).post(f"{url}doi/", changed)
    kept = FollowUp.objects.get()
    assert (kept.due, kept.due_on) == ("31/5/2026", date(2026, 5, 31))


def test_proof_of_another_item_is_not_handed_out(
    item: FollowUp, principal: User, school: School
) -> None:
    other = made(school)
    step = other.steps.create(kind="note", by=principal)
    file = FollowUpFile.objects.create(step=step, file=issuing.frozen(b"%PDF-x"), name="a.pdf")

    client = as_(principal)
    assert client.get(f"/kien-nghi/{item.pk}/minh-chung/{file.pk}/").status_code == 404
    assert client.get(f"/kien-nghi/{other.pk}/minh-chung/{file.pk}/").status_code == 200
    assert client.get(f"/kien-nghi/{other.pk}/minh-chung/{10**30}/").status_code == 404


# --- carrying ---------------------------------------------------------------------------------------------


@pytest.fixture
def plan(item: FollowUp, school: School) -> Plan:
    """Next year's plan; that of the visit is closed."""
    Plan.objects.filter(school=school).update(state="finished", finished_at=timezone.now())
    return planning.plan(
        school, year=schools.school_year(2026), framework=item.inspection.plan.framework
    )


def test_one_click_makes_a_row_and_opens_it(item: FollowUp, plan: Plan, principal: User) -> None:
    answer = as_(principal).post(f"/kien-nghi/{item.pk}/vao-ke-hoach/", {"plan": plan.pk})

    row = PlanAction.objects.get(plan=plan)
    assert row.measures == item.body
    there = f"/ke-hoach/{plan.pk}/muc/actions/?mo={row.pk}#viec-{row.pk}"
    assert answer["Location"] == there
    assert "Năm học 2026-2027" in page(principal, f"/kien-nghi/{item.pk}/")


def test_plan_that_has_a_row_is_not_offered_again(
    item: FollowUp, plan: Plan, principal: User, school: School
) -> None:
    url, carry = f"/kien-nghi/{item.pk}/", f"/kien-nghi/{item.pk}/vao-ke-hoach/"
    there = as_(principal).post(carry, {"plan": plan.pk})["Location"]

    words = page(principal, url)
    assert f'<a href="{there}">một việc của kế hoạch năm học 2026-2027</a>' in words
    assert f'action="{carry}"' not in words

    again = as_(principal).post(carry, {"plan": plan.pk}, follow=True)
    assert "Kế hoạch đã có việc cho kiến nghị này." in again.content.decode()
    later = planning.plan(
        school, year=schools.school_year(2027), framework=item.inspection.plan.framework
    )
    words = page(principal, url)
    assert re.findall(r'<option value="(\d+)"', words) == [str(later.pk)]
    assert f'action="{carry}"' in words


def test_plan_tells_what_it_lacks_and_takes_all_at_once(
    item: FollowUp, plan: Plan, principal: User, school: School
) -> None:
    made(school, item.inspection.plan, body="Sửa mái.")
    told = "Kiến nghị sau kiểm tra chưa có trong kế hoạch: 2"
    assert told in page(principal, f"/ke-hoach/{plan.pk}/muc/actions/")
    assert "Đưa cả 2 kiến nghị vào bảng việc" in page(principal, f"/ke-hoach/{plan.pk}/kien-nghi/")

    as_(principal).post(f"/ke-hoach/{plan.pk}/kien-nghi/", {"all": "1"})
    as_(principal).post(f"/ke-hoach/{plan.pk}/kien-nghi/", {"all": "1"})

    assert plan.actions.count() == 2
    assert "chưa có trong kế hoạch:" not in page(principal, f"/ke-hoach/{plan.pk}/muc/actions/")
    assert "Không còn kiến nghị nào" in page(principal, f"/ke-hoach/{plan.pk}/kien-nghi/")


def test_only_the_ticked_ones(item: FollowUp, plan: Plan, principal: User, school: School) -> None:
    made(school, item.inspection.plan)

    as_(principal).post(f"/ke-hoach/{plan.pk}/kien-nghi/", {"kien_nghi": item.pk})

    assert [row.follow_ups.get() for row in plan.actions.all()] == [item]


def test_new_plan_takes_items_over_when_it_is_begun_from_last_years(
    item: FollowUp, principal: User, school: School
) -> None:
    old = item.inspection.plan
    year = schools.school_year(2026)
    url = f"/truong/{school.pk}/ke-hoach/tu-nam-truoc/"
    assert "Đưa 1 kiến nghị sau kiểm tra chưa xong" in page(principal, url)

    asked = {"school_year": year.pk, "form": old.form_id, "kien_nghi": "1"}
    as_(principal).post(url, asked)

    plan = Plan.objects.get(school_year=year)
    assert [row.measures for row in plan.actions.all()] == [item.body]


# --- the office -------------------------------------------------------------------------------------------


def test_office_counts_are_links_to_their_lists(
    officer: User, item: FollowUp, school: School
) -> None:
    FollowUp.objects.update(standard_number=3)
    made(school, state="reported", standard_number=3)
    visit = inspections.inspection(
        planning.plan(school, year=schools.school_year(2026)),
        "concluded",
        reply_until=timezone.localdate() - timedelta(days=4),
    )

    words = page(officer, "/kien-nghi/tong-hop/?nam=2026")

    for href in (
        "/kien-nghi/?han=qua",
        "/kien-nghi/?trang_thai=reported",
        "/kien-nghi/?tieu_chuan=3&amp;tuoi=0-30",
        "/kien-nghi/?tieu_chuan=3&amp;han=qua",
        "?nam=2026&amp;loai=preschool&amp;buoc=no_minutes#danh-sach",
    ):
        assert f'href="{href}"' in words
    assert "Chờ lập biên bản, đã 3 ngày" in words
    assert f'href="/kiem-tra/{visit.pk}/"' in words
    assert "(2 lần)" in words  # two visits, though both were today
    listed = page(officer, "/kien-nghi/tong-hop/?nam=2026&buoc=done")
    assert "Không có buổi kiểm tra nào khớp." in listed


def test_office_without_anything_is_told_so(officer: User) -> None:
    words = page(officer, "/kien-nghi/tong-hop/")

    assert "Chưa có buổi kiểm tra nào trong năm học này." in words
    assert "Không có kiến nghị nào chưa xong." in words
    assert "Chưa có nhận xét nào lặp lại." in words


def test_office_counts_its_own_schools_only(item: FollowUp) -> None:
    stranger = accounts.member(Role.OFFICER, body=schools.body())

    assert "Không có kiến nghị nào chưa xong." in page(stranger, "/kien-nghi/tong-hop/?nam=2025")


# --- the first page ---------------------------------------------------------------------------------------


@pytest.fixture
def year() -> None:
    schools.school_year(timezone.localdate().year)
    schools.school_year(timezone.localdate().year - 1)


@pytest.mark.usefixtures("year")
def test_first_page_of_both_sides_tells_what_is_overdue(
    item: FollowUp, principal: User, officer: User, school: School
) -> None:
    made(school, due_on=timezone.localdate() + timedelta(days=5), body="Mua tủ.")

    words = page(principal, "/")
    assert "Thực hiện kiến nghị: Thay 2 kệ gỗ còn lại bằng kệ inox." in words
    assert "Quá hạn 3 ngày" in words
    assert words.index("Thay 2 kệ gỗ") < words.index("Mua tủ.")
    assert "Còn 5 ngày" in words
    assert "Thực hiện kiến nghị" not in page(accounts.member(Role.STAFF, school=school), "/")
    assert "1 kiến nghị quá hạn ở 1 trường" in page(officer, "/")


@pytest.mark.usefixtures("year")
def test_many_overdue_items_are_five_lines_and_one_for_the_rest(
    principal: User, school: School
) -> None:
    for _ in range(7):
        made(school, due_on=timezone.localdate() - timedelta(days=1))

    words = page(principal, "/")

    assert words.count("Thực hiện kiến nghị: ") == 5
    assert "Xem 2 kiến nghị quá hạn khác" in words


@pytest.mark.usefixtures("year")
def test_first_page_tells_of_visits_and_answers(
    principal: User, officer: User, school: School
) -> None:
    today = timezone.localdate()
    plan = planning.plan(school)
    person = accounts.user(full_name="Người Không Vai Trò")
    inspections.inspection(plan, "planned", lead=person, planned_on=today + timedelta(days=2))
    day = {"planned_on": today - timedelta(days=3)}
    inspections.inspection(plan, "concluded", reply_until=today + timedelta(days=1), **day)
    inspections.inspection(plan, "concluded", reply_until=today - timedelta(days=2), **day)

    own, office, team = page(principal, "/"), page(officer, "/"), page(person, "/")

    assert "kiểm tra tại trường ngày" in own
    assert "Còn 2 ngày" in own
    assert own.count("Phản hồi nhận xét của tổ kiểm tra") == 1
    assert "Còn 1 ngày" in own
    assert "1 buổi kiểm tra chưa lập biên bản" in office
    assert "1 buổi kiểm tra từ hôm nay đến 7 ngày tới" in office
    assert "Kiểm tra Trường Mầm non Hoa Sen" in team
    assert "chưa có vai trò nào" not in team


@pytest.mark.usefixtures("year")
def test_visit_that_the_school_was_not_told_of_is_not_on_its_first_page(
    principal: User, school: School
) -> None:
    inspections.inspection(planning.plan(school), "planned", notified_at=None)

    assert "kiểm tra tại trường" not in page(principal, "/")
