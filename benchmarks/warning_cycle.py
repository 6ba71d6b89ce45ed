"""A warning cycle over 10,000 SKUs in three pools, cold and steady, against its raw time.

The raw time is that of reading the same stored bytes into one array and COPYing the same output rows, on the same connection. Forecasts
are timed apart.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from benchmarks.scratch import scratch_database

SKUS, POOLS, DAYS, HORIZON = 10_000, 3, 365, 90
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
REPEATS = 5


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_bench_cycle"):
        _fill()
        forecast = _timed_cycle("forecast", NOW)
        cold = _timed_cycle("warnings", NOW + timedelta(minutes=1))
        raw_cold = _raw_seconds("opened_cycle_id", cold[1].pk)
        # The second evaluation settles what the first one opened; from then on only changed facts cost anything.
        _timed_cycle("warnings", NOW + timedelta(minutes=2))
        steadies = []
        for turn in range(REPEATS):
            _change_one_percent(turn)
            steadies.append(_timed_cycle("warnings", NOW + timedelta(minutes=3 + turn)))
        raw_steady = _raw_seconds("changed_cycle_id", steadies[-1][1].pk)
    steady = statistics.median(seconds for seconds, _cycle in steadies)
    for name, (seconds, cycle) in {"forecast": forecast, "cold": cold, "steady": steadies[-1]}.items():
        steps = ", ".join(f"{step} {value:.2f}" for step, value in sorted(cycle.seconds.items(), key=lambda s: -s[1]))
        print(f"{name}: {seconds:.2f} s ({steps}); {dict(sorted(cycle.counts.items()))}")
    print(f"raw: cold {raw_cold:.2f} s, steady {raw_steady:.2f} s")
    return [
        _result("warning cycle 10,000 x 3, steady, times raw", steady / raw_steady, 3.0),
        _result("warning cycle 10,000 x 3, cold, times raw", cold[0] / raw_cold, 5.0),
    ]


def _result(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": value, "goal": goal, "better": "lower", "ok": value <= goal}


def _timed_cycle(name: str, at: datetime) -> tuple[float, Any]:
    from stockhub.core import clock
    from stockhub.cycles.executor import run_inline
    from stockhub.cycles.services import request_cycle

    with clock.at(at):
        cycle = request_cycle(name=name, slot_at=at, as_of=at, requested_by="benchmark")
        started = time.perf_counter()
        run_inline(cycle)
        seconds = time.perf_counter() - started
    cycle.refresh_from_db()
    return seconds, cycle


def _raw_seconds(column: str, cycle_id: int) -> float:
    """Median time to read all bytes that the cycle reads and to COPY the alerts that it wrote into a table with the same indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS raw_alert (LIKE alerts_alert INCLUDING ALL)")
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        with connection.cursor() as cursor:
            for query in (
                "SELECT daily FROM demand_salesseries",
                "SELECT mean FROM demand_forecast",
                "SELECT in_stock FROM demand_stockoutseries",
            ):
                cursor.execute(query)
                np.frombuffer(b"".join(bytes(row[0]) for row in cursor.fetchall()), np.uint8)
            for query in (
                "SELECT sku_id, warehouse_id, qty FROM inventory_balance",
                "SELECT sku_id, warehouse_id, remaining_qty FROM inventory_lot",
                "SELECT sku_id, moq, case_pack FROM suppliers_offer",
            ):
                cursor.execute(query)
                np.array(cursor.fetchall())
        elapsed = time.perf_counter() - started
        times.append(elapsed + _raw_write(column, cycle_id))
    return statistics.median(times)


def _raw_write(column: str, cycle_id: int) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        raw = cursor.connection.cursor()
        with raw.copy(f"COPY (SELECT * FROM alerts_alert WHERE {column} = {int(cycle_id)}) TO STDOUT") as out:  # noqa: S608 - our own column
            rows = b"".join(out)
        cursor.execute("TRUNCATE raw_alert")
        started = time.perf_counter()
        with raw.copy("COPY raw_alert FROM STDIN") as copy:
            copy.write(rows)
        cursor.connection.commit()
        return time.perf_counter() - started


def _fill() -> None:
    from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
    from stockhub.channels.models import Account, Feed, PoolAccount
    from stockhub.demand.models import SalesSeries
    from stockhub.inventory.models import Balance, Lot
    from stockhub.suppliers.models import Offer, Supplier

    rng = np.random.default_rng(20_260_302)
    supplier = Supplier.objects.create(code="s", name="s")
    skus = Sku.objects.bulk_create(
        [Sku(code=f"SKU{i:06}", unit_cost_amount=10, unit_cost_currency="CNY", price_amount=25, price_currency="CNY") for i in range(SKUS)],
        batch_size=2000,
    )
    Offer.objects.bulk_create(
        [Offer(supplier=supplier, sku=s, currency="CNY", lead_time_days=15, lead_time_sd_days=3, moq=20, case_pack=10) for s in skus],
        batch_size=2000,
    )
    first_on = (NOW - timedelta(days=DAYS)).date()
    for number in range(POOLS):
        warehouse = Warehouse.objects.create(code=f"w{number}", name="w", ledger_starts_at=NOW - timedelta(days=1))
        pool = StockPool.objects.create(code=f"p{number}", name="p")
        PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
        account = Account.objects.create(code=f"a{number}", name="a", marketplace="file", baseline_at=NOW - timedelta(days=2))
        PoolAccount.objects.create(pool=pool, account=account)
        Feed.objects.create(account=account, kind="orders", last_success_at=NOW)
        rates = rng.gamma(0.6, 3.0, SKUS)
        sales = rng.poisson(rates[:, None], (SKUS, DAYS)).astype(np.float32)
        stock = rng.poisson(rates * rng.uniform(5, 120, SKUS))
        SalesSeries.objects.bulk_create(
            [
                SalesSeries(sku=s, account=account, first_on=first_on, daily=sales[i], hourly=np.zeros(0, np.float32), last_sold_at=NOW)
                for i, s in enumerate(skus)
            ],
            batch_size=1000,
        )
        Balance.objects.bulk_create(
            [Balance(sku=s, warehouse=warehouse, bucket_id="available", qty=int(stock[i])) for i, s in enumerate(skus)], batch_size=2000
        )
        Lot.objects.bulk_create(
            [
                Lot(
                    sku=s, warehouse=warehouse, code="L1", received_on=(NOW - timedelta(days=int(rng.integers(1, 200)))).date(),
                    received_qty=int(stock[i]), remaining_qty=int(stock[i]),
                )
                for i, s in enumerate(skus) if stock[i]
            ],
            batch_size=2000,
        )  # fmt: skip


def _change_one_percent(turn: int) -> None:
    """Sells a tenth of the stock of every hundredth row."""
    from django.db.models import F

    from stockhub.inventory.models import Balance

    Balance.objects.filter(id__in=[i for i in Balance.objects.values_list("id", flat=True) if i % 100 == turn]).update(
        qty=F("qty") - F("qty") / 10
    )


if __name__ == "__main__":
    print(run())
