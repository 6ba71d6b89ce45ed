"""Forecasts say whether a spike of demand goes on (docs/adr/0063); a planned event says when it ends on its last day.

Columns of forecasts are added as they are: Django would copy the table.
"""

from django.db import migrations, models

REAL = {"postgresql": "double precision NOT NULL DEFAULT 0", "sqlite": "real NOT NULL DEFAULT 0"}
COLUMNS = (
    (
        "spike_days",
        {"postgresql": "smallint NOT NULL DEFAULT 0", "sqlite": 'smallint unsigned NOT NULL DEFAULT 0 CHECK ("spike_days" >= 0)'},
    ),
    ("spike_rate", REAL),
    ("spike_before", REAL),
)


def add(apps, schema_editor):
    for name, kinds in COLUMNS:
        schema_editor.execute(f'ALTER TABLE "demand_forecast" ADD COLUMN "{name}" {kinds[schema_editor.connection.vendor]}', params=None)


def drop(apps, schema_editor):
    for name, _kinds in COLUMNS:
        schema_editor.execute(f'ALTER TABLE "demand_forecast" DROP COLUMN "{name}"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0017_delays_of_supply'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='forecast',
                    name='spike_days',
                    field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='days of a spike'),
                ),
                migrations.AddField(
                    model_name='forecast',
                    name='spike_rate',
                    field=models.FloatField(db_default=0.0, default=0.0, verbose_name='units a day of the spike'),
                ),
                migrations.AddField(
                    model_name='forecast',
                    name='spike_before',
                    field=models.FloatField(db_default=0.0, default=0.0, verbose_name='units a day before the spike'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='plannedevent',
            name='ends_time',
            field=models.TimeField(
                blank=True, help_text="On the last day, on the business's clock, such as 22:00 of a live stream. Empty: not known.",
                null=True, verbose_name='ends at',
            ),
        ),
    ]
