"""Months of movements in partitions of their own, as in a ledger that has run for so long, instead of in the default one."""

from __future__ import annotations

from datetime import datetime

TABLE = "inventory_movement"


def make_months(first: datetime, last: datetime) -> None:
    """Partitions for every month from that of `first` to that of `last`; before there are rows."""
    from django.db import connection

    from stockhub.core.partitions import create_months, month_start, partitions_of

    count = (last.year - first.year) * 12 + last.month - first.month + 1
    with connection.cursor() as cursor:
        create_months(cursor, TABLE, partitions_of([TABLE])[TABLE], [month_start(first, plus) for plus in range(count)])


def require_in_months() -> None:
    """No movement may lie in the default partition."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}_default")  # noqa: S608 - a constant
        if strays := cursor.fetchone()[0]:
            raise RuntimeError(f"{strays} movements lie in the default partition.")
