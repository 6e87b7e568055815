"""Who may do what with the papers of a visit: what they may do with the visit itself."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.rules import carried_only_if, holds_only_if, lends, reached_by, reaches
from plans.inspections.models import Inspection
from plans.inspections.rules import is_of_the_office, is_own_school, may_read_record, team_may
from plans.inspections.states import TEAM_SEES, InspectionState
from plans.issuing.enums import DocumentState
from plans.minutes.models import Paper, PaperKind


def _reaches(membership: Membership, paper: Paper) -> bool:
    """Say whether a membership reaches a paper: through the school, or for a report the body."""
    if paper.inspection is not None:
        return reaches(membership, paper.inspection.school, on=timezone.localdate())
    return membership.sees_everything or membership.body_id == paper.body_id


def _may_read(membership: Membership, paper: models.Model) -> bool:
    """A notice is the school's once it has gone out; minutes are once the record is."""
    if not isinstance(paper, Paper) or paper.inspection is None:
        return True
    if paper.waits and membership.school_id is not None:
        return False
    return paper.kind == PaperKind.NOTICE or may_read_record(membership, paper.inspection)


def _lent_by_seat(user: User, permission: str, thing: models.Model | None, on: date) -> bool:
    """Say whether a seat in the team lends `permission` on a paper of its visit."""
    if not isinstance(thing, Paper) or thing.inspection is None:
        return False
    wanted = {
        "plans.read_paper": "plans.read_record",
        "plans.sign_minutes": "plans.sign_minutes",
        "plans.complete_visit": "plans.complete_visit",
        "plans.scan_minutes": "plans.complete_visit",
    }.get(permission)
    if wanted is None:
        return False
    if thing.waits:
        return False
    visit: Inspection = thing.inspection
    seat = visit.seat_of(user)
    if seat is None or is_own_school(user, seat.home_school_id, visit.school_id, on):
        return False
    # The notice says when, where and who, which the team knows from the day it is planned.
    known = permission == "plans.read_paper" and thing.kind == PaperKind.NOTICE
    states = {InspectionState.PLANNED, *TEAM_SEES} if known else TEAM_SEES
    return team_may(seat, wanted) and visit.state in states


def is_to_be_signed(paper: models.Model) -> bool:
    """Say whether signatures are still wanted: minutes in force of a visit that waits for them."""
    if isinstance(paper, Inspection):
        return paper.state == InspectionState.MINUTED
    return isinstance(paper, Paper) and paper.is_to_be_signed


def takes_scans(paper: models.Model) -> bool:
    """Say whether a scan of the signed paper has its place: beside minutes in force that are made."""
    return (
        isinstance(paper, Paper)
        and paper.kind == PaperKind.MINUTES
        and paper.state == DocumentState.IN_FORCE
        and paper.inspection is not None
        and paper.inspection.state in {InspectionState.MINUTED, InspectionState.DONE}
    )


def _of_its_office(membership: Membership, paper: models.Model) -> bool:
    """Say whether a paper is one of a visit of the membership's own office; other things have no say here."""
    if not isinstance(paper, Paper) or paper.inspection is None:
        return True
    return membership.body_id is None or is_of_the_office(membership, paper.inspection)


def _is_official(paper: models.Model) -> bool:
    """Say whether a paper is one of an office itself, notice or report, that is not ended."""
    kinds = (PaperKind.NOTICE, PaperKind.REPORT)
    return (
        isinstance(paper, Paper) and paper.kind in kinds and paper.state == DocumentState.IN_FORCE
    )


def _waits(paper: models.Model) -> bool:
    """Say whether a paper of an office waits for the signature with which it goes out."""
    return isinstance(paper, Paper) and paper.is_waiting


def _of_its_body(membership: Membership, paper: models.Model) -> bool:
    """Say whether a paper bears the name of the membership's own body; other things have no say here."""
    return not isinstance(paper, Paper) or membership.body_id == paper.body_id


reached_by(Paper, _reaches)
lends(_lent_by_seat)
carried_only_if("plans.read_paper", _may_read)
holds_only_if("plans.sign_minutes", is_to_be_signed)
holds_only_if("plans.complete_visit", is_to_be_signed)
holds_only_if("plans.scan_minutes", takes_scans)
holds_only_if("plans.sign_official", _waits)
holds_only_if("plans.scan_official", _is_official)
for _permission in ("plans.sign_official", "plans.scan_official"):
    carried_only_if(_permission, _of_its_body)
for _permission in ("plans.complete_visit", "plans.scan_minutes"):
    carried_only_if(_permission, _of_its_office)
