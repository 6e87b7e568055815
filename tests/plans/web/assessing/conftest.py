"""The kindergarten of the planning tests, seen through the web."""

import pytest
from django.test import Client

from plans.accounts.models import User
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    plan57,
    principal,
    school_year,
)


@pytest.fixture
def web(client: Client, principal: User) -> Client:  # noqa: F811
    """A browser in which the principal is logged in."""
    client.force_login(principal, backend="plans.accounts.backend.MembershipBackend")
    return client


@pytest.fixture
def deputy_web(deputy: User) -> Client:  # noqa: F811
    """A browser in which her deputy is logged in."""
    client = Client()
    client.force_login(deputy, backend="plans.accounts.backend.MembershipBackend")
    return client
