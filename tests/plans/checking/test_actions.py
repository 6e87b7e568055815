"""Soạn xong asks the rules: an error keeps the draft open, a warning does not; nothing finishes around it."""

import ast
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

import plans
from plans.accounts.models import User
from plans.checking.actions import finish_plan
from plans.checking.report import report
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning.models import Plan, PlanText
from tests.plans.checking.conftest import TODAY, Load


def test_a_plan_without_errors_is_finished_although_it_has_warnings(
    clean: Plan, principal: User, load: Load
) -> None:
    PlanText.objects.filter(plan=clean, section="purpose").update(body="1. Một\n3. Ba")

    finished = finish_plan(plan=clean, by=principal, on=TODAY)

    assert report(load()).findings != ()
    assert Plan.objects.get(pk=clean.pk).state == finished.state == "finished"
    assert Event.objects.about(clean).first().action == "plan.finish"


def test_an_error_that_is_no_gap_keeps_the_draft_open(clean: Plan, principal: User) -> None:
    clean.actions.update(proposed_at=timezone.now())

    with pytest.raises(ValidationError) as refused:
        finish_plan(plan=clean, by=principal, on=TODAY)

    assert refused.value.messages == [
        "Tiêu chí 3.2: dòng do chương trình đề xuất, chưa ai xác nhận."
    ]
    assert Plan.objects.get(pk=clean.pk).state == "draft"


def test_every_error_is_named(clean: Plan, principal: User, load: Load) -> None:
    PlanText.objects.filter(plan=clean).delete()
    clean.actions.update(proposed_at=timezone.now())

    with pytest.raises(ValidationError) as refused:
        finish_plan(plan=clean, by=principal, on=TODAY)

    assert refused.value.messages == [f"{error.message}." for error in report(load()).errors]


def test_a_finished_plan_cannot_be_finished_again_whatever_the_rules_say(
    clean: Plan, principal: User
) -> None:
    PlanText.objects.filter(plan=clean).delete()
    Plan.objects.filter(pk=clean.pk).update(state="finished", finished_at=timezone.now())

    with pytest.raises(MoveNotAllowed):
        finish_plan(plan=clean, by=principal, on=TODAY)


def test_nothing_finishes_a_plan_around_the_rules() -> None:
    """Planning's own move only knows what is missing; the rooms above may reach it through this one alone."""
    root = Path(plans.__path__[0])
    callers = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr == "finish_plan"
        or (isinstance(node, ast.ImportFrom) and node.module == "plans.planning.actions")
        and any(name.name == "finish_plan" for name in node.names)
    }

    assert callers == {"checking/actions.py"}
