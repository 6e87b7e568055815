"""manage.py verify_package: is a hand-over package whole and unaltered? Needs no database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from plans.issuing.checking import NotAPackage, PackageReport, verify
from plans.signing.trust import TrustStore, TrustUnreadable

FAULTY, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Kiểm tra gói bàn giao."""

    help = (
        "So từng tệp trong gói bàn giao với manifest.json. Mã thoát: 0 nguyên vẹn, 1 có điều sai, "
        "2 không đọc được."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the kind of answer."""
        parser.add_argument("file", type=Path, metavar="FILE", help="gói ZIP")
        parser.add_argument("--json", action="store_true", help="in ra JSON")
        parser.add_argument(
            "--trust",
            type=Path,
            metavar="DIR",
            help="thư mục chứng thư số gốc được tin cậy (mặc định: KCL_TRUST_DIR); có thì kiểm cả chữ ký số",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong with the package; leave with 1 when something is, with 2 when it cannot be read."""
        folder = options["trust"] or settings.KCL_TRUST_DIR
        try:
            trust = TrustStore.from_folder(folder) if folder else None
            found = verify(options["file"], trust=trust)
        except (NotAPackage, TrustUnreadable, OSError) as error:
            words = "Không mở được tệp." if isinstance(error, OSError) else str(error)
            self._say({"valid": False, "error": words} if options["json"] else words)
            sys.exit(UNREADABLE)
        judged = {"signatures_checked": trust is not None}
        self._say(found.as_json() | judged if options["json"] else _words(found, trust is not None))
        if not found.valid:
            sys.exit(FAULTY)

    def _say(self, told: dict[str, Any] | str) -> None:
        text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
        self.stdout.write(text)


def _words(found: PackageReport, with_signatures: bool) -> str:
    if not found.valid:
        faults = [f"- {fault}" for fault in found.faults]
        return "\n".join([f"Gói có {len(found.faults)} điều sai:", *faults])
    whole = f"Gói nguyên vẹn: {found.documents} văn bản, {found.files} tệp khớp với manifest.json."
    if with_signatures:
        if not found.signed:
            return f"{whole} Không có bản ký số nào."
        return f"{whole} Chữ ký số của {found.signed} bản đã ký đều hợp lệ."
    return f"{whole} Chưa kiểm chữ ký số: hãy dùng --trust hoặc đặt KCL_TRUST_DIR."
