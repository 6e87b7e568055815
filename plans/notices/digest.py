"""The daily letter: one a person and day about everything that they want gathered."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.notices.choices import wants_daily
from plans.notices.models import Notice, OutboxMail
from plans.notices.wording import digest, digest_subject

DAYS = 7  # what is older is no news: an address entered today gets no letter about last year


def write_digests(on: date) -> int:
    """Write the letters of the day `on` into the outbox and return how many are new.

    A second call for the same day writes nothing more; what came meanwhile waits for the next day.
    """
    waiting = _waiting()
    people = User.objects.filter(is_active=True, email__gt="", pk__in=waiting.values("person"))
    return sum(_write(person, on) for person in people.order_by("pk"))


def _waiting() -> QuerySet[Notice]:
    since = timezone.now() - timedelta(days=DAYS)
    return Notice.objects.filter(wants_daily(), digested_at__isnull=True, at__gte=since)


@transaction.atomic
def _write(person: User, on: date) -> bool:
    notices = list(_waiting().filter(person=person).order_by("at", "pk"))
    if not notices:  # another worker was quicker
        return False
    subject = digest_subject(len(notices), f"{on:%d/%m/%Y}")
    mail, is_new = OutboxMail.objects.get_or_create(
        key=f"digest:{person.pk}:{on:%Y-%m-%d}",
        defaults={"to": person.email, "subject": subject, "body": digest(person, notices)},
    )
    if is_new:
        told = Notice.objects.filter(pk__in=[one.pk for one in notices])
        told.update(digested_at=timezone.now())
    return is_new
