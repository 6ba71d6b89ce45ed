"""The basis of a forecast names it without a constraint (docs/adr/0040)."""

import django.db.models.deletion
from django.db import migrations, models

from stockhub.core.migrating import drop_foreign_key


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0015_expected_units'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_foreign_key('demand_forecastbasis', 'forecast_id', 'demand_forecast')],
            state_operations=[
                migrations.AlterField(
                    model_name='forecastbasis',
                    name='forecast',
                    field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='basis', to='demand.forecast', verbose_name='forecast'),
                ),
            ],
        ),
    ]
