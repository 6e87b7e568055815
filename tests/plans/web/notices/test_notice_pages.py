"""The inbox, marking as read, and the choice of how to be told."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.notices.actions import choose_ways, tell
from plans.notices.choices import Way, ways_of
from plans.notices.enums import Mail, NoticeKind
from plans.notices.models import Notice
from tests.factories import accounts, schools

pytestmark = pytest.mark.django_db

INBOX, CHOICES = "/thong-bao/", "/thong-bao/cach-nhan/"


@pytest.fixture
def mai() -> User:
    return accounts.member(Role.PRINCIPAL, school=schools.school())


@pytest.fixture
def client(mai: User) -> Client:
    client = Client()
    client.force_login(mai)
    return client


def say(person: User, key: str = "a") -> Notice:
    tell([person], NoticeKind.RETURNED, key=key, text=f"Trả lại {key}.", path=f"/{key}/")
    return Notice.objects.get(person=person, key=key)


def texts(answer: Any) -> list[str]:
    return [line.notice.text for line in answer.context["lines"]]


def test_inbox_shows_ones_own_newest_first(client: Client, mai: User) -> None:
    say(mai, "a"), say(mai, "b"), say(accounts.user(), "c")

    assert texts(client.get(INBOX)) == ["Trả lại b.", "Trả lại a."]


def test_inbox_holds_a_text_for_zalo_with_a_full_address(
    client: Client, mai: User, settings: Any
) -> None:
    settings.KCL_SITE_URL = "https://kcl.example"
    say(mai)

    page = client.get(INBOX).content.decode()

    assert (
        ">Trả lại a.\nXem trong chương trình (cần đăng nhập): https://kcl.example/a/</textarea>"
        in page
    )


def test_reading_the_page_marks_nothing(client: Client, mai: User) -> None:
    notice = say(mai)

    client.get(INBOX)

    notice.refresh_from_db()
    assert notice.read_at is None


def test_notice_is_marked_with_and_without_script(client: Client, mai: User) -> None:
    first, second = say(mai, "a"), say(mai, "b")

    plain = client.post(f"{INBOX}{first.pk}/da-doc/")
    part = client.post(f"{INBOX}{second.pk}/da-doc/", headers={"HX-Request": "true"})

    assert (plain.status_code, plain.headers["Location"]) == (302, INBOX)
    assert part.templates[0].name == "plans/notices/_line.html"
    assert "Chưa đọc" not in part.content.decode()
    assert Notice.objects.filter(read_at__isnull=True).count() == 0


def test_notice_of_another_person_is_as_missing_as_none(client: Client) -> None:
    strange = say(accounts.user(), "c")

    codes = [client.post(f"{INBOX}{pk}/da-doc/").status_code for pk in (strange.pk, 10**9)]

    strange.refresh_from_db()
    assert (codes, strange.read_at) == ([404, 404], None)


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30])
def test_marking_all_without_a_number_marks_nothing(client: Client, mai: User, newest: str) -> None:
    notice = say(mai)

    answer = client.post(f"{INBOX}da-doc/", {"newest": newest})

    notice.refresh_from_db()
    assert (answer.status_code, notice.read_at) == (302, None)


def test_marking_all_marks_what_the_page_showed_and_no_other_person(
    client: Client, mai: User
) -> None:
    strange = say(accounts.user(), "c")
    say(mai, "a")
    newest = client.get(INBOX).context["newest"]
    say(mai, "b")

    client.post(f"{INBOX}da-doc/", {"newest": newest})

    unread = Notice.objects.filter(read_at__isnull=True).order_by("key")
    strange.refresh_from_db()
    assert [one.key for one in unread] == ["b", "c"]


def test_header_counts_what_is_unread(client: Client, mai: User) -> None:
    say(mai, "a"), say(mai, "b")

    page = client.get("/").content.decode()

    assert '<b class="kcl-count">2<span class="visually-hidden"> chưa đọc</span></b>' in page


def test_part_of_a_page_asks_for_no_count(client: Client, mai: User) -> None:
    notice = say(mai)
    with CaptureQueriesContext(connection) as queries:
        client.post(f"{INBOX}{notice.pk}/da-doc/", headers={"HX-Request": "true"})

    assert [one for one in queries.captured_queries if "COUNT(" in one["sql"]] == []


def test_inbox_costs_the_same_for_one_and_for_three(client: Client, mai: User) -> None:
    counts = []
    for keys in ("a", "bc"):
        for key in keys:
            say(mai, key)
        client.get(INBOX)
        with CaptureQueriesContext(connection) as queries:
            client.get(INBOX)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_long_inbox_has_pages(client: Client, mai: User) -> None:
    for number in range(21):
        say(mai, f"k{number}")

    first, second = client.get(INBOX), client.get(f"{INBOX}?trang=2")

    assert (len(texts(first)), texts(second)) == (20, ["Trả lại k0."])
    assert client.get(f"{INBOX}?trang=x").status_code == 200


# --- choices ----------------------------------------------------------------------------------------------


def posted(**changed: str) -> dict[str, str]:
    data = {f"thu-{kind}": "daily" for kind in NoticeKind}
    return data | {name.replace("_", "-", 1): value for name, value in changed.items()}


def test_choices_show_what_holds(client: Client, mai: User) -> None:
    choose_ways(by=mai, ways={NoticeKind.COMMENT: Way(NoticeKind.COMMENT, False, Mail.NONE)})

    form = client.get(CHOICES).context["form"]

    assert (form["hien-comment"].value(), form["thu-comment"].value()) == (False, Mail.NONE)
    assert (form["hien-assigned"].value(), form["thu-assigned"].value()) == (True, Mail.AT_ONCE)


def test_choices_are_kept(client: Client, mai: User) -> None:
    answer = client.post(CHOICES, posted(hien_comment="on", thu_comment="at_once"))

    kept = {way.kind: way for way in ways_of(mai)}
    assert (answer.status_code, answer.headers["Location"]) == (302, CHOICES)
    assert kept[NoticeKind.COMMENT] == Way(NoticeKind.COMMENT, True, Mail.AT_ONCE)
    assert kept[NoticeKind.RETURNED] == Way(NoticeKind.RETURNED, False, Mail.DAILY)


def test_made_up_choice_is_refused_and_nothing_is_kept(client: Client, mai: User) -> None:
    answer = client.post(CHOICES, posted(thu_comment="pigeon"))

    assert answer.status_code == 422
    assert "Hãy chọn một trong các cách gửi thư." in answer.content.decode()
    assert ways_of(mai) == ways_of(accounts.user())
