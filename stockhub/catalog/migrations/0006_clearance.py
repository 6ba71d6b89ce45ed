"""SKUs that are being cleared, with a default of the database's own, so that an older release goes on writing rows; and a policy's word on buying."""

from django.db import migrations, models


def add(apps, schema_editor):
    false = "false" if schema_editor.connection.vendor == "postgresql" else "0"
    schema_editor.execute(f"ALTER TABLE catalog_sku ADD COLUMN is_clearance bool NOT NULL DEFAULT {false}")


def drop(apps, schema_editor):
    schema_editor.execute("ALTER TABLE catalog_sku DROP COLUMN is_clearance")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_benchmarks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name="sku",
                    name="is_clearance",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Its stage is liquidation as long as this is set.",
                        verbose_name="on clearance",
                    ),
                )
            ],
        ),
        migrations.AddField(
            model_name="stockpolicy",
            name="is_replenished",
            field=models.BooleanField(
                blank=True, help_text="Whatever its stage says; empty: as its stage says.", null=True, verbose_name="bought again"
            ),
        ),
    ]
