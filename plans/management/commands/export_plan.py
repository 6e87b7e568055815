"""manage.py export_plan: a plan as a file, by the same path as the browser's download."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.formats.layouts import plan_layout
from plans.planning.export import FORMATS, export_plan
from plans.planning.models import Plan


class Command(BaseCommand):
    """Xuất một kế hoạch ra tệp."""

    help = "Xuất một kế hoạch ra tệp PDF, DOCX, XLSX hoặc HTML."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the plan's number, the format and the file."""
        parser.add_argument("--plan", type=int, required=True, help="mã số của kế hoạch")
        parser.add_argument("--format", choices=sorted(FORMATS), default="pdf", help="định dạng")
        parser.add_argument("--output", type=Path, required=True, help="tệp sẽ ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file. Raises CommandError for an unknown plan or a place that cannot be written."""
        plan = Plan.objects.for_document().filter(pk=options["plan"]).first()
        if plan is None:
            raise CommandError(f"Không có kế hoạch mang mã số {options['plan']}.")
        try:
            content = export_plan(plan, options["format"], layout=plan_layout(plan))
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(
                f"Không ghi được tệp {options['output']}: {error.strerror}"
            ) from error
        self.stdout.write(f"Đã ghi {options['output']}.")
