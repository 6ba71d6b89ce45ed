"""A process that takes orders in, to be killed: a JSON list a line in, a JSON value a line out. What it has answered is acknowledged.

Batch n holds ten new orders, and later versions of two orders of the batch before: one is cancelled, one has left.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import django

django.setup()

from django.db import InterfaceError, OperationalError, close_old_connections  # noqa: E402

from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse  # noqa: E402
from stockhub.channels.models import Account, Listing, ListingComponent, Order, OrderLine, PoolAccount  # noqa: E402
from stockhub.channels.services import ingest_orders  # noqa: E402
from stockhub.core.outages import remedy  # noqa: E402
from stockhub.demand.models import SalesSeries  # noqa: E402
from stockhub.demand.services import apply_sales_deltas  # noqa: E402
from stockhub.inventory.models import Allocation, Balance, MovementKind  # noqa: E402
from stockhub.inventory.proof.reconciliation import reconcile  # noqa: E402
from stockhub.inventory.services import Receipt, receive_lots  # noqa: E402
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord  # noqa: E402

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERED = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
SIZE = 10
#: Never short, and short from the first minute on.
STOCK = {"PLENTY": 1_000_000, "VIRAL": 100}


def batch(number: int) -> list[OrderRecord]:
    """The orders of a batch, the same whenever it is asked for."""
    new = [_order(number, place) for place in range(SIZE)]
    if number == 0:
        return new
    at = ORDERED + timedelta(seconds=number)
    cancelled = replace(_order(number - 1, 0), status="cancelled", version=2, cancelled_at=at)
    return [*new, cancelled, replace(_order(number - 1, 1), status="shipped", version=2, shipped_at=at)]


def _order(number: int, place: int) -> OrderRecord:
    code = "viral" if place % 5 == 4 else "plenty"
    line = OrderLineRecord(code=code, qty=place % 3 + 1, unit_price=Decimal("9.90"), line_id="1")
    at = ORDERED + timedelta(seconds=number)
    return OrderRecord(
        external_id=f"{number}-{place}", status="paid", ordered_at=at, paid_at=at, currency="CNY", version=1, lines=(line,)
    )  # fmt: skip


def prepare() -> str:
    warehouse = Warehouse.objects.create(code="CN", name="Own", ledger_starts_at=START)
    pool = StockPool.objects.create(code="main", name="Main")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    account = Account.objects.create(code="intake", name="Shop", marketplace="file")
    PoolAccount.objects.create(pool=pool, account=account)
    for code, qty in STOCK.items():
        sku = Sku.objects.create(code=code)
        ListingComponent.objects.create(listing=Listing.objects.create(account=account, code=code.lower()), sku=sku, qty=1)
        opening = Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=f"opening:{code}", kind=MovementKind.OPENING)
        assert receive_lots([opening])[0].status == "posted"
    return "ready"


def ingest(number: int) -> int:
    """Takes a batch in by itself: once this answers, it is there."""
    ingest_orders(account=Account.objects.get(code="intake"), orders=batch(number), source="api")
    return number


def accept(number: int) -> int:
    """Puts a batch into the inbox, from which workers apply it: once this answers, it is acknowledged."""
    from stockhub.channels.inbox import accept_records

    told = accept_records(account=Account.objects.get(code="intake"), kind="order", records=batch(number), source="api")
    assert not told.refused
    return number


def waiting() -> int:
    """Records that were acknowledged and are still to be applied."""
    from stockhub.channels.received_models import WAITING, ReceivedRecord

    return ReceivedRecord.objects.filter(status__in=WAITING).count()


def differences(batches: int) -> dict[str, list[object]]:
    """What is not as it has to be once exactly the first `batches` batches were acknowledged; empty is the proof."""
    orders: dict[str, str] = {}
    units: Counter[tuple[str, str]] = Counter()
    for number in range(batches):
        for record in batch(number):
            orders[record.external_id] = record.status
    for external_id, status in orders.items():
        record = _order(*map(int, external_id.split("-")))
        units[record.lines[0].code.upper(), status] += record.lines[0].qty
    found = {
        "orders": dict(Order.objects.values_list("external_id", "status")),
        "order rows": Order.objects.count(),
        "lines": OrderLine.objects.count(),
        "allocations": Allocation.objects.count(),
        "units sold": _units_sold(),
        "discrepancies": [discrepancy.text for discrepancy in reconcile()],
        "below zero": Balance.objects.filter(qty__lt=0).count(),
        **_stock(),
    }
    expected = {
        "orders": orders,
        "order rows": len(orders),
        "lines": len(orders),
        "allocations": len(orders),
        "units sold": sum(qty for (_code, status), qty in units.items() if status != "cancelled"),
        "discrepancies": [],
        "below zero": 0,
        **_expected_stock(units),
    }
    return {name: [found[name], expected[name]] for name in expected if found[name] != expected[name]}


def _units_sold() -> int:
    """By the series, after every change that waits is in them."""
    apply_sales_deltas()
    return int(sum(series.daily.sum() for series in SalesSeries.objects.all()))


def _stock() -> dict[str, object]:
    """Of the SKU that is never short each bucket; of the other one what was handed out in all, since who came first is chance."""
    plenty = dict(Balance.objects.filter(sku__code="PLENTY").values_list("bucket_id", "qty"))
    viral = Allocation.objects.filter(sku__code="VIRAL").values_list("reserved_qty", "shipped_qty", "unbacked_qty")
    return {
        "plenty available": plenty.get("available", 0),
        "plenty reserved": plenty.get("reserved", 0),
        "viral handed out": sum(reserved + shipped - unbacked for reserved, shipped, unbacked in viral),
    }


def _expected_stock(units: Counter[tuple[str, str]]) -> dict[str, object]:
    wanted = {code: sum(units[code, status] for status in ("paid", "shipped")) for code in STOCK}
    return {
        "plenty available": STOCK["PLENTY"] - wanted["PLENTY"],
        "plenty reserved": units["PLENTY", "paid"],
        "viral handed out": min(STOCK["VIRAL"], wanted["VIRAL"]),
    }


if __name__ == "__main__":
    calls: dict[str, Callable[..., object]] = {call.__name__: call for call in (prepare, ingest, accept, waiting, differences)}
    for line in sys.stdin:
        call, *arguments = json.loads(line)
        close_old_connections()
        try:
            answer = calls[call](*arguments)
        except (OperationalError, InterfaceError) as error:
            answer = {"refused": remedy(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
