"""The chance that stock is gone at any of several times, from the chances at each."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from stockhub.formulas.distributions.running_out import LEVEL_ERROR, chance_of_running_out
from stockhub.formulas.elementwise import FloatArray


def of(elapsed: list[float], reached: list[float]) -> float:
    row = np.zeros(len(elapsed), np.int64)
    return float(chance_of_running_out(row, np.array(elapsed), np.array(reached), 1)[0])


def correlation_of(days: FloatArray) -> FloatArray:
    shared = LEVEL_ERROR**2 * np.outer(days, days) + np.minimum.outer(days, days)
    spread = np.sqrt(np.diag(shared))
    correlation: FloatArray = shared / np.outer(spread, spread)
    return correlation


def test_n5_one_time_has_its_own_chance_and_none_has_none() -> None:
    assert of([14.0], [0.3]) == pytest.approx(0.3)
    assert chance_of_running_out(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 2).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("reached", [(0.2, 0.3), (0.5, 0.5), (0.9, 0.1), (0.001, 0.002), (0.0, 0.4), (1.0, 0.2)])
@pytest.mark.parametrize("days", [(3.0, 28.0), (13.0, 14.0), (7.0, 7.0)])
def test_n5_of_two_times_it_is_the_bivariate_normals(days: tuple[float, float], reached: tuple[float, float]) -> None:
    scores = np.clip(ndtri(1.0 - np.array(reached)), -8.0, 8.0)
    both = multivariate_normal([0.0, 0.0], correlation_of(np.array(days)), allow_singular=True).cdf(scores)
    assert of([*days], [*reached]) == pytest.approx(max(1.0 - both, *reached), abs=1e-6)


def test_n5_of_three_times_it_is_close_to_what_paths_say() -> None:
    days, reached = np.array([5.0, 14.0, 28.0]), np.array([0.2, 0.3, 0.25])
    paths = np.random.default_rng(11).multivariate_normal(np.zeros(3), correlation_of(days), 200_000)
    simulated = (paths > ndtri(1.0 - reached)).any(axis=1).mean()
    assert of(days.tolist(), reached.tolist()) == pytest.approx(simulated, abs=0.01)


def test_n5_no_chance_of_any_is_less_than_that_of_one_nor_more_than_all_together() -> None:
    rng = np.random.default_rng(3)
    row = np.repeat(np.arange(500), 4)
    elapsed = np.sort(rng.uniform(1.0, 60.0, (500, 4)), axis=1).ravel()
    reached = rng.random(2000) ** 3
    found = chance_of_running_out(row, elapsed, reached, 500)
    assert (found >= reached.reshape(500, 4).max(axis=1)).all()
    assert (found <= np.minimum(reached.reshape(500, 4).sum(axis=1), 1.0) + 1e-9).all()


def test_n5_what_is_unknown_at_one_time_is_unknown() -> None:
    assert np.isnan(of([7.0, 14.0], [np.nan, 0.3]))
    assert np.isnan(of([7.0, 14.0], [0.3, np.nan]))


def test_rows_do_not_see_each_other() -> None:
    row = np.array([0, 0, 2])
    found = chance_of_running_out(row, np.array([7.0, 14.0, 3.0]), np.array([0.2, 0.3, 0.4]), 3)
    np.testing.assert_allclose(found, [of([7.0, 14.0], [0.2, 0.3]), 0.0, 0.4])
