"""Lead-time demand beside the forecast of days. Columns are added as they are: on SQLite Django would copy the whole table for each."""

import django.db.models.deletion
import stockhub.core.clock
import stockhub.core.fields
import stockhub.demand.models
from django.db import migrations, models

BYTES = {"postgresql": "bytea NOT NULL DEFAULT ''::bytea", "sqlite": "BLOB NOT NULL DEFAULT X''"}
LIST = {"postgresql": "jsonb NOT NULL DEFAULT '[]'::jsonb", "sqlite": "text NOT NULL DEFAULT '[]' CHECK ((JSON_VALID(\"{name}\") OR \"{name}\" IS NULL))"}
COLUMNS = (
    ("demand_forecast", "lead_time_days", BYTES),
    ("demand_forecast", "lead_time_levels", BYTES),
    ("demand_forecast", "lead_time_quantiles", BYTES),
    ("demand_forecast", "lead_time_model", dict.fromkeys(BYTES, "varchar(60) NOT NULL DEFAULT ''")),
    ("demand_forecast", "lead_time_fallback", dict.fromkeys(BYTES, "varchar(200) NOT NULL DEFAULT ''")),
    ("demand_forecastsettings", "lead_time_forecaster", dict.fromkeys(BYTES, "varchar(60) NOT NULL DEFAULT ''")),
    ("demand_forecastsettings", "lead_time_days", LIST),
    ("demand_forecastsettings", "lead_time_levels", LIST),
)


def add(apps, schema_editor):
    for table, name, kinds in COLUMNS:
        kind = kinds[schema_editor.connection.vendor].format(name=name)
        schema_editor.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind}', params=None)


def drop(apps, schema_editor):
    for table, name, _kinds in COLUMNS:
        schema_editor.execute(f'ALTER TABLE "{table}" DROP COLUMN "{name}"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0003_observed'),
        ('demand', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='forecast',
                    name='lead_time_days',
                    field=stockhub.core.fields.ArrayField(db_default=b'', default=bytes, dtype='<i2', editable=False, verbose_name='lead times in days'),
                ),
                migrations.AddField(
                    model_name='forecast',
                    name='lead_time_fallback',
                    field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='why not the lead-time model'),
                ),
                migrations.AddField(
                    model_name='forecast',
                    name='lead_time_levels',
                    field=stockhub.core.fields.ArrayField(db_default=b'', default=bytes, dtype='<f4', editable=False, verbose_name='levels of lead-time demand'),
                ),
                migrations.AddField(
                    model_name='forecast',
                    name='lead_time_model',
                    field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='model of lead-time demand'),
                ),
                migrations.AddField(
                    model_name='forecast',
                    name='lead_time_quantiles',
                    field=stockhub.core.fields.ArrayField(db_default=b'', default=bytes, dtype='<f4', editable=False, verbose_name='quantiles of lead-time demand'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='lead_time_days',
                    field=models.JSONField(blank=True, db_default=[], default=list, help_text='Between these, quantiles are interpolated. Empty: 1, 3, 7, 14, 28, 56, 90.', validators=[stockhub.demand.models.ascending_days], verbose_name='lead times in days'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='lead_time_forecaster',
                    field=models.CharField(blank=True, db_default='', default='', help_text='A slug; empty: the first that is installed.', max_length=60, verbose_name='forecaster of lead-time demand'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='lead_time_levels',
                    field=models.JSONField(blank=True, db_default=[], default=list, help_text='Probabilities at which lead-time demand is kept. Empty: from 5 % to 99.5 %.', validators=[stockhub.demand.models.ascending_levels], verbose_name='levels of lead-time demand'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='LeadTimeCalibration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('forecaster', models.CharField(max_length=60, verbose_name='forecaster')),
                ('last_on', models.DateField(verbose_name='last known day')),
                ('series_count', models.PositiveIntegerField(verbose_name='series learned from')),
                ('learned', models.BinaryField(verbose_name='what was learned')),
                ('error', models.CharField(blank=True, max_length=400, verbose_name='error')),
                ('created_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, verbose_name='made')),
                ('cycle', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lead_time_calibration', to='cycles.cycle', verbose_name='cycle')),
            ],
            options={
                'verbose_name': 'lead-time calibration',
                'verbose_name_plural': 'lead-time calibrations',
            },
        ),
    ]
