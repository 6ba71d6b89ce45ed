"""The maximum that a user orders up to, beside the line below which he is warned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_override_scopes")]
    operations = [
        migrations.AddField(
            model_name="stockpolicy",
            name="maximum_qty",
            field=models.PositiveIntegerField(
                blank=True, help_text="The user's own maximum; empty: what the forecast asks for.", null=True, verbose_name="order up to"
            ),
        )
    ]
