"""An event names the plan that its subject is, or stands in; older events were given it by a migration."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from plans.history.actions import record
from plans.history.models import Event
from tests.factories import accounts, planning

MIGRATION = "0003_events_name_their_plan"

pytestmark = pytest.mark.django_db


def test_event_names_the_plan_of_its_subject() -> None:
    plan = planning.plan()
    action = planning.action(plan)
    user = accounts.user()

    about_plan = record("plan.change", plan, by=user)
    about_row = record("action.add", action, by=user)
    about_person = record("user.change", user, by=user)

    assert about_plan and about_row and about_person
    assert list(Event.objects.of_plan(plan)) == [about_row, about_plan]
    assert about_person.plan_id is None


def test_migration_names_the_plan_of_older_events() -> None:
    plan = planning.plan()
    subjects = [plan, planning.action(plan), planning.plan_text(plan)]
    for subject in subjects:
        record("any.change", subject, by=None)
    Event._base_manager.update(plan_id=None)
    then = MigrationLoader(connection).project_state([("plans", MIGRATION)]).apps

    import_module(f"plans.migrations.{MIGRATION}").name_plans(then, None)

    assert set(Event.objects.values_list("plan_id", flat=True)) == {plan.pk}
