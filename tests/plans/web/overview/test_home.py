"""Việc cần làm: what each role is told to do next, from how far the plan is."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from criteria.enums import Verification
from plans.accounts.roles import Role
from plans.overview.queries import NO_PLAN, STATES, state_table
from plans.planning.models import Plan, PlanText
from plans.schools.models import School, SchoolYear
from plans.web.overview.tasks import day_words
from tests.factories import accounts, criteria, planning, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> SchoolYear:
    today = timezone.localdate()
    return schools.school_year(today.year if today >= date(today.year, 9, 5) else today.year - 1)


@pytest.fixture
def school() -> School:
    return schools.school("Trường Mầm non Hoa Sen", managed_by=schools.body("UBND xã An Phú"))


def _page(user: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def _fill(plan: Plan) -> None:
    """Write something into every part that the small form wants."""
    for key in ("purpose", "grounds", "recipients"):
        PlanText.objects.create(plan=plan, section=key, body="- Như mẫu;")
    for criterion in criteria.Criterion.objects.of(plan.framework):
        planning.result(plan, criterion)
    planning.action(plan)
    Plan.objects.filter(pk=plan.pk).update(signer_name="Lê Thị Mẫu Đơn")


LEADERS = [Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.COUNCIL_SECRETARY]
OTHERS = [Role.COUNCIL_MEMBER, Role.STAFF, Role.CLERK]


@pytest.mark.parametrize("role", LEADERS)
def test_without_a_plan_leaders_are_told_to_begin_one(
    role: Role, school: School, year: SchoolYear
) -> None:
    page = _page(accounts.member(role, school=school))

    assert f"Lập kế hoạch năm học {year.label}" in page
    assert f'href="/truong/{school.pk}/ke-hoach/moi/"' in page


@pytest.mark.parametrize("role", OTHERS)
def test_without_a_plan_others_have_nothing_to_do(
    role: Role, school: School, year: SchoolYear
) -> None:
    page = _page(accounts.member(role, school=school))

    assert "Hiện chưa có việc nào dành cho thầy cô." in page
    assert "/ke-hoach/moi/" not in page


@pytest.mark.parametrize("role", [*LEADERS, Role.COUNCIL_MEMBER])
def test_draft_leads_to_each_place_that_lacks_something(
    role: Role, school: School, year: SchoolYear
) -> None:
    plan = planning.plan(school, year=year)
    planning.plan_text(plan, "purpose")

    page = _page(accounts.member(role, school=school))

    assert f'href="/ke-hoach/{plan.pk}/muc/grounds/#chu-grounds"' in page
    assert "Viết mục II. Căn cứ xây dựng kế hoạch" in page
    assert "Mục đích, yêu cầu" not in page
    assert "<dt>Chỗ còn thiếu</dt>" in page


@pytest.mark.parametrize("role", [Role.STAFF, Role.CLERK])
def test_draft_gives_readers_no_task_but_a_way_in(
    role: Role, school: School, year: SchoolYear
) -> None:
    plan = planning.plan(school, year=year)

    page = _page(accounts.member(role, school=school))

    assert "Kế hoạch đang được soạn" in page
    assert f'href="/ke-hoach/{plan.pk}/"' in page


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMIN}])
def test_full_draft_asks_those_who_lead_it_to_close_it(
    role: Role, school: School, year: SchoolYear
) -> None:
    plan = planning.plan(school, year=year)
    _fill(plan)
    body = school.body_links.get().body
    of_body = role in {Role.OFFICER, Role.BODY_LEAD}
    user = accounts.member(role, school=None if of_body else school, body=body if of_body else None)

    page = _page(user)

    assert ("bấm “Soạn xong” kế hoạch năm học" in page) is (role in LEADERS)
    if role in OTHERS:
        assert "đang chờ người phụ trách bấm “Soạn xong”" in page


def test_finished_plan_is_to_be_printed_and_signed(school: School, year: SchoolYear) -> None:
    plan = planning.plan(school, year=year, finished=True)

    page = _page(accounts.member(Role.CLERK, school=school))

    assert f"In và trình ký kế hoạch năm học {year.label}" in page
    assert f'href="/ke-hoach/{plan.pk}/ban-in/"' in page


def test_plan_of_another_year_does_not_count(school: School, year: SchoolYear) -> None:
    planning.plan(school, year=schools.school_year(year.start_year - 1))

    assert f"Lập kế hoạch năm học {year.label}" in _page(accounts.member(school=school))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.BODY_LEAD, Role.ADMIN])
def test_office_sees_counts_that_are_links(role: Role, school: School, year: SchoolYear) -> None:
    body = school.body_links.get().body
    drafting, done = (schools.school(managed_by=body) for _ in range(2))
    planning.plan(drafting, year=year)
    planning.plan(done, year=year, finished=True)
    user = accounts.member(role, body=None if role is Role.ADMIN else body)

    page = _page(user)

    for words, state in [
        ("1 trường chưa lập kế hoạch", "none"),
        ("1 trường đang soạn kế hoạch", "draft"),
        ("1 trường đã soạn xong kế hoạch", "finished"),
    ]:
        href = f"/truong/?nam={year.start_year}&amp;trang_thai={state}"
        assert f'<a href="{href}">{words}</a>' in page
    assert "1 trên 3 trường" in page


def test_draft_of_another_year_is_not_forgotten(school: School, year: SchoolYear) -> None:
    plan = planning.plan(school, year=schools.school_year(year.start_year - 1))

    page = _page(accounts.member(Role.COUNCIL_MEMBER, school=school))

    assert f"Viết tiếp kế hoạch năm học {plan.school_year.label}" in page
    assert "Viết tiếp" not in _page(accounts.member(Role.STAFF, school=school))


def test_office_counts_its_own_schools_only(school: School, year: SchoolYear) -> None:
    schools.school(managed_by=schools.body())

    page = _page(accounts.member(Role.OFFICER, body=school.body_links.get().body))

    assert "1 trường chưa lập" in page


def test_person_of_two_places_sees_both(school: School, year: SchoolYear) -> None:
    user = accounts.member(Role.OFFICER, body=schools.body("Sở Giáo dục và Đào tạo"))
    accounts.membership(user, school=school)

    page = _page(user)

    assert "Trường Mầm non Hoa Sen</h2>" in page
    assert "Sở Giáo dục và Đào tạo</h2>" in page
    assert "Chưa có trường nào thuộc phạm vi này." in page


def test_empty_pages_say_what_is_missing(school: School) -> None:
    assert "chưa có vai trò nào đang hiệu lực" in _page(accounts.user())
    assert "Chưa khai báo năm học nào." in _page(accounts.member(school=school))
    assert "Chưa khai báo năm học nào." in _page(accounts.member(Role.ADMIN))


def test_queries_do_not_grow_with_what_a_plan_holds(
    school: School, year: SchoolYear, client: Client
) -> None:
    client.force_login(accounts.member(school=school))
    plan = planning.plan(school, year=year)
    planning.action(plan)
    client.get("/")  # the framework's tree is kept in the process
    counts = []
    for more in (0, 10):
        for _ in range(more):
            planning.action(plan)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_weekday_is_said_in_words() -> None:
    assert day_words(date(2025, 10, 15)) == "thứ Tư, ngày 15/10/2025"
    assert day_words(date(2025, 10, 19)) == "Chủ nhật, ngày 19/10/2025"


def test_table_counts_each_school_once_and_shades_by_thirds(year: SchoolYear) -> None:
    for _ in range(3):
        schools.school()
    planning.plan(School.objects.order_by("pk")[0], year=year)

    table = state_table(School.objects.all(), year)

    assert [(row.label, row.total) for row in table.rows] == [("Mầm non", 3)]
    assert table.totals == dict.fromkeys(STATES, 0) | {NO_PLAN: 2, "draft": 1}
    assert [cell.heat for cell in table.rows[0].cells][:3] == [3, 2, 0]


# --- pages beside it --------------------------------------------------------------------------------------


def test_catalogue_tells_how_far_each_framework_was_checked(client: Client) -> None:
    criteria.framework(name="Quy định thử", verification=Verification.INFERRED)
    client.force_login(accounts.member(Role.ADMIN))

    page = client.get("/bo-tieu-chuan/").content.decode()

    assert "Quy định thử" in page
    assert "Suy luận, cần đối chiếu" in page
    assert "Trường mầm non" in page


def test_empty_catalogue_says_what_to_do(client: Client) -> None:
    client.force_login(accounts.member(Role.ADMIN))

    assert "Chưa nạp bộ tiêu chuẩn nào." in client.get("/bo-tieu-chuan/").content.decode()


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.PRINCIPAL, ["Việc cần làm", "Kế hoạch", "Nhà trường", "Kiểm tra tại trường"]),
        (
            Role.OFFICER,
            ["Việc cần làm", "Các trường", "Đợt nộp", "Kiểm tra tại trường", "Tủ văn bản"],
        ),
        (
            Role.BODY_LEAD,
            [
                "Việc cần làm",
                "Các trường",
                "Đợt nộp",
                "Kiểm tra tại trường",
                "Tủ văn bản",
                "Mẫu và thể thức",
            ],
        ),
        (
            Role.ADMIN,
            [
                "Việc cần làm",
                "Các trường",
                "Kiểm tra tại trường",
                "Tủ văn bản",
                "Mẫu và thể thức",
                "Bộ tiêu chuẩn",
            ],
        ),
    ],
)
def test_menu_holds_what_the_role_may_open(role: Role, labels: list[str], school: School) -> None:
    body = school.body_links.get().body if role in {Role.OFFICER, Role.BODY_LEAD} else None
    user = accounts.member(role, school=school if role is Role.PRINCIPAL else None, body=body)
    client = Client()
    client.force_login(user)

    nav = client.get("/").context["nav"]

    assert [item.label for item in nav] == labels
    assert [item.current for item in nav] == [True] + [False] * (len(labels) - 1)
    assert all(client.get(item.url).status_code == 200 for item in nav)
