"""The kindergarten of the planning tests, with its criteria at hand."""

from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    kindergarten,
    plan,
    plan57,
    principal,
    school_year,
)
