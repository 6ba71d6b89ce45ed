"""Units that are expected of an event. The column is added as it is: Django would copy the table."""

import django.core.validators
from django.db import migrations, models

NUMBER = {"postgresql": "double precision NULL", "sqlite": "real NULL"}


def add(apps, schema_editor):
    kind = NUMBER[schema_editor.connection.vendor]
    schema_editor.execute(f'ALTER TABLE "demand_plannedevent" ADD COLUMN "expected_units" {kind}', params=None)


def drop(apps, schema_editor):
    schema_editor.execute('ALTER TABLE "demand_plannedevent" DROP COLUMN "expected_units"', params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('demand', '0014_probable_stockouts'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name='plannedevent',
                    name='expected_units',
                    field=models.FloatField(blank=True, help_text='Of its SKU from the first day to the last, ordinary demand included, such as 300 of a lightning deal; no lift then.', null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(100000000.0)], verbose_name='expected units'),
                ),
            ],
        ),
    ]
