"""The record on the spot as pages: opening it, writing in it without a script, the log of what was written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.checklists.models import Question
from plans.followups.items import items_for_visit
from plans.inspections.enums import Outcome, Verdict
from plans.inspections.models import Entry, Finding, Inspection, Photo, Recommendation
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.recording.entries import Applied, SentEntry, apply_entries
from plans.recording.entries import settle as settle_entry
from plans.recording.fields import (
    KINDS,
    YES_NO,
    field_label,
    is_typed,
    split_target,
    value_words,
)
from plans.recording.opening import newer_version, open_record, version_to_open
from plans.recording.reading import (
    Conflict,
    Record,
    Values,
    open_conflicts,
    place_words,
    questions_of,
    read_record,
    targets_of,
    values_of,
)
from plans.web.request import Request, is_id
from plans.web.visits.dues import due_words
from plans.web.visits.suggesting import suggestions

A_PAGE = 100


def open_visit(request: Request, inspection: Inspection) -> HttpResponse:
    """Say which version of the plan the record is opened on, and open it."""
    if request.method == "POST":
        try:
            open_record(inspection=inspection, by=request.user)
        except MoveNotAllowed as error:  # somebody else of the team was faster
            messages.info(request, str(error))
            return redirect("visits:visit", inspection.pk)
        messages.success(request, "Đã mở biên bản.")
        return redirect("visits:record", inspection.pk)
    today = timezone.localdate()
    context = {
        "inspection": inspection,
        "version": version_to_open(inspection, today),
        "is_early": today < inspection.planned_on,
        "open_items": items_for_visit(inspection),
    }
    return render(request, "plans/visits/open.html", context)


# --- the page of the record -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """One field on the page: under which name it is sent, what stands there, the number of its changes.

    `reading` is what was understood of it, for a field that is read.
    """

    target: str
    name: str
    label: str
    value: str
    base: int
    reading: str = ""

    @property
    def id(self) -> str:
        """What the box is called in the page."""
        return f"{self.target}-{self.name}".replace(":", "-")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a checklist with the box for its answer."""

    question: Question
    box: Box
    choices: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation on the page; `given` is None where a new one may be begun."""

    given: Recommendation | None
    target: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo on the page with the box of its caption."""

    photo: Photo
    target: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the plan on the page, with everything that is written there."""

    finding: Finding
    target: str
    verdict: Box
    boxes: tuple[Box, ...]
    advice: tuple[Advice, ...]
    new_advice: Advice
    photos: tuple[Shown, ...]
    new_photo: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A row of several boxes that are sent together: the visit's own fields, a person."""

    target: str
    name: str
    boxes: tuple[Box, ...]


def record_page(request: Request, inspection: Inspection) -> HttpResponse:
    """The whole record on one page: who is there, each part of the plan, the checklists, what two wrote differently."""
    record = read_record(inspection)
    values = values_of(record)
    open_items = items_for_visit(inspection)
    context = {
        "inspection": inspection,
        "writable": inspection.state == InspectionState.OPEN,
        "may_conclude": request.user.has_perm("plans.conclude_visit", inspection),
        "notice": newer_version(inspection),
        "verdicts": Verdict.choices,
        "visit": _group("visit", "Buổi kiểm tra", values),
        "members": [_group(f"member:{one.pk}", one.printed, values) for one in record.members],
        "attendees": [
            _group(f"attendee:{one.client_id}", one.full_name, values)
            for one in record.attendees
            if not one.removed
        ],
        "new_attendee": _new_group("attendee"),
        "items": list(_items(record, values)),
        "conflicts": open_conflicts(inspection, values),
        "open_items": open_items,
        "suggested": suggestions(record, open_items),
    }
    return render(request, "plans/visits/record.html", context)


def _group(target: str, name: str, values: Values) -> Group:
    return Group(target, name, tuple(_boxes(target, values)))


def _boxes(target: str, values: Values) -> Iterator[Box]:
    kind, _ = split_target(target)
    for name, (value, revision) in values[target].items():
        yield Box(target, name, field_label(kind, name), value, revision)


def _new_group(kind: str) -> Group:
    target = f"{kind}:{uuid4()}"
    names = [name for name in KINDS[kind].fields if name not in ("finding", "removed")]
    return Group(target, "", tuple(Box(target, n, field_label(kind, n), "", 0) for n in names))


def _items(record: Record, values: Values) -> Iterator[Item]:
    questions = questions_of(record)
    for finding in record.findings:
        target = f"finding:{finding.key}"
        verdict, *boxes = _boxes(target, values)
        yield Item(
            finding=finding,
            target=target,
            verdict=verdict,
            boxes=tuple(boxes),
            advice=tuple(
                _advice(one, values) for one in finding.recommendations.all() if not one.removed
            ),
            new_advice=_new_advice(),
            photos=tuple(_shown(one, values) for one in finding.photos.all() if not one.removed),
            new_photo=str(uuid4()),
            asked=tuple(_asked(one, values) for one in questions.get(finding.key, [])),
        )


def _advice(given: Recommendation, values: Values) -> Advice:
    group = _group(f"recommendation:{given.client_id}", "", values)
    shown = tuple(
        replace(box, reading=due_words(given.due, given.due_on)) if box.name == "due" else box
        for box in group.boxes
        if box.name != "finding"
    )
    return Advice(given, group.target, shown)


def _shown(photo: Photo, values: Values) -> Shown:
    group = _group(f"photo:{photo.client_id}", "", values)
    return Shown(photo, group.target, group.boxes)


def _new_advice() -> Advice:
    group = _new_group("recommendation")
    return Advice(None, group.target, group.boxes)


def _asked(question: Question, values: Values) -> Asked:
    (box,) = _boxes(f"question:{question.pk}", values)
    kinds = Question.Kind
    choices: tuple[tuple[str, str], ...] = ()
    if question.kind == kinds.YES_NO:
        choices = tuple(YES_NO.items())
    elif question.kind in (kinds.CHOICE, kinds.SEVERAL):
        choices = tuple((one, one) for one in question.choices)
    return Asked(question, box, choices, tuple(box.value.split("\n")) if choices else ())


# --- writing without a script -----------------------------------------------------------------------------


def save(request: Request, inspection: Inspection) -> HttpResponse:
    """Take the fields of one target from an ordinary form, say what became of them, and go back to their place."""
    target = request.POST.get("target", "")
    kind, _ = split_target(target)
    sent = list(_typed(request, target)) if kind in KINDS else []
    applied = apply_entries(inspection=inspection, sent=sent, by=request.user, device="")
    _tell(request, applied)
    return redirect(f"{reverse('visits:record', args=[inspection.pk])}#{_anchor(request, target)}")


def _typed(request: Request, target: str) -> Iterator[SentEntry]:
    """Yield an entry for each field of the form; several answers to one question are one to a line."""
    kind, _ = split_target(target)
    for name in KINDS[kind].fields:
        if name in request.POST:
            value = "\n".join(one for one in request.POST.getlist(name) if one)
            base = request.POST.get(f"base-{name}", "")
            number = int(base) if is_id(base) else 0
            yield SentEntry(uuid4(), target, name, value, number)


def _anchor(request: Request, target: str) -> str:
    place = request.POST.get("noi", "") or target
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in place)[:140]


def _tell(request: Request, applied: Sequence[Applied]) -> None:
    outcomes = {one.outcome for one in applied}
    if Outcome.SAVED in outcomes:
        messages.success(request, "Đã ghi vào biên bản.")
    elif outcomes <= {Outcome.SAME}:
        messages.info(request, "Không có gì thay đổi.")
    for words in dict.fromkeys(one.words for one in applied if one.words):
        messages.warning(request, words)


# --- the log ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log, as people read it; of an open conflict also what stands there, after how many changes."""

    entry: Entry
    place: str
    label: str
    words: str
    theirs: str
    is_typed: bool
    revision: int


def entries(request: Request, inspection: Inspection) -> HttpResponse:
    """Nhật ký ghi tại chỗ: everything that was sent, refused and conflicting words among it, the newest first."""
    record = read_record(inspection)
    values = values_of(record)
    conflicts = open_conflicts(inspection, values)
    # In which part a recommendation stands is sent along with it; nobody typed that.
    unseen = Q(field="finding", outcome__in=[Outcome.SAVED, Outcome.SAME])
    rows = inspection.entries.exclude(unseen).select_related("person", "settled_by")
    rows = rows.order_by("-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("trang"))
    places = place_words(record)
    yes_no = {f"question:{one.pk}" for one in record.questions if one.kind == Question.Kind.YES_NO}
    context = {
        "inspection": inspection,
        "page": page,
        "lines": [_line(places, yes_no, entry) for entry in page.object_list],
        "conflicts": conflicts,
        "waiting": [_line(places, yes_no, one.entry, one) for one in conflicts],
        "writable": request.user.has_perm("plans.record_visit", inspection),
    }
    return render(request, "plans/visits/entries.html", context)


def _line(
    places: Mapping[str, str],
    yes_no: Collection[str],
    entry: Entry,
    conflict: Conflict | None = None,
) -> Line:
    target, field = entry.target, entry.field
    kind, _ = split_target(target)
    known = kind in KINDS and field in KINDS[kind].fields
    label = field_label(kind, field) if known else field

    def read(value: str) -> str:
        if target in yes_no:
            return YES_NO.get(value, value)
        if field == "finding":
            return places.get(f"finding:{value}", value)
        return value_words(target, field, value)

    return Line(
        entry,
        places.get(target, target),
        "" if field == "removed" else label,
        read(entry.value),
        read(conflict.theirs) if conflict else "",
        is_typed(target, field) and target not in yes_no,
        conflict.revision if conflict else 0,
    )


def settle(request: Request, inspection: Inspection, entry: int) -> HttpResponse:
    """Decide a conflict: for the words that wait, for those that stand there, or for others."""
    rows = inspection.entries.filter(outcome=Outcome.CONFLICT)
    found = rows.filter(pk=entry).first() if entry < 2**63 else None
    if found is None:
        raise Http404
    value, seen = _decided(request, inspection, found), request.POST.get("base", "")
    base = int(seen) if is_id(seen) else 0
    try:
        _tell(request, [settle_entry(entry=found, value=value, base=base, by=request.user)])
    except MoveNotAllowed as error:  # decided, or closed, while this page stood open
        messages.info(request, str(error))
    return redirect("visits:entries", inspection.pk)


def _decided(request: Request, inspection: Inspection, entry: Entry) -> str:
    choice = request.POST.get("chon", "")
    if choice == "khac":
        return request.POST.get("loi", "")
    if choice == "moi":
        return entry.value
    rows = dict(targets_of(read_record(inspection)))
    return rows[entry.target].value(entry.field) if entry.target in rows else entry.value
