"""What minutes cost beside the plan that is embedded in them: the same rows, every action remarked on."""

from collections.abc import Iterator

from plans.documents.docx import docx_bytes
from plans.documents.pdf import pdf_bytes
from plans.inspections.enums import Verdict
from plans.inspections.models import Finding, Inspection
from plans.inspections.states import InspectionState
from plans.minutes.document import minutes_document
from plans.planning.document import plan_document
from plans.planning.models import Plan
from tests.bench.harness import Table, compare
from tests.bench.plans import plan_of
from tests.factories import inspections

ACTIONS = 100


def _visit(plan: Plan) -> Inspection:
    """A concluded visit to the plan's school: a verdict, a sentence and a recommendation for every action."""
    visit = inspections.inspection(plan, InspectionState.CONCLUDED)
    for finding in visit.findings.all():
        Finding.objects.filter(pk=finding.pk).update(
            verdict=Verdict.DOING, seen="Đã trang bị một nửa.", evidence="Sổ tài sản, xem tại lớp."
        )
        inspections.recommendation(finding, visit.created_by)
    return visit


def bench(rounds: int) -> Iterator[Table]:
    """Yield the PDF and the Word file of a plan beside those of its minutes, then loading and building."""
    plan, _ = plan_of(ACTIONS)
    visit = _visit(plan)
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    of_visit = Inspection.objects.for_minutes()
    whole, record = plan_document(loaded), minutes_document(of_visit.get(pk=visit.pk))
    bare = minutes_document(of_visit.get(pk=inspections.inspection(plan).pk))
    yield compare(
        f"PDF of a plan of {ACTIONS} actions and of its minutes",
        {
            "the plan": lambda: pdf_bytes(whole),
            "its minutes, no remark yet": lambda: pdf_bytes(bare),
            "its minutes, every action remarked on": lambda: pdf_bytes(record),
        },
        rounds=max(1, rounds // 5),  # seconds each
    )
    yield compare(
        "DOCX of both",
        {"the plan": lambda: docx_bytes(whole), "its minutes": lambda: docx_bytes(record)},
        rounds=rounds,
    )
    yield compare(
        "rows loaded and built into a tree",
        {
            "the plan": lambda: plan_document(Plan.objects.for_document().get(pk=plan.pk)),
            "its minutes": lambda: minutes_document(
                Inspection.objects.for_minutes().get(pk=visit.pk)
            ),
        },
        rounds=rounds,
    )
