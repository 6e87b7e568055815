"""Checklists, read: their questions by criterion, and what a person saw when they pressed a button."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from criteria.models import Criterion, Standard
from plans.checklists.models import Checklist, Question


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """A criterion in a checklist, with its questions in order."""

    criterion: Criterion
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class StandardPart:
    """A standard in a checklist, with its criteria in order."""

    standard: Standard
    criteria: tuple[CriterionPart, ...]


def questions_by_criterion(checklists: Iterable[Checklist]) -> dict[int, list[Question]]:
    """Return the questions of several checklists by criterion: id of the criterion → questions.

    Within a criterion they come in the order of the checklists given, then in that of each checklist. A
    criterion without questions has no key; {} means that nothing is asked at all. One query, none without
    checklists; each question has its checklist loaded.
    """
    given = {checklist.pk: checklist for checklist in checklists}
    if not given:
        return {}
    order = {pk: place for place, pk in enumerate(given)}
    rows = Question.objects.filter(checklist__in=given).order_by("position", "pk")
    found: dict[int, list[Question]] = {}
    for question in sorted(rows, key=lambda one: order[one.checklist_id]):
        question.checklist = given[question.checklist_id]
        found.setdefault(question.criterion_id, []).append(question)
    return found


def parts_of(checklist: Checklist, *, asked_only: bool) -> list[StandardPart]:
    """Return a checklist by standard and criterion, in the order of its framework.

    With `asked_only`, only the criteria that have questions, and their standards; [] where nothing is asked.
    Three queries, however many questions.
    """
    questions = questions_by_criterion([checklist])
    standards = Standard.objects.of(checklist.framework).prefetch_related("criteria")
    found = []
    for standard in standards:
        criteria = sorted(standard.criteria.all(), key=lambda one: one.position)
        parts = tuple(
            CriterionPart(criterion, tuple(questions.get(criterion.pk, ())))
            for criterion in criteria
            if criterion.pk in questions or not asked_only
        )
        if parts:
            found.append(StandardPart(standard, parts))
    return found


def values_of(question: Question) -> dict[str, Any]:
    """Return what a question says, JSON-able: words, kind, choices, hint."""
    return {
        "words": question.words,
        "kind": str(question.kind),
        "choices": list(question.choices),
        "hint": question.hint,
    }


def seen_question(question: Question) -> str:
    """Return a mark of what a question says; another mark means that somebody changed it."""
    return _mark(values_of(question))


def seen_checklist(checklist: Checklist) -> str:
    """Return a mark of everything that a checklist says and in which order. One query."""
    rows = checklist.questions.order_by("position", "pk")
    asked = [[row.criterion_id, row.position, values_of(row)] for row in rows]
    return _mark([checklist.title, asked])


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
