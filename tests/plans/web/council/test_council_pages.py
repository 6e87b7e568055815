"""The council's pages: adding, editing, order, removal, last year's list, and what the rules say."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.council.models import CouncilMember
from plans.planning.models import Plan
from plans.schools.models import School
from tests.factories import accounts, council, schools

TYPED = {
    "version": 1,
    "team": "council",
    "part": "chair",
    "full_name": "Lê Thị Mẫu Đơn",
    "position": "Hiệu trưởng",
    "duty": "chỉ đạo chung",
    "user": "",
}


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def page_of(school: School, year: int = 2025) -> str:
    return reverse("council:year", args=[school.pk, year])


def url(name: str, member: CouncilMember) -> str:
    args = [member.school_id, member.school_year.start_year, member.pk]
    return reverse(f"council:{name}", args=args)


def names(school: School, year: int = 2025) -> list[str]:
    rows = CouncilMember.objects.of(school, schools.school_year(year))
    return [row.full_name for row in rows]


def test_a_plan_leads_to_the_council_of_its_year(web: Client, plan: Plan) -> None:
    page = reverse("planning:section", args=[plan.pk, "purpose"])

    assert f'href="{page_of(plan.school)}"' in text_of(web.get(page))


def test_a_member_is_added_and_the_rules_are_told(web: Client, plan: Plan, principal: User) -> None:
    answer = web.post(page_of(plan.school), TYPED | {"user": principal.pk}, follow=True)

    member = CouncilMember.objects.get()
    assert (member.full_name, member.part, member.user) == ("Lê Thị Mẫu Đơn", "chair", principal)
    text = text_of(answer)
    assert "ít nhất 7 thành viên" in text
    assert "Cần ít nhất 7 thành viên, mới có 1." in text
    assert "Chưa có thư ký." in text
    assert "Chưa có chủ tịch" not in text


def test_an_empty_council_is_not_reproached_rule_by_rule(web: Client, plan: Plan) -> None:
    text = text_of(web.get(page_of(plan.school)))

    assert text.count("Chưa ghi ai.") == 2
    assert "Chưa có thư ký." not in text
    assert "đang có 0" not in text


def test_the_years_around_the_opened_one_are_offered(web: Client, plan: Plan) -> None:
    for start in range(2021, 2028):
        schools.school_year(start)

    text = text_of(web.get(page_of(plan.school)))

    offered = [year for year in range(2021, 2028) if f'href="{page_of(plan.school, year)}"' in text]
    assert offered == [2023, 2024, 2025, 2026]


def test_a_council_that_fits_says_so(web: Client, plan: Plan) -> None:
    schools.school_year(2026)
    for part in ("chair", "secretary", "member", "member", "member"):
        council.member(plan.school, year=schools.school_year(2026), part=part)

    assert "Đúng quy định về số người và vai trò." in text_of(web.get(page_of(plan.school, 2026)))


@pytest.mark.parametrize(
    "wrong",
    [{"full_name": " "}, {"part": "king"}, {"team": ""}, {"user": "0"}, {"duty": "x" * 501}],
)
def test_a_refused_member_keeps_what_was_typed(
    web: Client, plan: Plan, wrong: dict[str, str]
) -> None:
    answer = web.post(page_of(plan.school), TYPED | wrong)

    assert answer.status_code == 422
    assert 'value="Hiệu trưởng"' in text_of(answer)
    assert not CouncilMember.objects.exists()


def test_a_member_is_edited(web: Client, plan: Plan) -> None:
    member = council.member(plan.school)

    answer = web.post(url("member", member), TYPED)

    assert answer["Location"] == page_of(plan.school)
    assert names(plan.school) == ["Lê Thị Mẫu Đơn"]


def test_a_second_editor_is_told_and_may_save_after_that(web: Client, plan: Plan) -> None:
    member = council.member(plan.school, full_name="A")
    CouncilMember.objects.update(version=5)

    answer = web.post(url("member", member), TYPED)

    assert answer.status_code == 422
    assert "vừa được người khác sửa" in text_of(answer)
    assert 'name="version" value="5"' in text_of(answer)
    assert names(plan.school) == ["A"]
    assert web.post(url("member", member), TYPED | {"version": 5}).status_code == 302


def test_members_move_go_and_come_back(web: Client, plan: Plan) -> None:
    council.member(plan.school, full_name="A")
    second = council.member(plan.school, full_name="B")

    web.post(url("move", second), {"up": "1"})
    assert names(plan.school) == ["B", "A"]
    gone = web.post(url("remove", second), follow=True)
    assert names(plan.school) == ["A"]
    assert url("restore", second) in text_of(gone)
    web.post(url("restore", second))

    assert names(plan.school) == ["B", "A"]


def test_last_years_list_is_offered_and_copied(web: Client, plan: Plan) -> None:
    schools.school_year(2026)
    council.member(plan.school, full_name="A")
    copy = reverse("council:copy", args=[plan.school_id, 2026])
    assert copy in text_of(web.get(page_of(plan.school, 2026)))

    web.post(copy)
    again = web.post(copy, follow=True)

    assert names(plan.school, 2026) == ["A"]
    assert "Không chép" in text_of(again)
    assert copy not in text_of(again)


def test_a_member_of_another_year_or_school_is_not_found(web: Client, plan: Plan) -> None:
    schools.school_year(2026)
    member = council.member(plan.school)
    stranger = council.member(schools.school(), full_name="Người trường khác")

    for school, year, pk in [
        (plan.school_id, 2026, member.pk),
        (plan.school_id, 2025, stranger.pk),
        (plan.school_id, 2025, 10**30),
        (plan.school_id, 1999, member.pk),
        (plan.school_id, 10**12, member.pk),
    ]:
        page = reverse("council:member", args=[school, year, pk])
        assert web.get(page).status_code == 404
        assert web.post(page, TYPED).status_code == 404


def test_who_only_reads_sees_the_list_and_no_button(plan: Plan) -> None:
    council.member(plan.school, full_name="Lê Thị Mẫu Đơn")
    client = Client()
    client.force_login(accounts.member(Role.STAFF, school=plan.school))

    text = text_of(client.get(page_of(plan.school)))

    assert "Lê Thị Mẫu Đơn" in text
    assert "Thêm thành viên" not in text
    assert client.post(page_of(plan.school), TYPED).status_code == 403


def test_page_takes_as_many_queries_for_one_member_as_for_many(web: Client, plan: Plan) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            web.get(page_of(plan.school))
        return len(told)

    council.member(plan.school)
    web.get(page_of(plan.school))
    few = queries()
    for team in ("council", "monitoring", "council"):
        council.member(plan.school, team=team)

    assert queries() == few
