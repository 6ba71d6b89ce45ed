"""Orders into the ledger on PostgreSQL, and a burst on SQLite: one at a time, from sixteen clients, in batches of 500.

An order is what ingestion asks for: `set_targets` of a line that nobody has seen before. Every way writes the same rows: the line's
allocation, a movement, its key, two balances and an event in the outbox. The anchor is written as a good programmer would with psycopg: a
transaction with SELECT FOR UPDATE, five statements, COMMIT; it has the same driver, binds on the server and is prepared, as ours is. Every
commit waits for the disk on both sides, so the time of an fsync is printed beside. Both sides take turns; a figure is the median of the
rounds' ratios. The shop has orders already, of a thousand SKUs: on empty tables PostgreSQL plans as for tables that stay empty.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.fsync import fsync_milliseconds
from benchmarks.scratch import scratch_database

REPOSITORY = Path(__file__).resolve().parents[1]
AT = datetime(2026, 1, 2, tzinfo=UTC)
STOCK = 9_000_000
ROUNDS = 7
ORDERS = 120
#: Both sides take turns within a round, since what others do to a machine lasts.
TURNS = 6
BATCH = 500
EARLIER_SKUS, EARLIER_ORDERS = 1_000, 20
PROCESSES, THREADS = 4, 4
CLIENT_SECONDS = 3.0
CLIENT_ROUNDS = 3
#: What the sixteen clients fight over in the end: fewer units than orders.
SCARCE = 500
SCARCE_ORDERS = 64
SQLITE_ORDERS = 200


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_bench_ledger"):
        place = Place("HOT")
        _earlier_orders()
        results = [_one_order(place), _batches(place)]
        results.append(_clients())
        _require_exact()
    return [*results, _sqlite()]


class Place:
    """A SKU in a warehouse, and order lines for it with references that nobody has used."""

    def __init__(self, code: str, qty: int = STOCK) -> None:
        from stockhub.catalog.models import Sku, Warehouse
        from stockhub.inventory.models import MovementKind
        from stockhub.inventory.posting.ledger import Posting, post

        started = datetime(2025, 1, 1, tzinfo=UTC)
        self.code, self.numbers = code, 0
        warehouse, _ = Warehouse.objects.get_or_create(code="W", defaults={"name": "W", "ledger_starts_at": started})
        sku, is_new = Sku.objects.get_or_create(code=code)
        self.warehouse_id, self.sku_id = warehouse.pk, sku.pk
        if is_new:
            post(
                [
                    Posting(
                        sku_id=self.sku_id, warehouse_id=self.warehouse_id, from_bucket=None, to_bucket="available", qty=qty,
                        kind=MovementKind.OPENING, key=f"opening:{code}", occurred_at=AT,
                    )
                ]
            )  # fmt: skip

    def targets(self, count: int, prefix: str = "line") -> list[Any]:
        from stockhub.inventory.allocations import AllocationTarget

        first, self.numbers = self.numbers, self.numbers + count
        return [
            AllocationTarget(
                reference=f"{prefix}:{self.code}:{number}", sku_id=self.sku_id, warehouse_id=self.warehouse_id, account_id=None,
                wanted_qty=1, ship_qty=0, ordered_at=AT, occurred_at=AT, currency="CNY",
            )
            for number in range(first, first + count)
        ]  # fmt: skip


def _earlier_orders() -> None:
    from stockhub.catalog.models import Sku, Warehouse
    from stockhub.inventory.allocations import AllocationTarget
    from stockhub.inventory.models import MovementKind
    from stockhub.inventory.posting.ledger import Posting, post

    skus = Sku.objects.bulk_create(Sku(code=f"EARLIER-{number}") for number in range(EARLIER_SKUS))
    warehouse = Warehouse.objects.get()
    post(
        [
            Posting(
                sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=1_000, kind=MovementKind.OPENING,
                key=f"opening:{sku.code}", occurred_at=AT,
            )
            for sku in skus
        ]
    )  # fmt: skip
    in_batches(
        [
            [
                AllocationTarget(
                    reference=f"earlier:{number}:{sku.pk}", sku_id=sku.pk, warehouse_id=warehouse.pk, account_id=None, wanted_qty=1,
                    ship_qty=0, ordered_at=AT, occurred_at=AT, currency="CNY",
                )
                for sku in skus
            ]
            for number in range(EARLIER_ORDERS)
        ]
    )  # fmt: skip


def one_by_one(targets: list[Any]) -> float:
    """Seconds for these orders, a transaction each."""
    from stockhub.inventory.allocations import set_targets

    started = time.perf_counter()
    for target in targets:
        set_targets([target])
    return time.perf_counter() - started


def in_batches(batches: list[list[Any]]) -> float:
    """Seconds for these orders, a transaction a batch."""
    from stockhub.inventory.allocations import set_targets

    started = time.perf_counter()
    for batch in batches:
        set_targets(batch)
    return time.perf_counter() - started


def result(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "goal": goal, "better": "higher", "ok": value >= goal}


# --- One order a transaction ----------------------------------------------------------------------------------------------------

_HELD = "SELECT qty FROM inventory_balance WHERE sku_id = %s AND warehouse_id = %s AND bucket_id = 'available' FOR UPDATE"
_ALLOCATION = (
    "INSERT INTO inventory_allocation (reference, sku_id, warehouse_id, account_id, wanted_qty, ship_qty, reserved_qty, shipped_qty,"
    " unbacked_qty, currency, ordered_at, revision, updated_at) VALUES (%s, %s, %s, NULL, %s, 0, %s, 0, 0, %s, %s, 1, %s) RETURNING id"
)
_KEY = "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES (%s, %s, %s, %s)"
_MOVEMENT = (
    "INSERT INTO inventory_movement (sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key,"
    " occurred_at, recorded_at) VALUES (%s, %s, 'available', 'reserved', %s, 'reserve', '', %s, 'system', %s, %s, %s)"
)
_BALANCES = (
    "UPDATE inventory_balance SET qty = qty + CASE bucket_id WHEN 'reserved' THEN %s ELSE -%s END, updated_at = %s"
    " WHERE sku_id = %s AND warehouse_id = %s AND bucket_id IN ('available', 'reserved')"
)
_EVENT = (
    "INSERT INTO outbox_event (kind, entity, payload, actor, correlation_id, occurred_at, recorded_at)"
    " VALUES ('inventory.stock_changed.v1', 'inventory.stock', %s, 'system', '', %s, %s)"
)


def anchor(connection: Any, target: Any) -> None:  # noqa: ANN401 - psycopg's connection and a target
    """SELECT FOR UPDATE, insert, update. The reserved balance is there already."""
    from psycopg.types.json import Jsonb

    sku_id, warehouse_id, qty, now = target.sku_id, target.warehouse_id, target.wanted_qty, datetime.now(UTC)
    with connection.transaction(), connection.cursor() as cursor:
        there = cursor.execute(_HELD, [sku_id, warehouse_id]).fetchone()[0]
        if there < qty:
            raise RuntimeError("The benchmark's stock has run out.")
        [pk] = cursor.execute(_ALLOCATION, [target.reference, sku_id, warehouse_id, qty, qty, "CNY", target.ordered_at, now]).fetchone()
        key = f"allocation:{pk}:1:reserve"
        cursor.execute(_KEY, [key, "0" * 64, qty, now])
        cursor.execute(_MOVEMENT, [sku_id, warehouse_id, qty, target.reference, key, AT, now])
        cursor.execute(_BALANCES, [qty, qty, now, sku_id, warehouse_id])
        cursor.execute(_EVENT, [Jsonb({"sku_ids": [sku_id], "warehouse_ids": [warehouse_id]}), now, now])


def _anchored(connection: Any, targets: list[Any]) -> float:  # noqa: ANN401 - psycopg's connection
    started = time.perf_counter()
    for target in targets:
        anchor(connection, target)
    return time.perf_counter() - started


def _one_order(place: Place) -> dict[str, Any]:
    import psycopg

    ratios, rates, waits = [], [], []
    # Makes the balances that the anchor updates.
    one_by_one(place.targets(1))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for number in range(ROUNDS + 1):
            _tidy()
            waits.append(fsync_milliseconds())
            theirs = mine = 0.0
            for _turn in range(TURNS):
                theirs += _anchored(connection, place.targets(ORDERS // TURNS))
                mine += one_by_one(place.targets(ORDERS // TURNS))
            if number:
                # The first round prepares the statements of both.
                ratios.append(theirs / mine)
                rates.append((ORDERS / theirs, ORDERS / mine))
    print(
        f"  information, one order a transaction: {_rate(rates, 0)} orders/s with SELECT FOR UPDATE, {_rate(rates, 1)} as one statement; "
        f"ratios {_listed(ratios)}; an fsync takes {statistics.median(waits):.2f} ms"
    )
    return result("one order a transaction, over SELECT FOR UPDATE", statistics.median(ratios), 1.8)


# --- Batches --------------------------------------------------------------------------------------------------------------------


def _batches(place: Place) -> dict[str, Any]:
    ratios, rates = [], []
    for number in range(ROUNDS + 1):
        _tidy()
        one = many = 0.0
        batches = [place.targets(BATCH) for _ in range(TURNS)]
        for batch in batches:
            one += one_by_one(place.targets(ORDERS // TURNS)) / ORDERS
            many += in_batches([batch]) / (TURNS * BATCH)
        if number:
            ratios.append(one / many)
            rates.append((1 / one, 1 / many))
    before = _state()
    repeated = in_batches(batches)
    if _state() != before:
        raise RuntimeError("A replay of batches has changed something.")
    print(
        f"  information, batches of {BATCH} on one SKU: {_rate(rates, 0)} orders/s one by one, {_rate(rates, 1)} in batches; ratios "
        f"{_listed(ratios)}; a replay changed nothing, {TURNS * BATCH / repeated:,.0f} orders/s; "
        f"an fsync takes {fsync_milliseconds():.2f} ms"
    )
    return result(f"batches of {BATCH} orders, over one by one", statistics.median(ratios), 15.0)


def _state() -> tuple[Any, ...]:
    from stockhub.inventory.models import Allocation, Balance, Movement, MovementKey
    from stockhub.outbox.models import Event

    balances = tuple(Balance.objects.order_by("id").values_list("sku_id", "warehouse_id", "bucket_id", "qty", "updated_at"))
    counts = tuple(model.objects.count() for model in (Allocation, Movement, MovementKey, Event))
    return balances, counts


# --- Sixteen clients ------------------------------------------------------------------------------------------------------------


def _clients() -> dict[str, Any]:
    """Hot: all on one SKU. Spread: each on one of its own. Then all at once on a SKU that has too little."""
    for number in range(PROCESSES * THREADS):
        Place(f"SPREAD-{number}")
    ratios, rates = [], []
    for number in range(CLIENT_ROUNDS + 1):
        _tidy()
        hot, spread = _together("hot", number), _together("spread", number)
        if number:
            ratios.append(hot / spread)
            rates.append((hot, spread))
    print(
        f"  information, {PROCESSES * THREADS} clients: {_rate(rates, 0)} orders/s on one hot SKU, {_rate(rates, 1)} on spread SKUs; "
        f"ratios {_listed(ratios)}; an fsync takes {fsync_milliseconds():.2f} ms"
    )
    _scarcity()
    return result(f"{PROCESSES * THREADS} clients on one hot SKU, over spread SKUs", statistics.median(ratios), 0.45)


def _together(mode: str, number: int) -> float:
    """Orders a second of all clients; they begin together, once every process is ready."""
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.ledger", "--client", mode, f"{number}-{process}", str(process)],
            cwd=REPOSITORY, env=os.environ.copy(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for process in range(PROCESSES)
    ]  # fmt: skip
    answers = [child.stdout for child in children if child.stdout is not None]
    for answer in answers:
        answer.readline()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [json.loads(answer.readline()) for answer in answers]
    for child in children:
        if child.wait():
            raise RuntimeError("A client of the benchmark failed.")
    return float(sum(orders / seconds for orders, seconds in told))


def client(mode: str, prefix: str, process: int) -> None:
    """In a process of its own: so many threads with a connection each; tells how many orders took how many seconds."""
    import django

    django.setup()
    from django.db import connection

    barrier = threading.Barrier(THREADS + 1)
    done: list[int] = []

    def work(thread: int) -> None:
        from stockhub.inventory.allocations import set_targets

        code = {"hot": "HOT", "scarce": "SCARCE"}.get(mode, f"SPREAD-{process * THREADS + thread}")
        place = Place(code)
        targets = _endless(place, f"{mode}:{prefix}:{thread}")
        for _ in range(6 if mode != "scarce" else 0):
            set_targets([next(targets)])
        barrier.wait()
        barrier.wait()
        until, count = time.perf_counter() + CLIENT_SECONDS, 0
        while count < SCARCE_ORDERS if mode == "scarce" else time.perf_counter() < until:
            set_targets([next(targets)])
            count += 1
        done.append(count)
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.perf_counter()
    barrier.wait()
    for thread in threads:
        thread.join()
    print(json.dumps([sum(done), time.perf_counter() - started]), flush=True)
    if len(done) != THREADS:
        sys.exit(1)


def _endless(place: Place, prefix: str) -> Iterator[Any]:
    while True:
        yield from place.targets(50, prefix)


def _scarcity() -> None:
    """More orders than units: all units are reserved, none twice."""
    from django.db.models import Sum

    from stockhub.inventory.models import Allocation, Balance

    place = Place("SCARCE", SCARCE)
    _together("scarce", 0)
    held = dict(Balance.objects.filter(sku_id=place.sku_id).values_list("bucket_id", "qty"))
    asked = Allocation.objects.filter(sku_id=place.sku_id).aggregate(wanted=Sum("wanted_qty"), reserved=Sum("reserved_qty"))
    if held != {"available": 0, "reserved": SCARCE} or asked != {"wanted": PROCESSES * THREADS * SCARCE_ORDERS, "reserved": SCARCE}:
        raise RuntimeError(f"{SCARCE} units became {held}, for {asked}.")
    print(f"  information: {asked['wanted']} orders at once for {SCARCE} units reserved exactly {asked['reserved']}")


def _require_exact() -> None:
    from stockhub.inventory.models import Balance
    from stockhub.inventory.proof.reconciliation import reconcile

    found = [each.text for each in reconcile()]
    if found or Balance.objects.filter(qty__lt=0).exists():
        raise RuntimeError(f"The ledger is not exact: {found[:3]}")


# --- SQLite ---------------------------------------------------------------------------------------------------------------------


def _sqlite() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "STOCKHUB_VAR": folder}
        command = [sys.executable, "-m", "benchmarks.ledger", "--sqlite"]
        answer = subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True, text=True)
    one, many, ratio = json.loads(answer.stdout.splitlines()[-1])
    print(f"  information, SQLite, synchronous FULL: {one:,.0f} orders/s one by one, {many:,.0f} in batches of {BATCH}")
    return result(f"SQLite: batches of {BATCH} orders, over one by one", ratio, 5.0)


def sqlite() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    place = Place("HOT")
    pairs = []
    for _ in range(3):
        single, batches = place.targets(SQLITE_ORDERS), [place.targets(BATCH) for _ in range(4)]
        pairs.append((one_by_one(single) / SQLITE_ORDERS, in_batches(batches) / (4 * BATCH)))
    _require_exact()
    one, many = sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
    print(json.dumps([1 / one, 1 / many, one / many]))


# --- Common ---------------------------------------------------------------------------------------------------------------------


def _tidy() -> None:
    """What autovacuum does to a busy table between bursts; without it a round would pay for the dead rows of the one before."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) inventory_balance, inventory_allocation, catalog_warehouse, catalog_sku")
        cursor.execute("CHECKPOINT")


def _rate(rates: list[tuple[float, float]], side: int) -> str:
    return f"{statistics.median(rate[side] for rate in rates):,.0f}"


def _listed(ratios: list[float]) -> str:
    return ", ".join(f"{ratio:.2f}" for ratio in ratios)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
    if "--client" in sys.argv:
        client(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif "--sqlite" in sys.argv:
        sqlite()
    else:
        print(json.dumps(run(), indent=2))
