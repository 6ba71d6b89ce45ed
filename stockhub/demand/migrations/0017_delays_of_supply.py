"""Delays of supply. The country is added as it is: Django would copy the table for a column that is never null."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


def add(apps, schema_editor):
    # The default stays, so that an older release goes on writing events.
    schema_editor.execute('ALTER TABLE "demand_plannedevent" ADD COLUMN "supplier_country" varchar(2) DEFAULT \'\' NOT NULL', params=None)


def drop(apps, schema_editor):
    schema_editor.execute('ALTER TABLE "demand_plannedevent" DROP COLUMN "supplier_country"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0016_basis_without_a_constraint'),
        ('suppliers', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='plannedevent',
            name='extra_lead_time_days',
            field=models.FloatField(blank=True, help_text='Of a delay: on top of the lead time of what is ordered from the first day to the last, such as 14.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(365.0)], verbose_name='days longer'),
        ),
        migrations.AddField(
            model_name='plannedevent',
            name='supplier',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Of a delay: what is ordered from him. Empty: from anybody.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='suppliers.supplier', verbose_name='supplier'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='plannedevent',
                    name='supplier_country',
                    field=models.CharField(blank=True, help_text='Of a delay: what is ordered from suppliers in it, such as CN.', max_length=2, verbose_name='country of suppliers'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='plannedevent',
            name='kind',
            field=models.CharField(choices=[('promotion', 'Promotion'), ('price_change', 'Price change'), ('closure', 'Closure'), ('delay', 'Delay of supply')], max_length=16, verbose_name='kind'),
        ),
    ]
