"""Repairs of a ledger that does not add up. History is never edited: what has to change in the ledger is posted (docs/adr/0010).

Balances and what order lines hold are figures that movements give; where they differ from their movements, one of the two was damaged, and
no program can know which. `Keep.MOVEMENTS` believes the history and works the figures out anew; each old figure is recorded in an event.
`Keep.FIGURES` believes the figures, and posts the difference as corrections, so that the history leads to them. Either way nobody knows
what lies there, so each SKU concerned is in dispute until it is counted.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Final

from django.db import OperationalError, connection
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Warehouse
from stockhub.core import clock
from stockhub.inventory.models import Balance, BalanceCheckpoint
from stockhub.inventory.posting.postings import AVAILABLE
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.proof.reconciliation import Discrepancy, reconcile, reconcile_checkpoints
from stockhub.inventory.proof.repair_bench import Bench, Keep
from stockhub.inventory.proof.repair_keys import mend_keys
from stockhub.inventory.proof.repair_lines import mend_lines, mend_reserved
from stockhub.inventory.proof.statements import WrongBalance, negative_balances, wrong_balances
from stockhub.inventory.transactions import in_transaction
from stockhub.values.errors import DomainError

__all__ = ["Keep", "Repaired", "repair"]

#: A lock that did not come in time, and a deadlock: who asks again may get it.
_BUSY: Final = frozenset({"55P03", "40P01"})
#: Writers that never pause for so long hold a repair off for good.
_PATIENCE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Repaired:
    """`done` says what was corrected; `left` is what no repair can mend and a person has to look at."""

    done: list[str]
    left: list[Discrepancy]


def repair(*, keep: Keep = Keep.MOVEMENTS, reason: str, idempotency_key: str) -> Repaired:
    """Makes the ledger add up again, all in one transaction that holds other writers off. The same key has no second effect.

    Raises `reason_required`, `invalid_key`, `idempotency_key_reused` and `ledger_busy`; then nothing has changed.
    """
    require("inventory.change_balance")
    if not reason.strip():
        raise DomainError("reason_required", _("Say why the ledger is corrected."), path=("reason",))
    if not 0 < len(idempotency_key) <= 60:
        raise DomainError("invalid_key", _("The key of a repair has 1 to 60 characters."), path=("idempotency_key",))
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return in_transaction(lambda: _repair(keep, reason.strip()[:200], idempotency_key))
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _BUSY or connection.in_atomic_block:
                raise
            if time.monotonic() > deadline:
                raise DomainError(
                    "ledger_busy", _("The ledger was too busy to be repaired; nothing was changed. Try again later.")
                ) from error
            time.sleep(random.uniform(0.0, 0.05))  # noqa: S311 - jitter, not a secret


def _repair(keep: Keep, reason: str, key: str) -> Repaired:
    _hold_off_writers()
    if not claim_request(f"repair:{key}", str(keep), reason):
        return Repaired([], reconcile())
    bench = Bench(keep, reason, key)
    if reconcile_checkpoints():
        # Nothing but sums of movements: the nightly tidying makes them anew.
        BalanceCheckpoint.objects.all().delete()
        bench.done.append("The monthly checkpoints of balances were taken away; the nightly tidying makes them anew.")
    wrong = [row for row in wrong_balances() if bench.knows(row)]
    for row in wrong:
        _rebuild(bench, row)
    mend_keys(bench)
    mend_lines(bench)
    if keep == Keep.FIGURES:
        for row in wrong:
            _post_difference(bench, row)
    mend_reserved(bench)
    for negative in negative_balances():
        bench.move(negative.sku_id, negative.warehouse_id, None, negative.bucket, -negative.qty)
        bench.done.append(
            f"{negative.sku} in {negative.warehouse}, {negative.bucket}: {-negative.qty} units posted, nothing is below zero."
        )
    bench.finish()
    return Repaired(bench.done, reconcile())


def _hold_off_writers() -> None:
    """Reads go on. On SQLite the transaction is the only writer anyway.

    Writers take the tables in orders of their own, so one of them and we may wait for each other. We give way before the server looks for
    a deadlock, because it might end the writer, and come again.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            cursor.execute(
                "LOCK TABLE inventory_allocation, inventory_balance, inventory_movementkey, inventory_movement IN EXCLUSIVE MODE"
            )
            cursor.execute("SET LOCAL lock_timeout = 0")


def _rebuild(bench: Bench, row: WrongBalance) -> None:
    """The balance becomes the sum of its movements; from here on postings change it as ever."""
    Balance.objects.update_or_create(
        sku_id=row.sku_id, warehouse_id=row.warehouse_id, bucket_id=row.bucket, defaults={"qty": row.moved_qty, "updated_at": clock.now()}
    )
    bench.touch(row.sku_id, row.warehouse_id, row.bucket)
    if bench.keep == Keep.MOVEMENTS:
        bench.done.append(
            f"{row.sku} in {row.warehouse}, {row.bucket}: balance worked out anew, {row.moved_qty} instead of {row.held_qty}."
        )
    bench.tell(
        "inventory.balance_rebuilt.v1",
        {"sku_id": row.sku_id, "warehouse_id": row.warehouse_id, "bucket": row.bucket, "old_qty": row.held_qty, "qty": row.moved_qty},
    )


def _post_difference(bench: Bench, row: WrongBalance) -> None:
    """Corrections that lead from the sum of the movements back to the figure that the balance had, or to 0 where that cannot be."""
    may_owe = row.bucket == AVAILABLE and Warehouse.objects.filter(pk=row.warehouse_id, allows_backorder=True).exists()
    wanted = row.held_qty if may_owe else max(row.held_qty, 0)
    difference = wanted - bench.balance(row.sku_id, row.warehouse_id, row.bucket)
    if not difference:
        return
    source, target = (None, row.bucket) if difference > 0 else (row.bucket, None)
    if bench.move(row.sku_id, row.warehouse_id, source, target, abs(difference)):
        bench.done.append(f"{row.sku} in {row.warehouse}, {row.bucket}: {difference:+d} posted, the ledger now adds up to {wanted}.")
