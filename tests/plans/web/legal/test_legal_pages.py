"""The shelf and the picker: searching, taking a line into the grounds, adding to the school's own shelf."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.legal.lines import official_line
from plans.legal.models import LegalDocument
from plans.planning.models import Plan, PlanText
from tests.factories import accounts, legal, planning, schools

HEAD = {
    "version": 1,
    "kind": "Quyết định",
    "number": "57/QĐ-MNHS",
    "issued_on": "08/9/2025",
    "issuer": "Hiệu trưởng",
    "subject": "về việc kiện toàn Hội đồng tự đánh giá",
    "valid_to": "",
}


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def grounds(plan: Plan) -> str:
    row = PlanText.objects.filter(plan=plan, section="legal_grounds").first()
    return row.body if row else ""


def picker(plan: Plan) -> str:
    return reverse("legal:pick", args=[plan.pk])


# --- the picker -------------------------------------------------------------------------------------------


def test_the_grounds_lead_to_the_picker(web: Client, plan: Plan) -> None:
    page = reverse("planning:section", args=[plan.pk, "grounds"])

    assert f'href="{picker(plan)}"' in text_of(web.get(page))


def test_a_document_is_found_and_taken_with_its_official_line(web: Client, plan: Plan) -> None:
    wanted = legal.document("22/2024/TT-BGDĐT", kind="Thông tư", issuer="Bộ Giáo dục và Đào tạo")
    legal.document("30/2020/NĐ-CP", kind="Nghị định", issuer="Chính phủ")
    planning.plan_text(plan, "legal_grounds", "Văn bản gõ tay.")

    text = text_of(web.get(picker(plan), {"tim": "thong tu giao duc"}))
    assert official_line(wanted) in text
    assert "30/2020/NĐ-CP" not in text
    answer = web.post(picker(plan), {"document": wanted.pk}, follow=True)

    assert grounds(plan) == f"Văn bản gõ tay.\n{official_line(wanted)}"
    assert PlanText.objects.get(plan=plan, section="legal_grounds").version == 2
    assert "Đã có trong căn cứ" in text_of(answer)


def test_a_document_is_not_taken_twice(web: Client, plan: Plan) -> None:
    wanted = legal.document()
    web.post(picker(plan), {"document": wanted.pk})

    answer = web.post(picker(plan), {"document": wanted.pk}, follow=True)

    assert grounds(plan) == official_line(wanted)
    assert f"Căn cứ đã có {wanted}." in text_of(answer)


def test_live_search_answers_with_the_list_alone(web: Client, plan: Plan) -> None:
    legal.document("22/2024/TT-BGDĐT")

    answer = web.get(picker(plan), {"tim": "22/2024"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "<html" not in text_of(answer)
    assert "22/2024/TT-BGDĐT" in text_of(answer)


@pytest.mark.parametrize("words", ["x" * 5000, "\x00", "%_'\"", "️‍"])
def test_any_words_may_be_searched(web: Client, plan: Plan, words: str) -> None:
    assert web.get(picker(plan), {"tim": words}).status_code == 200


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "999999"])
def test_a_document_that_is_not_offered_cannot_be_taken(
    web: Client, plan: Plan, number: str
) -> None:
    assert web.post(picker(plan), {"document": number}).status_code == 404
    assert grounds(plan) == ""


def test_what_is_over_on_the_plans_day_says_so(web: Client, plan: Plan) -> None:
    legal.document("cu", issued_on=date(2018, 8, 22), valid_to=date(2025, 8, 31))
    legal.document("moi", issued_on=date(2018, 8, 22), valid_to=date(2026, 7, 6))

    text = text_of(web.get(picker(plan)))
    assert "Hết hiệu lực sau ngày 31/08/2025" in text
    assert "Hết hiệu lực sau ngày 06/07/2026" not in text


def test_a_school_adds_to_its_own_shelf_and_takes_the_line_at_once(web: Client, plan: Plan) -> None:
    url = reverse("legal:add_for_school", args=[plan.pk])

    web.post(url, HEAD)

    document = LegalDocument.objects.get()
    assert (document.school, document.body) == (plan.school, None)
    assert grounds(plan) == (
        "Quyết định số 57/QĐ-MNHS ngày 08 tháng 9 năm 2025 của Hiệu trưởng về việc kiện toàn Hội đồng tự đánh giá;"
    )


@pytest.mark.parametrize(
    "wrong", [{"issued_on": "31/2/2025"}, {"number": ""}, {"subject": "x" * 1001}]
)
def test_a_refused_document_keeps_what_was_typed(
    web: Client, plan: Plan, wrong: dict[str, str]
) -> None:
    answer = web.post(reverse("legal:add_for_school", args=[plan.pk]), HEAD | wrong)

    assert answer.status_code == 422
    assert 'value="Quyết định"' in text_of(answer)
    assert not LegalDocument.objects.exists()


def test_a_plan_that_is_finished_takes_nothing(web: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at="2025-09-30T00:00+07:00")

    assert web.post(picker(plan), {"document": legal.document().pk}).status_code == 403
    assert grounds(plan) == ""


# --- the shelf --------------------------------------------------------------------------------------------


@pytest.fixture
def office(plan: Plan) -> Client:
    """A browser in which an officer of the kindergarten's commune is logged in."""
    body = plan.school.body_links.get().body
    client = Client()
    client.force_login(accounts.member(Role.OFFICER, body=body))
    return client


def test_an_office_adds_and_ends_a_document_for_its_schools(
    office: Client, web: Client, plan: Plan
) -> None:
    body = plan.school.body_links.get().body
    add = reverse("legal:add")

    office.post(add, HEAD | {"place": f"body-{body.pk}"})
    document = LegalDocument.objects.get()
    assert (document.body, document.school) == (body, None)
    assert "57/QĐ-MNHS" in text_of(web.get(picker(plan)))

    page = reverse("legal:document", args=[document.pk])
    office.post(page, HEAD | {"valid_to": "31/8/2026"})
    assert "Hết hiệu lực sau ngày" in text_of(office.get(reverse("legal:shelf")))
    assert web.post(page, HEAD).status_code == 403


@pytest.mark.parametrize("place", ["all", "body-0", "school-1", ""])
def test_an_office_puts_nothing_on_a_shelf_that_is_not_its_own(office: Client, place: str) -> None:
    answer = office.post(reverse("legal:add"), HEAD | {"place": place})

    assert answer.status_code == 422
    assert not LegalDocument.objects.exists()


def test_a_number_that_stands_there_is_said_at_its_field(office: Client, plan: Plan) -> None:
    body = plan.school.body_links.get().body
    data = HEAD | {"place": f"body-{body.pk}"}
    office.post(reverse("legal:add"), data)

    answer = office.post(reverse("legal:add"), data)

    assert answer.status_code == 422
    assert "Số, ký hiệu: Văn bản mang số này đã có trong tủ." in text_of(answer)


def test_a_second_editor_is_told_and_may_save_after_that(office: Client, plan: Plan) -> None:
    document = legal.document(body=plan.school.body_links.get().body)
    LegalDocument.objects.update(version=2)
    page = reverse("legal:document", args=[document.pk])

    answer = office.post(page, HEAD)

    assert answer.status_code == 422
    assert "vừa được người khác sửa" in text_of(answer)
    assert 'name="version" value="2"' in text_of(answer)


def test_pages_take_as_many_queries_for_one_document_as_for_many(
    web: Client, office: Client, plan: Plan
) -> None:
    def queries() -> list[int]:
        counts = []
        for client, page in ((office, reverse("legal:shelf")), (web, picker(plan))):
            client.get(page)
            with CaptureQueriesContext(connection) as told:
                client.get(page)
            counts.append(len(told))
        return counts

    def add_three() -> None:
        body = plan.school.body_links.get().body
        for shelf in ({"body": body}, {"school": plan.school}, {}):
            legal.document(**shelf)  # type: ignore[arg-type]

    add_three()
    few = queries()
    add_three()
    add_three()

    assert queries() == few


def test_a_province_is_offered_the_bodies_below_it(db: None) -> None:
    province = schools.body("Sở")
    commune = schools.body("UBND xã Đông", parent=province)
    client = Client()
    user: User = accounts.member(Role.BODY_LEAD, body=province)
    client.force_login(user)

    text = text_of(client.get(reverse("legal:add")))

    assert f'value="body-{province.pk}"' in text
    assert f'value="body-{commune.pk}"' in text
