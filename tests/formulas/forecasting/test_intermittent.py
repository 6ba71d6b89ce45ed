"""Demand that is mostly zero, against statsforecast."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from statsforecast import models

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.forecasting.aggregation import adida, aggregation_levels, best_alpha, bucket_sums, imapa, optimised_ses_level
from stockhub.formulas.forecasting.intermittent import croston, sba, size_and_interval, tsb

NAN = math.nan
#: Its models publish no types.
oracle: Any = models


def series_of_all_kinds(days: int) -> FloatArray:
    rng = np.random.default_rng(days)
    share, mean = np.repeat([0.05, 0.2, 0.5, 0.9, 1.0], 3), np.tile([1.0, 5.0, 20.0], 5)
    demand = rng.poisson(mean[:, None], (15, days)) * (rng.random((15, days)) < share[:, None])
    return demand.astype(np.float64)


@pytest.mark.parametrize("days", [17, 60, 91])
def test_rates_equal_statsforecast(days: int) -> None:
    demand = series_of_all_kinds(days)
    pairs: list[tuple[FloatArray, Any]] = [
        (croston(demand), oracle.CrostonClassic()),
        (sba(demand), oracle.CrostonSBA()),
        (tsb(demand, 0.2, 0.1), oracle.TSB(0.2, 0.1)),
        (imapa(demand), oracle.IMAPA()),
    ]
    # With two buckets the error does not depend on the constant, and rounding chooses it.
    enough = aggregation_levels(demand) * 3 <= days
    pairs.append((np.where(enough, adida(demand), NAN), oracle.ADIDA()))
    for rates, model in pairs:
        expected = np.array([model.forecast(y=row, h=1)["mean"][0] for row in demand])
        compared = ~np.isnan(rates)
        assert compared.sum() >= 9
        np.testing.assert_allclose(rates[compared], expected[compared], rtol=1e-6, atol=1e-9)


def test_the_steps_of_croston() -> None:
    smoothed = size_and_interval(np.array([[0.0, 6.0, 0.0, 0.0, 4.0, 0.0]]), 0.5)
    assert (smoothed.size.tolist(), smoothed.interval.tolist()) == ([5.0], [2.5])
    assert croston(np.array([[0.0, 6.0, 0.0, 0.0, 4.0, 0.0]]), 0.5).tolist() == [2.0]
    assert sba(np.array([[0.0, 6.0, 0.0, 0.0, 4.0, 0.0]]), 0.5).tolist() == [1.5]


def test_only_tsb_falls_while_nothing_is_sold() -> None:
    alive = np.array([[5.0] * 10])
    dying = np.hstack([alive, np.zeros((1, 20))])
    assert sba(dying).tolist() == sba(alive).tolist()
    assert tsb(dying, 0.1, 0.1)[0] == pytest.approx(5.0 * 0.9**20)


@pytest.mark.parametrize("rate", [croston, sba, lambda y: tsb(y, 0.2, 0.2), adida, imapa])
def test_no_demand_is_0_no_history_is_missing_and_missing_periods_are_skipped(rate: object) -> None:
    assert callable(rate)
    gaps = np.array([[3.0, NAN, 0.0, NAN, NAN, 4.0, 0.0, 2.0], [NAN] * 8, [0.0] * 8, [NAN, 0.0, NAN, 0.0, 0.0, 0.0, 0.0, NAN]])
    found = rate(gaps)
    assert found[0] == pytest.approx(rate(np.array([[3.0, 0.0, 4.0, 0.0, 2.0]]))[0])
    np.testing.assert_array_equal(found[1:], [NAN, 0.0, 0.0])
    assert np.isnan(rate(np.zeros((1, 0)))).all()
    assert rate(np.zeros((0, 4))).shape == (0,)


def test_buckets_end_at_the_newest_period() -> None:
    assert bucket_sums(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), 2).tolist() == [[5.0, 9.0]]
    assert bucket_sums(np.ones((1, 2)), 3).shape == (1, 0)
    assert aggregation_levels(np.array([[0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0], [0.0] * 7])).tolist() == [2, 0]
    with pytest.raises(InvalidParameterError):
        bucket_sums(np.ones((1, 2)), 0)


def test_the_best_constant_beats_its_neighbours() -> None:
    rng = np.random.default_rng(1)
    series = np.cumsum(rng.normal(0, 1, (6, 60)), axis=1) + rng.normal(0, 3, (6, 60))

    def loss(alpha: FloatArray) -> FloatArray:
        level, squares = series[:, 0], np.zeros(6)
        for day in series[:, 1:].T:
            squares, level = squares + (day - level) ** 2, alpha * day + (1 - alpha) * level
        return squares

    best = best_alpha(series, 0.01, 0.99)
    assert ((best > 0.01) & (best < 0.99)).all()
    assert (loss(best) <= np.minimum(loss(best - 1e-3), loss(best + 1e-3))).all()
    optimised = oracle.SimpleExponentialSmoothingOptimized()
    np.testing.assert_allclose(
        optimised_ses_level(series, 0.01, 0.99),
        [optimised.forecast(y=row, h=1)["mean"][0] for row in series],
        rtol=1e-5,
    )
    with pytest.raises(InvalidParameterError):
        best_alpha(series, 0.5, 0.4)


def test_constants_outside_of_0_to_1() -> None:
    with pytest.raises(InvalidParameterError):
        croston(np.ones((1, 3)), 1.5)
    for size, probability in ((-0.1, 0.1), (0.1, 1.1)):
        with pytest.raises(InvalidParameterError):
            tsb(np.ones((1, 3)), size, probability)
