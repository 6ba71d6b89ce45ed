"""Files of transfers, variances, disputes, costs and received records say what their tables hold, and are narrowed by their parameters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from stockhub.catalog.models import Sku
from stockhub.channels.received_models import ReceivedRecord
from stockhub.inventory.models import StockDispute, StockVariance, Transfer, TransferLine
from tests.exports.conftest import Fetch, table
from tests.graphql.shop import DAY, NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_h83_a_transfer_is_a_row_for_each_line_with_what_is_missing(fetch: Fetch, world: World) -> None:
    second = Transfer.objects.create(
        code="TR-2", from_warehouse=world.mine.warehouse, to_warehouse=world.theirs.warehouse, status="in_transit", mode="sea",
        shipped_on=DAY, expected_on=DAY + dt.timedelta(days=9),
    )  # fmt: skip
    cup = Sku.objects.create(code="CUP")
    TransferLine.objects.create(
        transfer=second, line_no=1, sku=cup, bundle=world.sku, planned_qty=5, shipped_qty=4, received_qty=6, damaged_qty=1,
        freight_amount=Decimal("0.25"), freight_currency="USD",
    )  # fmt: skip
    rows = table(fetch(world.me, "/exports/transfers.csv"))
    assert [(row["transfer"], row["sku"], row["shipped_qty"], row["received_qty"], row["missing_qty"]) for row in rows] == [
        ("mine-wh-tr", "SKU-001", "300", "294", "6"), ("TR-2", "CUP", "4", "6", "0"),
    ]  # fmt: skip
    assert rows[1] == {
        "transfer": "TR-2", "status": "in_transit", "from_warehouse": "mine-wh", "to_warehouse": "theirs-wh", "mode": "sea", "line": "1",
        "sku": "CUP", "bundle": "SKU-001", "bucket": "available", "planned_qty": "5", "shipped_qty": "4", "received_qty": "6",
        "damaged_qty": "1", "missing_qty": "0", "lost_qty": "0", "freight_amount": "0.25", "freight_currency": "USD",
        "shipped_on": "2025-06-18", "expected_on": "2025-06-27", "received_on": "",
    }  # fmt: skip


def test_a_variance_says_how_many_are_missing_and_what_became_of_it(fetch: Fetch, world: World) -> None:
    StockVariance.objects.update(opened_at=NOW, resolved_at=NOW, resolved_by="ana", status="found", note="behind the door")
    [row] = table(fetch(world.me, "/exports/variances.csv"))
    assert row == {
        "document": "transfer", "reference": "transfer:mine-wh-tr", "line": "1", "sku": "SKU-001", "warehouse": "mine-wh",
        "expected_qty": "300", "found_qty": "294", "difference_qty": "-6", "status": "found", "note": "behind the door",
        "opened_at": "2025-06-18T04:00:00Z", "resolved_at": "2025-06-18T04:00:00Z", "resolved_by": "ana",
    }  # fmt: skip


def test_a_dispute_says_what_was_counted(fetch: Fetch, world: World) -> None:
    StockDispute.objects.update(book_qty=100, counted_qty=92, deviation_pct=Decimal("-8.00"), counted_at=NOW)
    [row] = table(fetch(world.me, "/exports/disputes.csv"))
    assert row == {
        "sku": "SKU-001", "warehouse": "mine-wh", "cause": "count", "book_qty": "100", "counted_qty": "92", "deviation_pct": "-8",
        "counted_at": "2025-06-18T04:00:00Z", "note": "", "opened_at": "2025-06-18T04:00:00Z", "opened_by": "ana", "resolved_at": "",
        "resolved_by": "", "resolution": "",
    }  # fmt: skip


def test_costs_of_lots_and_received_records(fetch: Fetch, world: World) -> None:
    [cost] = table(fetch(world.me, "/exports/lot-costs.csv"))
    assert cost == {
        "sku": "SKU-001", "warehouse": "mine-wh", "lot": "OPEN", "received_on": "2025-06-18", "kind": "purchase", "unit_amount": "2.5",
        "currency": "USD", "rate_on": "2025-06-18", "recorded_at": "2025-06-18T04:00:00Z",
    }  # fmt: skip
    ReceivedRecord.objects.update(attempts=3, error="No such warehouse.")
    [record] = table(fetch(world.me, "/exports/received-records.csv"))
    assert record == {
        "account": "mine-shop", "kind": "order", "external_id": "x", "source": "webhook", "status": "quarantined", "attempts": "3",
        "error": "No such warehouse.", "received_at": "2025-06-18T04:00:00Z", "applied_at": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("transfers.csv?status=received", 2), ("transfers.csv?status=planned", 0), ("transfers.csv?from_warehouse=hub", 2),
        ("transfers.csv?to_warehouse=mine-wh", 1), ("transfers.csv?from_warehouse=mine-wh", 0),
        ("transfers.csv?expected_from=2025-01-01", 0),
        ("variances.csv?status=open", 2), ("variances.csv?reference=transfer:mine-wh-tr&document=transfer", 1),
        ("variances.csv?document=shipment", 0), ("disputes.csv?open=1&cause=count", 2), ("disputes.csv?open=0", 0),
        ("disputes.csv?warehouse=mine-wh&sku=SKU-001", 1), ("lot-costs.csv?sku=SKU-001&warehouse=mine-wh&kind=purchase", 1),
        ("lot-costs.csv?kind=freight", 0), ("lot-costs.csv?recorded_to=2025-06-18T04:00:00Z", 0),
        ("received-records.csv?status=quarantined&kind=order&external_id=x", 2), ("received-records.csv?status=applied", 0),
        ("received-records.csv?received_from=2025-06-18T04:00:01Z", 0), ("received-records.csv?account=mine-shop", 1),
    ],
)  # fmt: skip
def test_parameters_narrow_a_file(fetch: Fetch, world: World, address: str, rows: int) -> None:
    assert len(table(fetch(world.root, f"/exports/{address}"))) == rows


def test_i4_a_warehouse_of_others_cannot_be_named_as_an_end_of_a_transfer(fetch: Fetch, world: World) -> None:
    for name in ("from_warehouse", "to_warehouse"):
        for code in ("theirs-wh", "no-such"):
            assert fetch(world.me, f"/exports/transfers.csv?{name}={code}").status_code == 400
