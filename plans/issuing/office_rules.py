"""What the body above a school decides about its documents on a day: approval, key files, days to answer.

As with layouts, the nearest body that has decided counts, and of its decisions the one begun last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plans.issuing.models import OfficeRule
from plans.schools.above import bodies_above, nearest
from plans.schools.models import ManagingBody, School, in_force


@dataclass(frozen=True, slots=True)
class OfficeRuleFacts:
    """A rule as values; `body_id` is None where no body has decided anything and the defaults hold.

    `answer_within_days` are calendar days from receipt of a plan to the body's answer.
    """

    approves_plans: bool
    allows_key_files: bool
    answer_within_days: int
    body_id: int | None = None


def default_rule() -> OfficeRuleFacts:
    """Return what holds where no body has decided: the defaults of the model's fields."""
    return _facts(OfficeRule())


def rule_for(school: School, on: date) -> OfficeRuleFacts:
    """Return what holds for the documents of `school` on the day `on`.

    Of the bodies that manage the school directly, then of those on its letterhead, then of those above them in
    the tree, the nearest with a rule in force decides; of several rules of one body the one begun last. One
    query for the rules, one for the school's bodies and one for each generation above them. Raises nothing.
    """
    above = bodies_above(school, on)
    rules = OfficeRule.objects.filter(in_force(on), body__in=above)
    ordered = sorted(rules, key=lambda rule: (-nearest(rule.body_id, above), *_begun(rule)))
    return _facts(ordered[-1]) if ordered else default_rule()


def own_rule(body: ManagingBody, on: date) -> OfficeRuleFacts:
    """Return what a body itself has decided for the day `on`, else the defaults; what stands above it is not asked."""
    rules = sorted(OfficeRule.objects.filter(in_force(on), body=body), key=_begun)
    return _facts(rules[-1]) if rules else default_rule()


def _begun(rule: OfficeRule) -> tuple[date, int]:
    """Return by what the rule begun last is found."""
    return (rule.valid_from or date.min, rule.pk)


def _facts(rule: OfficeRule) -> OfficeRuleFacts:
    return OfficeRuleFacts(
        rule.approves_plans, rule.allows_key_files, rule.answer_within_days, rule.body_id
    )
