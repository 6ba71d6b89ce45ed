"""Every forecast run keeps quantiles of lead-time demand: by the engine where it can, by the textbook and with the reason where not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from statistics import NormalDist

import numpy as np
import pytest
from django.core.exceptions import ValidationError

from stockhub.catalog.models import Sku, StockPolicy
from stockhub.core import clock
from stockhub.cycles import registry
from stockhub.cycles.models import CycleStatus
from stockhub.demand import calibration
from stockhub.demand.forecasting import panel_of
from stockhub.demand.lead_times import DEFAULT_DAYS, DEFAULT_LEVELS, TEXTBOOK, Asked, ascending, following, textbook_quantiles
from stockhub.demand.models import Forecast, ForecastSettings, LeadTimeCalibration, SalesSeries
from stockhub.demand.own_deviations import own_deviations
from stockhub.pluginapi import Snapshot
from stockhub.snapshot.builder import build
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db
YESTERDAY = DAY - timedelta(days=1)
ASKED = Asked((1, 4, 9, 40), (0.1, 0.5, 0.9), "lead-time")


@pytest.fixture
def world() -> World:
    return make_world()


def shop(world: World, n: int, days: int, seed: int = 1) -> list[int]:
    """SKUs of many rates, sold by chance."""
    rng = np.random.default_rng(seed)
    ids = []
    for number in range(n):
        sku = world.sku(f"S{number}")
        world.sold(sku, rng.poisson(rng.gamma(2.0, 3.0), days).astype(float).tolist(), last_on=YESTERDAY)
        ids.append(sku.pk)
    return ids


def table(forecast: Forecast) -> np.ndarray:
    return np.asarray(forecast.lead_time_quantiles).reshape(len(forecast.lead_time_levels), len(forecast.lead_time_days))


def assert_in_order(forecast: Forecast) -> None:
    found = table(forecast)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (np.diff(found, axis=0) >= 0).all()
    assert (np.diff(found, axis=1) >= 0).all()


def test_f9_u11_every_series_of_a_run_gets_its_lead_time_demand_from_the_engine(world: World) -> None:
    shop(world, 30, 120)
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.DONE
    assert cycle.counts["lead_time_model.lead-time"] == 30
    for forecast in Forecast.objects.all():
        assert (forecast.lead_time_model, forecast.lead_time_fallback) == ("lead-time", "")
        assert tuple(forecast.lead_time_days.tolist()) == DEFAULT_DAYS
        assert forecast.lead_time_levels.tolist() == pytest.approx(list(DEFAULT_LEVELS))
        assert_in_order(forecast)
    learned = LeadTimeCalibration.objects.get()
    assert (learned.cycle_id, learned.forecaster, learned.series_count, learned.last_on, learned.error) == (
        cycle.pk, "lead-time", 30, YESTERDAY, "",
    )  # fmt: skip


def test_a_run_for_one_sku_says_the_same_of_it_as_a_run_for_all(world: World) -> None:
    shop(world, 25, 150)
    run_cycle("forecast")
    before = {f.sku.code: f.lead_time_quantiles.tolist() for f in Forecast.objects.select_related("sku")}
    cycle = run_cycle("forecast", NOW + timedelta(minutes=1), skus=("S7",))
    again = Forecast.objects.get(sku__code="S7")
    assert again.cycle_id == cycle.pk
    assert again.lead_time_quantiles.tolist() == before["S7"]


def test_a_run_in_parts_of_any_size_says_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(world, 12, 100)
    run_cycle("forecast")
    whole = list(Forecast.objects.order_by("sku_id").values_list("lead_time_quantiles", flat=True))
    definition = registry.get("forecast")
    monkeypatch.setitem(registry._definitions, "forecast", replace(definition, chunk_skus=5))
    cycle = run_cycle("forecast", NOW + timedelta(minutes=1))
    assert cycle.chunks.count() == 3
    parts = list(Forecast.objects.order_by("sku_id").values_list("lead_time_quantiles", flat=True))
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_sample_is_bounded_scattered_and_the_same_for_every_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = shop(world, 20, 30)
    monkeypatch.setattr(calibration, "MOST_SERIES", 8)
    chosen = calibration.sample().sku_ids.tolist()
    assert len(chosen) == 8
    assert chosen == calibration.sample().sku_ids.tolist() == sorted(chosen)
    assert chosen not in (ids[:8], ids[-8:])


def test_i6_without_its_forecaster_the_textbook_serves_and_the_run_says_so(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"], lead_time_forecaster="no-such-engine", horizon_days=30)
    shop(world, 2, 60)
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.PARTIAL
    assert "no-such-engine" in cycle.message
    assert LeadTimeCalibration.objects.get().error.startswith("unknown_provider: ")
    for forecast in Forecast.objects.all():
        assert forecast.lead_time_model == TEXTBOOK
        assert forecast.lead_time_fallback.startswith("no-such-engine: unknown_provider")
        mean, sd = float(forecast.mean[0]), forecast.error_sd or 0.0
        for at, days in enumerate(DEFAULT_DAYS):
            expected = max(mean * days + NormalDist().inv_cdf(0.95) * sd * days**0.5, 0.0)
            assert float(table(forecast)[7, at]) == pytest.approx(expected, rel=1e-5)


def test_a_forecaster_without_lead_time_sums_is_told_from_one_that_fails(world: World) -> None:
    ForecastSettings.objects.create(lead_time_forecaster="recent-average")
    shop(world, 2, 60)
    assert run_cycle("forecast").status == CycleStatus.DONE
    assert set(Forecast.objects.values_list("lead_time_model", "lead_time_fallback")) == {(TEXTBOOK, "recent-average: no lead-time sums")}


def test_a_series_that_the_engine_cannot_do_gets_the_textbook_and_the_reason(world: World) -> None:
    shop(world, 3, 60)
    bare = world.sku("NEVER-OFFERED")
    StockPolicy.objects.create(sku=bare, pool=world.pool)
    run_cycle("forecast")
    forecast = Forecast.objects.get(sku=bare)
    assert (forecast.lead_time_model, forecast.lead_time_fallback) == (TEXTBOOK, "lead-time: NO_OBSERVED_DAYS")
    assert not table(forecast).any()
    assert Forecast.objects.filter(lead_time_model="lead-time").count() == 3


@pytest.mark.parametrize(("series", "days"), [(20, 60), (1, 60), (20, 12), (3, 400)])
def test_few_series_and_short_histories_give_quantiles_in_order(world: World, series: int, days: int) -> None:
    shop(world, series, days)
    assert run_cycle("forecast").status == CycleStatus.DONE
    assert Forecast.objects.count() == series
    for forecast in Forecast.objects.all():
        assert_in_order(forecast)
        # Sixty days of a rate say what a week of it may be: nothing near a hundred times as much.
        assert float(table(forecast)[-1, 2]) < 100 * (7 * float(forecast.mean[0]) + 1)


def test_closures_new_and_dying_skus_falling_markets_and_giants_give_quantiles_in_order(world: World) -> None:
    rng = np.random.default_rng(3)
    shop(world, 20, 365)
    odd = {
        "CLOSED": np.where(np.arange(365) > 300, 0.0, rng.poisson(8.0, 365)),
        "NEW": rng.poisson(5.0, 9).astype(float),
        "DYING": rng.poisson(20.0 * 0.97 ** np.arange(365)).astype(float),
        "FALLING": rng.poisson(np.linspace(40.0, 2.0, 365)).astype(float),
        "GIANT": rng.poisson(5.0, 365) * 1e8,
        "ONCE": np.where(np.arange(365) == 200, 500.0, 0.0),
    }
    for code, sold in odd.items():
        world.sold(world.sku(code), sold.tolist(), last_on=YESTERDAY)
    assert run_cycle("forecast").status == CycleStatus.DONE
    made = {f.sku.code: f for f in Forecast.objects.select_related("sku")}
    for code in odd:
        assert made[code].lead_time_model == "lead-time", code
        assert_in_order(made[code])
    four_weeks = DEFAULT_DAYS.index(28)
    # Nobody expects last year's sales of what has all but stopped to sell.
    assert float(table(made["DYING"])[7, four_weeks]) < 28 * 2.0
    assert float(table(made["FALLING"])[7, four_weeks]) < 28 * 20.0


def test_h25_u11_when_the_forecast_doubles_safety_stock_and_order_up_to_level_double_without_an_edit(world: World) -> None:
    rng = np.random.default_rng(25)
    once = [rng.poisson(60.0 + 10.0 * number, 200).astype(float) for number in range(20)]
    skus = [world.sku(f"H{number}") for number in range(20)]
    for sku, sold in zip(skus, once, strict=True):
        world.stock(sku, 500)
        world.sold(sku, sold.tolist(), last_on=YESTERDAY)
    run_cycle("forecast")
    before = snapshot_of(skus)
    assert before["safety_stock_is_calibrated"].tolist() == [1.0] * 20
    for series in SalesSeries.objects.all():
        series.daily = series.daily * np.float32(2.0)
        series.save()
    run_cycle("forecast", NOW + timedelta(minutes=1))
    after = snapshot_of(skus)
    np.testing.assert_allclose(after["daily_mean"], 2.0 * before["daily_mean"], rtol=0.01)
    np.testing.assert_allclose(after["order_up_to"], 2.0 * before["order_up_to"], rtol=0.02)
    assert after["safety_stock"].sum() == pytest.approx(2.0 * before["safety_stock"].sum(), rel=0.05)
    assert (after["p_stockout"] >= before["p_stockout"]).all()


def snapshot_of(skus: list[Sku]) -> Snapshot:
    with clock.at(NOW + timedelta(minutes=5)):
        return build([sku.pk for sku in skus], NOW)


def test_textbook_quantiles_are_those_of_independent_normal_days() -> None:
    mean, sd = np.full((2, 10), 5.0, np.float32), np.array([3.0, np.nan], np.float32)
    found = textbook_quantiles(mean, sd, ASKED)
    z = NormalDist().inv_cdf(0.9)
    for row, deviation in ((0, 3.0), (1, 5.0**0.5)):
        expected = [5.0 * days + z * deviation * days**0.5 for days in ASKED.days]
        np.testing.assert_allclose(found[row, 2], expected, rtol=1e-6)
        np.testing.assert_allclose(found[row, 1], [5.0 * days for days in ASKED.days], rtol=1e-6)
    assert (found[:, 0] >= 0).all()


def test_quantiles_that_cross_are_put_in_order() -> None:
    crossing = np.array([[[3.0, 2.0, 9.0], [1.0, 4.0, 5.0]]], np.float32)
    assert ascending(crossing).tolist() == [[[3.0, 3.0, 9.0], [3.0, 4.0, 9.0]]]


def test_quantiles_follow_a_forecast_that_somebody_has_changed() -> None:
    before = np.array([[2.0] * 40, [0.0] * 40], np.float32)
    quantiles = textbook_quantiles(before, np.array([1.0, 0.0], np.float32), ASKED)
    after = before.copy()
    after[0] *= 1.5
    after[1, 4:] = 3.0
    moved = following(quantiles, before, after, ASKED)
    np.testing.assert_allclose(moved[0], 1.5 * quantiles[0], rtol=1e-6)
    assert moved[1, 1].tolist() == [0.0, 0.0, 15.0, 108.0]


@pytest.mark.parametrize("days", [[7, 7], [14, 7], [0], [1.5], "7", [True], [731]])
def test_lead_times_that_make_no_grid_are_refused(days: object) -> None:
    with pytest.raises(ValidationError, match="ascending order"):
        ForecastSettings(chain=["x"], quantile_levels=[0.5], lead_time_days=days).full_clean()


@pytest.mark.parametrize("levels", [[0.5], [0.9, 0.5], [0.0, 0.5], [0.5, 1.0], "0.5"])
def test_levels_that_are_no_probabilities_in_order_are_refused(levels: object) -> None:
    with pytest.raises(ValidationError, match="ascending order"):
        ForecastSettings(chain=["x"], quantile_levels=[0.5], lead_time_levels=levels).full_clean()


def _columns(ids: list[int]) -> Snapshot:
    with clock.at(NOW):
        return build(ids, NOW)


def test_n4_a_run_learns_once_what_skus_usually_need_and_safety_stock_is_made_of_it(world: World) -> None:
    ids = shop(world, 30, 200)
    cycle = run_cycle("forecast")
    learned = LeadTimeCalibration.objects.get(cycle=cycle)
    usual = learned.usual_deviations.reshape(len(DEFAULT_LEVELS), len(DEFAULT_DAYS))
    assert tuple(learned.usual_days.tolist()) == DEFAULT_DAYS
    assert learned.usual_levels.tolist() == pytest.approx(list(DEFAULT_LEVELS))
    # Poisson days are independent: at 95 % about z·sqrt(days), somewhat more for a mean that is learned.
    at_95 = usual[DEFAULT_LEVELS.index(0.95)]
    assert (at_95 > 1.0 * np.sqrt(DEFAULT_DAYS)).all()
    assert at_95[:5] == pytest.approx(NormalDist().inv_cdf(0.95) * np.sqrt(DEFAULT_DAYS[:5]), rel=0.6)
    for forecast in Forecast.objects.select_related("sku"):
        series = SalesSeries.objects.get(sku=forecast.sku)
        assert forecast.own_sd == pytest.approx(float(np.std(series.daily[-112:])), rel=0.15)
    snapshot = _columns(ids)
    excess = np.maximum(snapshot["protection_quantile"] - snapshot["protection_demand"], 0.0)
    own = snapshot["own_sd"] * snapshot["usual_deviations"]
    assert (own > 0).all()
    np.testing.assert_allclose(snapshot["safety_stock"], np.sqrt(excess * own + snapshot["lead_time_risk"] ** 2))
    # Some need more than is usual and some less, so that the shop's general level stays.
    assert np.mean(np.sqrt(excess / own)) == pytest.approx(1.0, rel=0.25)


def test_n4_where_the_run_is_unknown_or_history_is_short_safety_stock_rests_on_the_quantile_alone(world: World) -> None:
    ids = shop(world, 12, 200)
    run_cycle("forecast")
    Forecast.objects.filter(sku_id=ids[0]).update(own_sd=None)
    Forecast.objects.filter(sku_id=ids[1]).update(own_sd=0.0)
    Forecast.objects.filter(sku_id=ids[2]).update(cycle=None)
    snapshot = _columns(ids)
    excess = np.maximum(snapshot["protection_quantile"] - snapshot["protection_demand"], 0.0)
    plain = np.sqrt(excess**2 + snapshot["lead_time_risk"] ** 2)
    np.testing.assert_allclose(snapshot["safety_stock"][:3], plain[:3])
    assert (snapshot["safety_stock"][3:] != plain[3:]).all()
    assert np.isnan(snapshot["own_sd"][0])
    assert np.isnan(snapshot["usual_deviations"][2])
    LeadTimeCalibration.objects.update(usual_days=np.zeros(0), usual_levels=np.zeros(0), usual_deviations=np.zeros(0))
    np.testing.assert_allclose(_columns(ids)["safety_stock"], plain)


def test_n4_the_chance_of_a_stockout_does_not_go_by_a_skus_own_deviation(world: World) -> None:
    ids = shop(world, 8, 200)
    for sku in Sku.objects.filter(pk__in=ids):
        world.stock(sku, 90)
    run_cycle("forecast")
    before = _columns(ids)
    Forecast.objects.update(own_sd=None)
    after = _columns(ids)
    assert np.isfinite(before["p_stockout"]).all()
    np.testing.assert_array_equal(after["p_stockout"], before["p_stockout"])
    np.testing.assert_array_equal(after["protection_quantile"], before["protection_quantile"])
    assert (after["order_up_to"] != before["order_up_to"]).any()


def test_n4_a_few_weeks_of_history_give_no_deviation(world: World) -> None:
    ids = shop(world, 6, 27)
    run_cycle("forecast")
    assert Forecast.objects.filter(own_sd=None).count() == 6
    assert np.isnan(_columns(ids)["own_sd"]).all()


def test_n4_a_planned_promotion_raises_the_own_deviation_as_it_raises_the_forecast() -> None:
    values = np.tile(np.array([1.0, 3.0]), (2, 60))
    panel = panel_of(np.arange(2), values, np.ones(values.shape, np.bool_), YESTERDAY - timedelta(days=119))
    before = np.full((2, 40), 2.0, np.float32)
    after = before.copy()
    after[1, :4] *= 3.0
    assert own_deviations(panel, before, after, ASKED).tolist() == [1.0, 3.0]
