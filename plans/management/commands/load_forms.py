"""`manage.py load_forms`: load the plan forms; safe to run at every start."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.planning.form_loader import FORMS_DIR, FormFileError, load_all


class Command(BaseCommand):
    help = "Nạp các mẫu kế hoạch từ tệp; chạy lại không làm thay đổi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dir",
            type=Path,
            default=FORMS_DIR,
            help="thư mục chứa các tệp .json (mặc định: fixtures/forms)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            results = load_all(options["dir"])
        except FormFileError as error:
            raise CommandError(
                f"Chưa nạp mẫu kế hoạch nào, có {len(error.faults)} lỗi:\n{error}"
            ) from error
        for result in results:
            form = result.form
            self.stdout.write(
                f"{result.file}: {result.outcome.value} – {form.code}, lần sửa {form.revision}"
            )
