"""What a plan costs on its way from the database to a file, beside the bare PDF of the same HTML."""

from collections.abc import Iterator

from django.core.cache import cache
from weasyprint import HTML

from plans.documents.fonts import find_fonts
from plans.documents.html import html_page
from plans.planning.document import plan_document
from plans.planning.export import export_plan
from plans.planning.models import Plan
from tests.bench.harness import Table, compare
from tests.bench.plans import plan_of


def exported(plan: Plan, file_format: str, *, fresh: bool = True) -> bytes:
    """Return the file as a download makes it: from the database on; `fresh` empties the cache first."""
    if fresh:
        cache.clear()
    return export_plan(Plan.objects.for_document().get(pk=plan.pk), file_format)


def bench(rounds: int) -> Iterator[Table]:
    """Yield the whole export against `HTML(string).write_pdf()`, and 300 actions against 30."""
    usual, _ = plan_of(10)
    page = html_page(
        plan_document(Plan.objects.for_document().get(pk=usual.pk)),
        font_faces=find_fonts().face_rules(),
    )

    def again() -> bytes:
        return exported(usual, "pdf", fresh=False)

    yield compare(
        "a plan of 10 actions; the first way is bare WeasyPrint",
        {
            "bare write_pdf": lambda: HTML(string=page).write_pdf(),
            "whole PDF export": lambda: exported(usual, "pdf"),
            "whole DOCX export": lambda: exported(usual, "docx"),
            "whole XLSX export": lambda: exported(usual, "xlsx"),
        },
        rounds=rounds,
    )
    exported(usual, "pdf")
    yield compare(
        "second download of the same words",
        {"bare write_pdf": lambda: HTML(string=page).write_pdf(), "second download": again},
        rounds=rounds,
    )
    long, huge = plan_of(30)[0], plan_of(300)[0]
    yield compare(
        "whole PDF export",
        {"30 actions": lambda: exported(long, "pdf"), "300 actions": lambda: exported(huge, "pdf")},
        rounds=max(1, rounds // 5),
    )
