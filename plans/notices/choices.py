"""How people want to be told: their own choice for each kind, else the kind's default."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from plans.accounts.models import User
from plans.notices.enums import DEFAULT_MAIL, Mail, NoticeKind
from plans.notices.models import Notice, NoticeChoice


@dataclass(frozen=True, slots=True)
class Way:
    """How notices of a kind reach one person."""

    kind: NoticeKind
    in_app: bool
    mail: Mail


def ways_for(people: Collection[User], kind: NoticeKind) -> dict[int, Way]:
    """Return how each of `people` wants notices of `kind`, by person; one query."""
    chosen = NoticeChoice.objects.filter(person__in=people, kind=kind).order_by("pk")
    ways = {person.pk: Way(kind, True, DEFAULT_MAIL[kind]) for person in people}
    return ways | {row.person_id: Way(kind, row.in_app, Mail(row.mail)) for row in chosen}


def ways_of(person: User) -> list[Way]:
    """Return how a person wants each kind, in the order of the kinds; one query."""
    chosen = {row.kind: row for row in NoticeChoice.objects.filter(person=person).order_by("pk")}
    return [
        Way(kind, chosen[kind].in_app, Mail(chosen[kind].mail))
        if kind in chosen
        else Way(kind, True, DEFAULT_MAIL[kind])
        for kind in NoticeKind
    ]


def inbox_of(person: User) -> QuerySet[Notice]:
    """Return the notices that a person reads in the program, newest first; not those of kinds they turned off."""
    off = NoticeChoice.objects.filter(person=person, in_app=False).values("kind")
    return Notice.objects.filter(person=person).exclude(kind__in=off).order_by("-at", "-pk")


def unread_count(person: User) -> int:
    """Return how many notices of a person's inbox are unread; one query."""
    return inbox_of(person).filter(read_at__isnull=True).count()


def wants_daily() -> Q:
    """Return the condition on Notice: its person wants that kind in the daily letter."""
    by_default = [kind for kind, mail in DEFAULT_MAIL.items() if mail is Mail.DAILY]
    condition = Q()
    for kind in NoticeKind:
        rows = NoticeChoice.objects.filter(kind=kind)
        daily = Q(person__in=rows.filter(mail=Mail.DAILY).values("person"))
        if kind in by_default:
            daily |= ~Q(person__in=rows.values("person"))
        condition |= Q(kind=kind) & daily
    return condition
