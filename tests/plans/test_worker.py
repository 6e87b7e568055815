"""What the worker does on time, and that one failure stops nothing else."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from plans.accounts.models import User
from plans.management import worker
from plans.management.worker import HouseWorker, do_chores, do_daily
from plans.notices import registry
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.notices.models import OutboxMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def days() -> Iterator[list[date]]:
    """The days on which a daily source was called."""
    called: list[date] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_SOURCES", {"test": called.append})
        yield called


@pytest.fixture
def mai() -> User:
    return accounts.user("mai", email="mai@truong.example")


def at(hour: int, minute: int, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HANOI)


def test_day_begins_at_half_past_six_and_once(days: list[date]) -> None:
    done = [do_daily(at(*time)) for time in [(6, 29), (6, 30), (6, 31), (23, 59), (6, 40, 25)]]

    assert done == [False, True, False, False, True]
    assert days == [date(2026, 11, 24), date(2026, 11, 25)]


def test_round_sends_what_the_day_told(days: list[date], mai: User) -> None:
    tell([mai], NoticeKind.COMMENT, key="k", text="Có trao đổi.", path="/x/")

    do_chores(at(7, 0))
    do_chores(at(7, 1))

    # What is written now is due at the clock's time, so the letter of this round has gone.
    assert [one.subject.partition(" –")[0] for one in mail.outbox] == [
        "1 thông báo, ngày 24/11/2026"
    ]


def test_chore_that_fails_stops_no_other(
    days: list[date], mai: User, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken() -> int:
        raise RuntimeError("reaper")

    monkeypatch.setattr(worker, "reap", broken)
    tell([mai], NoticeKind.RETURNED, key="k", text="Trả lại.", path="/x/")

    do_chores(at(5, 0))

    assert [one.to for one in mail.outbox] == [["mai@truong.example"]]
    assert "a chore of the worker" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_work_once_sends_what_waits_and_comes_back(days: list[date], mai: User) -> None:
    tell([mai], NoticeKind.RETURNED, key="k", text="Trả lại.", path="/x/")

    HouseWorker().work_off()

    assert OutboxMail.objects.filter(sent_at__isnull=False).count() == 1
