"""`manage.py prepare`: all set-up of the data in one process; safe, and quick, at every start."""

from argparse import ArgumentParser
from collections.abc import Iterable
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from criteria import loader
from criteria.checking import FileError
from plans.accounts.models import User
from plans.history.chain import seal_all
from plans.legal.loader import load_documents
from plans.management.demo import make_demo
from plans.management.places import load_body_kinds, load_school_years
from plans.planning import form_loader
from plans.planning.readings import reread_all
from plans.together.trash import empty_trash

UNCHANGED = "không thay đổi"


class Command(BaseCommand):
    help = "Chuẩn bị dữ liệu: bảng, bộ tiêu chuẩn, mẫu kế hoạch, năm học; chạy lại không đổi gì."
    # The checks load every page; a start runs them anyway, and `migrate` runs those of the database.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo-if-new",
            action="store_true",
            help="tạo dữ liệu mẫu khi chưa có người dùng nào và KCL_DEMO=1",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._say("Cơ sở dữ liệu", _migrate())
            self._say("Bộ tiêu chuẩn", _count(result.outcome for result in loader.load_all()))
            self._say("Mẫu kế hoạch", _count(result.outcome for result in form_loader.load_all()))
            self._say("Loại cơ quan", _added(load_body_kinds()))
            self._say("Năm học", _added(load_school_years()))
            self._say("Văn bản làm căn cứ", _added(load_documents()))
            self._say("Đọc lại các ô của kế hoạch", _added(reread_all(), "đã đọc"))
            self._say("Thùng rác", _emptied(empty_trash()))
            if options["demo_if_new"] and settings.KCL_DEMO and not User.objects.exists():
                self._say("Dữ liệu mẫu", "đã tạo" if make_demo() else "đã có sẵn")
            # What a stop between writing and sealing left, and what is older than the seals themselves.
            self._say("Niêm nhật ký", _added(seal_all(), "đã niêm"))
        except FileError as error:
            raise CommandError(f"Tệp dữ liệu có {len(error.faults)} lỗi:\n{error}") from error
        except ValidationError as error:
            raise CommandError(f"Dữ liệu không hợp lệ: {'; '.join(error.messages)}") from error

    def _say(self, step: str, outcome: str) -> None:
        self.stdout.write(f"{step}: {outcome}")


def _migrate() -> str:
    """Bring the tables up to date and return what was done."""
    _refuse_other_journals()
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if steps:
        call_command("migrate", interactive=False, verbosity=0)
    return f"đã chạy {steps} bước" if steps else UNCHANGED


def _refuse_other_journals() -> None:
    """See that SQLite writes ahead (WAL); without it readers and writers shut each other out."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        mode = cursor.fetchone()[0]
    if mode not in {
        "wal",
        "memory",
    }:  # a database in memory, as tests have it, keeps no journal file
        raise CommandError(
            f"SQLite không chuyển được sang chế độ WAL (đang là {mode}). Hãy đặt KCL_DATA_DIR vào ổ "
            "đĩa của chính máy này, không phải ổ mạng."
        )


def _count(outcomes: Iterable[Enum]) -> str:
    """Return how many files did what: "đã nạp mới 8", "không thay đổi"."""
    words = [str(outcome.value) for outcome in outcomes]
    changed = [word for word in dict.fromkeys(words) if word != UNCHANGED]
    return ", ".join(f"{word} {words.count(word)}" for word in changed) or UNCHANGED


def _added(count: int, word: str = "đã thêm") -> str:
    return f"{word} {count}" if count else UNCHANGED


def _emptied(count: int) -> str:
    return f"đã bỏ hẳn {count} dòng" if count else UNCHANGED
