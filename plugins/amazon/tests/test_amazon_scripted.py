"""What the made-up Amazon does not hold, answered by a script: traffic, AWD, previews of fees, charges, refusals of single calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

import pytest

from stockhub.pluginapi import HttpRequest, HttpResponse
from stockhub.pluginapi.connectors import (
    ConnectorContext,
    Page,
    Platform,
    ReadRequest,
    RequestRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub.pluginapi.testing.connector_context import HandSetClock, connector_context
from stockhub_amazon.connector import AmazonConnector

CONNECTOR = AmazonConnector()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Answers = dict[str, Callable[[dict[str, str], Any], Any]]


class Scripted(Platform):
    """An answer an operation, made of the query and the body. `documents` are what reports come to, by type."""

    def __init__(self, answers: Answers, documents: dict[str, bytes]) -> None:
        self.answers = answers
        self.documents = documents
        self.operations: list[str] = []
        self._types: list[str] = []

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        self.operations.append(operation)
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        body = json.loads(request.body) if request.body else None
        said = self.answers[operation](query, body) if operation in self.answers else self._report(operation, request, body)
        status, answer = said if isinstance(said, tuple) else (200, said)
        return HttpResponse(status, {"content-type": "application/json"}, json.dumps(answer).encode())

    def _report(self, operation: str, request: HttpRequest, body: Any) -> Any:  # noqa: ANN401 - any JSON value
        number = urlsplit(request.url).path.rsplit("/", 1)[-1]
        if operation == "getReports":
            return {"reports": []}
        if operation == "createReport":
            self._types.append(body["reportType"])
            if body["reportType"] not in self.documents:
                return 400, {"errors": [{"code": "InvalidInput", "message": "The report type is not allowed."}]}
            return {"reportId": str(len(self._types) - 1)}
        if operation == "getReportDocument":
            return {"reportDocumentId": number, "url": f"https://store.invalid/{number}"}
        done = {"processingStatus": "DONE", "reportDocumentId": number, "createdTime": "2026-11-20T11:00:00Z"}
        return {"reportId": number, "reportType": self._types[int(number)], **done}

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        into.write(self.documents[self._types[int(request.url.rsplit("/", 1)[-1])]])
        return HttpResponse(200, {"content-type": "text/plain;charset=utf-8"}, b"")

    def token(self) -> str:
        return "token"


def scripted(answers: Answers | None = None, documents: dict[str, bytes] | None = None, **changes: object) -> ConnectorContext:
    config = {
        "lwa_client_id": "a", "lwa_client_secret": "s", "refresh_token": "r", "seller_id": "A1B2C3D4E5", "region": "na",
        "marketplace_ids": ["ATVPDKIKX0DER"], **changes,
    }  # fmt: skip
    context = connector_context(CONNECTOR, config, clock=HandSetClock(NOW), reaches_network=False)
    object.__setattr__(context, "platform", Scripted(answers or {}, documents or {}))
    return context


def whole(read: Callable[[ReadRequest, ConnectorContext], Any], context: ConnectorContext, request: ReadRequest) -> list[Page[Any]]:
    found: list[Page[Any]] = []
    for _turn in range(60):
        for page in read(request, context):
            found.append(page)
            if page.again_after is not None or page.is_last:
                break
        if found[-1].is_last:
            return found
        request = ReadRequest(cursor=found[-1].cursor)
    raise AssertionError("the reading does not end")


# Traffic


def traffic(kit: Path, day: str) -> bytes:
    """Amazon's own example by SKU, of one day."""
    schema = json.loads((kit / "models" / "schemas" / "reports" / "sellerSalesAndTrafficReport.json").read_text())
    example = schema["examples"][0]
    example["reportSpecification"] |= {"dataStartTime": day, "dataEndTime": day}
    return json.dumps(example).encode()


def test_traffic_is_of_one_day_and_by_sku(shared_kit: Path) -> None:
    context = scripted(documents={"GET_SALES_AND_TRAFFIC_REPORT": traffic(shared_kit, "2026-11-18")})
    pages = whole(CONNECTOR.read_traffic, context, ReadRequest(since=datetime(2026, 11, 18, 12, tzinfo=UTC)))
    records = [record for page in pages for record in page.records]
    example = json.loads(traffic(shared_kit, "2026-11-18"))["salesAndTrafficByAsin"]
    assert [(r.code, r.day.isoformat(), r.views, r.visitors) for r in records] == [
        (row["sku"], "2026-11-18", row["trafficByAsin"]["pageViews"], row["trafficByAsin"]["sessions"]) for row in example
    ]
    assert records
    assert json.loads(pages[-1].cursor)["day"] == "2026-11-19"


def test_traffic_of_other_days_is_refused(shared_kit: Path) -> None:
    context = scripted(documents={"GET_SALES_AND_TRAFFIC_REPORT": traffic(shared_kit, "2026-11-02")})
    with pytest.raises(UnreadableAnswerError, match="is of 2026-11-02 to 2026-11-02, not of 2026-11-18"):
        whole(CONNECTOR.read_traffic, context, ReadRequest(since=datetime(2026, 11, 18, 12, tzinfo=UTC)))


# AWD


def test_awd_is_read_after_fba_into_a_warehouse_of_its_own() -> None:
    detail = {"availableDistributableQuantity": 700, "reservedDistributableQuantity": 20, "replenishmentQuantity": 300}
    answers: Answers = {
        "getInventorySummaries": lambda _query, _body: {"payload": {"granularity": {}, "inventorySummaries": []}},
        "searchListingsItems": lambda _query, _body: {"items": []},
        "listInventory": lambda query, _body: (
            {"inventory": [{"sku": "A", "inventoryDetails": detail}], "nextToken": "t"} if "nextToken" not in query
            else {"inventory": [{"sku": "B", "totalOnhandQuantity": 5}, {"sku": "C"}]}
        ),
    }  # fmt: skip
    pages = whole(CONNECTOR.read_stock, scripted(answers, awd_warehouse="AWD"), ReadRequest())
    assert [(r.code, r.warehouse, r.quantities) for page in pages for r in page.records] == [
        ("A", "AWD", (("available", 700), ("reserved", 20))), ("B", "AWD", (("available", 5),)),
    ]  # fmt: skip
    assert [each.external_id for page in pages for each in page.rejected] == ["C"]


@pytest.mark.parametrize("awd", ["", "AWD"])
def test_offers_that_amazon_refuses_stop_no_other_stock(awd: str) -> None:
    denied = (403, {"errors": [{"code": "Unauthorized", "message": "denied"}]})
    row = {"sellerSku": "A", "inventoryDetails": {"fulfillableQuantity": 4}}
    answers: Answers = {
        "getInventorySummaries": lambda _query, _body: {"payload": {"granularity": {}, "inventorySummaries": [row]}},
        "searchListingsItems": lambda _query, _body: denied,
        "listInventory": lambda _query, _body: {"inventory": [{"sku": "B", "totalOnhandQuantity": 5}]},
    }
    pages = whole(CONNECTOR.read_stock, scripted(answers, awd_warehouse=awd), ReadRequest())
    assert [r.code for page in pages for r in page.records] == (["A", "B"] if awd else ["A"])
    assert [(each.external_id, each.code) for page in pages for each in page.rejected] == [("searchListingsItems", "Unauthorized")]


def test_awd_shipments_in_cases_are_set_apart() -> None:
    def shipment(unit: str) -> dict[str, Any]:
        line = {"sku": "A", "expectedQuantity": {"quantity": 40, "unitOfMeasurement": unit}}
        return {"shipmentId": unit, "shipmentStatus": "IN_TRANSIT", "updatedAt": "2026-11-19T00:00:00Z", "shipmentSkuQuantities": [line]}

    listed = [{"shipmentId": unit, "orderId": "o", "shipmentStatus": "IN_TRANSIT"} for unit in ("PRODUCT_UNITS", "CASES")]
    units = iter(("PRODUCT_UNITS", "CASES"))
    answers: Answers = {
        "getShipments": lambda _query, _body: {"payload": {"ShipmentData": []}},
        "getShipmentItems": lambda _query, _body: {"payload": {"ItemData": []}},
        "listInboundPlans": lambda _query, _body: {"inboundPlans": []},
        "listInboundShipments": lambda _query, _body: {"shipments": listed},
        "getInboundShipment": lambda _query, _body: shipment(next(units)),
    }
    pages = whole(CONNECTOR.read_inbound, scripted(answers, awd_warehouse="AWD"), ReadRequest())
    (record,) = [record for page in pages for record in page.records]
    assert (record.warehouse, record.status, record.lines[0].shipped_qty) == ("AWD", "in_transit", 40)
    ((rejected,),) = [page.rejected for page in pages if page.rejected]
    assert "cases or pallets" in rejected.message


# Shipments


def test_a_shipment_of_which_nothing_changed_lately_is_asked_for_itself() -> None:
    """H15: an open shipment without lines would be nothing under way."""
    old = {"ShipmentId": "FBA1", "ShipmentStatus": "SHIPPED", "ShipmentName": "old"}
    answers: Answers = {
        "getShipments": lambda query, _body: {"payload": {"ShipmentData": [old] if query["QueryType"] == "SHIPMENT" else []}},
        "getShipmentItems": lambda _query, _body: {"payload": {"ItemData": []}},
        "getShipmentItemsByShipmentId": lambda _query, _body: {"payload": {"ItemData": [{"SellerSKU": "A", "QuantityShipped": 9}]}},
        "listInboundPlans": lambda _query, _body: {"inboundPlans": []},
    }
    pages = whole(CONNECTOR.read_inbound, scripted(answers), ReadRequest())
    (record,) = [record for page in pages for record in page.records]
    assert [(line.code, line.shipped_qty, line.received_qty) for line in record.lines] == [("A", 9, 0)]


def inbound_of(first: dict[str, Any], pages: dict[str, dict[str, Any]], status: str = "SHIPPED") -> list[Page[Any]]:
    """A reading of one shipment, whose lines begin with `first` and go on by token."""
    shipment = {"ShipmentId": "FBA1", "ShipmentStatus": status, "ShipmentName": "large"}
    answers: Answers = {
        "getShipments": lambda query, _body: {"payload": {"ShipmentData": [shipment] if query["QueryType"] == "SHIPMENT" else []}},
        "getShipmentItems": lambda query, _body: {"payload": pages[query["NextToken"]] if "NextToken" in query else {"ItemData": []}},
        "getShipmentItemsByShipmentId": lambda _query, _body: {"payload": first},
        "listInboundPlans": lambda _query, _body: {"inboundPlans": []},
    }
    return whole(CONNECTOR.read_inbound, scripted(answers), ReadRequest())


def inbound_line(sku: str, **changes: str) -> dict[str, Any]:
    return {"ShipmentId": "FBA1", "SellerSKU": sku, "QuantityShipped": 9, **changes}


def test_all_pages_of_a_large_shipments_lines_are_read() -> None:
    """H15: lines of the second page would no more be under way."""
    further: dict[str, dict[str, Any]] = {
        "t1": {"ItemData": [inbound_line("B")], "NextToken": "t2"},
        "t2": {"ItemData": [inbound_line("C")]},
    }
    pages = inbound_of({"ItemData": [inbound_line("A")], "NextToken": "t1"}, further)
    (record,) = [record for page in pages for record in page.records]
    assert [(line.code, line.shipped_qty) for line in record.lines] == [("A", 9), ("B", 9), ("C", 9)]


@pytest.mark.parametrize(
    ("first", "further", "said"),
    [
        ({"ItemData": []}, {}, "names no line of a shipment that is under way"),
        (
            {"ItemData": [inbound_line("A")], "NextToken": "t"},
            {"ItemData": [inbound_line("B", ShipmentId="FBA2")]},
            "is another shipment's",
        ),
        ({"ItemData": [inbound_line("A")], "NextToken": "t"}, {"ItemData": [], "NextToken": "t"}, "do not end after 200 pages"),
    ],
)
def test_a_shipment_whose_lines_are_not_whole_is_set_apart(first: dict[str, Any], further: dict[str, Any], said: str) -> None:
    pages = inbound_of(first, {"t": further}, "RECEIVING")
    assert [record for page in pages for record in page.records] == []
    ((rejected,),) = [page.rejected for page in pages if page.rejected]
    assert (rejected.external_id, said in rejected.message) == ("FBA1", True)


def test_a_planned_shipment_without_lines_is_one() -> None:
    (record,) = [record for page in inbound_of({"ItemData": []}, {}, "WORKING") for record in page.records]
    assert (record.status, record.lines) == ("planned", ())


def test_pages_of_shipments_ask_on_by_token() -> None:
    """With the first question's type, Amazon gives the first page for ever."""
    asked: list[str] = []

    def shipments(query: dict[str, str], _body: Any) -> Any:  # noqa: ANN401 - any JSON value
        asked.append(query["QueryType"])
        return {"payload": {"ShipmentData": [], "NextToken": "more"}} if asked == ["SHIPMENT"] else {"payload": {"ShipmentData": []}}

    answers: Answers = {
        "getShipments": shipments,
        "getShipmentItems": lambda _query, _body: {"payload": {"ItemData": []}},
        "listInboundPlans": lambda _query, _body: {"inboundPlans": []},
    }
    whole(CONNECTOR.read_inbound, scripted(answers), ReadRequest())
    assert asked == ["SHIPMENT", "NEXT_TOKEN", "DATE_RANGE"]


# Fees and charges


def test_the_preview_report_tells_fees_and_leaves_out_what_it_does_not_know() -> None:
    body = (
        b"sku\tcurrency\tyour-price\tsales-price\testimated-referral-fee-per-unit\testimated-variable-closing-fee\texpected-fulfillment-fee-per-unit\r\n"
        b"A\tUSD\t20.00\t18.00\t2.70\t--\t3.86\r\nB\tUSD\t10.00\t\t--\t--\t--\r\n"
    )
    context = scripted(documents={"GET_FBA_ESTIMATED_FBA_FEES_TXT_DATA": body}, fee_source="preview")
    pages = whole(CONNECTOR.read_fees, context, ReadRequest())
    (record,) = [record for page in pages for record in page.records]
    assert (record.price, record.fees) == (Decimal("18.00"), (("ReferralFee", Decimal("2.70")), ("FBAFees", Decimal("3.86"))))
    assert [each.external_id for page in pages for each in page.rejected] == ["row 2 B"]


def test_charges_are_of_what_they_are_for_and_a_refused_report_stops_no_other() -> None:
    """H52: what was really charged wins over estimates."""
    aged = (
        b"snapshot-date\tsku\tcurrency\tqty-charged\tamount-charged\tsurcharge-age-tier\r\n"
        b"2026-11-15T00:00:00-08:00\tA\tUSD\t40\t75.84\t456+ days\r\n"
    )
    removals = (
        b"request-date\torder-id\torder-type\torder-status\tlast-updated-date\tsku\tdisposition\trequested-quantity\tcancelled-quantity\t"
        b"disposed-quantity\tshipped-quantity\tin-process-quantity\tremoval-fee\tcurrency\r\n"
        b"2026-11-12T08:00:00+00:00\tR1\tDisposal\tCompleted\t2026-11-20T02:00:00+00:00\tA\tSellable\t40\t0\t40\t0\t0\t24.40\tUSD\r\n"
    )
    documents = {"GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA": aged, "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA": removals}
    pages = whole(CONNECTOR.read_settlements, scripted(documents=documents), ReadRequest(since=NOW - timedelta(days=5)))
    charges = [(c.fee, c.code, c.amount, c.qty) for page in pages for c in page.records]
    assert charges == [("aged_inventory_surcharge", "A", Decimal("75.84"), 40), ("removal", "A", Decimal("24.40"), 40)]
    assert [each.external_id for page in pages for each in page.rejected] == ["GET_FBA_STORAGE_FEE_CHARGES_DATA"]
    again = whole(CONNECTOR.read_settlements, scripted(documents=documents), ReadRequest(cursor=pages[-1].cursor))
    assert [page.records for page in again if page.records] == []


# Orders


def order(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    item = {"orderItemId": "1", "quantityOrdered": 2, "product": {"sellerSku": "A"}}
    times = {"createdTime": "2026-11-20T10:00:00Z", "lastUpdatedTime": "2026-11-20T10:00:00Z"}
    return {
        "orderId": "O",
        **times,
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER"},
        "orderItems": [item],
        **changes,
    }


def test_orders_go_on_without_the_details_that_amazon_refuses() -> None:
    """And what Amazon ships itself still reserves nothing: it is asked for by who ships."""

    def search(query: dict[str, str], _body: Any) -> Any:  # noqa: ANN401 - any JSON value
        if "FULFILLMENT" in query["includedData"]:
            return 400, {"errors": [{"code": "InvalidInput", "message": "includedData"}]}
        return {"orders": [order(orderId=query["fulfilledBy"])], "lastUpdatedBefore": "2026-11-20T11:57:00Z"}

    pages = whole(CONNECTOR.read_orders, scripted({"searchOrders": search}), ReadRequest(since=NOW - timedelta(hours=1)))
    orders = {o.external_id: o for page in pages for o in page.records}
    assert {name: (o.fulfilled_by, o.status) for name, o in orders.items()} == {
        "AMAZON": ("platform", "created"), "MERCHANT": ("merchant", "created")
    }  # fmt: skip
    assert orders["AMAZON"].lines[0].unit_price is None
    assert orders["AMAZON"].currency == "USD"


def refusing(*, details: bool) -> Callable[[dict[str, str], Any], Any]:
    """An Amazon that refuses every page token, and FULFILLMENT where `details` says so."""

    def search(query: dict[str, str], _body: Any) -> Any:  # noqa: ANN401 - any JSON value
        if "paginationToken" in query or (details and "FULFILLMENT" in query["includedData"]):
            return 400, {"errors": [{"code": "InvalidInput", "message": "Not valid."}]}
        told = {} if details else {"fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": query.get("fulfilledBy", "MERCHANT")}}
        return {"orders": [order(orderId=query.get("fulfilledBy", "ALL"), **told)], "lastUpdatedBefore": "2026-11-20T11:57:00Z"}

    return search


def test_an_order_whose_state_is_refused_never_goes_back_and_is_read_again_until_it_is_told() -> None:
    """U24: a shipped order that became created again would reserve what has left, for ever."""
    since = NOW - timedelta(hours=1)
    pages = whole(CONNECTOR.read_orders, scripted({"searchOrders": refusing(details=True)}), ReadRequest(since=since))
    assert [(o.external_id, o.version) for page in pages for o in page.records] == [("AMAZON", 0), ("MERCHANT", 0)]
    assert (pages[-1].data_until, json.loads(pages[-1].cursor)) == (since, {"until": since.isoformat()})
    (healed,) = whole(CONNECTOR.read_orders, scripted({"searchOrders": refusing(details=False)}), ReadRequest(cursor=pages[-1].cursor))
    assert [(o.status, o.version > 0) for o in healed.records] == [("shipped", True)]
    assert healed.data_until == datetime(2026, 11, 20, 11, 57, tzinfo=UTC)


@pytest.mark.parametrize("by", ["", "AMAZON", "MERCHANT"])
def test_a_page_token_that_has_ended_begins_the_span_anew_with_all_details(by: str) -> None:
    since = (NOW - timedelta(days=3)).isoformat()
    cursor = json.dumps({"until": since, "before": "2026-11-18T12:00:00Z", "token": "ended", "by": by})
    context = scripted({"searchOrders": refusing(details=False)})
    (page,) = whole(CONNECTOR.read_orders, context, ReadRequest(cursor=cursor))
    assert [(o.external_id, o.status) for o in page.records] == [("ALL", "shipped")]
    assert page.data_until == datetime(2026, 11, 20, 11, 57, tzinfo=UTC)
    assert context.platform.operations == ["searchOrders"] * 2  # type: ignore[attr-defined]


def test_page_tokens_that_are_always_refused_end_the_reading_with_an_error() -> None:
    def search(query: dict[str, str], _body: Any) -> Any:  # noqa: ANN401 - any JSON value
        if "paginationToken" in query:
            return 400, {"errors": [{"code": "InvalidInput", "message": "Not valid."}]}
        return {"orders": [], "pagination": {"nextToken": "t"}}

    with pytest.raises(UnavailableError, match="refuses the pages that it names itself"):
        whole(CONNECTOR.read_orders, scripted({"searchOrders": search}), ReadRequest(since=NOW - timedelta(hours=1)))


def test_an_order_of_an_unknown_status_or_without_one_is_set_apart() -> None:
    rows = [order(orderId="X", fulfillment={"fulfillmentStatus": "TELEPORTED"}), order(orderId="Y"),
            order(orderId="Z", fulfillment={"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"})]  # fmt: skip
    answers: Answers = {"searchOrders": lambda _query, _body: {"orders": rows}}
    (page,) = whole(CONNECTOR.read_orders, scripted(answers), ReadRequest(since=NOW - timedelta(hours=1)))
    assert [o.external_id for o in page.records] == ["Z"]
    assert [each.external_id for each in page.rejected] == ["X", "Y"]


def test_an_order_that_stands_for_another_is_no_demand() -> None:
    replacement = order(
        fulfillment={"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        associatedOrders=[{"orderId": "P", "associationType": "REPLACEMENT_ORIGINAL_ID"}],
    )
    answers: Answers = {"searchOrders": lambda _query, _body: {"orders": [replacement]}}
    (page,) = whole(CONNECTOR.read_orders, scripted(answers), ReadRequest(since=NOW - timedelta(hours=1)))
    assert page.records[0].kind == "replacement"


def test_a_refusal_that_is_not_about_details_is_one() -> None:
    answers: Answers = {"searchOrders": lambda _query, _body: (403, {"errors": [{"code": "Unauthorized", "message": "denied"}]})}
    with pytest.raises(RequestRefusedError, match="role that it needs"):
        whole(CONNECTOR.read_orders, scripted(answers), ReadRequest(since=NOW))
