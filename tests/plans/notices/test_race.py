"""Many at once: the same thing told, the same letter sent, the same day begun."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from plans.accounts.models import User
from plans.notices.actions import tell
from plans.notices.digest import write_digests
from plans.notices.enums import NoticeKind
from plans.notices.models import Notice, OutboxMail
from plans.notices.outbox import send_due
from tests.factories import accounts
from tests.plans.notices import mail_server
from tests.plans.notices.mail_server import Server

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


@pytest.fixture
def mai(settings: Any) -> Iterator[User]:
    settings.EMAIL_BACKEND = mail_server.PATH
    Server.taken = []
    yield accounts.user("mai", email="mai@truong.example")


def together(deed: Callable[[], Any]) -> list[Any]:
    """Do a thing in several threads at the same moment and return what came back."""
    barrier = Barrier(AT_ONCE)

    def one(_: int) -> Any:
        try:
            barrier.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def say(person: User, kind: NoticeKind) -> None:
    tell([person], kind, key="k", text="Một điều.", path="/x/")


def test_same_thing_told_at_once_is_told_once(mai: User) -> None:
    together(lambda: say(mai, NoticeKind.RETURNED))

    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 1)


def test_workers_at_once_send_each_letter_once(mai: User) -> None:
    for number in range(5):
        OutboxMail.objects.create(key=f"k{number}", to="a@truong.example", subject="s", body="b")

    sent = together(send_due)

    assert (sum(sent), len(Server.taken)) == (5, 5)


def test_workers_at_once_write_one_daily_letter(mai: User) -> None:
    say(mai, NoticeKind.COMMENT)

    written = together(lambda: write_digests(date(2026, 11, 24)))

    assert (sum(written), OutboxMail.objects.count()) == (1, 1)
