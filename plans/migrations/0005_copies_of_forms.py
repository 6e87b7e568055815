"""A copy of a form knows which body writes it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_judged_levels_and_proposals")]

    operations = [
        migrations.AddField(
            model_name="planform",
            name="body",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="forms",
                to="plans.managingbody",
                verbose_name="cơ quan soạn",
            ),
        ),
    ]
