"""The record of a visit as pages and devices read it: every row, every field with its number of changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Prefetch, QuerySet

from plans.checklists.models import Question
from plans.inspections.enums import Outcome
from plans.inspections.models import (
    Attendee,
    ChecklistAnswer,
    Entry,
    Finding,
    Inspection,
    Photo,
    Recommendation,
    TeamMember,
)
from plans.recording.fields import KINDS, field_label, split_target
from plans.recording.targets import Row

# What stands in a field, and the number of its changes.
Value = tuple[str, int]
Values = dict[str, dict[str, Value]]


@dataclass(frozen=True, slots=True)
class Record:
    """Every row of the record of one visit."""

    inspection: Inspection
    findings: tuple[Finding, ...]
    attendees: tuple[Attendee, ...]
    members: tuple[TeamMember, ...]
    questions: tuple[Question, ...]
    answers: dict[int, ChecklistAnswer]

    @property
    def recommendations(self) -> Iterator[Recommendation]:
        """Those of all findings, taken back ones among them."""
        return (one for finding in self.findings for one in finding.recommendations.all())

    @property
    def photos(self) -> Iterator[Photo]:
        """Those of all findings, taken back ones among them; without their bytes."""
        return (one for finding in self.findings for one in finding.photos.all())


def read_record(inspection: Inspection) -> Record:
    """Return the record of a visit; a fixed number of queries, the bytes of photos are not read."""
    photos = Photo.objects.select_related("added_by").order_by("added_at", "pk")
    findings = inspection.findings.select_related("criterion").prefetch_related(
        Prefetch("recommendations", Recommendation.objects.select_related("finding")),
        Prefetch("photos", photos),
    )
    return Record(
        inspection=inspection,
        findings=tuple(findings),
        attendees=tuple(inspection.attendees.all()),
        members=tuple(inspection.team),
        questions=tuple(pinned_questions(inspection)),
        answers={row.question_id: row for row in inspection.answers.all()},
    )


def pinned_questions(inspection: Inspection) -> Sequence[Question]:
    """Return the questions of the checklists that were pinned to the visit, in the order of checklist and place."""
    return list(
        Question.objects.filter(checklist__inspections=inspection)
        .select_related("criterion")
        .order_by("checklist", "position", "pk")
    )


def questions_of(record: Record) -> dict[str, list[Question]]:
    """Return the questions by key of the finding under which they stand: the first about their criterion.

    A question about a criterion that no finding is about stands under the remark on the whole.
    """
    places: dict[int, str] = {}
    for finding in record.findings:
        if finding.criterion_id is not None:
            places.setdefault(finding.criterion_id, finding.key)
    last = record.findings[-1].key if record.findings else ""
    found: dict[str, list[Question]] = {}
    for question in record.questions:
        found.setdefault(places.get(question.criterion_id, last), []).append(question)
    return found


def targets_of(record: Record) -> Iterator[tuple[str, Row]]:
    """Yield every target of the record with its row, in the order of the page."""
    yield "visit", Row(record.inspection)
    yield from ((f"member:{one.pk}", Row(one)) for one in record.members)
    yield from ((f"attendee:{one.client_id}", Row(one)) for one in record.attendees)
    for finding in record.findings:
        yield f"finding:{finding.key}", Row(finding)
    yield from ((f"recommendation:{one.client_id}", Row(one)) for one in record.recommendations)
    yield from ((f"photo:{one.client_id}", Row(one)) for one in record.photos)
    for question in record.questions:
        answer = record.answers.get(question.pk) or ChecklistAnswer(question=question)
        yield f"question:{question.pk}", Row(answer)


def values_of(record: Record) -> Values:
    """Return what stands in every field of every target, with the number of its changes."""
    return {
        target: {
            name: (row.value(name), row.revision(name))
            for name in KINDS[split_target(target)[0]].fields
        }
        for target, row in targets_of(record)
    }


def changed_since(inspection: Inspection, values: Values, cursor: int) -> Values:
    """Return of `values` the fields that were changed after the entry `cursor` (see `cursor_of`)."""
    changed = inspection.entries.filter(pk__gt=cursor, outcome=Outcome.SAVED)
    places = set(changed.order_by().values_list("target", "field"))
    found: Values = {}
    for target, name in places:
        if target in values:
            found.setdefault(target, {})[name] = values[target][name]
    return found


def cursor_of(inspection: Inspection) -> int:
    """Return the number of the last entry; what comes later has a higher one, since the visit is held meanwhile."""
    return inspection.entries.aggregate(last=Max("pk"))["last"] or 0


# --- conflicts --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two words for one field: those of the entry, which wait, and those that stand there, with who and when."""

    entry: Entry
    label: str
    theirs: str
    by: str
    at: datetime | None
    revision: int


def open_conflicts(inspection: Inspection, values: Values) -> list[Conflict]:
    """Return the conflicts that nobody settled yet, oldest first; two queries however many there are."""
    rows = inspection.entries.filter(outcome=Outcome.CONFLICT, settled_at__isnull=True)
    waiting = list(rows.select_related("person").order_by("pk"))
    if not waiting:
        return []
    now = {(e.target, e.field): values.get(e.target, {}).get(e.field, ("", 0)) for e in waiting}
    disputed = rows.order_by().values("target")
    written = inspection.entries.filter(outcome=Outcome.SAVED, target__in=disputed)
    writers = _writers(written, {place: revision for place, (_, revision) in now.items()})
    return [
        Conflict(
            entry=entry,
            label=field_label(split_target(entry.target)[0], entry.field),
            theirs=now[entry.target, entry.field][0],
            by=str(writer.person) if writer else "",
            at=writer.received_at if writer else None,
            revision=now[entry.target, entry.field][1],
        )
        for entry in waiting
        for writer in [writers.get((entry.target, entry.field))]
    ]


def _writers(
    written: QuerySet[Entry], places: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], Entry]:
    """Return of the entries those that wrote what stands in the places (target, field → number of changes).

    The places are matched here: a database takes only so many of them in one question.
    """
    rows = written.select_related("person").defer("value").order_by("pk")
    return {
        (row.target, row.field): row
        for row in rows
        if row.revision == places.get((row.target, row.field))
    }


def place_words(record: Record) -> dict[str, str]:
    """Return for every target of the record in words where it stands."""
    places = {"visit": "Thông tin buổi kiểm tra"}
    places |= {f"finding:{one.key}": one.title for one in record.findings}
    places |= {f"member:{one.pk}": f"Tổ kiểm tra: {one}" for one in record.members}
    places |= {f"attendee:{one.client_id}": f"Phía nhà trường: {one}" for one in record.attendees}
    places |= {f"question:{one.pk}": f"Phiếu kiểm tra: {one}" for one in record.questions}
    for finding in record.findings:
        for advice in finding.recommendations.all():
            places[f"recommendation:{advice.client_id}"] = f"Kiến nghị, {finding}"
        for photo in finding.photos.all():
            places[f"photo:{photo.client_id}"] = f"Ảnh, {finding}"
    return places
