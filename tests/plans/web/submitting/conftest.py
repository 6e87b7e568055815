"""The people of the submitting tests at their browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from plans.accounts.models import User
from plans.accounts.roles import Role
from tests.plans.submitting.conftest import (  # noqa: F401  fixtures
    approving,
    office,
    people,
    plan_in,
    school,
)

At = Callable[[Role], Client]


@pytest.fixture
def at(people: dict[Role, User]) -> At:  # noqa: F811
    """A browser in which the person of a role is logged in."""

    def browser(role: Role) -> Client:
        client = Client()
        client.force_login(people[role], backend="plans.accounts.backend.MembershipBackend")
        return client

    return browser
