"""Writes whose answer was lost are found again, judged by Amazon's own models; what is not clear is for a person (H82, promise 13)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stockhub.pluginapi.connectors import ConnectorContext, InboundPlanLine, PushStatus, RemovalLine, StockPush
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.writing.inbound_drafts import plan_name

pytestmark = pytest.mark.services
CONNECTOR = AmazonConnector()
ADDRESS = {
    "name": "Own Warehouse", "address_line": "1 Harbour Road", "city": "Oakland", "postal_code": "94607", "country_code": "US",
    "phone": "5105550100", "state": "CA",
}  # fmt: skip
KEY = "0193c1d2-7a3e-7c11-9d5b-3a8f0c2e6b41-0"
LINES = [InboundPlanLine("MUG", 200)]
ROWS = [RemovalLine("MUG", 0, 2, "disposal")]


@pytest.fixture
def shop(judged: tuple[Fake, str]) -> Iterator[Fake]:
    """Minutes after whatever was tried before, with nothing drafted or removed."""
    fake, _judge = judged
    fake.world.add_product("MUG", fulfillable=100, unfulfillable=20)
    fake.world.add_product("OWN", fulfilled_by="MERCHANT", merchant_qty=7)
    fake.world.drafts.clear()
    fake.world.removals.clear()
    fake.reports.reports.clear()
    fake.world.advance(3_600)
    yield fake
    fake.faults.clear()


@pytest.fixture
def context(shop: Fake, judged: tuple[Fake, str]) -> ConnectorContext:
    config: dict[str, Any] = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": judged[1], "token_url": f"{shop.base_url}/auth/o2/token", "ship_from": ADDRESS,
    }  # fmt: skip
    return connector_context(CONNECTOR, config, clock=shop.world.now)


def operations(context: ConnectorContext) -> list[str]:
    return list(context.platform.operations())  # type: ignore[attr-defined]


def lose_the_answer(shop: Fake, operation: str) -> None:
    """Amazon does it, and what comes back cannot be read."""
    shop.faults.add(operation, "half")


def test_h82_a_plan_whose_answer_was_lost_is_found_by_its_name(context: ConnectorContext, shop: Fake) -> None:
    lose_the_answer(shop, "createInboundPlan")
    lost = CONNECTOR.draft_inbound_plan(LINES, KEY, context, preview=False)
    assert (lost.status, len(shop.world.drafts)) == (PushStatus.UNKNOWN, 1)
    assert plan_name(KEY) in lost.message
    found = CONNECTOR.draft_inbound_plan(LINES, KEY, context, preview=False)
    assert (found.status, found.reference) == (PushStatus.APPLIED, next(iter(shop.world.drafts)))
    assert operations(context).count("createInboundPlan") == 1
    assert len(shop.world.drafts) == 1


def test_h82_a_plan_that_is_not_listed_stays_unknown(context: ConnectorContext, shop: Fake) -> None:
    shop.faults.add("createInboundPlan", "error_500")
    for _time in range(3):
        result = CONNECTOR.draft_inbound_plan(LINES, KEY, context, preview=False)
        assert result.status is PushStatus.UNKNOWN
    assert f"Amazon lists 0 plans called {plan_name(KEY)}. See in Seller Central" in result.message
    assert operations(context) == ["createInboundPlan", "listInboundPlans", "listInboundPlans"]


def test_h82_a_plan_that_cannot_be_looked_for_stays_unknown(context: ConnectorContext, shop: Fake) -> None:
    lose_the_answer(shop, "createInboundPlan")
    CONNECTOR.draft_inbound_plan(LINES, KEY, context, preview=False)
    shop.faults.add("listInboundPlans", "error_500")
    result = CONNECTOR.draft_inbound_plan(LINES, KEY, context, preview=False)
    assert result.status is PushStatus.UNKNOWN
    assert "could not be looked for: Amazon answered 500" in result.message
    assert CONNECTOR.draft_inbound_plan(LINES, KEY, context, preview=False).status is PushStatus.APPLIED


def test_every_key_has_a_plan_name_of_its_own_that_amazon_takes() -> None:
    """Rounds of a push differ in the last characters alone."""
    names = [plan_name(key) for key in (KEY, f"{KEY}-r1", f"{KEY}-r2", f"{KEY[:-1]}1", "plan-1")]
    assert len(set(names)) == 5
    assert all(len(name) <= 40 for name in names)
    assert names[-1] == "StockHub plan-1"


def test_h82_a_removal_whose_answer_was_lost_is_accepted_and_then_proved(context: ConnectorContext, shop: Fake) -> None:
    """At once by the only feed of its minutes; for good by its id in the report of removal orders."""
    lose_the_answer(shop, "createFeed")
    (lost,) = CONNECTOR.request_removal(ROWS, KEY, context, preview=False)
    assert lost.status is PushStatus.UNKNOWN
    (likely,) = CONNECTOR.request_removal(ROWS, KEY, context, preview=False)
    assert likely.status is PushStatus.ACCEPTED, likely
    for _minute in range(2):
        shop.world.advance(60)
        (proved,) = CONNECTOR.follow_removal(ROWS, KEY, context)
    assert (proved.status, proved.reference) == (PushStatus.APPLIED, KEY)
    assert operations(context).count("createFeed") == 1
    assert [(row["order-id"], row["requested-quantity"]) for row in shop.world.removals] == [(KEY, "2")]


def test_h82_rows_of_a_likely_removal_that_amazon_refused_are_not_free_yet(context: ConnectorContext, shop: Fake) -> None:
    lose_the_answer(shop, "createFeed")
    rows = [*ROWS, RemovalLine("NOBODY", 1, 0, "disposal")]
    CONNECTOR.request_removal(rows, KEY, context, preview=False)
    results = CONNECTOR.request_removal(rows, KEY, context, preview=False)
    assert [(r.status, r.code) for r in results] == [(PushStatus.ACCEPTED, ""), (PushStatus.UNKNOWN, "removal_refused")]


def test_h82_two_removals_of_the_same_minutes_are_for_a_person(context: ConnectorContext, shop: Fake) -> None:
    """Amazon does not say of which document a feed was made."""
    lose_the_answer(shop, "createFeed")
    CONNECTOR.request_removal(ROWS, KEY, context, preview=False)
    CONNECTOR.request_removal(ROWS, "another-removal", context, preview=False)
    (result,) = CONNECTOR.request_removal(ROWS, KEY, context, preview=False)
    assert result.status is PushStatus.UNKNOWN
    assert "Amazon lists 2 removals of those minutes" in result.message
    assert operations(context).count("createFeed") == 2


def test_h82_a_removal_of_other_rows_is_not_taken_for_ours(context: ConnectorContext, shop: Fake) -> None:
    """Ours never arrived; a person removed something by hand."""
    shop.faults.add("createFeed", "error_500")
    CONNECTOR.request_removal(ROWS, KEY, context, preview=False)
    others = [RemovalLine("MUG", 1, 0, "disposal"), RemovalLine("NOBODY", 1, 0, "disposal")]
    CONNECTOR.request_removal(others, "by-hand", context, preview=False)
    (result,) = CONNECTOR.request_removal(ROWS, KEY, context, preview=False)
    assert (result.status, result.code) == (PushStatus.UNKNOWN, "unclear_report")
    assert "2 records" in result.message


def test_h82_a_quantity_called_again_after_a_sale_is_not_put_back(context: ConnectorContext, shop: Fake) -> None:
    """The same key: what was sold in between stays sold, and the row says so."""
    rows = [StockPush("OWN", 9, was=7)]
    (sent,) = CONNECTOR.push_stock(rows, KEY, context, preview=False)
    assert sent.status is PushStatus.ACCEPTED
    shop.world.advance(600)
    shop.offers.apply_patches()
    shop.world.products["OWN"].merchant_qty -= 1
    (again,) = CONNECTOR.push_stock(rows, KEY, context, preview=False)
    assert (again.status, again.code) == (PushStatus.REFUSED, "changed_meanwhile")
    shop.world.advance(600)
    shop.offers.apply_patches()
    assert shop.world.products["OWN"].merchant_qty == 8


def test_what_is_kept_of_a_write_is_small(context: ConnectorContext, shop: Fake) -> None:
    """Sixteen kilobytes are all that a name may hold."""
    CONNECTOR.draft_inbound_plan([InboundPlanLine("MUG", 1)], KEY, context, preview=False)
    CONNECTOR.request_removal(ROWS, KEY, context, preview=False)
    kept = context.memory.values  # type: ignore[attr-defined]
    assert {name.partition(":")[0] for name in kept} == {"inbound_draft", "removal"}
    assert all(len(json.dumps(value)) < 300 for value in kept.values())
    assert shop.world.drafts
