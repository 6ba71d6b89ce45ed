"""Units that no active offer sells (H16), by Amazon's report of them: beside sell-through and excess, never a reason to lose the ages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, Rejected, UnavailableError, UnreadableAnswerError
from stockhub.pluginapi.testing.connector_context import HandSetClock, connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.reading.stranded import STRANDED

CONNECTOR = AmazonConnector()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(NOW)


@pytest.fixture
def shop(clock: HandSetClock) -> Iterator[Fake]:
    """A lamp of which 12 of 40 units are stranded, and a mug of which none is."""
    with Fake(rates=0) as fake:
        fake.world.now = clock  # type: ignore[method-assign]
        fake.world.monotonic = lambda: clock().timestamp()  # type: ignore[method-assign]
        fake.world.add_product("LAMP", fulfillable=40, stranded=12, ages=[(20, 40)], planned={"sell-through": "0.4"})
        fake.world.add_product("MUG", fulfillable=200, ages=[(20, 200)], planned={"estimated-excess-quantity": "9"})
        yield fake


@pytest.fixture
def context(shop: Fake, clock: HandSetClock) -> ConnectorContext:
    account = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": shop.base_url, "token_url": f"{shop.base_url}/auth/o2/token",
    }  # fmt: skip
    return connector_context(CONNECTOR, account, clock=clock)


def read(context: ConnectorContext, *, is_cut: bool = False) -> list[Page[Any]]:
    """A reading to its end, with its waits; `is_cut`: each page is read by another process, which knows the cursor only."""
    found: list[Page[Any]] = []
    cursor = ""
    for _turn in range(60):
        for page in CONNECTOR.read_ages(ReadRequest(cursor=cursor), context):
            found.append(page)
            cursor = page.cursor
            if page.is_last:
                return found
            if page.again_after is not None:
                assert isinstance(context.now, HandSetClock)
                context.now.move(timedelta(seconds=page.again_after))
            if is_cut or page.again_after is not None:
                break
    raise AssertionError("the reading does not end")


def stranded_of(pages: list[Page[Any]]) -> dict[str, int | None]:
    return {record.code: record.stranded_qty for page in pages for record in page.records}


def rejected_of(pages: list[Page[Any]]) -> list[Rejected]:
    return [each for page in pages for each in page.rejected]


@pytest.mark.parametrize("is_cut", [False, True])
def test_h16_stranded_units_stand_beside_the_other_inputs(context: ConnectorContext, *, is_cut: bool) -> None:
    pages = read(context, is_cut=is_cut)
    told = {r.code: (r.stranded_qty, r.excess_qty, str(r.sell_through)) for page in pages for r in page.records}
    assert told == {"LAMP": (12, None, "0.4"), "MUG": (0, 9, "None")}
    assert rejected_of(pages) == []


def test_h16_amazon_makes_both_reports_at_the_same_time(shop: Fake, context: ConnectorContext) -> None:
    """One wait for both: 45 s each, looked at after 30 s and after 90 s."""
    pages = read(context)
    planning, stranded = shop.reports.reports.values()
    assert (stranded.kind, stranded.created_at) == (STRANDED, planning.created_at)
    assert [page.again_after for page in pages if page.again_after] == [30, 60]
    assert context.now() - NOW == timedelta(seconds=90)
    assert stranded_of(pages) == {"LAMP": 12, "MUG": 0}


def test_h16_nothing_stranded_is_0_where_amazon_cancels_the_empty_report_twice(shop: Fake, context: ConnectorContext) -> None:
    shop.reports.next_faults += ["", "cancelled", "cancelled"]
    pages = read(context, is_cut=True)
    assert (stranded_of(pages), rejected_of(pages)) == ({"LAMP": 0, "MUG": 0}, [])


@pytest.mark.parametrize("fault", ["fatal", "cancelled"])
def test_h16_a_report_that_fails_once_is_asked_for_again_at_once(shop: Fake, context: ConnectorContext, fault: str) -> None:
    shop.reports.next_faults += ["", fault]
    began = context.now()
    assert stranded_of(read(context)) == {"LAMP": 12, "MUG": 0}
    assert context.now() - began < timedelta(minutes=15)


@pytest.mark.parametrize(
    ("faults", "code"),
    [(["fatal", "fatal"], "report_failed"), (["missing_column"], "missing_column"), (["half"], "half_document")],
)
def test_h16_h103_without_the_report_the_ages_come_in_and_stranded_units_are_unknown(
    shop: Fake, context: ConnectorContext, faults: list[str], code: str
) -> None:
    shop.reports.compresses = False
    shop.world.products["LAMP"].title = "A lamp" * 500
    shop.reports.next_faults += ["", *faults]
    pages: list[Page[Any]] = []
    seen: list[str] = []
    cursor = ""
    for _attempt in range(20):
        try:
            for page in CONNECTOR.read_ages(ReadRequest(cursor=cursor), context):
                pages.append(page)
                cursor = page.cursor
                if page.again_after is not None:
                    assert isinstance(context.now, HandSetClock)
                    context.now.move(timedelta(seconds=page.again_after))
                    break
        except UnreadableAnswerError as error:
            # The host goes on from the cursor.
            seen.append(error.code)
        if pages and pages[-1].is_last:
            break
    assert pages[-1].is_last
    assert seen == ([code] if code == "half_document" else []), "a garbled document is fetched once more"
    assert stranded_of(pages) == {"LAMP": None, "MUG": None}
    (told,) = rejected_of(pages)
    assert (told.external_id, told.code) == (STRANDED, code)
    assert told.message.startswith("Stranded units are unknown in this reading. ")
    # The next reading asks anew and knows it again, once Amazon makes another planning report.
    assert isinstance(context.now, HandSetClock)
    context.now.move(timedelta(hours=9))
    assert stranded_of(read(context)) == {"LAMP": 12, "MUG": 0}


def test_h16_an_app_without_the_role_for_the_report_still_reads_ages(shop: Fake, context: ConnectorContext) -> None:
    read(context)
    shop.reports.reports = {key: report for key, report in shop.reports.reports.items() if report.kind != STRANDED}
    shop.faults.add("createReport", "forbidden", 1)
    pages = read(context)
    assert stranded_of(pages) == {"LAMP": None, "MUG": None}
    assert [each.external_id for each in rejected_of(pages)] == [STRANDED]


def test_h103_a_row_that_cannot_be_read_makes_its_sku_unknown_and_no_other(shop: Fake, context: ConnectorContext) -> None:
    shop.world.products["LAMP"].stranded = -3
    pages = read(context)
    assert stranded_of(pages) == {"LAMP": None, "MUG": 0}
    assert [("LAMP" in each.external_id, each.code) for each in rejected_of(pages)] == [(True, "bad_row")]


def test_h16_a_platform_that_is_away_holds_the_reading_up_and_loses_nothing(shop: Fake, context: ConnectorContext) -> None:
    read(context)
    shop.faults.add("getReports", "html_503", 2)
    with pytest.raises(UnavailableError):
        read(context)
    shop.faults.clear()
    assert stranded_of(read(context)) == {"LAMP": 12, "MUG": 0}
