"""`manage.py empty_trash`: deletes for good what plans threw away more than thirty days ago."""

from typing import Any

from django.core.management.base import BaseCommand

from plans.together.trash import DAYS, empty_trash


class Command(BaseCommand):
    help = f"Bỏ hẳn những dòng đã nằm trong thùng rác của các kế hoạch quá {DAYS} ngày."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Thùng rác: đã bỏ hẳn {empty_trash()} dòng.")
