"""The last price of a listing is found in the index alone, without reading its rows or sorting them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0015_webhooks_in_one_spelling")]
    operations = [
        migrations.AddIndex(
            model_name="pricefact",
            index=models.Index(fields=["listing", "-occurred_at", "-id"], name="channels_pricefact_last"),
        ),
        migrations.RemoveIndex(model_name="pricefact", name="channels_pricefact_latest"),
    ]
