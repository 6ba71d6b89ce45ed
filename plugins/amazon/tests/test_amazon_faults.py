"""Promise 12 on every feed: what is read is true, what is not read is an error or set apart, and nothing becomes zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    ConnectorError,
    Page,
    ReadRequest,
    Rejected,
    RequestRefusedError,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER

CONNECTOR = AmazonConnector()
SKUS = 70
Read = Callable[[ReadRequest, ConnectorContext], Iterator[Page[Any]]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A reading, the operation that goes wrong, and what of a record has to be true."""

    read: Read
    operation: str
    told: Callable[[Any], object]
    since_days: int = 0
    #: Whose refusal another feed's data do not stop for: it is set apart, or only dates are missing.
    is_optional: bool = False


def _stock(record: Any) -> object:  # noqa: ANN401 - any record
    return record.code, record.warehouse, record.quantities


def _order(record: Any) -> object:  # noqa: ANN401 - any record
    return record.external_id, record.status, tuple((line.code, line.qty, line.unit_price) for line in record.lines)


def _shipment(record: Any) -> object:  # noqa: ANN401 - any record
    return record.external_id, record.status, record.lines


def _signal(record: Any) -> object:  # noqa: ANN401 - any record
    return record.code, record.kind, record.subject, record.value


FEEDS = {
    "stock": Feed(CONNECTOR.read_stock, "getInventorySummaries", _stock),
    "offers of the stock": Feed(CONNECTOR.read_stock, "searchListingsItems", _stock, is_optional=True),
    "upstream stock": Feed(CONNECTOR.read_stock, "listInventory", _stock),
    "orders": Feed(CONNECTOR.read_orders, "searchOrders", _order, since_days=1),
    "shipments": Feed(CONNECTOR.read_inbound, "getShipments", _shipment),
    "lines of shipments": Feed(CONNECTOR.read_inbound, "getShipmentItems", _shipment),
    "plans": Feed(CONNECTOR.read_inbound, "listInboundPlans", _shipment, is_optional=True),
    "upstream shipments": Feed(CONNECTOR.read_inbound, "listInboundShipments", _shipment),
    "an upstream shipment": Feed(CONNECTOR.read_inbound, "getInboundShipment", _shipment),
    "listings": Feed(CONNECTOR.read_listings, "searchListingsItems", lambda r: (r.code, r.effective_price, r.other_codes)),
    "fees": Feed(CONNECTOR.read_fees, "getMyFeesEstimates", lambda r: (r.code, r.price, r.fees)),
    "ranks of rivals": Feed(CONNECTOR.read_market_signals, "searchCatalogItems", _signal),
    "prices of rivals": Feed(CONNECTOR.read_market_signals, "getCompetitiveSummary", _signal),
}
REFUSALS: dict[str, type[ConnectorError]] = {
    "throttle": ThrottledError, "throttle_bare": ThrottledError, "throttle_seconds": ThrottledError, "throttle_date": ThrottledError,
    "error_500": UnavailableError, "html_503": UnavailableError, "no_answer": UnavailableError, "half": UnavailableError,
    "empty_200": UnreadableAnswerError, "garbage": UnreadableAnswerError, "gzip_bomb": ConnectorError,
    "expired_token": TokenRefusedError, "forbidden": RequestRefusedError,
}  # fmt: skip
CHANGES = ("short_page", "duplicate_rows", "nan", "negative", "future", "renamed")


@pytest.fixture(scope="module")
def here() -> Iterator[Fake]:
    with Fake(rates=0) as fake:
        world = fake.world
        fake.reports.queue_seconds = fake.reports.progress_seconds = 0.0
        for number in range(SKUS):
            world.add_product(f"SKU-{number:02d}", fulfillable=number, ages=[(20, number)], awd_available=100 + number)
        world.add_product("OWN", fulfilled_by="MERCHANT", merchant_qty=7)
        shipped = world.create_order([("SKU-60", 2)], at=world.now() - timedelta(hours=5))
        world.ship_order(shipped.order_id)
        world.create_order([("OWN", 1)], fulfilled_by="MERCHANT", at=world.now() - timedelta(hours=4))
        for order in world.orders.values():
            order.updated_at = world.now() - timedelta(hours=3)
        world.plan_shipment({"SKU-01": 50, "SKU-02": 10}, expected_at=world.now() + timedelta(days=9))
        world.ship_upstream({"SKU-03": 40})
        world.charge_storage("SKU-05", f"{world.now() - timedelta(days=40):%Y-%m}", "12.30")
        world.charge_age("SKU-06", world.now() - timedelta(days=9), 7, "3.50")
        world.return_units(shipped.order_id, "SKU-60", 1)
        yield fake


@pytest.fixture
def context(here: Fake) -> ConnectorContext:
    return fresh(here)


def fresh(here: Fake, **changes: object) -> ConnectorContext:
    here.faults.clear()
    here.pages.repeats = False
    here.reports.next_faults.clear()
    here.reports.reports.clear()
    config = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": here.base_url, "token_url": f"{here.base_url}/auth/o2/token", "awd_warehouse": "AWD",
        "rivals": [f"SKU-01={here.world.products['OWN'].asin}"], **changes,
    }  # fmt: skip
    return connector_context(CONNECTOR, config, clock=here.world.now)


@dataclass(slots=True)
class Outcome:
    pages: list[Page[Any]]
    error: ConnectorError | None
    cursor: str

    @property
    def records(self) -> list[Any]:
        return [record for page in self.pages for record in page.records]

    @property
    def rejected(self) -> list[Any]:
        return [each for page in self.pages for each in page.rejected]

    @property
    def is_finished(self) -> bool:
        return bool(self.pages) and self.pages[-1].is_last


def run(read: Read, context: ConnectorContext, request: ReadRequest, *, most: int = 200) -> Outcome:
    """As a host reads: from cursor to cursor, to the end or to the first error."""
    pages: list[Page[Any]] = []
    cursor = request.cursor
    for _turn in range(60):
        try:
            for page in read(request, context):
                pages.append(page)
                cursor = page.cursor
                if page.is_last or page.again_after is not None or len(pages) > most:
                    break
        except ConnectorError as error:
            return Outcome(pages, error, cursor)
        if pages[-1].is_last or len(pages) > most:
            return Outcome(pages, None, cursor)
        request = ReadRequest(cursor=cursor)
    raise AssertionError("the reading does not end")


def asked(feed: Feed, context: ConnectorContext) -> ReadRequest:
    return ReadRequest(since=context.now() - timedelta(days=feed.since_days)) if feed.since_days else ReadRequest()


@pytest.fixture(scope="module")
def truth(here: Fake) -> dict[str, set[object]]:
    """What each feed tells when nothing is wrong."""
    found = {}
    for name, feed in FEEDS.items():
        context = fresh(here)
        outcome = run(feed.read, context, asked(feed, context))
        assert (outcome.error, outcome.is_finished, bool(outcome.records)) == (None, True, True), name
        found[name] = {feed.told(record) for record in outcome.records}
    return found


@pytest.mark.parametrize("mode", list(REFUSALS))
@pytest.mark.parametrize("name", list(FEEDS))
def test_12_a_refusal_is_an_error_and_never_an_empty_reading(
    here: Fake, context: ConnectorContext, truth: dict[str, set[object]], name: str, mode: str
) -> None:
    feed = FEEDS[name]
    # Twice: a connection that was kept open is tried once more by whoever uses it.
    here.faults.add(feed.operation, mode, 2)
    outcome = run(feed.read, context, asked(feed, context))
    assert {feed.told(record) for record in outcome.records} <= truth[name]
    if outcome.error is not None:
        assert isinstance(outcome.error, REFUSALS[mode])
        assert outcome.pages == [] or not outcome.is_finished
        assert not any(secret in str(outcome.error) for secret in (REFRESH_TOKEN, CLIENT_SECRET))
    else:
        # Nothing is missing, or what is missing is named.
        whole = {feed.told(record) for record in outcome.records} == truth[name]
        assert feed.is_optional or name == "lines of shipments", "the refusal was taken for an answer"
        assert whole or any(each.external_id == feed.operation for each in outcome.rejected)
    here.faults.clear()
    if outcome.error is None:
        return
    # The next attempt goes on from where it was, and all is there.
    again = run(feed.read, context, ReadRequest(cursor=outcome.cursor) if outcome.cursor else asked(feed, context))
    assert (again.error, again.is_finished) == (None, True)
    assert {feed.told(record) for record in (*outcome.records, *again.records)} == truth[name]


@pytest.mark.parametrize("mode", CHANGES)
@pytest.mark.parametrize("name", list(FEEDS))
def test_12_an_answer_that_is_wrong_brings_nothing_that_is_not_true(
    here: Fake, context: ConnectorContext, truth: dict[str, set[object]], name: str, mode: str
) -> None:
    if (name, mode) == ("lines of shipments", "short_page"):
        pytest.skip("lines that Amazon leaves out without a word cannot be seen: neither version counts them")
    feed = FEEDS[name]
    here.faults.add(feed.operation, mode, 1)
    outcome = run(feed.read, context, asked(feed, context))
    found = {feed.told(record) for record in outcome.records}
    assert found <= truth[name]
    if mode in ("nan", "renamed") and outcome.error is None:
        # The field is none that this reading needs, or the dates of plans are all that is missing.
        assert found == truth[name] or outcome.rejected
    if mode == "negative" and outcome.error is None and found != truth[name]:
        assert outcome.rejected
    if mode == "duplicate_rows" and outcome.error is None and not outcome.rejected:
        assert found == truth[name]
    for page in outcome.pages:
        assert page.data_until is None or page.data_until <= context.now() + timedelta(minutes=1)


@pytest.mark.parametrize("name", ["stock", "listings", "fees"])
def test_12_pages_that_lead_in_a_circle_end_the_reading_with_an_error(
    here: Fake, context: ConnectorContext, truth: dict[str, set[object]], name: str
) -> None:
    """The host ends a reading whose cursor comes twice, and a number that grows in the cursor would hide it."""
    feed = FEEDS[name]
    here.pages.repeats = True
    outcome = run(feed.read, context, ReadRequest(), most=60)
    here.pages.repeats = False
    assert isinstance(outcome.error, UnreadableAnswerError)
    assert (outcome.error.code, len(outcome.pages) < 10) == ("cursor_loop", True)
    assert {feed.told(record) for record in outcome.records} <= truth[name]


def test_12_upstream_pages_that_lead_in_a_circle_end_with_an_error(here: Fake, context: ConnectorContext) -> None:
    for number in range(400):
        here.world.add_product(f"AWD-{number:03d}", fulfilled_by="MERCHANT", awd_available=1)
    here.pages.repeats = True
    pages = CONNECTOR.read_stock(ReadRequest(cursor='{"part":"awd"}'), context)
    with pytest.raises(UnreadableAnswerError, match="listInventory names a page again"):
        list(islice(pages, 10))
    here.pages.repeats = False
    for number in range(400):
        del here.world.products[f"AWD-{number:03d}"]


# Reports


REPORTS: dict[str, Feed] = {
    "ages": Feed(CONNECTOR.read_ages, "", lambda r: (r.code, r.brackets)),
    "fee preview": Feed(CONNECTOR.read_fees, "", lambda r: (r.code, r.price, r.fees)),
    "returns": Feed(CONNECTOR.read_returns, "", lambda r: (r.external_id, r.code, r.qty), since_days=2),
    "charges": Feed(CONNECTOR.read_settlements, "", lambda r: (r.external_id, r.amount), since_days=25),
    "orders of the past": Feed(CONNECTOR.read_orders, "", _order, since_days=12),
}


def reading_reports(here: Fake, name: str) -> ConnectorContext:
    return fresh(here, fee_source="preview")


def days_later(here: Fake) -> None:
    """Amazon makes its daily reports anew."""
    here.world.advance(5 * 3_600)


@pytest.mark.parametrize("fault", ["renamed_column", "missing_column", "extra_columns", "half", "fatal", "cancelled"])
@pytest.mark.parametrize("name", list(REPORTS))
def test_12_a_report_that_is_wrong_brings_nothing_untrue_and_the_next_one_brings_it_all(here: Fake, name: str, fault: str) -> None:
    feed = REPORTS[name]
    context = reading_reports(here, name)
    request = asked(feed, context)
    whole = {feed.told(record) for record in run(feed.read, context, request).records}
    assert whole
    context = reading_reports(here, name)
    here.reports.next_faults.append(fault)
    outcome = run(feed.read, context, request)
    found = {feed.told(record) for record in outcome.records}
    assert found <= whole
    if outcome.error is None and not outcome.rejected:
        assert found == whole
    elif outcome.error is not None:
        assert not outcome.is_finished
        assert outcome.error.message
    days_later(here)
    again = run(feed.read, context, ReadRequest(cursor=outcome.cursor) if outcome.cursor else request)
    if fault == "half" and again.error is not None:
        # A document that ended in the middle is fetched once more before another report is asked for.
        again = run(feed.read, context, ReadRequest(cursor=again.cursor))
    assert again.error is None
    assert {feed.told(record) for record in (*outcome.records, *again.records)} >= whole or outcome.rejected


@pytest.mark.parametrize("name", ["ages", "fee preview"])
def test_h103_a_snapshot_with_a_twentieth_of_its_rows_is_refused_whole(here: Fake, name: str) -> None:
    feed = REPORTS[name]
    context = reading_reports(here, name)
    assert run(feed.read, context, ReadRequest()).error is None
    here.reports.reports.clear()
    here.reports.next_faults.append("five_percent")
    outcome = run(feed.read, context, ReadRequest())
    assert isinstance(outcome.error, UnreadableAnswerError)
    assert (outcome.error.code, outcome.records) == ("unreliable_report", [])
    assert "the last good one" in outcome.error.message


@pytest.mark.parametrize("end", ["fatal", "cancelled"])
def test_12_a_report_that_never_works_is_said_to_a_person(here: Fake, end: str) -> None:
    """And the other charges come in."""
    context = reading_reports(here, "charges")
    here.reports.next_faults += [end] * 3
    errors: list[Exception | None] = []
    rejected: list[Rejected] = []
    cursor = ""
    for _attempt in range(4):
        request = ReadRequest(cursor=cursor) if cursor else ReadRequest(since=context.now() - timedelta(days=25))
        outcome = run(CONNECTOR.read_settlements, context, request)
        cursor, rejected = outcome.cursor, [*rejected, *outcome.rejected]
        errors.append(outcome.error)
        if outcome.is_finished:
            break
        here.world.advance(4 * 3_600)
    assert errors[-1] is None
    named = [each.code for each in rejected if each.external_id == "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA"]
    # Amazon cancels a report of charges of which there are none: then nothing is missing.
    assert named == (["report_failed"] if end == "fatal" else [])
    assert datetime.now(UTC) <= context.now()
