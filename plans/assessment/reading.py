"""What has been judged and written about a plan's criteria, as values: for the pages and for the phiếu."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from criteria.level_rules import level_rule
from criteria.levels import LevelRule, Proposal, Reached, Result, propose
from criteria.models import Criterion, Indicator
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.assessment.standing import Key, Standing, standing_of, verdict_at
from plans.documents import parts, typed
from plans.documents.tree import Paragraph
from plans.planning.models import CriterionResult, Plan
from plans.planning.results import framework_tree

RowT = TypeVar("RowT", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to judge: an indicator, or (`indicator` None) a level as a whole. `version` 0: no row yet."""

    level: int
    indicator: Indicator | None
    met: bool | None
    version: int

    @property
    def letter(self) -> str:
        """The letter of the indicator, "" where the level is one requirement."""
        return self.indicator.letter if self.indicator else ""

    @property
    def label(self) -> str:
        """What the line is called: "Mức 1, chỉ báo a", "Mức 2"."""
        return self.indicator.label if self.indicator else f"Mức {self.level}"


@dataclass(frozen=True, slots=True)
class LevelPart:
    """One level of a phiếu: what is judged, whether the level is met (None: open), and mô tả hiện trạng."""

    level: int
    lines: tuple[Line, ...]
    met: bool | None
    description: str
    version: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Phiếu đánh giá tiêu chí: all that the school judged and wrote about one criterion.

    `level` is what the plan's grid holds, None is chưa đánh giá; versions are 0 where there is no row yet.
    """

    criterion: Criterion
    levels: tuple[LevelPart, ...]
    standing: Standing
    strengths: str
    weaknesses: str
    improvement: str
    version: int
    level: int | None
    level_version: int

    @property
    def weakness_lines(self) -> tuple[str, ...]:
        """Each weakness by itself, without its dash or number."""
        return lines_of(self.weaknesses)

    @property
    def result(self) -> Result:
        """What is known of the level: as the grid has it, else as far as the indicators tell."""
        if self.level is None and self.standing.is_judged:
            return self.standing.reached
        return self.level


def lines_of(text: str) -> tuple[str, ...]:
    """Return typed text as its single statements: a paragraph or a list item each, without marks."""
    found = (
        parts.plain(content)
        for block in typed.blocks(text)
        for content in ((block.content,) if isinstance(block, Paragraph) else block.items)
    )
    return tuple(line.strip() for line in found if line.strip())


def load_sheets(plan: Plan, criteria: Sequence[Criterion] | None = None) -> list[Sheet]:
    """Return the phiếu of the plan's criteria in order, or of those given; five queries, however many.

    `criteria` come from the plan's framework with levels and indicators loaded (`framework_tree`).
    """
    wanted = framework_tree(plan).all_criteria() if criteria is None else list(criteria)
    ids = [criterion.pk for criterion in wanted]
    rows = {"plan": plan, "criterion__in": ids}
    written = {row.criterion_id: row for row in CriterionAssessment.objects.filter(**rows)}
    results = {row.criterion_id: row for row in CriterionResult.objects.filter(**rows)}
    described = {
        (row.criterion_id, row.level): row for row in LevelDescription.objects.filter(**rows)
    }
    lines = _lines(plan, wanted)
    return [
        _sheet(
            criterion,
            lines[criterion.pk],
            {level: row for (pk, level), row in described.items() if pk == criterion.pk},
            written.get(criterion.pk) or CriterionAssessment(version=0),
            results.get(criterion.pk) or CriterionResult(version=0),
        )
        for criterion in wanted
    ]


def _sheet(
    criterion: Criterion,
    lines: Sequence[Line],
    described: Mapping[int, LevelDescription],
    written: CriterionAssessment,
    result: CriterionResult,
) -> Sheet:
    standing = standing_of(criterion.facts(), marks_of(lines))
    chosen = result.level
    known = standing.reached if chosen is None else Reached(chosen, chosen)
    nothing = LevelDescription(version=0)
    levels = [
        LevelPart(
            level=level,
            lines=tuple(line for line in lines if line.level == level),
            met=verdict_at(level, known),
            description=described.get(level, nothing).body,
            version=described.get(level, nothing).version,
        )
        for level in criterion.level_numbers
    ]
    return Sheet(
        criterion,
        tuple(levels),
        standing,
        written.strengths,
        written.weaknesses,
        written.improvement,
        written.version,
        chosen,
        result.version,
    )


def judged_lines(plan: Plan, criterion: Criterion) -> list[Line]:
    """Return what can be judged of one criterion, with what has been; two queries."""
    return _lines(plan, [criterion])[criterion.pk]


def marks_of(lines: Iterable[Line]) -> dict[Key, bool | None]:
    """Return the lines as `standing_of` reads them."""
    return {(line.level, line.letter): line.met for line in lines}


def judged_criteria(plan: Plan) -> frozenset[int]:
    """Return the ids of the criteria of which something has been judged; two queries."""
    by_indicator = IndicatorResult.objects.filter(plan=plan, met__isnull=False)
    by_level = LevelResult.objects.filter(plan=plan, met__isnull=False)
    return frozenset(by_indicator.values_list("indicator__criterion", flat=True)) | frozenset(
        by_level.values_list("criterion", flat=True)
    )


def _lines(plan: Plan, criteria: Sequence[Criterion]) -> dict[int, list[Line]]:
    """Return for each criterion, by id, its lines in the order of the circular."""
    ids = [criterion.pk for criterion in criteria]
    of_indicators = {
        row.indicator_id: row
        for row in IndicatorResult.objects.filter(plan=plan, indicator__criterion__in=ids)
    }
    of_levels = {
        (row.criterion_id, row.level): row
        for row in LevelResult.objects.filter(plan=plan, criterion__in=ids)
    }
    lines: dict[int, list[Line]] = defaultdict(list)
    for criterion in criteria:
        for level in criterion.level_numbers:
            indicators = criterion.indicators_at(level)
            lines[criterion.pk] += [
                _line(level, one, of_indicators.get(one.pk)) for one in indicators
            ] or [_line(level, None, of_levels.get((criterion.pk, level)))]
    return lines


def _line(level: int, indicator: Indicator | None, row: Any) -> Line:
    return Line(level, indicator, row.met if row else None, row.version if row else 0)


# --- the school -------------------------------------------------------------------------------------------


def rule_of(plan: Plan) -> LevelRule:
    """Return how the plan's regime adds criteria up. Raises UnknownLevelRule."""
    return level_rule(plan.framework.level_rule)


def results_of(sheets: Iterable[Sheet]) -> dict[str, Result]:
    """Return what is known of each criterion by its number, as `criteria.levels` reads it."""
    return {sheet.criterion.number: sheet.result for sheet in sheets}


def school_proposal(plan: Plan, sheets: Iterable[Sheet]) -> Proposal:
    """Return the level that the school's own results support, with what holds it back; never a recognition."""
    return propose(rule_of(plan), framework_tree(plan).facts(), results_of(sheets))
