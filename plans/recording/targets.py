"""The rows of a record that entries name, read together before a packet is applied and written together after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Max

from plans.accounts.models import User
from plans.checklists.models import Question
from plans.inspections.models import (
    Attendee,
    ChecklistAnswer,
    Inspection,
    Photo,
    Recommendation,
)
from plans.recording.fields import split_target

UNKNOWN = "Biên bản này không có chỗ ghi đó."
NO_FINDING = "Chưa rõ kiến nghị này thuộc nhận xét nào."
_BY_CLIENT_ID = ("recommendation", "attendee", "photo")
NOT_MOVED = "Kiến nghị không chuyển sang nhận xét khác được. Hãy bỏ rồi ghi lại ở chỗ mới."


class Row:
    """A row with fields that are counted: what stands there, the number of its changes, and what was changed."""

    def __init__(self, thing: models.Model, *, is_new: bool = False) -> None:
        self.thing, self.is_new = thing, is_new
        self.changed: set[str] = set()

    def value(self, name: str) -> str:
        """Return what stands in the field `name`."""
        if isinstance(self.thing, Recommendation) and name == "finding":
            return self.thing.finding.key
        return str(getattr(self.thing, name))

    def revision(self, name: str) -> int:
        """Return how often the field was changed so far."""
        number: int = self.thing.revisions.get(name, 0)  # type: ignore[attr-defined]  # every target has them
        return number

    def begins_with(self, name: str) -> bool:
        """Say whether the row comes about by the field `name`, whose value then stands there from the outset."""
        first = self.is_new and isinstance(self.thing, Recommendation) and name == "finding"
        return first and not self.revision(name)

    def put(self, name: str, value: str) -> None:
        """Set the field and count the change."""
        if not (isinstance(self.thing, Recommendation) and name == "finding"):
            setattr(self.thing, name, value)
        self.count(name)

    def count(self, name: str) -> None:
        """Count a change of the field."""
        self.thing.revisions[name] = self.revision(name) + 1  # type: ignore[attr-defined]
        self.changed |= {name, "revisions"} | ({"due_on"} if name == "due" else set())


class Rows:
    """All rows that a packet's targets name, none of another visit; one query for each kind."""

    def __init__(self, inspection: Inspection, targets: Iterable[str], *, by: User) -> None:
        self._inspection, self._by = inspection, by
        names: dict[str, set[str]] = defaultdict(set)
        for target in targets:
            kind, name = split_target(target)
            names[kind].add(name)
        self._rows: dict[str, Row] = {"visit:": Row(inspection)}
        self._load_findings(names)
        self._load_by_client_id(names)
        self._load_members(names["member"])
        self._load_questions(names["question"])

    # --- reading

    def _load_findings(self, names: dict[str, set[str]]) -> None:
        # A new recommendation names its finding by a value, so then all of them are wanted.
        rows = self._inspection.findings.all()
        if not names["recommendation"]:
            rows = rows.filter(key__in=names["finding"])
        self._findings = (
            {row.key: row for row in rows} if names["finding"] or names["recommendation"] else {}
        )
        self._add("finding", self._findings)

    def _load_by_client_id(self, names: dict[str, set[str]]) -> None:
        self._taken: set[tuple[str, UUID]] = set()
        here: tuple[tuple[str, Any, dict[str, Any]], ...] = (
            ("recommendation", Recommendation, {"finding__inspection": self._inspection}),
            ("attendee", Attendee, {"inspection": self._inspection}),
            ("photo", Photo, {"finding__inspection": self._inspection}),
        )
        for kind, model, own in here:
            ids = {one for one in map(read_uuid, names[kind]) if one}
            if not ids:
                continue
            rows = model.objects.filter(client_id__in=ids, **own).order_by("pk")
            if kind == "recommendation":
                rows = rows.select_related("finding")
            found = {str(row.client_id): row for row in rows}
            self._add(kind, found)
            if missing := [one for one in ids if str(one) not in found]:
                others = model.objects.filter(client_id__in=missing).order_by("pk")
                self._taken |= {(kind, one) for one in others.values_list("client_id", flat=True)}

    def _load_members(self, names: set[str]) -> None:
        if names:
            people = {str(one.pk): one for one in self._inspection.team}
            self._add("member", {name: people[name] for name in names if name in people})

    def _load_questions(self, names: set[str]) -> None:
        ids = [int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 19]
        if not ids:
            return
        pinned = Question.objects.filter(pk__in=ids, checklist__inspections=self._inspection)
        given = {row.question_id: row for row in self._inspection.answers.filter(question__in=ids)}
        for question in pinned.order_by("pk"):
            answer = given.get(question.pk) or ChecklistAnswer(inspection=self._inspection)
            answer.question = question
            self._rows[f"question:{question.pk}"] = Row(answer, is_new=answer.pk is None)

    def _add(self, kind: str, rows: dict[str, Any]) -> None:
        self._rows |= {f"{kind}:{name}": Row(row) for name, row in rows.items()}

    # --- finding and beginning rows

    def find(self, target: str, name: str, value: str) -> Row | str:
        """Return the row that a target names, begun where the field may begin one; words where there is none."""
        kind, key = split_target(target)
        if kind == "visit":
            return UNKNOWN if key else self._rows["visit:"]
        uuid = read_uuid(key) if kind in _BY_CLIENT_ID else None
        row = self._rows.get(f"{kind}:{uuid or key}")
        if row is not None:
            if (kind, name) == ("recommendation", "finding") and row.value(name) != value:
                return NOT_MOVED
            return row
        if uuid is None or kind == "photo" or (kind, uuid) in self._taken:
            return UNKNOWN
        begun = self._begin(kind, uuid, name, value)
        if isinstance(begun, Row):
            self._rows[f"{kind}:{uuid}"] = begun
        return begun

    def _begin(self, kind: str, uuid: UUID, name: str, value: str) -> Row | str:
        if kind == "attendee":
            made = Attendee(inspection=self._inspection, client_id=uuid, place=self._next_place())
            return Row(made, is_new=True)
        if name != "finding":
            return NO_FINDING
        finding = self._findings.get(value)
        if finding is None:
            return UNKNOWN
        return Row(
            Recommendation(finding=finding, client_id=uuid, created_by=self._by, revisions={}),
            is_new=True,
        )

    def _next_place(self) -> int:
        new = [row for row in self._rows.values() if row.is_new and isinstance(row.thing, Attendee)]
        if new:
            return 1 + max(row.thing.place for row in new if isinstance(row.thing, Attendee))
        last = self._inspection.attendees.aggregate(last=Max("place"))["last"]
        return 0 if last is None else last + 1

    # --- writing

    def write(self) -> None:
        """Write every row that was begun or changed; one query for each kind and way."""
        by_model: dict[type[models.Model], list[Row]] = defaultdict(list)
        for row in self._rows.values():
            # A recommendation is there once its place is: the words may come in the next packet.
            if row.changed or (row.is_new and isinstance(row.thing, Recommendation)):
                by_model[type(row.thing)].append(row)
        for model, rows in by_model.items():
            new = [row.thing for row in rows if row.is_new]
            old = [row for row in rows if not row.is_new]
            names = sorted(set().union(*(row.changed for row in old)) - {"finding"})
            model._default_manager.bulk_create(new)
            model._default_manager.bulk_update([row.thing for row in old], names) if old else None


def normal_target(target: str) -> str:
    """Return a target as entries keep it: an id in it in its one usual form."""
    kind, name = split_target(target)
    uuid = read_uuid(name) if kind in _BY_CLIENT_ID else None
    return f"{kind}:{uuid}" if uuid else target


def read_uuid(text: str) -> UUID | None:
    """Return the id that a text is, None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None
