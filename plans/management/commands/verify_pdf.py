"""manage.py verify_pdf: the digital signatures of any PDF, as the page that verifies shows them."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from plans.signing.report import Report, SignatureReport
from plans.signing.trust import TrustStore, TrustUnreadable
from plans.signing.verify import verify

UNREADABLE = 2


class Command(BaseCommand):
    """Kiểm tra chữ ký số của một tệp PDF."""

    help = (
        "Kiểm tra chữ ký số của một tệp PDF. Mã kết thúc: 0 khi mọi chữ ký đều hợp lệ và văn bản không bị "
        "thay đổi sau khi ký, 1 khi không phải vậy, 2 khi không đọc được tệp hay thư mục tin cậy."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the folder of trust and the kind of answer."""
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp PDF")
        parser.add_argument(
            "--trust",
            type=Path,
            metavar="DIR",
            help="thư mục chứng thư số gốc được tin cậy (mặc định: KCL_TRUST_DIR)",
        )
        parser.add_argument("--json", action="store_true", help="in ra JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found and end with 0 or 1. Raises CommandError (2) for what cannot be read."""
        folder = options["trust"] or settings.KCL_TRUST_DIR
        if not folder:
            raise CommandError(
                "Chưa biết tin tổ chức chứng thực nào: dùng --trust hoặc đặt KCL_TRUST_DIR.",
                returncode=UNREADABLE,
            )
        try:
            content = options["file"].read_bytes()
            trust = TrustStore.from_folder(folder)
        except OSError as error:
            words = f"Không đọc được {options['file']}: {error.strerror}"
            raise CommandError(words, returncode=UNREADABLE) from error
        except TrustUnreadable as error:
            raise CommandError("\n".join(error.problems), returncode=UNREADABLE) from error
        report = verify(content, trust=trust)
        self.stdout.write(
            json.dumps(report.as_json(), ensure_ascii=False)
            if options["json"]
            else "\n".join(_words(report))
        )
        if not report.valid:
            sys.exit(1)


def _words(report: Report) -> list[str]:
    lines = [f"{report.words}."]
    for number, one in enumerate(report.signatures, start=1):
        lines += _signature_words(number, one)
    return [*lines, *(f"- {sentence}." for sentence in report.changes_after)]


def _signature_words(number: int, one: SignatureReport) -> list[str]:
    time = f"{localtime(one.time):%H:%M:%S ngày %d/%m/%Y}" if one.time else "không ghi"
    source = "theo dấu thời gian" if one.time_is_proven else "theo lời người ký"
    return [
        f"{number}. {one.signer or 'Không rõ người ký'}: {one.words}.",
        f"   Tổ chức cấp: {one.issuer or 'không rõ'}; số hiệu: {one.serial or 'không rõ'}",
        f"   Thời điểm ký: {time}" + (f" ({source})" if one.time else ""),
    ]
