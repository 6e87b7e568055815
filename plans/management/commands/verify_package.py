"""manage.py verify_package: is a hand-over package whole and unaltered? Needs no database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from plans.issuing.checking import NotAPackage, PackageReport, verify

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

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong with the package; leave with 1 when something is, with 2 when it cannot be read."""
        try:
            found = verify(options["file"])
        except (NotAPackage, OSError) as error:
            words = str(error) if isinstance(error, NotAPackage) else "Không mở được tệp."
            self._say({"valid": False, "error": words} if options["json"] else words)
            sys.exit(UNREADABLE)
        self._say(found.as_json() if options["json"] else _words(found))
        if not found.valid:
            sys.exit(FAULTY)

    def _say(self, told: dict[str, Any] | str) -> None:
        text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
        self.stdout.write(text)


def _words(found: PackageReport) -> str:
    if found.valid:
        return (
            f"Gói nguyên vẹn: {found.documents} văn bản, {found.files} tệp khớp với manifest.json."
        )
    return "\n".join([f"Gói có {len(found.faults)} điều sai:", *(f"- {f}" for f in found.faults)])
