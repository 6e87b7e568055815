"""What an office waits for when it takes 300 issued documents away, beside a plain copy of as many bytes."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from plans.issuing.enums import FileRole
from plans.issuing.models import IssuedDocument
from plans.issuing.package import package
from tests.bench.harness import Measure, Table, compare
from tests.factories import issuing, planning, schools

DOCUMENTS, FILE_BYTES = 300, 150_000


def _issue() -> int:
    """Make the documents, each with a signed PDF, and return how many bytes their files have."""
    year, body = schools.school_year(2025), schools.body("UBND xã đo")
    for _ in range(DOCUMENTS):
        plan = planning.plan(schools.school(managed_by=body), year=year)
        document = issuing.issued_document(plan)
        issuing.add_file(document, os.urandom(FILE_BYTES), FileRole.SIGNED)
    return DOCUMENTS * FILE_BYTES


def _documents() -> Iterator[IssuedDocument]:
    return iter(IssuedDocument.objects.in_force().for_page().order_by("school_id", "pk"))


def bench(rounds: int) -> Iterator[Table]:
    """Yield the whole export against reading and copying the same bytes, then the wait for the first byte."""
    size = _issue()
    with tempfile.TemporaryDirectory() as folder:
        source, copy = Path(folder) / "source", Path(folder) / "copy"
        source.write_bytes(os.urandom(size))

        def plain_copy() -> None:
            with source.open("rb") as read, copy.open("wb") as written:
                while piece := read.read(FILE_BYTES):
                    written.write(piece)

        def rows_alone() -> None:
            with copy.open("wb") as written, connection.cursor() as cursor:
                cursor.execute("SELECT id FROM plans_frozenfile ORDER BY id")
                for (pk,) in cursor.fetchall():
                    cursor.execute("SELECT content FROM plans_frozenfile WHERE id = %s", [pk])
                    written.write(cursor.fetchone()[0])

        def whole() -> None:
            with copy.open("wb") as written:
                for piece in package(_documents(), kind="office"):
                    written.write(piece)

        table = compare(
            f"{DOCUMENTS} documents, {size / 1e6:.0f} MB",
            {"plain copy of a file": plain_copy, "the rows alone": rows_alone, "ZIP": whole},
            rounds=rounds,
        )
        yield table
        yield Table("MB/s of the above", rounds, tuple(_speed(one, size) for one in table.measures))
    yield compare(
        "first byte of the ZIP",
        {"first byte": lambda: next(package(_documents(), kind="office"))},
        rounds=rounds,
    )


def _speed(one: Measure, size: int) -> Measure:
    speed = size / 1e6 / (one.median_ms / 1000)
    return Measure(
        f"{one.way}: {speed:.0f} MB/s", one.median_ms, one.least_ms, one.most_ms, one.ratio
    )
