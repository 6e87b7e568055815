"""What the way of a plan adds to who may do what with it, beyond the state that each move leaves."""

from __future__ import annotations

from django.utils import timezone

from plans.accounts.models import Membership
from plans.accounts.rules import carried_only_if, holds_only_if
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.sight import bodies_in_sight
from plans.submitting.reading import (
    campaign_of,
    current_submission,
    missing_to_send,
    open_return,
    receiver,
    wants_approval,
)


def is_before_the_council(plan: Plan) -> bool:
    """Say whether the draft is closed and not issued yet: that is when the council speaks."""
    return plan.state == PlanState.FINISHED


def lacks_nothing_to_be_sent(plan: Plan) -> bool:
    """Say whether there is a document in force, somebody to send it to, and no remark without an answer."""
    return not missing_to_send(plan, timezone.localdate())


def is_to_be_approved(plan: Plan) -> bool:
    """Say whether the body that has the plan approves plans."""
    return wants_approval(plan, timezone.localdate())


def may_begin(plan: Plan) -> bool:
    """Say whether nothing more is waited for: approved, or of a body that approves none and asks for none.

    Right after issue a school begins only where no campaign asks for the plan and no return waits for answers.
    """
    if plan.state == PlanState.APPROVED:
        return True
    if is_to_be_approved(plan):
        return False
    return plan.state != PlanState.ISSUED or not _is_waited_for(plan)


def _is_waited_for(plan: Plan) -> bool:
    today = timezone.localdate()
    body = receiver(plan, today)
    asked = body is not None and campaign_of(plan, body, today) is not None
    return asked or open_return(plan) is not None


def came_back(plan: Plan) -> bool:
    """Say whether the plan was returned and is not sent again yet."""
    return open_return(plan) is not None


def was_sent_to(membership: Membership, plan: Plan) -> bool:
    """Say whether the plan lies with the membership's body, one below it, or one that it took over from."""
    sent = current_submission(plan)
    return (
        sent is not None
        and membership.body_id is not None
        and sent.body_id in bodies_in_sight({membership.body_id})
    )


holds_only_if("plans.review_plan", is_before_the_council)
holds_only_if("plans.send_plan", lacks_nothing_to_be_sent)
holds_only_if("plans.approve_plan", is_to_be_approved)
holds_only_if("plans.start_plan", may_begin)
holds_only_if("plans.answer_remarks", came_back)
for _permission in ("plans.receive_plan", "plans.return_plan", "plans.approve_plan"):
    carried_only_if(_permission, was_sent_to)
