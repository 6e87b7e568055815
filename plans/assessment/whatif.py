"""What the school's level becomes if an action of the plan succeeds; pure: values in, values out.

An action that succeeds brings its criterion to the highest level that the action aims at. Everything else stays
as it is known now, so the answer is as certain as the results are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from criteria.levels import FrameworkFacts, LevelRule, Proposal, Reached, Result, propose


@dataclass(frozen=True, slots=True)
class Aim:
    """One action: its id, the number of its criterion, the highest level it aims at."""

    action: int
    criterion: str
    level: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the school if one action succeeds.

    `helps`: the level, or what it may reach, rises. `fewer`: how many criteria less then keep the school from
    its next level, where the level itself does not rise.
    """

    aim: Aim
    after: Proposal
    helps: bool
    fewer: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The school now, after each action by itself, and after all of them; each in the order of `aims`."""

    now: Proposal
    outcomes: tuple[Outcome, ...]
    after_all: Proposal


def what_if(
    rule: LevelRule,
    facts: FrameworkFacts,
    results: Mapping[str, Result],
    aims: Sequence[Aim],
) -> WhatIf:
    """Return what each aim by itself, and all together, make of the school's level.

    `results`: as `criteria.levels.propose` takes them. Raises ValueError for an aim at a criterion or a level
    that the framework does not have (see `aim_at`), RuleDoesNotFit.
    """
    now = propose(rule, facts, results)
    answers: dict[tuple[str, int], Proposal] = {}  # many actions aim at the same
    outcomes = []
    for aim in aims:
        key = (aim.criterion, aim.level)
        after = answers.get(key)
        if after is None:
            after = answers[key] = propose(rule, facts, lifted(facts, results, [aim]))
        helps = _rises(now, after)
        fewer = 0 if helps else max(0, _lacking(now) - _lacking(after))
        outcomes.append(Outcome(aim, after, helps, fewer))
    return WhatIf(now, tuple(outcomes), propose(rule, facts, lifted(facts, results, aims)))


def aim_at(facts: FrameworkFacts, number: str, levels: Sequence[int]) -> int | None:
    """Return the highest level a criterion has that is not above those aimed at; None when there is none."""
    has = next((c.levels for c in facts.criteria if c.number == number), ())
    return max((level for level in has if level <= max(levels, default=0)), default=None)


def lifted(
    facts: FrameworkFacts, results: Mapping[str, Result], aims: Sequence[Aim]
) -> dict[str, Result]:
    """Return the results with every aim reached; a criterion that is already higher stays there."""
    highest = {criterion.number: max(criterion.levels) for criterion in facts.criteria}
    after = dict(results)
    for aim in aims:
        known = after.get(aim.criterion)
        if known is None:
            known = Reached(0, highest.get(aim.criterion, 0))
        elif not isinstance(known, Reached):
            known = Reached(known, known)
        after[aim.criterion] = Reached(
            max(known.at_least, aim.level), max(known.at_most, aim.level)
        )
    return after


def _rises(now: Proposal, after: Proposal) -> bool:
    return (after.level or 0, after.highest_possible) > (now.level or 0, now.highest_possible)


def _lacking(proposal: Proposal) -> int:
    return sum(len(reason.criteria) for reason in proposal.held_back_by)
