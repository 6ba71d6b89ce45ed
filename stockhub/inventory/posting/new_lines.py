"""Order lines that are new and want stock, in one statement on PostgreSQL: the way that a burst of orders takes.

A line that nobody has seen before needs nothing read first: what it gets follows from its place in the list and from the balance. So
allocations, keys, movements, balances and the event are written by one statement, for two lines and for a thousand; a single line has a
function of its own, which is quicker to begin. Whatever is not that simple (a line that is there already, that ships, that is cancelled)
goes the general way, to the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from stockhub.core import actor, clock
from stockhub.core.postgresql import array_of_instants, array_of_numbers, array_of_texts, commits_alone, wait_until_durable
from stockhub.inventory.allocation_targets import AllocationTarget, TargetResult, TargetStatus
from stockhub.inventory.posting import one_new_line
from stockhub.inventory.posting.postings import MAX_AHEAD, MAX_QTY
from stockhub.inventory.posting.reservations import amount_value, fingerprint_of
from stockhub.inventory.stock_events import STOCK_CHANGED
from stockhub.inventory.transactions import retried
from stockhub.outbox.services import ring_after_commit

# Why each part is as it is:
# - `fit` looks before anything is locked: a list with a line that is there already, or with a warehouse that is unknown, counted by the
#   platform or not yet open, is left alone as a whole, and so is one of which a balance is not there yet and cannot be locked. `+ 0`
#   leaves the look at lines one index, that of references: by the SKU's each line of a viral one would read all those before it.
# - `held` locks the balances in the order that every list uses. A locking read waits for concurrent writers and then sees their result, so
#   `decided` is right on a hot row. A line gets what those before it in the list have left.
# - `crowded`: who had to wait for a balance is in a queue, and gives it on before the disk has answered; see `wait_until_durable`.
# - `claimed` has no ON CONFLICT: a line that somebody else adds at this moment must undo the statement, since its share is spent already.
# - `keyed` needs none either: a key names the row that was made just now.
# - `kept` is an upsert, not an UPDATE with a join: it always changes the newest version of a row.
_RESERVE: Final = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(
        %(references)s::varchar[], %(sku_ids)s::bigint[], %(warehouse_ids)s::bigint[], %(account_ids)s::bigint[], %(wanted)s::bigint[],
        %(fingerprints)s::varchar[], %(ordered_ats)s::timestamptz[], %(occurred_ats)s::timestamptz[], %(paid_ats)s::timestamptz[],
        %(ship_by_ats)s::timestamptz[], %(paid_amounts)s::bigint[], %(currencies)s::varchar[]
    ) WITH ORDINALITY AS asked (reference, sku_id, warehouse_id, account_id, wanted_qty, fingerprint, ordered_at, occurred_at, paid_at,
        ship_by_at, paid_amount, currency, n)
), fit AS MATERIALIZED (
    SELECT count(*) = %(count)s AS all_of_them, clock_timestamp() AS since
    FROM asked JOIN catalog_warehouse AS place ON place.id = asked.warehouse_id
    WHERE place.authority = 'ledger' AND place.ledger_starts_at <= asked.occurred_at
        AND (place.allows_backorder OR EXISTS (SELECT FROM inventory_balance AS b
            WHERE b.sku_id = asked.sku_id AND b.warehouse_id = asked.warehouse_id AND b.bucket_id = 'available'))
        AND NOT EXISTS (
        SELECT FROM inventory_allocation AS a
        WHERE a.reference = asked.reference AND a.sku_id + 0 = asked.sku_id AND a.warehouse_id + 0 = asked.warehouse_id)
), held AS MATERIALIZED (
    SELECT b.sku_id, b.warehouse_id, b.bucket_id, b.qty
    FROM (SELECT DISTINCT sku_id, warehouse_id FROM asked WHERE (SELECT all_of_them FROM fit)) AS cell
    JOIN inventory_balance AS b USING (sku_id, warehouse_id)
    WHERE b.bucket_id IN ('available', 'reserved')
    ORDER BY b.sku_id, b.warehouse_id, b.bucket_id COLLATE "C" FOR UPDATE OF b
), crowded AS MATERIALIZED (
    SELECT CASE WHEN %(alone)s::boolean AND clock_timestamp() - since > interval '1 millisecond'
        THEN set_config('synchronous_commit', 'off', true) END AS released
    FROM fit CROSS JOIN (SELECT count(*) FROM held) AS once_held
), decided AS MATERIALIZED (
    SELECT asked.*, nextval((SELECT pg_get_serial_sequence('inventory_allocation', 'id')::regclass)) AS id,
        CASE WHEN place.allows_backorder THEN wanted_qty ELSE least(wanted_qty, greatest(
            coalesce(held.qty, 0) - (sum(wanted_qty) OVER (PARTITION BY asked.sku_id, asked.warehouse_id ORDER BY n) - wanted_qty), 0))
        END::bigint AS reserved_qty
    FROM asked JOIN catalog_warehouse AS place ON place.id = asked.warehouse_id
    LEFT JOIN held ON held.sku_id = asked.sku_id AND held.warehouse_id = asked.warehouse_id AND held.bucket_id = 'available'
    WHERE (SELECT all_of_them FROM fit)
), claimed AS (
    INSERT INTO inventory_allocation (id, reference, sku_id, warehouse_id, account_id, wanted_qty, ship_qty, reserved_qty, shipped_qty,
        unbacked_qty, is_presale, paid_amount, currency, paid_at, ship_by_at, ordered_at, revision, updated_at)
    SELECT id, reference, sku_id, warehouse_id, account_id, wanted_qty, 0, reserved_qty, 0, 0, false, paid_amount, currency, paid_at,
        ship_by_at, ordered_at, 1, %(now)s
    FROM decided ORDER BY reference COLLATE "C", sku_id, warehouse_id
), posted AS (
    SELECT *, 'allocation:' || id || ':1:reserve' AS key FROM decided WHERE reserved_qty > 0
), keyed AS (
    INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at)
    SELECT key, fingerprint, reserved_qty, %(now)s FROM posted
), moved AS (
    INSERT INTO inventory_movement
        (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key, occurred_at, recorded_at)
    SELECT sku_id, warehouse_id, 'available', 'reserved', reserved_qty, 'reserve', '', reference, %(actor)s, key, occurred_at, %(now)s
    FROM posted ORDER BY n
), changed AS MATERIALIZED (
    SELECT sku_id, warehouse_id, sum(reserved_qty) AS qty FROM posted GROUP BY sku_id, warehouse_id
), kept AS (
    INSERT INTO inventory_balance AS b (sku_id, warehouse_id, bucket_id, qty, updated_at)
    SELECT sku_id, warehouse_id, side.bucket, side.sign * qty, %(now)s
    FROM changed CROSS JOIN (VALUES ('available', -1), ('reserved', 1)) AS side (bucket, sign)
    ORDER BY sku_id, warehouse_id, side.bucket
    ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = b.qty + excluded.qty, updated_at = excluded.updated_at
), told AS (
    INSERT INTO outbox_event (kind, entity, payload, actor, correlation_id, occurred_at, recorded_at)
    SELECT %(event)s, 'inventory.stock', jsonb_build_object(
        'sku_ids', jsonb_agg(DISTINCT sku_id ORDER BY sku_id), 'warehouse_ids', jsonb_agg(DISTINCT warehouse_id ORDER BY warehouse_id)),
        %(actor)s, %(correlation)s, %(now)s, %(now)s
    FROM changed HAVING count(*) > 0
)
SELECT reserved_qty, (SELECT released FROM crowded) FROM decided ORDER BY n
"""

#: The movement's own reference is shorter than an allocation's.
_REFERENCE_CHARACTERS: Final = 120
_UNIQUE_VIOLATION: Final = "23505"


def reserve_new(targets: Sequence[AllocationTarget]) -> list[TargetResult] | None:
    """Reserves what there is for each line, in the order of the list. None, with nothing changed, where the list is not that simple."""
    if not _is_simple(targets):
        return None
    execute = (lambda: _execute_one(targets[0])) if len(targets) == 1 else (lambda: _execute_list(targets))
    try:
        reserved = retried(execute)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) != _UNIQUE_VIOLATION:
            raise
        # Somebody else has just added one of the lines: the general way waits for it and goes on from what is there.
        return None
    if len(reserved) != len(targets):
        return None
    if any(reserved):
        ring_after_commit("outbox")
    return [
        TargetResult(
            target.reference, target.sku_id, target.warehouse_id, TargetStatus.POSTED if qty else TargetStatus.UNCHANGED,
            reserved_qty=qty, owed_qty=target.wanted_qty - qty,
        )
        for target, qty in zip(targets, reserved, strict=True)
    ]  # fmt: skip


def _is_simple(targets: Sequence[AllocationTarget]) -> bool:
    if any(target.ship_qty or not 0 < target.wanted_qty <= MAX_QTY or target.is_presale for target in targets):
        return False
    if any(len(target.reference) > _REFERENCE_CHARACTERS for target in targets):
        return False
    return len(targets) == 1 or len({target.line for target in targets}) == len(targets)


def _execute_one(target: AllocationTarget) -> list[int]:
    """The units reserved for the line; empty where it was left alone."""
    alone = commits_alone()
    # Within the caller's transaction a collision must undo this statement only.
    with nullcontext() if alone else transaction.atomic():
        qty, is_released = one_new_line.execute(target, alone=alone)
    if is_released:
        wait_until_durable()
    return [] if qty is None else [qty]


def _execute_list(targets: Sequence[AllocationTarget]) -> list[int]:
    """The units reserved for each line; empty where the statement left the list alone."""
    alone = commits_alone()
    with nullcontext() if alone else transaction.atomic(), connection.cursor() as cursor:
        # Bound in the client, so never prepared: a list is worth a plan of its own, made for its length.
        cursor.execute(_RESERVE, _values(targets) | {"alone": alone})
        rows = cursor.fetchall()
    if any(released for _qty, released in rows):
        wait_until_durable()
    return [qty for qty, _released in rows]


def _values(targets: Sequence[AllocationTarget]) -> dict[str, Any]:
    now = clock.now()
    # A platform's clock may be wrong; its order is not refused for it.
    latest = now + MAX_AHEAD
    return {
        "count": len(targets),
        "references": array_of_texts([target.reference for target in targets]),
        "sku_ids": array_of_numbers([target.sku_id for target in targets]),
        "warehouse_ids": array_of_numbers([target.warehouse_id for target in targets]),
        "account_ids": array_of_numbers([target.account_id for target in targets]),
        "wanted": array_of_numbers([target.wanted_qty for target in targets]),
        "fingerprints": array_of_texts([fingerprint_of(target) for target in targets]),
        "ordered_ats": array_of_instants([target.ordered_at for target in targets]),
        "occurred_ats": array_of_instants([min(target.occurred_at, latest) for target in targets]),
        "paid_ats": array_of_instants([target.paid_at for target in targets]),
        "ship_by_ats": array_of_instants([target.ship_by_at for target in targets]),
        "paid_amounts": array_of_numbers([amount_value(target.paid_amount) for target in targets]),
        "currencies": array_of_texts([target.currency for target in targets]),
        "event": STOCK_CHANGED,
        "actor": actor.current().label,
        "correlation": actor.correlation_id(),
        "now": now,
    }
