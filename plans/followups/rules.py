"""Who may do what with a follow-up item: what its state allows, and that nobody verifies their own word."""

from __future__ import annotations

from functools import partial

from plans.accounts.models import Membership
from plans.accounts.rules import carried_only_if, holds_only_if
from plans.followups.models import FollowUp
from plans.followups.states import MOVES, FollowUpState
from plans.moves import Move
from plans.planning.models import Plan
from plans.planning.rules import is_open_to_change


def in_state_for(move: Move[FollowUpState], item: FollowUp) -> bool:
    """Say whether the item is in a state that the move leaves."""
    return item.state in move.sources


def is_pending(item: FollowUp) -> bool:
    """Say whether the item is not verified yet."""
    return item.state != FollowUpState.VERIFIED


def is_to_be_carried(thing: FollowUp | Plan) -> bool:
    """Say whether an item may still go into a plan, or a plan take items over."""
    return is_open_to_change(thing) if isinstance(thing, Plan) else is_pending(thing)


def did_not_report(membership: Membership, item: FollowUp) -> bool:
    """Say whether the item was reported by somebody else: nobody verifies their own word, whatever their roles."""
    return item.reported_by_id != membership.user_id


holds_only_if("plans.carry_follow_up", is_to_be_carried)
holds_only_if("plans.assign_follow_up", is_pending)
holds_only_if("plans.date_follow_up", is_pending)
carried_only_if("plans.verify_follow_up", did_not_report)
for _move in MOVES:
    holds_only_if(_move.permission, partial(in_state_for, _move))
