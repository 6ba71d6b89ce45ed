"""Velocity over windows of recent sales, whose weights a seller sets or takes away (F2)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from numpy.typing import NDArray

from stockhub.cycles.models import CycleStatus
from stockhub.demand.backtesting.runs import known_models
from stockhub.demand.champion_models import Champion, ModelAccuracy
from stockhub.demand.models import Forecast, ForecastSettings
from stockhub.demand.velocity import VelocityWindows, kept_of, state_of
from stockhub.pluginapi import ForecastBatch, ForecastResult, Panel
from stockhub.pluginapi.testing import ForecasterContract
from tests.worlds import DAY, NOW, World, make_world, run_cycle

YESTERDAY = DAY - timedelta(days=1)
#: Ninety days: ten a day, and twenty-four in the last week.
SOLD = [10.0] * 83 + [24.0] * 7
OF_7, OF_30, OF_90 = 24.0, (23 * 10.0 + 7 * 24.0) / 30, (83 * 10.0 + 7 * 24.0) / 90


class TestContract(ForecasterContract):
    forecaster = VelocityWindows()


def panel_of(*series: list[float], out: tuple[tuple[int, slice], ...] = ()) -> Panel:
    """Series of one length, and which days of which of them say nothing."""
    values = np.array(series, np.float32)
    observed = np.ones(values.shape, np.bool_)
    for row, days in out:
        observed[row, days] = False
    return Panel(np.arange(len(values), dtype=np.int64), date(2025, 1, 1), values, observed)


def asked(panel: Panel, weights: dict[int, float], levels: tuple[float, ...] = (0.5,)) -> ForecastResult:
    return VelocityWindows().forecast(ForecastBatch(panel, 3, levels), state_of(weights))


def first_day(result: ForecastResult) -> NDArray[np.float32]:
    return result.mean[:, 0]


def test_f2_the_mean_is_that_of_the_windows_as_they_weigh_and_the_same_for_every_day() -> None:
    result = asked(panel_of(SOLD), {7: 2.0, 30: 1.0, 90: 1.0})
    assert result.mean.tolist() == [pytest.approx([(2 * OF_7 + OF_30 + OF_90) / 4] * 3)]


def test_f2_a_window_that_weighs_nothing_is_switched_off() -> None:
    assert first_day(asked(panel_of(SOLD), {7: 0.0, 30: 3.0, 90: 0.0})).tolist() == pytest.approx([OF_30])


def test_f2_f3_days_without_stock_lower_no_velocity_and_an_empty_window_leaves_its_weight_to_the_others() -> None:
    sold_out = [*SOLD[:-7], *[0.0] * 7]
    panel = panel_of(SOLD, sold_out, out=((1, slice(-7, None)),))
    # Of the last thirty days twenty-three are known, ten units each; of the last seven none.
    assert first_day(asked(panel, {7: 2.0, 30: 1.0})).tolist() == pytest.approx([(2 * OF_7 + OF_30) / 3, 10.0])


def test_f2_quantiles_are_those_of_days_as_they_weigh() -> None:
    # The last seven days weigh (1 + 7/30) / 2 = 61.7 %, so that 38.3 % are left for days of ten.
    result = asked(panel_of(SOLD), {7: 1.0, 30: 1.0}, (0.38, 0.39, 0.999999))
    assert result.quantiles[0, :, 0].tolist() == [10.0, 24.0, 24.0]


def test_f2_the_deviation_is_that_of_days_as_they_weigh_and_not_told_of_less_than_eight() -> None:
    alike = asked(panel_of([10.0, 20.0] * 20), {40: 1.0})
    assert alike.error_sd.tolist() == pytest.approx([np.std([10.0, 20.0] * 20, ddof=1)])
    assert np.isnan(asked(panel_of([10.0, 20.0] * 20), {7: 1.0}).error_sd).all()


def test_f2_a_series_without_a_known_day_in_any_window_is_left_to_the_next_forecaster() -> None:
    result = asked(panel_of(SOLD, SOLD, out=((1, slice(-30, None)),)), {7: 1.0, 30: 1.0})
    assert dict(result.unfit) == {1: "NO_OBSERVED_DAYS"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.django_db
@pytest.mark.both_databases
def test_f2_the_weights_of_the_settings_make_the_forecast_and_an_edit_changes_the_next_one(world: World) -> None:
    ForecastSettings.objects.create(chain=["velocity-windows"], horizon_days=28, quantile_levels=[0.5, 0.9], uses_champions=False)
    world.sold(world.sku("A"), SOLD, last_on=YESTERDAY)
    found = []
    for number, weights in enumerate(({}, {"7": 2, "30": 1, "90": 0}, {"90": 0.5})):
        ForecastSettings.objects.update(velocity_weights=weights)
        assert run_cycle("forecast", NOW + timedelta(minutes=number)).status == CycleStatus.DONE
        forecast = Forecast.objects.get()
        assert (forecast.model_used, forecast.fallback_reason) == ("velocity-windows", "")
        found.append(float(forecast.mean[0]))
    of_14, of_60 = (7 * 10.0 + 7 * 24.0) / 14, (53 * 10.0 + 7 * 24.0) / 60
    assert found == pytest.approx([(OF_7 + of_14 + OF_30 + of_60 + OF_90) / 5, (2 * OF_7 + OF_30) / 3, OF_90])


@pytest.mark.django_db
@pytest.mark.both_databases
def test_f2_f8_windows_in_the_chain_compete_at_night_with_the_sellers_weights(world: World) -> None:
    ForecastSettings.objects.create(chain=["recent-average"], backtest_minutes=0, velocity_weights={"1": 1})
    world.sold(world.sku("A"), [1.0, 2.0, 2.0, 3.0, 5.0, 12.0, 10.0] * 25, last_on=YESTERDAY)
    run_cycle("backtest")
    assert not ModelAccuracy.objects.filter(model="velocity-windows").exists()
    ForecastSettings.objects.update(chain=["velocity-windows", "recent-average"])
    cycle = run_cycle("backtest", NOW + timedelta(hours=1))
    figures = dict(ModelAccuracy.objects.filter(backtest__cycle=cycle, kind="").values_list("model", "wape"))
    # The window of one day is the naive forecast, and no other is.
    assert figures["velocity-windows"] == pytest.approx(figures["naive"])
    assert figures["velocity-windows"] != pytest.approx(figures["recent-average"])
    assert Champion.objects.count() == 5


def test_f2_a_file_is_tried_with_windows_where_they_are_named() -> None:
    assert "velocity-windows" not in known_models(())
    assert known_models(["velocity-windows", "naive"]) == ("velocity-windows", "naive")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "weights",
    [
        [7, 30],
        {"0": 1},
        {"366": 1},
        {"07": 1},
        {"a week": 1},
        {"7": -1},
        {"7": "2"},
        {"7": True},
        {"7": float("nan")},
        {"7": 1001},
        {str(days): 1 for days in range(1, 14)},
        {"7": 0, "30": 0},
    ],
)
def test_f2_weights_without_sense_are_refused_with_a_sentence(weights: object) -> None:
    wanted = ForecastSettings(chain=["velocity-windows"], quantile_levels=[0.5, 0.9], velocity_weights=weights)
    with pytest.raises(ValidationError) as refused:
        wanted.full_clean()
    assert list(refused.value.message_dict) == ["velocity_weights"]


@pytest.mark.django_db
@pytest.mark.parametrize("weights", [{}, {"7": 2, "30": 0.5, "90": 0}, {"365": 1000}])
def test_f2_weights_with_sense_are_taken(weights: dict[str, float]) -> None:
    wanted = ForecastSettings(chain=["velocity-windows"], quantile_levels=[0.5, 0.9], velocity_weights=weights)
    wanted.full_clean()
    # Nothing said, nothing is asked with in place of the forecaster's own.
    assert list(kept_of(wanted)) == (["velocity-windows"] if weights else [])
