"""The ledger on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.postgresql import commits_alone, prepared_cursor, wait_until_durable
from stockhub.inventory.posting.decisions import Cell, Decision
from stockhub.inventory.posting.postings import EarlierKey, Place, Posting, PostingResult, PostingStatus, key_reused
from stockhub.inventory.transactions import ConcurrentKeyError
from stockhub.values.errors import DomainError

# One posting, decided and written. Why each part is as it is:
# - `held` locks the balances in the order that lists use too, so that opposite moves of one SKU (reserve and release) cannot deadlock. A
#   locking read waits for concurrent writers and then sees their result, so `decided` is right on a hot row.
# - `crowded`: who had to wait for a balance is in a queue, and gives it on before the disk has answered; see `wait_until_durable`.
# - `fresh` writes the key only if the posting takes effect: a refused one leaves its key free. A concurrent writer of the same key is
#   waited for by the unique index, and loses by DO NOTHING; nothing else hangs on anything but `fresh`.
# - `kept` is an upsert, not an UPDATE with a join: an upsert always changes the newest version of a row, even one that this statement's
#   snapshot does not show.
# - `earlier` shows a key of before this statement began. One that was committed while we waited is invisible: `post_one` then looks again.
_POST_ONE: Final = """
WITH place AS MATERIALIZED (
    SELECT allows_backorder, ledger_starts_at, clock_timestamp() AS since FROM catalog_warehouse WHERE id = %(warehouse_id)s
), held AS MATERIALIZED (
    SELECT bucket_id, qty FROM inventory_balance
    WHERE sku_id = %(sku_id)s AND warehouse_id = %(warehouse_id)s AND bucket_id IN (%(from_bucket)s::varchar, %(to_bucket)s::varchar)
        AND (SELECT since FROM place) IS NOT NULL
    ORDER BY bucket_id COLLATE "C" FOR UPDATE
), crowded AS MATERIALIZED (
    SELECT CASE WHEN %(alone)s::boolean AND clock_timestamp() - since > interval '1 millisecond'
        THEN set_config('synchronous_commit', 'off', true) END AS released
    FROM place CROSS JOIN (SELECT count(*) FROM held) AS once_held
), decided AS (
    SELECT ledger_starts_at > %(occurred_at)s::timestamptz AS early,
        CASE WHEN %(from_bucket)s::varchar IS NULL OR (allows_backorder AND %(from_bucket)s = 'available') THEN %(qty)s::bigint
             ELSE least(%(qty)s::bigint, greatest(coalesce((SELECT qty FROM held WHERE bucket_id = %(from_bucket)s), 0), 0))
        END AS there
    FROM place
), fresh AS (
    INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at)
    SELECT %(key)s, %(fingerprint)s, there, %(now)s FROM decided
    WHERE NOT early AND there > 0 AND (there = %(qty)s::bigint OR %(partial)s)
    ON CONFLICT (key) DO NOTHING RETURNING posted_qty
), moved AS (
    INSERT INTO inventory_movement
        (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key, occurred_at, recorded_at)
    SELECT %(sku_id)s, %(warehouse_id)s, %(from_bucket)s, %(to_bucket)s, posted_qty, %(kind)s, %(reason)s, %(reference)s, %(actor)s,
        %(key)s, %(occurred_at)s, %(now)s
    FROM fresh
), kept AS (
    INSERT INTO inventory_balance AS b (sku_id, warehouse_id, bucket_id, qty, updated_at)
    SELECT %(sku_id)s, %(warehouse_id)s, side.bucket, side.sign * posted_qty, %(now)s
    FROM fresh CROSS JOIN (VALUES (%(from_bucket)s::varchar, -1), (%(to_bucket)s::varchar, 1)) AS side (bucket, sign)
    WHERE side.bucket IS NOT NULL ORDER BY side.bucket
    ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = b.qty + excluded.qty, updated_at = excluded.updated_at
)
SELECT decided.early, (SELECT posted_qty FROM fresh), earlier.fingerprint, earlier.posted_qty, (SELECT released FROM crowded)
FROM decided LEFT JOIN inventory_movementkey AS earlier ON earlier.key = %(key)s
"""

_LOCK_BALANCES: Final = """
SELECT b.sku_id, b.warehouse_id, b.bucket_id, b.qty
FROM inventory_balance AS b
JOIN unnest(%s::bigint[], %s::bigint[], %s::varchar[]) AS asked (sku_id, warehouse_id, bucket_id)
    USING (sku_id, warehouse_id, bucket_id)
ORDER BY b.sku_id, b.warehouse_id, b.bucket_id COLLATE "C"
FOR UPDATE OF b
"""

_WRITE: Final = """
WITH key AS (
    INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at)
    SELECT key, fingerprint, qty, %(now)s FROM unnest(%(keys)s::varchar[], %(fingerprints)s::varchar[], %(qtys)s::bigint[])
        AS asked (key, fingerprint, qty)
    ON CONFLICT (key) DO NOTHING RETURNING key
), moved AS (
    INSERT INTO inventory_movement
        (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key, occurred_at, recorded_at)
    SELECT sku_id, warehouse_id, from_bucket, to_bucket, qty, kind, reason, reference, %(actor)s, key, occurred_at, %(now)s
    FROM unnest(
        %(sku_ids)s::bigint[], %(warehouse_ids)s::bigint[], %(from_buckets)s::varchar[], %(to_buckets)s::varchar[], %(qtys)s::bigint[],
        %(kinds)s::varchar[], %(reasons)s::varchar[], %(references)s::varchar[], %(keys)s::varchar[], %(occurred_ats)s::timestamptz[]
    ) AS asked (sku_id, warehouse_id, from_bucket, to_bucket, qty, kind, reason, reference, key, occurred_at)
), kept AS (
    INSERT INTO inventory_balance AS b (sku_id, warehouse_id, bucket_id, qty, updated_at)
    SELECT sku_id, warehouse_id, bucket_id, delta, %(now)s
    FROM unnest(%(cell_skus)s::bigint[], %(cell_warehouses)s::bigint[], %(cell_buckets)s::varchar[], %(deltas)s::bigint[])
        WITH ORDINALITY AS asked (sku_id, warehouse_id, bucket_id, delta, n)
    ORDER BY n
    ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = b.qty + excluded.qty, updated_at = excluded.updated_at
)
SELECT count(*) FROM key
"""


def post_one(posting: Posting, *, label: str, now: datetime) -> PostingResult:
    """Decides and writes one posting in one statement; a second one reads the key where the first could not see it."""
    values = {
        "sku_id": posting.sku_id,
        "warehouse_id": posting.warehouse_id,
        "from_bucket": posting.from_bucket,
        "to_bucket": posting.to_bucket,
        "qty": posting.qty,
        "kind": str(posting.kind),
        "reason": posting.reason,
        "reference": posting.reference,
        "partial": posting.partial,
        "key": posting.key,
        "fingerprint": posting.fingerprint,
        "occurred_at": posting.occurred_at,
        "actor": label,
        "now": now,
        "alone": commits_alone(),
    }
    with prepared_cursor() as cursor:
        cursor.execute(_POST_ONE, values)
        row = cursor.fetchone()
    if row is None:
        raise DomainError(
            "unknown_warehouse",
            _("There is no such warehouse."),
            path=("warehouse_id",),
            params={"warehouse_ids": [posting.warehouse_id]},
        )
    early, posted_qty, fingerprint, earlier_qty, released = row
    if released and posted_qty is not None:
        wait_until_durable()
    if posted_qty is not None:
        return PostingResult(posting.key, PostingStatus.POSTED, posted_qty)
    earlier = EarlierKey(fingerprint, earlier_qty) if fingerprint is not None else read_keys([posting.key]).get(posting.key)
    if earlier is not None:
        if earlier.fingerprint != posting.fingerprint:
            raise key_reused(posting.key)
        return PostingResult(posting.key, PostingStatus.DUPLICATE, earlier.posted_qty)
    return PostingResult(posting.key, PostingStatus.BEFORE_LEDGER if early else PostingStatus.INSUFFICIENT, 0)


def read_places(warehouse_ids: Sequence[int]) -> dict[int, Place]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, allows_backorder, ledger_starts_at FROM catalog_warehouse WHERE id = ANY(%s)", [list(warehouse_ids)])
        return {row[0]: Place(row[1], row[2]) for row in cursor.fetchall()}


def lock_balances(cells: Sequence[Cell]) -> dict[Cell, int]:
    """Locks the balances that exist, in the ledger's one order, and reads them as they are once the locks are ours."""
    skus, warehouses, buckets = ([cell[i] for cell in cells] for i in range(3))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BALANCES, [skus, warehouses, buckets])
        return {(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()}


def read_keys(keys: Sequence[str]) -> dict[str, EarlierKey]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, fingerprint, posted_qty FROM inventory_movementkey WHERE key = ANY(%s)", [list(keys)])
        return {row[0]: EarlierKey(row[1], row[2]) for row in cursor.fetchall()}


def write(decision: Decision, *, label: str) -> None:
    """Writes keys, movements and grouped balances in one statement. Raises ConcurrentKeyError where a key was taken meanwhile."""
    postings = [posting for posting, _qty in decision.accepted]
    values: dict[str, Any] = {
        "actor": label,
        "now": clock.now(),
        "keys": [posting.key for posting in postings],
        "fingerprints": [posting.fingerprint for posting in postings],
        "qtys": [qty for _posting, qty in decision.accepted],
        "sku_ids": [posting.sku_id for posting in postings],
        "warehouse_ids": [posting.warehouse_id for posting in postings],
        "from_buckets": [posting.from_bucket for posting in postings],
        "to_buckets": [posting.to_bucket for posting in postings],
        "kinds": [str(posting.kind) for posting in postings],
        "reasons": [posting.reason for posting in postings],
        "references": [posting.reference for posting in postings],
        "occurred_ats": [posting.occurred_at for posting in postings],
        "cell_skus": [cell[0] for cell in decision.deltas],
        "cell_warehouses": [cell[1] for cell in decision.deltas],
        "cell_buckets": [cell[2] for cell in decision.deltas],
        "deltas": list(decision.deltas.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        written = cursor.fetchone()
    if written is None or written[0] != len(postings):
        raise ConcurrentKeyError("An idempotency key was taken by another transaction.")
