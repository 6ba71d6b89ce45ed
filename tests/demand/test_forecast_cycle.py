"""Forecast runs: through the host, by the first forecaster that can, with the reason where that is not the first choice."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from stockhub.catalog.models import PoolWarehouse, StockPool
from stockhub.channels.models import PoolAccount, SalesDelta
from stockhub.cycles.models import CycleStatus
from stockhub.demand.frames import demand_of, rows_of
from stockhub.demand.models import Forecast, ForecastSettings, SalesSeries, StockoutSeries
from stockhub.inventory.models import StockHistory
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def test_d14_h23_each_series_gets_the_first_model_that_can_and_says_which(world: World) -> None:
    ForecastSettings.objects.create(chain=["croston-sba", "recent-average"], horizon_days=30, quantile_levels=[0.5, 0.9])
    steady, never = world.sku("STEADY"), world.sku("NEVER")
    world.sold(steady, [5.0] * 60, last_on=DAY - timedelta(days=1))
    world.sold(never, [0.0] * 60, last_on=DAY - timedelta(days=1))
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.DONE
    made = {f.sku.code: f for f in Forecast.objects.select_related("sku")}
    assert made["STEADY"].model_used == "croston-sba"
    assert made["STEADY"].fallback_reason == ""
    assert made["STEADY"].mean.tolist() == pytest.approx([5.0 * 0.95] * 30)
    assert made["STEADY"].quantiles.reshape(2, 30).shape == (2, 30)
    assert made["NEVER"].model_used == "recent-average"
    assert made["NEVER"].fallback_reason == "croston-sba: NO_DEMAND"
    assert made["NEVER"].mean.tolist() == [0.0] * 30
    assert made["STEADY"].first_on == DAY
    assert cycle.counts["series"] == 2


def test_a_forecaster_that_is_not_there_is_named_and_the_next_one_serves(world: World) -> None:
    ForecastSettings.objects.create(chain=["no-such-model", "recent-average"])
    world.sold(world.sku("A"), [5.0] * 60, last_on=DAY - timedelta(days=1))
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.PARTIAL
    assert "no-such-model" in cycle.message
    forecast = Forecast.objects.get()
    assert forecast.model_used == "recent-average"
    assert forecast.fallback_reason.startswith("no-such-model: ")


def test_a_pool_forecasts_the_share_of_the_accounts_that_it_serves(world: World) -> None:
    other = StockPool.objects.create(code="us", name="US")
    PoolWarehouse.objects.create(pool=other, warehouse=world.warehouse)
    PoolAccount.objects.update(share=0.75)
    PoolAccount.objects.create(pool=other, account=world.account, share=0.25, valid_from=DAY - timedelta(days=10))
    sku = world.sku("A")
    world.sold(sku, [8.0] * 20, last_on=DAY)
    rows = rows_of([sku.pk])
    assert [(int(s), int(p)) for s, p in zip(rows.sku_ids, rows.pool_ids, strict=True)] == [(sku.pk, world.pool.pk), (sku.pk, other.pk)]
    frame = demand_of(rows, last_on=DAY, days=20)
    assert frame.values[0].tolist() == [6.0] * 20
    assert frame.values[1].tolist() == [0.0] * 9 + [2.0] * 11


def test_f3_days_without_stock_are_marked_and_say_nothing_about_demand(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"])
    sku = world.sku("A")
    world.stock(sku, 30, at=NOW - timedelta(days=10))
    world.take(sku, 30, "gone", at=NOW - timedelta(days=4))
    world.stock(sku, 50, at=NOW - timedelta(days=1))
    world.sold(sku, [5.0] * 20 + [0.0] * 3 + [5.0], last_on=DAY - timedelta(days=1))
    run_cycle("forecast")
    history = StockHistory.objects.get()
    assert history.qty[-10:].tolist() == [30.0] * 6 + [0.0] * 3 + [50.0]
    marked = StockoutSeries.objects.get()
    # Sold out during the first of these days, empty for two whole ones, restocked during the last.
    assert marked.in_stock[-5:].tolist() == [100, 50, 0, 0, 50]
    # Twenty-four days of 5 and 0 would average less. The two days without stock are not observed, and 5 in half a day stand for 10.
    assert Forecast.objects.get().mean[0] == pytest.approx(np.mean([5.0] * 20 + [0.0] + [10.0]))


def test_the_known_stock_of_past_days_is_exact_when_facts_arrive_later(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 30, at=NOW - timedelta(days=5))
    run_cycle("forecast")
    assert StockHistory.objects.get().qty[-5:].tolist() == [30.0] * 5
    world.take(sku, 10, "today", at=NOW)
    run_cycle("forecast", NOW + timedelta(days=2))
    assert StockHistory.objects.get().qty[-7:].tolist() == [30.0] * 5 + [20.0] * 2


def test_a_forecast_cycle_without_data_says_so() -> None:
    assert "No data" in run_cycle("forecast").message


def test_sync_looks_only_at_what_has_changed(world: World) -> None:
    cycle = run_cycle("sync")
    assert (cycle.status, cycle.message, cycle.chunks.count()) == (CycleStatus.DONE, "", 0)
    sku = world.sku("A")
    SalesDelta.objects.create(sku=sku, account=world.account, hour_at=NOW, qty=3)
    cycle = run_cycle("sync", NOW + timedelta(minutes=1))
    assert cycle.counts == {"sales_changes": 1}
    assert SalesSeries.objects.get().daily.tolist() == [3.0]
