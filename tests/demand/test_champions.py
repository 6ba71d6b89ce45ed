"""Champions: forecasters tried on the past of the stored series, and the best of each kind of demand put into use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from stockhub.cycles.models import Cycle, CycleStatus
from stockhub.demand.backtesting.answers import LEVELS, Answer, Question
from stockhub.demand.champion_models import Backtest, Champion, Decision, DemandKind, ModelAccuracy
from stockhub.demand.champions.plan import MOST_SKUS, Windows, sample_of, windows_for
from stockhub.demand.champions.sums import SUMS, figures_of, sums_of
from stockhub.demand.champions.trial import Field, hold_trial
from stockhub.demand.forecasting import run_chain
from stockhub.demand.frames import rows_of
from stockhub.demand.models import Forecast, ForecastSettings
from stockhub.demand.true_demand import true_demand_of
from stockhub.pluginapi import ForecastBatch, Forecaster, ForecastResult, Panel, State
from stockhub.pluginhost.registry import Registered, registry
from stockhub.values import Label
from tests.worlds import DAY, NOW, World, make_world, run_cycle

YESTERDAY = DAY - timedelta(days=1)


def panel(values: NDArray[np.float32]) -> Panel:
    return Panel(np.arange(len(values)) + 1, YESTERDAY - timedelta(days=values.shape[1] - 1), values, ~np.isnan(values))


# --- what a model was off by -------------------------------------------------------------------------------------------------------------


def test_h24_root_mean_squared_and_mean_absolute_percentage_error() -> None:
    actual, forecast = np.array([[100.0, 120.0, 80.0]]), np.array([[110.0, 115.0, 90.0]])
    answer = Answer(forecast, np.repeat(forecast[:, None, :], len(LEVELS), axis=1), np.zeros((1, 5, 0)), np.array(["x"], object), 0.0)
    found = figures_of(sums_of(actual, np.array([[1.0, 2.0]]), answer, np.zeros((1, 5, 0)), ())[0])
    assert round(found["rmse"] or 0.0, 3) == 8.660
    assert round((found["mape"] or 0.0) * 100, 2) == 8.89
    assert found["wape"] == pytest.approx(25 / 300)
    assert found["bias"] == pytest.approx(15 / 300)
    assert found["coverage_90"] == pytest.approx(2 / 3)
    assert found["wape_14"] is None
    assert found["smape"] == pytest.approx((2 * 10 / 210 + 2 * 5 / 235 + 2 * 10 / 170) / 3)


def test_h24_smape_counts_a_day_of_nothing_that_was_forecast_as_nothing_and_leaves_unknown_days_out() -> None:
    actual, forecast = np.array([[0.0, 0.0, np.nan, 3.0]]), np.array([[0.0, 2.0, 9.0, 1.0]])
    answer = Answer(forecast, np.repeat(forecast[:, None, :], len(LEVELS), axis=1), np.zeros((1, 5, 0)), np.array(["x"], object), 0.0)
    found = figures_of(sums_of(actual, np.array([[1.0, 2.0]]), answer, np.zeros((1, 5, 0)), ())[0])
    assert found["smape"] == pytest.approx((0.0 + 2.0 + 2 * 2 / 4) / 3)


def test_a_day_out_of_stock_is_no_truth_and_a_lead_time_with_one_is_not_judged() -> None:
    actual = np.ones((2, 7))
    actual[1, 3] = np.nan
    answer = Answer(np.full((2, 7), 2.0), np.full((2, 5, 7), 2.0), np.full((2, 5, 1), 14.0), np.array(["x"] * 2, object), 0.0)
    found = dict(zip(SUMS, sums_of(actual, np.ones((2, 9)), answer, np.full((2, 5, 1), 7.0), (7,)).sum(axis=0), strict=True))
    assert found["days"] == 13
    assert found["error"] == 13.0
    assert (found["lead_times"], found["lead_units"]) == (1, 7.0)
    # Seven units too many at each level cost 1 − τ each.
    assert found["loss"] == pytest.approx(7 * sum(1 - level for level in LEVELS))


# --- the plan ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"), [(365, Windows(28, 4)), (139, Windows(28, 2)), (60, Windows(14, 2)), (42, Windows(7, 2)), (41, Windows(7, 0))]
)
def test_f8_windows_get_shorter_with_history(days: int, expected: Windows) -> None:
    assert windows_for(days) == expected


def test_class_a_is_always_looked_at_and_the_others_in_turn() -> None:
    ids, important = np.arange(1, 3 * MOST_SKUS + 1), np.arange(1, 101)
    first, same, later = (sample_of(ids, important, DAY + timedelta(days=days)) for days in (0, 0, 7))
    assert len(first) == MOST_SKUS
    assert np.isin(important, first).all()
    assert np.isin(important, later).all()
    assert np.array_equal(first, same)
    assert len(np.union1d(first, later)) > 1.4 * MOST_SKUS


# --- a trial -----------------------------------------------------------------------------------------------------------------------------


class Level(Forecaster):
    """The mean of all days, for series of sixty days and more."""

    slug: ClassVar[str] = "test-level"
    name: ClassVar[Label] = Label("Level", "水平")
    min_history_days: ClassVar[int] = 60
    batches: ClassVar[list[int]] = []

    def fit(self, panel: Panel) -> State:
        return {}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        assert (~np.isnan(batch.panel.values)).sum(axis=1).min() >= 60
        self.batches.append(len(batch.panel.values))
        if np.nanmax(batch.panel.values) == 99.0:
            raise ValueError("99 is too much.")
        mean = np.nanmean(batch.panel.values, axis=1).astype(np.float32)
        n, h, q = len(mean), batch.horizon, len(batch.quantile_levels)
        return ForecastResult(
            np.broadcast_to(mean[:, None], (n, h)).copy(),
            np.broadcast_to(mean[:, None, None], (n, q, h)).copy(),
            np.ones(n, np.float32),
        )


@pytest.fixture
def level(monkeypatch: pytest.MonkeyPatch) -> str:
    """A built-in forecaster more."""
    known = registry()
    kind = next(kind for kind in known.by_kind if kind.value == "forecaster")
    more = {**known.by_kind[kind], Level.slug: Registered(kind, Level.slug, Level(), None)}
    changed = type(known)(known.plugins, {**known.by_kind, kind: more})
    monkeypatch.setattr("stockhub.pluginhost.registry._registry", changed)
    return Level.slug


@pytest.mark.django_db
def test_h23_a_series_that_is_too_short_is_not_given_to_the_forecaster(level: str) -> None:
    values = np.full((2, 90), 4.0, np.float32)
    values[1, :50] = np.nan
    found = run_chain(panel(values), chain=["recent-average"], horizon=7, quantile_levels=(0.5,), champions=[level, level])
    assert found.model_used == [level, "recent-average"]
    assert found.fallback_reason == ["", f"{level}: SHORT_HISTORY"]
    assert found.mean.tolist() == [[4.0] * 7] * 2
    assert found.failures == {}


@pytest.mark.django_db
def test_d14_a_costly_model_is_asked_for_few_series_at_a_time_and_not_again_once_it_failed(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stockhub.demand.forecasting.COSTLY_AT_ONCE", 3)
    monkeypatch.setattr(Level, "costly", True)
    values = np.full((8, 90), 4.0, np.float32)
    ask = partial(run_chain, chain=["recent-average"], horizon=7, quantile_levels=(0.5,), champions=[level] * 8)
    assert ask(panel(values)).model_used == [level] * 8
    assert Level.batches[-3:] == [3, 3, 2]
    values[4, 89] = 99.0  # what this one cannot stand
    found = ask(panel(values))
    assert Level.batches[-2:] == [3, 3]
    assert found.model_used == [level] * 3 + ["recent-average"] * 5
    assert set(found.fallback_reason[3:]) == {f"{level}: raised"}


def first_days(values: NDArray[np.float32]) -> Callable[[int], Panel]:
    return lambda days: panel(values[:, :days].copy())


@pytest.mark.django_db
def test_what_came_after_a_cutoff_changes_nothing_that_was_said_at_it() -> None:
    rng = np.random.default_rng(3)
    values = rng.poisson(5, (6, 160)).astype(np.float32)
    shuffled = values.copy()
    rng.shuffle(shuffled[:, -28:], axis=1)
    kinds, nobody = np.full(6, "smooth", object), np.zeros(6, np.bool_)
    said = []
    for history in (values, shuffled):
        entrants = Field(["recent-average", "ses-optimised"], [], 0.0)
        trial = hold_trial(
            panel(history), first_days(history), kinds, nobody, Question(28, (7, 28)), windows=4, history_days=365, entrants=entrants
        )
        assert trial.failures == {}
        said.append({key: sums[:3, : SUMS.index("seconds")] for key, sums in trial.sums.items()})
    assert said[0].keys() == {("smooth", "recent-average"), ("smooth", "ses-optimised")}
    for key, sums in said[0].items():
        assert np.array_equal(sums, said[1][key])
        assert sums[:, SUMS.index("series")].tolist() == [6.0] * 3


@pytest.mark.django_db
def test_d14_a_costly_model_stops_when_its_time_is_up() -> None:
    values = np.random.default_rng(3).poisson(5, (4, 160)).astype(np.float32)
    everybody = np.ones(4, np.bool_)
    entrants = Field(["recent-average"], ["ses-optimised"], 0.0)
    trial = hold_trial(
        panel(values),
        first_days(values),
        np.full(4, "smooth", object),
        everybody,
        Question(28, (28,)),
        windows=4,
        history_days=365,
        entrants=entrants,
    )
    assert trial.out_of_time == {"ses-optimised"}
    assert {model for _kind, model in trial.sums} == {"recent-average"}


# --- the cycle ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return make_world()


WEEK = [1.0, 2.0, 2.0, 3.0, 5.0, 12.0, 10.0]


@pytest.mark.django_db
@pytest.mark.both_databases
def test_f8_h23_h24_the_best_of_each_kind_is_put_into_use_and_forecasts(world: World) -> None:
    """Demand that repeats every week to the unit: the seasonal naive forecast is never wrong, smoothing always is."""
    ForecastSettings.objects.create(
        chain=["ses-optimised", "recent-average"], horizon_days=28, quantile_levels=[0.5, 0.9], backtest_minutes=0
    )
    for number in range(3):
        world.sold(world.sku(f"S{number}"), [day * (number + 1) for day in WEEK] * 25, last_on=YESTERDAY)
    world.sold(world.sku("NEW"), [4.0] * 5, last_on=YESTERDAY)
    cycle = run_cycle("backtest")
    assert (cycle.status, cycle.message) == (CycleStatus.DONE, "")
    plan = Backtest.objects.get()
    assert (plan.horizon_days, plan.windows, plan.last_on, plan.lead_times) == (28, 4, YESTERDAY, [7, 14, 28])
    champion = Champion.objects.get(kind=DemandKind.ERRATIC)
    assert (champion.model, champion.decision, champion.shared, champion.score) == ("seasonal-naive", Decision.TAKEN, True, 0.0)
    assert Champion.objects.count() == 5
    # Of two means that are never wrong either, the first by name.
    assert (champion.mean_model, champion.mean_decision, champion.mean_score) == ("holt-winters", Decision.TAKEN, 0.0)
    assert champion.mean_since_at == champion.since_at
    crowned = ModelAccuracy.objects.filter(is_mean_champion=True).values_list("model", flat=True).distinct()
    assert list(crowned) == ["holt-winters"]
    figures = ModelAccuracy.objects.get(kind="", model="seasonal-naive")
    assert (figures.wape, figures.bias, figures.series_windows) == (0.0, 0.0, 12)
    smoothing = ModelAccuracy.objects.get(kind="", model="ses-optimised")
    assert smoothing.wape is not None
    assert smoothing.wape > 0.3
    run_cycle("forecast")
    made = {f.sku.code: f for f in Forecast.objects.select_related("sku")}
    assert (made["S1"].model_used, made["S1"].fallback_reason) == ("holt-winters", "")
    assert made["S1"].mean[:7].tolist() == pytest.approx([day * 2 for day in WEEK], abs=1e-3)
    assert (made["NEW"].model_used, made["NEW"].fallback_reason) == ("ses-optimised", "holt-winters: SHORT_HISTORY")
    # Four windows of three SKUs are too few past sums to order by.
    assert (made["S1"].lead_time_model, made["S1"].lead_time_fallback) == ("lead-time", "seasonal-naive: TOO_FEW_PAST_SUMS")


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_run_for_some_skus_measures_and_decides_nothing_and_a_second_one_repeats_the_first(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"], backtest_minutes=0)
    sku = world.sku("A")
    world.sold(sku, WEEK * 25, last_on=YESTERDAY)
    world.sold(world.sku("B"), WEEK * 25, last_on=YESTERDAY)
    some = run_cycle("backtest", NOW, skus=("A",))
    assert Champion.objects.count() == 0
    assert ModelAccuracy.objects.get(backtest__cycle=some, kind="", model="naive").series_windows == 4
    whole = run_cycle("backtest", NOW + timedelta(hours=1))
    assert Champion.objects.count() == 5
    assert ModelAccuracy.objects.get(backtest__cycle=whole, kind="", model="naive").series_windows == 8
    again = run_cycle("backtest", NOW + timedelta(hours=2))
    assert again.counts["champions_changed"] == 0
    assert not Backtest.objects.get(cycle=whole).sums.exists()


@pytest.mark.django_db
def test_f8_a_shop_without_history_is_told_so(world: World) -> None:
    world.sold(world.sku("A"), [3.0] * 20, last_on=YESTERDAY)
    cycle = run_cycle("backtest")
    assert "six weeks" in cycle.message
    assert (Champion.objects.count(), Cycle.objects.get().chunks.count()) == (0, 0)
    ForecastSettings.objects.create(chain=["recent-average"], uses_champions=True)
    assert run_cycle("forecast").status == CycleStatus.DONE


@pytest.mark.django_db
@pytest.mark.both_databases
def test_f8_the_mean_comes_from_its_own_champion_and_until_there_is_one_from_that_of_sums(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=28)
    world.sold(world.sku("A"), [3.0, 5.0] * 30, last_on=YESTERDAY)
    Champion.objects.create(kind=DemandKind.SMOOTH, model="naive", decision=Decision.TAKEN)
    run_cycle("forecast")
    assert Forecast.objects.get().model_used == "naive"
    Champion.objects.update(mean_model="moving-average")
    run_cycle("forecast", NOW + timedelta(hours=1))
    assert Forecast.objects.get().model_used == "moving-average"


@pytest.mark.django_db
def test_f9_in_a_trial_a_model_without_sums_is_judged_by_what_its_past_ones_were_off_by() -> None:
    """Demand of which the days depend on each other, as those of real shops do: independent days promise far too much."""
    rng = np.random.default_rng(9)
    level = np.exp(np.cumsum(rng.normal(0.0, 0.15, (120, 200)), axis=1) * 0.6)
    values = rng.poisson(20.0 * level).astype(np.float32)
    kinds, nobody = np.full(120, "smooth", object), np.zeros(120, np.bool_)
    entrants = Field(["moving-average"], [], 0.0)
    trial = hold_trial(
        panel(values), first_days(values), kinds, nobody, Question(28, (28,)), windows=4, history_days=365, entrants=entrants
    )
    sums = trial.sums["smooth", "moving-average"]
    inside = sums[:, SUMS.index("lead_inside_90")] / sums[:, SUMS.index("lead_times")]
    # Nothing is known of the first window's past.
    assert inside[0] < 0.75
    assert (inside[1:] > 0.8).all()


@pytest.mark.django_db
def test_d14_champions_can_be_switched_off(world: World) -> None:
    Champion.objects.create(kind=DemandKind.SMOOTH, model="naive", decision=Decision.TAKEN)
    ForecastSettings.objects.create(chain=["recent-average"], uses_champions=False)
    world.sold(world.sku("A"), [3.0] * 60, last_on=YESTERDAY)
    run_cycle("forecast")
    assert Forecast.objects.get().model_used == "recent-average"
    ForecastSettings.objects.update(uses_champions=True)
    run_cycle("forecast", NOW + timedelta(hours=1))
    assert Forecast.objects.get().model_used == "naive"


@pytest.mark.django_db
def test_h22_what_came_after_a_cutoff_changes_nothing_of_how_its_past_is_cleaned(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=28)
    rng = np.random.default_rng(5)
    past = rng.poisson(5, 120).astype(float)
    past[60] = 31.0
    calm, wild = [5.0] * 28, [60.0, 0.0] * 14
    found = []
    for number, future in enumerate((calm, wild)):
        sku = world.sku(f"S{number}")
        world.sold(sku, [*past.tolist(), *future], last_on=DAY - timedelta(days=1))
        truth = true_demand_of(rows_of([sku.pk]), ForecastSettings.objects.get(), last_on=DAY - timedelta(days=1), days=148)
        found.append((truth.demand.baseline[0, :120], truth.known_after(120).values[0]))
    # The outlier of day 60 is cut to another bound, or is none, once the later days are seen.
    assert found[0][0][60] != found[1][0][60]
    np.testing.assert_array_equal(found[0][1], found[1][1])
    assert found[0][1][60] < 31.0
