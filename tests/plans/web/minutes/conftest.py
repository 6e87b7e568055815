"""The visit of the minutes tests and the browsers of both sides."""

import pytest
from django.test import Client

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.inspections.models import Inspection
from plans.schools.models import ManagingBody
from tests.factories import accounts
from tests.plans.checking.conftest import clean  # noqa: F401  fixture
from tests.plans.minutes.conftest import office, planned, visit  # noqa: F401  fixtures
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    principal,
    school_year,
)


def browser(user: User) -> Client:
    """Return a browser in which `user` is logged in."""
    client = Client()
    client.force_login(user, backend="plans.accounts.backend.MembershipBackend")
    return client


@pytest.fixture
def officer_web(office: ManagingBody) -> Client:  # noqa: F811
    """The browser of a chuyên viên of the office."""
    return browser(accounts.member(Role.OFFICER, body=office, full_name="Lê Thị Công Vụ"))


@pytest.fixture
def lead_web(visit: Inspection) -> Client:  # noqa: F811
    """The browser of the tổ trưởng, who has no role."""
    return browser(visit.members.get(role="lead").user)


@pytest.fixture
def school_web(principal: User) -> Client:  # noqa: F811
    """The browser of the school's head."""
    return browser(principal)
