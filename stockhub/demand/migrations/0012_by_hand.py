"""Days that people mark, and the SKU that a new one is like. Settings' columns are added as they are: Django would copy the table."""

import django.core.validators
import django.db.models.deletion
import stockhub.core.clock
import stockhub.demand.models
from django.db import migrations, models

NUMBER = {
    "postgresql": "smallint DEFAULT 25 NOT NULL CHECK (\"least_in_stock_percent\" >= 0)",
    "sqlite": "smallint unsigned DEFAULT 25 NOT NULL CHECK (\"least_in_stock_percent\" >= 0)",
}
SWITCH = {"postgresql": "boolean DEFAULT true NOT NULL", "sqlite": "bool DEFAULT 1 NOT NULL"}
LIST = {
    "postgresql": "jsonb DEFAULT '[]'::jsonb NOT NULL",
    "sqlite": "text DEFAULT '[]' NOT NULL CHECK ((JSON_VALID(\"season_categories\") OR \"season_categories\" IS NULL))",
}


def add(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(f'ALTER TABLE "demand_forecastsettings" ADD COLUMN "least_in_stock_percent" {NUMBER[vendor]}', params=None)
    schema_editor.execute(f'ALTER TABLE "demand_forecastsettings" ADD COLUMN "seasons_by_category" {SWITCH[vendor]}', params=None)
    schema_editor.execute(f'ALTER TABLE "demand_forecastsettings" ADD COLUMN "season_categories" {LIST[vendor]}', params=None)


def drop(apps, schema_editor):
    for name in ("season_categories", "seasons_by_category", "least_in_stock_percent"):
        schema_editor.execute(f'ALTER TABLE "demand_forecastsettings" DROP COLUMN "{name}"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_maximum'),
        ('channels', '0016_last_price'),
        ('demand', '0011_velocity_windows'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='forecastsettings',
                    name='least_in_stock_percent',
                    field=models.PositiveSmallIntegerField(db_default=25, default=25, help_text='A day with less of it in stock says nothing about demand and is left out; one with more, but not all, is scaled up. With 100, every day with a stock-out is left out.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='least of a day in stock, per cent'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='seasons_by_category',
                    field=models.BooleanField(db_default=True, default=True, help_text='SKUs lean on what their category did last year, as far as its SKUs agree. Off: on the whole shop and themselves.', verbose_name='seasons by category'),
                ),
                migrations.AddField(
                    model_name='forecastsettings',
                    name='season_categories',
                    field=models.JSONField(blank=True, db_default=[], default=list, help_text='Codes, each with all beneath it: only their SKUs lean on what their category did last year. Empty: those of every category.', validators=[stockhub.demand.models.codes], verbose_name='only of these categories'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='DayMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reason', models.CharField(help_text='Why: what the next person reads.', max_length=300, verbose_name='reason')),
                ('made_by', models.CharField(editable=False, max_length=150, verbose_name='made by')),
                ('treatment', models.CharField(choices=[('kept', 'Kept as it is'), ('left_out', 'Left out'), ('stated', 'Stated units')], help_text='Kept: as it was sold, whatever cleaning makes of it. Left out: it says nothing of ordinary days.', max_length=12, verbose_name='treatment')),
                ('units', models.FloatField(blank=True, help_text='What an ordinary day would have sold; with stated units only.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100000000.0)], verbose_name='stated units a day')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='channels.account', verbose_name='account')),
                ('category', models.ForeignKey(blank=True, help_text='And all beneath it.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.category', verbose_name='category')),
                ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.stockpool', verbose_name='pool')),
                ('sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name': 'marked day',
                'verbose_name_plural': 'marked days',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='demand_daymark_ends_after_start', violation_error_message='The last day is not before the first.'), models.CheckConstraint(condition=models.Q(models.Q(('treatment', 'stated'), ('units__isnull', False)), models.Q(models.Q(('treatment', 'stated'), _negated=True), ('units__isnull', True)), _connector='OR'), name='demand_daymark_units_where_stated', violation_error_message='State units with the treatment of stated units, and with no other.')],
            },
        ),
        migrations.CreateModel(
            name='LaunchAnalogue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=stockhub.core.clock.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_index=True, default=stockhub.core.clock.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('scale', models.FloatField(default=1.0, help_text='Times what the like SKU sold, such as 0.8 for a fifth less.', validators=[django.core.validators.MinValueValidator(0.01), django.core.validators.MaxValueValidator(100.0)], verbose_name='scale')),
                ('ends_on', models.DateField(blank=True, help_text='After it the choice is automatic again. Empty: until the SKU is established.', null=True, verbose_name='last day')),
                ('reason', models.CharField(help_text='Why: what the next person reads.', max_length=300, verbose_name='reason')),
                ('made_by', models.CharField(editable=False, max_length=150, verbose_name='made by')),
                ('like_sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.sku', verbose_name='like SKU')),
                ('sku', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='launch_analogue', to='catalog.sku', verbose_name='new SKU')),
            ],
            options={
                'verbose_name': 'like SKU of a new one',
                'verbose_name_plural': 'like SKUs of new ones',
                'constraints': [models.CheckConstraint(condition=models.Q(('sku', models.F('like_sku')), _negated=True), name='demand_launchanalogue_of_another', violation_error_message='A SKU is not its own like SKU.')],
            },
        ),
    ]
