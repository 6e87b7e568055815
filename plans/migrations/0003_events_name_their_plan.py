"""Events written before `plan_id` get the plan that their subject is, or stands in."""

from django.db import migrations
from django.db.models import BigIntegerField
from django.db.models.functions import Cast

ROWS = {"planaction": "PlanAction", "plantext": "PlanText", "criterionresult": "CriterionResult"}


def name_plans(apps, schema_editor):
    events = apps.get_model("plans", "Event").objects.filter(plan_id__isnull=True)
    number = Cast("subject_id", BigIntegerField())
    events.filter(subject_type="plan").update(plan_id=number)
    for subject_type, model in ROWS.items():
        for pk, plan in apps.get_model("plans", model).objects.values_list("pk", "plan_id"):
            events.filter(subject_type=subject_type, subject_id=str(pk)).update(plan_id=plan)


class Migration(migrations.Migration):

    dependencies = [("plans", "0002_writing_together")]

    operations = [migrations.RunPython(name_plans, migrations.RunPython.noop, elidable=True)]
