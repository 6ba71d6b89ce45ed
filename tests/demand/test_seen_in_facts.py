"""What orders, prices, traffic, ranks and rivals tell of demand: promotions that are learned from, a driver, and signals with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from stockhub.catalog.models import Sku
from stockhub.channels.fact_models import DailyTraffic, ListingSignal
from stockhub.channels.models import Account, Listing, ListingComponent, Order, OrderLine, PriceFact
from stockhub.core import clock
from stockhub.cycles.models import CycleStatus
from stockhub.demand.frames import rows_of
from stockhub.demand.models import EventLift, Forecast, ForecastBasis, ForecastSettings, MarketSignal, PlannedEvent
from stockhub.demand.plans.observed_prices import observed_prices
from stockhub.demand.plans.order_promotions import event_type_of, record_order_promotions
from stockhub.demand.signals.recording import record_observed_signals
from stockhub.demand.signals.sources import RivalPriceSignal, SalesRankSignal, TrafficSignal
from stockhub.demand.true_demand import true_demand_of
from stockhub.pluginapi.testing import MarketSignalContract
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)


class TestTraffic(MarketSignalContract):
    source = TrafficSignal()


class TestSalesRank(MarketSignalContract):
    source = SalesRankSignal()


class TestRivalPrice(MarketSignalContract):
    source = RivalPriceSignal()


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=30, quantile_levels=[0.5, 0.9])
    return make_world()


def at_noon(day: date) -> datetime:
    return clock.start_of_day(day, "Asia/Shanghai") + timedelta(hours=12)


def ordered(account: Account, sku: Sku, day: date, qty: int, promo: str, *, recorded: datetime = NOW) -> None:
    """An order line that counts as sold."""
    number = Order.objects.count()
    order = Order.objects.create(account=account, external_id=f"O{number}", ordered_at=at_noon(day), recorded_at=recorded)
    OrderLine.objects.create(
        order=order, line_key="1", sku=sku, qty=qty, counted_qty=qty, promo=promo, ordered_at=at_noon(day), order_recorded_at=recorded
    )


def promoted(world: World, code: str, days: dict[int, float], promo: str, *, rate: float = 100.0, share: float = 1.0) -> Sku:
    """A SKU that sold `rate` a day for 90 days, and on some days ago something else, a share of it under a promotion's name."""
    sku = world.sku(code)
    sold = [rate] * 90
    for ago, qty in days.items():
        sold[90 - ago] = qty
        ordered(world.account, sku, DAY - timedelta(days=ago), round(qty * share), promo)
    world.sold(sku, sold, last_on=YESTERDAY)
    return sku


# --- promotions ---------------------------------------------------------------------------------------------------------------------------


def test_d12_a_promotion_that_only_orders_name_is_learned_by_type_and_account_and_its_days_are_not_ordinary(world: World) -> None:
    with clock.at(NOW):
        sku = promoted(world, "A", {13: 260.0, 12: 260.0, 11: 260.0}, "Flash-Sale 2026")
        cycle = run_cycle("forecast")
        assert cycle.status == CycleStatus.DONE, cycle.message
    event = PlannedEvent.objects.get()
    assert (event.event_type, event.name, event.made_by) == ("flash-sale", "Flash-Sale 2026", "orders")
    assert (event.starts_on, event.ends_on) == (DAY - timedelta(days=13), DAY - timedelta(days=11))
    assert (event.account, event.sku) == (world.account, None)
    assert cycle.counts["promotions_seen"] == 1
    lift = EventLift.objects.get(event_type="flash-sale")
    assert lift.account == world.account
    assert lift.observed_lift == pytest.approx(2.6, abs=0.01)
    assert Forecast.objects.get(sku=sku).mean.tolist() == pytest.approx([100.0] * 30, rel=0.01)
    basis = ForecastBasis.objects.get(forecast__sku=sku)
    assert basis.day_labels[-13:-10].tolist() == [1, 1, 1]


def test_d12_a_promotion_of_one_of_many_skus_is_that_skus_and_what_runs_on_is_lengthened(world: World) -> None:
    with clock.at(NOW):
        sku = promoted(world, "A", {5: 200.0, 4: 200.0}, "vip")
        for number in range(9):
            other = world.sku(f"B{number}")
            world.sold(other, [10.0] * 90, last_on=YESTERDAY)
            ordered(world.account, other, DAY - timedelta(days=5), 10, "")
        assert record_order_promotions(DAY - timedelta(days=5)) == 1
        event = PlannedEvent.objects.get()
        assert (event.sku, event.starts_on, event.ends_on) == (sku, DAY - timedelta(days=5), DAY - timedelta(days=5))
        assert record_order_promotions(YESTERDAY) == 1
        event.refresh_from_db()
        assert (event.starts_on, event.ends_on) == (DAY - timedelta(days=5), DAY - timedelta(days=4))
        assert record_order_promotions(YESTERDAY) == 0
        assert PlannedEvent.objects.count() == 1


def test_d12_what_is_no_promotion_stays_ordinary(world: World) -> None:
    with clock.at(NOW):
        promoted(world, "FEW", {10: 100.0}, "few", share=0.3)
        promoted(world, "ALWAYS", dict.fromkeys(range(1, 31), 100.0), "coupon")
        promoted(world, "ONE-BUYER", {9: 4.0}, "own-code", rate=1.0)
        cancelled = promoted(world, "CANCELLED", {20: 300.0}, "gone")
        assert record_order_promotions(YESTERDAY) == 1
        PlannedEvent.objects.filter(event_type="gone", sku=cancelled).update(deleted_at=NOW)
        assert record_order_promotions(YESTERDAY) == 0
        assert set(PlannedEvent.objects.values_list("event_type", flat=True)) == {"gone"}


def test_d12_a_persons_plan_of_the_type_takes_the_place_of_what_orders_tell(world: World) -> None:
    with clock.at(NOW):
        promoted(world, "A", {13: 260.0, 12: 260.0}, "618")
        PlannedEvent.objects.create(
            code="mine", kind="promotion", event_type="618", name="618", account=world.account, starts_on=DAY - timedelta(days=14),
            ends_on=DAY - timedelta(days=12), reason="Plan", made_by="ana",
        )  # fmt: skip
        assert record_order_promotions(YESTERDAY) == 0
    assert PlannedEvent.objects.get().code == "mine"


@pytest.mark.parametrize(
    ("label", "expected"),
    [("618-2025", "618"), ("2026 Prime Day", "prime-day"), ("Flash  Sale!", "flash-sale"), ("11.11", "1111")],
)
def test_d12_promotions_of_every_year_are_of_one_type(label: str, expected: str) -> None:
    assert event_type_of(label) == expected


def test_d12_a_promotion_without_latin_letters_has_a_type_of_its_own_that_is_the_same_every_year() -> None:
    assert event_type_of("双十一 2025") == event_type_of("2024双十一") != event_type_of("双十二")
    assert event_type_of("双十一").startswith("promotion-")


# --- prices -------------------------------------------------------------------------------------------------------------------------------


def listed(world: World, sku: Sku, code: str, *prices: tuple[int, str]) -> Listing:
    """A listing of one unit, with prices since so many days ago."""
    listing = Listing.objects.create(account=world.account, kind="sku", code=code)
    ListingComponent.objects.create(listing=listing, sku=sku, qty=1)
    for ago, amount in prices:
        PriceFact.objects.create(
            listing=listing, kind="effective", amount=Decimal(amount), currency="CNY", occurred_at=at_noon(DAY - timedelta(days=ago))
        )
    return listing


def test_d12_prices_that_were_seen_are_a_driver_of_the_forecast_and_those_ahead_are_not_known(world: World) -> None:
    sku, steady = world.sku("A"), world.sku("B")
    for each in (sku, steady):
        world.sold(each, [5.0] * 40, last_on=YESTERDAY)
    listed(world, sku, "LA", (40, "100"), (10, "80"), (10, "75"))
    listed(world, steady, "LB", (20, "30"))
    rows = rows_of([sku.pk, steady.pk])
    price = observed_prices(rows, first_on=DAY - timedelta(days=30), days=30, ahead=7)
    assert price is not None
    assert price.shape == (2, 37)
    assert price[0, :20].tolist() == [1.0] * 20
    assert price[0, 20:30].tolist() == [0.75] * 10
    assert np.isnan(price[1, :10]).all()
    assert price[1, 10:30].tolist() == [1.0] * 20
    assert np.isnan(price[:, 30:]).all()
    wanted = ForecastSettings.objects.get()
    wanted.history_days = 30
    panel = true_demand_of(rows, wanted, last_on=YESTERDAY).panel()
    np.testing.assert_array_equal(panel.drivers["price"][:, :30], price[:, :30])


def test_d12_where_no_price_has_changed_there_is_no_driver(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [5.0] * 40, last_on=YESTERDAY)
    listed(world, sku, "LA", (40, "100"), (10, "100"))
    assert observed_prices(rows_of([sku.pk]), first_on=DAY - timedelta(days=30), days=30, ahead=7) is None


# --- signals ------------------------------------------------------------------------------------------------------------------------------


def observed(listing: Listing, kind: str, values: dict[int, str], **more: Any) -> None:  # noqa: ANN401 - columns
    ListingSignal.objects.bulk_create(
        ListingSignal(listing=listing, kind=kind, value=Decimal(value), observed_at=at_noon(DAY - timedelta(days=ago)), **more)
        for ago, value in values.items()
    )


def test_h20_a_better_rank_lifts_the_forecast_with_its_figures_and_ends_when_sales_do_not_follow(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [20.0] * 90, last_on=YESTERDAY)
    observed(listed(world, sku, "L"), "sales_rank", {30: "40", 20: "40", 10: "40", 5: "10", 2: "10"}, subject="Toys")
    cycle = run_cycle("forecast")
    assert cycle.counts["signals_seen"] == 1
    signal = MarketSignal.objects.get()
    assert (signal.kind, signal.source, signal.made_by, signal.sku, signal.account) == (
        "sales_rank", "sales-rank", "sales-rank", sku, world.account,
    )  # fmt: skip
    assert (signal.factor, signal.value_before, signal.value_after) == (2.0, 40.0, 10.0)
    assert (signal.starts_on, signal.ends_on, signal.must_be_followed) == (DAY, DAY + timedelta(days=13), True)
    assert "40 → 10" in signal.reason
    mean = Forecast.objects.get(sku=sku).mean
    assert mean[:14].tolist() == pytest.approx([40.0] * 14)
    assert mean[14:].tolist() == pytest.approx([20.0] * 16)
    [reason] = ForecastBasis.objects.get(forecast__sku=sku).reasons
    assert (reason["kind"], reason["factor"]) == ("signal", 2.0)
    # A week later nothing more has been sold.
    run_cycle("forecast", NOW + timedelta(days=7))
    signal.refresh_from_db()
    assert signal.expired_on is not None
    assert MarketSignal.objects.count() == 1


def test_h1_a_rival_that_sells_cheaper_lowers_the_forecast_for_two_weeks(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [20.0] * 90, last_on=YESTERDAY)
    prices = {30: "100", 20: "100", 10: "100", 5: "75", 2: "75"}
    observed(listed(world, sku, "L"), "lowest_price", prices, rival="B0RIVAL", currency="CNY")
    run_cycle("forecast")
    signal = MarketSignal.objects.get()
    assert (signal.kind, signal.factor) == ("rival_price", 0.75)
    assert Forecast.objects.get(sku=sku).mean[:14].tolist() == pytest.approx([15.0] * 14)


def traffic(listing: Listing, before: int, week: int) -> None:
    DailyTraffic.objects.bulk_create(
        DailyTraffic(listing=listing, day=DAY - timedelta(days=ago), visitors=week if ago <= 7 else before) for ago in range(1, 36)
    )


def test_h73_visitors_shift_the_forecast_before_sales_do_and_of_a_handful_they_say_nothing(world: World) -> None:
    many, few = world.sku("MANY"), world.sku("FEW")
    for sku, before, week in ((many, 100, 225), (few, 3, 9)):
        world.sold(sku, [20.0] * 90, last_on=YESTERDAY)
        traffic(listed(world, sku, f"L{sku.code}"), before, week)
    run_cycle("forecast")
    signal = MarketSignal.objects.get()
    assert (signal.sku, signal.kind, signal.factor) == (many, "traffic", 1.5)
    assert Forecast.objects.get(sku=many).mean[0] == pytest.approx(30.0)
    assert Forecast.objects.get(sku=few).mean[0] == pytest.approx(20.0)


def test_h73_a_stale_figure_says_nothing(world: World) -> None:
    sku = world.sku("A")
    observed(listed(world, sku, "L"), "sales_rank", {30: "40", 20: "40", 10: "40", 5: "10"}, subject="Toys")
    assert record_observed_signals(YESTERDAY) == (0, [])
    assert not MarketSignal.objects.exists()


def test_h20_a_signal_is_raised_once_and_not_again_while_its_week_is_in_the_past_that_is_compared(world: World) -> None:
    sku = world.sku("A")
    observed(listed(world, sku, "L"), "sales_rank", {30: "40", 20: "40", 10: "40", 2: "10"}, subject="Toys")
    assert record_observed_signals(YESTERDAY) == (1, [])
    assert record_observed_signals(YESTERDAY) == (0, [])
    assert record_observed_signals(DAY) == (0, [])


def test_h73_a_source_that_fails_is_told_and_the_others_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sku = world.sku("A")
    listing = listed(world, sku, "L")
    observed(listing, "sales_rank", {30: "40", 20: "40", 10: "40", 2: "10"}, subject="Toys")
    traffic(listing, 100, 400)

    def fails(_self: object, _series: object) -> None:
        raise RuntimeError("no rank today")

    monkeypatch.setattr(SalesRankSignal, "judge", fails)
    made, [problem] = record_observed_signals(YESTERDAY)
    assert made == 1
    assert problem.startswith("market signals sales-rank: raised: ")
    assert MarketSignal.objects.get().kind == "traffic"
