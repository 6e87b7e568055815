"""Plan forms, plans and what stands in them."""

from itertools import count
from typing import Any

from django.utils import timezone

from criteria.models import Criterion, Framework
from plans.planning.models import (
    CriterionResult,
    Plan,
    PlanAction,
    PlanForm,
    PlanRow,
    PlanText,
)
from plans.planning.states import PlanState
from plans.schools.models import School, SchoolYear
from tests.factories import criteria, schools

_numbers = count(1)

FORM_DATA: dict[str, Any] = {
    "kind_lines": ["KẾ HOẠCH", "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC"],
    "subject_lines": ["Năm học {school_year}"],
    "type_symbol": "KH",
    "file_prefix": "KH-CTCL",
    "end_mark": "./.",
    "signing_capacities": ["HIỆU TRƯỞNG", "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG"],
    "sections": [
        {"key": "purpose", "kind": "text", "title": "Mục đích, yêu cầu"},
        {"key": "grounds", "kind": "lines", "title": "Căn cứ xây dựng kế hoạch"},
        {"key": "results", "kind": "result_grid", "title": "Kết quả theo tiêu chí"},
        {
            "key": "actions",
            "kind": "actions",
            "title": "Nội dung cải tiến chất lượng",
            "bands": True,
            "required_fields": ["measures", "lead"],
            "columns": [
                {"key": "index", "title": "TT", "width": 0.05},
                {"key": "criterion", "title": "Tiêu chí", "width": 0.15},
                {"key": "measures", "title": "Công việc", "width": 0.4, "fields": ["measures"]},
                {"key": "lead", "title": "Chủ trì", "width": 0.25, "fields": ["lead", "partners"]},
                {"key": "done", "title": "Mức độ", "width": 0.15, "fields": ["progress"]},
            ],
        },
        {
            "key": "follow_up",
            "kind": "table",
            "title": "Theo dõi",
            "required": False,
            "row_name": "lần theo dõi",
            "columns": [
                {"key": "index", "title": "TT", "width": 1},
                {"key": "topic", "title": "Nội dung", "width": 9, "required": True},
            ],
        },
        {"key": "recipients", "kind": "recipients", "title": "", "label": "Nơi nhận"},
    ],
}


def plan_form(code: str = "", *, first_year: int = 2018, title: str = "Mẫu kế hoạch") -> PlanForm:
    """A small form with one section of each kind that people fill; a given code twice is the same row."""
    return PlanForm.objects.get_or_create(
        code=code or f"MAU-{next(_numbers)}",
        revision=1,
        defaults={
            "title": title,
            "source": "Thông tư 19/2018/TT-BGDĐT",
            "first_year": first_year,
            "data": FORM_DATA,
            "digest": "0" * 64,
        },
    )[0]


def plan(
    school: School | None = None,
    *,
    year: SchoolYear | None = None,
    form: PlanForm | None = None,
    framework: Framework | None = None,
    finished: bool = False,
    signer_name: str = "",
) -> Plan:
    """An empty plan; `finished` closes it as it is."""
    return Plan.objects.create(
        school=school or schools.school(),
        school_year=year or schools.school_year(),
        form=form or plan_form(),
        framework=framework or criteria.framework(),
        state=PlanState.FINISHED if finished else PlanState.DRAFT,
        finished_at=timezone.now() if finished else None,
        signing_capacity="HIỆU TRƯỞNG",
        signer_name=signer_name,
    )


def plan_text(plan: Plan, section: str = "purpose", body: str = "Khắc phục điểm yếu.") -> PlanText:
    """What stands in a section."""
    return PlanText.objects.create(plan=plan, section=section, body=body)


def result(plan: Plan, criterion: Criterion, level: int | None = 2) -> CriterionResult:
    """The level of a criterion."""
    return CriterionResult.objects.create(plan=plan, criterion=criterion, level=level)


def action(plan: Plan, *, criterion: Criterion | None = None, **fields: Any) -> PlanAction:
    """An action of the table, in the plan's first criterion unless said."""
    criterion = criterion or Criterion.objects.of(plan.framework).first()
    filled = {
        "band": "2",
        "measures": "Tham mưu sửa chữa bếp ăn một chiều",
        "lead": "Hiệu trưởng",
        "partners": "Kế toán",
        "position": next(_numbers),
    }
    return PlanAction.objects.create(plan=plan, criterion=criterion, **(filled | fields))


def row(plan: Plan, section: str = "follow_up", **cells: str) -> PlanRow:
    """A row of a small table."""
    return PlanRow.objects.create(plan=plan, section=section, cells=cells)
