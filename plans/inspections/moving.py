"""How a visit goes from one state to the next: the one writer of `Inspection.state`, for this room and those above."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.accounts.models import User
from plans.history.actions import record
from plans.inspections.models import Inspection
from plans.inspections.states import MOVES, InspectionState


def locked(inspection: Inspection) -> Inspection:
    """Return the visit as it is now, held for the caller's transaction."""
    return Inspection.objects.select_for_update().get(pk=inspection.pk)


@transaction.atomic
def move_inspection(
    *, inspection: Inspection, name: str, by: User, reason: str = "", **fields: Any
) -> Inspection:
    """Make the move `name` of the table, write `fields` with it, and return the visit as it then is.

    The record says who, from where, to where and, where one is given, why. Raises MoveNotAllowed when the visit
    is in no state that the move leaves, ValidationError when the move wants a reason and has none.
    """
    held, move = locked(inspection), MOVES[name]
    target = MOVES.target(name, source=InspectionState(held.state))
    if move.wants_reason and not reason.strip():
        raise ValidationError({"reason": f"Hãy ghi lý do khi bấm “{move.label}”."})
    before = {"state": held.state}
    held.state = target
    for field, value in fields.items():
        setattr(held, field, value)
    held.full_clean()
    held.save()
    after = {"state": str(target)} | ({"reason": reason} if reason else {})
    record(
        f"inspection.{name}",
        held,
        by=by,
        before=before,
        after=after,
        # A school reads its own record: of a visit that it was never told of, nothing stands there.
        school_id=held.school_id if held.is_known_to_school else None,
        body_id=held.body_id,
    )
    return held
