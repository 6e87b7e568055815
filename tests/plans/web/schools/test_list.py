"""The list of schools: search, filters, order, pages; the same number of queries for one row and for many."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from criteria.enums import SchoolKind
from plans.accounts.roles import Role
from plans.schools.models import ManagingBody, SchoolYear
from plans.web.schools.views import PAGE_SIZE
from tests.factories import accounts, inspections, planning, schools

pytestmark = pytest.mark.django_db

LIST = "/truong/"


@pytest.fixture
def body() -> ManagingBody:
    return schools.body("UBND xã An Phú")


@pytest.fixture
def office(body: ManagingBody) -> Client:
    client = Client()
    client.force_login(accounts.member(Role.OFFICER, body=body))
    return client


@pytest.fixture
def year() -> SchoolYear:
    return schools.school_year(2025)


def _names(answer: Any) -> list[str]:
    return re.findall(
        r'<th scope="row"><a href="/truong/\d+/">([^<]*)</a>', answer.content.decode()
    )


def test_schools_stand_by_kind_and_name(office: Client, body: ManagingBody) -> None:
    for kind, name in [
        (SchoolKind.PRIMARY, "Trường Tiểu học Ba Đình"),
        (SchoolKind.PRESCHOOL, "Trường Mầm non Đồng Xanh"),
        (SchoolKind.PRESCHOOL, "Trường Mầm non Dương Liễu"),
        (SchoolKind.PRESCHOOL, "Trường Mầm non Ánh Dương"),
    ]:
        schools.school(name, kind=kind, managed_by=body)

    answer = office.get(LIST)

    assert _names(answer) == [
        "Trường Mầm non Ánh Dương",
        "Trường Mầm non Dương Liễu",
        "Trường Mầm non Đồng Xanh",
        "Trường Tiểu học Ba Đình",
    ]
    assert "Mầm non (3 trường)" in answer.content.decode()


def test_search_and_filters_work_together(
    office: Client, body: ManagingBody, year: SchoolYear
) -> None:
    wanted = schools.school("Trường Tiểu học Nguyễn Huệ", kind=SchoolKind.PRIMARY, managed_by=body)
    schools.school("Trường Mầm non Nguyễn Huệ", managed_by=body)
    other = schools.school("Trường Tiểu học Lê Lợi", kind=SchoolKind.PRIMARY, managed_by=body)
    planning.plan(wanted, year=year)
    planning.plan(other, year=year, finished=True)

    def found(**asked: str) -> list[str]:
        return _names(office.get(LIST, asked))

    assert found(tim="nguyen hue", loai="primary") == ["Trường Tiểu học Nguyễn Huệ"]
    assert found(trang_thai="draft") == ["Trường Tiểu học Nguyễn Huệ"]
    assert found(trang_thai="finished") == ["Trường Tiểu học Lê Lợi"]
    assert found(trang_thai="none") == ["Trường Mầm non Nguyễn Huệ"]
    assert len(found()) == 3


def test_state_is_that_of_the_year_asked_for(
    office: Client, body: ManagingBody, year: SchoolYear
) -> None:
    schools.school_year(2024)
    planning.plan(schools.school(managed_by=body), year=year, finished=True)

    this = office.get(LIST, {"nam": "2025"}).content.decode()
    before = office.get(LIST, {"nam": "2024"}).content.decode()

    assert "Xem kế hoạch" in this
    assert "Xem kế hoạch" not in before
    assert "năm học" in before


def test_counts_lead_to_the_schools_they_count(
    office: Client, body: ManagingBody, year: SchoolYear
) -> None:
    for made in range(3):
        school = schools.school(managed_by=body)
        if made:
            planning.plan(school, year=year)

    page = office.get(LIST).content.decode()
    link = re.search(r'<a href="(\?[^"]*)" aria-label="2 trường mầm non', page)

    assert link
    assert len(_names(office.get(LIST + link[1].replace("&amp;", "&").partition("#")[0]))) == 2


@pytest.mark.parametrize("asked", [{"loai": "x"}, {"trang_thai": "x"}, {"nam": "1"}, {"nam": "x"}])
def test_filter_that_does_not_exist_is_named(
    office: Client, body: ManagingBody, year: SchoolYear, asked: dict[str, str]
) -> None:
    schools.school(managed_by=body)

    page = office.get(LIST, asked).content.decode()

    assert "<title>Lỗi: Các trường" in page
    assert "không có trong danh sách" in page


def test_pages_keep_the_filter(office: Client, body: ManagingBody) -> None:
    for _ in range(PAGE_SIZE + 1):
        schools.school(managed_by=body)

    first, second = (office.get(LIST, {"tim": "hoa sen", "trang": n}) for n in "12")

    assert len(_names(first)) == PAGE_SIZE
    assert len(_names(second)) == 1
    assert 'href="?tim=hoa+sen&amp;trang=2#danh-sach"' in first.content.decode()
    assert f"Trường 1–{PAGE_SIZE} trong {PAGE_SIZE + 1}" in first.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_page_that_does_not_exist_shows_one_that_does(
    office: Client, body: ManagingBody, page: str
) -> None:
    schools.school(managed_by=body)

    assert len(_names(office.get(LIST, {"trang": page}))) == 1


def test_nothing_found_and_nothing_there_read_differently(
    office: Client, body: ManagingBody
) -> None:
    assert "Chưa có trường nào thuộc phạm vi này." in office.get(LIST).content.decode()
    schools.school(managed_by=body)

    assert "Không có trường nào khớp." in office.get(LIST, {"tim": "xyz"}).content.decode()


def test_principal_finds_the_own_school_alone(body: ManagingBody) -> None:
    own, _ = schools.school("Trường Mầm non Hoa Sen", managed_by=body), schools.school()
    client = Client()
    client.force_login(accounts.member(school=own))

    assert _names(client.get(LIST)) == ["Trường Mầm non Hoa Sen"]


def test_queries_are_the_same_with_1_3_and_300_schools(
    office: Client, body: ManagingBody, year: SchoolYear
) -> None:
    form, framework = planning.plan_form(), planning.criteria.framework()
    counts = []
    made = 0
    for wanted in (1, 3, 300):
        for _ in range(wanted - made):
            school = schools.school(managed_by=body)
            planning.plan(school, year=year, form=form, framework=framework)
        made = wanted
        with CaptureQueriesContext(connection) as queries:
            assert _names(office.get(LIST))
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]


# --- one school -------------------------------------------------------------------------------------------


def test_school_page_tells_all_about_it(office: Client, body: ManagingBody) -> None:
    school = schools.school("Trường Mầm non Hoa Sen", parent=body, managed_by=body)
    school.names.update(valid_from=date(2025, 7, 1))
    schools.school_name(school, "Trường Mẫu giáo Hoa Sen", valid_to=date(2025, 6, 30))
    schools.campus(school, "Điểm trường thôn Đoài")
    schools.recognition_decision(school, number="1853/QĐ-SGDĐT")
    planning.plan(school, year=schools.school_year(2024), finished=True)

    page = office.get(f"/truong/{school.pk}/").content.decode()

    for words in [
        "<h1>Trường Mầm non Hoa Sen</h1>",
        "Trường Mẫu giáo Hoa Sen, đến hết 30/06/2025",
        "Điểm trường thôn Đoài",
        "1853/QĐ-SGDĐT",
        "Đạt kiểm định chất lượng giáo dục cấp độ 2",
        "UBND XÃ AN PHÚ",
        "Cơ quan quản lý trực tiếp",
        "2024-2025",
        "Trường đã soạn xong",
    ]:
        assert words in page
    assert "Lập kế hoạch mới" not in page


def test_school_page_leads_to_its_visits_and_to_what_came_of_them(
    office: Client, body: ManagingBody
) -> None:
    school, other = (schools.school(f"Trường Hoa {n}", managed_by=body) for n in ("Mai", "Mai Hai"))
    visit = inspections.inspection(planning.plan(school), body=body)
    inspections.inspection(planning.plan(other), body=body)

    page = office.get(f"/truong/{school.pk}/").content.decode()
    assert f'href="/truong/{school.pk}/kien-nghi/"' in page
    [visits] = re.findall(r'href="([^"]+)">Các buổi kiểm tra<', page)
    page = office.get(visits).content.decode()

    assert re.findall(r'<th scope="row"><a href="([^"]+)"', page) == [f"/kiem-tra/{visit.pk}/"]
    assert "1 buổi kiểm tra" in page
    # the filter keeps the school
    assert f'<input type="hidden" name="truong" value="{school.pk}">' in page


def test_visits_of_a_school_out_of_sight_are_not_found(office: Client, body: ManagingBody) -> None:
    foreign = inspections.inspection(planning.plan(schools.school(managed_by=schools.body())))

    page = office.get(f"/kiem-tra/?truong={foreign.school_id}").content.decode()

    assert "Điều đã chọn không có trong danh sách. Hãy chọn lại." in page
    assert str(foreign.school) not in page


def test_own_school_reads_its_own_words_and_may_begin_a_plan(body: ManagingBody) -> None:
    school = schools.school(managed_by=body)
    planning.plan(school, finished=True)
    client = Client()
    client.force_login(accounts.member(school=school))

    page = client.get(f"/truong/{school.pk}/").content.decode()

    assert "Lập kế hoạch mới" in page
    assert "Đã soạn xong" in page
    assert "Trường đã soạn xong" not in page
    assert "Chưa ghi cơ quan chủ quản" in page


def test_bare_school_says_what_is_missing(office: Client, body: ManagingBody) -> None:
    school = schools.school(managed_by=body)

    page = office.get(f"/truong/{school.pk}/").content.decode()

    assert "Chưa có kế hoạch nào." in page
    assert "Chưa ghi quyết định công nhận nào." in page


@pytest.mark.parametrize("address", ["/truong/0/", f"/truong/{2**63}/", f"/truong/{10**30}/"])
def test_number_that_no_school_has_is_missing(office: Client, address: str) -> None:
    assert office.get(address).status_code == 404
