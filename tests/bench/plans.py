"""A kindergarten's plan with as many actions as a bench asks for, under the real framework and form."""

from pathlib import Path

from criteria.loader import load_framework
from criteria.models import Criterion
from plans.accounts.models import User
from plans.planning.actions import open_plan
from plans.planning.form_loader import load_form
from plans.planning.models import Plan, PlanAction, PlanForm, PlanText
from tests.factories import accounts, schools

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
MEASURES = (
    "- Rà soát, lập danh mục thiết bị còn thiếu của từng nhóm, lớp và xác định thứ tự ưu tiên;\n"
    "- Tham mưu cơ quan quản lý bố trí kinh phí mua sắm tập trung theo dự toán năm;\n"
    "- Vận động cha mẹ trẻ cùng giáo viên làm đồ dùng, đồ chơi từ vật liệu sẵn có của địa phương."
)


def load_fixtures() -> None:
    """Load the framework and the form that the plans here are written under."""
    load_framework(FIXTURES / "frameworks" / "tt19-2018+22-2024.json")
    load_form(FIXTURES / "forms" / "kh-2018.json")


def plan_of(rows: int) -> tuple[Plan, User]:
    """Return a plan with `rows` actions and texts as long as in life, and a principal who may change it."""
    load_fixtures()
    school = schools.school()
    principal = accounts.member(school=school)
    year = schools.school_year()
    plan = open_plan(
        school=school, school_year=year, form=PlanForm.objects.get(code="KH-2018"), by=principal
    )
    criteria = list(Criterion.objects.of(plan.framework))
    PlanAction.objects.bulk_create(
        PlanAction(
            plan=plan,
            criterion=criteria[number % len(criteria)],
            band="1,2,3" if number % 3 else "2",
            current_state="Thiết bị đã cũ, chỉ đủ cho một nửa số nhóm, lớp sử dụng thường xuyên.",
            target_result="Đủ thiết bị cho mọi nhóm, lớp theo danh mục tối thiểu; đạt Mức 2.",
            measures=MEASURES,
            lead="Hiệu trưởng",
            partners="Phó hiệu trưởng, kế toán, giáo viên các lớp",
            timeframe="Từ tháng 10/2025 đến hết tháng 4/2026",
            budget_text="30-40 triệu đồng/năm",
            other_support="Tài liệu chuyên môn",
            position=number,
        )
        for number in range(rows)
    )
    keys = [s.key for s in plan.spec.leaves() if s.kind.value in {"text", "lines", "recipients"}]
    PlanText.objects.bulk_create(PlanText(plan=plan, section=key, body=MEASURES) for key in keys)
    return plan, principal
