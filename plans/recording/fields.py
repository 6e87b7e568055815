"""What may be written on the spot, as a table: for each kind of target its fields, their names, what they take."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from plans.checklists.models import Question
from plans.inspections.enums import Verdict
from plans.inspections.models import (
    Attendee,
    ChecklistAnswer,
    Finding,
    Inspection,
    Photo,
    Recommendation,
    TeamMember,
)
from plans.planning.fields import TypedField

YES_NO = {"yes": "Có", "no": "Không"}
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*\s?%?")
_NOT_OFFERED = "Điều này không có trong các lựa chọn của ô."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of target: the model of its rows and the fields that may be written there."""

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("visit", Inspection, ("held_on", "began", "ended", "place", "copies", "school_words")),
        Kind("finding", Finding, ("verdict", "seen", "evidence", "strengths", "limits")),
        Kind("recommendation", Recommendation, ("finding", "body", "owner", "due", "removed")),
        Kind("attendee", Attendee, ("honorific", "full_name", "position", "removed")),
        Kind("member", TeamMember, ("present",)),
        Kind("photo", Photo, ("caption", "removed")),
        Kind("question", ChecklistAnswer, ("value",)),
    )
}


def split_target(target: str) -> tuple[str, str]:
    """Return kind and name of a target: ("finding", "viec-12"); ("visit", "") for the visit itself."""
    kind, _, name = target.partition(":")
    return kind, name


def field_label(kind: str, field: str) -> str:
    """Return what people call a field: "nhận xét"."""
    return str(getattr(KINDS[kind].model._meta.get_field(field), "verbose_name", field))


def value_words(target: str, field: str, value: str) -> str:
    """Return how people read a value that is chosen rather than typed: "Đã thực hiện"; typed words as they are."""
    kind, _ = split_target(target)
    if field == "removed" and kind in _ROWS:
        return f"{'Đã bỏ' if value else 'Đã lấy lại'} {_ROWS[kind]}"
    return _READ_AS.get((kind, field), {}).get(value, value)


def is_typed(target: str, field: str) -> bool:
    """Say whether a field takes words; whoever decides about others may then write words of their own."""
    kind, _ = split_target(target)
    return field not in ("removed", "finding") and (kind, field) not in _READ_AS


_ROWS = {"recommendation": "kiến nghị", "attendee": "người dự", "photo": "ảnh"}
_READ_AS: dict[tuple[str, str], dict[str, str]] = {
    ("finding", "verdict"): {one.value: str(one.label) for one in Verdict},
    ("member", "present"): {"yes": "Có mặt", "no": "Vắng"},
}


def complaint(kind: str, field: str, value: str) -> str:
    """Return in a sentence why a field does not take `value`, "" where it does; answers: see `answer_complaint`."""
    column = KINDS[kind].model._meta.get_field(field)
    choose = _CHOSEN.get((kind, field)) or _CHOSEN.get(("", field))
    if choose is not None:
        return "" if choose(value) else _NOT_OFFERED
    if isinstance(column, TypedField) and len(value) > column.limit:
        label = field_label(kind, field)
        most, given = _count(column.limit), _count(len(value))
        return f"Ô “{label}” nhận nhiều nhất {most} ký tự, điều đã ghi dài {given} ký tự."
    return ""


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


_CHOSEN: dict[tuple[str, str], Callable[[str], bool]] = {
    ("finding", "verdict"): lambda value: value in {"", *Verdict.values},
    ("member", "present"): lambda value: value in {"yes", "no"},
    ("", "removed"): lambda value: value in {"", "1"},
}


def answer_complaint(question: Question, value: str) -> str:
    """Return in a sentence why a question does not take `value`, "" where it does; no answer is always taken."""
    kinds = Question.Kind
    if not value.strip():
        return ""
    if question.kind == kinds.YES_NO:
        return "" if value in YES_NO else _NOT_OFFERED
    if question.kind == kinds.CHOICE:
        return "" if value in question.choices else _NOT_OFFERED
    if question.kind == kinds.SEVERAL:
        return "" if set(value.split("\n")) <= set(question.choices) else _NOT_OFFERED
    if question.kind == kinds.NUMBER and not _NUMBER.fullmatch(value.strip()):
        return "Câu này trả lời bằng số, ví dụ 12 hoặc 3,5."
    return complaint("question", "value", value)
