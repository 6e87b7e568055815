"""Face for Django: every room's models. Nobody inside the house imports it."""

from plans.accounts.models import LoginSession, Membership, User
from plans.history.models import Event
from plans.planning.models import (
    CriterionResult,
    Plan,
    PlanAction,
    PlanForm,
    PlanRow,
    PlanText,
)
from plans.schools.models import (
    BodyKind,
    Campus,
    ManagingBody,
    RecognitionDecision,
    School,
    SchoolBody,
    SchoolName,
    SchoolYear,
)

__all__ = [
    "BodyKind",
    "Campus",
    "CriterionResult",
    "Event",
    "LoginSession",
    "ManagingBody",
    "Membership",
    "Plan",
    "PlanAction",
    "PlanForm",
    "PlanRow",
    "PlanText",
    "RecognitionDecision",
    "School",
    "SchoolBody",
    "SchoolName",
    "SchoolYear",
    "User",
]
