"""Face for Django: every room's models. Nobody inside the house imports it."""

from plans.accounts.models import LoginSession, Membership, User
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.council.models import CouncilMember
from plans.history.models import Event
from plans.legal.models import LegalDocument
from plans.planning.models import (
    BodyLayout,
    CriterionResult,
    FormInForce,
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
    SchoolCalendar,
    SchoolName,
    SchoolYear,
)
from plans.together.models import Assignment, Comment

__all__ = [
    "Assignment",
    "BodyKind",
    "BodyLayout",
    "Campus",
    "Comment",
    "CouncilMember",
    "CriterionAssessment",
    "CriterionResult",
    "Event",
    "FormInForce",
    "IndicatorResult",
    "LegalDocument",
    "LevelDescription",
    "LevelResult",
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
    "SchoolCalendar",
    "SchoolName",
    "SchoolYear",
    "User",
]
