"""Whether probable stock-outs are left out. The column is added as it is: Django would copy the table."""

from django.db import migrations, models

SWITCH = {"postgresql": "boolean DEFAULT true NOT NULL", "sqlite": "bool DEFAULT 1 NOT NULL"}


def add(apps, schema_editor):
    kind = SWITCH[schema_editor.connection.vendor]
    schema_editor.execute(f'ALTER TABLE "demand_forecastsettings" ADD COLUMN "infers_stockouts" {kind}', params=None)


def drop(apps, schema_editor):
    schema_editor.execute('ALTER TABLE "demand_forecastsettings" DROP COLUMN "infers_stockouts"', params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("demand", "0013_champions_of_the_mean"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name="forecastsettings",
                    name="infers_stockouts",
                    field=models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Where no stock is recorded: days without a sale in the middle of a steady flow, too many in a row for chance, say nothing about demand. Off: they are marked, and count as days without demand.",
                        verbose_name="leaves out probable stock-outs",
                    ),
                ),
            ],
        ),
    ]
