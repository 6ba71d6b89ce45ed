"""A million movements through the real ledger, over six months: does it stay as quick, how large does it get, what does a question read?

Batches of 500 through `ledger.post` on PostgreSQL: receipts, reservations and shipments of 5,000 SKUs in one warehouse, recorded from
January to June, with the months made as the nightly job makes them. Then the same table is put together, posted to, and cut again, which
times the migration both ways and tells what partitions cost a batch.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from benchmarks.processor import backend_of_this_process, processor_seconds
from benchmarks.scratch import scratch_database

if TYPE_CHECKING:
    from stockhub.inventory.posting.ledger import Posting

#: `BENCH_GROWTH_MOVEMENTS` makes it a smaller one, a multiple of 10,000; what it tells of size and slowness is then of that size.
MOVEMENTS: Final = int(os.environ.get("BENCH_GROWTH_MOVEMENTS", "1000000"))
BATCH: Final = 500
SKUS: Final = 5_000
MONTHS: Final = 6
WINDOW: Final = MOVEMENTS // 10
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
GOAL_FLAT, GOAL_PARTITIONED, GOAL_BYTES = 0.8, 0.9, 600
TABLE, KEY = "inventory_movement", "recorded_at"


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_growth"):
        return _measured()


def _measured() -> list[dict[str, Any]]:
    from stockhub.inventory.proof.reconciliation import reconcile

    batches = _batches(*_shop())
    spent = _post(batches, MOVEMENTS)
    wall, processor = (sum(each[i] for each in spent) for i in range(2))
    print(f"growth: {MOVEMENTS:,} movements at {MOVEMENTS / wall:,.0f} a second, {MOVEMENTS / processor:,.0f} a second of processor time")
    size = WINDOW // BATCH
    rates = [WINDOW / sum(each[1] for each in spent[start : start + size]) for start in range(0, len(spent), size)]
    print(f"growth: a second of processor time, by {WINDOW:,}: {', '.join(f'{rate:,.0f}' for rate in rates)}")
    assert (found := reconcile()) == [], found
    movement_bytes = _sizes()
    _questions()
    return [
        _result(
            f"growth: rate of the last {WINDOW:,} of {MOVEMENTS:,} against the first", rates[-1] / rates[0], GOAL_FLAT, better="higher"
        ),
        _result("growth: batches into partitions against one table", _against_plain(batches), GOAL_PARTITIONED, better="higher"),
        _result("growth: bytes a movement, with its key and indexes", movement_bytes, GOAL_BYTES, better="lower"),
    ]


def _result(name: str, value: float, goal: float, *, better: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "goal": goal,
        "better": better,
        "ok": value >= goal if better == "higher" else value <= goal,
    }


def _shop() -> tuple[int, list[int]]:
    from stockhub.catalog.models import Sku, Warehouse

    warehouse = Warehouse.objects.create(code="CN", name="China", ledger_starts_at=START)
    skus = Sku.objects.bulk_create(Sku(code=f"S{n:05}") for n in range(SKUS))
    return warehouse.pk, [sku.pk for sku in skus]


def _batches(warehouse: int, skus: list[int]) -> Iterator[list[Posting]]:
    """For ever: one batch in ten receives, the others reserve and ship, so that every posting has what it takes.

    Keys are as long as those of order lines, whose own would be looked for by `reconcile`.
    """
    from stockhub.inventory.models import MovementKind as Kind

    chosen, number = random.Random(7), 0  # noqa: S311 - the same shop each time
    steps: list[tuple[str | None, str | None, int, Kind]] = [(None, "available", 60, Kind.RECEIVE)]
    steps += [("available", "reserved", 3, Kind.RESERVE), ("reserved", None, 3, Kind.SHIP)] * 4
    while True:
        picked = chosen.sample(skus, BATCH)
        for source, target, qty, kind in steps:
            yield [_posting(warehouse, sku, source, target, qty, kind, number + n) for n, sku in enumerate(picked)]
            number += BATCH


def _posting(warehouse: int, sku: int, source: str | None, target: str | None, qty: int, kind: Any, number: int) -> Posting:  # noqa: ANN401
    from stockhub.inventory.posting.ledger import Posting

    return Posting(
        sku_id=sku, warehouse_id=warehouse, from_bucket=source, to_bucket=target, qty=qty, kind=kind, key=f"order-line:{number}:{kind}:1:1",
        occurred_at=_at(number), reference=f"order:dy-main:{number // 3:012}",
    )  # fmt: skip


def _at(number: int) -> datetime:
    return START + timedelta(days=MONTHS * 30 * number / MOVEMENTS)


def _post(batches: Iterator[list[Posting]], movements: int) -> list[tuple[float, float]]:
    """Seconds of each batch: on the clock, and of processor time in both processes. Its months are made before it, uncounted."""
    from stockhub.core import clock
    from stockhub.core.partitions import ensure_partitions
    from stockhub.inventory.posting.ledger import post

    spent: list[tuple[float, float]] = []
    backend, month = backend_of_this_process(), 0
    for _batch in range(movements // BATCH):
        postings = next(batches)
        at = postings[-1].occurred_at
        if at.month != month:
            ensure_partitions(at)
            month = at.month
        with clock.at(at):
            started, busy = time.perf_counter(), processor_seconds(backend)
            results = post(postings)
            spent.append((time.perf_counter() - started, processor_seconds(backend) - busy))
        assert {str(result.status) for result in results} == {"posted"}
    return spent


def _ask(statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def _sizes() -> float:
    """Bytes a movement of the table, its indexes, and the table of keys; the last is the result."""
    from stockhub.core.partitions import partitions_of

    _ask("ANALYZE inventory_movement")
    parts = [part.name for part in partitions_of([TABLE])[TABLE]]
    heap, indexes, brin = (0, 0, 0)
    for name in parts:
        heap += _ask("SELECT pg_table_size(%s::regclass)", [name])[0][0]
        indexes += _ask("SELECT pg_indexes_size(%s::regclass)", [name])[0][0]
        times = "SELECT coalesce(sum(pg_relation_size(i.oid)), 0) FROM pg_index JOIN pg_class i ON i.oid = indexrelid"
        brin += int(_ask(f"{times} JOIN pg_am ON pg_am.oid = i.relam WHERE indrelid = %s::regclass AND amname = 'brin'", [name])[0][0])
    keys = _ask("SELECT pg_total_relation_size('inventory_movementkey')")[0][0]
    print(
        f"growth: bytes a movement: {heap / MOVEMENTS:.0f} row, {indexes / MOVEMENTS:.0f} indexes (BRIN {brin / MOVEMENTS:.2f}), "
        f"{keys / MOVEMENTS:.0f} key with its index; {len(parts)} partitions"
    )
    return float((heap + indexes + keys) / MOVEMENTS)


def _questions() -> None:
    """What a month's sum, a key's movement, and a SKU's last week read, and how long they take."""
    sums = "SELECT sku_id, to_bucket_id, sum(qty) FROM inventory_movement"
    march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    [one] = _ask("SELECT key, recorded_at, sku_id, warehouse_id FROM inventory_movement OFFSET %s LIMIT 1", [MOVEMENTS // 2 + 123])
    key, recorded_at, sku, warehouse = one
    week = (
        "SELECT sum(qty) FROM inventory_movement WHERE sku_id = %s AND warehouse_id = %s AND occurred_at >= %s AND occurred_at < %s"
        " AND recorded_at >= %s"
    )
    asked: list[tuple[str, str, list[Any]]] = [
        ("sums over everything", f"{sums} GROUP BY 1, 2", []),
        ("sums over March", f"{sums} WHERE recorded_at >= %s AND recorded_at < %s GROUP BY 1, 2", [march, april]),
        ("a movement by its key and time", "SELECT id FROM inventory_movement WHERE key = %s AND recorded_at = %s", [key, recorded_at]),
        ("a movement by its key alone", "SELECT id FROM inventory_movement WHERE key = %s", [key]),
        ("a SKU's week in April", week, [sku, warehouse, april, april + timedelta(days=7), april - timedelta(days=1)]),
    ]
    for what, statement, values in asked:
        lines = [row[0] for row in _ask(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {statement}", values)]
        plan = "\n".join(lines)
        # Every partition that is read is on a scan's line; those that were pruned are not in the plan at all.
        read = sorted(set(re.findall(r"Scan (?:using \S+ )?on inventory_movement_(\d{4}_\d\d|default)", plan)))
        ways = sorted(set(re.findall(r"((?:Seq|Index|Index Only|Bitmap Heap) Scan)", plan)))
        pages = re.search(r"shared hit=(\d+)(?: read=(\d+))?|shared read=(\d+)", plan)
        touched = sum(int(number or 0) for number in pages.groups()) if pages else 0
        took = next(line for line in lines if line.startswith("Execution Time"))
        print(f"growth: {what}: {len(read)} partitions ({', '.join(ways)}), {touched:,} pages, {took.removeprefix('Execution Time: ')}")


def _against_plain(batches: Iterator[list[Posting]]) -> float:
    """The rate of batches into partitions over that into one table of the same rows; the median of three pairs."""
    from django.db import connection

    from stockhub.core import clock
    from stockhub.core.partitioning import merge_partitions, partition_by_month

    ratios: list[float] = []
    for _pair in range(3):
        rates: list[float] = []
        for turn in (merge_partitions, None):
            started = time.perf_counter()
            with connection.schema_editor() as editor:
                if turn:
                    turn(editor, TABLE, KEY)
                else:
                    partition_by_month(editor, TABLE, KEY, now=clock.now())
            seconds = time.perf_counter() - started
            rates.append(WINDOW / 2 / sum(busy for _seconds, busy in _post(batches, WINDOW // 2)))
            rows = _ask("SELECT count(*) FROM inventory_movement")[0][0]
            done = "put together" if turn else "cut by month"
            print(f"growth: {rows:,} rows {done} in {seconds:.1f} s; then {rates[-1]:,.0f} movements a second of processor time")
        ratios.append(rates[1] / rates[0])
    return sorted(ratios)[1]
