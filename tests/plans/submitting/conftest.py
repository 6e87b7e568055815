"""A school under an office, somebody in every role, and plans in any state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import ROLES, Place, Role
from plans.issuing.models import OfficeRule
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody, School
from plans.submitting.models import Submission
from tests.factories import accounts, issuing, planning, schools

TODAY = date(2025, 10, 1)


@pytest.fixture
def office(db: None) -> ManagingBody:
    """The body that manages the school; it approves nothing unless a test says so."""
    return schools.body("UBND xã An Phú")


@pytest.fixture
def school(office: ManagingBody) -> School:
    """A school that the office manages."""
    return schools.school("Trường Mầm non Hoa Sen", managed_by=office)


@pytest.fixture
def people(school: School, office: ManagingBody) -> dict[Role, User]:
    """Somebody in every role, each at home where the role is held."""
    found = {}
    for role, facts in ROLES.items():
        at_school = school if facts.place is Place.SCHOOL else None
        at_body = office if facts.place is Place.BODY else None
        found[role] = accounts.member(role, school=at_school, body=at_body)
    return found


@pytest.fixture
def plan_in(school: School, office: ManagingBody) -> Callable[[PlanState], Plan]:
    """Make the school's plan in a state, with the document and the submission that belong to it."""

    def make(state: PlanState) -> Plan:
        plan = planning.plan(school)
        writer = accounts.user()
        if state not in (PlanState.DRAFT, PlanState.FINISHED):
            document = issuing.issued_document(plan, by=writer)
            if state != PlanState.ISSUED:
                sent(plan, office, document=document, by=writer)
        put(plan, state)
        return plan

    return make


def sent(
    plan: Plan,
    body: ManagingBody,
    *,
    document: object = None,
    by: User | None = None,
    sequence: int = 1,
) -> Submission:
    """What was sent of a plan to a body, just now."""
    by = by or accounts.user()
    return Submission.objects.create(
        plan=plan,
        document=document or plan.documents.get(),
        body=body,
        sequence=sequence,
        sent_by=by,
    )


def put(plan: Plan, state: PlanState) -> None:
    """Put a plan into a state as if it had come there."""
    plan.state = state
    plan.finished_at = None if state == PlanState.DRAFT else timezone.now()
    plan.save()
    if state == PlanState.RETURNED:
        plan.submissions.update(returned_at=timezone.now(), return_reason="Thiếu minh chứng.")
    if state == PlanState.RECEIVED:
        plan.submissions.update(received_at=timezone.now())


@pytest.fixture
def approving(office: ManagingBody) -> OfficeRule:
    """The office's rule that plans are approved."""
    return OfficeRule.objects.create(body=office, approves_plans=True, answer_within_days=7)
