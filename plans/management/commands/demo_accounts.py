"""`manage.py demo_accounts`: the demo's accounts and their password, on a demo installation only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from plans.management.demo import PASSWORD, demo_accounts


class Command(BaseCommand):
    help = "Liệt kê tài khoản mẫu: tên đăng nhập – vai trò – đơn vị, và mật khẩu chung."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.KCL_DEMO:
            raise CommandError("Không có tài khoản mẫu: KCL_DEMO chưa được đặt.")
        accounts = list(demo_accounts())
        if not accounts:
            raise CommandError("Chưa có tài khoản mẫu; hãy chạy make_demo trước.")
        width = max(len(username) for username, _, _ in accounts)
        self.stdout.write(f"Tài khoản mẫu, mật khẩu chung: {PASSWORD}")
        for username, role, place in accounts:
            self.stdout.write(f"  {username:<{width}} – {role} – {place}")
