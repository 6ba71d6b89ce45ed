"""Proof of the ledger over the whole database, at one consistent moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.history.checkpoints import wrong_cells
from stockhub.inventory.lots.settlement import settle_lots
from stockhub.inventory.models import BalanceCheckpoint
from stockhub.inventory.proof.checksums import EVERYTHING, doubts
from stockhub.inventory.proof.statements import (
    malformed_movements,
    negative_balances,
    wrong_balances,
    wrong_keys,
    wrong_lines,
    wrong_reserved,
)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What does not hold, and where."""

    invariant: str
    text: str


_LOTS: Final = """
SELECT sku.code, warehouse.code, lots.remaining, coalesce(held.qty, 0) FROM (
    SELECT sku_id, warehouse_id, sum(remaining_qty) AS remaining FROM inventory_lot GROUP BY sku_id, warehouse_id
) AS lots
JOIN catalog_sku AS sku ON sku.id = lots.sku_id JOIN catalog_warehouse AS warehouse ON warehouse.id = lots.warehouse_id
LEFT JOIN (
    SELECT sku_id, warehouse_id, sum(qty) AS qty FROM inventory_balance AS balance
    JOIN inventory_bucket AS bucket ON bucket.slug = balance.bucket_id WHERE bucket.is_physical GROUP BY sku_id, warehouse_id
) AS held ON held.sku_id = lots.sku_id AND held.warehouse_id = lots.warehouse_id
WHERE lots.remaining > 0 AND lots.remaining > coalesce(held.qty, 0)
ORDER BY 1, 2
"""
#: Stock that moves between settling and looking makes a lot look too full; looking again tells.
_LOOKS: Final = 3
#: Groups of a million movements in memory rather than on disk.
WORK_MEM: Final = "64MB"
#: One query in one process: a proof leaves the other cores to the shop, and compiling its expressions costs more than it saves.
SESSION: Final = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    f"SET LOCAL work_mem = '{WORK_MEM}'",
    "SET LOCAL max_parallel_workers_per_gather = 0",
    "SET LOCAL jit = off",
)


def reconcile() -> list[Discrepancy]:
    """Everything that does not hold of I1 to I3; an empty list is the proof.

    I1: the movements of each SKU, warehouse and bucket add up to its balance, and each is a movement. I2: no balance is below zero, but for
    `available` where back-orders are allowed. I3: each key has one effect, and each order line holds what its movements gave it,
    and what is reserved is what the order lines hold together (not where the platform counts).

    All statements see one moment: on PostgreSQL in a transaction of its own (within the caller's each sees its own), where checksums
    prove what holds and only what does not is looked for; on SQLite the precise statements do both.
    """
    with one_moment():
        found = doubts() if connection.vendor == "postgresql" else EVERYTHING
        return [
            *(_balances() if found.balances else ()),
            *(_malformed() if found.malformed or found.keys else ()),
            *(_negatives() if found.negatives else ()),
            *(_keys() if found.keys else ()),
            *(_lines() if found.lines else ()),
            *(_reserved() if found.reserved else ()),
        ]


@contextmanager
def one_moment() -> Iterator[None]:
    """A read-only transaction with one snapshot; nothing where the caller has a transaction already."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("; ".join(SESSION))
            yield
    else:
        # Django begins transactions as writers, and a proof must hold up nobody's writing.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _balances() -> list[Discrepancy]:
    return [
        Discrepancy(
            "I1", f"{row.sku} in {row.warehouse}, {row.bucket}: the ledger adds up to {row.moved_qty}, the balance says {row.held_qty}."
        )
        for row in wrong_balances()
    ]


def _malformed() -> list[Discrepancy]:
    return [
        Discrepancy(
            "I1",
            f"Movement {row.id} of {row.sku} in {row.warehouse}: {row.qty} units from {row.from_bucket or 'outside'} to "
            f"{row.to_bucket or 'outside'} cannot be.",
        )
        for row in malformed_movements()
    ]


def _negatives() -> list[Discrepancy]:
    return [Discrepancy("I2", f"{row.sku} in {row.warehouse}, {row.bucket}: {row.qty} is below zero.") for row in negative_balances()]


def _keys() -> list[Discrepancy]:
    return [
        Discrepancy("I3", f"Key {row.key}: {row.movements} movements of {row.moved_qty} units, {row.keys} keys of {row.posted_qty} units.")
        for row in wrong_keys()
    ]


def _lines() -> list[Discrepancy]:
    return [
        Discrepancy(
            "I3",
            f"{row.reference or f'allocation {row.allocation}'}, {row.sku} in {row.warehouse}: "
            + (f"holds {row.reserved_qty} reserved and {row.shipped_qty} shipped" if row.is_present else "is not there")
            + f", its movements made {row.made_reserved_qty} and {row.made_shipped_qty}.",
        )
        for row in wrong_lines()
    ]


def _reserved() -> list[Discrepancy]:
    return [
        Discrepancy("I3", f"{row.sku} in {row.warehouse}: {row.reserved_qty} units are reserved, order lines hold {row.held_qty}.")
        for row in wrong_reserved()
    ]


def reconcile_checkpoints() -> list[Discrepancy]:
    """What the latest checkpoint says and its movements do not: a movement came to be recorded in a month that was closed already.

    Each checkpoint builds on the one before, so that the latest tells of all. Reads the history up to it once.
    """
    latest: datetime | None = BalanceCheckpoint.objects.aggregate(latest=Max("at"))["latest"]
    wrong = [] if latest is None else wrong_cells(latest)
    skus = dict(Sku.objects.filter(pk__in={sku_id for sku_id, *_rest in wrong}).values_list("pk", "code"))
    warehouses = dict(Warehouse.objects.filter(pk__in={row[1] for row in wrong}).values_list("pk", "code"))
    return [
        Discrepancy(
            "checkpoints", f"{skus.get(sku)} in {warehouses.get(place)}, {bucket}: {latest:%Y-%m-%d} lacks {qty} units moved before."
        )
        for sku, place, bucket, qty in wrong
    ]


def reconcile_lots() -> list[Discrepancy]:
    """Lots that hold more than lies there. They follow the ledger in batches, so that they are settled first."""
    rows: list[tuple[Any, ...]] = []
    for _look in range(_LOOKS):
        settle_lots()
        with connection.cursor() as cursor:
            cursor.execute(_LOTS)
            rows = cursor.fetchall()
        if not rows:
            break
    return [
        Discrepancy("lots", f"{sku} in {warehouse}: lots hold {remaining} units, {qty} lie there.")
        for sku, warehouse, remaining, qty in rows
    ]
