"""What the rules cost on a plan of 100 rows, beside the reading of what is filled in it."""

from collections.abc import Iterator
from datetime import date

from django.db.models import prefetch_related_objects

from plans.checking.context import CheckedPlan, load_checked
from plans.checking.report import find
from plans.planning.models import Plan, editing_rows
from plans.planning.progress import PageProgress, plan_progress
from tests.bench.harness import Table, compare
from tests.bench.plans import plan_of

TODAY = date(2025, 10, 15)


def bench(rounds: int) -> Iterator[Table]:
    """Yield progress from the database on, what the rules load, and the rules themselves."""
    plan, _ = plan_of(100)

    def progress() -> list[PageProgress]:
        loaded = Plan.objects.for_page().get(pk=plan.pk)
        prefetch_related_objects([loaded], *editing_rows())
        return plan_progress(loaded)

    def load() -> CheckedPlan:
        return load_checked(Plan.objects.for_page().get(pk=plan.pk), on=TODAY)

    checked = load()
    yield compare(
        "rules over a plan of 100 actions",
        {"progress alone": progress, "all that rules read": load, "rules": lambda: find(checked)},
        rounds=rounds,
    )
