"""A new cause of disputes: units that left although the ledger had none. The column is as it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0010_fewer_indexes")]
    operations = [
        migrations.AlterField(
            model_name="stockdispute",
            name="cause",
            field=models.CharField(
                choices=[
                    ("count", "Stock count"),
                    ("reconcile", "Correction of the ledger"),
                    ("variance", "Variance of a receipt"),
                    ("operator", "Doubt of a person"),
                    ("unbacked", "Shipped without stock"),
                ],
                max_length=12,
                verbose_name="cause",
            ),
        )
    ]
