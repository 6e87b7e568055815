"""The PDF of a public copy is rendered when the school chooses, and kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0006_from_draft_to_signed")]

    operations = [
        migrations.AddField(
            model_name="publiccopy",
            name="pdf",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="plans.frozenfile",
                verbose_name="bản PDF công khai",
            ),
        ),
    ]
