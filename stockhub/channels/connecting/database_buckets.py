"""Buckets in the database: one conditional UPDATE a call, on the database's own clock."""

from __future__ import annotations

from typing import Final

from django.db import connection

from stockhub.channels.connecting.buckets import Bucket
from stockhub.channels.connecting.models import RateBucket

_TABLE: Final = RateBucket._meta.db_table
#: Seconds since 1970 at the statement's own moment, not at its transaction's.
_NOW: Final = {
    "postgresql": "extract(epoch FROM clock_timestamp())::double precision",
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
}
#: SQLite's clock counts in thousandths.
_ROUNDING: Final = 0.0005
_TAKE: Final = (
    "UPDATE {table} SET full_at = (CASE WHEN full_at > {now} THEN full_at ELSE {now} END) + %s "
    "WHERE scope = %s AND operation = %s AND full_at <= {now} + %s "
    "AND NOT EXISTS (SELECT 1 FROM {table} w WHERE w.scope = %s AND w.operation = '' AND w.full_at > {now})"
)
_WAIT: Final = (
    "SELECT max(full_at - {now} - (CASE WHEN scope = %s AND operation = %s THEN %s ELSE 0.0 END)), "
    "count(CASE WHEN scope = %s AND operation = %s THEN 1 END) "
    "FROM {table} WHERE (scope = %s AND operation = %s) OR (scope = %s AND operation = '')"
)
_EMPTY: Final = (
    "INSERT INTO {table} (scope, operation, full_at) VALUES (%s, %s, {now} + %s) "
    "ON CONFLICT (scope, operation) DO UPDATE SET full_at = "
    "(CASE WHEN {table}.full_at > excluded.full_at THEN {table}.full_at ELSE excluded.full_at END) RETURNING full_at - {now}"
)


class DatabaseBuckets:
    def take(self, bucket: Bucket, whole: Bucket) -> float:
        if bucket.gap and self._taken(bucket, whole):
            return 0.0
        wait, known = self._wait(bucket, whole)
        if wait > 0:
            return wait
        if bucket.gap and not known:
            RateBucket.objects.bulk_create([RateBucket(scope=bucket.scope, operation=bucket.operation)], ignore_conflicts=True)
        if not bucket.gap or self._taken(bucket, whole):
            return 0.0
        # Others were faster between the two statements.
        return max(self._wait(bucket, whole)[0], _ROUNDING)

    def empty(self, bucket: Bucket, seconds: float) -> float:
        with connection.cursor() as cursor:
            cursor.execute(_sql(_EMPTY), [bucket.scope, bucket.operation, bucket.depth + seconds])
            return float(cursor.fetchone()[0]) - bucket.depth

    def _taken(self, bucket: Bucket, whole: Bucket) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(_sql(_TAKE), [bucket.gap, bucket.scope, bucket.operation, bucket.depth + _ROUNDING, whole.scope])
            return bool(cursor.rowcount == 1)

    def _wait(self, bucket: Bucket, whole: Bucket) -> tuple[float, bool]:
        mine = [bucket.scope, bucket.operation]
        with connection.cursor() as cursor:
            cursor.execute(_sql(_WAIT), [*mine, bucket.depth, *mine, *mine, whole.scope])
            longest, known = cursor.fetchone()
        return (max(float(longest) - _ROUNDING, 0.0) if longest is not None else 0.0), bool(known)


def _sql(statement: str) -> str:
    return statement.format(table=_TABLE, now=_NOW[connection.vendor])
