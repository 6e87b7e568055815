"""Every state × role × move, against a table written for reading; by the permission and by the action."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.issuing.models import OfficeRule
from plans.moves import MoveNotAllowed
from plans.planning.models import Plan
from plans.planning.states import MOVES, PlanState
from plans.submitting import actions

pytestmark = pytest.mark.django_db

# Which states each move leaves, where it leads and who makes it, under an office that approves plans (+)
# or approves none (-); without a sign under both.
LEADS = "principal vice_principal council_secretary"
SIGNS = "principal vice_principal"
TABLE = {
    "finish": ("draft", "draft > finished", LEADS),
    "reopen": ("finished", "finished > draft", LEADS),
    "issue": ("finished", "finished > issued", SIGNS),
    "send": ("issued", "issued > sent", f"{SIGNS} clerk"),
    "receive": ("sent", "sent > received", "officer body_lead"),
    "return": ("sent received", "any > returned", "officer body_lead"),
    "approve": ("+received", "received > approved", "body_lead"),
    "start": ("-issued -received approved", "any > under_way", SIGNS),
    "close": ("under_way", "under_way > closed", SIGNS),
    "withdraw": ("issued sent received approved under_way", "any > withdrawn", SIGNS),
    "revise": ("issued received returned approved under_way withdrawn", "any > draft", LEADS),
}
# "finish" and "issue" ask for a plan that is whole, which rooms of their own try.
TRIED = {
    "reopen": actions.reopen_plan,
    "send": actions.send_plan,
    "receive": actions.receive_plan,
    "return": partial(actions.return_plan, reason="Thiếu minh chứng."),
    "approve": actions.approve_plan,
    "start": actions.start_plan,
    "close": actions.close_plan,
    "withdraw": partial(actions.withdraw_plan, reason="Ban hành nhầm."),
    "revise": partial(actions.revise_plan, reason="Sửa theo ý kiến."),
}


def _leaves(move: str, state: PlanState, approves: bool) -> bool:
    words = TABLE[move][0].split()
    return state in words or f"{'+' if approves else '-'}{state}" in words


def test_table_names_every_move() -> None:
    assert list(TABLE) == [move.name for move in MOVES]


@pytest.mark.parametrize("approves", [False, True])
@pytest.mark.parametrize("state", list(PlanState))
def test_each_role_may_make_the_moves_of_the_table_and_no_other(
    state: PlanState,
    approves: bool,
    people: dict[Role, User],
    plan_in: Callable[[PlanState], Plan],
    approving: OfficeRule,
) -> None:
    OfficeRule.objects.update(approves_plans=approves)
    plan = plan_in(state)

    found = {
        (move.name, role.value)
        for move in MOVES
        for role, person in people.items()
        if person.has_perm(move.permission, plan)
    }

    assert found == {
        (move, role)
        for move, (_, _, roles) in TABLE.items()
        for role in roles.split()
        if _leaves(move, state, approves)
    }


@pytest.mark.parametrize("approves", [False, True])
@pytest.mark.parametrize("move", list(TRIED))
@pytest.mark.parametrize("state", list(PlanState))
def test_action_makes_the_move_from_the_states_of_the_table_and_no_other(
    state: PlanState,
    move: str,
    approves: bool,
    people: dict[Role, User],
    plan_in: Callable[[PlanState], Plan],
    approving: OfficeRule,
) -> None:
    OfficeRule.objects.update(approves_plans=approves)
    plan = plan_in(state)
    act: Any = TRIED[move]

    if not _leaves(move, state, approves):
        with pytest.raises((MoveNotAllowed, ValidationError)):
            act(plan=plan, by=people[Role.PRINCIPAL])
        reached = str(state)
    else:
        act(plan=plan, by=people[Role.PRINCIPAL])
        reached = TABLE[move][1].partition(" > ")[2]

    assert Plan.objects.get(pk=plan.pk).state == reached
    assert Plan.objects.get(pk=plan.pk).finished_at is None or reached != "draft"


@pytest.mark.parametrize("move", ["return", "withdraw", "revise"])
def test_move_that_wants_a_reason_is_not_made_without_one(
    move: str, people: dict[Role, User], plan_in: Callable[[PlanState], Plan]
) -> None:
    plan = plan_in(PlanState.RECEIVED)
    act: Any = getattr(actions, f"{move}_plan")

    with pytest.raises(ValidationError) as refused:
        act(plan=plan, reason="  ", by=people[Role.PRINCIPAL])

    assert list(refused.value.message_dict) == ["reason"]
    assert Plan.objects.get(pk=plan.pk).state == PlanState.RECEIVED
