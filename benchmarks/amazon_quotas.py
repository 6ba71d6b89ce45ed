"""How long until an Amazon shop of 3,000 SKUs and 5,000 orders a day is fresh, feed by feed, under Amazon's declared quotas.

The connector reads the made-up Amazon, which refuses what goes beyond the quotas; both go by one clock that is moved instead of waited
for, by what a limit or a report asks for. A call itself takes no time here, a report 45 s. Each feed is timed alone with full buckets, then
all of them at once with one set of buckets, as on an account's first day.

Goals: what the quotas bear at the least for the calls that the data need, and a tenth more; reports are looked at after 30 s and then in
growing pauses, so that feeds of reports have 2.2 times that. And no call is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, ThrottledError
from stockhub.pluginapi.testing.connector_context import HandSetClock, connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.limits import RATE_LIMITS

SKUS, ORDERS, RIVALS, DAYS = 3_000, 5_000, 100, 5
REPORT_SECONDS = 45.0
MARGIN, REPORT_MARGIN = 1.1, 2.2
_MOST_TURNS = 20_000
#: After so long every bucket is full again: searchOrders takes an hour.
_REFILL_SECONDS = 3_700
Read = Callable[[ReadRequest, ConnectorContext], Iterator[Page[Any]]]


@dataclass(slots=True)
class Reading:
    """A feed on its way to its last page. `due` is when it goes on; `least` what the quotas and reports take in any case, in seconds."""

    name: str
    read: Read
    request: ReadRequest
    least: float
    due: datetime
    seconds: float | None = None
    records: int = 0
    calls: int = 0
    waited_for: Counter[str] = field(default_factory=Counter)


def run() -> list[dict[str, Any]]:
    with Fake() as fake:
        clock = _clock_of(fake)
        filled_at = clock()
        _fill(fake)
        print(f"{SKUS:,} SKUs, {ORDERS:,} orders a day\n{'feed':<34}{'alone':>10}{'the least':>11}{'records':>9}{'calls':>7}  waited for")
        alone: list[Reading] = []
        for name in [reading.name for reading in feeds_of(fake, filled_at)]:
            clock.move(timedelta(seconds=_REFILL_SECONDS))
            fake.reports.reports.clear()
            one = next(reading for reading in feeds_of(fake, filled_at) if reading.name == name)
            read_all(fake, clock, [one])
            alone.append(one)
            print(_line(one), flush=True)
        clock.move(timedelta(seconds=_REFILL_SECONDS))
        fake.reports.reports.clear()
        together = [reading for reading in feeds_of(fake, filled_at) if not reading.name.startswith("orders of 30")]
        read_all(fake, clock, together)
        refused = sum(fake.quotas.refused.values())
        print(f"refused: {fake.quotas.refused or 'none'}")
    print("all at once: " + ", ".join(f"{reading.name} {_time(reading.seconds or 0.0)}" for reading in together))
    for line in impossible():
        print(line, flush=True)
    whole = max(reading.seconds or 0.0 for reading in together)
    slowest = max(reading.least for reading in together)
    return [
        *(_figure(f"Amazon, {reading.name}", reading.seconds or 0.0, goal_of(reading)) for reading in alone),
        _figure("Amazon, a day's sync at once", whole, slowest * MARGIN),
        {"name": "Amazon, calls beyond the quotas", "value": refused, "goal": 0, "better": "lower", "ok": refused == 0},
    ]


def goal_of(reading: Reading) -> float:
    """Seconds."""
    return reading.least * (REPORT_MARGIN if reading.waited_for["the report"] else MARGIN)


def _figure(name: str, seconds: float, goal: float) -> dict[str, Any]:
    ok = seconds <= goal
    return {
        "name": f"{name}, minutes until fresh",
        "value": round(seconds / 60, 2),
        "goal": round(goal / 60, 2),
        "better": "lower",
        "ok": ok,
    }


def feeds_of(fake: Fake, filled_at: datetime) -> list[Reading]:
    """Every feed with its question, of the time when the shop was filled, and the least time that its data take."""
    connector, now = AmazonConnector(), fake.world.now()
    day, whole = ReadRequest(since=filled_at - timedelta(hours=24)), ReadRequest()
    offers = _calls("searchListingsItems", SKUS / 20)
    table: list[tuple[str, Read, ReadRequest, float]] = [
        ("stock, whole", connector.read_stock, whole, _calls("getInventorySummaries", SKUS / 50) + offers),
        ("orders of a day, by last change", connector.read_orders, day, _calls("searchOrders", ORDERS / 100)),
        ("orders of 30 days, by report", connector.read_orders, ReadRequest(since=filled_at - timedelta(days=30)), 3 * REPORT_SECONDS),
        ("returns", connector.read_returns, day, REPORT_SECONDS),
        ("inbound", connector.read_inbound, whole, 1.0),
        ("ages and surcharges", connector.read_ages, whole, REPORT_SECONDS),
        ("listings", connector.read_listings, whole, offers),
        ("fee estimates", connector.read_fees, whole, _calls("getMyFeesEstimates", SKUS / 20)),
        ("charges of 60 days", connector.read_settlements, ReadRequest(since=filled_at - timedelta(days=60)), 8 * REPORT_SECONDS),
        (f"traffic of {DAYS} days", connector.read_traffic, ReadRequest(since=now - timedelta(days=DAYS + 1)), DAYS * REPORT_SECONDS),
        (
            f"signals, {RIVALS} rivals", connector.read_market_signals, whole,
            REPORT_SECONDS + _calls("getCompetitiveSummary", RIVALS / 20),
        ),
    ]  # fmt: skip
    return [Reading(name, read, request, least, now) for name, read, request, least in table]


def _calls(operation: str, calls: float) -> float:
    """Seconds that so many calls take with a full bucket."""
    limit = RATE_LIMITS[operation]
    return max(0.0, ceil(calls) - limit.burst) / limit.per_second


def _clock_of(fake: Fake) -> HandSetClock:
    """The one clock. With the machine's own the two sides would see a pause end microseconds apart, and a call be refused by luck."""
    clock = HandSetClock(fake.world.now())
    fake.world.now = clock  # type: ignore[method-assign]
    fake.world.monotonic = lambda: clock().timestamp()  # type: ignore[method-assign]
    return clock


def read_all(fake: Fake, clock: HandSetClock, readings: list[Reading]) -> None:
    """Readings as a host makes them, at simulated time: whichever is due goes on, and the clock moves to the next one."""
    context = connector_context(AmazonConnector(), _account(fake), clock=clock, keeps_to_limits=True)
    begin = clock()
    for _turn in range(_MOST_TURNS):
        left = [reading for reading in readings if reading.seconds is None]
        if not left:
            return
        first = min(left, key=lambda reading: reading.due)
        clock.move(max(first.due - clock(), timedelta(0)))
        before = len(context.platform.operations())  # type: ignore[attr-defined]
        wait = _go_on(first, context)
        first.calls += len(context.platform.operations()) - before  # type: ignore[attr-defined]
        if wait is None:
            first.seconds = (clock() - begin).total_seconds()
        else:
            # Rounded up: a clock of microseconds would not move by less than one.
            first.due = clock() + timedelta(milliseconds=ceil(wait * 1_000))
    raise AssertionError(f"the readings do not end: {[reading.name for reading in readings if reading.seconds is None]}")


def _go_on(reading: Reading, context: ConnectorContext) -> float | None:
    """From the reading's cursor to its end, or to where nothing more is to be had for some seconds."""
    try:
        for page in reading.read(reading.request, context):
            reading.records += len(page.records)
            reading.request = ReadRequest(cursor=page.cursor)
            if page.is_last:
                return None
            if page.again_after is not None:
                reading.waited_for["the report"] += 1
                return page.again_after
    except ThrottledError as error:
        reading.waited_for[error.operation] += 1
        return error.after_seconds or 1.0
    return 0.0


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


def _line(reading: Reading) -> str:
    waited = ", ".join(f"{operation} {times}×" for operation, times in reading.waited_for.most_common(3)) or "nothing"
    times = f"{_time(reading.seconds or 0.0):>10}{_time(reading.least):>11}"
    return f"{reading.name:<34}{times}{reading.records:>9,}{reading.calls:>7,}  {waited}"


def _time(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= 60 else f"{seconds:.0f} s"


def _fill(fake: Fake) -> None:
    world = fake.world
    for number in range(SKUS):
        world.add_product(f"SKU-{number:04d}", fulfillable=50, ages=[(30, 40), (200, 10)])
    for number in range(ORDERS):
        order = world.create_order([(f"SKU-{number % SKUS:04d}", 1)], at=world.now() - timedelta(seconds=60 + 86_000 * number / ORDERS))
        order.updated_at = order.created_at
    today = world.now().date()
    for product in world.products.values():
        product.traffic = {today - timedelta(days=days): (10, 20) for days in range(DAYS + 3)}
    for number in range(40):
        world.plan_shipment({f"SKU-{number * 10 + n:04d}": 100 for n in range(10)}, expected_at=world.now() + timedelta(days=9))


def _account(fake: Fake) -> dict[str, Any]:
    rivals = [f"SKU-{number:04d}={product.asin}" for number, product in enumerate(list(fake.world.products.values())[:RIVALS])]
    return {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": fake.base_url, "token_url": f"{fake.base_url}/auth/o2/token", "rivals": rivals,
    }  # fmt: skip
