"""The kindergarten of the planning tests, with people who write together."""

import pytest

from criteria.models import Criterion
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.schools.models import School
from tests.factories import accounts
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    principal,
    school_year,
)


@pytest.fixture
def teacher(kindergarten: School) -> User:  # noqa: F811
    """A teacher of the kindergarten, who reads."""
    return accounts.member(Role.STAFF, school=kindergarten, full_name="Đỗ Thị Cẩm Chướng")


@pytest.fixture
def action(plan: Plan, principal: User) -> PlanAction:  # noqa: F811
    """An action in the kindergarten's table."""
    criterion = Criterion.objects.get(standard__framework=plan.framework, number="1.4")
    made = actions.add_action(plan=plan, by=principal, criterion=criterion, band="1,2")
    return actions.save_action(
        action=made,
        values={"measures": "Rà soát thiết bị", "lead": "Hiệu trưởng"},
        version=made.version,
        by=principal,
    )
