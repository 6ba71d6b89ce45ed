"""Every answer of the made-up Amazon, judged by Amazon's own models (issue: "both its answers and the connector's requests are judged")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stockhub_amazon.fake.asking import Client, Told
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER

pytestmark = pytest.mark.services
_SINCE = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
_UNTIL = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="module")
def shop(judged: tuple[Fake, str]) -> Fake:
    """Stock, an order in each state, a shipment half received."""
    fake, _judge = judged
    world = fake.world
    world.add_product("MUG", fulfillable=100, unfulfillable=2, rank=4312, ages=[(20, 60), (200, 40)])
    world.add_product("LAMP", fulfilled_by="MERCHANT", merchant_qty=7)
    for _number in range(60):
        world.add_product(f"SKU-{_number:03d}", fulfillable=5)
    for order in (world.create_order([("MUG", 2)]), world.create_order([("LAMP", 1)], fulfilled_by="MERCHANT")):
        world.ship_order(order.order_id)
    world.cancel_order(world.create_order([("MUG", 1)]).order_id)
    world.create_order([("MUG", 1), ("SKU-001", 2)])
    for order in world.orders.values():
        order.created_at = order.updated_at = world.now() - timedelta(hours=1)
    shipment = world.plan_shipment({"MUG": 50}, expected_at=world.now() + timedelta(days=9))
    world.receive(shipment.confirmation_id, "MUG", 20)
    fake.reports.queue_seconds = fake.reports.progress_seconds = 0.0
    return fake


def _good(told: Told, status: int = 200) -> Any:  # noqa: ANN401 - any JSON value
    assert told.status == status, (told.status, told.headers.get("sl-violations", ""), told.body[:500])
    assert "sl-violations" not in told.headers
    return told.json() if told.body else None


def test_stock_is_as_the_model_says(shop: Fake, judged_client: Client) -> None:
    query = {"granularityType": "Marketplace", "granularityId": MARKETPLACE, "marketplaceIds": MARKETPLACE, "details": "true"}
    first = _good(judged_client.get("/fba/inventory/v1/summaries", **query))
    second = _good(judged_client.get("/fba/inventory/v1/summaries", **query, nextToken=first["pagination"]["nextToken"]))
    rows = first["payload"]["inventorySummaries"] + second["payload"]["inventorySummaries"]
    assert [len(first["payload"]["inventorySummaries"]), len(rows)] == [50, 61]
    mug = next(row for row in rows if row["sellerSku"] == "MUG")
    # 100, of them 2 shipped, 1 reserved; 20 of 50 received.
    assert mug["inventoryDetails"]["fulfillableQuantity"] == 117
    assert mug["inventoryDetails"]["reservedQuantity"]["pendingCustomerOrderQuantity"] == 1
    assert mug["inventoryDetails"]["inboundShippedQuantity"] == 30


def test_orders_are_as_the_model_says(shop: Fake, judged_client: Client) -> None:
    orders = _good(judged_client.get("/orders/2026-01-01/orders", lastUpdatedAfter=_SINCE, marketplaceIds=MARKETPLACE))["orders"]
    assert sorted(order["fulfillment"]["fulfillmentStatus"] for order in orders) == ["CANCELLED", "SHIPPED", "SHIPPED", "UNSHIPPED"]
    _good(judged_client.get(f"/orders/2026-01-01/orders/{orders[0]['orderId']}"))


def test_inbound_is_as_both_models_say(shop: Fake, judged_client: Client) -> None:
    query = {"QueryType": "DATE_RANGE", "LastUpdatedAfter": _SINCE, "LastUpdatedBefore": _UNTIL, "MarketplaceId": MARKETPLACE}
    (shipment,) = _good(judged_client.get("/fba/inbound/v0/shipments", **query))["payload"]["ShipmentData"]
    (item,) = _good(judged_client.get("/fba/inbound/v0/shipmentItems", **query))["payload"]["ItemData"]
    assert (item["QuantityShipped"], item["QuantityReceived"]) == (50, 20)
    root = "/inbound/fba/2024-03-20"
    (plan,) = _good(judged_client.get(f"{root}/inboundPlans", sortBy="LAST_UPDATED_TIME"))["inboundPlans"]
    (short,) = _good(judged_client.get(f"{root}/inboundPlans/{plan['inboundPlanId']}"))["shipments"]
    full = _good(judged_client.get(f"{root}/inboundPlans/{plan['inboundPlanId']}/shipments/{short['shipmentId']}"))
    assert full["shipmentConfirmationId"] == shipment["ShipmentId"]
    _good(judged_client.get(f"{root}/inboundPlans/{plan['inboundPlanId']}/shipments/{short['shipmentId']}/items"))


def test_offers_are_as_the_models_say(shop: Fake, judged_client: Client) -> None:
    listings = f"/listings/2021-08-01/items/{SELLER}"
    assert _good(judged_client.get(listings, marketplaceIds=MARKETPLACE, pageSize="20"))["numberOfResults"] == 62
    _good(judged_client.get(f"{listings}/MUG", marketplaceIds=MARKETPLACE, includedData="offers,fulfillmentAvailability,issues"))
    ranks = _good(
        judged_client.get(
            "/catalog/2022-04-01/items",
            marketplaceIds=MARKETPLACE,
            identifiers="B000000001",
            identifiersType="ASIN",
            includedData="salesRanks",
        )
    )
    assert ranks["items"][0]["salesRanks"][0]["displayGroupRanks"][0]["rank"] == 4312
    price = {"ListingPrice": {"CurrencyCode": "USD", "Amount": 20}}
    asked = {"MarketplaceId": MARKETPLACE, "IsAmazonFulfilled": True, "PriceToEstimateFees": price, "Identifier": "1"}
    rows = [{"IdType": "SellerSKU", "IdValue": sku, "FeesEstimateRequest": asked} for sku in ("MUG", "NOBODY")]
    told = _good(judged_client.post("/products/fees/v0/feesEstimate", rows))
    assert [row["Status"] for row in told] == ["Success", "ClientError"]
    request = {
        "asin": "B000000001", "marketplaceId": MARKETPLACE, "method": "GET", "includedData": ["featuredBuyingOptions", "lowestPricedOffers"],
        "uri": "/products/pricing/2022-05-01/items/competitiveSummary",
    }  # fmt: skip
    batch = judged_client.post("/batches/products/pricing/2022-05-01/items/competitiveSummary", {"requests": [request]})
    assert _good(batch)["responses"][0]["status"]["statusCode"] == 200
    _good(judged_client.get("/sellers/v1/marketplaceParticipations"))


def test_reports_are_as_the_model_says(shop: Fake, judged_client: Client) -> None:
    kind = "GET_FBA_INVENTORY_PLANNING_DATA"
    made = _good(judged_client.post("/reports/2021-06-30/reports", {"reportType": kind, "marketplaceIds": [MARKETPLACE]}), 202)
    report = _good(judged_client.get(f"/reports/2021-06-30/reports/{made['reportId']}"))
    assert report["processingStatus"] == "DONE"
    _good(judged_client.get("/reports/2021-06-30/reports", reportTypes=kind, processingStatuses="DONE"))
    document = _good(judged_client.get(f"/reports/2021-06-30/documents/{report['reportDocumentId']}"))
    assert document["compressionAlgorithm"] == "GZIP"


def test_writes_are_as_the_models_say(shop: Fake, judged_client: Client) -> None:
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 9}]
    patch = {"productType": "PRODUCT", "patches": [{"op": "replace", "path": "/attributes/fulfillment_availability", "value": value}]}
    path = f"/listings/2021-08-01/items/{SELLER}/LAMP"
    preview = judged_client.post(path, patch, "PATCH", marketplaceIds=MARKETPLACE, mode="VALIDATION_PREVIEW")
    assert _good(preview)["status"] == "VALID"
    assert _good(judged_client.post(path, patch, "PATCH", marketplaceIds=MARKETPLACE))["status"] == "ACCEPTED"
    item = {"msku": "MUG", "quantity": 5, "labelOwner": "SELLER", "prepOwner": "NONE"}
    address = {"name": "S", "addressLine1": "1", "city": "SZ", "countryCode": "CN", "postalCode": "518000", "phoneNumber": "1"}
    plan = {"destinationMarketplaces": [MARKETPLACE], "items": [item], "sourceAddress": address, "name": "Draft"}
    made = _good(judged_client.post("/inbound/fba/2024-03-20/inboundPlans", plan), 202)
    _good(judged_client.get(f"/inbound/fba/2024-03-20/operations/{made['operationId']}"))
    document = _good(judged_client.post("/feeds/2021-06-30/documents", {"contentType": "text/tab-separated-values; charset=UTF-8"}), 201)
    rows = "MerchantRemovalOrderID\tRemovalDisposition\tMerchantSKU\tSellableQuantity\tUnsellableQuantity\r\nR1\tDisposal\tMUG\t0\t1\r\n"
    # Past the judge: the address is pre-signed and no part of the models.
    shop.writing._uploads[document["feedDocumentId"]] = rows.encode()
    feed = {
        "feedType": "POST_FLAT_FILE_FBA_CREATE_REMOVAL",
        "marketplaceIds": [MARKETPLACE],
        "inputFeedDocumentId": document["feedDocumentId"],
    }
    made = _good(judged_client.post("/feeds/2021-06-30/feeds", feed), 202)
    result = _good(judged_client.get(f"/feeds/2021-06-30/feeds/{made['feedId']}"))["resultFeedDocumentId"]
    _good(judged_client.get(f"/feeds/2021-06-30/documents/{result}"))
    assert shop.world.products["MUG"].unfulfillable == 1


def test_refusals_are_as_the_models_say(shop: Fake, judged_client: Client) -> None:
    query = {"granularityType": "Marketplace", "granularityId": MARKETPLACE, "marketplaceIds": MARKETPLACE}
    for mode, status in (("throttle", 429), ("error_500", 500), ("forbidden", 403)):
        shop.faults.add("getInventorySummaries", mode)
        told = judged_client.get("/fba/inventory/v1/summaries", **query)
        assert told.status == status
        assert told.json()["errors"][0]["code"] in ("QuotaExceeded", "InternalFailure", "Unauthorized")


def test_the_judge_judges(shop: Fake, judged_client: Client) -> None:
    """A check that cannot fail is none: a wrong request and a wrong answer are both caught."""
    wrong = judged_client.get("/fba/inventory/v1/summaries", granularityType="Nope", granularityId="x", marketplaceIds=MARKETPLACE)
    assert wrong.status == 422
    assert b"granularityType" in wrong.body or b"granularitytype" in wrong.body
    shop.faults.add("getInventorySummaries", "renamed")
    query = {"granularityType": "Marketplace", "granularityId": MARKETPLACE, "marketplaceIds": MARKETPLACE}
    bad = judged_client.get("/fba/inventory/v1/summaries", **query)
    assert bad.status == 500
    assert b"inventorySummaries" in bad.body
