"""Visitors by day, what the market shows of us and of rivals (H41), and the platform's score with its parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from stockhub.channels.fact_models import DailyTraffic, ListingSignal
from stockhub.channels.facts.traffic import TrafficRow, ingest_traffic, record_traffic
from stockhub.channels.inbox import Applied
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.channels.models import ExperienceScore, Feed, Listing
from stockhub.channels.payloads import RECORD_KINDS, RECORD_TYPES
from stockhub.channels.quarantine_retries import retry_mended
from stockhub.channels.scores import ingest_scores
from stockhub.outbox.models import Event
from stockhub.pluginapi.connectors.reading import FEED_CAPABILITIES, FeedKind
from stockhub.pluginapi.platform_records import MarketSignalRecord, ScoreRecord, TrafficRecord
from tests.channels.facts.conftest import NOW, Send, refused
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
EARLIER = AT - timedelta(hours=1)
DAY = date(2026, 3, 10)


def traffic(**changes: Any) -> TrafficRecord:  # noqa: ANN401 - any field
    return replace(TrafficRecord("a-1", DAY, views=100, visitors=80), **changes)


def told() -> dict[str, Any]:
    row = DailyTraffic.objects.get()
    return {name: getattr(row, name) for name in ("views", "visitors", "clicks", "carts", "ad_cost_amount", "currency")}


def test_every_feed_has_its_kind_of_record() -> None:
    assert set(RECORD_KINDS) == set(FeedKind) >= set(FEED_CAPABILITIES)
    assert set(RECORD_KINDS.values()) == set(RECORD_TYPES)


# --- visitors ---------------------------------------------------------------------------------------------------------------------------


def test_a_day_of_visitors_is_a_fact_of_the_listing_linked_or_not(send: Send) -> None:
    done = send("traffic", traffic(ad_cost=Decimal("3.5"), currency="USD"), traffic(code="new-1", views=0, visitors=None))
    assert done == Applied(applied=2)
    first, second = DailyTraffic.objects.order_by("id")
    assert (first.views, first.visitors, first.clicks, first.ad_cost_amount, first.currency) == (100, 80, None, Decimal("3.5"), "USD")
    # Nobody came, which somebody said; how many visitors there were nobody did.
    assert (second.views, second.visitors) == (0, None)
    assert Feed.objects.get(kind="traffic").data_until_at == datetime(2026, 3, 10, 16, tzinfo=UTC)


def test_i3_the_later_telling_of_a_day_holds_in_any_order(shop: Shop) -> None:
    versions = [
        traffic(told_at=AT), traffic(views=120, visitors=None, clicks=9, told_at=AT + timedelta(hours=1)),
        traffic(views=110, told_at=AT + timedelta(hours=2)),
    ]  # fmt: skip
    endings = set()
    for order in permutations(versions):
        DailyTraffic.objects.all().delete()
        for record in order:
            ingest_traffic(account=shop.account, traffic=[record, record])
        row = told()
        endings.add((row["views"], row["visitors"], row["clicks"]))
    assert endings == {(110, 80, 9)}


def test_rows_of_a_file_are_created_updated_unchanged_or_refused(shop: Shop) -> None:
    def bring(*rows: TrafficRow) -> list[str]:
        return [str(each.status) for each in record_traffic(rows)]

    row = TrafficRow("dy-main", "a-1", DAY, views=5, ad_cost=Decimal(2))
    bad = [replace(row, account="none"), replace(row, views=-1), replace(row, day=date(2030, 1, 1))]
    assert bring(row, *bad) == ["created", "refused", "refused", "refused"]
    assert bring(row) == ["unchanged"]
    assert bring(replace(row, views=6)) == ["updated"]
    assert (told()["views"], told()["currency"]) == (6, "CNY")


# --- the market -------------------------------------------------------------------------------------------------------------------------


def signal(value: str, kind: str = "sales_rank", *, at: datetime = AT, **changes: Any) -> MarketSignalRecord:  # noqa: ANN401 - any field
    subject = {"subject": "Kitchen"} if kind == "sales_rank" else {}
    return MarketSignalRecord("a-1", kind, Decimal(value), at, **subject | changes)


def test_what_does_not_change_is_one_fact_and_looked_at_again_after_three_days(send: Send) -> None:
    for hours, value in ((0, "5"), (1, "5"), (2, "7"), (3, "7"), (4, "5"), (-90, "5")):
        send("signal", signal(value, at=AT + timedelta(hours=hours)))
    values = list(ListingSignal.objects.order_by("observed_at").values_list("value", flat=True))
    assert values == [5, 5, 7, 5]
    assert Feed.objects.get(kind="signals").data_until_at == AT + timedelta(hours=4)


def test_our_own_rank_price_and_reviews_are_facts_of_the_listing(send: Send) -> None:
    send(
        "signal", signal("1234"), signal("19.99", "featured_price", currency="USD"), signal("88", "reviews"), signal("4.6", "rating"),
        signal("1", "sales_rank", subject="Home"),
    )  # fmt: skip
    rows = set(ListingSignal.objects.values_list("kind", "subject", "rival", "value", "currency"))
    assert rows == {
        ("sales_rank", "Kitchen", "", Decimal(1234), ""), ("sales_rank", "Home", "", Decimal(1), ""),
        ("featured_price", "", "", Decimal("19.99"), "USD"), ("reviews", "", "", Decimal(88), ""), ("rating", "", "", Decimal("4.6"), ""),
    }  # fmt: skip
    assert MarketObservation.objects.count() == 0


def test_h41_ranks_and_reviews_of_rivals_make_the_trend(shop: Shop, send: Send) -> None:
    for days, rank, reviews in ((40, "100", "10"), (35, "100", "20"), (5, "200", "22"), (1, "200", "24")):
        at = AT - timedelta(days=days)
        send("signal", signal(rank, rival="B0X", at=at), signal(reviews, "reviews", subject="B0X", at=at))
    trend = MarketTrend.objects.get()
    assert (trend.sku, trend.account, trend.rivals) == (shop.skus["A"], shop.account, 1)
    assert trend.rank_change == pytest.approx(1.0)
    assert trend.review_change is not None
    assert trend.review_change < 0
    assert set(ListingSignal.objects.values_list("rival", flat=True)) == {"B0X"}
    before = MarketObservation.objects.count()
    send("signal", signal("200", rival="B0X", at=AT - timedelta(days=1)))
    assert MarketObservation.objects.count() == before == 8


def test_a_rival_of_an_unlinked_code_waits_for_its_link(shop: Shop, send: Send) -> None:
    send("signal", signal("9", code_kind="sku", rival="B0X"), replace(signal("9", rival="B0X"), code="new-1"), signal("7", subject="Toys"))
    assert refused() == {"sales_rank/new-1/B0X/Kitchen": "unmapped"}
    shop.listing("new-1", B=1)
    assert retry_mended().taken == 1
    assert MarketObservation.objects.filter(sku=shop.skus["B"]).count() == 1


TRAFFIC_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "below zero": ({"views": -1}, "quantity"),
    "absurd": ({"views": 10**15}, "quantity"),
    "half": ({"views": 1.5}, "malformed"),
    "NaN": ({"ad_cost": Decimal("NaN"), "currency": "USD"}, "amount"),
    "no currency": ({"ad_cost": Decimal(1)}, "currency"),
    "future": ({"day": date(2026, 4, 1)}, "future_time"),
    "an instant": ({"day": AT}, "malformed"),
    "long ago": ({"day": date(1999, 1, 1)}, "early_time"),
    "nothing": ({"views": None, "visitors": None}, "nothing_told"),
    "NUL": ({"code": "a\x00"}, "malformed"),
}
SIGNAL_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "kind": ({"kind": "mood"}, "kind"),
    "NaN": ({"value": Decimal("NaN")}, "amount"),
    "below zero": ({"value": Decimal(-1)}, "amount"),
    "absurd": ({"value": Decimal("1e40")}, "amount"),
    "rank 0": ({"value": Decimal(0)}, "value"),
    "half a rank": ({"value": Decimal("1.5")}, "value"),
    "a float": ({"value": 5.0}, "malformed"),
    "a price without currency": ({"kind": "lowest_price"}, "currency"),
    "a rating of 900": ({"kind": "rating", "value": Decimal(900)}, "value"),
    "future": ({"observed_at": NOW + timedelta(days=3)}, "future_time"),
    "NUL": ({"rival": "a\x00"}, "malformed"),
}
SCORE_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "NaN": ({"score": float("nan")}, "malformed"),
    "over 100": ({"score": 100.5}, "score"),
    "below 0": ({"score": -1.0}, "score"),
    "text": ({"score": "88"}, "malformed"),
    "a part that is no number": ({"parts": (("logistics", float("inf")),)}, "malformed"),
    "a part without a name": ({"parts": (88.0,)}, "malformed"),
    "future": ({"observed_at": NOW + timedelta(days=3)}, "future_time"),
}


@pytest.mark.parametrize("fault", TRAFFIC_FAULTS)
def test_promise_12_faulty_days_stand_alone(send: Send, fault: str) -> None:
    changes, code = TRAFFIC_FAULTS[fault]
    send("traffic", traffic(**changes), traffic(code="b-1"))
    assert list(refused().values()) == [code]
    assert DailyTraffic.objects.get().listing.code == "b-1"


@pytest.mark.parametrize("fault", SIGNAL_FAULTS)
def test_promise_12_faulty_signals_stand_alone(send: Send, fault: str) -> None:
    changes, code = SIGNAL_FAULTS[fault]
    send("signal", replace(signal("5"), **changes), replace(signal("6"), code="b-1"))
    assert list(refused().values()) == [code]
    assert ListingSignal.objects.get().listing.code == "b-1"


# --- the score --------------------------------------------------------------------------------------------------------------------------


def test_a_score_keeps_its_parts_and_is_one_fact(send: Send) -> None:
    score = ScoreRecord(88.5, AT, (("product", 90.0), ("logistics", 71.25)))
    send("score", score)
    send("score", replace(score, parts=()))
    row = ExperienceScore.objects.get()
    assert (row.score, row.parts, row.occurred_at) == (88.5, [["product", 90.0], ["logistics", 71.25]], AT)
    assert Event.objects.filter(kind="channels.experience_score_observed.v1").count() == 1
    feed = Feed.objects.get(kind="experience_score")
    assert (feed.data_until_at, feed.rows) == (AT, 2)


@pytest.mark.parametrize("fault", SCORE_FAULTS)
def test_promise_12_faulty_scores_stand_alone(shop: Shop, send: Send, fault: str) -> None:
    changes, code = SCORE_FAULTS[fault]
    send("score", replace(ScoreRecord(88.5, AT), **changes), ScoreRecord(77.0, EARLIER))
    assert list(refused().values()) == [code]
    assert ExperienceScore.objects.get().score == 77.0
    assert ingest_scores(account=shop.account, scores=[ScoreRecord(77.0, EARLIER)]).new == 0
    assert not Listing.objects.filter(code="score").exists()
