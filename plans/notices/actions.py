"""tell(): the one way to let people know; and what they do with their notices.

Reading and choosing concern nobody but the person, so they leave no event in the record.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.notices.choices import Way, inbox_of, ways_for
from plans.notices.enums import Mail, NoticeKind
from plans.notices.models import Notice, NoticeChoice, OutboxMail
from plans.notices.wording import letter, letter_subject
from plans.text import nfc

TEXT_LIMIT = 500  # characters, as the column


@transaction.atomic
def tell(
    people: Iterable[User],
    kind: NoticeKind,
    *,
    key: str,
    text: str,
    path: str,
    school_id: int | None = None,
    plan_id: int | None = None,
    by: User | None = None,
) -> None:
    """Tell people one thing, in the caller's transaction: a Notice each, and a letter as each has chosen.

    `key` names the thing: whoever was told under it is not told again. Left out are closed accounts and `by`,
    who did it. `path` is the page it leads to, from "/" on. Four queries, however many people. Raises
    ValueError for a path that is none, or a key too long for its column.
    """
    if not path.startswith("/") or path.startswith("//") or len(path) > 300 or len(key) > 120:
        raise ValueError(f"a notice needs a path of this site and a short key: {path!r}, {key!r}")
    wanted = {p.pk: p for p in people if p.is_active and (by is None or p.pk != by.pk)}
    told = Notice.objects.filter(person__in=wanted, key=key).order_by("pk")
    told_already = set(told.values_list("person_id", flat=True))
    new = [person for pk, person in wanted.items() if pk not in told_already]
    if not new:
        return
    text = _shortened(nfc(text))
    about: dict[str, Any] = {
        "key": key,
        "text": text,
        "path": path,
        "school_id": school_id,
        "plan_id": plan_id,
    }
    # Whoever tells the same at the same moment loses quietly: the constraints keep one of each.
    Notice.objects.bulk_create(
        [Notice(person=p, kind=kind, **about) for p in new], ignore_conflicts=True
    )
    letters = [
        _letter(person, kind, key, text, path)
        for person, way in _with_ways(new, kind)
        if way.mail is Mail.AT_ONCE and person.email
    ]
    OutboxMail.objects.bulk_create(letters, ignore_conflicts=True)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_LIMIT else f"{line[: TEXT_LIMIT - 1]}…"


def _with_ways(people: list[User], kind: NoticeKind) -> list[tuple[User, Way]]:
    ways = ways_for(people, kind)
    return [(person, ways[person.pk]) for person in people]


def _letter(person: User, kind: NoticeKind, key: str, text: str, path: str) -> OutboxMail:
    return OutboxMail(
        key=f"notice:{person.pk}:{key}",
        to=person.email,
        subject=letter_subject(kind),
        body=letter(person, text, path),
    )


@transaction.atomic
def mark_read(*, notice: Notice, by: User) -> Notice:
    """Say that its person has read a notice, and return it; one that was read stays as it is."""
    inbox = Notice.objects.filter(person=by, pk=notice.pk, read_at__isnull=True)
    inbox.update(read_at=timezone.now())
    notice.refresh_from_db(fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, by: User, up_to: int) -> int:
    """Say that a person has read their inbox up to the notice numbered `up_to`; return how many were unread.

    What came after the page was drawn stays unread.
    """
    unread = inbox_of(by).filter(read_at__isnull=True, pk__lte=up_to)
    return unread.order_by().update(read_at=timezone.now())


@transaction.atomic
def choose_ways(*, by: User, ways: Mapping[NoticeKind, Way]) -> None:
    """Keep how a person wants to be told, kind by kind; a kind that is not named stays as it was."""
    for kind, way in ways.items():
        choice = NoticeChoice.objects.filter(person=by, kind=kind).first()
        choice = choice or NoticeChoice(person=by, kind=kind)
        choice.in_app, choice.mail = way.in_app, way.mail
        choice.full_clean()
        choice.save()
