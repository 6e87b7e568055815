"""Who may do what with a visit: an office by its roles, the school by its own, the team by its seat.

A seat lends permissions for one visit only, from the day it is planned until it is over or the person is taken
off; the plan and the record of it are to be read only while the visit is in one of `TEAM_SEES`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from django.db import models
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.rules import carried_only_if, holds_only_if, lends, reached_by, reaches
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection, InspectionCampaign, TeamMember
from plans.inspections.states import MOVES, SCHOOL_READS, TEAM_SEES, InspectionState
from plans.moves import Move
from plans.schools.sight import bodies_in_sight

# What every seat lends, and what that of the tổ trưởng or the thư ký adds.
TEAM_MAY = frozenset(
    {
        "plans.view_inspection",
        "plans.read_record",
        "plans.read_replies",
        "plans.record_visit",
        "plans.send_entries",
        "plans.read_entries",
        "plans.open_visit",
        "plans.sign_minutes",
    }
)
LEAD_MAY = TEAM_MAY | {
    "plans.conclude_visit",
    "plans.resume_visit",
    "plans.decide_replies",
    "plans.make_minutes",
    "plans.redo_minutes",
    "plans.complete_visit",
    "plans.cancel_visit",
}
# By a seat alone a record is opened from so many days before the visit. It is fetched where there is a network, on the
# last working day before at the latest, which three days reach over a weekend; and it shows the school's plan, which
# is the team's to see with the visit and not weeks before it.
OPENS_DAYS_BEFORE = 3
_LEADING = (TeamRole.LEAD, TeamRole.SECRETARY)
# Held by roles of an office: only at visits of the office itself, or of one below it or before it.
_OFFICE_ONLY = (
    "plans.plan_inspections",
    "plans.open_visit",
    "plans.cancel_visit",
    "plans.read_entries",
    "plans.make_minutes",
    "plans.redo_minutes",
    "plans.complete_visit",
)


def team_may(seat: TeamMember, permission: str) -> bool:
    """Say whether a seat lends `permission`, whatever the state of the visit."""
    return permission in (LEAD_MAY if seat.role in _LEADING else TEAM_MAY)


def is_own_school(user: User | None, home_school_id: int | None, school_id: int, on: date) -> bool:
    """Say whether a school is a person's own: they come from it, or hold a role in it on the day `on`.

    Nobody inspects that one: such a seat is refused when a team is made, and lends nothing should it be there.
    """
    if home_school_id == school_id:
        return True
    return user is not None and any(row.school_id == school_id for row in user.memberships_on(on))


def _lent_by_seat(user: User, permission: str, thing: models.Model | None, on: date) -> bool:
    """Say whether a seat of `user` in the team of the visit lends them `permission`."""
    if permission not in LEAD_MAY:
        return False
    if thing is None:
        states = [InspectionState.PLANNED, *TEAM_SEES]
        seats = TeamMember.objects.filter(user=user.pk, removed_at__isnull=True)
        return seats.filter(inspection__state__in=states).exists()
    if not isinstance(thing, Inspection):
        return False
    seat = thing.seat_of(user)
    return (
        seat is not None
        and team_may(seat, permission)
        and _team_is_in(thing, permission, on)
        and not is_own_school(user, seat.home_school_id, thing.school_id, on)
    )


def opens_on(inspection: Inspection) -> date:
    """Return the first day on which the team opens the record; the office opens it when it likes."""
    return inspection.planned_on - timedelta(days=OPENS_DAYS_BEFORE)


def _team_is_in(inspection: Inspection, permission: str, on: date) -> bool:
    """Say whether the visit still, or already, is the team's: to know of it, to open it, or to read in it."""
    if permission == "plans.open_visit" and on < opens_on(inspection):
        return False
    if permission in {"plans.view_inspection", "plans.open_visit", "plans.cancel_visit"}:
        return inspection.state in {InspectionState.PLANNED, *TEAM_SEES}
    if permission == "plans.read_replies" and not answers_are_closed(
        inspection, timezone.localdate()
    ):
        return False
    return inspection.state in TEAM_SEES


def reaches_visit(membership: Membership, inspection: Inspection) -> bool:
    """Say whether a membership reaches a visit: through the school that is visited."""
    return reaches(membership, inspection.school, on=timezone.localdate())


def is_of_the_office(membership: Membership, inspection: Inspection) -> bool:
    """Say whether the visit is one of the membership's body, or of one below it or before it."""
    return membership.body_id is not None and inspection.body_id in bodies_in_sight(
        {membership.body_id}
    )


def may_read_record(membership: Membership, inspection: Inspection) -> bool:
    """Say whether what was found is to be read: by the office always, by the school once the team has left."""
    return membership.school_id is None or inspection.state in SCHOOL_READS


def may_read_replies(membership: Membership, inspection: Inspection) -> bool:
    """Say whether the school's answers are to be read: by the school itself, by others once they stand for good."""
    if membership.school_id is not None:
        return may_read_record(membership, inspection)
    return answers_are_closed(inspection, timezone.localdate())


def is_being_recorded(inspection: Inspection) -> bool:
    """Say whether the record is open to be written."""
    return inspection.state == InspectionState.OPEN


def is_begun(inspection: Inspection) -> bool:
    """Say whether the visit's campaign has begun, or it has none: people know of it, its record may be opened."""
    return inspection.campaign is None or inspection.campaign.started_at is not None


def answers_are_closed(inspection: Inspection, on: date) -> bool:
    """Say whether the school's answers stand for good on the day `on`: it sent them, or the last day is past."""
    last = inspection.reply_until
    return inspection.replied_at is not None or (last is not None and on > last)


def closed_answers(on: date) -> models.Q:
    """Return the question of `answers_are_closed`, to be put to the visits of a list."""
    return models.Q(replied_at__isnull=False) | models.Q(reply_until__lt=on)


def is_to_be_answered(inspection: Inspection, on: date | None = None) -> bool:
    """Say whether the school may still answer: the team has left, the last day is not past, nothing is closed."""
    return (
        inspection.state == InspectionState.CONCLUDED
        and inspection.reply_until is not None
        and not answers_are_closed(inspection, on or timezone.localdate())
    )


def is_being_decided(inspection: Inspection) -> bool:
    """Say whether the team may decide about answers."""
    return inspection.state == InspectionState.CONCLUDED


def _if_visit(condition: Callable[[Inspection], bool], thing: models.Model) -> bool:
    """Ask the condition of a visit; a school or a body, where one is about to be planned, has no state."""
    return not isinstance(thing, Inspection) or condition(thing)


def in_state_for(move: Move[InspectionState], inspection: Inspection) -> bool:
    """Say whether the visit is in a state that the move leaves."""
    return inspection.state in move.sources


def _on_visit(membership: Membership, thing: models.Model) -> bool:
    return not isinstance(thing, Inspection) or is_of_the_office(membership, thing)


def _is_body_of(membership: Membership, campaign: InspectionCampaign) -> bool:
    return membership.sees_everything or membership.body_id == campaign.body_id


reached_by(Inspection, reaches_visit)
reached_by(InspectionCampaign, _is_body_of)
lends(_lent_by_seat)
carried_only_if("plans.read_record", may_read_record)
carried_only_if("plans.read_replies", may_read_replies)
for _permission in _OFFICE_ONLY:
    carried_only_if(_permission, _on_visit)
holds_only_if("plans.open_visit", partial(_if_visit, is_begun))
holds_only_if("plans.record_visit", is_being_recorded)
holds_only_if("plans.reply_visit", is_to_be_answered)
holds_only_if("plans.decide_replies", is_being_decided)
for _move in MOVES:
    holds_only_if(_move.permission, partial(_if_visit, partial(in_state_for, _move)))
