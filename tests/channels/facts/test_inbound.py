"""Shipments to a platform, as it tells them: under way once, in whatever order they come (H15, U1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from stockhub.catalog.models import Warehouse
from stockhub.channels.fact_models import PlatformShipment
from stockhub.channels.facts.inbound import ingest_inbound, shipment_code
from stockhub.channels.inbox import Applied, apply_due
from stockhub.channels.models import Feed, Listing, Quarantined
from stockhub.channels.quarantine_retries import retry_mended
from stockhub.channels.reprocessing import reprocess
from stockhub.inventory.models import Balance
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.pluginapi.platform_records import InboundLineRecord, InboundRecord
from stockhub.pluginapi.records import StockCountRecord
from stockhub.purchasing.models import Shipment, ShipmentLine
from stockhub.purchasing.selectors import inbound_arrivals
from stockhub.snapshot.builder import build
from tests.channels.facts.conftest import NOW, Send, refused
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TOLD = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def shipment(status: str = "in_transit", *lines: tuple[str, int, int], at: datetime = TOLD, **changes: Any) -> InboundRecord:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "external_id": "FBA15X", "warehouse": "FBA-US", "status": status, "updated_at": at, "name": "March",
        "expected_on": date(2026, 3, 25),
        "lines": tuple(InboundLineRecord(code, shipped, received) for code, shipped, received in lines or [("a-1", 100, 0)]),
    }  # fmt: skip
    return InboundRecord(**fields | changes)


def held(warehouse: Warehouse) -> dict[tuple[str, str], int]:
    rows = Balance.objects.filter(warehouse=warehouse).exclude(qty=0)
    return {(sku, bucket): qty for sku, bucket, qty in rows.values_list("sku__code", "bucket_id", "qty")}


def test_h15_what_sails_to_the_platform_is_in_transit_and_nets_the_cover(shop: Shop, fba: Warehouse, send: Send) -> None:
    assert send("inbound", shipment("in_transit", ("a-1", 300, 0), ("b-1", 20, 0))) == Applied(applied=1)
    assert held(fba) == {("A", "in_transit"): 300, ("B", "in_transit"): 20}
    made = Shipment.objects.get()
    assert (made.code, made.status, made.expected_on) == ("dy-main:FBA15X", "in_transit", date(2026, 3, 25))
    assert PlatformShipment.objects.get().shipment == made
    [arrival] = inbound_arrivals([shop.skus["A"].pk])
    assert (arrival.qty, arrival.expected_on, arrival.source) == (300, date(2026, 3, 25), "shipment")
    snapshot = build([shop.skus["A"].pk], NOW)
    assert snapshot["in_transit"].tolist() == [300.0]
    assert Feed.objects.get(kind="inbound").data_until_at == TOLD
    assert reconcile() == []


def test_u1_a_platform_that_begins_to_receive_counts_itself_and_nothing_counts_twice(fba: Warehouse, send: Send) -> None:
    send("inbound", shipment())
    send("inbound", shipment("receiving", ("a-1", 100, 40), at=TOLD + timedelta(days=5)))
    assert held(fba) == {}
    send("stock", StockCountRecord("a-1", "FBA-US", (("available", 40), ("receiving", 60)), TOLD + timedelta(days=5, hours=1)))
    assert held(fba) == {("A", "available"): 40, ("A", "receiving"): 60}
    send("inbound", shipment("received", ("a-1", 100, 98), at=TOLD + timedelta(days=9)))
    send("stock", StockCountRecord("a-1", "FBA-US", (("available", 98), ("receiving", 0)), TOLD + timedelta(days=9, hours=1)))
    assert held(fba) == {("A", "available"): 98}
    assert (Shipment.objects.get().received_on, ShipmentLine.objects.get().received_qty) == (date(2026, 3, 10), 98)
    assert inbound_arrivals() == []
    assert reconcile() == []


def test_i3_every_order_of_arrival_ends_the_same(shop: Shop, fba: Warehouse) -> None:
    """Duplicates, disorder, and two states of one instant."""
    states = [
        shipment("planned"),
        shipment("in_transit", ("a-1", 100, 0), ("b-1", 10, 0), at=TOLD + timedelta(days=1)),
        shipment("in_transit", ("a-1", 90, 0), at=TOLD + timedelta(days=2)),
        shipment("in_transit", ("a-1", 90, 0), ("b-1", 5, 0), at=TOLD + timedelta(days=2)),
    ]
    endings = set()
    for number, order in enumerate(permutations(states)):
        for record in (*order, order[0]):
            ingest_inbound(account=shop.account, shipments=[replace(record, external_id=f"S{number}")])
        made = Shipment.objects.get(code=shipment_code(shop.account, f"S{number}"))
        endings.add((made.status, *made.lines.order_by("sku__code").values_list("sku__code", "shipped_qty", "posted_qty")))
    assert len(endings) == 1
    assert reconcile() == []


def test_a_line_that_is_gone_is_not_under_way_and_one_that_comes_back_is(fba: Warehouse, send: Send) -> None:
    send("inbound", shipment("in_transit", ("a-1", 100, 0), ("b-1", 50, 0)))
    send("inbound", shipment("in_transit", ("a-1", 80, 0), at=TOLD + timedelta(hours=1)))
    assert held(fba) == {("A", "in_transit"): 80}
    send("inbound", shipment("in_transit", ("a-1", 80, 0), ("b-1", 50, 0), at=TOLD + timedelta(hours=2)))
    assert held(fba) == {("A", "in_transit"): 80, ("B", "in_transit"): 50}
    send("inbound", shipment("cancelled", at=TOLD + timedelta(hours=3), lines=()))
    assert held(fba) == {}
    assert Shipment.objects.get().status == "cancelled"
    assert ShipmentLine.objects.count() == 2
    assert reconcile() == []


def test_a_shipment_that_ends_with_nothing_received_brought_nothing(fba: Warehouse, send: Send) -> None:
    send("inbound", shipment())
    send("inbound", shipment("received", at=TOLD + timedelta(days=1)))
    assert ShipmentLine.objects.get().received_qty == 0
    assert held(fba) == {}
    assert reconcile() == []


def test_where_we_count_what_the_platform_receives_is_booked_in(shop: Shop, send: Send) -> None:
    send("inbound", shipment(warehouse="CN1"))
    send("inbound", shipment("receiving", ("a-1", 100, 30), at=TOLD + timedelta(days=1), warehouse="CN1"))
    assert held(shop.warehouse) == {("A", "available"): 30, ("A", "receiving"): 70}
    send("inbound", shipment("received", ("b-1", 5, 0), at=TOLD + timedelta(days=2), warehouse="CN1"))
    # What came in of a line that is gone stays.
    assert held(shop.warehouse) == {("A", "available"): 30}
    assert reconcile() == []


def test_a_code_that_is_linked_to_nothing_holds_up_itself_alone(shop: Shop, fba: Warehouse, send: Send) -> None:
    done = send("inbound", shipment("in_transit", ("a-1", 100, 0), ("new-1", 7, 0)))
    assert done == Applied(quarantined=1)
    assert held(fba) == {("A", "in_transit"): 100}
    assert refused() == {"FBA15X": "unmapped"}
    assert "new-1" in Quarantined.objects.get().message
    assert retry_mended().taken == 0
    shop.listing("new-1", C=2)
    Quarantined.objects.update(next_retry_at=None)
    assert retry_mended().taken == 1
    assert held(fba) == {("A", "in_transit"): 100, ("C", "in_transit"): 14}
    assert refused() == {}


def test_a_set_of_skus_cannot_be_told_apart(shop: Shop, fba: Warehouse, send: Send) -> None:
    shop.listing("set-1", A=1, B=1)
    send("inbound", shipment("in_transit", ("set-1", 100, 0)))
    assert refused() == {"FBA15X": "set"}
    assert Shipment.objects.count() == 0


def test_two_codes_of_one_sku_are_one_line(shop: Shop, fba: Warehouse, send: Send) -> None:
    shop.listing("a-6", A=6)
    send("inbound", shipment("in_transit", ("a-1", 100, 0), ("a-6", 10, 0)))
    assert held(fba) == {("A", "in_transit"): 160}
    assert ShipmentLine.objects.count() == 1


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "NUL in the id": ({"external_id": "a\x00b"}, "malformed"),
    "no id": ({"external_id": ""}, "id"),
    "unknown warehouse": ({"warehouse": "nowhere"}, "unknown_warehouse"),
    "unknown status": ({"status": "lost"}, "status"),
    "the future": ({"updated_at": NOW + timedelta(days=3)}, "future_time"),
    "no time zone": ({"updated_at": datetime(2026, 3, 1)}, "future_time"),  # noqa: DTZ001 - the fault
    "long ago": ({"updated_at": datetime(1970, 1, 1, tzinfo=UTC)}, "early_time"),
    "a day that is none": ({"expected_on": date(9999, 1, 1)}, "day"),
    "a day as text": ({"expected_on": "2026-03-25"}, "malformed"),
    "below zero": ({"lines": (InboundLineRecord("a-1", -5),)}, "quantity"),
    "an absurd number": ({"lines": (InboundLineRecord("a-1", 10**12),)}, "quantity"),
    "no whole number": ({"lines": (InboundLineRecord("a-1", float("nan")),)}, "malformed"),  # type: ignore[arg-type]
    "no number": ({"lines": (InboundLineRecord("a-1", None),)}, "quantity"),  # type: ignore[arg-type]
    "lines that are none": ({"lines": ("a-1",)}, "malformed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_promise_12_a_faulty_shipment_stands_alone_with_its_reason(fba: Warehouse, send: Send, fault: str) -> None:
    changes, code = FAULTS[fault]
    send("inbound", shipment(**changes), shipment("in_transit", ("b-1", 5, 0), external_id="good"))
    assert list(refused().values()) == [code]
    assert held(fba) == {("B", "in_transit"): 5}


def test_the_same_again_and_reprocessing_change_nothing(shop: Shop, fba: Warehouse, send: Send) -> None:
    send("inbound", shipment())
    version = Shipment.objects.get().version
    assert send("inbound", shipment()) == Applied()
    assert reprocess(account=shop.account, since=NOW - timedelta(days=1), until=NOW + timedelta(days=1)) == 1
    assert apply_due() == Applied(applied=1)
    assert Shipment.objects.get().version == version
    assert held(fba) == {("A", "in_transit"): 100}


def test_ids_that_are_too_long_for_a_code_stay_apart(shop: Shop) -> None:
    long = "x" * 119
    codes = {shipment_code(shop.account, long + end) for end in "ab"}
    assert len(codes) == 2
    assert max(map(len, codes)) <= 100


def test_a_listing_that_is_new_is_noted_so_that_it_can_be_linked(fba: Warehouse, send: Send) -> None:
    send("inbound", shipment("in_transit", ("new-9", 1, 0)))
    assert Listing.objects.filter(code="new-9").exists()
