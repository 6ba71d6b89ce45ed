"""Planned events, calendars, adjustments and signals: what they make of the forecast, and the reasons that stay with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from stockhub.alerts.alert_page import page_of
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Category, PoolWarehouse, Sku, StockPolicy, StockPool
from stockhub.catalog.override_models import Line
from stockhub.channels.models import Account, PoolAccount
from stockhub.cycles.models import CycleStatus
from stockhub.demand.models import (
    EventLift,
    EventSales,
    Forecast,
    ForecastAdjustment,
    ForecastBasis,
    ForecastSettings,
    MarketSignal,
    PlannedEvent,
)
from stockhub.snapshot.builder import build
from stockhub.snapshot.effective_lines import effective_lines
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=30, quantile_levels=[0.5, 0.9])
    return make_world()


def plan(code: str, starts: int, ends: int, **fields: Any) -> PlannedEvent:  # noqa: ANN401 - columns
    """An event from one day to another, counted from today."""
    defaults = {"kind": "promotion", "event_type": "flash-sale", "name": code, "reason": "Plan of the shop", "made_by": "ana"}
    return PlannedEvent.objects.create(
        code=code, starts_on=DAY + timedelta(days=starts), ends_on=DAY + timedelta(days=ends), **(defaults | fields)
    )


def steady(world: World, code: str = "A", rate: float = 100.0, **changes: float) -> Sku:
    """A SKU that sold at a rate until yesterday, except for days by their distance from today (`d12=260`)."""
    sku = world.sku(code)
    days = 90
    sold = [rate] * days
    for name, qty in changes.items():
        sold[days - int(name[1:])] = qty
    world.sold(sku, sold, last_on=YESTERDAY)
    return sku


def forecast_of(sku: Sku, at: datetime = NOW) -> Forecast:
    cycle = run_cycle("forecast", at)
    assert cycle.status == CycleStatus.DONE, cycle.message
    return Forecast.objects.get(sku=sku)


def reasons_of(sku: Sku) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ForecastBasis.objects.get(forecast__sku=sku).reasons
    return found


def day(offset: int) -> str:
    return (DAY + timedelta(days=offset)).isoformat()


# --- lifts ------------------------------------------------------------------------------------------------------------------------------


def test_d12_a_promotion_of_260_over_a_baseline_of_100_is_stored_as_a_lift_of_2_6_of_its_type_and_account(world: World) -> None:
    sku = steady(world, d20=260.0, d19=260.0, d18=50.0, d17=50.0, d16=50.0)
    plan("spring", -20, -19, account=world.account)
    assert forecast_of(sku).mean.tolist() == [100.0] * 30
    lift = EventLift.objects.get(event_type="flash-sale")
    assert (lift.event_type, lift.account, lift.sku_events) == ("flash-sale", world.account, 1)
    assert lift.observed_lift == pytest.approx(2.6)
    # Ten units on both sides: a handful of sales makes no lift.
    assert lift.lift == pytest.approx(530 / 210)
    assert lift.dip == pytest.approx(160 / 310)
    run_cycle("forecast", NOW + timedelta(hours=1))
    assert EventSales.objects.filter(event_type="flash-sale").count() == 1


def test_d12_f6_the_learned_lift_raises_the_next_event_of_its_type_and_the_days_after_it_dip(world: World) -> None:
    sku = steady(world, d20=260.0, d19=260.0, d18=50.0, d17=50.0, d16=50.0)
    plan("spring", -20, -19, account=world.account)
    forecast_of(sku)
    plan("summer", 5, 6, account=world.account, name="Summer sale")
    mean = forecast_of(sku, NOW + timedelta(hours=1)).mean.tolist()
    up, down = 100 * 530 / 210, 100 * 160 / 310
    assert mean == pytest.approx([100.0] * 5 + [up] * 2 + [down] * 3 + [100.0] * 20, rel=1e-5)
    during, after = reasons_of(sku)
    assert (during["kind"], during["code"], during["label"]["en"]) == ("event", "flash-sale", "Summer sale")
    assert (during["first_on"], during["last_on"], during["made_by"]) == (day(5), day(6), "ana")
    assert (during["origin"], during["samples"], during["factor"]) == ("learned", 1, pytest.approx(530 / 210, rel=1e-5))
    assert (after["kind"], after["first_on"], after["last_on"]) == ("after_event", day(7), day(9))
    assert ForecastBasis.objects.get().base_mean.tolist() == [100.0] * 30
    quantiles = Forecast.objects.get().quantiles.reshape(2, 30)
    assert quantiles[:, 5].tolist() == pytest.approx([up, up], rel=1e-5)


def test_d12_skus_of_a_later_part_of_the_run_learn_from_an_event_long_over_as_the_first_have(world: World) -> None:
    for code in ("A", "B"):
        steady(world, code, d70=260.0, d69=260.0)
    plan("spring", -70, -69, account=world.account)
    sales = EventSales.objects.filter(event_type="flash-sale").order_by("sku__code").values_list("sku__code", "sold_units")
    run_cycle("forecast", skus=("A",))
    assert list(sales.all()) == [("A", 520.0)]
    run_cycle("forecast", NOW + timedelta(hours=1), skus=("B",))
    assert list(sales.all()) == [("A", 520.0), ("B", 520.0)]
    # What every SKU has learned is not reckoned again.
    assert run_cycle("forecast", NOW + timedelta(hours=2)).counts["events_learned"] == 0


def test_a_stated_lift_wins_over_a_learned_one_and_an_unknown_one_is_told(world: World) -> None:
    sku = steady(world)
    plan("stated", 3, 4, expected_lift=1.5, event_type="live-show")
    plan("unknown", 10, 11, event_type="never-seen")
    mean = forecast_of(sku).mean.tolist()
    assert mean == [100.0] * 3 + [150.0] * 2 + [100.0] * 25
    assert [(r["code"], r["factor"], r["origin"]) for r in reasons_of(sku)] == [
        ("live-show", 1.5, "stated"),
        ("never-seen", None, "unknown"),
    ]


def test_h22_the_days_of_an_event_are_labelled_and_not_in_the_base(world: World) -> None:
    sku = steady(world, d3=500.0, d2=500.0)
    plan("now", -3, 0)
    assert forecast_of(sku).mean[0] == 100.0
    basis = ForecastBasis.objects.get()
    assert basis.labels_from == YESTERDAY - timedelta(days=89)
    assert basis.day_labels.tolist() == [0] * 87 + [1] * 3


def test_an_event_of_one_account_moves_its_share_of_a_pool_that_serves_two(world: World) -> None:
    sku = steady(world, rate=75.0)
    other = Account.objects.create(code="tb", name="Other", marketplace="file")
    PoolAccount.objects.create(pool=world.pool, account=other)
    world_of_other = World(other, world.pool, world.warehouse, world.supplier)
    world_of_other.sold(sku, [25.0] * 90, last_on=YESTERDAY)
    plan("theirs", 0, 0, account=other, expected_lift=3.0)
    # A quarter of the demand three times as high.
    assert forecast_of(sku).mean.tolist()[:2] == pytest.approx([150.0, 100.0])


def test_a_plan_is_for_its_category_with_all_beneath_it_or_its_pool(world: World) -> None:
    above = Category.objects.create(code="shoes", name="Shoes")
    beneath = Category.objects.create(code="boots", name="Boots", parent=above)
    boots, hat = steady(world, "BOOTS"), steady(world, "HAT")
    Sku.objects.filter(pk=boots.pk).update(category=beneath)
    plan("shoes", 0, 29, category=above, expected_lift=2.0)
    elsewhere = StockPool.objects.create(code="us", name="US")
    PoolWarehouse.objects.create(pool=elsewhere, warehouse=world.warehouse)
    plan("elsewhere", 0, 29, pool=elsewhere, expected_lift=9.0)
    assert forecast_of(boots).mean[0] == 200.0
    assert Forecast.objects.get(sku=hat).mean[0] == 100.0


def test_a_closed_shop_sells_nothing_and_its_past_closures_are_no_demand(world: World) -> None:
    sku = steady(world, d1=0, d2=0, d3=0, d4=0, d5=0, d6=0, d7=0, d8=0)
    plan("was-closed", -8, -1, kind="closure", event_type="stocktaking")
    plan("closed", 2, 3, kind="closure", event_type="stocktaking")
    forecast = forecast_of(sku)
    assert forecast.mean.tolist() == [100.0, 100.0, 0.0, 0.0] + [100.0] * 26
    assert forecast.quantiles.reshape(2, 30)[:, 2:4].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert [r["factor"] for r in reasons_of(sku)] == [0.0]


# --- calendars --------------------------------------------------------------------------------------------------------------------------


def test_h86_f6_a_peak_of_the_calendar_brings_the_latest_order_day_forward(world: World) -> None:
    at = datetime(2026, 5, 20, 4, tzinfo=NOW.tzinfo)
    today = date(2026, 5, 20)
    sku = world.sku("A", lead_time=15.0)
    world.stock(sku, 220)
    world.sold(sku, [10.0] * 90, last_on=today - timedelta(days=1))
    run_cycle("forecast", at)
    run_cycle("warnings", at)
    regular = Alert.objects.filter(sku=sku, kind__in=("order-due", "shortage"))
    before = {a.kind: (a.level, a.due_on, a.suggested_qty) for a in regular}
    EventLift.objects.create(event_type="618", account=world.account, stated_lift=3.0)
    run_cycle("forecast", at + timedelta(hours=1))
    run_cycle("warnings", at + timedelta(hours=1))
    mean = Forecast.objects.get().mean
    # 1 June is twelve days ahead; 618 lasts for twenty.
    assert mean.tolist() == pytest.approx([10.0] * 12 + [30.0] * 18)
    after = {a.kind: (a.level, a.due_on, a.suggested_qty) for a in regular.all()}
    assert before == {"order-due": (1, date(2026, 5, 24), 252), "shortage": (1, date(2026, 5, 24), 82)}
    assert after == {"order-due": (2, date(2026, 5, 12), 930), "shortage": (3, date(2026, 5, 14), 420)}


@pytest.mark.parametrize(("qty", "expected"), [(300, 450.0), (500, 750.0)])
def test_d4_the_safety_stock_of_a_window_is_its_factor_higher_and_reverts_when_it_ends(world: World, qty: int, expected: float) -> None:
    sku = steady(world)
    StockPolicy.objects.create(sku=sku, safety_stock_method="fixed", safety_stock_qty=qty)
    plan("hot", 0, 2, safety_stock_factor=1.5, sku=sku)
    on = [float(build([sku.pk], NOW + timedelta(days=day)).columns["safety_stock"][0]) for day in range(-1, 4)]
    assert on == [qty, expected, expected, expected, qty]


# --- people and the market ---------------------------------------------------------------------------------------------------------------


def signal(code: str, factor: float, starts: int, ends: int, **fields: Any) -> MarketSignal:  # noqa: ANN401 - columns
    return MarketSignal.objects.create(
        code=code, factor=factor, starts_on=DAY + timedelta(days=starts), ends_on=DAY + timedelta(days=ends),
        **({"kind": "keyword_rank", "reason": "Seen on the market", "made_by": "feed"} | fields),
    )  # fmt: skip


def test_h1_a_competitors_launch_lowers_the_forecast_by_its_factor_and_expires(world: World) -> None:
    sku = steady(world)
    signal("rival", 0.8, 0, 9, kind="competitor_launch", sku=sku)
    assert forecast_of(sku).mean.tolist() == pytest.approx([80.0] * 10 + [100.0] * 20)
    [reason] = reasons_of(sku)
    assert (reason["kind"], reason["factor"], reason["last_on"], reason["why"]) == ("signal", 0.8, day(9), "Seen on the market")
    # Ten days later nothing is left of it.
    sold = [100.0] * 100
    sku.sales.all().delete()
    world.sold(sku, sold, last_on=DAY + timedelta(days=9))
    assert forecast_of(sku, NOW + timedelta(days=10)).mean.tolist() == [100.0] * 30
    assert not ForecastBasis.objects.exists()


@pytest.mark.parametrize(("since", "stays"), [(100.0, False), (120.0, False), (130.0, True)])
def test_h20_a_surge_of_rank_lifts_the_forecast_and_expires_if_sales_do_not_follow(world: World, since: float, stays: bool) -> None:  # noqa: FBT001 - a parameter
    sku = steady(world)
    rank = signal("rank", 1.5, 0, 20, sku=sku, must_be_followed=True, value_before=40, value_after=8)
    assert forecast_of(sku).mean.tolist() == pytest.approx([150.0] * 21 + [100.0] * 9)
    assert reasons_of(sku)[0]["values"] == {"before": 40.0, "after": 8.0}
    sku.sales.all().delete()
    world.sold(sku, [100.0] * 90 + [since] * 7, last_on=DAY + timedelta(days=6))
    forecast_of(sku, NOW + timedelta(days=7))
    rank.refresh_from_db()
    assert (rank.expired_on is None) == stays
    if not stays:
        assert (rank.expired_on, rank.rate_before, rank.rate_since) == (DAY + timedelta(days=7), 100.0, since)
        assert all(r["kind"] != "signal" for basis in ForecastBasis.objects.all() for r in basis.reasons)


def test_h73_an_event_dated_before_demand_changes_shifts_the_forecast_ahead_of_it(world: World) -> None:
    sku = steady(world)
    signal("fair", 1.4, 12, 20, kind="industry")
    assert forecast_of(sku).mean.tolist() == pytest.approx([100.0] * 12 + [140.0] * 9 + [100.0] * 9)


def test_h20_a_surge_of_rank_changes_the_suggested_order_and_says_why(world: World) -> None:
    sku = world.sku("A", lead_time=15.0)
    world.stock(sku, 20)
    world.sold(sku, [10.0] * 90, last_on=YESTERDAY)
    run_cycle("forecast")
    run_cycle("warnings")
    regular = Alert.objects.filter(sku=sku, kind__in=("order-due", "shortage"))
    before = {alert.kind: alert.suggested_qty for alert in regular}
    signal("rank", 1.5, 0, 20, sku=sku, value_before=40, value_after=8)
    run_cycle("forecast", NOW + timedelta(hours=1))
    run_cycle("warnings", NOW + timedelta(hours=1))
    after = {alert.kind: alert.suggested_qty for alert in regular.all()}
    # Twenty of the days to cover, from tomorrow on, sell five more.
    assert (before, after) == ({"order-due": 452, "shortage": 282}, {"order-due": 550, "shortage": 380})
    page = page_of(Alert.objects.get(sku=sku, kind="order-due"))
    assert page.forecast_reasons == ["Market signal: keyword rank · × 1.5 · stated · 2026-03-02 – 2026-03-22 · Seen on the market · feed"]


def test_h73_an_event_dated_before_demand_changes_shifts_the_warning_line_ahead_of_it(world: World) -> None:
    sku = steady(world)
    StockPolicy.objects.create(sku=sku, pool=world.pool, alert_cover_days=30.0)
    found = []
    for minutes in (0, 1):
        at = NOW + timedelta(minutes=minutes)
        forecast_of(sku, at)
        lines = {each.line: each.value for each in effective_lines(sku_id=sku.pk, pool_id=world.pool.pk, as_of=at)}
        found.append(lines[Line.ALERT_THRESHOLD])
        if not minutes:
            signal("fair", 1.4, 12, 20, kind="industry")
    # Thirty days of the mean of four weeks, nine days of which are going to be two fifths higher: 3,385.7, in whole units.
    assert found == [3000.0, 3386.0]


def test_a_lock_takes_the_place_of_everything_and_ends_by_itself(world: World) -> None:
    sku = steady(world)
    plan("sale", 0, 29, expected_lift=2.0)
    ForecastAdjustment.objects.create(
        code="lock", sku=sku, locked_units=70, starts_on=DAY, ends_on=DAY + timedelta(days=4), reason="Agreed with sales", made_by="ben"
    )
    assert forecast_of(sku).mean.tolist() == [70.0] * 5 + [200.0] * 25
    lock = reasons_of(sku)[-1]
    assert (lock["kind"], lock["values"], lock["made_by"], lock["last_on"]) == ("lock", {"units_a_day": 70.0}, "ben", day(4))


def test_a_sku_that_never_sold_can_be_locked(world: World) -> None:
    sku = world.sku("NEW")
    world.sold(sku, [0.0] * 60, last_on=YESTERDAY)
    ForecastAdjustment.objects.create(
        code="l", sku=sku, locked_units=4, starts_on=DAY, ends_on=DAY + timedelta(days=9), reason="Launch", made_by="x"
    )
    forecast = forecast_of(sku)
    assert forecast.mean.tolist() == [4.0] * 10 + [0.0] * 20
    # Poisson quantiles of four units a day.
    assert forecast.quantiles.reshape(2, 30)[:, 0].tolist() == [4.0, 7.0]


def test_d15_u11_a_forecast_of_a_fifth_more_changes_the_suggested_order_and_says_why(world: World) -> None:
    sku = world.sku("A", lead_time=15.0)
    world.stock(sku, 20)
    world.sold(sku, [10.0] * 90, last_on=YESTERDAY)
    run_cycle("forecast")
    run_cycle("warnings")
    regular = Alert.objects.filter(sku=sku, kind__in=("order-due", "shortage"))
    before = {alert.kind: alert.suggested_qty for alert in regular}
    ForecastAdjustment.objects.create(
        code="more", sku=sku, factor=1.2, starts_on=DAY, ends_on=DAY + timedelta(days=89), reason="New channel", made_by="ana"
    )
    run_cycle("forecast", NOW + timedelta(hours=1))
    run_cycle("warnings", NOW + timedelta(hours=1))
    after = {alert.kind: alert.suggested_qty for alert in regular.all()}
    assert (before, after) == ({"order-due": 452, "shortage": 282}, {"order-due": 546, "shortage": 342})
    [reason] = reasons_of(sku)
    assert (reason["kind"], reason["factor"], reason["why"], reason["made_by"]) == ("adjustment", 1.2, "New channel", "ana")
    # The page of the alert says it, too.
    page = page_of(Alert.objects.get(sku=sku, kind="order-due"))
    assert page.forecast_reasons == ["Adjustment by hand · × 1.2 · stated · 2026-03-02 – 2026-05-30 · New channel · ana"]


def test_figures_that_cannot_be_are_named_with_the_forecast_and_no_nan_reaches_it(world: World) -> None:
    bad, good = world.sku("BAD"), steady(world, "GOOD")
    world.sold(bad, [10.0] * 50 + [-5.0, float("nan"), 1e9] + [10.0] * 20, last_on=DAY + timedelta(days=5))
    cycle = run_cycle("forecast")
    assert (cycle.status, cycle.counts["series_with_bad_figures"]) == (CycleStatus.DONE, 1)
    assert Forecast.objects.get(sku=bad).mean.tolist() == [10.0] * 30
    codes = [r["code"] for r in reasons_of(bad)]
    assert codes == ["NOT_A_NUMBER", "NEGATIVE_SALES", "IMPLAUSIBLE_QUANTITY", "FUTURE_SALES"]
    assert not ForecastBasis.objects.filter(forecast__sku=good).exists()
    assert all(np.isfinite(f.mean).all() and np.isfinite(f.quantiles).all() for f in Forecast.objects.all())
