"""What it costs to issue a plan: checks, number, three files, freezing, beside the bare rendering of the same tree."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone
from weasyprint import HTML

from criteria.models import Criterion
from plans.accounts.models import User
from plans.documents.docx import docx_bytes
from plans.documents.fonts import find_fonts
from plans.documents.html import html_page
from plans.issuing.actions import issue_plan
from plans.planning.document import plan_document
from plans.planning.models import CriterionResult, Plan
from plans.planning.states import PlanState
from plans.schools.models import School
from tests.bench.harness import Table, compare
from tests.bench.plans import plan_of

ON = date(2025, 10, 20)


def finished_plan(rows: int) -> tuple[Plan, User]:
    """Return a plan in which no rule finds an error, finished, and its principal."""
    plan, principal = plan_of(rows)
    School.objects.update(place_name="An Phú")
    plan.texts.filter(section="recipients").update(body="Phòng Văn hóa - Xã hội;\nLưu: VT.")
    CriterionResult.objects.bulk_create(
        CriterionResult(plan=plan, criterion=one, level=1)
        for one in Criterion.objects.of(plan.framework)
    )
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.FINISHED, finished_at=timezone.now())
    return Plan.objects.for_document().get(pk=plan.pk), principal


def bench(rounds: int) -> Iterator[Table]:
    """Yield the whole issue against the bare PDF, and against PDF and DOCX, of the same 30 actions."""
    plan, principal = finished_plan(30)
    tree = plan_document(plan)
    page = html_page(tree, font_faces=find_fonts().face_rules())

    def both() -> None:
        HTML(string=page).write_pdf()
        docx_bytes(tree)

    def issued() -> None:
        with transaction.atomic():
            issue_plan(plan=plan, by=principal, on=ON)
            transaction.set_rollback(True)

    yield compare(
        "a plan of 30 actions; the first way is the bare rendering of both formats",
        {"bare PDF and DOCX": both, "issue": issued},
        rounds=rounds,
    )
