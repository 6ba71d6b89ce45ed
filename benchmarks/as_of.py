"""Stock at a past moment for 10,000 SKUs among 1,000,000 movements of twelve months, against their balances of now.

Both answers come as the same arrays through the same code, so that the ratio is that of the questions: reading the nearest checkpoint and
the movements between it and the moment, against reading one row for each answer. Each month's movements lie in a partition of their own.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.months import make_months, require_in_months
from benchmarks.scratch import scratch_database

SKUS, MOVEMENTS, REPEATS = 10_000, 1_000_000, 9
#: Twelve months of movements before this instant; asked for is the middle of the seventh, as far from a checkpoint as can be.
NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
FIRST = datetime(2025, 3, 10, 4, 0, tzinfo=UTC)
ASKED = datetime(2025, 9, 16, 0, 0, tzinfo=UTC)
#: One in so many movements was told late, by up to forty days.
LATE_SHARE, LATE_DAYS = 200, 40

# Evenly spread over the year, each on a SKU of its own by turns. Of ten movements of a SKU six come in, two are reserved, two leave, so
# that no bucket is ever below zero whatever the order.
_MOVEMENTS = """
INSERT INTO inventory_movement
    (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key, occurred_at, recorded_at)
SELECT %(first_sku)s + n %% %(skus)s, %(warehouse)s,
    CASE n / %(skus)s %% 10 WHEN 3 THEN 'available' WHEN 6 THEN 'available' WHEN 5 THEN 'reserved' WHEN 8 THEN 'available' END,
    CASE n / %(skus)s %% 10 WHEN 3 THEN 'reserved' WHEN 6 THEN 'reserved' WHEN 5 THEN NULL WHEN 8 THEN NULL ELSE 'available' END,
    1, CASE n / %(skus)s %% 10 WHEN 3 THEN 'reserve' WHEN 6 THEN 'reserve' WHEN 5 THEN 'ship' WHEN 8 THEN 'adjust' ELSE 'receive' END,
    '', 'bench', 'benchmark', 'bench:' || n,
    told - CASE WHEN n %% %(late)s = 7 THEN (n %% %(late_days)s) * interval '1 day' ELSE interval '2 minutes' END, told
FROM (
    SELECT n, %(from)s::timestamptz + n * ((%(to)s::timestamptz - %(from)s::timestamptz) / %(movements)s) AS told
    FROM generate_series(0, %(movements)s - 1) AS n
) AS each
"""
_KEYS = """
INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) SELECT key, 'bench', qty, recorded_at FROM inventory_movement
"""
_BALANCES = """
INSERT INTO inventory_balance (sku_id, warehouse_id, bucket_id, qty, updated_at)
SELECT sku_id, warehouse_id, bucket, sum(qty), now() FROM (
    SELECT sku_id, warehouse_id, to_bucket_id AS bucket, qty FROM inventory_movement WHERE to_bucket_id IS NOT NULL
    UNION ALL SELECT sku_id, warehouse_id, from_bucket_id, -qty FROM inventory_movement WHERE from_bucket_id IS NOT NULL
) AS side GROUP BY 1, 2, 3
"""


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_bench_as_of"):
        sku_ids = _fill()
        return _measure(sku_ids)


def _fill() -> list[int]:
    from django.db import connection

    from stockhub.catalog.models import Sku, Warehouse
    from stockhub.core import clock
    from stockhub.inventory.history.checkpoints import make_checkpoints
    from stockhub.inventory.proof.reconciliation import reconcile

    Sku.objects.bulk_create((Sku(code=f"SKU{number:06}") for number in range(SKUS)), batch_size=2_000)
    sku_ids = list(Sku.objects.order_by("id").values_list("id", flat=True))
    warehouse = Warehouse.objects.create(code="w", name="w", ledger_starts_at=FIRST - timedelta(days=LATE_DAYS + 1))
    values: dict[str, Any] = {
        "first_sku": sku_ids[0], "skus": SKUS, "warehouse": warehouse.pk, "late": LATE_SHARE, "late_days": LATE_DAYS, "from": FIRST,
        "to": NOW, "movements": MOVEMENTS,
    }  # fmt: skip
    make_months(FIRST, NOW)
    started = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in (_MOVEMENTS, _KEYS, _BALANCES):
            cursor.execute(statement, values if "%(" in statement else None)
    filled = time.perf_counter()
    require_in_months()
    with clock.at(NOW):
        made = make_checkpoints()
    print(
        f"{MOVEMENTS:,} movements in {filled - started:.0f} s, {len(made)} checkpoints in {time.perf_counter() - filled:.1f} s", flush=True
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    if found := reconcile():
        raise RuntimeError(f"The ledger that was made does not add up: {found[0].text}")
    return sku_ids


def _measure(sku_ids: list[int]) -> list[dict[str, Any]]:
    from stockhub.core import clock
    from stockhub.inventory.history.moments import Moment
    from stockhub.inventory.history.stock_as_of import Start, StockLevels, balances_now, nearest_start, stock_as_of, summed

    with clock.at(NOW):
        moment = Moment(ASKED)
        known = Moment(ASKED, ASKED + timedelta(days=20))
        asked: dict[str, Callable[[], StockLevels]] = {
            "balances": lambda: balances_now(sku_ids=sku_ids),
            "as of": lambda: stock_as_of(moment, sku_ids=sku_ids),
            "as known then": lambda: stock_as_of(known, sku_ids=sku_ids),
            "from the balances": lambda: summed(moment, Start(None), sku_ids, None),
        }
        seconds: dict[str, list[float]] = {name: [] for name in asked}
        rows: dict[str, int] = {}
        for _turn in range(REPEATS):
            for name, question in asked.items():
                started = time.perf_counter()
                rows[name] = len(question().qty)
                seconds[name].append(time.perf_counter() - started)
        print(f"start: the checkpoint of {nearest_start(moment).at:%Y-%m-%d} for {ASKED:%Y-%m-%d}", flush=True)
        for name, times in seconds.items():
            print(f"{name}: {statistics.median(times) * 1000:.0f} ms for {rows[name]:,} rows", flush=True)
        if rows["as of"] != len(summed(moment, Start(None), sku_ids, None).qty):
            raise RuntimeError("Two starts gave two answers.")
        _explain(moment, sku_ids)
    middle = {name: statistics.median(times) for name, times in seconds.items()}
    return [
        _result(
            "as of the middle of a month, 10,000 SKUs among 1,000,000 movements, times the balances", middle["as of"] / middle["balances"]
        ),
        _result("the same, as it was known 20 days later, times the balances", middle["as known then"] / middle["balances"]),
    ]


def _result(name: str, value: float) -> dict[str, Any]:
    return {"name": name, "value": value, "goal": 5.0, "better": "lower", "ok": value <= 5.0}


def _explain(moment: Any, sku_ids: list[int]) -> None:  # noqa: ANN401 - a Moment
    """The nodes of the plan that touch tables, with the rows that they gave, and its time."""
    from django.db import connection

    from stockhub.inventory.history.stock_as_of import nearest_start, statement_of

    statement, values = statement_of(moment, nearest_start(moment), sku_ids, None)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + statement, values)
        lines = [line for (line,) in cursor.fetchall()]
    for line in lines:
        if any(word in line for word in ("Scan", "Aggregate", "Sort ", "Execution Time", "never executed")):
            print(line.split("  (cost")[0][:110] + ("  " + line[line.index("(actual") :] if "(actual" in line else ""), flush=True)


if __name__ == "__main__":
    print(run())
