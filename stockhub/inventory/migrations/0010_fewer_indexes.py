"""Two indexes fewer for every new order line.

A key's order is that of its bytes, so that one index finds it whole and by its beginning; PostgreSQL builds it anew here, during which nobody
posts. Allocations are looked for by SKU, or those that are open by SKU and warehouse.
"""

import django.db.models.deletion
from django.db import migrations, models

LIKE = "inventory_movementkey_key_7201b96f_like"
WAREHOUSE = "inventory_allocation_warehouse_id_decb93fa"
ALTER = "ALTER TABLE inventory_movementkey ALTER COLUMN key TYPE varchar(200) COLLATE"


def fewer(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX IF EXISTS {WAREHOUSE}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {LIKE}")
        schema_editor.execute(f'{ALTER} "C"')


def more(apps, schema_editor):
    schema_editor.execute(f"CREATE INDEX {WAREHOUSE} ON inventory_allocation (warehouse_id)")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'{ALTER} "default"')
        schema_editor.execute(f"CREATE INDEX {LIKE} ON inventory_movementkey (key varchar_pattern_ops)")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("inventory", "0009_reserve_line")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(fewer, more)],
            state_operations=[
                migrations.AlterField(
                    model_name="allocation",
                    name="warehouse",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="catalog.warehouse",
                        verbose_name="warehouse",
                    ),
                )
            ],
        )
    ]
