"""Who is told what, once, and in which way."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.accounts.models import User
from plans.notices.actions import choose_ways, mark_all_read, mark_read, tell
from plans.notices.choices import Way, inbox_of, unread_count, ways_of
from plans.notices.enums import DEFAULT_MAIL, Mail, NoticeKind
from plans.notices.models import Notice, OutboxMail
from plans.notices.wording import zalo_text
from tests.factories import accounts

pytestmark = pytest.mark.django_db


def person(name: str = "mai", **fields: Any) -> User:
    return accounts.user(name, email=f"{name}@truong.example", **fields)


def say(
    *people: User, key: str = "k1", kind: NoticeKind = NoticeKind.RETURNED, **more: Any
) -> None:
    tell(people, kind, key=key, text="Kế hoạch được trả lại.", path="/ke-hoach/1/", **more)


def test_every_kind_has_a_default() -> None:
    assert set(DEFAULT_MAIL) == set(NoticeKind)


def test_person_is_told_once_in_the_program_and_by_letter() -> None:
    mai = person()

    say(mai)
    say(mai)

    notice, letter = Notice.objects.get(), OutboxMail.objects.get()
    assert (notice.person, notice.text, notice.path) == (
        mai,
        "Kế hoạch được trả lại.",
        "/ke-hoach/1/",
    )
    assert (letter.to, letter.subject) == (
        "mai@truong.example",
        "Kế hoạch bị trả lại – Kế hoạch cải tiến chất lượng",
    )


def test_letter_holds_the_sentence_and_a_full_address(settings: Any) -> None:
    settings.KCL_SITE_URL = "https://kcl.example/"

    say(person())

    assert OutboxMail.objects.get().body.split("\n\n")[:3] == [
        "Kính gửi Cô Lê Thị Mẫu Đơn,",
        "Kế hoạch được trả lại.",
        "Mở trong chương trình (cần đăng nhập):\nhttps://kcl.example/ke-hoach/1/",
    ]


def test_another_matter_is_told_as_well() -> None:
    mai = person()

    say(mai)
    say(mai, key="k2")

    assert (Notice.objects.count(), OutboxMail.objects.count()) == (2, 2)


def test_nobody_is_told_of_their_own_deed() -> None:
    mai, lan = person("mai"), person("lan")

    say(mai, lan, by=mai)

    assert Notice.objects.get().person == lan


def test_closed_account_is_told_nothing() -> None:
    say(person(is_active=False))

    assert (Notice.objects.count(), OutboxMail.objects.count()) == (0, 0)


def test_person_without_an_address_is_told_in_the_program_alone() -> None:
    say(accounts.user("khong-thu"))

    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 0)


@pytest.mark.parametrize("mail", [Mail.NONE, Mail.DAILY])
def test_letter_comes_as_the_person_chose(mail: Mail) -> None:
    mai = person()
    choose_ways(by=mai, ways={NoticeKind.RETURNED: Way(NoticeKind.RETURNED, True, mail)})

    say(mai)

    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 0)


def test_kind_turned_off_stays_out_of_the_inbox() -> None:
    mai = person()
    choose_ways(by=mai, ways={NoticeKind.RETURNED: Way(NoticeKind.RETURNED, False, Mail.AT_ONCE)})

    say(mai)
    say(mai, kind=NoticeKind.APPROVED, key="k2")

    assert [one.kind for one in inbox_of(mai)] == ["approved"]
    assert unread_count(mai) == 1
    assert OutboxMail.objects.count() == 2


def test_choice_of_one_kind_leaves_the_others() -> None:
    mai = person()
    choose_ways(by=mai, ways={NoticeKind.COMMENT: Way(NoticeKind.COMMENT, False, Mail.NONE)})

    changed = [way for way in ways_of(mai) if way.mail != DEFAULT_MAIL[way.kind] or not way.in_app]

    assert changed == [Way(NoticeKind.COMMENT, False, Mail.NONE)]


def test_reading_marks_only_ones_own() -> None:
    mai, lan = person("mai"), person("lan")
    say(mai, lan)

    mark_read(notice=Notice.objects.get(person=lan), by=mai)
    mark_read(notice=Notice.objects.get(person=mai), by=mai)

    assert (unread_count(mai), unread_count(lan)) == (0, 1)


def test_reading_all_leaves_what_came_after_the_page() -> None:
    mai = person()
    say(mai)
    seen = Notice.objects.get().pk
    say(mai, key="k2")

    assert mark_all_read(by=mai, up_to=seen) == 1
    assert unread_count(mai) == 1


def test_long_text_is_shortened_to_its_column() -> None:
    tell([person()], NoticeKind.COMMENT, key="k", text="a\nb " + "chữ " * 200, path="/")

    text = Notice.objects.get().text
    assert (len(text), text[:7], text[-1]) == (500, "a b chữ", "…")


@pytest.mark.parametrize("path", ["", "ke-hoach/", "//evil.example/", "https://evil.example/"])
def test_path_of_another_site_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="a notice needs a path"):
        tell([person()], NoticeKind.COMMENT, key="k", text="x", path=path)


def test_telling_costs_the_same_for_one_and_for_many() -> None:
    counts = []
    for people in ([person("a")], [person("b"), person("c"), person("d")]):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            say(*people)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_text_for_zalo_has_the_sentence_and_the_link(settings: Any) -> None:
    settings.KCL_SITE_URL = "https://kcl.example"
    say(person())

    assert zalo_text(Notice.objects.get()) == (
        "Kế hoạch được trả lại.\n"
        "Xem trong chương trình (cần đăng nhập): https://kcl.example/ke-hoach/1/"
    )
