"""Lines remember the parts that they were taken with, returns what came in for them, and returns are found by their order.

What was written before is left as it is: its parts are None, which stands for what its listing delivers.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("channels", "0016_last_price")]
    operations = [
        migrations.AddField("orderline", "parts", models.TextField(editable=False, null=True, verbose_name="parts")),
        migrations.AddField("customerreturn", "parts", models.JSONField(editable=False, null=True, verbose_name="parts")),
        migrations.AddField(
            "customerreturn", "corrections", models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="corrections")
        ),
        migrations.AddIndex(
            "customerreturn",
            models.Index(fields=["account", "order_external_id"], name="channels_return_order", condition=~Q(order_external_id="")),
        ),
    ]
