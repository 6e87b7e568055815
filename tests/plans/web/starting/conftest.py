"""The kindergarten of the planning tests, seen through the web."""

from tests.plans.web.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    deputy_web,
    kindergarten,
    plan,
    plan57,
    principal,
    school_year,
    web,
)
