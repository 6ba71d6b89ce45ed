"""A stock-out before or after one arrival, against the exact sum over demands."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from stockhub.formulas.distributions.families import NEGATIVE_BINOMIAL, NORMAL, POISSON
from stockhub.formulas.distributions.one_inbound import p_any_of_two
from stockhub.formulas.distributions.several_inbounds import DailyDemand, checkpoints, p_any_stockout


def over(family: float, mean: float, variance: float) -> Any:  # noqa: ANN401 - scipy has no type for both kinds
    """Demand of a stretch of days."""
    if family == POISSON:
        return stats.poisson(mean)
    if family == NORMAL:
        return stats.norm(mean, np.sqrt(variance))
    return stats.nbinom(mean * mean / (variance - mean), mean / variance)


def exact(family: float, mean: float, variance: float, elapsed: tuple[float, float], available: tuple[float, float]) -> float:
    first, second = (over(family, mean * days, variance * days) for days in (elapsed[0], elapsed[1] - elapsed[0]))
    if family == NORMAL:
        grid = np.linspace(first.ppf(1e-12), available[0], 20_001)
        middle = (grid[1:] + grid[:-1]) / 2
        return float(first.sf(available[0]) + np.sum(np.diff(first.cdf(grid)) * second.sf(available[1] - middle)))
    units = np.arange(int(available[0]))
    return float(first.sf(available[0] - 1) + np.sum(first.pmf(units) * second.sf(available[1] - units - 1)))


def test_the_chance_is_that_of_the_exact_sum() -> None:
    rng = np.random.default_rng(618)
    n = 300
    family = rng.choice([POISSON, NEGATIVE_BINOMIAL, NORMAL], n)
    first = rng.integers(1, 30, n).astype(np.float64)
    mean = np.where(family == NORMAL, rng.uniform(50, 500, n), np.exp(rng.normal(0.5, 1.5, n)))
    variance = np.select([family == POISSON, family == NORMAL], [mean, mean * mean * 0.1], mean * rng.uniform(1.1, 6, n))
    elapsed = np.array([first, first + rng.integers(1, 30, n)])
    there = np.floor(mean * first * rng.uniform(0.7, 2.0, n)) + 1
    available = np.array([there, there + np.floor(mean * (elapsed[1] - first) * rng.uniform(0.3, 1.6, n))])
    computed = p_any_of_two(family, mean, variance, elapsed, available)
    truth = [exact(family[i], mean[i], variance[i], tuple(elapsed[:, i]), tuple(available[:, i])) for i in range(n)]
    assert np.abs(computed - truth).max() < 0.005
    assert np.std(truth) > 0.2


def test_few_units_are_summed_exactly() -> None:
    rate = np.array([0.5])
    computed = p_any_of_two(np.array([POISSON]), rate, rate, np.array([[10.0], [20.0]]), np.array([[8.0], [12.0]]))
    assert abs(computed[0] - exact(POISSON, 0.5, 0.5, (10.0, 20.0), (8.0, 12.0))) < 1e-6


def test_nothing_there_before_the_arrival_is_a_stockout() -> None:
    for family in (POISSON, NEGATIVE_BINOMIAL, NORMAL):
        elapsed, available = np.array([[3.0], [9.0]]), np.array([[0.0], [500.0]])
        computed = p_any_of_two(np.array([family]), np.array([5.0]), np.array([9.0]), elapsed, available)
        assert computed.tolist() == [1.0]


def test_one_arrival_is_computed_and_not_drawn() -> None:
    points = checkpoints(np.array([30.0]), np.array([20.0]), np.array([0]), np.array([8.0]), np.array([35.0]))
    daily = DailyDemand(np.array([POISSON]), np.array([3.0]), np.array([3.0]))
    found = p_any_stockout(points, daily, np.arange(1), seed=1)
    assert found.at_most[0] - found.at_least[0] > 0.02
    assert found.standard_error.tolist() == [0.0]
    assert abs(found.probability[0] - exact(POISSON, 3.0, 3.0, (8.0, 20.0), (30.0, 65.0))) < 0.005
