"""Letters go out once, are tried again, and outlive the death of a worker."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from plans.notices.models import OutboxMail
from plans.notices.outbox import ATTEMPTS, BACK_OFF, CLAIM, in_words, send_due
from tests.plans.notices import mail_server
from tests.plans.notices.mail_server import Killed, Server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def server(settings: Any) -> Iterator[type[Server]]:
    """A mail server that works."""
    settings.EMAIL_BACKEND = mail_server.PATH
    Server.taken, Server.refuses = [], None
    Server.dies_before = Server.dies_after = False
    yield Server


def letter(key: str = "k", **fields: Any) -> OutboxMail:
    values = {"to": "mai@truong.example", "subject": "Tiêu đề", "body": "Nội dung"}
    return OutboxMail.objects.create(key=key, **(values | fields))


def later(mail: OutboxMail, by: timedelta) -> None:
    """Let time pass for a letter: all its times lie further back."""
    mail.refresh_from_db()
    for name in ("due_at", "claimed_at"):
        at: datetime | None = getattr(mail, name)
        setattr(mail, name, at - by if at else None)
    mail.save()


def test_letter_goes_once(server: type[Server]) -> None:
    mail = letter()

    assert (send_due(), send_due()) == (1, 0)

    mail.refresh_from_db()
    assert [one.to for one in server.taken] == [["mai@truong.example"]]
    assert mail.sent_at and mail.claimed_at is None


def test_letter_of_tomorrow_waits(server: type[Server]) -> None:
    letter(due_at=timezone.now() + timedelta(hours=1))

    assert send_due() == 0
    assert server.taken == []


def test_letter_that_another_worker_sends_is_left_alone(server: type[Server]) -> None:
    letter(claimed_at=timezone.now())

    assert send_due() == 0
    assert server.taken == []


def test_refused_letter_is_tried_again_less_and_less_often(server: type[Server]) -> None:
    mail = letter()
    server.refuses = smtplib.SMTPDataError(451, b"secret")
    waits = []
    for _ in range(ATTEMPTS):
        began = timezone.now()
        send_due()
        mail.refresh_from_db()
        waits.append(round((mail.due_at - began).total_seconds() / 60))
        later(mail, timedelta(days=1))

    send_due()
    mail.refresh_from_db()
    minutes = [round(one.total_seconds() / 60) for one in BACK_OFF]
    assert waits == [*minutes, minutes[-1]]
    assert minutes[:6] == [1, 5, 30, 120, 360, 1440]
    assert (mail.attempts, mail.sent_at) == (ATTEMPTS, None)
    assert mail.last_error == "Máy chủ thư từ chối thư (mã 451)."


def test_letter_goes_once_the_server_is_back(server: type[Server]) -> None:
    mail = letter()
    server.refuses = ConnectionRefusedError("smtp://name:password@host")
    send_due()
    mail.refresh_from_db()
    told = mail.last_error
    server.refuses = None
    later(mail, BACK_OFF[0])

    assert send_due() == 1
    mail.refresh_from_db()
    assert told == "Không nối được với máy chủ thư."
    assert (len(server.taken), mail.last_error) == (1, "")


def test_server_that_is_down_costs_one_attempt_not_one_a_letter(server: type[Server]) -> None:
    letter("a"), letter("b")
    server.refuses = TimeoutError()

    send_due()

    assert sorted(OutboxMail.objects.order_by("pk").values_list("attempts", flat=True)) == [0, 1]


def test_refused_address_stops_no_other_letter(server: type[Server]) -> None:
    letter("a"), letter("b")
    server.refuses = smtplib.SMTPRecipientsRefused({})

    send_due()

    assert list(OutboxMail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 1]


def test_worker_killed_before_the_server_took_the_letter_loses_none(server: type[Server]) -> None:
    mail = letter()
    server.dies_before = True
    with pytest.raises(Killed):
        send_due()
    server.dies_before = False

    at_once = send_due()
    later(mail, CLAIM + timedelta(seconds=1))

    assert (at_once, send_due(), len(server.taken)) == (0, 1, 1)


def test_worker_killed_before_the_mark_sends_the_same_letter_by_the_same_name(
    server: type[Server],
) -> None:
    mail = letter()
    server.dies_after = True
    with pytest.raises(Killed):
        send_due()
    server.dies_after = False
    later(mail, CLAIM + timedelta(seconds=1))

    send_due()
    send_due()

    names = {one.message()["Message-ID"] for one in server.taken}
    assert (len(server.taken), len(names)) == (2, 1)


def test_two_letters_have_two_names(server: type[Server]) -> None:
    letter("a"), letter("b")

    send_due()

    assert len({one.message()["Message-ID"] for one in server.taken}) == 2


def test_sender_stops_between_two_letters(server: type[Server]) -> None:
    letter("a"), letter("b")

    assert send_due(stop=lambda: bool(server.taken)) == 1


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPAuthenticationError(535, b"password hunter2"),
        smtplib.SMTPSenderRefused(550, b"hunter2", "kcl@hunter2"),
        smtplib.SMTPServerDisconnected("hunter2"),
        OSError("hunter2"),
        RuntimeError("hunter2"),
    ],
)
def test_what_is_kept_of_an_error_holds_no_secret(error: Exception) -> None:
    words = in_words(error)

    assert words
    assert "hunter2" not in words
