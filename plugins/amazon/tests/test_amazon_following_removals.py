"""What became of a removal: by its feed, else by Amazon's report of removal orders, with Amazon's models as the judge (promise 13)."""

from __future__ import annotations

from typing import Any

import pytest

from stockhub.pluginapi.connectors import ConnectorContext, PushResult, PushStatus, RemovalLine
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER

pytestmark = pytest.mark.services
CONNECTOR = AmazonConnector()
ROWS = [RemovalLine("R-1", 0, 2, "disposal"), RemovalLine("R-2", 3, 0, "disposal")]


@pytest.fixture
def shop(judged: tuple[Fake, str]) -> Fake:
    fake, _judge = judged
    fake.world.add_product("R-1", fulfillable=40, unfulfillable=5)
    fake.world.add_product("R-2", fulfillable=40)
    # Past the judge: pre-signed addresses are no part of Amazon's models.
    fake.seen_as = fake.base_url
    fake.world.removals.clear()
    fake.reports.reports.clear()
    fake.reports.queue_seconds, fake.reports.progress_seconds = 15.0, 30.0
    fake.writing.feed_seconds = 0.0
    return fake


@pytest.fixture
def context(shop: Fake, judged: tuple[Fake, str]) -> ConnectorContext:
    fake, judge = judged
    config: dict[str, Any] = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": judge, "token_url": f"{fake.base_url}/auth/o2/token",
    }  # fmt: skip
    return connector_context(CONNECTOR, config, clock=fake.world.now)


def follow(context: ConnectorContext, shop: Fake, key: str, rows: list[RemovalLine] | None = None, turns: int = 1) -> list[PushResult]:
    """What it tells after some questions, a minute apart."""
    results: list[PushResult] = []
    for _turn in range(turns):
        shop.world.advance(60)
        results = list(CONNECTOR.follow_removal(rows or ROWS, key, context))
    return results


def statuses(results: list[PushResult]) -> list[PushStatus]:
    return [result.status for result in results]


def sent_feeds(context: ConnectorContext) -> int:
    return list(context.platform.operations()).count("createFeed")  # type: ignore[attr-defined]


def test_a_feed_that_is_worked_on_is_looked_at_until_it_is_done(context: ConnectorContext, shop: Fake) -> None:
    shop.writing.feed_seconds = 150.0
    CONNECTOR.request_removal(ROWS, "F-1", context, preview=False)
    assert statuses(follow(context, shop, "F-1")) == [PushStatus.ACCEPTED] * 2
    assert statuses(follow(context, shop, "F-1", turns=2)) == [PushStatus.APPLIED] * 2
    assert (sent_feeds(context), len(shop.world.removals)) == (1, 2)


def test_13_a_removal_whose_answer_was_lost_is_found_in_the_report_and_not_asked_for_again(context: ConnectorContext, shop: Fake) -> None:
    shop.faults.add("createFeed", "half")
    sent = CONNECTOR.request_removal(ROWS, "F-2", context, preview=False)
    assert statuses(list(sent)) == [PushStatus.UNKNOWN] * 2
    waiting = follow(context, shop, "F-2")
    assert (statuses(waiting), "making its report" in waiting[0].message) == ([PushStatus.UNKNOWN] * 2, True)
    found = follow(context, shop, "F-2")
    assert [(each.status, each.reference) for each in found] == [(PushStatus.APPLIED, "F-2")] * 2
    assert (sent_feeds(context), [row["order-id"] for row in shop.world.removals]) == (1, ["F-2", "F-2"])


def test_13_a_removal_that_never_arrived_stays_unknown_and_a_new_report_is_asked_for_each_time(
    context: ConnectorContext, shop: Fake
) -> None:
    shop.faults.add("createFeed", "error_500")
    CONNECTOR.request_removal(ROWS, "F-3", context, preview=False)
    found = follow(context, shop, "F-3", turns=2)
    assert [(each.status, each.code) for each in found] == [(PushStatus.UNKNOWN, "no_answer")] * 2
    assert "does not name removal F-3 yet" in found[0].message
    follow(context, shop, "F-3", turns=2)
    assert list(context.platform.operations()).count("createReport") == 2  # type: ignore[attr-defined]
    assert (sent_feeds(context), shop.world.removals) == (1, [])


def test_13_a_report_of_the_feed_that_is_not_clear_is_made_up_for_by_the_report_of_orders(context: ConnectorContext, shop: Fake) -> None:
    shop.writing.next_report = "Everything went well."
    CONNECTOR.request_removal(ROWS, "F-4", context, preview=False)
    assert statuses(follow(context, shop, "F-4", turns=2)) == [PushStatus.APPLIED] * 2


def test_13_a_removal_in_part_is_for_a_person(context: ConnectorContext, shop: Fake) -> None:
    shop.writing.next_report = "Everything went well."
    CONNECTOR.request_removal(ROWS, "F-5", context, preview=False)
    shop.world.removals[1]["requested-quantity"] = "1"
    found = follow(context, shop, "F-5", turns=2)
    assert [(each.status, each.code) for each in found] == [(PushStatus.APPLIED, ""), (PushStatus.UNKNOWN, "removal_in_part")]
    assert "names 1 of 3 units of removal F-5" in found[1].message


@pytest.mark.parametrize("end", ["CANCELLED", "FATAL"])
def test_a_feed_that_amazon_ended_is_a_failure_that_says_so(context: ConnectorContext, shop: Fake, end: str) -> None:
    shop.writing.next_end = end
    CONNECTOR.request_removal(ROWS, f"F-{end}", context, preview=False)
    found = follow(context, shop, f"F-{end}")
    assert [(each.status, each.code) for each in found] == [(PushStatus.FAILED, f"feed_{end.lower()}")] * 2
