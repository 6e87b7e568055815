"""Visits that wait for the answers of a school, with the people of both sides."""

from __future__ import annotations

from dataclasses import dataclass

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.inspections.enums import TeamRole
from plans.inspections.models import Finding, Inspection
from plans.inspections.states import InspectionState
from tests.factories import accounts, inspections, planning


@dataclass(frozen=True)
class Sides:
    """A visit, one remark of it, and who is who."""

    visit: Inspection
    finding: Finding
    principal: User
    lead: User
    secretary: User
    member: User


def sides(state: InspectionState = InspectionState.CONCLUDED, **values: object) -> Sides:
    """A visit in `state` whose first finding says something, its principal, and a team of three."""
    lead, secretary = accounts.user(full_name="Trần Tổ Trưởng"), accounts.user()
    plan = planning.plan()
    visit = inspections.inspection(plan, state, lead=lead, **values)  # type: ignore[arg-type]
    inspections.member(visit, secretary, role=TeamRole.SECRETARY)
    member = inspections.member(visit).user
    assert member is not None
    finding = visit.findings.earliest("position")
    Finding.objects.filter(pk=finding.pk).update(seen="Kệ gỗ còn 2 cái.", title="Tiêu chí 1.5")
    principal = accounts.member(Role.PRINCIPAL, school=plan.school)
    return Sides(visit, _again(finding), principal, lead, secretary, member)


def _again(finding: Finding) -> Finding:
    return Finding.objects.select_related("inspection").get(pk=finding.pk)
