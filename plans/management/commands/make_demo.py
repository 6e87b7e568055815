"""`manage.py make_demo`: put the invented demo schools into an empty demo installation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from plans.management.demo import DemoRefused, make_demo


class Command(BaseCommand):
    help = "Tạo dữ liệu mẫu (trường, người dùng, kế hoạch đều hư cấu); đã có thì không làm gì."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_demo()
        except DemoRefused as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(f"Chưa tạo dữ liệu mẫu: {'; '.join(error.messages)}") from error
        self.stdout.write("Dữ liệu mẫu: đã tạo" if made else "Dữ liệu mẫu: đã có sẵn")
