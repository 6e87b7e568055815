"""`manage.py verify_history`: whether the record of who did what is whole; exit 0 only if it is."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from plans.history.verifying import Fault, Head, Verification


def noted_head(text: str) -> Head:
    """Return a head as the command prints it: "school:12 345 <hash>" with "=" or spaces between.

    Raises ArgumentTypeError.
    """
    parts = text.replace("=", " ").split()
    if len(parts) != 3 or not parts[1].isdigit():
        raise ArgumentTypeError("hãy ghi CHUỖI=THỨ_TỰ=MÃ_BĂM, ví dụ school:12=345=ab12…")
    return Head(parts[0], int(parts[1]), parts[2])


class Command(BaseCommand):
    help = (
        "Kiểm tra nhật ký: tìm mọi sự kiện bị sửa, bị xóa, bị chèn, bị đổi chỗ. Mã thoát 0 chỉ khi nhật ký "
        "nguyên vẹn, 1 khi có lỗi. Nên chép các mã băm in ra vào một nơi khác để lần sau đối chiếu."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", type=int, metavar="ID", help="chỉ nhật ký của một trường")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument(
            "--head",
            type=noted_head,
            action="append",
            default=[],
            metavar="CHUỖI=THỨ_TỰ=MÃ_BĂM",
            help="đầu chuỗi đã chép lần trước; chuỗi phải còn đi qua đó",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chain = f"school:{options['school']}" if options["school"] is not None else ""
        verification = Verification(chain=chain, noted=tuple(options["head"]))
        show = self._json if options["json"] else self._words
        if show(verification):
            sys.exit(1)

    def _words(self, verification: Verification) -> int:
        """Print faults as they are found, then the heads; return how many faults there are."""
        count = 0
        for fault in verification.faults():
            count += 1
            self.stdout.write(fault.words)
        for head in verification.heads:
            self.stdout.write(f"Đầu chuỗi {head.chain}={head.sequence}={head.hash}")
        self.stdout.write(
            f"Nhật ký có {count} lỗi."
            if count
            else f"Nhật ký nguyên vẹn: {verification.event_count} sự kiện trong {len(verification.heads)} chuỗi."
        )
        return count

    def _json(self, verification: Verification) -> int:
        faults = [_as_json(fault) for fault in verification.faults()]
        told = {
            "valid": not faults,
            "events": verification.event_count,
            "faults": faults,
            "heads": [
                {"chain": head.chain, "sequence": head.sequence, "hash": head.hash}
                for head in verification.heads
            ],
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        return len(faults)


def _as_json(fault: Fault) -> dict[str, Any]:
    return {
        "kind": fault.kind.name.lower(),
        "chain": fault.chain,
        "sequence": fault.sequence,
        "event": fault.event_id,
        "words": fault.words,
    }
