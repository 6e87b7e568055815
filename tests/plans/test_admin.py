"""The back office: what is changed there is recorded, what is read-only stays so."""

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.accounts.models import LoginSession, User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.planning.models import FormInForce, Plan, PlanAction
from plans.planning.readings import read_anew
from plans.schools.models import School, SchoolCalendar
from plans.together.actions import assign_part, write_comment
from tests.factories import (
    accounts,
    assessment,
    council,
    criteria,
    formats,
    legal,
    planning,
    schools,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    User.objects.create_superuser("van-phong", accounts.PASSWORD)
    client = Client()
    client.force_login(User.objects.get())
    return client


def _form(client: Client, page: str) -> dict[str, Any]:
    """Return what the page's form would post unchanged."""
    answer = client.get(page)
    context = answer.context
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def _page(row: Any, verb: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{verb}", args=[row.pk])


def test_password_given_here_must_be_changed(office: Client) -> None:
    user = accounts.user("mai.lan")

    office.post(_page(user), _form(office, _page(user)) | {"new_password": "tạm thời thôi nhé"})

    user.refresh_from_db()
    assert user.must_change_password
    assert user.check_password("tạm thời thôi nhé")


def test_weak_password_is_refused_here_too(office: Client) -> None:
    user = accounts.user("mai.lan")

    page = office.post(_page(user), _form(office, _page(user)) | {"new_password": "abc"})

    assert "quá ngắn" in page.content.decode()
    user.refresh_from_db()
    assert not user.must_change_password


def test_closing_an_account_here_ends_its_sessions_and_is_recorded(office: Client) -> None:
    user = accounts.user("mai.lan")
    client = Client()
    client.force_login(user)
    data = _form(office, _page(user))
    data.pop("is_active")

    office.post(_page(user), data)

    assert client.get("/tai-khoan/").status_code == 302
    event = Event.objects.about(user).get(action="backoffice.change")
    assert event.before == {"is_active": "True"}
    assert event.actor_name == "van-phong"


def test_role_given_here_is_recorded(office: Client) -> None:
    user, school = accounts.user("mai.lan"), schools.school()
    data = _form(office, _page(user)) | {
        "memberships-TOTAL_FORMS": 1,
        "memberships-0-user": user.pk,
        "memberships-0-school": school.pk,
        "memberships-0-role": Role.CLERK.value,
    }

    answer = office.post(_page(user), data)

    assert answer.status_code == 302
    assert user.memberships.get().school == school
    assert Event.objects.filter(action="backoffice.add", subject_type="membership").count() == 1


def test_school_renamed_here_is_found_by_its_new_name(office: Client) -> None:
    school = schools.school("Trường Mầm non Hoa Sen")
    data = _form(office, _page(school)) | {"names-0-name": "Trường Mầm non Hướng Dương"}

    answer = office.post(_page(school), data)

    assert answer.status_code == 302
    assert School.objects.matching("huong duong").get() == school


def test_every_form_of_the_office_opens(office: Client) -> None:
    school = schools.school(parent=schools.body())
    rows = [school, school.body_links.get().body, planning.plan(school), accounts.user()]
    rows += [LoginSession.objects.create(user=rows[-1], session_key="s" * 32)]

    for row in rows:
        assert office.get(_page(row)).status_code == 200
    for model, model_admin in admin.site._registry.items():
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert office.get(page).status_code == 200
        assert office.get(page, {"q": "x"}).status_code in {200, 302}
        assert model_admin


def test_sessions_key_is_shown_to_nobody(office: Client) -> None:
    session = LoginSession.objects.create(user=accounts.user(), session_key="bimatbimat")

    for page in (_page(session), reverse("admin:plans_loginsession_changelist")):
        assert "bimatbimat" not in office.get(page).content.decode()


@pytest.mark.parametrize("verb", ["change", "delete"])
def test_what_is_read_only_cannot_be_posted(office: Client, verb: str) -> None:
    plan = planning.plan()

    assert office.post(_page(plan, verb), {"post": "yes"}).status_code == 403


def test_nothing_of_a_school_is_deleted_here(office: Client) -> None:
    school = schools.school()

    assert office.post(_page(school, "delete"), {"post": "yes"}).status_code == 403
    assert School.objects.filter(pk=school.pk).exists()


# --- the province's calendar ------------------------------------------------------------------------------


def _read_action(plan: Plan, timeframe: str) -> PlanAction:
    action = planning.action(plan, timeframe=timeframe)
    for name, value in read_anew(action, ["timeframe"]).items():
        setattr(action, name, value)
    action.save()
    return action


def test_calendar_entered_here_moves_the_days_that_were_read(office: Client) -> None:
    province = schools.body("Ủy ban nhân dân tỉnh", place_name="Bắc Hà")
    school = schools.school(parent=schools.body(parent=province))
    action = _read_action(planning.plan(school), "Cuối học kỳ I")
    elsewhere = _read_action(planning.plan(), "Cuối học kỳ I")
    days = {
        "starts_on": "01/09/2025",
        "first_term_ends_on": "09/01/2026",
        "second_term_starts_on": "12/01/2026",
        "ends_on": "29/05/2026",
        "summer_starts_on": "01/06/2026",
        "summer_ends_on": "31/08/2026",
    }
    year = action.plan.school_year

    answer = office.post(
        reverse("admin:plans_schoolcalendar_add"),
        days | {"body": province.pk, "school_year": year.pk, "source": "Quyết định 1/QĐ-UBND"},
    )

    assert answer.status_code == 302
    action.refresh_from_db()
    assert action.ends_on == date(2026, 1, 9)
    before = elsewhere.ends_on
    elsewhere.refresh_from_db()
    assert elsewhere.ends_on == before
    made = SchoolCalendar.objects.get()
    assert Event.objects.about(made).get().action == "backoffice.add"


def test_calendar_given_to_another_body_leaves_the_first(office: Client) -> None:
    first = schools.body()
    plan = planning.plan(schools.school(parent=first))
    calendar = schools.calendar(first, plan.school_year, first_term_ends_on=date(2026, 1, 9))
    action = _read_action(plan, "Cuối học kỳ I")
    data = _form(office, _page(calendar)) | {"body": schools.body("Ủy ban nhân dân xã khác").pk}

    answer = office.post(_page(calendar), data)

    assert answer.status_code == 302
    assert action.ends_on == date(2026, 1, 9)
    action.refresh_from_db()
    assert action.ends_on == date(2026, 1, 15)


def test_calendar_out_of_order_is_refused_in_words(office: Client) -> None:
    calendar = schools.calendar(schools.body(), schools.school_year())
    data = _form(office, _page(calendar)) | {"ends_on": "01/07/2026"}

    page = office.post(_page(calendar), data)

    assert "phải nối nhau theo thứ tự thời gian" in page.content.decode()
    calendar.refresh_from_db()
    assert calendar.ends_on == date(2026, 5, 31)


# --- what people write on pages of their own --------------------------------------------------------------


def _written(number: int) -> list[Any]:
    """Return one row of each thing that is written on pages and looked at here."""
    framework = criteria.framework(code=f"bo-{number}", criteria=1)
    school = schools.school(f"Trường Mầm non {number}", symbol=f"MN{number}")
    person = accounts.member(Role.PRINCIPAL, school=school)
    plan = planning.plan(school, framework=framework)
    standard = framework.standards.get()
    criterion = standard.criteria.get()
    return [
        assessment.texts(plan, criterion),
        assessment.description(plan, criterion),
        assessment.mark(plan, criterion, met=True),
        plan.level_results.create(criterion=criterion, level=1, met=True),
        assign_part(plan=plan, user=person, by=person, standard=standard),
        council.member(school),
        legal.document(school=school),
        formats.layout(schools.body(f"Ủy ban nhân dân xã {number}"), by=person),
        FormInForce.objects.create(form=plan.form, valid_from=date(2025, 9, 1), decided_by=person),
        plan.form,
    ]


def test_what_people_write_is_shown_and_changed_by_nobody_here(office: Client) -> None:
    for row in _written(1):
        assert office.get(_page(row)).status_code == 200, row
        assert office.post(_page(row), {}).status_code == 403, row
        assert office.post(_page(row, "delete"), {"post": "yes"}).status_code == 403, row


def test_lists_cost_the_same_for_one_row_and_for_three(office: Client) -> None:
    lists = [reverse(f"admin:plans_{row._meta.model_name}_changelist") for row in _written(1)]
    for page in lists:
        office.get(page)  # whatever is asked once for a process
    one = [_cost(office, page) for page in lists]
    _written(2)
    _written(3)

    assert [_cost(office, page) for page in lists] == one


def _cost(client: Client, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_what_people_say_to_each_other_is_not_read_here(office: Client) -> None:
    school = schools.school()
    person = accounts.member(Role.PRINCIPAL, school=school)
    comment = write_comment(
        plan=planning.plan(school), section="purpose", body="Chuyện riêng", by=person
    )

    pages = [reverse(f"admin:plans_{name}_changelist") for name in ("comment", "event")]
    texts = [office.get(page).content.decode() for page in pages]

    assert [person.full_name in text for text in texts] == [True, True]
    assert ["Chuyện riêng" in text for text in texts] == [False, False]
    assert office.get(_page(comment)).status_code == 403
    assert office.get(_page(comment, "history")).status_code == 403
