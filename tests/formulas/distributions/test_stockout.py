"""The chance of a stock-out before the next arrival, and over several arrivals."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.distributions.families import GAMMA, NEGATIVE_BINOMIAL, NORMAL, POISSON
from stockhub.formulas.distributions.stockout import (
    available_before_arrival,
    mixed_probability,
    p_any_at_least,
    p_any_at_most,
    p_unmet,
    p_unmet_over_lead_times,
    p_zero,
    p_zero_over_lead_times,
)
from stockhub.values import Explanation

NAN = math.nan
families = st.sampled_from([POISSON, NEGATIVE_BINOMIAL, NORMAL, GAMMA])
stocks = st.integers(-20, 400).map(float)
# Nothing, or a number that divided by another such stays a float: beyond, an answer is missing (`by_family`).
means = st.just(0.0) | st.floats(1e-6, 300)
dispersions = st.just(0.0) | st.floats(1e-6, 20)


@settings(max_examples=60, deadline=None)
@given(available=stocks, more=st.integers(0, 50), family=families, mean=means, dispersion=dispersions)
def test_going_dark_is_likelier_than_losing_a_customer_and_both_fall_with_stock(
    available: float, more: int, family: float, mean: float, dispersion: float
) -> None:
    variance = mean * dispersion
    dark, lost = p_zero(available, family, mean, variance), p_unmet(available, family, mean, variance)
    assert 1 >= dark >= lost >= 0
    assert p_zero(available + more, family, mean, variance) <= dark + 1e-12
    assert p_unmet(available + more, family, mean, variance) <= lost + 1e-12


def test_an_empty_shelf_is_dark_and_loses_whoever_comes() -> None:
    for family in (POISSON, NEGATIVE_BINOMIAL, NORMAL, GAMMA):
        assert p_zero(0.0, family, 6.0, 15.0) == p_zero(-4.0, family, 6.0, 15.0) == p_unmet(-4.0, family, 6.0, 15.0) == 1.0
    assert p_unmet(0.0, POISSON, 6.0, NAN) == pytest.approx(1 - math.exp(-6.0), rel=1e-14)


def test_nothing_is_sold_and_no_time_passes() -> None:
    assert (p_zero(5.0, POISSON, 0.0, NAN), p_unmet(0.0, POISSON, 0.0, NAN)) == (0.0, 0.0)
    assert p_zero_over_lead_times(5.0, NEGATIVE_BINOMIAL, 4.0, 9.0, [0.0], [1.0]) == 0.0
    assert math.isnan(p_zero(NAN, POISSON, 3.0, NAN))


def test_available_counts_what_lands_before_and_not_what_is_promised_away() -> None:
    assert available_before_arrival(50.0, 20.0, 15.0, 5.0) == 50.0


def test_lead_times_are_mixed_and_not_averaged() -> None:
    days, weights = [5.0, 15.0, 30.0], [0.2, 0.5, 0.3]
    by_hand = sum(w * p_zero(10.0, POISSON, 0.5 * d, NAN) for d, w in zip(days, weights, strict=True))
    assert p_zero_over_lead_times(10.0, POISSON, 0.5, 0.5, days, weights) == pytest.approx(by_hand, rel=1e-14)
    assert p_zero_over_lead_times(10.0, POISSON, 0.5, 0.5, days, [2.0, 5.0, 3.0]) == pytest.approx(by_hand, rel=1e-14)
    assert p_unmet_over_lead_times(10.0, POISSON, 0.5, 0.5, days, weights) < by_hand
    assert math.isnan(mixed_probability([0.5, 0.5], [0.0, 0.0]))


def test_n4_a_chance_of_a_stockout_explains_itself() -> None:
    inputs = {"available": 40.0, "family": NEGATIVE_BINOMIAL, "daily_mean": 4.0, "daily_variance": 9.0}
    trees: list[Any] = [Explanation.input(name, value) for name, value in inputs.items()]
    lead_times: Any = ([7.0, 10.0], [0.6, 0.4])
    numbers: list[Any] = list(inputs.values())
    tree, number = p_zero_over_lead_times(*trees, *lead_times), p_zero_over_lead_times(*numbers, *lead_times)
    assert (tree.name, tree.unit) == ("p_zero_over_lead_times", "probability")
    assert tree.value == tree.evaluate() == pytest.approx(number, rel=1e-14)
    assert Explanation.from_json(tree.to_json()).evaluate() == tree.value
    assert set(tree.inputs()) == set(inputs)
    arrays: list[Any] = [np.full(3, value) for value in numbers]
    array = p_zero_over_lead_times(*arrays, *lead_times)
    np.testing.assert_allclose(array, number, rtol=1e-14)


@settings(max_examples=60, deadline=None)
@given(chances=st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_the_bounds_of_any_stockout(chances: list[float]) -> None:
    least, most = p_any_at_least(chances), p_any_at_most(chances)
    assert least == max(chances)
    assert least - 1e-12 <= most <= min(sum(chances), 1.0) + 1e-12
    told = p_any_at_most([Explanation.input(str(i), p) for i, p in enumerate(chances)])
    assert told.evaluate() == told.value == pytest.approx(most, abs=1e-15)


def test_100_000_skus_of_every_family_take_well_under_a_second() -> None:
    rng, count = np.random.default_rng(1), 100_000
    mean = rng.gamma(1, 30, count) + 0.01
    variance, family = mean * (1 + rng.gamma(1, 2, count)), rng.integers(0, 4, count).astype(np.float64)
    available = np.floor(mean + np.sqrt(variance) * rng.uniform(0, 3, count))
    before = time.process_time()
    dark, lost = p_zero(available, family, mean, variance), p_unmet(available, family, mean, variance)
    # 0.08 s where this was written; three times that and more is left to slower machines.
    assert time.process_time() - before < 0.6
    assert np.isfinite(dark).all()
    assert (dark >= lost).all()
