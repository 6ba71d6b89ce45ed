"""Cliffs and shifts of the mean, against ruptures and scipy (science.md 3.14)."""

from __future__ import annotations

import math

import numpy as np
import pytest
import ruptures
from scipy.stats import binom

from stockhub.formulas.health.cliff import (
    fall_cusum,
    is_cliff,
    is_falling_away,
    mean_drop,
    rate_drop_p_value,
    shift_statistics,
)
from stockhub.formulas.health.segmentation import penalised_breaks, single_break
from stockhub.values import Explanation

NAN = math.nan


def cliffs(series: np.ndarray) -> np.ndarray:
    shift = shift_statistics(series)
    sides = (shift.units_before, shift.days_before, shift.units_after, shift.days_after)
    return is_cliff(mean_drop(*sides), shift.days_since_break, shift.days_after, rate_drop_p_value(*sides, shift.dispersion))


@pytest.mark.parametrize("seed", range(25))
def test_breaks_are_those_of_ruptures(seed: int) -> None:
    random = np.random.default_rng(seed)
    t, least = int(random.integers(12, 60)), int(random.integers(2, 5))
    level, ratio, at = random.uniform(3, 60), random.uniform(0.05, 1.2), int(random.integers(4, t - 3))
    series = random.poisson(np.where(np.arange(t) < at, level, level * ratio)).astype(np.float64)
    penalty = float(random.uniform(1, 30) * level)
    assert single_break(series, least) == ruptures.Dynp(model="l2", min_size=least, jump=1).fit(series).predict(n_bkps=1)[0]
    expected = ruptures.Pelt(model="l2", min_size=least, jump=1).fit(series).predict(pen=penalty)[:-1]
    assert np.flatnonzero(penalised_breaks(series, np.array(penalty), least)).tolist() == expected


def test_many_skus_break_as_each_alone() -> None:
    random = np.random.default_rng(3)
    series = random.poisson(random.uniform(1, 40, (30, 1)) * np.ones(60)).astype(np.float64)
    series[:15, 40:] = np.floor(series[:15, 40:] * 0.3)
    series[random.uniform(size=series.shape) < 0.1] = NAN
    penalty = np.full(30, 200.0)
    np.testing.assert_array_equal(single_break(series), [single_break(row) for row in series])
    np.testing.assert_array_equal(penalised_breaks(series, penalty), [penalised_breaks(row, np.array(200.0)) for row in series])
    np.testing.assert_array_equal(cliffs(series), [cliffs(row) for row in series])


def test_missing_days_cost_nothing_and_fill_no_segment() -> None:
    assert single_break(np.array([9.0, NAN, 9, NAN, 9, 2, NAN, 2, 2])) == 5.0
    assert math.isnan(float(single_break(np.array([9.0, NAN, 9, NAN, 2, 2, NAN, NAN, 2]))))
    shift = shift_statistics(np.array([9.0, NAN, 9, NAN, 9, 2, NAN, 2, 2]))
    found = [float(field) for field in shift]
    assert found == [5.0, 4.0, 27.0, 3.0, 6.0, 3.0, 1.0], "Break, days since; units and days before, and after; dispersion."


@pytest.mark.parametrize("series", [[], [5.0], [5.0] * 5, [NAN] * 9])
def test_a_series_too_short_for_two_segments_has_no_break(series: list[float]) -> None:
    assert math.isnan(float(single_break(np.array(series))))
    assert not penalised_breaks(np.array(series), np.array(1.0)).any()
    assert all(math.isnan(float(field)) for field in shift_statistics(np.array(series)))
    assert math.isnan(float(cliffs(np.array(series))))


def test_breaks_do_not_depend_on_the_level() -> None:
    series = np.array([5.0] * 10 + [4.0] * 10)
    assert single_break(series + 1e8) == single_break(series) == 10.0


def test_a_cliff_is_deep_recent_followed_and_no_chance() -> None:
    """Arguments: drop, days since the break, days after it, p-value."""
    assert is_cliff(0.7, 28.0, 3.0, 0.001) == 1.0
    assert is_cliff(0.4, 10.0, 10.0, 0.001) == 1.0
    assert is_cliff(0.39, 10.0, 10.0, 0.001) == 0.0
    assert is_cliff(0.7, 29.0, 29.0, 0.001) == 0.0
    assert is_cliff(0.7, 4.0, 2.0, 0.001) == 0.0
    assert is_cliff(0.7, 10.0, 10.0, 0.01) == 0.0
    assert is_cliff(1.0 - 3.0 / 5.0, 10.0, 10.0, 0.001) == 1.0, "40 %, which floats miss by the last digit"
    assert math.isnan(is_cliff(NAN, 10.0, 10.0, 0.001))


def test_a_fall_that_noise_explains_is_no_cliff() -> None:
    random = np.random.default_rng(11)
    steady = random.poisson(20.0, (400, 60)).astype(np.float64)
    slow = random.poisson(0.5, (400, 60)).astype(np.float64)
    fallen = random.poisson(np.where(np.arange(60) < 45, 20.0, 6.0), (400, 60)).astype(np.float64)
    old = random.poisson(np.where(np.arange(60) < 20, 20.0, 6.0), (400, 60)).astype(np.float64)
    assert cliffs(steady).mean() == 0.0
    assert cliffs(slow).mean() < 0.05
    assert cliffs(fallen).mean() == 1.0
    assert cliffs(old).mean() == 0.0


@pytest.mark.parametrize(
    ("before", "days_before", "after", "days_after"), [(30, 45, 2, 15), (200, 40, 30, 20), (5, 57, 0, 3), (1, 3, 1, 3)]
)
def test_the_rate_test_is_the_conditional_binomial_one(before: int, days_before: int, after: int, days_after: int) -> None:
    exact = binom.cdf(after, before + after, days_after / (days_before + days_after))
    assert rate_drop_p_value(float(before), float(days_before), float(after), float(days_after)) == pytest.approx(exact, rel=1e-9)


def test_dispersed_demand_needs_a_deeper_fall() -> None:
    poisson, dispersed = (rate_drop_p_value(60.0, 40.0, 10.0, 15.0, dispersion) for dispersion in (1.0, 4.0))
    assert poisson < 0.01 < dispersed
    assert rate_drop_p_value(60.0, 40.0, 10.0, 15.0, 4.0) == rate_drop_p_value(15.0, 40.0, 2.5, 15.0)


def test_rates_at_their_edges() -> None:
    assert rate_drop_p_value(0.0, 40.0, 10.0, 15.0) == 1.0
    assert rate_drop_p_value(0.0, 40.0, 0.0, 15.0) == 1.0
    assert math.isnan(rate_drop_p_value(-1.0, 40.0, 10.0, 15.0))
    assert math.isnan(mean_drop(0.0, 40.0, 10.0, 15.0))
    assert mean_drop(40.0, 40.0, 0.0, 15.0) == 1.0


def test_a_cliff_explains_itself() -> None:
    names = ("units_before", "days_before", "units_after", "days_after")
    sides = [Explanation.input(name, value) for name, value in zip(names, (900.0, 45.0, 90.0, 15.0), strict=True)]
    tree = is_cliff(mean_drop(*sides), Explanation.input("days_since_break", 15.0), sides[3], rate_drop_p_value(*sides))
    assert tree.value == tree.evaluate() == 1.0
    assert {"mean_drop", "rate_drop_p_value", "is_cliff"} <= {node.name for node in tree.walk()}
    assert Explanation.from_json(tree.to_json()).evaluate() == 1.0


def test_the_cumulative_sum_tells_before_the_break_is_certain() -> None:
    series = np.array([10.0] * 5 + [6.0, 6.0, 6.0, NAN, 6.0])
    path = fall_cusum(series, np.array(10.0), np.array(2.0))
    walked, total = [], 0.0
    for units in series:
        total = total if math.isnan(units) else max(0.0, total + (10.0 - units) / 2.0 - 0.5)
        walked.append(total)
    assert path.tolist() == pytest.approx(walked)
    assert [is_falling_away(float(value)) for value in path[-3:]] == [0.0, 0.0, 1.0]
    assert is_falling_away(5.0) == 0.0


def test_the_cumulative_sum_equals_its_recursion_and_needs_a_deviation() -> None:
    random = np.random.default_rng(2)
    series = random.poisson(8.0, (6, 50)).astype(np.float64)
    path = fall_cusum(series, np.full(6, 8.0), np.array([3.0, 3.0, 3.0, 1.0, 0.0, NAN]))
    walked = np.zeros(4)
    for day in range(50):
        walked = np.maximum(0.0, walked + (8.0 - series[:4, day]) / np.array([3.0, 3.0, 3.0, 1.0]) - 0.5)
        np.testing.assert_allclose(path[:4, day], walked, atol=1e-9)
    assert np.isnan(path[4:]).all()
    assert fall_cusum(np.zeros(0), np.array(8.0), np.array(3.0)).shape == (0,)
