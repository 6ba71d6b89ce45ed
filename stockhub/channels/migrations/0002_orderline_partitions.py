"""Order lines lie in partitions by the month in which their order was recorded, on PostgreSQL.

The month of the order, not of the line: it never changes and whoever has the order knows it, so that an order's lines are looked for in one
partition. (A new version of an old order may bring lines; they go to the month of their order.)

The database and the model's state differ on purpose. A unique constraint of a partitioned table must hold the partition key, so that on
PostgreSQL `channels_orderline_once` is over (order, line_key, order_recorded_at) and the primary key over (id, order_recorded_at), both
under the names that Django knows. Since an order has one `recorded_at`, which never changes, the longer key is as unique as the shorter one,
which is what the model says and SQLite has. What Django does by a constraint's name works; an upsert must not name (order, line_key).

`order_recorded_at` has a default in the database, so that a release from before this one still writes: its lines wait in the default
partition, where the newer one looks for them too, and the nightly job gives them their month (`order_store.tell_months`).

On a table with rows the migration copies them under ACCESS EXCLUSIVE; plan two minutes a million, since its foreign keys are checked again.
See `core.partitioning`.
"""

import datetime

from django.db import migrations, models

from stockhub.core import clock
from stockhub.core.partitioning import lock_table, merge_partitions, partition_by_month

TABLE = "channels_orderline"
KEY = "order_recorded_at"


def add(apps, schema_editor):
    """Adds the column without writing a row: SQLite can do so, too, where Django would build the table anew."""
    lock_table(schema_editor, TABLE)
    kind = "timestamptz" if schema_editor.connection.vendor == "postgresql" else "datetime"
    zone = "+00" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"ALTER TABLE {TABLE} ADD COLUMN {KEY} {kind} DEFAULT '1970-01-01 00:00:00{zone}' NOT NULL")


def remove(apps, schema_editor):
    schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {KEY}")


def partition(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # Filled while the rows are copied: updating them first would write each twice.
        joins = "JOIN channels_order AS its ON its.id = source.order_id"
        partition_by_month(schema_editor, TABLE, KEY, now=clock.now(), values={KEY: "its.recorded_at"}, joins=joins)
    else:
        schema_editor.execute(
            f"UPDATE {TABLE} SET {KEY} = (SELECT recorded_at FROM channels_order WHERE channels_order.id = {TABLE}.order_id)"
        )


def merge(apps, schema_editor):
    merge_partitions(schema_editor, TABLE, KEY)


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[
                migrations.AddField(
                    model_name="orderline",
                    name=KEY,
                    field=models.DateTimeField(
                        db_default=models.Value(datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)),
                        editable=False,
                        verbose_name="order recorded",
                    ),
                ),
            ],
        ),
        migrations.RunPython(partition, merge),
    ]
