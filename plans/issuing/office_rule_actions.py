"""What a body decides for its schools' documents; every decision is a new row, so that the past keeps its rule."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.accounts.models import User
from plans.history.actions import record
from plans.issuing.models import OfficeRule
from plans.schools.models import ManagingBody

MOST_DAYS = 90


@transaction.atomic
def set_office_rule(
    *,
    body: ManagingBody,
    approves_plans: bool,
    allows_key_files: bool,
    answer_within_days: int,
    valid_from: date,
    by: User,
) -> OfficeRule:
    """Let the rule hold for the schools of `body` from `valid_from` on, until another begins; return its row.

    `answer_within_days` are calendar days, 1 to MOST_DAYS. Raises ValidationError by field.
    """
    if not 1 <= answer_within_days <= MOST_DAYS:
        words = f"Số ngày hẹn trả lời là từ 1 đến {MOST_DAYS}."
        raise ValidationError({"answer_within_days": words})
    rule = OfficeRule(
        body=body,
        approves_plans=approves_plans,
        allows_key_files=allows_key_files,
        answer_within_days=answer_within_days,
        valid_from=valid_from,
    )
    rule.full_clean()
    rule.save()
    after = {
        "approves_plans": approves_plans,
        "allows_key_files": allows_key_files,
        "answer_within_days": answer_within_days,
        "valid_from": valid_from.isoformat(),
    }
    record("office_rule.set", rule, by=by, after=after, body_id=body.pk)
    return rule
