"""A forecast names its run without a constraint (docs/adr/0040). SQLite keeps the one it has: taking it away would copy the table."""

import django.db.models.deletion
from django.db import migrations, models


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in _names(schema_editor):
            schema_editor.execute(f'ALTER TABLE "demand_forecast" DROP CONSTRAINT "{name}"', params=None)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE "demand_forecast" ADD CONSTRAINT "demand_forecast_cycle_id_fk_cycles_cycle_id" FOREIGN KEY ("cycle_id") '
            'REFERENCES "cycles_cycle" ("id") DEFERRABLE INITIALLY DEFERRED NOT VALID',
            params=None,
        )


def _names(schema_editor):
    with schema_editor.connection.cursor() as cursor:
        found = schema_editor.connection.introspection.get_constraints(cursor, "demand_forecast")
    return [name for name, each in found.items() if each["columns"] == ["cycle_id"] and each["foreign_key"]]


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0003_observed'),
        ('demand', '0008_nightly'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, add)],
            state_operations=[
                migrations.AlterField(
                    model_name='forecast',
                    name='cycle',
                    field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='forecasts', to='cycles.cycle', verbose_name='cycle'),
                ),
            ],
        ),
    ]
