"""Logging in and out: by name or e-mail, on to where one was going, shut after too many failures."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from plans.accounts.models import LoginSession, User
from plans.history.models import Event
from tests.factories import accounts, schools

pytestmark = pytest.mark.django_db

LOGIN = "/dang-nhap/"
CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"


@pytest.fixture
def user() -> User:
    return accounts.user("mai.lan", email="mai.lan@example.org")


def _log_in(client: Client, name: str = "mai.lan", password: str = "", **more: str) -> object:
    data = {"username": name, "password": password or accounts.PASSWORD} | more
    return client.post(LOGIN, data, headers={"user-agent": CHROME})


@pytest.mark.parametrize("name", ["mai.lan", "MAI.Lan", " mai.lan@EXAMPLE.org "])
def test_log_in_by_name_or_email(client: Client, user: User, name: str) -> None:
    answer = _log_in(client, name)

    assert (answer.status_code, answer["Location"]) == (302, "/")  # type: ignore[attr-defined,index]
    assert client.session["_auth_user_id"] == str(user.pk)


def test_log_in_is_noted_with_device_and_address(client: Client, user: User) -> None:
    _log_in(client)

    session = LoginSession.objects.get()
    assert (session.user, session.device) == (user, "Chrome trên máy tính Windows")
    assert session.address == "127.0.0.1"
    assert session.session_key == client.session.session_key
    assert Event.objects.get().address == "127.0.0.1"


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        ("/truong/?tim=hoa", "/truong/?tim=hoa"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        ("🌻", "/"),
        ("overview:home", "/"),
        ("/" + "a" * 5000, "/"),
        ("", "/"),
    ],
)
def test_log_in_leads_on_inside_the_installation_only(
    client: Client, user: User, target: str, reached: str
) -> None:
    answer = _log_in(client, next=target)

    assert answer["Location"] == reached  # type: ignore[index]


def test_whoever_is_logged_in_already_is_led_on(client: Client, user: User) -> None:
    client.force_login(user)

    answer = client.get(LOGIN, {"next": "/tai-khoan/"})

    assert answer["Location"] == "/tai-khoan/"


@pytest.mark.parametrize("name", ["mai.lan", "nobody", "closed"])
def test_every_refusal_reads_alike_and_keeps_the_name_only(
    client: Client, user: User, name: str
) -> None:
    accounts.user("closed", is_active=False)
    password = accounts.PASSWORD if name == "closed" else "sai mật khẩu rồi"

    page = _log_in(client, name, password).content.decode()  # type: ignore[attr-defined]

    assert "<title>Lỗi: Đăng nhập" in page
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page
    assert f'value="{name}"' in page
    assert password not in page
    assert "_auth_user_id" not in client.session


def test_empty_fields_are_named_in_the_summary_and_tied_to_their_error(client: Client) -> None:
    page = client.post(LOGIN, {}).content.decode()

    assert "Chưa được. Thầy cô xem lại giúp" in page
    assert '<a href="#id_password">Mật khẩu: Thầy cô chưa gõ mật khẩu.</a>' in page
    assert 'aria-describedby="id_password_error"' in page
    assert 'id="id_password_error"' in page


# --- lock-out ---------------------------------------------------------------------------------------------


def _fail(client: Client, times: int, *names: str) -> None:
    for attempt in range(times):
        _log_in(client, names[attempt % len(names)], "sai mật khẩu rồi")


def test_ten_failures_under_all_names_of_a_person_shut_the_door(client: Client, user: User) -> None:
    _fail(client, 9, "mai.lan", "MAI.LAN", "mai.lan@example.org", " Mai.Lan@Example.org")
    assert AccessAttempt.objects.get().username == "mai.lan"

    answer = _log_in(client, "Mai.Lan@example.org", "sai mật khẩu rồi")

    assert answer.status_code == 429  # type: ignore[attr-defined]
    until = timezone.localtime(AccessAttempt.objects.get().attempt_time) + timedelta(minutes=16)
    assert f"{until:%H:%M}" in answer.content.decode()  # type: ignore[attr-defined]
    assert _log_in(client).status_code == 429  # type: ignore[attr-defined]
    assert "_auth_user_id" not in client.session


def test_trying_on_does_not_put_off_the_time_that_was_said(client: Client, user: User) -> None:
    _fail(client, 10, "mai.lan")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))

    assert _log_in(client).status_code == 429  # type: ignore[attr-defined]
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert _log_in(client).status_code == 302  # type: ignore[attr-defined]


def test_success_starts_the_count_anew(client: Client, user: User) -> None:
    _fail(client, 9, "mai.lan")
    _log_in(client, "mai.lan@example.org")

    _fail(client, 9, "mai.lan")

    assert _log_in(client).status_code == 302  # type: ignore[attr-defined]


def test_one_persons_failures_shut_nobody_else_out(client: Client, user: User) -> None:
    accounts.user("thu.ha")
    _fail(client, 12, "mai.lan")

    assert _log_in(client, "thu.ha").status_code == 302  # type: ignore[attr-defined]


def test_failed_log_in_stores_neither_password_nor_typed_words(client: Client, user: User) -> None:
    _log_in(client, "mai.lan", "sai mật khẩu rồi", **{"giu-body": "lời đã gõ trong kế hoạch"})

    stored = str(AccessAttempt.objects.values().get())
    assert "sai mật khẩu" not in stored
    assert "lời đã gõ" not in stored


# --- sessions ---------------------------------------------------------------------------------------------


def test_log_out_ends_this_session_only(client: Client, user: User) -> None:
    other = Client()
    _log_in(client)
    _log_in(other)

    answer = client.post("/dang-xuat/", follow=True)

    assert "Thầy cô đã đăng xuất." in answer.content.decode()
    assert client.get("/tai-khoan/").status_code == 302
    assert other.get("/tai-khoan/").status_code == 200
    assert LoginSession.objects.get().session_key == other.session.session_key


def test_account_page_shows_roles_and_where_one_is_logged_in(client: Client, user: User) -> None:
    accounts.membership(user, school=schools.school("Trường Mầm non Hoa Sen"))
    LoginSession.objects.create(user=user, session_key="over", device="Safari trên iPhone")
    _log_in(client)
    _log_in(Client(headers={"user-agent": "x"}))

    page = client.get("/tai-khoan/").content.decode()

    assert "Trường Mầm non Hoa Sen" in page
    assert page.count("Chrome trên máy tính Windows") == 2
    assert page.count("(máy này)") == 1
    assert "Safari trên iPhone" not in page  # its session is over


def test_sessions_long_over_are_forgotten(client: Client, user: User) -> None:
    for key, days in [("old", 31), ("recent", 29)]:
        begun = timezone.now() - timedelta(days=days)
        LoginSession.objects.create(user=user, session_key=key, started_at=begun)

    _log_in(client)

    kept = set(LoginSession.objects.values_list("session_key", flat=True))
    assert kept == {"recent", client.session.session_key}


def test_logging_out_everywhere_ends_this_machine_too(client: Client, user: User) -> None:
    other = Client()
    _log_in(client)
    _log_in(other)

    answer = client.post("/dang-xuat-moi-noi/", follow=True)

    assert "kể cả trên máy này" in answer.content.decode()
    assert client.get("/tai-khoan/").status_code == 302
    assert other.get("/tai-khoan/").status_code == 302
    assert not LoginSession.objects.exists()


# --- an expired session -----------------------------------------------------------------------------------

WORDS = "Tham mưu sửa bếp một chiều.\r\nMua đồ chơi <ngoài trời> & “vườn cổ tích”."


def _hidden(page: str) -> dict[str, str]:
    from html import unescape

    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in pairs}


def test_words_typed_into_an_expired_session_survive_the_log_in(user: User) -> None:
    """All three forms by a browser that checks CSRF, without JavaScript."""
    client = Client(enforce_csrf_checks=True)
    school = schools.school()
    target = f"/truong/{school.pk}/ke-hoach/moi/"
    accounts.membership(user, school=school)
    token = _hidden(client.get(LOGIN).content.decode())["csrfmiddlewaretoken"]
    typed = {"csrfmiddlewaretoken": token, "body": WORDS, "version": "3", "new_password": "secret"}

    asked = client.post(target, typed)
    fields = _hidden(asked.content.decode())
    assert asked.status_code == 401
    assert (fields["giu-body"], fields["giu-version"], fields["next"]) == (WORDS, "3", target)
    assert "secret" not in asked.content.decode()

    wrong = client.post(LOGIN, fields | {"username": "mai.lan", "password": "chưa đúng đâu"})
    fields = _hidden(wrong.content.decode())
    assert fields["giu-body"] == WORDS

    resumed = client.post(LOGIN, fields | {"username": "mai.lan", "password": accounts.PASSWORD})
    page = resumed.content.decode()
    form = page[page.index(f'action="{target}"') :]
    fields = _hidden(form[: form.index("</form>")])
    assert "Lưu tiếp phần đang gõ" in page
    assert {name: fields[name] for name in ("body", "version")} == {"body": WORDS, "version": "3"}

    assert client.post(target, fields).status_code == 422  # at the page itself, its form refused


def test_words_from_elsewhere_are_not_carried_along(user: User) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/truong/1/ke-hoach/moi/", {"body": WORDS})

    assert answer.status_code == 403
    assert "vườn cổ tích" not in answer.content.decode()


def test_stale_token_of_our_own_page_loses_no_words_and_a_foreign_page_gains_none(
    user: User,
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.get("/")  # sets the cookie
    stale = {"csrfmiddlewaretoken": "a" * 64, "body": WORDS}

    ours = client.post("/truong/1/ke-hoach/moi/", stale, headers={"origin": "http://testserver"})
    foreign = client.post("/truong/1/ke-hoach/moi/", stale, headers={"origin": "http://[evil"})

    assert ours.status_code == foreign.status_code == 403
    assert _hidden(ours.content.decode())["body"] == WORDS
    assert "vườn cổ tích" not in foreign.content.decode()


def test_more_than_a_page_can_carry_is_said_and_not_carried(client: Client) -> None:
    answer = client.post("/truong/1/ke-hoach/moi/", {"body": "a" * (2 * 1024 * 1024 + 1)})

    assert answer.status_code == 401
    assert "quá dài nên trang này không giữ được" in answer.content.decode()
    assert len(answer.content) < 100_000


def test_partial_request_of_an_expired_session_is_told_so(client: Client) -> None:
    answer = client.post("/truong/1/ke-hoach/moi/", {"body": WORDS}, headers={"hx-request": "true"})

    assert answer.status_code == 401
    assert "<html" not in answer.content.decode()


def test_words_may_be_as_long_as_the_log_in_form_takes(user: User) -> None:
    """Carried as multipart, so that Vietnamese does not grow threefold past the limit of a request."""
    client = Client()
    words = "ế" * 600_000

    asked = client.post("/truong/1/ke-hoach/moi/", {"body": words})
    fields = _hidden(asked.content.decode())
    resumed = client.post(LOGIN, fields | {"username": "mai.lan", "password": accounts.PASSWORD})

    assert resumed.status_code == 200
    assert words in resumed.content.decode()
