"""Forecasts that lean, signals from the market, and totals."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from stockhub.formulas.forecasting.hierarchy import bottom_up, total_mean, total_sd
from stockhub.formulas.forecasting.market_signals import adjusted_forecast, signal_effect, signal_factor
from stockhub.formulas.forecasting.monitoring import (
    FORECAST_LEANS,
    TOO_HIGH,
    TOO_LOW,
    UNBIASED,
    forecast_lean,
    tracking,
    tracking_signal,
)
from stockhub.values import Explanation

NAN = math.nan


def test_h1_a_rivals_launch_lowers_the_forecast_until_it_expires() -> None:
    starts, expires = (float(date(2026, 6, day).toordinal()) for day in (10, 17))
    days = np.array([float(date(2026, 6, day).toordinal()) for day in (9, 10, 16, 17)])
    factors = signal_factor(days, np.full(4, 0.8), np.full(4, starts), np.full(4, expires))
    assert factors.tolist() == [1.0, 0.8, 0.8, 1.0]
    adjusted = adjusted_forecast(np.full(4, 50.0), [factors, np.full(4, 1.5)])
    np.testing.assert_allclose(adjusted, [75.0, 60.0, 60.0, 75.0])
    assert signal_effect(50.0, 40.0) == -10.0


def test_h1_every_signal_is_listed_as_a_reason() -> None:
    today = Explanation.input("day", 12.0, unit="day")

    def signal(name: str, factor: float) -> Explanation:
        bounds = [Explanation.input(f"{name}_{end}", at, unit="day") for end, at in (("starts_on", 10.0), ("expires_on", 17.0))]
        return signal_factor(today, Explanation.input(name, factor, unit="1", source="market signal"), *bounds)

    forecast = Explanation.input("forecast", 50.0, unit="unit/day", source="forecast")
    tree = adjusted_forecast(forecast, [signal("competitor_launch", 0.8), signal("keyword_rank", 1.25)])
    assert tree.evaluate() == pytest.approx(50.0)
    assert {"competitor_launch", "keyword_rank", "forecast"} <= set(tree.inputs())
    later = {name: node.value for name, node in tree.inputs().items()} | {"day": 17.0, "competitor_launch": None}
    assert tree.fill(later).value == 50.0


def test_a_factor_below_0_sells_nothing_and_no_signal_changes_nothing() -> None:
    assert signal_factor(1.0, -0.5, 0.0, 5.0) == 0.0
    assert adjusted_forecast(7.0, []) == 7.0


def test_h2_six_forecasts_of_100_for_80_sold_raise_the_bias_alert() -> None:
    seen = tracking(np.full((1, 6), 80.0), np.full((1, 6), 100.0))
    assert tracking_signal(seen.error_sum, seen.mean_absolute_error).tolist() == [-6.0]
    assert forecast_lean(seen.error_sum, seen.mean_absolute_error).tolist() == [TOO_HIGH]
    assert FORECAST_LEANS[int(TOO_HIGH)] == "over_optimistic"


def test_the_limit_itself_is_no_alert() -> None:
    assert [forecast_lean(sum_, 10.0) for sum_ in (-40.0, -40.1, 40.0, 40.1)] == [UNBIASED, TOO_HIGH, UNBIASED, TOO_LOW]
    assert forecast_lean(25.0, 10.0, 2.0) == TOO_LOW


def test_met_forecasts_and_no_forecasts() -> None:
    seen = tracking(np.array([[5.0, NAN, 5.0], [NAN] * 3]), np.array([[5.0, 9.0, 5.0], [1.0] * 3]))
    np.testing.assert_array_equal(tracking_signal(seen.error_sum, seen.mean_absolute_error), [0.0, NAN])
    np.testing.assert_array_equal(forecast_lean(seen.error_sum, seen.mean_absolute_error), [UNBIASED, NAN])


def test_means_and_variances_add_and_quantiles_do_not() -> None:
    assert total_mean([10.0, 20.0]) == 30.0
    assert total_sd([3.0, 4.0]) == 5.0
    assert total_sd([3.0, 4.0], 1.0) == 7.0
    assert total_sd([3.0, 4.0], -1.0) == 1.0
    assert (total_mean([]), total_sd([])) == (0.0, 0.0)
    totals = bottom_up(np.array([0, 2, 0, 2]), np.array([1.0, 5.0, 2.0, NAN]), np.array([9.0, 1.0, 16.0, 1.0]), 3)
    np.testing.assert_array_equal(totals.mean, [3.0, 0.0, NAN])
    np.testing.assert_array_equal(np.sqrt(totals.variance), [5.0, 0.0, math.sqrt(2.0)])
    quantile = 1.6448536269514722
    assert totals.mean[0] + quantile * math.sqrt(totals.variance[0]) < (1.0 + quantile * 3.0) + (2.0 + quantile * 4.0)
