"""Changing a password, being made to, and getting a new one by mail."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from plans.accounts.models import LoginSession, User
from plans.history.models import Event
from tests.factories import accounts

pytestmark = pytest.mark.django_db

CHANGE = "/doi-mat-khau/"
RESET = "/quen-mat-khau/"
NEW = "nắng tháng tám về"


@pytest.fixture
def user() -> User:
    return accounts.user("mai.lan", email="mai.lan@example.org")


def _change(client: Client, **fields: str) -> Any:
    data = {
        "old_password": accounts.PASSWORD,
        "new_password": NEW,
        "new_password_again": NEW,
    }
    return client.post(CHANGE, data | fields)


def test_changed_password_ends_other_sessions_and_keeps_this_one(
    client: Client, user: User
) -> None:
    other = Client()
    client.force_login(user)
    other.force_login(user)

    answer = _change(client, next="/tai-khoan/")

    assert answer["Location"] == "/tai-khoan/"
    assert client.get("/tai-khoan/").status_code == 200
    assert other.get("/tai-khoan/").status_code == 302
    assert LoginSession.objects.get().session_key == client.session.session_key
    assert User.objects.get().check_password(NEW)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old_password": "không phải thế"}, "Mật khẩu đang dùng chưa đúng"),
        ({"new_password_again": "khác mất rồi đấy"}, "Hai lần gõ mật khẩu mới chưa giống nhau"),
        (
            {"new_password": accounts.PASSWORD, "new_password_again": accounts.PASSWORD},
            "Mật khẩu mới phải khác",
        ),
        ({"new_password": "abc7", "new_password_again": "abc7"}, "quá ngắn"),
        ({"new_password": "mai.lan.mai.lan"}, "giống"),
        ({"new_password": "1234567890"}, "dễ đoán"),
        ({"new_password": "a" * 201}, "dài nhất là 200"),
        ({"new_password": "abc\x00defghijkl"}, "không đọc được"),
        ({"new_password": ""}, "chưa gõ mật khẩu mới"),
    ],
)
def test_refused_password_says_why_and_shows_none(
    client: Client, user: User, fields: dict[str, str], said: str
) -> None:
    client.force_login(user)

    page = _change(client, **fields).content.decode()

    assert re.search(said, page)
    assert "<title>Lỗi: Đổi mật khẩu" in page
    assert not any(value in page for value in [NEW, accounts.PASSWORD, *fields.values()] if value)
    assert not User.objects.get().check_password(NEW)


def test_password_set_by_another_must_be_changed_before_anything_else(client: Client) -> None:
    user = accounts.user("mai.lan", must_change_password=True)

    led = client.post(
        "/dang-nhap/",
        {"username": "mai.lan", "password": accounts.PASSWORD, "next": "/truong/"},
    )
    assert led["Location"] == f"{CHANGE}?next=%2Ftruong%2F"
    for address in ("/", "/tai-khoan/", "/truong/"):
        assert client.get(address)["Location"] == CHANGE
    assert "do người khác đặt giúp" in client.get(CHANGE).content.decode()

    _change(client)

    user.refresh_from_db()
    assert not user.must_change_password
    assert client.get("/").status_code == 200


# --- by mail ----------------------------------------------------------------------------------------------


def _link() -> str:
    found = re.search(r"http://testserver(\S+)", mail.outbox[0].body)
    assert found
    return found[1]


@pytest.mark.parametrize("name", ["mai.lan", "Mai.Lan@EXAMPLE.org"])
def test_link_by_mail_gives_a_new_password_once(client: Client, user: User, name: str) -> None:
    client.post(RESET, {"username": name})
    assert mail.outbox[0].to == ["mai.lan@example.org"]
    link = _link()

    page = client.get(link, follow=True)
    answer = client.post(
        page.redirect_chain[-1][0], {"new_password": NEW, "new_password_again": NEW}
    )

    assert answer["Location"] == "/dang-nhap/"
    assert User.objects.get().check_password(NEW)
    assert client.get(link).status_code == 410
    assert Client().get(link).status_code == 410


def test_token_leaves_the_address_before_the_form_is_shown(client: Client, user: User) -> None:
    client.post(RESET, {"username": "mai.lan"})

    page = client.get(_link(), follow=True)

    assert page.redirect_chain[-1][0].endswith("/moi/")
    assert Client().get(page.redirect_chain[-1][0]).status_code == 410


@pytest.mark.parametrize(
    "name", ["mai.lan", "nobody", "nobody@example.org", "closed", "no.mail", "🌻", "'; --"]
)
def test_answer_does_not_tell_who_has_an_account(client: Client, user: User, name: str) -> None:
    accounts.user("closed", email="closed@example.org", is_active=False)
    accounts.user("no.mail")

    answer = client.post(RESET, {"username": name})

    assert (answer.status_code, answer["Location"]) == (302, "/quen-mat-khau/da-gui/")
    assert len(mail.outbox) == (1 if name == "mai.lan" else 0)


def test_asking_again_at_once_sends_no_second_mail(client: Client, user: User) -> None:
    for _ in range(3):
        client.post(RESET, {"username": "mai.lan"})

    assert len(mail.outbox) == 1
    assert Event.objects.filter(action="account.reset_mail").count() == 1


def test_mail_server_that_fails_changes_nothing_in_the_answer(
    client: Client, user: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "no.such.backend"

    answer = client.post(RESET, {"username": "mai.lan"})

    assert answer["Location"] == "/quen-mat-khau/da-gui/"


@pytest.mark.parametrize("pk", ["MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "____", "LTE"])
@pytest.mark.parametrize("token", ["moi", "abc-def", "a" * 500])
def test_made_up_links_are_over(client: Client, user: User, pk: str, token: str) -> None:
    address = f"/dat-lai-mat-khau/{pk}/{token}/"

    assert client.get(address).status_code == 410
    assert client.post(address, {"new_password": NEW, "new_password_again": NEW}).status_code == 410
    assert not User.objects.get().check_password(NEW)
