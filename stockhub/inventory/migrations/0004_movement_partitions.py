"""Movements lie in partitions by the month in which they were recorded, on PostgreSQL.

Rows only ever enter the month that it is, so a closed month never changes: it can be checked once, archived, and is read by nobody who asks
about another. The model's primary key stays `id`, which the sequence keeps unique; the table's is (id, recorded_at), because a partitioned
table's key must hold the partition key. The append-only trigger is the parent's, and PostgreSQL gives it to every partition.

One BRIN index over both times costs some kilobytes a million rows. Movements are recorded in the order of `recorded_at`, so that it
finds the pages of an instant: a key's movement without an index on keys, and what arrived late.

On a table with rows the migration copies them under ACCESS EXCLUSIVE; plan a minute a million. See `core.partitioning`.
"""

from django.db import migrations

from stockhub.core import clock
from stockhub.core.partitioning import merge_partitions, partition_by_month

TABLE = "inventory_movement"
TIMES = "inventory_movement_times"


def partition(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    partition_by_month(schema_editor, TABLE, "recorded_at", now=clock.now())
    schema_editor.execute(
        f"CREATE INDEX IF NOT EXISTS {TIMES} ON {TABLE} USING brin (occurred_at, recorded_at)"
        " WITH (pages_per_range = 32, autosummarize = on)"
    )


def merge(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"DROP INDEX IF EXISTS {TIMES}")
    merge_partitions(schema_editor, TABLE, "recorded_at")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_more_movement_kinds")]
    operations = [migrations.RunPython(partition, merge)]
