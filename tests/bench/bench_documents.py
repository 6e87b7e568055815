"""What a plan costs as each kind of file, and how that grows with its actions."""

from collections.abc import Iterator

from plans.documents.docx import docx_bytes
from plans.documents.html import html_page
from plans.documents.pdf import pdf_bytes
from tests.bench.harness import Table, compare
from tests.plans.documents.samples import plan


def bench(rounds: int) -> Iterator[Table]:
    """Yield the kinds of file beside the screen's HTML, then the PDF of ever more actions."""
    usual = plan(rows=10)
    yield compare(
        "a plan of 10 actions",
        {
            "HTML": lambda: html_page(usual),
            "DOCX": lambda: docx_bytes(usual),
            "PDF": lambda: pdf_bytes(usual),
        },
        rounds=rounds,
    )
    long, huge = plan(rows=30), plan(rows=100)
    yield compare(
        "PDF",
        {
            "10 actions": lambda: pdf_bytes(usual),
            "30 actions": lambda: pdf_bytes(long),
            "100 actions": lambda: pdf_bytes(huge),
        },
        rounds=max(1, rounds // 3),  # the longest takes seconds
    )
