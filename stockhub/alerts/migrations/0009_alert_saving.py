"""What an action saves, beside the money at stake. The index is made as `indexes` of a partial sort are: on PostgreSQL without a lock."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

import stockhub.core.fields


class Migration(migrations.Migration):
    dependencies = [("alerts", "0008_told_roles")]
    operations = [
        migrations.AddField("alert", "saving_amount", stockhub.core.fields.AmountField(null=True, verbose_name="an action saves")),
        migrations.AddIndex(
            "alert", models.Index(fields=["side", "-saving_amount"], name="alerts_alert_saving", condition=~Q(status="resolved"))
        ),
    ]
