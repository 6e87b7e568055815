"""The back office: what is changed there is recorded, what is read-only stays so."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from plans.accounts.models import LoginSession, User
from plans.accounts.roles import Role
from plans.history.models import Event
from plans.schools.models import School
from tests.factories import accounts, planning, schools

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
