"""Lines remember the parts that they were taken with, and returns are found by their order.

Lines that were written before are left as they are: their parts are None, which stands for what their listing delivers.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("channels", "0016_last_price")]
    operations = [
        migrations.AddField("orderline", "parts", models.TextField(editable=False, null=True, verbose_name="parts of one unit")),
        migrations.AddIndex(
            "customerreturn",
            models.Index(fields=["account", "order_external_id"], name="channels_return_order", condition=~Q(order_external_id="")),
        ),
    ]
