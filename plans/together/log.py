"""The history of a plan as lines to read: who changed what, from what to what, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone

from plans.accounts.models import User
from plans.history.models import Event, EventQuerySet
from plans.planning.models import Plan
from plans.planning.saving import REFUSED
from plans.planning.states import MOVES
from plans.together.diffing import Run, shortened, word_diff
from plans.together.naming import UNSHOWN, Names, kind_words, model_of
from plans.together.versions import FIELDS, Key, Row, from_event, rows_now, verb

PAGE = 60  # events on a page of the list
SLOT = 600  # seconds; events of one person within such a stretch of the clock are one line
CHOICES = 400  # events from which the versions to choose are taken
# What people say beside a plan, and what became of its documents, is no part of its words.
ASIDE = ("comment", "assignment", "councilopinion", "issueddocument")

DEEDS = {
    "change": "sửa",
    "add": "thêm",
    "copy": "nhân đôi",
    "carry": "đưa sang từ năm trước",
    "propose": "nhận đề xuất",
    "confirm": "xác nhận",
    "reading": "sửa cách hiểu các ô của",
    "outcome": "ghi kết quả của",
    "move": "chuyển chỗ",
    "remove": "xóa",
    "restore": "đưa lại từ thùng rác",
    "bring_back": "đưa về bản cũ",
    "empty": "bỏ hẳn khỏi thùng rác",
    "refused": "để lại chữ chưa lưu được, vì người khác lưu trước,",
}
WHOLE = {
    "plan.open": "lập kế hoạch",
    "plan.carry": "lấy chữ và việc từ kế hoạch năm trước",
    "plan.finished": "bấm “Soạn xong”",
    "plan.draft": "mở lại để sửa",
    "plan.bring_back": "đưa cả kế hoạch về bản cũ",
    **{f"plan.{move.name}": move.done for move in MOVES},
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changed, as the words around what went and what came."""

    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One event: what was done to which row, and the fields that it changed."""

    deed: str
    place: str
    fields: tuple[FieldChange, ...]

    @property
    def where(self) -> str:
        """The row and its fields: "Việc ở Tiêu chí 2.3 (chủ trì, thời gian)"."""
        names = ", ".join(change.label for change in self.fields)
        return f"{self.place} ({names})" if names and names != "nội dung" else self.place


@dataclass(frozen=True, slots=True)
class Line:
    """What one person did in one stretch. `first` names the version before it; `after` the one after it."""

    first: int
    after: int | None
    at: datetime
    who: str
    changes: tuple[Change, ...]

    @property
    def has_fields(self) -> bool:
        """Whether any of the changes is of words."""
        return any(change.fields for change in self.changes)

    @property
    def words(self) -> str:
        """The line as a sentence without its subject: "sửa 2 chỗ: …; thêm Việc ở Tiêu chí 1.4"."""
        edits = list(dict.fromkeys(c.where for c in self.changes if c.deed == "sửa"))
        others = list(dict.fromkeys(f"{c.deed} {c.place}" for c in self.changes if c.deed != "sửa"))
        told = [f"sửa {len(edits)} chỗ: {'; '.join(edits)}"] if edits else []
        return "; ".join(part.strip() for part in told + others)


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first; `older` names the event before which the next page begins, None at the end."""

    lines: tuple[Line, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A version that can be chosen: the number of its event, and when and before whose changes it stood."""

    pk: int
    label: str


def written(plan: Plan) -> EventQuerySet:
    """Return the events about the plan's own words, newest first."""
    return Event.objects.of_plan(plan).exclude(subject_type__in=ASIDE)


def page_of(plan: Plan, before: Event | None = None) -> Page:
    """Return a page of the history: the newest lines, or those older than the event `before`.

    As many queries for a long history as for a short one (one more for each kind of row outside the plan).
    """
    events = written(plan)
    if before is not None:
        events = events.exclude(from_event(before))
    found = list(events[: PAGE + 1])
    groups = _groups(found[:PAGE])
    if len(found) > PAGE and len(groups) > 1:
        groups.pop()  # it may go on beyond the cut; the next page begins with it
    shown = [event for group in groups for event in group]
    more = len(shown) < len(found)
    changes = _changes(plan, shown, before)
    people = _people(shown)
    lines = []
    after = before.pk if before else None
    for group in groups:
        lines.append(_line(group, after, changes, people))
        after = group[-1].pk
    return Page(tuple(lines), shown[-1].pk if shown and more else None)


def choices(plan: Plan, *chosen: Event | None) -> list[Choice]:
    """Return the versions to choose from, newest first: those of the newest lines, and the `chosen` ones."""
    newest = list(written(plan).defer("before", "subject_name", "address")[:CHOICES])
    firsts = {group[-1].pk: group[-1] for group in _groups(newest)}
    firsts |= {event.pk: event for event in chosen if event is not None}
    ordered = sorted(firsts.values(), key=lambda event: (event.at, event.pk), reverse=True)
    return [Choice(event.pk, version_words(event)) for event in ordered]


def version_words(event: Event | None) -> str:
    """Return what a version is called: by the moment and the person before whose changes it stood."""
    if event is None:
        return "Bản đang có"
    at = timezone.localtime(event.at)
    return f"Trước {at:%H:%M %d/%m/%Y}, trước khi {event.actor_name or 'chương trình'} sửa"


def _groups(events: Iterable[Event]) -> list[list[Event]]:
    """Return events of one person within one stretch together, newest first."""

    def stretch(event: Event) -> tuple[int | None, int]:
        return (event.actor_id, int(event.at.timestamp()) // SLOT)

    return [list(group) for _, group in groupby(events, key=stretch)]


def _people(events: Sequence[Event]) -> dict[int | None, str]:
    ids = {event.actor_id for event in events if event.actor_id}
    return {user.pk: user.address for user in User.objects.filter(pk__in=ids)}


def _line(
    group: Sequence[Event],
    after: int | None,
    changes: Mapping[int, Change],
    people: Mapping[int | None, str],
) -> Line:
    first = group[-1]
    who = people.get(first.actor_id) or first.actor_name or "Chương trình"
    done = tuple(changes[event.pk] for event in reversed(group))
    return Line(first.pk, after, first.at, who, done)


# --- from what to what ------------------------------------------------------------------------------------


def _changes(plan: Plan, shown: Sequence[Event], before: Event | None) -> dict[int, Change]:
    """Return what each event changed; the words after it are those before the next one, or those of now."""
    names = Names(plan)
    rows = rows_now(plan)
    after: dict[tuple[str, str, str], Any] = dict(_now(plan, rows, shown))
    if before is not None:
        for event in _newer(plan, shown, before):
            _step(after, event)
    found = {}
    for event in shown:
        found[event.pk] = _change(names, rows, event, after)
        _step(after, event)
    return found


def _step(after: dict[tuple[str, str, str], Any], event: Event) -> None:
    if event.action != REFUSED:
        for name, value in event.before.items():
            after[event.subject_type, event.subject_id, name] = value


def _newer(plan: Plan, shown: Sequence[Event], before: Event) -> EventQuerySet:
    """Return the events after the page about the rows that the page speaks of."""
    about = Q(pk__in=[])
    for kind in {event.subject_type for event in shown}:
        ids = {event.subject_id for event in shown if event.subject_type == kind}
        about |= Q(subject_type=kind, subject_id__in=ids)
    return written(plan).filter(from_event(before)).filter(about)


def _now(
    plan: Plan, rows: Mapping[Key, Row], shown: Sequence[Event]
) -> Iterator[tuple[tuple[str, str, str], Any]]:
    for row in rows.values():
        yield from (((row.kind, str(row.pk), name), value) for name, value in row.values.items())
    for kind in sorted({event.subject_type for event in shown} - set(FIELDS)):
        model = model_of(kind)
        if model is None or not any(field.name == "plan" for field in model._meta.fields):
            continue
        ids = {e.subject_id for e in shown if e.subject_type == kind and e.subject_id.isdigit()}
        for values in model._default_manager.filter(plan=plan, pk__in=ids).order_by("pk").values():
            yield from (((kind, str(values["id"]), name), value) for name, value in values.items())


def _change(
    names: Names,
    rows: Mapping[Key, Row],
    event: Event,
    after: Mapping[tuple[str, str, str], Any],
) -> Change:
    kind = event.subject_type
    if event.action in WHOLE:
        return Change(WHOLE[event.action], "", ())
    deed = DEEDS.get(verb(event), "thay đổi")
    fields = []
    for name in (n for n in event.before if n not in UNSHOWN and verb(event) != "empty"):
        old = names.value(kind, name, event.before[name])
        new = names.value(kind, name, after.get((kind, event.subject_id, name)))
        runs = word_diff(old, "" if event.action == REFUSED else new)
        fields.append(FieldChange(names.field(kind, name), shortened(runs)))
    return Change(deed, _place(names, rows, event), tuple(fields))


def _place(names: Names, rows: Mapping[Key, Row], event: Event) -> str:
    key = (event.subject_type, int(event.subject_id) if event.subject_id.isdigit() else 0)
    if key in rows:
        return names.row(rows[key])
    if event.subject_type == "planaction":
        return event.subject_name
    return f"{kind_words(event.subject_type)}: {event.subject_name}".removesuffix(": ")
