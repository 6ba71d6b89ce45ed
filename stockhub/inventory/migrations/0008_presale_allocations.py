"""Allocations of presales. Added with a default of the database's own, so that an older release goes on writing rows."""

from django.db import migrations, models


def add(apps, schema_editor):
    false = "false" if schema_editor.connection.vendor == "postgresql" else "0"
    schema_editor.execute(f"ALTER TABLE inventory_allocation ADD COLUMN is_presale bool NOT NULL DEFAULT {false}")


def drop(apps, schema_editor):
    schema_editor.execute("ALTER TABLE inventory_allocation DROP COLUMN is_presale")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_disputes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField(
                    model_name="allocation",
                    name="is_presale",
                    field=models.BooleanField(
                        db_default=False, default=False, help_text="Takes what is on its way.", verbose_name="presale"
                    ),
                )
            ],
        )
    ]
