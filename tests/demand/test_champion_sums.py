"""Lead-time demand by champions: whoever decided best about its sums makes a kind's quantiles, also one that gives means alone."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import numpy as np
import pytest

from stockhub.cycles.models import Cycle, CycleStatus
from stockhub.demand import champion_sums
from stockhub.demand.champion_models import Champion, Decision, DemandKind
from stockhub.demand.lead_times import DEFAULT_DAYS, DEFAULT_LEVELS, asked_of
from stockhub.demand.models import Forecast, ForecastSettings, LeadTimeCalibration
from stockhub.pluginapi import ForecastBatch, Forecaster, ForecasterCapability, ForecastResult, Panel, State
from stockhub.pluginhost.registry import Registered, registry
from stockhub.values import Label
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)


class Level(Forecaster):
    """A third party's: the mean of the last 56 days and nothing else that could be called a quantile."""

    slug: ClassVar[str] = "test-level"
    name: ClassVar[Label] = Label("Level", "水平")
    min_history_days: ClassVar[int] = 30

    def fit(self, panel: Panel) -> State:
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        mean = np.nanmean(np.where(batch.panel.observed, batch.panel.values, np.nan)[:, -56:], axis=1).astype(np.float32)
        if (mean > 1e6).any():
            raise ValueError("Too much.")
        n, h, q = len(mean), batch.horizon, len(batch.quantile_levels)
        return ForecastResult(
            np.broadcast_to(mean[:, None], (n, h)).copy(),
            np.broadcast_to(mean[:, None, None], (n, q, h)).copy(),
            np.full(n, np.nan, np.float32),
        )


class Sums(Level):
    """Another's, with sums of its own: eleven levels of twice the mean."""

    slug: ClassVar[str] = "test-sums"
    capabilities: ClassVar[frozenset[ForecasterCapability]] = frozenset({ForecasterCapability.LEAD_TIME_SUMS})

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        said = super().forecast(batch, state)
        sums = 2 * said.mean[:, :1, None] * np.array(batch.lead_time_days, np.float32)
        table = np.broadcast_to(sums, (len(sums), len(batch.quantile_levels), len(batch.lead_time_days)))
        return ForecastResult(said.mean, said.quantiles, said.error_sd, lead_time_quantiles=table.copy())


class First(Sums):
    """A third party's that comes before all others by name."""

    slug: ClassVar[str] = "a-sums"


@pytest.fixture(autouse=True)
def _third_party(monkeypatch: pytest.MonkeyPatch) -> None:
    known = registry()
    kind = next(kind for kind in known.by_kind if kind.value == "forecaster")
    more = {each.slug: Registered(kind, each.slug, each(), None) for each in (Level, Sums, First)}
    changed = type(known)(known.plugins, {**known.by_kind, kind: {**known.by_kind[kind], **more}})
    monkeypatch.setattr("stockhub.pluginhost.registry._registry", changed)


@pytest.fixture
def world() -> World:
    """Thirty SKUs with far more variance than Poisson demand has, by the kind: all of them smooth or erratic."""
    world, rng = make_world(), np.random.default_rng(48)
    for number in range(30):
        days = rng.negative_binomial(2.0, 2.0 / (2.0 + rng.uniform(8.0, 30.0)), 300)
        world.sold(world.sku(f"S{number:02}"), days.astype(float).tolist(), last_on=YESTERDAY)
    world.sold(world.sku("NEW"), rng.poisson(20.0, 25).astype(float).tolist(), last_on=YESTERDAY)
    return world


def crown(model: str, mean: str = "ses-optimised") -> None:
    Champion.objects.all().delete()
    for kind in DemandKind.values:
        if kind != DemandKind.CLASS_A:
            Champion.objects.create(kind=kind, model=model, mean_model=mean, decision=Decision.TAKEN)


def made() -> dict[str, Forecast]:
    return {f.sku.code: f for f in Forecast.objects.select_related("sku")}


def table(forecast: Forecast) -> np.ndarray:
    return np.asarray(forecast.lead_time_quantiles).reshape(len(DEFAULT_LEVELS), len(DEFAULT_DAYS))


def test_f9_h23_a_champion_without_sums_orders_by_what_its_own_past_sums_were_off_by(world: World) -> None:
    crown("test-level")
    cycle = run_cycle("forecast")
    assert (cycle.status, cycle.message) == (CycleStatus.DONE, "")
    assert cycle.counts["lead_time_model.test-level"] == 30
    assert cycle.counts["model.ses-optimised"] >= 30
    found = made()
    for code, forecast in found.items():
        quantiles = table(forecast)
        assert np.isfinite(quantiles).all()
        assert (np.diff(quantiles, axis=0) >= 0).all()
        assert (np.diff(quantiles, axis=1) >= 0).all()
        if code != "NEW":
            assert (forecast.lead_time_model, forecast.lead_time_fallback) == ("test-level", "")
    assert found["NEW"].lead_time_fallback.startswith("test-level: SHORT_HISTORY") or found["NEW"].lead_time_model == "textbook"
    # The four weeks that come are as the past ones were: nine in ten sums lie within their 90 % quantile, half of them within the median.
    rng = np.random.default_rng(7)
    inside, median = [], []
    for forecast in (found[f"S{number:02}"] for number in range(30)):
        past = world_sales(forecast)
        coming = rng.choice(past, (400, 28)).sum(axis=1)
        at = DEFAULT_DAYS.index(28)
        inside.append((coming <= table(forecast)[DEFAULT_LEVELS.index(0.9), at]).mean())
        median.append((coming <= table(forecast)[DEFAULT_LEVELS.index(0.5), at]).mean())
    assert 0.84 < np.mean(inside) < 0.96
    assert 0.38 < np.mean(median) < 0.62


def world_sales(forecast: Forecast) -> np.ndarray:
    return np.asarray(forecast.sku.sales.get().daily, np.float64)


def test_f9_the_quantiles_of_one_sku_do_not_depend_on_who_else_is_in_the_run(world: World) -> None:
    crown("test-level")
    run_cycle("forecast")
    # The first run has learned what festivals do, and the next one knows it.
    run_cycle("forecast", NOW + timedelta(minutes=1))
    before = table(made()["S07"]).tolist()
    one = run_cycle("forecast", NOW + timedelta(minutes=2), skus=("S07",))
    again = Forecast.objects.get(sku__code="S07")
    assert (again.cycle_id, again.lead_time_model) == (one.pk, "test-level")
    assert table(again).tolist() == before


def test_h23_a_champion_with_sums_of_its_own_makes_them_and_the_settings_own_choice_wins(world: World) -> None:
    crown("test-sums")
    ForecastSettings.objects.create(chain=["ses-optimised", "recent-average"], horizon_days=90, lead_time_forecaster="")
    run_cycle("forecast")
    forecast = made()["S03"]
    assert (forecast.lead_time_model, forecast.model_used) == ("test-sums", "ses-optimised")
    recent = world_sales(forecast)[-56:].mean()
    np.testing.assert_allclose(table(forecast)[4], 2 * recent * np.array(DEFAULT_DAYS), rtol=0.05)
    ForecastSettings.objects.update(lead_time_forecaster="lead-time")
    run_cycle("forecast", NOW + timedelta(minutes=1))
    assert {f.lead_time_model for code, f in made().items() if code != "NEW"} == {"lead-time"}


def test_i6_a_champion_that_fails_leaves_the_usual_forecaster_and_the_run_says_so(world: World) -> None:
    crown("test-level")
    world.sold(world.sku("GIANT"), [2e6] * 120, last_on=YESTERDAY)
    cycle = run_cycle("forecast")
    assert cycle.status == CycleStatus.PARTIAL
    assert "champion of sums test-level: champion_failed" in cycle.message
    assert {(f.lead_time_model, f.lead_time_fallback) for code, f in made().items() if code.startswith("S")} == {
        ("lead-time", "test-level: champion_failed")
    }
    assert LeadTimeCalibration.objects.get(cycle=cycle).champion_errors["test-level"].startswith("champion_failed")


def test_i6_a_shop_too_young_to_learn_from_keeps_the_usual_forecaster_and_says_why() -> None:
    world = make_world()
    for number in range(4):
        world.sold(world.sku(f"S{number}"), [3.0, 5.0] * 20, last_on=YESTERDAY)
    crown("test-level")
    assert run_cycle("forecast").status == CycleStatus.DONE
    assert {(f.lead_time_model, f.lead_time_fallback) for f in Forecast.objects.all()} == {
        ("lead-time", f"test-level: {champion_sums.TOO_FEW_PAST_SUMS}")
    }


def test_f8_nobody_is_asked_twice_where_the_champion_of_the_mean_is_that_of_sums(world: World) -> None:
    crown("test-level", "test-level")
    cycle: Cycle = run_cycle("forecast")
    assert (cycle.counts["model.test-level"], cycle.counts["lead_time_model.test-level"]) == (30, 30)


def test_h23_who_is_installed_with_a_name_that_comes_first_makes_no_lead_time_demand_for_that() -> None:
    assert asked_of(ForecastSettings()).forecaster == "lead-time"
    assert asked_of(ForecastSettings(lead_time_forecaster="a-sums")).forecaster == "a-sums"
