"""Results by criterion as the plan prints and proposes them: marks in a grid, a level for the school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from criteria.enums import Mark
from criteria.level_rules import level_rule
from criteria.levels import propose
from criteria.models import Criterion, Framework
from plans.planning.models import Plan


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the result grid: a standard (no marks) or a criterion (Không đạt, Mức 1, Mức 2 …)."""

    label: str
    marks: tuple[str, ...]
    is_standard: bool
    criterion: Criterion | None = None
    level: int | None = None


def grid_rows(plan: Plan) -> list[GridRow]:
    """Return the rows of the grid in order. Reads the plan's prefetched results."""
    reached = {result.criterion_id: result.level for result in plan.results.all()}
    columns = plan.framework.max_level
    rows: list[GridRow] = []
    for standard in framework_tree(plan).standards.all():
        rows.append(
            GridRow(f"Tiêu chuẩn {standard.number}", ("",) * (columns + 1), is_standard=True)
        )
        for criterion in standard.criteria.all():
            level = reached.get(criterion.pk)
            rows.append(
                GridRow(
                    f"Tiêu chí {criterion.number}",
                    tuple(map(str, marks(criterion, level, columns))),
                    is_standard=False,
                    criterion=criterion,
                    level=level,
                )
            )
    return rows


def marks(criterion: Criterion, level: int | None, columns: int) -> Sequence[Mark]:
    """Return the marks of a criterion: Không đạt first, then Mức 1 to `columns`.

    `*` stands where the criterion has no such level; x in every level up to the one reached; blank while the
    criterion is chưa đánh giá (level None) and above the level reached.
    """
    met = [
        Mark.ABSENT
        if not criterion.has_level(number)
        else Mark.MET
        if level is not None and number <= level
        else Mark.BLANK
        for number in range(1, columns + 1)
    ]
    return [Mark.MET if level == 0 else Mark.BLANK, *met]


def proposed_level(plan: Plan) -> int | None:
    """Return the level that the results propose for the school; None while a criterion is chưa đánh giá.

    A proposal, never a recognition (TT 17, 18, 19/2018, Điều 34; TT 57/2026, Điều 5). Reads the plan's
    prefetched results.
    """
    results = {result.criterion.number: result.level for result in plan.results.all()}
    framework = framework_tree(plan)
    proposal = propose(level_rule(framework.level_rule), framework.facts(), results)
    return None if proposal.not_assessed else proposal.level


def framework_tree(plan: Plan) -> Framework:
    """Return the plan's framework with its whole tree loaded.

    Kept in the process: a framework in use is never changed in place, so its rows cannot grow stale.
    """
    return _tree(plan.framework_id, plan.framework.loaded_at)


@lru_cache(maxsize=32)
def _tree(framework_id: int, loaded_at: datetime) -> Framework:
    return Framework.objects.with_tree().get(pk=framework_id)
