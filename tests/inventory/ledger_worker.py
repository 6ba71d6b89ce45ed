"""One process of the concurrency tests, on the database of the environment.

`prepare`, `reserve PROCESS THREADS TIMES`, `lines PROCESS THREADS TIMES` and `verify` post; `mend TIMES` damages and repairs;
`prepare_orders`, `order PROCESS PROCESSES THREADS ORDERS` and `verify_orders` take orders in, as a connector does. `keep` does each of
these that it reads from its standard input.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count, F, Sum  # noqa: E402

from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse  # noqa: E402
from stockhub.channels.models import Account, Listing, ListingComponent, Order, PoolAccount  # noqa: E402
from stockhub.channels.services import ingest_orders  # noqa: E402
from stockhub.inventory.allocations import AllocationTarget, set_targets  # noqa: E402
from stockhub.inventory.models import Allocation, Balance, Movement, MovementKey, MovementKind  # noqa: E402
from stockhub.inventory.posting.ledger import Posting, post  # noqa: E402
from stockhub.inventory.proof.reconciliation import reconcile  # noqa: E402
from stockhub.inventory.proof.repair import Keep, repair  # noqa: E402
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord  # noqa: E402

AT = datetime(2025, 1, 2, tzinfo=UTC)
STOCK = 500
SHARED_KEYS = 20


def posting(source: str | None, target: str | None, qty: int, key: str) -> Posting:
    sku, warehouse = Sku.objects.get(code="VIRAL"), Warehouse.objects.get(code="SH")
    return Posting(
        sku_id=sku.pk,
        warehouse_id=warehouse.pk,
        from_bucket=source,
        to_bucket=target,
        qty=qty,
        kind=MovementKind.MOVE,
        key=key,
        occurred_at=AT,
    )


def prepare() -> object:
    Sku.objects.create(code="VIRAL")
    Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=datetime(2025, 1, 1, tzinfo=UTC))
    return [result.status for result in post([posting(None, "available", STOCK, "opening")])]


def reserve(process: int, threads: int, times: int) -> object:
    """Each thread reserves one unit at a time under keys of its own; then all release under the same few keys, alone and in lists."""
    told: Counter[str] = Counter()
    errors: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        mine: Counter[str] = Counter()
        try:
            template = posting("available", "reserved", 1, "x")
            back = posting("reserved", "available", 1, "x")
            for n in range(times):
                [result] = post([_with(template, f"reserve-{process}-{number}-{n}")])
                mine[f"reserve {result.status}"] += 1
            for n in range(SHARED_KEYS):
                listed = [_with(back, f"release-{n}"), _with(back, f"release-{(n * 7 + number) % SHARED_KEYS}")]
                for result in post(listed if number % 2 else listed[:1]):
                    mine[f"release {result.status}"] += 1
        except Exception as error:  # noqa: BLE001 - told to the test, which fails on any
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()
        with lock:
            told.update(mine)

    _together(work, threads)
    return {"told": told, "errors": errors}


def prepare_orders() -> object:
    sku = Sku.objects.create(code="VIRAL")
    warehouse = Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=datetime(2025, 1, 1, tzinfo=UTC))
    pool = StockPool.objects.create(code="main", name="Main")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    account = Account.objects.create(code="live", name="Live room", marketplace="file")
    PoolAccount.objects.create(pool=pool, account=account)
    ListingComponent.objects.create(listing=Listing.objects.create(account=account, code="viral"), sku=sku, qty=1)
    opening = replace(posting(None, "available", STOCK, "opening"), kind=MovementKind.OPENING)
    return [result.status for result in post([opening])]


def order(process: int, processes: int, threads: int, orders: int) -> object:
    """Each thread brings an order at a time: those of its own share, and every tenth of the next thread's, which so come twice."""
    told: Counter[str] = Counter()
    errors: list[str] = []
    lock, together = threading.Lock(), threading.Barrier(threads)
    writers = processes * threads

    def work(number: int) -> None:
        mine: Counter[str] = Counter()
        try:
            account = Account.objects.get(code="live")
            writer = process * threads + number
            next_one = range((writer + 1) % writers, orders, writers)
            twice = [n for n in next_one if n % 10 == 0]
            together.wait()
            for external_id in [n for pair in zip_longest(range(writer, orders, writers), twice) for n in pair if n is not None]:
                result = ingest_orders(account=account, orders=[_order(external_id)], source="api")
                mine += Counter(new=result.new, changed=result.changed, unchanged=result.unchanged, refused=result.quarantined)
        except Exception as error:  # noqa: BLE001 - told to the test, which fails on any
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()
        with lock:
            told.update(mine)

    _together(work, threads)
    return {"told": told, "errors": errors}


def _order(external_id: int) -> OrderRecord:
    line = OrderLineRecord(code="viral", qty=1, unit_price=Decimal("9.90"), line_id="1")
    return OrderRecord(external_id=str(external_id), status="paid", ordered_at=AT, paid_at=AT, currency="CNY", lines=(line,))


def verify_orders() -> object:
    reserved = Counter(Allocation.objects.values_list("wanted_qty", "reserved_qty"))
    return {
        "orders": Order.objects.count(),
        "balances": dict(Balance.objects.values_list("bucket_id", "qty")),
        "lines": {"reserved": reserved[1, 1], "owed": reserved[1, 0]},
        "movements": Counter(Movement.objects.values_list("kind", flat=True)),
        "keys": MovementKey.objects.count(),
        "discrepancies": [found.text for found in reconcile()],
    }


def _together(work: Callable[[int], None], threads: int) -> None:
    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def lines(process: int, threads: int, times: int) -> object:
    """Each thread sets targets of order lines, one at a time or in lists; every second line is one that all threads set at once."""
    errors: list[str] = []
    target = _targets()

    def work(number: int) -> None:
        try:
            for n in range(times):
                own, shared = target(f"own-{process}-{number}-{n}"), target(f"shared-{n}")
                if number % 2:
                    set_targets([own, shared])
                else:
                    set_targets([shared])
                    set_targets([own])
        except Exception as error:  # noqa: BLE001 - told to the test, which fails on any
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    _together(work, threads)
    return errors


def mend(times: int) -> object:
    """Damages what is reserved behind the ledger's back and repairs it, again and again; tells how often that was found and mended."""
    mended = 0
    while not Balance.objects.filter(bucket_id="reserved").exists():
        time.sleep(0.01)
    for n in range(times):
        Balance.objects.filter(bucket_id="reserved").update(qty=F("qty") + 7)
        repaired = repair(keep=Keep.MOVEMENTS, reason="test", idempotency_key=f"mend-{n}")
        mended += bool(repaired.done) and not repaired.left
    return mended


def _targets() -> Callable[[str], AllocationTarget]:
    sku_id, warehouse_id = Sku.objects.get(code="VIRAL").pk, Warehouse.objects.get(code="SH").pk

    def target(reference: str) -> AllocationTarget:
        return AllocationTarget(
            reference=reference, sku_id=sku_id, warehouse_id=warehouse_id, account_id=None, wanted_qty=1, ship_qty=0, ordered_at=AT,
            occurred_at=AT,
        )  # fmt: skip

    return target


def _with(template: Posting, key: str) -> Posting:
    return replace(template, key=key)


def verify() -> object:
    asked = Allocation.objects.aggregate(lines=Count("id"), wanted=Sum("wanted_qty"), reserved=Sum("reserved_qty"))
    return {"asked": asked, **_ledger()}


def _ledger() -> dict[str, object]:
    return {"balances": dict(Balance.objects.values_list("bucket_id", "qty")), "discrepancies": [found.text for found in reconcile()]}


if __name__ == "__main__":
    mode, *numbers = sys.argv[1:]
    actions: dict[str, Callable[..., object]] = {
        call.__name__: call for call in (prepare, reserve, lines, mend, verify, prepare_orders, order, verify_orders)
    }
    # One that keeps the books stays, and answers a line for each that it is asked.
    asked = (line.split() for line in sys.stdin) if mode == "keep" else [(mode, *numbers)]
    for action, *values in asked:
        sys.stdout.write(json.dumps(actions[action](*map(int, values))) + "\n")
        sys.stdout.flush()
