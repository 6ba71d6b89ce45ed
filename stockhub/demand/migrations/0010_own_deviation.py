"""Safety stock from the SKU's own deviation too (docs/adr/0042). Columns are added as they are: Django would copy tables."""

import stockhub.core.fields
from django.db import migrations, models

ARRAY = {"postgresql": "bytea NOT NULL DEFAULT ''::bytea", "sqlite": "BLOB NOT NULL DEFAULT X''"}
COLUMNS = (
    ("demand_forecast", "own_sd", {"postgresql": "double precision NULL", "sqlite": "real NULL"}),
    ("demand_leadtimecalibration", "usual_days", ARRAY),
    ("demand_leadtimecalibration", "usual_levels", ARRAY),
    ("demand_leadtimecalibration", "usual_deviations", ARRAY),
)


def add(apps, schema_editor):
    for table, name, kinds in COLUMNS:
        schema_editor.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kinds[schema_editor.connection.vendor]}', params=None)


def drop(apps, schema_editor):
    for table, name, _kinds in COLUMNS:
        schema_editor.execute(f'ALTER TABLE "{table}" DROP COLUMN "{name}"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0009_forecasts_cycle'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='forecast',
                    name='own_sd',
                    field=models.FloatField(null=True, verbose_name="deviation of a day's demand"),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='usual_days',
                    field=stockhub.core.fields.ArrayField(db_default=b'', dtype='<i2', verbose_name='lead times learned'),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='usual_levels',
                    field=stockhub.core.fields.ArrayField(db_default=b'', dtype='<f4', verbose_name='levels learned'),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='usual_deviations',
                    field=stockhub.core.fields.ArrayField(db_default=b'', dtype='<f4', verbose_name='deviations usually needed'),
                ),
            ],
        ),
    ]
