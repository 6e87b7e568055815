"""Pages for what went wrong, headers that every answer carries, and what no input may do."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.web import errors
from plans.web.client import client_address_of
from tests.factories import accounts, schools

PAGES = ["/", "/tro-giup/", "/kha-nang-tiep-can/", "/dang-nhap/", "/quen-mat-khau/", "/khong-co/"]
HTMX = {"hx-request": "true"}


def _boom(request: object) -> None:
    raise RuntimeError("boom")


# --- the pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handler", "status", "title"),
    [
        (errors.bad_request, 400, "Yêu cầu không đọc được"),
        (errors.forbidden, 403, "Không có quyền"),
        (errors.not_found, 404, "Không tìm thấy trang"),
    ],
)
def test_error_page_is_a_page_of_the_house(
    rf: RequestFactory, handler: Any, status: int, title: str
) -> None:
    answer = handler(rf.get("/"), Exception())
    page = answer.content.decode()

    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert "kcl-top" in page


@pytest.mark.django_db
def test_each_side_is_addressed_as_its_own() -> None:
    """A school's people, before a log-in too, as thầy cô; an office, and who only sits in a team, as quý vị."""
    school = schools.school(managed_by=schools.body())
    head = accounts.member(school=school)
    both = accounts.member(school=school)
    accounts.membership(both, Role.OFFICER, body=school.body_links.get().body)
    officer = accounts.member(Role.OFFICER, body=school.body_links.get().body)
    people = [None, head, both, officer, accounts.user()]

    found = []
    for person in people:
        client = Client()
        if person is not None:
            client.force_login(person, backend="plans.accounts.backend.MembershipBackend")
        missing, note = client.get("/khong-co/"), client.get("/khong-co/", headers=HTMX)
        texts = [missing.content.decode(), note.content.decode()]
        assert all(("quý vị" in t.lower()) != ("thầy cô" in t.lower()) for t in texts)
        found.append(["quý vị" in t.lower() for t in texts])

    assert found == [[False] * 2] * 3 + [[True] * 2] * 2


def test_refused_post_shows_words_but_neither_secrets_nor_ids(rf: RequestFactory) -> None:
    sent = {"note": "Đã lắp mái che.", "version": "12", "pin_password": "mat khau rat dai"}

    posted = errors.forbidden(rf.post("/", sent), Exception()).content.decode()
    read = errors.forbidden(rf.get("/", sent), Exception()).content.decode()

    assert "<p>Đã lắp mái che.</p>" in posted
    assert "mat khau rat dai" not in posted
    assert "Phần vừa gõ" not in read


def test_fault_of_ours_is_answered_without_the_database(client: Client, settings: Any) -> None:
    """No `db` fixture: a query would fail the test."""
    settings.DEBUG = False
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=_UrlsWithBoom):
        answer = client.get("/boom/")

    assert answer.status_code == 500
    assert "Lỗi này là của chương trình" in answer.content.decode()
    assert "boom" not in answer.content.decode()


class _UrlsWithBoom:
    urlpatterns = [path("boom/", _boom)]
    handler500 = staticmethod(errors.server_error)


def test_fault_is_answered_even_where_the_template_fails(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "render_to_string", _boom)

    answer = errors.server_error(rf.get("/"))

    assert answer.status_code == 500
    assert "Chương trình gặp lỗi" in answer.content.decode()


@pytest.mark.django_db
def test_partial_requests_get_a_line_and_not_a_page(client: Client) -> None:
    client.force_login(accounts.member(Role.STAFF, school=schools.school()))

    for address in ("/truong/999/", "/bo-tieu-chuan/", "/khong-co/"):
        page = client.get(address, headers=HTMX).content.decode()
        assert page.startswith('<span class="kcl-saved')
        assert "<html" not in page


@pytest.mark.django_db
def test_address_of_a_button_says_so(client: Client) -> None:
    answer = client.get("/dang-xuat/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "chỉ dùng cho một nút bấm" in answer.content.decode()


@pytest.mark.django_db
def test_form_without_token_is_refused_courteously(db: None) -> None:
    client = Client(enforce_csrf_checks=True)

    page = client.post("/dang-nhap/", {"username": "a", "password": "b"}).content.decode()

    assert "Trang này mở từ trước lần đăng nhập gần nhất" in page


# --- headers ----------------------------------------------------------------------------------------------


def _policy(answer: Any) -> dict[str, list[str]]:
    rules = [rule.split() for rule in answer["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in rules}


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_every_page_carries_the_headers(client: Client, address: str) -> None:
    answer = client.get(address)

    policy = _policy(answer)
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    for name in ("script-src", "style-src", "font-src", "connect-src", "form-action"):
        assert policy[name] == ["'self'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_no_page_needs_what_the_policy_forbids(client: Client, address: str) -> None:
    page = client.get(address).content.decode()

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|hx-on", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)


@pytest.mark.django_db
def test_what_a_person_was_shown_is_stored_nowhere(client: Client) -> None:
    client.force_login(accounts.user())

    assert client.get("/")["Cache-Control"] == "no-store, private"
    assert "Cache-Control" not in Client().get("/tro-giup/")


def test_settings_of_production_pass_djangos_own_check(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True

    call_command("check", tags=["security"], deploy=True, fail_level="WARNING")


@pytest.mark.django_db
def test_health_is_told_over_http_too(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").content == client.get("/readyz").content == b"ok"
    assert client.get("/").status_code == 301


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_the_tables(client: Client) -> None:
    table = User._meta.db_table
    with connection.schema_editor() as editor:
        editor.alter_db_table(User, table, f"{table}_away")
    try:
        answer = client.get("/readyz")
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(User, f"{table}_away", table)

    assert answer.status_code == 503


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "direct", "forwarded", "told"),
    [
        (0, "203.0.113.5", "", "203.0.113.5"),
        (0, "203.0.113.5", "198.51.100.7", "203.0.113.5"),
        (1, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "10.0.0.1", "198.51.100.7", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense\x00", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (0, "::ffff:203.0.113.5", "", "203.0.113.5"),
        (0, "fe80::1%eth0", "", None),
        (0, "", "", None),
    ],
)
def test_address_is_believed_as_far_as_proxies_vouch_for_it(
    rf: RequestFactory, settings: Any, proxies: int, direct: str, forwarded: str, told: str | None
) -> None:
    settings.KCL_TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=direct, headers={"x-forwarded-for": forwarded})

    assert client_address_of(request) == told


# --- hostile input ----------------------------------------------------------------------------------------

NASTY = ["\x00", "🌻" * 50, "a" * 100_000, "' OR 1=1 --", "<script>", "\ud800", "-1", "9" * 400]
GETS = {
    "/truong/": ["tim", "loai", "trang_thai", "nam", "trang"],
    "/dang-nhap/": ["next"],
    "/doi-mat-khau/": ["next"],
    "/ke-hoach/": ["trang", "nam", "tim"],
}
POSTS = {
    "/dang-nhap/": ["username", "password", "next", "giu-body", "giu-"],
    "/quen-mat-khau/": ["username"],
    "/doi-mat-khau/": ["old_password", "new_password", "new_password_again", "next"],
    "/dang-xuat-moi-noi/": ["x"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("signed_in", [True, False])
def test_no_input_is_a_fault_of_ours(value: str, signed_in: bool) -> None:
    user = accounts.member(Role.OFFICER, body=schools.body())
    client = Client()
    if signed_in:
        client.force_login(user)
    text = value.encode("utf-8", "replace").decode()

    for address, names in GETS.items():
        for name in names:
            assert client.get(address, {name: text}).status_code < 500, (address, name)
    for address, names in POSTS.items():
        for name in names:
            assert client.post(address, {name: text}).status_code < 500, (address, name)
            if signed_in:
                client.force_login(user)
