"""The kindergarten of the planning tests, its plan filled so that no rule finds anything."""

from collections.abc import Callable
from datetime import date

import pytest

from criteria.models import Criterion
from plans.accounts.models import User
from plans.checking.context import CheckedPlan, load_checked
from plans.planning.models import Plan, PlanAction
from tests.factories import planning
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    plan57,
    principal,
    school_year,
)

TODAY = date(2025, 10, 15)
TEXTS = {
    "purpose": "1. Khắc phục các điểm yếu của báo cáo tự đánh giá.\n2. Mỗi việc có người chủ trì.",
    "self_assessment": "Báo cáo tự đánh giá năm học 2024-2025 của Trường Mầm non Hoa Sen.",
    "legal_grounds": "Thông tư số 19/2018/TT-BGDĐT ngày 22 tháng 8 năm 2018 của Bộ Giáo dục và Đào tạo;",
    "previous_results": "Trong năm học 2024-2025, nhà trường hoàn thành 9 trên 11 việc.",
    "orientation": "Xã chọn năm học này là năm củng cố bếp ăn của các trường.",
    "duty_principal": "- Phân công người chủ trì từng việc, kiểm tra vào cuối mỗi học kỳ.",
    "duty_council": "- Theo dõi tiêu chuẩn được giao.",
    "duty_monitoring": "- Giám sát tiến độ, báo cáo cuối học kỳ I và cuối năm học.",
    "duty_staff": "- Kế toán lập dự toán cho các việc có kinh phí.",
    "closing": "Trên đây là kế hoạch cải tiến chất lượng giáo dục của nhà trường.",
    "recipients": "Phòng Văn hóa - Xã hội xã (để b/c);\nLưu: VT, HS tự đánh giá.",
}
ROW = {
    "band": "2",
    "current_state": "Nền bếp bong tróc, kho thực phẩm dùng chung với kho dụng cụ.",
    "target_result": "Bếp theo quy trình một chiều, có kho thực phẩm riêng.",
    "measures": "- Khảo sát, lập dự toán;\n- Sửa nền bếp, ngăn kho.",
    "lead": "Hiệu trưởng",
    "partners": "Kế toán",
    "timeframe": "Từ tháng 10/2025 đến tháng 4/2026",
    "starts_on": date(2025, 10, 1),
    "ends_on": date(2026, 4, 30),
    "budget_text": "30-40 triệu đồng",
    "budget_min": 30_000_000,
    "budget_max": 40_000_000,
}


def criterion(plan: Plan, number: str) -> Criterion:  # noqa: F811
    """Return a criterion of the plan's framework."""
    return Criterion.objects.get(standard__framework=plan.framework, number=number)


@pytest.fixture
def clean(plan: Plan, principal: User) -> Plan:  # noqa: F811
    """The plan of 2025-2026: every section written, every criterion at its level 2, 3.2 worked on."""
    for section, body in TEXTS.items():
        planning.plan_text(plan, section, body)
    for one in Criterion.objects.of(plan.framework).prefetch_related("levels"):
        top = max(level for level in one.level_numbers if level <= 2)
        planning.result(plan, one, 1 if one.number == "3.2" else top)
    planning.action(plan, criterion=criterion(plan, "3.2"), **ROW)
    return plan


@pytest.fixture
def row(clean: Plan) -> PlanAction:
    """Its one row."""
    return clean.actions.get()


Load = Callable[[], CheckedPlan]


@pytest.fixture
def load(clean: Plan) -> Load:
    """Load the plan anew, as the rules read it on TODAY."""
    return lambda: load_checked(Plan.objects.for_page().get(pk=clean.pk), on=TODAY)
