"""Weights of sales windows that a seller sets. The column is added as it is: Django would copy the table."""

import stockhub.demand.models
from django.db import migrations, models

OBJECT = {
    "postgresql": "jsonb NOT NULL DEFAULT '{}'::jsonb",
    "sqlite": "text NOT NULL DEFAULT '{}' CHECK ((JSON_VALID(\"velocity_weights\") OR \"velocity_weights\" IS NULL))",
}


def add(apps, schema_editor):
    kind = OBJECT[schema_editor.connection.vendor]
    schema_editor.execute(f'ALTER TABLE "demand_forecastsettings" ADD COLUMN "velocity_weights" {kind}', params=None)


def drop(apps, schema_editor):
    schema_editor.execute('ALTER TABLE "demand_forecastsettings" DROP COLUMN "velocity_weights"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0010_own_deviation'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='forecastsettings',
                    name='velocity_weights',
                    field=models.JSONField(blank=True, db_default={}, default=dict, help_text='Weights by days, such as {"3": 0, "7": 2, "30": 1}: 0 switches a window off. Used by velocity-windows, where it is among the forecasters in order. Empty: 7, 14, 30, 60 and 90 days alike.', validators=[stockhub.demand.models.window_weights], verbose_name='windows of sales velocity'),
                ),
            ],
        ),
    ]
