"""Face for Django: every room's models. Nobody inside the house imports it."""

from plans.accounts.models import LoginSession, Membership, User
from plans.assessment.models import (
    CriterionAssessment,
    IndicatorResult,
    LevelDescription,
    LevelResult,
)
from plans.council.models import CouncilMember
from plans.history.models import ChainHead, Event, EventSeal
from plans.issuing.models import (
    DocumentFile,
    FrozenFile,
    HandSignature,
    IssuedDocument,
    NumberEntry,
    NumberRegister,
    OfficeRule,
    PublicCopy,
    SealImage,
    Signature,
)
from plans.jobs.models import Job
from plans.legal.models import LegalDocument
from plans.notices.models import Notice, NoticeChoice, OutboxMail
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
from plans.submitting.models import (
    Campaign,
    CampaignSchool,
    CouncilOpinion,
    Remark,
    Submission,
)
from plans.together.models import Assignment, Comment

__all__ = [
    "Assignment",
    "BodyKind",
    "BodyLayout",
    "Campaign",
    "CampaignSchool",
    "Campus",
    "ChainHead",
    "Comment",
    "CouncilMember",
    "CouncilOpinion",
    "CriterionAssessment",
    "CriterionResult",
    "DocumentFile",
    "Event",
    "EventSeal",
    "FormInForce",
    "FrozenFile",
    "HandSignature",
    "IndicatorResult",
    "IssuedDocument",
    "Job",
    "LegalDocument",
    "LevelDescription",
    "LevelResult",
    "LoginSession",
    "ManagingBody",
    "Membership",
    "Notice",
    "NoticeChoice",
    "NumberEntry",
    "NumberRegister",
    "OfficeRule",
    "OutboxMail",
    "Plan",
    "PlanAction",
    "PlanForm",
    "PlanRow",
    "PlanText",
    "PublicCopy",
    "RecognitionDecision",
    "Remark",
    "School",
    "SchoolBody",
    "SchoolCalendar",
    "SchoolName",
    "SchoolYear",
    "SealImage",
    "Signature",
    "Submission",
    "User",
]
