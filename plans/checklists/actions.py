"""What an office does to its checklists; a published version never changes, and every write is recorded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from criteria.models import Criterion, Framework
from plans.accounts.models import User
from plans.checklists.models import Checklist, Question
from plans.checklists.reading import seen_checklist, seen_question, values_of
from plans.history.actions import record
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.schools.models import ManagingBody
from plans.text import fold, nfc
from plans.versions import write_where_unmoved

FIELDS = ("words", "kind", "choices", "hint")
WITH_CHOICES = frozenset({Question.Kind.CHOICE, Question.Kind.SEVERAL})
MOST_CHOICES = 50
LONGEST_CHOICE = 200
MOST_QUESTIONS = 500
PUBLISHED = (
    "Phiếu đã ban hành nên không sửa được nữa. Đề nghị quý vị lập phiên bản mới rồi sửa ở đó."
)
GONE = "Phiếu này không còn: có người vừa bỏ bản đang soạn."
_REMOVE = "checklist.remove_question"
_CODE_LENGTH = 34  # of the 40 signs of a code; the rest is for "-2"

# --- a checklist and its versions -------------------------------------------------------------------------


@transaction.atomic
def create_checklist(
    *, body: ManagingBody, framework: Framework, title: str, by: User
) -> Checklist:
    """Begin a checklist of a body for a framework and return it: version 1, a draft without questions.

    Its code comes from the title and stays when that is changed. Raises ValidationError by field.
    """
    # Two people of one body do not come to the same code at once.
    ManagingBody.objects.select_for_update().get(pk=body.pk)
    title = _title(title)
    made = Checklist(body=body, framework=framework, title=title, code=_free_code(body, title))
    made.full_clean()
    made.save()
    _record("checklist.create", made, by)
    return made


@transaction.atomic
def change_title(*, checklist: Checklist, title: str, version: int, by: User) -> Checklist:
    """Give a draft another title and return it.

    Raises ValidationError, also when somebody saved a title after the version seen; MoveNotAllowed when the
    checklist is published.
    """
    now = _held_draft(checklist)
    before, now.title = now.title, _title(title)
    now.full_clean()
    if now.title == before:
        return now
    write_where_unmoved(now, {"title": now.title}, version)
    _record("checklist.rename", now, by, before={"title": before})
    return now


@transaction.atomic
def publish(*, checklist: Checklist, seen: str, by: User) -> Checklist:
    """Publish a draft as it was seen (`seen_checklist`) and return it; from then on visits may use it.

    Raises ValidationError when nothing is asked in it or somebody changed it since; MoveNotAllowed when it is
    published already.
    """
    now = _held_draft(checklist)
    if not now.questions.exists():
        raise ValidationError("Phiếu chưa có câu hỏi nào nên chưa ban hành được.")
    if seen != seen_checklist(now):
        raise ValidationError(
            "Phiếu vừa được người khác sửa. Đề nghị quý vị xem lại, rồi bấm ban hành lần nữa."
        )
    now.published_at, now.published_by = timezone.now(), by
    now.version += 1
    now.full_clean()
    now.save()
    _record("checklist.publish", now, by, after={"number": now.number})
    return now


@transaction.atomic
def begin_version(*, checklist: Checklist, by: User) -> Checklist:
    """Begin the next version of a checklist as a copy of its last one and return the draft.

    Raises ValidationError when its last version is a draft still.
    """
    ManagingBody.objects.select_for_update().get(pk=checklist.body_id)
    versions = Checklist.objects.filter(body=checklist.body_id, code=checklist.code)
    last = versions.order_by("-number").first()
    if last is None or last.is_draft:
        raise ValidationError("Phiếu này đang có một bản soạn dở. Đề nghị quý vị sửa ở bản ấy.")
    made = Checklist(
        body=last.body,
        framework=last.framework,
        code=last.code,
        number=last.number + 1,
        title=last.title,
    )
    made.full_clean()
    made.save()
    questions = list(last.questions.all())
    for question in questions:
        question.pk, question.checklist = None, made
    Question.objects.bulk_create(questions)
    _record("checklist.new_version", made, by, before={"number": last.number})
    return made


@transaction.atomic
def drop_draft(*, checklist: Checklist, by: User) -> None:
    """Throw a draft away with its questions; published versions stay. Raises MoveNotAllowed for one of these."""
    now = _held_draft(checklist)
    rows = now.questions.order_by("position", "pk")
    asked = [{"criterion": row.criterion_id} | values_of(row) for row in rows]
    _record("checklist.drop", now, by, before={"title": now.title, "questions": asked})
    now.delete()


# --- the questions of a draft -----------------------------------------------------------------------------


@transaction.atomic
def add_question(
    *, checklist: Checklist, criterion: Criterion, values: Mapping[str, Any], by: User
) -> Question:
    """Ask one more question about a criterion, after those that are there; return it.

    `values` has words, kind (Question.Kind), choices (a list of words) and hint. Raises ValidationError by field;
    MoveNotAllowed when the checklist is published.
    """
    now = _held_draft(checklist)
    if criterion.standard.framework_id != now.framework_id:
        raise ValidationError("Tiêu chí này không thuộc bộ tiêu chuẩn của phiếu.")
    if now.questions.count() >= MOST_QUESTIONS:
        raise ValidationError(f"Một phiếu có nhiều nhất {MOST_QUESTIONS} câu hỏi.")
    last = now.questions.aggregate(last=Max("position"))["last"]
    question = Question(checklist=now, criterion=criterion, position=(last or 0) + 1)
    _fill(question, values)
    question.save()
    _record("checklist.add_question", now, by, after=values_of(question))
    return question


@transaction.atomic
def change_question(
    *, question: Question, values: Mapping[str, Any], seen: str, by: User
) -> Question:
    """Save what a question of a draft asks and return it; `seen` marks what the person saw (`seen_question`).

    Raises ValidationError by field, also when somebody changed or removed it since; MoveNotAllowed when the
    checklist is published.
    """
    checklist = _held_draft(question.checklist)
    now = checklist.questions.filter(pk=question.pk).first()
    if now is None:
        raise ValidationError("Câu hỏi này vừa được người khác bỏ.")
    before = values_of(now)
    if seen != seen_question(now):
        raise ValidationError(
            "Câu hỏi này vừa được người khác sửa. Chữ vừa gõ vẫn còn ở dưới; đề nghị quý vị mở lại trang "
            "trong thẻ khác để so, rồi lưu lần nữa."
        )
    _fill(now, values)
    after = values_of(now)
    changed = {name: before[name] for name in FIELDS if before[name] != after[name]}
    if changed:
        now.save()
        _record(
            "checklist.change_question", checklist, by, before={"words": before["words"], **changed}
        )
    return now


@transaction.atomic
def move_question(*, question: Question, up: bool, by: User) -> bool:
    """Change places with the question before or after it about the same criterion; False at the edge.

    Raises MoveNotAllowed when the checklist is published.
    """
    checklist = _held_draft(question.checklist)
    rows = list(
        checklist.questions.filter(criterion=question.criterion_id).order_by("position", "pk")
    )
    keys = [row.pk for row in rows]
    if question.pk not in keys:  # somebody removed it since the page was drawn
        return False
    here = keys.index(question.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(keys):
        return False
    places = sorted(row.position for row in rows)
    if len(set(places)) < len(places):  # places that two rows share tell no order
        places = list(range(places[-1] + 1, places[-1] + 1 + len(rows)))
    rows[here], rows[there] = rows[there], rows[here]
    for row, place in zip(rows, places, strict=True):
        row.position = place
    Question.objects.bulk_update(rows, ["position"])
    _record("checklist.move_question", checklist, by, before={"words": question.words})
    return True


@transaction.atomic
def remove_question(*, question: Question, by: User) -> None:
    """Take a question out of a draft; `bring_back` undoes it while nothing else was done to the checklist.

    Raises MoveNotAllowed when the checklist is published.
    """
    checklist = _held_draft(question.checklist)
    now = checklist.questions.filter(pk=question.pk).first()
    if now is None:
        return
    told = {"criterion": now.criterion_id, "position": now.position, **values_of(now)}
    now.delete()
    _record(_REMOVE, checklist, by, before=told)


def last_removed(checklist: Checklist) -> str:
    """Return the words of the question that `bring_back` would bring back; "" where there is none. One query."""
    event = _removal(checklist) if checklist.is_draft else None
    return str(event.before["words"]) if event else ""


@transaction.atomic
def bring_back(*, checklist: Checklist, by: User) -> Question:
    """Bring back the question that was removed last, in its place, and return it.

    Raises ValidationError when something else was done to the checklist since; MoveNotAllowed when it is
    published.
    """
    now = _held_draft(checklist)
    event = _removal(now)
    if event is None:
        raise ValidationError("Không còn câu hỏi nào để đưa lại.")
    told = event.before
    values = {name: told[name] for name in FIELDS}
    place = {"criterion_id": told["criterion"], "position": told["position"]}
    question = Question.objects.create(checklist=now, **place, **values)
    _record("checklist.bring_back", now, by, after=values_of(question))
    return question


def _removal(checklist: Checklist) -> Event | None:
    """Return the newest event about a checklist, where it tells of a removed question."""
    newest = Event.objects.about(checklist).order_by("-pk").first()
    return newest if newest is not None and newest.action == _REMOVE else None


# --- what is shared ---------------------------------------------------------------------------------------


def _held_draft(checklist: Checklist) -> Checklist:
    """Return the checklist as it is now, held for this transaction. Raises MoveNotAllowed unless it is a draft."""
    now = Checklist.objects.select_for_update().filter(pk=checklist.pk).first()
    if now is None:
        raise MoveNotAllowed(GONE)
    if not now.is_draft:
        raise MoveNotAllowed(PUBLISHED)
    return now


def _fill(question: Question, values: Mapping[str, Any]) -> None:
    """Write what is asked into a question. Raises ValidationError by field."""
    question.words, question.hint = _one_line(values["words"]), _one_line(values["hint"])
    if not question.words:
        raise ValidationError({"words": "Hãy ghi câu hỏi."})
    question.kind = values["kind"]
    question.choices = [one for one in map(_one_line, values["choices"]) if one]
    question.full_clean()
    _check_choices(question)


def _check_choices(question: Question) -> None:
    choices = question.choices
    if question.kind not in WITH_CHOICES:
        if choices:
            raise _about_choices(
                "Cách trả lời này không có lựa chọn. Đề nghị quý vị xóa các lựa chọn, hoặc chọn cách trả lời khác."
            )
        return
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise _about_choices(f"Hãy ghi từ 2 đến {MOST_CHOICES} lựa chọn, mỗi dòng một lựa chọn.")
    if max(map(len, choices)) > LONGEST_CHOICE:
        raise _about_choices(f"Mỗi lựa chọn dài nhất là {LONGEST_CHOICE} chữ.")
    met: set[str] = set()
    for one in choices:
        if one.casefold() in met:
            raise _about_choices(f"Lựa chọn “{one}” ghi hai lần.")
        met.add(one.casefold())


def _title(text: str) -> str:
    """Return a typed title on one line. Raises ValidationError where nothing is left of it."""
    title = _one_line(text)
    if not title:
        raise ValidationError({"title": "Hãy ghi tên phiếu."})
    return title


def _about_choices(words: str) -> ValidationError:
    return ValidationError({"choices": words})


def _one_line(text: str) -> str:
    """Return typed words on one line, without signs that no XML file can hold."""
    kept = (" " if unicodedata.category(one) == "Cc" else one for one in nfc(text))
    return " ".join(re.sub("[\ud800-\udfff\ufffe\uffff]", "", "".join(kept)).split())


def _free_code(body: ManagingBody, title: str) -> str:
    """Return a code from the title that no checklist of the body has: "phieu-kiem-tra", "phieu-kiem-tra-2"."""
    base = slugify(fold(title))[:_CODE_LENGTH].strip("-_") or "phieu"
    taken = set(
        Checklist.objects.filter(body=body, code__startswith=base)
        .order_by()
        .values_list("code", flat=True)
    )
    code, count = base, 1
    while code in taken:
        count += 1
        code = f"{base}-{count}"
    return code


def _record(
    action: str,
    checklist: Checklist,
    by: User,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(action, checklist, by=by, before=before, after=after, body_id=checklist.body_id)
