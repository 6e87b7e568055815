"""The kindergarten's plan, written and finished, ready to be issued."""

from datetime import date

import pytest

from plans.accounts.models import User
from plans.planning.actions import finish_plan
from plans.planning.models import Plan
from tests.plans.checking.conftest import clean  # noqa: F401  fixture
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    principal,
    school_year,
)

ON = date(2025, 10, 20)


@pytest.fixture
def finished(clean: Plan, principal: User) -> Plan:  # noqa: F811
    """The plan of 2025-2026, finished."""
    return finish_plan(plan=clean, by=principal)
