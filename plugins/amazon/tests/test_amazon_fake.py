"""The made-up Amazon behaves as the real one is known to: tokens, quotas, pages, report states, stock that moves, faults."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import pytest

from stockhub_amazon.fake.asking import Client
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER

_STOCK = {"granularityType": "Marketplace", "granularityId": MARKETPLACE, "marketplaceIds": MARKETPLACE, "details": "true"}


def _stock(client: Client, sku: str) -> dict[str, Any]:
    told = client.get("/fba/inventory/v1/summaries", **_STOCK, sellerSkus=sku)
    assert told.status == 200
    (row,) = told.json()["payload"]["inventorySummaries"]
    details: dict[str, Any] = row["inventoryDetails"]
    return details


def _report(client: Client, amazon: Fake, kind: str, **options: str) -> tuple[str, str]:
    """The state in which a report ends, and its text."""
    made = client.post("/reports/2021-06-30/reports", {"reportType": kind, "marketplaceIds": [MARKETPLACE], **options})
    assert made.status == 202, made.body
    amazon.world.advance(60)
    report = client.get(f"/reports/2021-06-30/reports/{made.json()['reportId']}").json()
    if report["processingStatus"] != "DONE":
        return report["processingStatus"], ""
    url = client.get(f"/reports/2021-06-30/documents/{report['reportDocumentId']}").json()["url"]
    told = client.get(url.removeprefix(amazon.base_url))
    assert told.status == 200
    return "DONE", gzip.decompress(told.body).decode()


def test_a_token_lasts_an_hour_and_a_revoked_seller_gets_none(amazon: Fake, client: Client) -> None:
    assert client.get("/sellers/v1/marketplaceParticipations").status == 200
    amazon.world.advance(3_601)
    told = client.get("/sellers/v1/marketplaceParticipations")
    assert (told.status, told.json()["errors"][0]["code"]) == (403, "Unauthorized")
    amazon.login.is_revoked = True
    with pytest.raises(KeyError):
        Client.of(amazon.base_url, amazon.base_url)


def test_one_call_in_179_seconds_is_one_of_the_quotas() -> None:
    with Fake() as fake:
        for _call in range(20):
            assert fake.quotas.take("searchOrders")
        assert not fake.quotas.take("searchOrders")
        fake.world.advance(170)
        assert not fake.quotas.take("searchOrders")
        fake.world.advance(10)
        assert fake.quotas.take("searchOrders")
        assert (fake.quotas.calls["searchOrders"], fake.quotas.refused["searchOrders"]) == (23, 2)


def test_stock_moves_with_orders_shipments_and_returns(amazon: Fake, client: Client) -> None:
    amazon.world.add_product("MUG", fulfillable=10)
    order = amazon.world.create_order([("MUG", 3)])
    assert _stock(client, "MUG")["fulfillableQuantity"] == 7
    assert _stock(client, "MUG")["reservedQuantity"]["pendingCustomerOrderQuantity"] == 3
    amazon.world.ship_order(order.order_id)
    assert _stock(client, "MUG")["reservedQuantity"]["totalReservedQuantity"] == 0
    amazon.world.return_units(order.order_id, "MUG", 1, "CUSTOMER_DAMAGED")
    assert _stock(client, "MUG")["unfulfillableQuantity"]["totalUnfulfillableQuantity"] == 1
    shipment = amazon.world.plan_shipment({"MUG": 20})
    assert _stock(client, "MUG")["inboundShippedQuantity"] == 20
    amazon.world.receive(shipment.confirmation_id, "MUG", 20)
    assert (_stock(client, "MUG")["fulfillableQuantity"], amazon.world.shipments[shipment.confirmation_id].status) == (27, "CLOSED")


def test_a_page_token_ends_after_half_a_minute_and_belongs_to_its_query(amazon: Fake, client: Client) -> None:
    for number in range(60):
        amazon.world.add_product(f"SKU-{number}", fulfillable=1)
    token = client.get("/fba/inventory/v1/summaries", **_STOCK).json()["pagination"]["nextToken"]
    other = client.get("/fba/inventory/v1/summaries", **_STOCK, startDateTime="2020-01-01T00:00:00Z", nextToken=token)
    assert other.status == 400
    amazon.world.advance(31)
    assert client.get("/fba/inventory/v1/summaries", **_STOCK, nextToken=token).status == 400


def test_a_report_is_prepared_and_a_daily_one_asked_for_too_soon_is_cancelled(amazon: Fake, client: Client) -> None:
    amazon.world.add_product("MUG", fulfillable=10, title='Mug 12" "Grip"', ages=[(200, 4), (10, 6)])
    kind = "GET_FBA_INVENTORY_PLANNING_DATA"
    made = client.post("/reports/2021-06-30/reports", {"reportType": kind, "marketplaceIds": [MARKETPLACE]}).json()
    path = f"/reports/2021-06-30/reports/{made['reportId']}"
    assert client.get(path).json()["processingStatus"] == "IN_QUEUE"
    amazon.world.advance(16)
    assert client.get(path).json()["processingStatus"] == "IN_PROGRESS"
    amazon.world.advance(31)
    assert client.get(path).json()["processingStatus"] == "DONE"
    assert _report(client, amazon, kind)[0] == "CANCELLED"
    amazon.world.advance(4 * 3_600)
    state, text = _report(Client.of(amazon.base_url, amazon.base_url), amazon, kind)
    (row,) = csv.DictReader(io.StringIO(text), dialect="excel-tab", quoting=csv.QUOTE_NONE)
    assert (state, row["product-name"]) == ("DONE", 'Mug 12" "Grip"')
    assert (row["inv-age-0-to-90-days"], row["inv-age-181-to-270-days"], row["estimated-ais-181-210-days"]) == ("6", "4", "1.20")


@pytest.mark.parametrize(("fault", "state"), [("fatal", "FATAL"), ("cancelled", "CANCELLED")])
def test_a_report_can_end_otherwise(amazon: Fake, client: Client, fault: str, state: str) -> None:
    amazon.reports.next_faults.append(fault)
    assert _report(client, amazon, "GET_FBA_INVENTORY_PLANNING_DATA")[0] == state


def test_a_report_with_a_twentieth_of_its_rows(amazon: Fake, client: Client) -> None:
    for number in range(100):
        amazon.world.add_product(f"SKU-{number}", fulfillable=1)
    amazon.reports.next_faults.append("five_percent")
    assert len(_report(client, amazon, "GET_FBA_INVENTORY_PLANNING_DATA")[1].splitlines()) == 6


def test_the_ledger_report_is_quoted_and_keeps_equal_rows(amazon: Fake, client: Client) -> None:
    amazon.world.add_product("MUG", fulfillable=10)
    for _order in range(2):
        amazon.world.ship_order(amazon.world.create_order([("MUG", 1)]).order_id)
    lines = _report(client, amazon, "GET_LEDGER_DETAIL_VIEW_DATA")[1].splitlines()
    assert all(line.startswith('"') and line.endswith('"') for line in lines)
    rows = list(csv.DictReader(lines, delimiter="\t"))
    assert [(row["Event Type"], row["Quantity"]) for row in rows] == [("Shipments", "-1")] * 2


def test_a_patch_is_accepted_at_once_and_done_minutes_later(amazon: Fake, client: Client) -> None:
    amazon.world.add_product("LAMP", fulfilled_by="MERCHANT", merchant_qty=7)
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 9}]
    patch = {"productType": "PRODUCT", "patches": [{"op": "replace", "path": "/attributes/fulfillment_availability", "value": value}]}
    path = f"/listings/2021-08-01/items/{SELLER}/LAMP"
    assert client.post(path, patch, "PATCH", marketplaceIds=MARKETPLACE).json()["status"] == "ACCEPTED"

    def shown() -> int:
        (channel,) = client.get(path, marketplaceIds=MARKETPLACE).json()["fulfillmentAvailability"]
        return int(channel["quantity"])

    assert shown() == 7
    amazon.world.advance(121)
    assert shown() == 9


def test_faults_come_as_often_as_they_were_asked_for(amazon: Fake, client: Client) -> None:
    amazon.world.add_product("MUG", fulfillable=10)
    for mode, status in (("throttle_bare", 429), ("throttle_seconds", 429), ("throttle_date", 429), ("html_503", 503), ("empty_200", 200)):
        amazon.faults.add("getInventorySummaries", mode)
        assert client.get("/fba/inventory/v1/summaries", **_STOCK).status == status
    amazon.faults.add("getInventorySummaries", "nan")
    assert b"NaN" in client.get("/fba/inventory/v1/summaries", **_STOCK).body
    for mode in ("no_answer", "half"):
        amazon.faults.add("getInventorySummaries", mode)
        with pytest.raises(Exception, match=r"closed connection|IncompleteRead"):
            client.get("/fba/inventory/v1/summaries", **_STOCK)
    assert client.get("/fba/inventory/v1/summaries", **_STOCK).status == 200


def test_the_world_is_moved_from_outside(amazon: Fake, client: Client) -> None:
    """The demo and the tests of the host reach it over HTTP alone."""
    made = client.post("/_control/products", {"products": [{"sku": "MUG", "fulfillable": 5, "price": "9.90"}]})
    assert made.json() == {"products": 1}
    (order_id,) = client.post("/_control/order", {"lines": [["MUG", 2]]}).json()["order_ids"]
    message = client.post("/_control/notify", {"order_id": order_id}).json()
    assert message["NotificationType"] == "ORDER_CHANGE"
    assert json.loads(json.dumps(message))["Payload"]["OrderChangeNotification"]["AmazonOrderId"] == order_id
    assert _stock(client, "MUG")["fulfillableQuantity"] == 3
    assert client.post("/_control/nothing", {}).status == 404
    assert client.post("/_control/fault", {"mode": "unheard"}).status == 400
