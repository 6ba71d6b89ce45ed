"""The function of the database that reserves one new order line, on PostgreSQL: what `new_lines` does for a list, made for one.

A session keeps the plan of each of its small statements, while the one large statement for lists starts and ends a dozen parts of a plan,
whatever the list's length. A migration installs it. One that takes or gives something else gets another name, so that an older release
goes on with the one that it knows. Why each part is as it is:

- First it looks: a line that is there already, a warehouse that is unknown, counted by the platform or not yet open is left alone, and the
  answer is null. `+ 0` leaves the look one index, that of references: statistics do not know yet that a SKU went viral, and by the
  SKU's own index each of its orders would read all those before it.
- Balances are locked in the ledger's one order, `available` before `reserved`. An UPDATE waits for concurrent writers and then looks at
  their result. Where it finds too little, a locking read tells how much there is: its own snapshot is newer. One that is not there
  yet cannot be locked (see `balance_rows.claim`): the line is left alone.
- Who had to wait for a balance is in a queue, and gives it on before the disk has answered; see `wait_until_durable`.
- The allocation has no ON CONFLICT: a line that somebody else adds at this moment must undo the statement, whose share is spent already.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME: Final = "inventory_reserve_line"

# Tables carry their schema's name, so that nobody's search path leads to others.
_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION {schema}.inventory_reserve_line(
    line_reference varchar, line_sku_id bigint, line_warehouse_id bigint, line_account_id bigint, line_wanted_qty bigint,
    line_fingerprint varchar, line_ordered_at timestamptz, line_occurred_at timestamptz, line_paid_at timestamptz,
    line_ship_by_at timestamptz, line_paid_amount bigint, line_currency varchar, event_kind varchar, by_actor varchar,
    in_correlation_id varchar, at timestamptz, is_alone boolean, OUT taken_qty bigint, OUT is_released boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    may_owe boolean;
    since timestamptz;
    line_id bigint;
    movement_key varchar;
BEGIN
    SELECT allows_backorder INTO may_owe FROM {schema}.catalog_warehouse
    WHERE id = line_warehouse_id AND authority = 'ledger' AND ledger_starts_at <= line_occurred_at AND NOT EXISTS (
        SELECT FROM {schema}.inventory_allocation
        WHERE reference = line_reference AND sku_id + 0 = line_sku_id AND warehouse_id + 0 = line_warehouse_id);
    IF NOT FOUND THEN
        RETURN;
    END IF;

    since := clock_timestamp();
    UPDATE {schema}.inventory_balance SET qty = qty - line_wanted_qty, updated_at = at
    WHERE sku_id = line_sku_id AND warehouse_id = line_warehouse_id AND bucket_id = 'available' AND (may_owe OR qty >= line_wanted_qty);
    IF FOUND THEN
        taken_qty := line_wanted_qty;
    ELSE
        SELECT qty INTO taken_qty FROM {schema}.inventory_balance
        WHERE sku_id = line_sku_id AND warehouse_id = line_warehouse_id AND bucket_id = 'available' FOR UPDATE;
        IF NOT FOUND AND NOT may_owe THEN
            taken_qty := NULL;
            RETURN;
        END IF;
        taken_qty := CASE WHEN may_owe THEN line_wanted_qty ELSE least(line_wanted_qty, greatest(coalesce(taken_qty, 0), 0)) END;
        IF taken_qty > 0 THEN
            INSERT INTO {schema}.inventory_balance AS b (sku_id, warehouse_id, bucket_id, qty, updated_at)
            VALUES (line_sku_id, line_warehouse_id, 'available', -taken_qty, at)
            ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = b.qty + excluded.qty, updated_at = excluded.updated_at;
        END IF;
    END IF;
    is_released := is_alone AND clock_timestamp() - since > interval '1 millisecond';
    IF is_released THEN
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    IF taken_qty > 0 THEN
        UPDATE {schema}.inventory_balance SET qty = qty + taken_qty, updated_at = at
        WHERE sku_id = line_sku_id AND warehouse_id = line_warehouse_id AND bucket_id = 'reserved';
        IF NOT FOUND THEN
            INSERT INTO {schema}.inventory_balance AS b (sku_id, warehouse_id, bucket_id, qty, updated_at)
            VALUES (line_sku_id, line_warehouse_id, 'reserved', taken_qty, at)
            ON CONFLICT (sku_id, warehouse_id, bucket_id) DO UPDATE SET qty = b.qty + excluded.qty, updated_at = excluded.updated_at;
        END IF;
    END IF;

    INSERT INTO {schema}.inventory_allocation (reference, sku_id, warehouse_id, account_id, wanted_qty, ship_qty, reserved_qty, shipped_qty,
        unbacked_qty, is_presale, paid_amount, currency, paid_at, ship_by_at, ordered_at, revision, updated_at)
    VALUES (line_reference, line_sku_id, line_warehouse_id, line_account_id, line_wanted_qty, 0, taken_qty, 0, 0, false, line_paid_amount,
        line_currency, line_paid_at, line_ship_by_at, line_ordered_at, 1, at)
    RETURNING id INTO line_id;
    IF taken_qty > 0 THEN
        movement_key := 'allocation:' || line_id || ':1:reserve';
        INSERT INTO {schema}.inventory_movementkey (key, fingerprint, posted_qty, recorded_at)
        VALUES (movement_key, line_fingerprint, taken_qty, at);
        INSERT INTO {schema}.inventory_movement
            (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key, occurred_at, recorded_at)
        VALUES (line_sku_id, line_warehouse_id, 'available', 'reserved', taken_qty, 'reserve', '', line_reference, by_actor, movement_key,
            line_occurred_at, at);
        INSERT INTO {schema}.outbox_event (kind, entity, payload, actor, correlation_id, occurred_at, recorded_at)
        VALUES (event_kind, 'inventory.stock', jsonb_build_object('sku_ids', jsonb_build_array(line_sku_id),
            'warehouse_ids', jsonb_build_array(line_warehouse_id)), by_actor, in_correlation_id, at, at);
    END IF;
END $$
"""


def create(editor: BaseDatabaseSchemaEditor) -> None:
    """Installs it beside the tables, in the place of an earlier text with the same parameters. Nothing on other databases."""
    if editor.connection.vendor == "postgresql":
        editor.execute(_FUNCTION.format(schema=_schema(editor)))


def drop(editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP FUNCTION {_schema(editor)}.{NAME}")


def _schema(editor: BaseDatabaseSchemaEditor) -> str:
    """Where the tables are made: the first schema of the search path."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return str(cursor.fetchone()[0])
