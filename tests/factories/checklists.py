"""Checklists of an office."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from criteria.models import Criterion, Framework
from plans.checklists.models import Checklist, Question
from plans.schools.models import ManagingBody
from tests.factories import accounts, criteria, schools

_numbers = count(1)


def checklist(
    body: ManagingBody | None = None,
    *,
    framework: Framework | None = None,
    published: bool = True,
    **values: Any,
) -> Checklist:
    """A checklist with one question of the kind "có hoặc không" about the first criterion."""
    number = next(_numbers)
    framework = framework or criteria.framework()
    made = Checklist.objects.create(
        body=body or schools.body(),
        framework=framework,
        published_at=timezone.now() if published else None,
        published_by=accounts.user() if published else None,
        **({"code": f"phieu-{number}", "title": f"Phiếu kiểm tra {number}"} | values),
    )
    question(made)
    return made


def question(checklist: Checklist, **values: Any) -> Question:
    """A question at the end of a checklist."""
    first = Criterion.objects.of(checklist.framework)[0]
    defaults = {
        "criterion": first,
        "position": next(_numbers),
        "words": "Bếp ăn có theo nguyên tắc một chiều không?",
        "kind": Question.Kind.YES_NO,
    }
    return Question.objects.create(checklist=checklist, **(defaults | values))
