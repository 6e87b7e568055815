"""Nhật ký của trường: the record of a school as lines to read: who, when, from where, what, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils import timezone

from plans.history.models import Event, EventQuerySet
from plans.overview.deeds import ALONE, FIELD_WORDS, deed_words
from plans.planning.models import Plan, PlanRow
from plans.planning.placeholders import words_of
from plans.planning.progress import lower_first
from plans.planning.saving import REFUSED
from plans.schools.models import School
from plans.together.diffing import Kind, Run, shortened, word_diff
from plans.together.naming import UNSHOWN, kind_words, model_of, value_words

PAGE = 60
# Rows of a plan that are named by a key of the form, which is no word for people.
_IN_SECTIONS = frozenset({"plantext", "planrow"})

FieldKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of an event: its name, and the words around what went and what came."""

    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One event: `who` did `words` (a sentence without its subject) at `at`, from the network address `address`."""

    pk: int
    at: datetime
    who: str
    address: str
    words: str
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some lines, newest first; `older` is the event before which the next page begins, None at the end."""

    lines: tuple[RecordLine, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the record is asked for: a month (its first day), a person by id; None is all."""

    month: date | None = None
    actor_id: int | None = None


def events_of(school: School) -> EventQuerySet:
    """Return the events about a school and what belongs to it, newest first."""
    return Event.objects.filter(school_id=school.pk)


def months_of(school: School) -> list[date]:
    """Return the months (their first days) in which something was recorded, newest first."""
    moments = events_of(school).datetimes("at", "month", order="DESC")
    return [moment.date() for moment in moments]


def people_of(school: School) -> list[tuple[int, str]]:
    """Return who did something, id and name as it was recorded last, in the order of the names."""
    pairs = (
        events_of(school)
        .filter(actor_id__isnull=False)
        .values_list("actor_id", "actor_name")
        .annotate(last=models.Max("pk"))
        .order_by("last")
    )
    return sorted({pk: name for pk, name, _ in pairs}.items(), key=lambda pair: pair[1])


def record_page(
    school: School, wanted: Filter | None = None, before: Event | None = None
) -> RecordPage:
    """Return a page of the school's record: the newest PAGE events, or those older than `before`.

    What a value became is told by the event itself, else by the next event about the field, else by the row as it
    is. As many queries for many events of a kind as for one.
    """
    events = _filtered(events_of(school), wanted or Filter())
    if before is not None:
        events = events.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk))
    found = list(events[: PAGE + 1])
    shown = found[:PAGE]
    after, forms = _values_after(school, shown), _form_words(shown)
    lines = tuple(_line(event, after, forms.get(event.plan_id or 0)) for event in shown)
    return RecordPage(lines, shown[-1].pk if len(found) > PAGE else None)


def _filtered(events: EventQuerySet, wanted: Filter) -> EventQuerySet:
    if wanted.month is not None:
        first = wanted.month.replace(day=1)
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        events = events.filter(at__gte=_midnight(first), at__lt=_midnight(following))
    if wanted.actor_id is not None:
        events = events.filter(actor_id=wanted.actor_id)
    return events


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


# --- what a value became ----------------------------------------------------------------------------------


def _key(event: Event, name: str) -> FieldKey:
    return (event.subject_type, event.subject_id, name)


def _values_after(school: School, shown: Sequence[Event]) -> dict[tuple[int, str], Any]:
    """Return what stood in each field that an event of `shown` changed right after it, by event and field.

    Walks back from the rows as they are through every event about them, not only through those of the page: a
    filter leaves out what others did in between.
    """
    told = [event for event in shown if event.before]
    if not told:
        return {}
    now, about = _values_now(told), Q(pk__in=[])
    for kind in {event.subject_type for event in told}:
        ids = {event.subject_id for event in told if event.subject_type == kind}
        about |= Q(subject_type=kind, subject_id__in=ids)
    wanted = {event.pk for event in told}
    found: dict[tuple[int, str], Any] = {}
    events = events_of(school).filter(about, at__gte=told[-1].at).exclude(action=REFUSED)
    for event in events.only("subject_type", "subject_id", "before").iterator():
        if event.pk in wanted:
            found |= {(event.pk, name): now.get(_key(event, name)) for name in event.before}
        now |= {_key(event, name): value for name, value in event.before.items()}
    return found


def _values_now(told: Sequence[Event]) -> dict[FieldKey, Any]:
    """Return what stands in the fields that `told` speak of; one query for each kind of row."""
    now: dict[FieldKey, Any] = {}
    for kind in sorted({event.subject_type for event in told}):
        of_kind = [event for event in told if event.subject_type == kind]
        model = model_of(kind)
        names = {name for event in of_kind for name in event.before if _has_column(model, name)}
        numbers = {event.subject_id for event in of_kind if event.subject_id.isdigit()}
        if model is None or not names or not numbers:
            continue
        for row in model._base_manager.filter(pk__in=numbers).order_by("pk").values("pk", *names):
            now |= {(kind, str(row["pk"]), name): row[name] for name in names}
    return now


def _has_column(model: type[models.Model] | None, name: str) -> bool:
    return getattr(_field(model, name), "column", None) is not None


# --- words ------------------------------------------------------------------------------------------------


def _line(
    event: Event,
    after: Mapping[tuple[int, str], Any],
    form: _FormWords | None,
) -> RecordLine:
    place = _place(event, form)
    deed = deed_words(event.action)
    return RecordLine(
        pk=event.pk,
        at=event.at,
        who=event.actor_name or "Chương trình",
        address=event.address or "",
        words=f"{deed}: {place}" if place else deed,
        fields=tuple(_fields(event, after, form)),
    )


def _place(event: Event, form: _FormWords | None) -> str:
    """Return what the event is about, by name; "" for nothing that is worth a name."""
    name = event.subject_name
    if event.subject_type in _IN_SECTIONS:
        plan, _, key = name.partition(" · ")
        section = form.sections.get(key.partition(" · ")[0]) if form else None
        return f"{plan}, mục {section}" if section else plan
    if event.subject_type in {"plan", "school"} or event.action in ALONE:
        return name
    kind = lower_first(kind_words(event.subject_type))
    return name if not name or kind in name.lower() else f"{kind} “{name}”"


def _fields(
    event: Event, after: Mapping[tuple[int, str], Any], form: _FormWords | None
) -> Iterator[FieldLine]:
    model = model_of(event.subject_type)
    for name in dict.fromkeys([*event.before, *event.after]):
        if name in UNSHOWN or _is_key(model, name):
            continue
        became = event.after.get(name, after.get((event.pk, name)))
        old = _words(model, name, event.before.get(name), form)
        new = "" if event.action == REFUSED else _words(model, name, became, form)
        if old != new:
            yield FieldLine(_label(model, name), _runs(_field(model, name), old, new))


def _runs(field: Any, old: str, new: str) -> tuple[Run, ...]:
    """Return typed words with their differences; a day or a choice was changed as a whole."""
    typed = isinstance(field, models.CharField | models.TextField | models.JSONField)
    if typed and not getattr(field, "choices", None):
        return shortened(word_diff(old, new))
    whole = ((Kind.GONE, old), (Kind.NEW, new))
    return tuple(Run(kind.value, text) for kind, text in whole if text)


def _words(model: type[models.Model] | None, name: str, value: Any, form: _FormWords | None) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool) and name != "met":
        return "có" if value else "không"
    if isinstance(value, dict) and form is not None:
        cells = {key: text for key, text in value.items() if key != PlanRow.FIXED}
        value = {form.columns.get(key, key): text for key, text in cells.items()}
    try:
        return value_words(model, name, value)
    except ValueError:  # a day that another program wrote in another way
        return str(value)


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None


def _is_key(model: type[models.Model] | None, name: str) -> bool:
    """Say whether a value is the number of a row or a list of such, which tells a reader nothing."""
    field = _field(model, name)
    return name == "schools" or bool(field is not None and field.is_relation)


def _label(model: type[models.Model] | None, name: str) -> str:
    if name in FIELD_WORDS:
        return FIELD_WORDS[name]
    return str(getattr(_field(model, name), "verbose_name", "nội dung khác"))


@dataclass(frozen=True, slots=True)
class _FormWords:
    """What the form of a plan calls its sections and the columns of its small tables, by key."""

    sections: Mapping[str, str]
    columns: Mapping[str, str]


def _form_words(shown: Iterable[Event]) -> dict[int, _FormWords]:
    """Return the words of the forms of the plans in whose sections something of `shown` happened, by plan."""
    ids = {event.plan_id for event in shown if event.subject_type in _IN_SECTIONS and event.plan_id}
    plans = (
        Plan.objects.filter(pk__in=ids)
        .select_related("school", "school_year", "form")
        .prefetch_related("school__names")
        .order_by("pk")
    )
    found = {}
    for plan in plans:
        parts, words = list(plan.spec.walk()), words_of(plan)
        sections = {part.key: words.fill(part.name) for part in parts}
        columns = {column.key: column.title for part in parts for column in part.columns}
        found[plan.pk] = _FormWords(sections, columns)
    return found
