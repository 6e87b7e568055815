"""The pages of forms: copying one, changing the copy, trying it on paper, putting it in force."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from criteria.enums import SchoolKind
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.formats import actions
from plans.formats.form_copies import edited
from plans.history.models import Event
from plans.planning.form_loader import load_all
from plans.planning.models import FormInForce, Plan, PlanForm
from plans.schools.models import ManagingBody
from plans.web.formats.forms import DraftForm
from tests.factories import accounts, criteria, formats, planning, schools
from tests.plans.documents.reading import page_texts

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def body() -> ManagingBody:
    return schools.body("UBND xã Đông")


@pytest.fixture
def client_of_lead(body: ManagingBody) -> Client:
    return signed_in(accounts.member(Role.BODY_LEAD, body=body, full_name="Lê Thị Sim"))


def draft_of(body: ManagingBody, form: PlanForm | None = None) -> PlanForm:
    return actions.copy_form(form=form or planning.plan_form(), body=body, by=accounts.user())


def typed(draft: PlanForm, **changed: Any) -> dict[str, Any]:
    """Return what the page of a draft sends, with `changed` typed over it ("-" written as "__")."""
    form = DraftForm(draft=draft)
    sent = {name: form[name].value() for name in form.fields}
    sent |= {name.replace("__", "-"): value for name, value in changed.items()}
    return {name: value for name, value in sent.items() if value is not False}


def edit_page(draft: PlanForm) -> str:
    return reverse("formats:form_edit", args=[draft.pk])


def test_copying_opens_a_draft_of_ones_body(client_of_lead: Client, body: ManagingBody) -> None:
    form = planning.plan_form()

    answer = client_of_lead.post(reverse("formats:form_copy", args=[form.pk]))

    draft = PlanForm.objects.get(is_draft=True)
    assert answer.headers["Location"] == edit_page(draft)
    assert (draft.body, draft.based_on) == (body, form)


def test_words_in_braces_are_explained(client_of_lead: Client, body: ManagingBody) -> None:
    page = client_of_lead.get(edit_page(draft_of(body))).content.decode()

    assert "<code>{school_year}</code>: năm học của kế hoạch" in page


@pytest.mark.parametrize("code", ["KH-2018", "KH-57-2026"])
def test_page_sent_back_as_it_came_changes_nothing(
    client_of_lead: Client, body: ManagingBody, code: str
) -> None:
    load_all()
    draft = draft_of(body, PlanForm.objects.get(code=code))

    answer = client_of_lead.post(edit_page(draft), typed(draft))

    now = PlanForm.objects.get(pk=draft.pk)
    assert answer.status_code == 302
    assert (now.data, now.version) == (draft.data, 1)


def test_everything_typed_on_the_page_is_saved(client_of_lead: Client, body: ManagingBody) -> None:
    draft = draft_of(body)

    client_of_lead.post(
        edit_page(draft),
        typed(
            draft,
            title="Mẫu của xã Đông",
            kind_lines="KẾ HOẠCH\r\n\r\nCẢI TIẾN",
            purpose__title="Mục tiêu",
            grounds__off="on",
            actions__measures__title="Việc phải làm",
            actions__measures__width="0,5",
            actions__done__off="on",
        ),
    )

    now = PlanForm.objects.get(pk=draft.pk)
    table = now.spec.actions()
    assert table is not None
    assert (now.title, now.spec.kind_lines) == ("Mẫu của xã Đông", ("KẾ HOẠCH", "CẢI TIẾN"))
    assert [section.name for section in now.spec.sections][:2] == [
        "Mục tiêu",
        "Kết quả theo tiêu chí",
    ]
    assert [(c.title, c.width) for c in table.columns][2:] == [
        ("Việc phải làm", 0.5),
        ("Chủ trì", 0.25),
    ]


def test_moving_a_section_saves_the_page_as_well(
    client_of_lead: Client, body: ManagingBody
) -> None:
    draft = draft_of(body)

    client_of_lead.post(edit_page(draft), typed(draft, purpose__title="Mục tiêu", up="grounds"))

    sections = PlanForm.objects.get(pk=draft.pk).spec.sections
    assert [section.name for section in sections][:2] == ["Căn cứ xây dựng kế hoạch", "Mục tiêu"]


def test_moving_a_column_saves_the_page_as_well(client_of_lead: Client, body: ManagingBody) -> None:
    draft = draft_of(body)
    page = client_of_lead.get(edit_page(draft)).content.decode()

    client_of_lead.post(
        edit_page(draft), typed(draft, purpose__title="Mục tiêu", down="actions-criterion")
    )

    spec = PlanForm.objects.get(pk=draft.pk).spec
    table = spec.actions()
    assert table is not None
    assert [column.key for column in table.columns][:3] == ["index", "measures", "criterion"]
    assert spec.sections[0].name == "Mục tiêu"
    assert 'name="down" value="actions-criterion"' in page
    assert 'value="actions-index"' not in page
    assert 'name="up" value="actions-criterion"' not in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"actions__measures__off": "on"}, "cột “Công việc” có ô phải ghi nên không tắt được"),
        ({"actions__measures__width": "rộng"}, "Hãy ghi một số"),
        ({"actions__measures__width": "-1"}, "phải lớn hơn 0"),
        ({"purpose__title": ""}, "mục không có tên"),
        ({"purpose__title": "x" * 1001}, "tối đa 1000"),
        ({"title": ""}, "Hãy ghi tên mẫu"),
        ({"kind_lines": ""}, "Tên loại văn bản: không được để trống"),
        ({"version": "x"}, "Lỗi"),
    ],
)
def test_page_that_is_refused_says_why_and_keeps_what_was_typed(
    client_of_lead: Client, body: ManagingBody, changed: dict[str, str], words: str
) -> None:
    draft = draft_of(body)

    answer = client_of_lead.post(
        edit_page(draft), typed(draft, recipients__label="Gửi ai", **changed)
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Gửi ai" in page
    assert PlanForm.objects.get(pk=draft.pk).data == draft.data


def test_two_people_at_one_draft_both_keep_their_words(
    client_of_lead: Client, body: ManagingBody
) -> None:
    draft = draft_of(body)
    sent = typed(draft, purpose__title="Của người sau")
    client_of_lead.post(edit_page(draft), typed(draft, purpose__title="Của người trước"))

    refused = client_of_lead.post(edit_page(draft), sent)

    page = refused.content.decode()
    stored = PlanForm.objects.get(pk=draft.pk)
    assert (refused.status_code, stored.spec.sections[0].title) == (409, "Của người trước")
    assert "Lê Thị Sim đã lưu trước" in page
    assert "Của quý vị: “Của người sau”. Đang lưu: “Của người trước”." in page
    assert Event.objects.filter(action="conflict.refused").count() == 1

    client_of_lead.post(edit_page(draft), sent | {"version": stored.version})

    assert PlanForm.objects.get(pk=draft.pk).spec.sections[0].title == "Của người sau"


@pytest.mark.slow
def test_trial_print_shows_the_draft_and_writes_nothing(
    client_of_lead: Client, body: ManagingBody
) -> None:
    criteria.framework(kind=SchoolKind.PRIMARY)
    schools.school_year(timezone.localdate().year - 1)
    draft = draft_of(body)
    client_of_lead.post(
        edit_page(draft), typed(draft, purpose__title="Mục tiêu thử", grounds__off="on")
    )
    before = Event.objects.count()

    answer = client_of_lead.get(reverse("formats:form_preview", args=[draft.pk]))

    words = " ".join(page_texts(answer.content))
    assert ("BẢN XEM THỬ" in words, "MỤC TIÊU THỬ" in words) == (True, True)
    assert "CĂN CỨ XÂY DỰNG" not in words
    assert (Plan.objects.count(), Event.objects.count()) == (0, before)


@pytest.mark.slow
def test_trial_print_is_of_a_year_that_the_form_is_made_for(
    client_of_lead: Client, body: ManagingBody
) -> None:
    criteria.framework(kind=SchoolKind.PRIMARY)
    now = timezone.localdate().year
    for year in (2019, now - 1):
        schools.school_year(year)
    house = planning.plan_form()
    PlanForm.objects.filter(pk=house.pk).update(last_year=2020)

    answer = client_of_lead.get(reverse("formats:form_preview", args=[house.pk]))

    assert "Năm học 2019-2020" in " ".join(page_texts(answer.content)[0].split())


def test_trial_on_screen_shows_the_draft_in_the_layout_of_its_body(
    client_of_lead: Client, body: ManagingBody
) -> None:
    criteria.framework(kind=SchoolKind.PRIMARY)
    schools.school_year(2024)
    draft = draft_of(body)
    actions.change_draft(
        form=draft,
        title=draft.title,
        data=edited(draft.data, {("purpose", "title"): "Mục tiêu thử", ("grounds", "off"): True}),
        version=1,
        by=accounts.user(),
    )
    layout = formats.layout(body, table_text_size=12)

    answer = client_of_lead.get(reverse("formats:form_screen", args=[draft.pk]))

    page = answer.content.decode()
    assert ("BẢN XEM THỬ" in page, "MỤC TIÊU THỬ" in page) == (True, True)
    assert "CĂN CỨ XÂY DỰNG" not in page
    assert f"ban-in.css?the_thuc={layout.pk}" in page
    assert Plan.objects.count() == 0


@pytest.mark.parametrize("page", ["form_preview", "form_screen"])
def test_trial_print_without_a_school_year_says_so(
    client_of_lead: Client, body: ManagingBody, page: str
) -> None:
    draft = draft_of(body)

    answer = client_of_lead.get(reverse(f"formats:{page}", args=[draft.pk]), follow=True)

    assert "chưa có năm học" in answer.content.decode()


def test_form_put_in_force_is_what_a_new_plan_takes(
    client_of_lead: Client, body: ManagingBody
) -> None:
    criteria.framework()
    year = schools.school_year(2025)
    school = schools.school(managed_by=body)
    draft = draft_of(body)
    put = reverse("formats:form_put", args=[draft.pk])

    answer = client_of_lead.post(put, {"body": body.pk, "valid_from": "01/08/2025"})
    principal = signed_in(accounts.member(school=school))
    add = reverse("planning:add", args=[school.pk])
    principal.post(add, {"school_year": year.pk, "form": ""})

    assert answer.status_code == 302
    assert Plan.objects.get().form == draft
    assert client_of_lead.get(edit_page(draft)).status_code == 403


def test_taking_another_form_than_ones_body_has_put_in_force_is_said(body: ManagingBody) -> None:
    criteria.framework()
    year, school = schools.school_year(2025), schools.school(managed_by=body)
    house = planning.plan_form(title="Mẫu của chương trình")
    own = draft_of(body, house)
    PlanForm.objects.filter(pk=own.pk).update(title="Mẫu của xã")
    actions.put_in_force(form=own, body=body, valid_from=year.starts_on, by=accounts.user())
    principal = signed_in(accounts.member(school=school))

    answer = principal.post(
        reverse("planning:add", args=[school.pk]),
        {"school_year": year.pk, "form": house.pk},
        follow=True,
    )

    assert Plan.objects.get().form == house
    assert [str(message) for message in answer.context["messages"]] == [
        "Cơ quan quản lý đang áp dụng mẫu “Mẫu của xã” cho năm học 2025-2026; kế hoạch này được lập theo mẫu "
        "“Mẫu của chương trình”. Thầy cô hỏi cơ quan quản lý trước khi trình."
    ]


def test_taking_the_form_of_ones_body_needs_no_word(body: ManagingBody) -> None:
    criteria.framework()
    year, school = schools.school_year(2025), schools.school(managed_by=body)
    own = draft_of(body)
    actions.put_in_force(form=own, body=body, valid_from=year.starts_on, by=accounts.user())

    answer = signed_in(accounts.member(school=school)).post(
        reverse("planning:add", args=[school.pk]),
        {"school_year": year.pk, "form": ""},
        follow=True,
    )

    assert Plan.objects.get().form == own
    assert list(answer.context["messages"]) == []


def test_plan_cannot_take_a_form_that_holds_later(
    client_of_lead: Client, body: ManagingBody
) -> None:
    year = schools.school_year(2025)
    school = schools.school(managed_by=body)
    draft = draft_of(body)
    put = reverse("formats:form_put", args=[draft.pk])
    client_of_lead.post(put, {"body": body.pk, "valid_from": "01/08/2026"})

    principal = signed_in(accounts.member(school=school))
    add = reverse("planning:add", args=[school.pk])
    answer = principal.post(add, {"school_year": year.pk, "form": draft.pk})

    assert (answer.status_code, Plan.objects.count()) == (422, 0)
    assert "chưa áp dụng cho năm học đã chọn" in answer.content.decode()


def test_lead_puts_nothing_in_force_for_others(client_of_lead: Client, body: ManagingBody) -> None:
    draft = draft_of(body)
    put = reverse("formats:form_put", args=[draft.pk])

    answers = [
        client_of_lead.post(put, {"body": other, "valid_from": "01/08/2025"})
        for other in ("", schools.body().pk)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not FormInForce.objects.exists()


def test_draft_can_be_dropped(client_of_lead: Client, body: ManagingBody) -> None:
    draft = draft_of(body)

    client_of_lead.post(reverse("formats:form_drop", args=[draft.pk]))

    assert not PlanForm.objects.filter(pk=draft.pk).exists()


def test_list_asks_as_often_for_three_forms_as_for_one(
    client_of_lead: Client, body: ManagingBody, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = reverse("formats:forms")
    house = planning.plan_form(title="Mẫu của nhà")
    other = draft_of(schools.body("UBND xã Tây"), house)
    first = draft_of(body, house)
    day = timezone.localdate()
    actions.put_in_force(form=first, body=body, valid_from=day, by=accounts.user())
    client_of_lead.get(page)

    with django_assert_num_queries(6):
        client_of_lead.get(page)
    for _ in range(2):
        more = draft_of(body, house)
        actions.put_in_force(form=more, body=body, valid_from=day, by=accounts.user())
    with django_assert_num_queries(6):
        shown = client_of_lead.get(page).content.decode()

    assert (shown.count("UBND xã Đông, từ ngày"), "UBND xã Tây" in shown) == (3, False)
    assert reverse("formats:form", args=[other.pk]) not in shown
