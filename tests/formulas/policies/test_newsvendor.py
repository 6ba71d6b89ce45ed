"""One order for one season."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.distributions.families import GAMMA, LOGNORMAL, NEGATIVE_BINOMIAL, NORMAL, POISSON
from stockhub.formulas.policies.newsvendor import (
    discrete_newsvendor_cost,
    discrete_newsvendor_quantity,
    explicit_overage,
    explicit_underage,
    newsvendor_cost,
    newsvendor_profit,
    newsvendor_quantity,
    periodic_protection,
)
from stockhub.values import Explanation

NAN = math.nan
families = st.sampled_from([POISSON, NEGATIVE_BINOMIAL, NORMAL, GAMMA, LOGNORMAL])
costs = st.floats(0.1, 100)
means = st.floats(0.5, 800)
dispersions = st.floats(1.01, 12)


@settings(max_examples=60, deadline=None)
@given(under=costs, over=costs, family=families, mean=means, dispersion=dispersions, away=st.integers(1, 20))
def test_no_other_level_costs_less(under: float, over: float, family: float, mean: float, dispersion: float, away: int) -> None:
    variance = mean if family == POISSON else mean * dispersion
    best = newsvendor_quantity(under, over, family, mean, variance)
    least = newsvendor_cost(best, under, over, family, mean, variance)
    dust = 1e-9 * (under + over) * mean
    assert newsvendor_cost(best + away, under, over, family, mean, variance) >= least - dust
    assert newsvendor_cost(max(best - away, 0.0), under, over, family, mean, variance) >= least - dust


@settings(max_examples=60, deadline=None)
@given(under=costs, more=costs, over=costs, family=families, mean=means, dispersion=dispersions)
def test_the_level_grows_with_the_critical_ratio(
    under: float, more: float, over: float, family: float, mean: float, dispersion: float
) -> None:
    level = newsvendor_quantity(under, over, family, mean, mean * dispersion)
    assert newsvendor_quantity(under + more, over, family, mean, mean * dispersion) >= level
    assert newsvendor_quantity(under, over + more, family, mean, mean * dispersion) <= level


def test_prices_give_costs_and_a_profit() -> None:
    under, over = explicit_underage(1.0, 0.3), explicit_overage(0.3, 0.12)
    assert (under, over) == (0.7, 0.18)
    level = newsvendor_quantity(under, over, NORMAL, 50.0, 64.0)
    profit = newsvendor_profit(50.0, 1.0, 0.3, newsvendor_cost(level, under, over, NORMAL, 50.0, 64.0))
    assert level == pytest.approx(56.60395592743389, rel=1e-12)
    assert profit == pytest.approx(33.002394806823354, rel=1e-12)
    assert (explicit_underage(1.0, 0.3, 0.5), explicit_overage(0.3, 0.12, 0.5)) == pytest.approx((1.2, 0.68))


def test_profit_is_what_the_season_brings_on_average() -> None:
    demands, chances = [0.0, 10.0, 20.0], [0.25, 0.5, 0.25]
    under, over = explicit_underage(9.0, 4.0), explicit_overage(4.0, 1.0)
    profit = newsvendor_profit(10.0, 9.0, 4.0, discrete_newsvendor_cost(12.0, under, over, demands, chances))
    sold = [min(demand, 12.0) for demand in demands]
    assert profit == pytest.approx(sum(p * (9 * s + (12 - s) - 48) for p, s in zip(chances, sold, strict=True)))


def test_an_order_between_reviews_lasts_one_period_longer() -> None:
    assert (periodic_protection(0.0), periodic_protection(4.0)) == (1.0, 5.0)


@settings(max_examples=60, deadline=None)
@given(under=costs, over=costs, shares=st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any))
def test_a_discrete_level_is_the_best_of_all(under: float, over: float, shares: list[int]) -> None:
    demands = [float(3 * i) for i in range(len(shares))]
    chances = [share / sum(shares) for share in shares]
    level = discrete_newsvendor_quantity(under, over, demands, chances)
    price = discrete_newsvendor_cost(level, under, over, demands, chances)
    assert level in demands
    assert all(price <= discrete_newsvendor_cost(other, under, over, demands, chances) + 1e-9 * (under + over) for other in demands)
    told = discrete_newsvendor_quantity(Explanation.input("under", under), Explanation.input("over", over), demands, chances)
    assert told.evaluate() == told.value == level
    assert discrete_newsvendor_quantity(np.array([under]), np.array([over]), demands, chances).tolist() == [level]


def test_a_cumulated_probability_that_is_the_ratio_is_enough() -> None:
    assert discrete_newsvendor_quantity(3.0, 7.0, [1.0, 2.0, 3.0], [0.1, 0.2, 0.7]) == 2.0
    assert discrete_newsvendor_quantity(9.0, 1.0, [1.0, 2.0], [0.4, 0.4]) == 2.0
    assert math.isnan(discrete_newsvendor_quantity(0.0, 0.0, [1.0, 2.0], [0.5, 0.5]))


@pytest.mark.parametrize(("under", "over"), [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0), (-1.0, 3.0), (NAN, 1.0)])
def test_without_a_cost_on_both_sides_there_is_no_best_level(under: float, over: float) -> None:
    assert math.isnan(newsvendor_quantity(under, over, NORMAL, 50.0, 64.0))


def test_certain_demand_and_none() -> None:
    assert newsvendor_quantity(2.0, 1.0, NORMAL, 50.0, 0.0) == 50.0
    assert newsvendor_cost(50.0, 2.0, 1.0, NORMAL, 50.0, 0.0) == 0.0
    assert newsvendor_quantity(2.0, 1.0, POISSON, 0.0, NAN) == 0.0


@settings(max_examples=40, deadline=None)
@given(under=costs, over=costs, family=families, mean=means, dispersion=dispersions)
def test_a_number_an_array_and_an_explanation_agree(under: float, over: float, family: float, mean: float, dispersion: float) -> None:
    inputs = [under, over, family, mean, mean * dispersion]
    trees: list[Any] = [Explanation.input(str(i), value) for i, value in enumerate(inputs)]
    arrays: list[Any] = [np.array([value]) for value in inputs]
    level, told, many = newsvendor_quantity(*inputs), newsvendor_quantity(*trees), newsvendor_quantity(*arrays)
    assert told.value == told.evaluate() == level == many[0]
    price = newsvendor_cost(level, *inputs)
    tree = newsvendor_cost(told, *trees)
    assert tree.value == tree.evaluate() == pytest.approx(price, rel=1e-12)
    assert newsvendor_cost(many, *arrays)[0] == pytest.approx(price, rel=1e-12)
