"""How long until an Amazon shop of 3,000 SKUs and 5,000 orders a day is fresh, feed by feed, under Amazon's declared quotas.

The connector reads the made-up Amazon; the clock is moved instead of waited for, by what a limit or a report asks for. No goal: the quotas
are Amazon's. Each feed is timed alone, with full buckets; a call itself takes no time here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, ThrottledError
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.limits import RATE_LIMITS

SKUS, ORDERS, RIVALS = 3_000, 5_000, 100
_MOST_TURNS = 5_000
Read = Callable[[ReadRequest, ConnectorContext], Iterator[Page[Any]]]


@dataclass(slots=True)
class Reading:
    seconds: float = 0.0
    records: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    waited_for: Counter[str] = field(default_factory=Counter)


def run() -> list[dict[str, Any]]:
    connector = AmazonConnector()
    with Fake(rates=0) as fake:
        _fill(fake)
        day = ReadRequest(since=fake.world.now() - timedelta(hours=24))
        feeds: list[tuple[str, Read, ReadRequest]] = [
            ("stock, whole", connector.read_stock, ReadRequest()),
            ("orders of a day, by last change", connector.read_orders, day),
            ("orders of 30 days, by report", connector.read_orders, ReadRequest(since=fake.world.now() - timedelta(days=30))),
            ("returns", connector.read_returns, day),
            ("inbound", connector.read_inbound, ReadRequest()),
            ("ages and surcharges", connector.read_ages, ReadRequest()),
            ("listings", connector.read_listings, ReadRequest()),
            ("fee estimates", connector.read_fees, ReadRequest()),
            (f"signals, {RIVALS} rivals", connector.read_market_signals, ReadRequest()),
        ]
        print(f"{SKUS:,} SKUs, {ORDERS:,} orders a day\n{'feed':<34}{'fresh after':>12}{'records':>9}{'calls':>7}  waited for", flush=True)
        for name, read, request in feeds:
            print(_line(name, timed(fake, read, request)), flush=True)
    for line in impossible():
        print(line, flush=True)
    return []


def timed(fake: Fake, read: Read, request: ReadRequest) -> Reading:
    """A reading as a host makes it, at simulated time."""
    context = connector_context(AmazonConnector(), _account(fake), clock=fake.world.now, keeps_to_limits=True)
    reading = Reading()
    begin = fake.world.now()
    for _turn in range(_MOST_TURNS):
        try:
            for page in read(request, context):
                reading.records += len(page.records)
                request = ReadRequest(cursor=page.cursor)
                if page.is_last:
                    reading.seconds = (fake.world.now() - begin).total_seconds()
                    reading.calls = Counter(context.platform.operations())  # type: ignore[attr-defined]
                    return reading
                if page.again_after is not None:
                    reading.waited_for["the report"] += 1
                    fake.world.advance(page.again_after)
                    break
        except ThrottledError as error:
            reading.waited_for[error.operation] += 1
            fake.world.advance(error.after_seconds or 1.0)
    raise AssertionError(f"the reading does not end: {reading}")


def impossible() -> Iterator[str]:
    """What no arrangement of calls can do."""
    rate = {name: limit.per_second for name, limit in RATE_LIMITS.items()}
    yield "What the quotas make impossible:"
    yield f"  more than {rate['searchOrders'] * 86_400 * 100:,.0f} changed orders a day by searchOrders (100 each); more by report or push"
    yield f"  a change seen by polling sooner than {1 / rate['searchOrders']:.0f} s later; by push, {rate['getOrder'] * 3_600:,.0f} an hour"
    yield f"  prices of {SKUS:,} rivals in less than {SKUS / 20 / rate['getCompetitiveSummary'] / 60:.0f} minutes (20 a call)"
    yield f"  fees of {SKUS:,} offers in less than {SKUS / 20 / rate['getMyFeesEstimates'] / 60:.0f} minutes (20 a call)"
    yield f"  more than {rate['createReport'] * 3_600:.0f} reports an hour, and the planning report more often than every 4 hours"
    yield f"  more than {rate['createFeed'] * 3_600:.0f} removal feeds an hour; one removal request may hold many SKUs"


def _line(name: str, reading: Reading) -> str:
    minutes = f"{reading.seconds / 60:.1f} min" if reading.seconds >= 60 else f"{reading.seconds:.0f} s"
    waited = ", ".join(f"{operation} {times}×" for operation, times in reading.waited_for.most_common(3)) or "nothing"
    return f"{name:<34}{minutes:>12}{reading.records:>9,}{sum(reading.calls.values()):>7,}  {waited}"


def _fill(fake: Fake) -> None:
    world = fake.world
    for number in range(SKUS):
        world.add_product(f"SKU-{number:04d}", fulfillable=50, ages=[(30, 40), (200, 10)])
    for number in range(ORDERS):
        order = world.create_order([(f"SKU-{number % SKUS:04d}", 1)], at=world.now() - timedelta(seconds=60 + 86_000 * number / ORDERS))
        order.updated_at = order.created_at
    for number in range(40):
        world.plan_shipment({f"SKU-{number * 10 + n:04d}": 100 for n in range(10)}, expected_at=world.now() + timedelta(days=9))


def _account(fake: Fake) -> dict[str, Any]:
    rivals = [f"SKU-{number:04d}={product.asin}" for number, product in enumerate(list(fake.world.products.values())[:RIVALS])]
    return {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": fake.base_url, "token_url": f"{fake.base_url}/auth/o2/token", "rivals": rivals,
    }  # fmt: skip
