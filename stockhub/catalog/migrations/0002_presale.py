"""Warehouses that promise what is on its way. Added with a default of the database's own, so that an older release goes on writing rows."""

from django.db import migrations, models


def add(apps, schema_editor):
    false = "false" if schema_editor.connection.vendor == "postgresql" else "0"
    schema_editor.execute(f"ALTER TABLE catalog_warehouse ADD COLUMN allows_presale bool NOT NULL DEFAULT {false}")


def drop(apps, schema_editor):
    schema_editor.execute("ALTER TABLE catalog_warehouse DROP COLUMN allows_presale")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name="warehouse",
                    name="allows_presale",
                    field=models.BooleanField(
                        db_default=False, default=False, help_text="A presale is promised what is on its way here.", verbose_name="allows presales"
                    ),
                )
            ],
        )
    ]
