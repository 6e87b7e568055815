"""`manage.py load_criteria`: load the framework files; safe to run at every start."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from criteria.checking import FileError
from criteria.loader import FRAMEWORKS_DIR, load_all


class Command(BaseCommand):
    help = "Nạp các bộ tiêu chuẩn đánh giá từ tệp; chạy lại không làm thay đổi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dir",
            type=Path,
            default=FRAMEWORKS_DIR,
            help="thư mục chứa các tệp .json (mặc định: fixtures/frameworks)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            results = load_all(options["dir"])
        except FileError as error:
            raise CommandError(
                f"Chưa nạp bộ tiêu chuẩn nào, có {len(error.faults)} lỗi:\n{error}"
            ) from error
        for result in results:
            self.stdout.write(f"{result.file}: {result.outcome.value} – {result.framework}")
