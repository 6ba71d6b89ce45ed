"""What is changed on Amazon, with Amazon's own models as the judge: previews change nothing, and nothing is sent twice (promise 13)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from stockhub.pluginapi.connectors import ConnectorContext, InboundPlanLine, PricePush, PushStatus, ReadRequest, RemovalLine, StockPush
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.writing.removal_report import results_of
from stockhub_amazon.writing.removals import removal_file

pytestmark = pytest.mark.services
CONNECTOR = AmazonConnector()
ADDRESS = {
    "name": "Own Warehouse", "address_line": "1 Harbour Road", "city": "Oakland", "postal_code": "94607", "country_code": "US",
    "phone": "5105550100", "state": "CA",
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(judged: tuple[Fake, str]) -> Fake:
    fake, _judge = judged
    for sku, columns in (("W-OWN", {"fulfilled_by": "MERCHANT", "merchant_qty": 7}), ("W-FBA", {"fulfillable": 40, "unfulfillable": 5})):
        fake.world.add_product(sku, price=Decimal("19.99"), **columns)
    return fake


@pytest.fixture
def context(shop: Fake, judged: tuple[Fake, str]) -> Iterator[ConnectorContext]:
    fake, judge = judged
    config: dict[str, Any] = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": judge, "token_url": f"{fake.base_url}/auth/o2/token", "ship_from": ADDRESS,
    }  # fmt: skip
    yield connector_context(CONNECTOR, config, clock=fake.world.now)
    fake.faults.clear()


def operations(context: ConnectorContext) -> list[str]:
    return list(context.platform.operations())  # type: ignore[attr-defined]


def test_a_quantity_is_previewed_then_set_and_read_back(context: ConnectorContext, shop: Fake) -> None:
    rows = [StockPush("W-OWN", 9, was=7)]
    (preview,) = CONNECTOR.push_stock(rows, "k1", context, preview=True)
    assert (preview.status, shop.world.products["W-OWN"].merchant_qty) == (PushStatus.ACCEPTED, 7)
    assert "mode=VALIDATION_PREVIEW" in context.platform.calls[-1][1].url  # type: ignore[attr-defined]
    (sent,) = CONNECTOR.push_stock(rows, "k1", context, preview=False)
    assert sent.status is PushStatus.ACCEPTED
    assert sent.reference
    shop.world.advance(600)
    (again,) = CONNECTOR.push_stock([StockPush("W-OWN", 9, was=9)], "k2", context, preview=False)
    assert again.status is PushStatus.UNCHANGED
    assert operations(context).count("patchListingsItem") == 2


def test_a_quantity_leaves_the_handling_time_alone(context: ConnectorContext, shop: Fake) -> None:
    """U24: a replacement of the whole attribute would promise the default handling time to every buyer."""
    product = shop.world.add_product("W-SLOW", fulfilled_by="MERCHANT", merchant_qty=5, handling_days=6)
    (sent,) = CONNECTOR.push_stock([StockPush("W-SLOW", 8, was=5)], "k3", context, preview=False)
    shop.world.advance(600)
    records = [r for page in CONNECTOR.read_stock(ReadRequest(codes=("W-SLOW",)), context) for r in page.records]
    assert sent.status is PushStatus.ACCEPTED
    assert [(r.code, r.warehouse, r.quantities) for r in records] == [("W-SLOW", "", (("available", 8),))]
    assert product.handling_days == 6


def test_amazons_own_stock_is_never_set(context: ConnectorContext) -> None:
    (result,) = CONNECTOR.push_stock([StockPush("W-FBA", 9)], "k", context, preview=False)
    assert (result.status, result.code) == (PushStatus.REFUSED, "not_merchant_fulfilled")
    assert "patchListingsItem" not in operations(context)


def test_a_quantity_that_changed_meanwhile_is_not_overwritten(context: ConnectorContext, shop: Fake) -> None:
    shop.world.products["W-OWN"].merchant_qty = 4
    (result,) = CONNECTOR.push_stock([StockPush("W-OWN", 9, was=7)], "k", context, preview=False)
    assert (result.status, result.code) == (PushStatus.REFUSED, "changed_meanwhile")
    assert "shows 4, not 7" in result.message


def test_a_price_is_set_with_its_currency(context: ConnectorContext, shop: Fake) -> None:
    (wrong,) = CONNECTOR.push_prices([PricePush("W-FBA", Decimal("17.50"), "EUR")], "k", context, preview=False)
    assert (wrong.status, wrong.code) == (PushStatus.REFUSED, "currency")
    (sent,) = CONNECTOR.push_prices([PricePush("W-FBA", Decimal("17.50"), "USD")], "k", context, preview=False)
    assert sent.status is PushStatus.ACCEPTED
    shop.world.advance(600)
    (again,) = CONNECTOR.push_prices([PricePush("W-FBA", Decimal("17.50"), "USD")], "k", context, preview=False)
    assert again.status is PushStatus.UNCHANGED


@pytest.mark.parametrize("mode", ["error_500", "empty_200", "garbage"])
def test_an_answer_that_is_lost_leaves_it_unknown(context: ConnectorContext, shop: Fake, mode: str) -> None:
    """Promise 13: nobody says that it failed, nobody sends it again blindly."""
    shop.world.products["W-OWN"].merchant_qty = 7
    shop.faults.add("patchListingsItem", mode)
    (result,) = CONNECTOR.push_stock([StockPush("W-OWN", 3)], "k", context, preview=False)
    assert result.status is PushStatus.UNKNOWN
    assert "read back" in result.message


def test_an_inbound_plan_is_drafted_once(context: ConnectorContext, shop: Fake) -> None:
    lines = [InboundPlanLine("W-FBA", 200)]
    assert CONNECTOR.draft_inbound_plan(lines, "plan-1", context, preview=True).status is PushStatus.ACCEPTED
    assert "createInboundPlan" not in operations(context)
    first = CONNECTOR.draft_inbound_plan(lines, "plan-1", context, preview=False)
    assert first.reference
    shop.world.advance(600)
    second = CONNECTOR.draft_inbound_plan(lines, "plan-1", context, preview=False)
    assert second.reference == first.reference
    assert second.status is PushStatus.APPLIED
    assert operations(context).count("createInboundPlan") == 1


def test_a_plan_without_an_answer_is_not_made_again(context: ConnectorContext, shop: Fake) -> None:
    shop.faults.add("createInboundPlan", "error_500")
    lines = [InboundPlanLine("W-FBA", 10)]
    assert CONNECTOR.draft_inbound_plan(lines, "plan-2", context, preview=False).status is PushStatus.UNKNOWN
    again = CONNECTOR.draft_inbound_plan(lines, "plan-2", context, preview=False)
    assert again.status is PushStatus.UNKNOWN
    assert "See in Seller Central" in again.message
    assert operations(context).count("createInboundPlan") == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "1 to 2000 lines"),
        ([InboundPlanLine("A", 1), InboundPlanLine("A", 2)], "stands in the plan twice"),
        ([InboundPlanLine("A", 0)], "not so: A"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_here(context: ConnectorContext, lines: list[InboundPlanLine], said: str) -> None:
    result = CONNECTOR.draft_inbound_plan(lines, "plan-3", context, preview=False)
    assert result.status is PushStatus.REFUSED
    assert said in result.message


def test_a_removal_is_sent_once_and_its_report_is_read(context: ConnectorContext, shop: Fake) -> None:
    rows = [RemovalLine("W-FBA", 0, 2, "disposal")]
    before = shop.world.products["W-FBA"].unfulfillable
    (preview,) = CONNECTOR.request_removal(rows, "removal-1", context, preview=True)
    assert (preview.status, operations(context)) == (PushStatus.ACCEPTED, [])
    # Past the judge: pre-signed addresses are no part of Amazon's models.
    shop.seen_as = shop.base_url
    (sent,) = CONNECTOR.request_removal(rows, "removal-1", context, preview=False)
    assert sent.status is PushStatus.ACCEPTED
    shop.world.advance(600)
    (done,) = CONNECTOR.request_removal(rows, "removal-1", context, preview=False)
    assert done.status is PushStatus.APPLIED, done
    assert operations(context).count("createFeed") == 1
    assert shop.world.products["W-FBA"].unfulfillable == before - 2


def test_a_removal_that_amazon_refuses_says_why(context: ConnectorContext, shop: Fake) -> None:
    rows = [RemovalLine("NOBODY-KNOWS", 1, 0, "disposal")]
    CONNECTOR.request_removal(rows, "removal-2", context, preview=False)
    shop.world.advance(600)
    (done,) = CONNECTOR.request_removal(rows, "removal-2", context, preview=False)
    assert done.status is PushStatus.REFUSED
    assert done.message


def test_a_removal_that_is_taken_in_part_is_told_row_by_row(context: ConnectorContext, shop: Fake) -> None:
    """Promise 13: what was taken must not be sent again with what was refused."""
    before = shop.world.products["W-FBA"].unfulfillable
    rows = [RemovalLine("NOBODY-KNOWS", 1, 0, "disposal"), RemovalLine("W-FBA", 0, 1, "disposal"), RemovalLine("W-OWN", 5, 0, "disposal")]
    CONNECTOR.request_removal(rows, "removal-4", context, preview=False)
    shop.world.advance(600)
    done = CONNECTOR.request_removal(rows, "removal-4", context, preview=False)
    assert [(r.index, r.status, r.code, r.message) for r in done] == [
        (0, PushStatus.REFUSED, "removal_refused", "8541: The quantity is not there."),
        (1, PushStatus.APPLIED, "", ""),
        (2, PushStatus.REFUSED, "removal_refused", "8541: The quantity is not there."),
    ]
    assert shop.world.products["W-FBA"].unfulfillable == before - 1


_REPORT = (
    "Feed Processing Summary:\r\n\tNumber of records processed\t\t{}\r\n\tNumber of records successful\t\t{}\r\n\r\n"
    "original-record-number\tsku\terror-code\terror-type\terror-message\r\n{}"
)


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("Everything went well.", "does not say how many records"),
        (_REPORT.format(1, 1, ""), "tells of 1 records, 1 of them successful; 2 were sent"),
        (_REPORT.format(2, 1, ""), "counts 1 refused records and names 0"),
        (_REPORT.format(2, 2, "1\tA\t85\tError\tno\r\n"), "counts 0 refused records and names 1"),
        (_REPORT.format(2, 1, "0\tA\t85\tError\tno\r\n"), "names record 0 of 2"),
        (_REPORT.format(2, 1, "2\tA\t85\tError\tno\r\n"), "calls record 2 A, and B was sent there"),
    ],
)
def test_a_removals_report_that_is_not_clear_leaves_all_rows_unknown(report: str, said: str) -> None:
    results = results_of(report, [RemovalLine("A", 1, 0, "disposal"), RemovalLine("B", 1, 0, "disposal")], "F")
    assert [(r.index, r.status, r.code) for r in results] == [(i, PushStatus.UNKNOWN, "unclear_report") for i in (0, 1)]
    assert said in results[0].message


def test_a_warning_in_a_removals_report_refuses_nothing() -> None:
    report = _REPORT.format(2, 1, "1\tA\t12\tWarning\tlate\r\n2\tB\t85\tError\tno\r\n2\tB\t86\tError\tnor that\r\n")
    results = results_of(report, [RemovalLine("A", 1, 0, "disposal"), RemovalLine("B", 1, 0, "disposal")], "F")
    assert [(r.status, r.message) for r in results] == [(PushStatus.APPLIED, ""), (PushStatus.REFUSED, "85: no; 86: nor that")]


def test_the_removal_file_has_amazons_columns_and_an_address_only_for_returns(context: ConnectorContext) -> None:
    rows = [RemovalLine("A", 1, 0, "return"), RemovalLine("B", 0, 3, "liquidation")]
    header, back, sold = removal_file(rows, "R-9", context).split("\r\n")[:3]
    assert header.startswith("MerchantRemovalOrderID\tRemovalDisposition\tMerchantSKU\tSellableQuantity\tUnsellableQuantity\tAddressName")
    assert back == "R-9\tReturn\tA\t1\t0\tOwn Warehouse\t1 Harbour Road\t\t\tOakland\tUS\tCA\t94607\t5105550100\t"
    assert sold == "R-9\tLiquidate\tB\t0\t3" + "\t" * 10


@pytest.mark.parametrize("row", [RemovalLine("A", 0, 0, "disposal"), RemovalLine("A", 1, 0, "burn"), RemovalLine("A\t1", 1, 0, "disposal")])
def test_a_removal_that_cannot_be_is_refused_here(context: ConnectorContext, row: RemovalLine) -> None:
    (result,) = CONNECTOR.request_removal([row], "removal-3", context, preview=False)
    assert result.status is PushStatus.REFUSED
    assert operations(context) == []
