"""The kindergarten's people at their browsers."""

from tests.plans.together.conftest import action, teacher  # noqa: F401  fixtures
from tests.plans.web.planning.conftest import (  # noqa: F401  fixtures
    deputy,
    deputy_web,
    kindergarten,
    plan,
    principal,
    school_year,
    web,
)
