"""What differs between what was sent once and what was sent, or stands, later."""

from __future__ import annotations

from plans.history.models import Event
from plans.planning.models import Plan
from plans.submitting.models import Submission
from plans.together.comparing import Block, compare
from plans.together.versions import versions


def changed_since(sent: Submission) -> Event | None:
    """Return the first event of the plan after it was sent: the plan as sent is what stood before it."""
    events = Event.objects.filter(plan_id=sent.plan_id, at__gt=sent.sent_at)
    return events.order_by("at", "pk").first()


def changes_for(plan: Plan, earlier: Submission, later: Submission | None) -> list[Block]:
    """Return one block for each row that differs between two submissions; None is the plan as it is."""
    old, new = changed_since(earlier), changed_since(later) if later else None
    if old is None:
        return []
    return compare(plan, *versions(plan, old, new))
