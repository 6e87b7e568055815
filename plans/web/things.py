"""What addresses name: each kind of thing, fetched within the sight of whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from plans.accounts.rules import bodies_decided_by
from plans.checklists.models import Checklist
from plans.followups.models import FollowUp
from plans.inspections.models import Inspection, InspectionCampaign, TeamMember
from plans.issuing.models import IssuedDocument
from plans.jobs.models import Job
from plans.legal.models import LegalDocument
from plans.minutes.models import Paper
from plans.notices.choices import inbox_of
from plans.planning.models import Plan, PlanForm
from plans.recording.entries import OFF_THE_TEAM
from plans.schools.models import ManagingBody, School
from plans.submitting.models import Campaign


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing in an address: how it is fetched within sight.

    `lost` says in words why somebody who knew the thing sees it no more, "" for everybody else.
    """

    fetch: Callable[[Any, int], models.Model | None]
    lost: Callable[[Any, int], str] | None = None


def _off_the_team(user: Any, pk: int) -> str:
    gone = TeamMember.objects.filter(inspection=pk, user=user.pk, removed_at__isnull=False)
    return OFF_THE_TEAM if user.is_authenticated and gone.exists() else ""


THINGS: dict[str, Thing] = {
    "school": Thing(lambda user, pk: School.objects.visible_to(user).filter(pk=pk).first()),
    "plan": Thing(lambda user, pk: Plan.objects.visible_to(user).for_page().filter(pk=pk).first()),
    "document": Thing(
        lambda user, pk: LegalDocument.objects.visible_to(user).filter(pk=pk).first()
    ),
    "issued": Thing(
        lambda user, pk: IssuedDocument.objects.visible_to(user).for_page().filter(pk=pk).first()
    ),
    "plan_form": Thing(
        lambda user, pk: (
            PlanForm.objects.visible_to(user, timezone.localdate())
            .filter(pk=pk)
            .select_related("body")
            .first()
        )
    ),
    # One's own alone, whatever one's roles.
    "notice": Thing(lambda user, pk: inbox_of(user).filter(pk=pk).first()),
    "job": Thing(
        lambda user, pk: Job.objects.filter(person=user, pk=pk).select_related("person").first()
    ),
    "body": Thing(
        lambda user, pk: ManagingBody.objects.filter(
            bodies_decided_by(user, timezone.localdate()), pk=pk
        ).first()
    ),
    "campaign": Thing(
        lambda user, pk: (
            Campaign.objects.filter(
                body__in=ManagingBody.objects.filter(bodies_decided_by(user, timezone.localdate())),
                pk=pk,
            )
            .select_related("body", "school_year", "form")
            .first()
        )
    ),
    "inspection": Thing(
        lambda user, pk: Inspection.objects.visible_to(user).for_page().filter(pk=pk).first(),
        lost=_off_the_team,
    ),
    "visits": Thing(  # a campaign of visits
        lambda user, pk: (
            InspectionCampaign.objects.visible_to(user, timezone.localdate())
            .select_related("body", "school_year")
            .filter(pk=pk)
            .first()
        )
    ),
    "checklist": Thing(
        lambda user, pk: (
            Checklist.objects.visible_to(user, timezone.localdate())
            .select_related("body", "framework")
            .filter(pk=pk)
            .first()
        )
    ),
    "paper": Thing(
        lambda user, pk: Paper.objects.visible_to(user).for_page().filter(pk=pk).first()
    ),
    "follow_up": Thing(
        lambda user, pk: (
            FollowUp.objects.visible_to(user)
            .select_related("school", "inspection", "criterion", "carried_to__plan__school_year")
            .filter(pk=pk)
            .first()
        )
    ),
}
