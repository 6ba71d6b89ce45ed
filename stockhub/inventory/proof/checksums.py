"""The quick proof of the ledger on PostgreSQL: one statement, which reads each table once and says whether everything holds.

It names nothing. Where a part does not hold, the precise statements of `statements` look for what is wrong, in the same snapshot.

What is compared exactly: the sums of movements by SKU, warehouse and bucket against the balances, what the balances of `reserved` say
against what the lines of that SKU and warehouse hold together, and the sign of every balance. Two comparisons would need as many groups as
there are keys and lines, and are made by checksums instead:

- *Keys.* A movement and the key that posted it must be the same pair (key, quantity), as often on one side as on the other. Both sides add
  up a 64-bit hash of every pair, exactly (PostgreSQL adds bigints in 128 bits). The hash is of the pair as a whole, no multiple of the
  quantity, so that quantities which were swapped between keys do not cancel out. The primary key says that no key is there twice; so equal
  pairs say that none has two movements, and that a movement's quantity is sound where its key's is. A key of 0 units is a whole request
  and has no movement.
- *Order lines.* What a line holds is a sum over its movements, so its checksum must be linear: quantity times a 39-bit hash of the line's
  id, SKU and warehouse, for what is reserved and for what has left. SKU and warehouse are hashed with the id, so that a line which was
  given units of another SKU is found.

False alarms come to nothing: the precise statements have the last word. A miss needs damage whose hashes add up to the same sum. The seed
is drawn anew for each proof, so nobody can prepare such rows, and for damage that knows nothing of the seed the chance is about 2⁻⁶⁴ (keys)
and 2⁻³⁹ (lines, only where nothing else shows it), each night anew: what one night missed the next one finds.

What no proof here can see: columns that no second table repeats (reasons, references, times, kinds, a key's fingerprint, what an order
wants), and damage that changes every copy alike. Triggers keep movements from that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from django.db import DataError, connection, transaction

from stockhub.inventory.posting.postings import MAX_QTY

# Every aggregate of `moved` is worked out in the one scan of the movements; what follows looks at its groups, some for each SKU.
# A product of 39 and 24 bits fits into a bigint; larger quantities of a movement are malformed, and found as such. A line that holds more
# leaves the bigint, and the exact statements look.
_STATEMENT: Final = """
WITH moved AS MATERIALIZED (
    SELECT sku_id, warehouse_id, from_bucket_id AS source, to_bucket_id AS target, sum(qty)::bigint AS qty,
        sum(hashint8extended(qty, hashtextextended(key, %(seed)s))) AS pairs,
        sum(CASE WHEN starts_with(key, 'allocation:')
            THEN (hashint8extended(sku_id, hashint8extended(warehouse_id, hashtextextended(split_part(key, ':', 2), %(seed)s)))
                & 549755813887) * least(greatest(qty, -16777215), 16777215)
        END) AS lines
    FROM inventory_movement GROUP BY sku_id, warehouse_id, from_bucket_id, to_bucket_id
), cells AS (
    SELECT 1 FROM (
        SELECT sku_id, warehouse_id, target AS bucket, qty FROM moved WHERE target IS NOT NULL
        UNION ALL
        SELECT sku_id, warehouse_id, source, -qty FROM moved WHERE source IS NOT NULL
        UNION ALL
        SELECT sku_id, warehouse_id, bucket_id, -qty FROM inventory_balance
    ) AS side GROUP BY sku_id, warehouse_id, bucket HAVING sum(qty) <> 0
), held_here AS MATERIALIZED (
    SELECT sku_id, warehouse_id, sum(reserved_qty) AS qty, sum(coefficient * reserved_qty) AS reserved,
        sum(coefficient * shipped_qty) AS shipped
    FROM (
        SELECT sku_id, warehouse_id, reserved_qty, shipped_qty - unbacked_qty AS shipped_qty,
            hashint8extended(sku_id, hashint8extended(warehouse_id, hashtextextended(id::text, %(seed)s))) & 549755813887 AS coefficient
        FROM inventory_allocation
    ) AS line GROUP BY sku_id, warehouse_id
), held AS (
    SELECT coalesce(sum(reserved), 0) AS reserved, coalesce(sum(shipped), 0) AS shipped FROM held_here
), unheld AS (
    SELECT 1 FROM (
        SELECT sku_id, warehouse_id, qty FROM held_here
        UNION ALL
        SELECT sku_id, warehouse_id, -qty FROM inventory_balance WHERE bucket_id = 'reserved'
    ) AS side
    WHERE warehouse_id NOT IN (SELECT id FROM catalog_warehouse WHERE authority = 'snapshot')
    GROUP BY sku_id, warehouse_id HAVING sum(qty) <> 0
), asked AS (
    SELECT count(*) AS movements, sum(hashint8extended(posted_qty, hashtextextended(key, %(seed)s))) AS pairs,
        count(*) FILTER (WHERE posted_qty NOT BETWEEN 1 AND %(most)s) AS malformed
    FROM inventory_movementkey WHERE posted_qty <> 0
), repeated AS (
    SELECT sum(hashint8extended(qty, hashtextextended(key, %(seed)s))) AS pairs FROM inventory_repeatedmovement
), made AS (
    SELECT sum(pairs) AS pairs, count(*) FILTER (WHERE source IS NOT DISTINCT FROM target) AS malformed,
        coalesce(sum(CASE WHEN target = 'reserved' THEN lines WHEN source = 'reserved' THEN -lines END), 0) AS reserved,
        coalesce(sum(CASE WHEN target IS NULL THEN lines WHEN source IS NULL THEN -lines END), 0) AS shipped
    FROM moved
)
SELECT EXISTS (SELECT FROM cells),
    EXISTS (
        SELECT FROM inventory_balance AS balance JOIN catalog_warehouse AS warehouse ON warehouse.id = balance.warehouse_id
        WHERE balance.qty < 0 AND NOT (balance.bucket_id = 'available' AND warehouse.allows_backorder)
    ),
    coalesce(made.pairs, 0) <> coalesce(asked.pairs, 0) + coalesce(repeated.pairs, 0),
    made.reserved <> held.reserved OR made.shipped <> held.shipped, EXISTS (SELECT FROM unheld),
    made.malformed + asked.malformed <> 0, asked.movements
FROM made CROSS JOIN asked CROSS JOIN repeated CROSS JOIN held
"""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Which parts of the ledger do not hold; `movements` is how many there are by their keys."""

    balances: bool
    negatives: bool
    keys: bool
    lines: bool
    reserved: bool
    malformed: bool
    movements: int


EVERYTHING: Final = Doubts(balances=True, negatives=True, keys=True, lines=True, reserved=True, malformed=True, movements=0)


def doubts() -> Doubts:
    """Reads the ledger once, in a transaction of the caller's. PostgreSQL only."""
    try:
        return _read()
    except DataError:
        # A sum that leaves 64 bits: the exact statements, which know no bounds, say where.
        return EVERYTHING


def _read() -> Doubts:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"seed": secrets.randbits(63), "most": MAX_QTY})
        balances, negatives, keys, lines, reserved, malformed, movements = cursor.fetchone()
    return Doubts(balances, negatives, keys, lines, reserved, malformed, int(movements))
