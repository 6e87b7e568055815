"""The daily letter and what is told day by day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from plans.accounts.models import User
from plans.notices import registry
from plans.notices.actions import choose_ways, tell
from plans.notices.choices import Way
from plans.notices.digest import write_digests
from plans.notices.enums import Mail, NoticeKind
from plans.notices.models import Notice, OutboxMail
from plans.notices.registry import daily, run_daily
from tests.factories import accounts

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
def mai() -> User:
    """Somebody who has chosen nothing: comments come in the daily letter."""
    return accounts.user("mai", email="mai@truong.example")


@pytest.fixture
def sources() -> Iterator[None]:
    """An empty registry for one test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_SOURCES", {})
        yield


def comment(person: User, key: str, kind: NoticeKind = NoticeKind.COMMENT) -> None:
    tell([person], kind, key=key, text=f"Trao đổi {key}.", path="/x/")


def test_letter_gathers_what_waited_in_order(mai: User, settings: Any) -> None:
    settings.KCL_SITE_URL = "https://kcl.example"
    comment(mai, "a"), comment(mai, "b")

    assert write_digests(TODAY) == 1

    letter = OutboxMail.objects.get()
    assert letter.subject == "2 thông báo, ngày 24/11/2026 – Kế hoạch cải tiến chất lượng"
    assert letter.body.split("\n\n")[2:4] == [
        "- Trao đổi a.\n  https://kcl.example/x/",
        "- Trao đổi b.\n  https://kcl.example/x/",
    ]


def test_day_has_one_letter_and_the_rest_waits(mai: User) -> None:
    comment(mai, "a")
    write_digests(TODAY)
    comment(mai, "b")

    same_day, next_day, day_after = (
        write_digests(TODAY),
        write_digests(TOMORROW),
        write_digests(TOMORROW + timedelta(days=1)),
    )

    assert (same_day, next_day, day_after) == (0, 1, 0)
    assert Notice.objects.filter(digested_at__isnull=True).count() == 0


def test_kind_sent_at_once_is_not_gathered(mai: User) -> None:
    comment(mai, "a", NoticeKind.RETURNED)

    assert write_digests(TODAY) == 0


@pytest.mark.parametrize(("mail", "letters"), [(Mail.DAILY, 1), (Mail.NONE, 0), (Mail.AT_ONCE, 0)])
def test_choice_decides_what_is_gathered(mai: User, mail: Mail, letters: int) -> None:
    comment(mai, "a")
    choose_ways(by=mai, ways={NoticeKind.COMMENT: Way(NoticeKind.COMMENT, True, mail)})

    assert write_digests(TODAY) == letters


def test_choice_of_one_person_binds_no_other(mai: User) -> None:
    lan = accounts.user("lan", email="lan@truong.example")
    choose_ways(by=lan, ways={NoticeKind.COMMENT: Way(NoticeKind.COMMENT, True, Mail.NONE)})
    comment(mai, "a"), comment(lan, "a")

    write_digests(TODAY)

    assert OutboxMail.objects.get().to == "mai@truong.example"


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": ""}])
def test_who_is_gone_or_has_no_address_gets_none(mai: User, fields: dict[str, Any]) -> None:
    comment(mai, "a")
    User.objects.filter(pk=mai.pk).update(**fields)

    assert write_digests(TODAY) == 0


def test_old_news_are_not_gathered(mai: User) -> None:
    comment(mai, "a")
    Notice.objects.update(at=timezone.now() - timedelta(days=8))

    assert write_digests(TODAY) == 0


def test_source_may_be_asked_twice_and_tells_once(mai: User, sources: None) -> None:
    @daily
    def near(on: date) -> None:
        tell([mai], NoticeKind.DEADLINE, key=f"near:{on}", text="Còn 3 ngày.", path="/x/")

    run_daily(TODAY)
    run_daily(TODAY)
    run_daily(TOMORROW)

    assert (Notice.objects.count(), OutboxMail.objects.count()) == (2, 2)


def test_source_that_fails_stops_no_other(mai: User, sources: None) -> None:
    @daily
    def a_broken_one(on: date) -> None:
        raise RuntimeError

    @daily
    def near(on: date) -> None:
        tell([mai], NoticeKind.DEADLINE, key="near", text="Còn 1 ngày.", path="/x/")

    failed = run_daily(TODAY)

    assert [name.rpartition(".")[2] for name in failed] == ["a_broken_one"]
    assert Notice.objects.count() == 1
