"""What the fields for people offer on the record page: names and posts that the page itself shows, nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plans.followups.items import OpenItem
from plans.inspections.models import Inspection
from plans.phrases.people import Person, read_people
from plans.planning.form import SectionKind
from plans.recording.reading import Record

MOST = 200
_FIELDS = {"lead", "partners"}
# Of the roles that a plan names, those that one person has; the others are groups.
_POSTS = frozenset(
    {
        *("principal", "vice_principal", "teacher", "homeroom_teacher", "subject_teacher", "staff"),
        *("accountant", "treasurer", "clerk", "librarian", "subject_head", "subject_deputy_head"),
        *("office_head", "youth_leader"),
    }
)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Each once, in the order in which it is met: who may do something, people by name, posts."""

    owners: tuple[str, ...]
    names: tuple[str, ...]
    posts: tuple[str, ...]


def suggestions(record: Record, open_items: Sequence[OpenItem] = ()) -> Suggestions:
    """Return what the fields offer; of the plan only what its copy in the record says. At most one query."""
    present = [one for one in record.attendees if not one.removed]
    people = list(dict.fromkeys(_people(record)))
    named = [one.words for one in people if not one.role and _is_name(one.words)]
    owners = [
        *(", ".join(filter(None, (one.full_name, one.position))) for one in present),
        *(one.owner for one in record.recommendations if not one.removed),
        *(one.item.owner for one in open_items),
        *(_capital(one.words) for one in people),
    ]
    posts = [
        *(one.position for one in present),
        *(_capital(one.words) for one in people if one.role in _POSTS),
    ]
    return Suggestions(_each_once(owners), _each_once(named), _each_once(posts))


def _people(record: Record) -> Iterator[Person]:
    """Yield who is named in the columns of people of the table of actions."""
    labels = _labels(record.inspection)
    for finding in record.findings:
        for label, words in finding.quoted:
            if label in labels:
                yield from read_people(words).people


def _labels(inspection: Inspection) -> set[str]:
    if inspection.plan is None:
        return set()
    sections = [one for one in inspection.plan.spec.leaves() if one.kind is SectionKind.ACTIONS]
    columns = [column for section in sections for column in section.columns]
    return {one.title for one in columns if _FIELDS & set(one.fields)}


def _is_name(words: str) -> bool:
    parts = words.split()
    return len(parts) > 1 and all(part[0].isupper() and part[1:].islower() for part in parts)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, texts))))[:MOST]
