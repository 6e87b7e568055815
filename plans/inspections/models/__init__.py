"""Models of the inspection: the campaign and the team, the visit, the record of it, the right of reply."""

from plans.inspections.models.campaign import (
    CampaignMember,
    ChosenSchool,
    InspectionCampaign,
    TeamPerson,
)
from plans.inspections.models.record import (
    Attendee,
    ChecklistAnswer,
    Entry,
    Finding,
    Photo,
    Recommendation,
)
from plans.inspections.models.reply import Reply, ReplyFile
from plans.inspections.models.visit import Inspection, TeamMember

__all__ = [
    "Attendee",
    "CampaignMember",
    "ChecklistAnswer",
    "ChosenSchool",
    "Entry",
    "Finding",
    "Inspection",
    "InspectionCampaign",
    "Photo",
    "Recommendation",
    "Reply",
    "ReplyFile",
    "TeamMember",
    "TeamPerson",
]
