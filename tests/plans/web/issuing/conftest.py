"""The kindergarten's plan, ready to be issued, and its people logged in."""

import pytest
from django.test import Client

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.schools.models import School
from tests.factories import accounts
from tests.plans.checking.conftest import clean  # noqa: F401  fixture
from tests.plans.issuing.conftest import finished  # noqa: F401  fixture
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    principal,
    school_year,
)


@pytest.fixture
def web(principal: User) -> Client:  # noqa: F811
    """The principal's browser."""
    client = Client()
    client.force_login(principal, backend="plans.accounts.backend.MembershipBackend")
    return client


@pytest.fixture
def clerk_web(kindergarten: School) -> Client:  # noqa: F811
    """The văn thư's browser."""
    clerk = accounts.member(Role.CLERK, school=kindergarten, full_name="Ngô Thị Sổ")
    client = Client()
    client.force_login(clerk, backend="plans.accounts.backend.MembershipBackend")
    return client
