"""manage.py check_plan: what the rules find in a plan, as the check page shows it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from plans.checking.context import load_checked
from plans.checking.report import PlanReport, report
from plans.planning.models import Plan


class Command(BaseCommand):
    """Kiểm tra một kế hoạch."""

    help = "In ra lỗi, cảnh báo và gợi ý của một kế hoạch."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the plan's number and the kind of answer."""
        parser.add_argument("--plan", type=int, required=True, help="mã số của kế hoạch")
        parser.add_argument("--json", action="store_true", help="in ra JSON, mỗi dòng một điều")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found. Raises CommandError for an unknown plan."""
        plan = Plan.objects.for_page().filter(pk=options["plan"]).first()
        if plan is None:
            raise CommandError(f"Không có kế hoạch mang mã số {options['plan']}.")
        found = report(load_checked(plan, on=timezone.localdate()))
        self.stdout.write("\n".join(_json(found) if options["json"] else _words(found)))


def _words(found: PlanReport) -> list[str]:
    lines = [
        " ".join(filter(None, (f"{f.grade.label}: {f.message}.", f.advice, f"[{f.rule}]")))
        for f in found.findings
    ]
    return [f"{found.heading}.", *lines]


def _json(found: PlanReport) -> list[str]:
    """Return a JSON object for each finding; no line when there is none."""
    return [
        json.dumps(
            {
                "grade": f.grade.value,
                "rule": f.rule,
                "message": f.message,
                "advice": f.advice,
                "page": f.page,
                "anchor": f.anchor,
                "action": f.action,
                "field": f.field,
            },
            ensure_ascii=False,
        )
        for f in found.findings
    ]
