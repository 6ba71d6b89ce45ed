"""A costly forecaster of lead-time demand at night, and two years of history. Columns are added as they are: Django would copy tables."""

import django.core.validators
import stockhub.demand.models
from django.db import migrations, models

BYTES = {"postgresql": "bytea NOT NULL DEFAULT ''::bytea", "sqlite": "BLOB NOT NULL DEFAULT X''"}
LIST = {"postgresql": "jsonb NOT NULL DEFAULT '[]'::jsonb", "sqlite": "text NOT NULL DEFAULT '[]' CHECK ((JSON_VALID(\"{name}\") OR \"{name}\" IS NULL))"}


def like(kind):
    return dict.fromkeys(BYTES, kind)


COLUMNS = (
    ("demand_forecastsettings", "costly_forecaster", like("varchar(60) NOT NULL DEFAULT ''")),
    ("demand_forecastsettings", "costly_accounts", LIST),
    ("demand_forecastsettings", "costly_categories", LIST),
    ("demand_forecastsettings", "costly_minutes", like("smallint NOT NULL DEFAULT 10 CHECK (\"{name}\" >= 0)")),
    ("demand_forecastsettings", "looks_back_two_years", like("boolean NOT NULL DEFAULT true")),
    ("demand_leadtimecalibration", "history_days", like("smallint NOT NULL DEFAULT 365 CHECK (\"{name}\" >= 0)")),
    ("demand_leadtimecalibration", "costly_forecaster", like("varchar(60) NOT NULL DEFAULT ''")),
    ("demand_leadtimecalibration", "costly_learned", BYTES),
    ("demand_leadtimecalibration", "costly_error", like("varchar(400) NOT NULL DEFAULT ''")),
    ("demand_leadtimecalibration", "costly_seconds", {"postgresql": "double precision NOT NULL DEFAULT 0", "sqlite": "real NOT NULL DEFAULT 0"}),
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
        ('demand', '0007_turnover'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AlterField(
                    model_name='marketsignal',
                    name='kind',
                    field=models.CharField(choices=[('competitor_launch', "A competitor's launch"), ('keyword_rank', 'Rank of a keyword'), ('industry', 'News of the industry'), ('complaints', 'Wave of complaints'), ('traffic', 'Visitors of a listing'), ('sales_rank', 'Sales rank'), ('rival_price', "A rival's price"), ('other', 'Other')], max_length=20, verbose_name='kind'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='costly_accounts',
                    field=models.JSONField(blank=True, db_default=[], default=list, help_text='Codes. Without any account and category: everything.', validators=[stockhub.demand.models.codes], verbose_name='accounts of the costly one'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='costly_categories',
                    field=models.JSONField(blank=True, db_default=[], default=list, help_text='Codes, each with all beneath it.', validators=[stockhub.demand.models.codes], verbose_name='categories of the costly one'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='costly_forecaster',
                    field=models.CharField(blank=True, db_default='', default='', help_text='A slug, such as lead-time-boosted: it makes the lead-time demand of the accounts and categories below. Empty: none.', max_length=60, verbose_name='costly forecaster of lead-time demand'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='costly_minutes',
                    field=models.PositiveSmallIntegerField(db_default=10, default=10, help_text="In one run, learning included. What it has not made by then is the other forecaster's, with the reason.", validators=[django.core.validators.MinValueValidator(1)], verbose_name='minutes of the costly one'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='looks_back_two_years',
                    field=models.BooleanField(db_default=True, default=True, help_text='Where a quarter of the series are older than sixteen months, so that the season of last year is seen.', verbose_name='looks back two years'),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='costly_error',
                    field=models.CharField(blank=True, db_default='', default='', max_length=400, verbose_name='error of the costly one'),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='costly_forecaster',
                    field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='costly forecaster'),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='costly_learned',
                    field=models.BinaryField(db_default=b'', default=bytes, verbose_name='what the costly one learned'),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='costly_seconds',
                    field=models.FloatField(db_default=0.0, default=0.0, verbose_name='seconds of the costly one'),
                ),
                migrations.AddField(
                    model_name='leadtimecalibration',
                    name='history_days',
                    field=models.PositiveSmallIntegerField(db_default=365, default=365, verbose_name='days of history'),
                ),
            ],
        ),
    ]
