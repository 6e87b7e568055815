"""The outbox: letters go out after the transaction that wrote them, and are tried again until they went.

A letter is claimed before it is sent and marked after. A worker that dies in between leaves a claim, which
runs out, and the letter is sent by another. If it died after the mail server took the letter and before the mark
(one UPDATE later), the letter goes twice: no program can tell that case from a death just before the server
answered, and a letter lost is worse than one read twice. Both copies carry one Message-ID, by which mail
servers and readers know the second for what it is.
"""

import hashlib
import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from plans.notices.models import OutboxMail

logger = logging.getLogger(__name__)

# How long a worker may hold a letter: far longer than EMAIL_TIMEOUT lets a mail server take.
CLAIM = timedelta(minutes=10)
_DAY = timedelta(days=1)
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    *[_DAY] * 7,
)
ATTEMPTS = len(BACK_OFF) + 1  # then it stays in the outbox, unsent, for the administrator to see


def send_due(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Send the letters that are due, oldest first, and return how many went.

    Two at once are harmless: each letter goes to who claims it. Ends when `stop()` says so, and when the mail
    server cannot be reached, for then the others would wait in vain as well.
    """
    connection = get_connection()
    sent = 0
    try:
        for pk in _due(timezone.now()).values_list("pk", flat=True):
            if stop():
                break
            mail = _claimed(pk)
            if mail is None:
                continue
            try:
                _message(mail, connection).send()
            except Exception as error:
                _postpone(mail, error)
                connection.close()
                if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
                    break
            else:
                _mark_sent(mail)
                sent += 1
    finally:
        connection.close()
    return sent


def _due(now: datetime) -> QuerySet[OutboxMail]:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM)
    waiting = OutboxMail.objects.filter(free, sent_at__isnull=True, due_at__lte=now)
    return waiting.filter(attempts__lt=ATTEMPTS).order_by("due_at", "pk")


def _claimed(pk: int) -> OutboxMail | None:
    """Return the letter as ours, or None when somebody else has it."""
    now = timezone.now()
    mine = _due(now).filter(pk=pk).order_by()
    if not mine.update(claimed_at=now, attempts=F("attempts") + 1):
        return None
    return OutboxMail.objects.get(pk=pk)


def _mark_sent(mail: OutboxMail) -> None:
    now = timezone.now()
    OutboxMail.objects.filter(pk=mail.pk).update(sent_at=now, claimed_at=None, last_error="")


def _postpone(mail: OutboxMail, error: Exception) -> None:
    logger.warning("letter %s: %s", mail.pk, type(error).__name__)
    wait = BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
    OutboxMail.objects.filter(pk=mail.pk).update(
        claimed_at=None, due_at=timezone.now() + wait, last_error=in_words(error)
    )


def in_words(error: Exception) -> str:
    """Return why a letter did not go, in Vietnamese; never the error's own text, which may hold a password."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "Máy chủ thư không nhận tên hoặc mật khẩu của chương trình."
        case smtplib.SMTPRecipientsRefused():
            return "Máy chủ thư không nhận địa chỉ này."
        case smtplib.SMTPSenderRefused():
            return "Máy chủ thư không nhận địa chỉ gửi của chương trình."
        case smtplib.SMTPResponseException(smtp_code=code):
            return f"Máy chủ thư từ chối thư (mã {code})."
        case smtplib.SMTPException():
            return "Máy chủ thư báo lỗi khi nhận thư."
        case OSError():
            return "Không nối được với máy chủ thư."
    return f"Không gửi được thư ({type(error).__name__})."


def message_id(mail: OutboxMail) -> str:
    """Return the Message-ID of a letter: the same each time it is sent."""
    host = urlsplit(settings.KCL_SITE_URL).hostname or "localhost"
    return f"<kcl.{hashlib.sha256(mail.key.encode()).hexdigest()[:40]}@{host}>"


def _message(mail: OutboxMail, connection: BaseEmailBackend) -> EmailMessage:
    headers = {"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"}
    return EmailMessage(
        mail.subject, mail.body, to=[mail.to], headers=headers, connection=connection
    )
