"""`manage.py work`: the worker that does jobs, sends letters and tells of the day; `./dev run` starts it too."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from plans.management.worker import HouseWorker


class Command(BaseCommand):
    help = "Làm việc nền: việc lâu, gửi thư, thông báo hằng ngày. Chạy mãi đến khi được bảo dừng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="làm hết những gì đang chờ rồi dừng"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = HouseWorker()
        worker.configure_signals()
        if options["once"]:
            worker.work_off()
        else:
            worker.work()
