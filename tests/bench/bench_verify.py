"""Verification of a file with two signatures beside a hash of the same file, which no verification can undercut."""

import hashlib
from collections.abc import Iterator

from plans.documents.pdf import pdf_bytes
from plans.signing.guard import only_signed
from plans.signing.verify import verify
from tests.bench.harness import Table, compare
from tests.factories import pki
from tests.plans.documents import samples
from tests.plans.signing.making import sign, trust


def bench(rounds: int) -> Iterator[Table]:
    """Yield the times for a usual plan and for a long one."""
    for rows in (10, 100):
        original = pdf_bytes(samples.plan(rows))
        box = (250, 50, 400, 100)
        pdf = sign(sign(original, box=(50, 50, 200, 100)), pki.school(), field="CoQuan", box=box)
        ways = {
            "SHA-256, 1000 times": lambda pdf=pdf: [hashlib.sha256(pdf) for _ in range(1000)],
            "verify": lambda pdf=pdf: verify(pdf, trust=trust()),
            "guard": lambda pdf=pdf, original=original: only_signed(original, pdf),
        }
        name = f"Two signatures on a plan of {rows} rows, {len(pdf) // 1000} kB"
        yield compare(name, ways, rounds=rounds)
