"""From results by criterion to a proposed school level (mức, cấp độ kiểm định, chuẩn quốc gia).

Pure: values in, values out; no database, no disk, no clock. The rule itself is data (`LevelRule`,
read by `level_rules` from fixtures/level_rules/), because it changes with every circular.

What comes out is a **proposal, never a recognition** (đề xuất, không phải công nhận): a school is
recognised by the decision that follows an external evaluation, and such decisions are kept
elsewhere.

Two principles run through all of it:

- A level that a criterion does not have is skipped, never counted as failed (the "*" of the grid).
- No data is "chưa đánh giá", never "không đạt". So every answer is a pair: what is certain with the
  data at hand, and what is still possible once the missing data come in.

Source: TT 17, 18, 19/2018/TT-BGDĐT, Điều 6, 22, 34, 37; TT 57/2026/TT-BGDĐT, Điều 5, 16.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import TypeAlias

from criteria.checking import Provenance

# --- facts of a framework -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """What the rules need to know of a criterion (tiêu chí).

    `levels`: the levels it has, ascending. `indicators`: (level, letter) of each of its indicators;
    a level without any is one whose content has not been established, and it can only be marked as
    a whole.
    """

    number: str
    levels: tuple[int, ...]
    mandatory: bool = False
    indicators: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FrameworkFacts:
    """What the rules need to know of a framework; `requirements`: (level, clause) of each."""

    criteria: tuple[CriterionFacts, ...]
    requirements: tuple[tuple[int, int], ...] = ()


# --- the rule -------------------------------------------------------------------------------------


class Group(StrEnum):
    """The criteria that a condition speaks of."""

    ALL = "all"
    MANDATORY = "mandatory"
    OTHERS = "others"


GROUP_WORDS = {
    Group.ALL: "tiêu chí",
    Group.MANDATORY: "tiêu chí bắt buộc",
    Group.OTHERS: "tiêu chí không bắt buộc",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Criteria of `group` must reach `reach`: every one, or at least `at_least` of them.

    "At least 5 of 7" is read as "at most 2 may fall short", so that a criterion without the level
    counts neither way.
    """

    group: Group
    reach: int
    at_least: int | None = None

    def members(self, facts: FrameworkFacts) -> list[CriterionFacts]:
        """Return the criteria of the group, whether they have the level or not."""
        if self.group is Group.ALL:
            return list(facts.criteria)
        return [c for c in facts.criteria if c.mandatory is (self.group is Group.MANDATORY)]

    def spare(self, facts: FrameworkFacts) -> int:
        """Return how many of the group may fall short."""
        return 0 if self.at_least is None else max(0, len(self.members(facts)) - self.at_least)


@dataclass(frozen=True, slots=True)
class Step:
    """What a school must show for `level`, on top of the steps below it.

    `requirements`: it must meet the framework's school requirements of that level. The two grades
    are what the level is worth: None when it earns none.
    """

    level: int
    conditions: tuple[Condition, ...] = ()
    requirements: bool = False
    accreditation_grade: int | None = None
    national_standard_level: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class LevelRule:
    """How one regime adds results up to a school level. `steps` ascend from level 1 without a gap.

    `valid_to` is inclusive, None = open. `other_conditions`: what the regime asks beyond the
    criteria, to be shown beside a proposal because no result by criterion can answer it.
    """

    id: str
    name: str
    valid_from: date
    valid_to: date | None
    steps: tuple[Step, ...]
    other_conditions: tuple[str, ...] = ()
    provenance: Provenance = Provenance()

    def misfits(self, facts: FrameworkFacts) -> list[str]:
        """Return in Vietnamese why the rule cannot judge such a framework; [] means it can.

        A condition about criteria that do not exist would hold for want of a counterexample and
        hand out a level for nothing.
        """
        return [
            *(
                f"cách xét mức “{self.id}” cần {GROUP_WORDS[condition.group]} có Mức "
                f"{condition.reach} (ít nhất {condition.at_least or 1})"
                for step in self.steps
                for condition in step.conditions
                if sum(condition.reach in c.levels for c in condition.members(facts))
                < (condition.at_least or 1)
            ),
            *(
                f"cách xét mức “{self.id}” cần yêu cầu cấp trường của Mức {step.level}"
                for step in self.steps
                if step.requirements
                and step.level not in {level for level, clause in facts.requirements}
            ),
        ]


class RuleDoesNotFit(ValueError):
    """The rule asks for criteria or requirements that the framework does not have."""


# --- results and proposal -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reached:
    """A level as far as it is known: certainly `at_least`; with missing data at best `at_most`."""

    at_least: int
    at_most: int

    @property
    def level(self) -> int | None:
        """The certain level; 0 is "không đạt", None "chưa đánh giá": missing data decide."""
        return None if self.at_least == 0 < self.at_most else self.at_least

    @property
    def is_settled(self) -> bool:
        """Whether missing data can no longer change the level."""
        return self.at_least == self.at_most


class Verdict(Enum):
    """What can be said of a condition or a step."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"  # missing data decide


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps the school from `level`; `text` is a Vietnamese sentence to show.

    `criteria`: their numbers; `requirements`: clauses (khoản); both in the framework's order.
    `is_missing`: only data are missing, nothing has been found wanting.
    """

    level: int
    text: str
    criteria: tuple[str, ...] = ()
    requirements: tuple[int, ...] = ()
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """What can be said of one step, whatever the steps below it; no reasons if it holds."""

    step: Step
    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The level a school may claim in its self-assessment: a proposal, never a recognition.

    `not_assessed`: numbers of the criteria whose results are missing or incomplete.
    """

    rule: LevelRule
    steps: tuple[StepVerdict, ...]
    not_assessed: tuple[str, ...]

    @property
    def level(self) -> int | None:
        """The level that is certain; 0 = không đạt Mức 1; None = chưa đánh giá."""
        return self._reached.level

    @property
    def highest_possible(self) -> int:
        """The level if all missing data turned out well."""
        return self._reached.at_most

    @property
    def is_settled(self) -> bool:
        """Whether missing data can no longer change the level."""
        return self._reached.is_settled

    @property
    def accreditation_grade(self) -> int | None:
        """Cấp độ kiểm định that the certain level is worth; None = none."""
        return self._step.accreditation_grade if self._step else None

    @property
    def national_standard_level(self) -> int | None:
        """Mức độ chuẩn quốc gia that the certain level is worth; None = none."""
        return self._step.national_standard_level if self._step else None

    @property
    def held_back_by(self) -> tuple[Reason, ...]:
        """What keeps the school from the next level; () at the highest level there is."""
        for step in self.steps:
            if step.verdict is not Verdict.HOLDS:
                return step.reasons
        return ()

    @property
    def summary(self) -> str:
        """The level in Vietnamese, saying so when data are missing."""
        words = level_words(self.level)
        if self.is_settled:
            return words
        return f"{words} (còn thiếu dữ liệu; có thể tới Mức {self.highest_possible})"

    @property
    def _reached(self) -> Reached:
        held = _count_from_start(step.verdict is Verdict.HOLDS for step in self.steps)
        possible = _count_from_start(step.verdict is not Verdict.FAILS for step in self.steps)
        return Reached(at_least=held, at_most=possible)

    @property
    def _step(self) -> Step | None:
        return self.steps[self.level - 1].step if self.level else None


Result: TypeAlias = Reached | int | None


def level_words(level: int | None) -> str:
    """Return "Mức 2", "Không đạt" for 0, "Chưa đánh giá" for None."""
    if level is None:
        return "Chưa đánh giá"
    return f"Mức {level}" if level else "Không đạt"


def reached(criterion: CriterionFacts, marks: Mapping[tuple[int, str], bool | None]) -> Reached:
    """Return the level a criterion reached by its indicators (chỉ báo).

    `marks`: (level, letter) → met, not met, or None; a missing key is None. The criterion reaches a
    level when all indicators of it are met and the level below is reached; a level it lacks is
    skipped. Marks of indicators it does not have raise ValueError.
    """
    unknown = set(marks) - set(criterion.indicators)
    if unknown:
        raise ValueError(f"criterion {criterion.number} has no indicators {sorted(unknown)}")
    verdicts = [
        _all_of([marks.get(key) for key in criterion.indicators if key[0] == level])
        for level in criterion.levels
    ]
    levels = (0, *criterion.levels)
    return Reached(
        at_least=levels[_count_from_start(verdict is Verdict.HOLDS for verdict in verdicts)],
        at_most=levels[_count_from_start(verdict is not Verdict.FAILS for verdict in verdicts)],
    )


def propose(
    rule: LevelRule,
    facts: FrameworkFacts,
    results: Mapping[str, Result],
    requirements_met: Mapping[tuple[int, int], bool | None] | None = None,
) -> Proposal:
    """Return the school level that `results` support under `rule`, with reasons.

    `results`: criterion number → level reached (0 = không đạt), None = chưa đánh giá, or a
    `Reached` when only part is known; a missing number is None. `requirements_met`: (level, clause)
    of the school requirements → met or not; missing or None = chưa đánh giá. Raises RuleDoesNotFit
    when the rule cannot judge such a framework, ValueError on a criterion, level or requirement
    that it does not have.
    """
    misfits = rule.misfits(facts)
    if misfits:
        raise RuleDoesNotFit("; ".join(misfits))
    known = _known_results(facts, results)
    met = requirements_met or {}
    strangers = set(met) - set(facts.requirements)
    if strangers:
        raise ValueError(f"the framework has no school requirements {sorted(strangers)}")
    return Proposal(
        rule=rule,
        steps=tuple(_weigh_step(step, facts, known, met) for step in rule.steps),
        not_assessed=tuple(c.number for c in facts.criteria if not known[c.number].is_settled),
    )


def _known_results(facts: FrameworkFacts, results: Mapping[str, Result]) -> dict[str, Reached]:
    """Return what is known of each criterion; raises ValueError on what it cannot have reached."""
    strangers = set(results) - {criterion.number for criterion in facts.criteria}
    if strangers:
        raise ValueError(f"the framework has no criteria {sorted(strangers)}")
    known = {}
    for criterion in facts.criteria:
        result = results.get(criterion.number)
        if result is None:
            result = Reached(0, max(criterion.levels))
        elif not isinstance(result, Reached):
            result = Reached(result, result)
        if not {result.at_least, result.at_most} <= {0, *criterion.levels}:
            raise ValueError(f"criterion {criterion.number} has no such level: {result}")
        known[criterion.number] = result
    return known


def _weigh_step(
    step: Step,
    facts: FrameworkFacts,
    known: Mapping[str, Reached],
    met: Mapping[tuple[int, int], bool | None],
) -> StepVerdict:
    weighed = [_weigh_condition(step.level, c, facts, known) for c in step.conditions]
    if step.requirements:
        weighed.append(_weigh_requirements(step.level, facts, met))
    return StepVerdict(
        step=step,
        verdict=_worst(verdict for verdict, reasons in weighed),
        reasons=tuple(reason for verdict, reasons in weighed for reason in reasons),
    )


def _weigh_condition(
    level: int, condition: Condition, facts: FrameworkFacts, known: Mapping[str, Reached]
) -> tuple[Verdict, tuple[Reason, ...]]:
    """Return whether the condition holds, and the reasons why not."""
    reach = condition.reach
    having = [c.number for c in condition.members(facts) if reach in c.levels]
    short = [number for number in having if known[number].at_most < reach]
    unknown = [n for n in having if known[n].at_least < reach <= known[n].at_most]
    spare = condition.spare(facts)
    if len(short) + len(unknown) <= spare:
        return Verdict.HOLDS, ()
    verdict = Verdict.FAILS if len(short) > spare else Verdict.OPEN
    if condition.at_least is not None:
        return verdict, (_quota_reason(level, condition, len(having), short, unknown, verdict),)
    held_back = [number for number in having if number in short or number in unknown]
    return verdict, tuple(
        _criterion_reason(level, number, reach, known[number]) for number in held_back
    )


def _criterion_reason(level: int, number: str, reach: int, result: Reached) -> Reason:
    if result.at_most < reach:
        so_far = f"chỉ đạt Mức {result.at_least}" if result.at_most else "không đạt Mức 1"
        if result.at_most > result.at_least:
            so_far = f"cao nhất chỉ có thể đạt Mức {result.at_most}"
        text = f"Tiêu chí {number} {so_far}, cần đạt Mức {reach}."
    elif result.at_least:
        text = f"Tiêu chí {number} đã đạt Mức {result.at_least}, chưa đánh giá đủ Mức {reach}."
    else:
        text = f"Tiêu chí {number} chưa được đánh giá, cần đạt Mức {reach}."
    return Reason(level, text, criteria=(number,), is_missing=result.at_most >= reach)


def _quota_reason(
    level: int,
    condition: Condition,
    total: int,
    short: list[str],
    unknown: list[str],
    verdict: Verdict,
) -> Reason:
    parts = [
        f"Mới có {total - len(short) - len(unknown)}/{total} {GROUP_WORDS[condition.group]} "
        f"đạt từ Mức {condition.reach}, cần ít nhất {condition.at_least}"
    ]
    if short:
        parts.append(f"chưa đạt: {', '.join(short)}")
    if unknown:
        parts.append(f"chưa đánh giá: {', '.join(unknown)}")
    return Reason(
        level,
        "; ".join(parts) + ".",
        criteria=tuple(short + unknown),
        is_missing=verdict is Verdict.OPEN,
    )


def _weigh_requirements(
    level: int, facts: FrameworkFacts, met: Mapping[tuple[int, int], bool | None]
) -> tuple[Verdict, tuple[Reason, ...]]:
    clauses = [clause for step, clause in facts.requirements if step == level]
    answers = {clause: met.get((level, clause)) for clause in clauses}
    return _all_of(list(answers.values())), tuple(
        Reason(
            level,
            f"Yêu cầu ở khoản {clause} của Mức {level} "
            + ("chưa được đánh giá." if answer is None else "chưa đạt."),
            requirements=(clause,),
            is_missing=answer is None,
        )
        for clause, answer in answers.items()
        if not answer
    )


def _all_of(answers: list[bool | None]) -> Verdict:
    """Return whether all are true; no answer at all is open: nothing has been shown."""
    if False in answers:
        return Verdict.FAILS
    return Verdict.OPEN if None in answers or not answers else Verdict.HOLDS


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return next((v for v in (Verdict.FAILS, Verdict.OPEN) if v in found), Verdict.HOLDS)


def _count_from_start(truths: Iterable[bool]) -> int:
    """Return how many are true before the first that is not."""
    count = 0
    for truth in truths:
        if not truth:
            break
        count += 1
    return count
