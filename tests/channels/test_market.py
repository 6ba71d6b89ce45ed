"""Observations of rivals: only added, each fact once, and what they amount to (H41)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from stockhub.catalog.models import Sku
from stockhub.channels.feeds.staleness import stopped_feeds
from stockhub.channels.market import MarketRecord, record_market
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.channels.models import Feed
from stockhub.core import clock
from tests.worlds import DAY, NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def told(*rows: MarketRecord) -> list[str]:
    with clock.at(NOW):
        return [result.error.code if result.error else str(result.status) for result in record_market(rows)]


def seen(back: int, rival: str = "R1", **figures: Any) -> MarketRecord:  # noqa: ANN401 - figures of several types
    row = MarketRecord(account="dy", sku="POT", rival=rival, observed_on=DAY - timedelta(days=back), source="tool")
    return replace(row, **figures)


def trend(sku: Sku) -> tuple[object, ...]:
    found = MarketTrend.objects.get(sku=sku)
    return found.rivals, found.rank_change, found.sales_change, found.review_change


def test_a_trend_compares_the_last_thirty_days_with_the_thirty_before(world: World) -> None:
    sku = world.sku("POT")
    rows = [seen(back, sales_rank=200 if back < 30 else 100, monthly_sales=30.0 if back < 30 else 40.0) for back in (59, 30, 29, 0)]
    assert told(*rows, seen(60, sales_rank=1)) == ["created"] * 5
    assert trend(sku) == (1, 1.0, -0.25, None)


def test_of_several_rivals_the_one_in_the_middle_speaks_and_one_without_a_past_does_not(world: World) -> None:
    sku = world.sku("POT")
    rows = [
        seen(back, rival, sales_rank=rank if back == 0 else 100) for rival, rank in (("A", 90), ("B", 120), ("C", 900)) for back in (40, 0)
    ]
    assert told(*rows, seen(0, "D", sales_rank=5)) == ["created"] * 7
    assert trend(sku) == (4, pytest.approx(0.2), None, None)


def test_new_reviews_a_day_from_a_total_that_only_grows(world: World) -> None:
    sku = world.sku("POT")
    # Two a day up to the last sight of the older days, and one a day since.
    totals = {50: 1000, 40: 1020, 30: 1040, 10: 1060, 0: 1070}
    assert told(*[seen(back, reviews=total) for back, total in totals.items()]) == ["created"] * 5
    assert trend(sku) == (1, None, None, -0.5)


def test_the_same_fact_is_one_row_and_never_changed(world: World) -> None:
    world.sku("POT")
    assert told(seen(3, sales_rank=9), seen(3, sales_rank=9)) == ["created", "unchanged"]
    assert told(seen(3, sales_rank=7)) == ["unchanged"]
    assert MarketObservation.objects.get().sales_rank == 9
    assert told(replace(seen(3, sales_rank=7), source="other tool")) == ["created"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (replace(seen(0, sales_rank=1), account="nobody"), "unknown_account"),
        (replace(seen(0, sales_rank=1), sku="PAN"), "unknown_sku"),
        (seen(0), "nothing_observed"),
        (seen(0, sales_rank=0), "invalid_value"),
        (seen(0, monthly_sales=float("inf")), "invalid_value"),
        (seen(-2, sales_rank=1), "future_observation"),
    ],
)
def test_what_cannot_be_is_refused_and_the_others_are_taken(world: World, row: MarketRecord, code: str) -> None:
    world.sku("POT")
    assert told(row, seen(0, sales_rank=5)) == [code, "created"]
    assert MarketObservation.objects.count() == 1


def test_h103_how_far_what_is_told_of_the_market_reaches_is_shown_and_an_old_file_takes_nothing_back(world: World) -> None:
    world.sku("POT")
    assert told(seen(5, sales_rank=9), seen(3, sales_rank=8)) == ["created"] * 2
    feed = Feed.objects.get(account=world.account, kind="signals")
    reaches = clock.start_of_day(DAY - timedelta(days=2), world.account.time_zone)
    assert (feed.rows, feed.data_until_at, feed.last_success_at) == (2, reaches, NOW)
    assert told(seen(9, sales_rank=7), seen(3, sales_rank=8), seen(1, sales_rank=-1)) == ["created", "unchanged", "invalid_value"]
    feed.refresh_from_db()
    assert (feed.rows, feed.data_until_at) == (3, reaches)
    # Today's sight reaches until now, and not until the day is over.
    assert told(seen(0, sales_rank=6)) == ["created"]
    feed.refresh_from_db()
    assert feed.data_until_at == NOW


def test_h103_a_file_of_the_market_that_is_a_month_old_has_an_age_and_is_no_alert(world: World) -> None:
    world.sku("POT")
    told(seen(40, sales_rank=9))
    with clock.at(NOW):
        assert [each.feed.kind for each in stopped_feeds(NOW + timedelta(days=30)) if each.feed.kind == "signals"] == []
