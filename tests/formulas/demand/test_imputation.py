"""Days filled from their own past."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.demand.imputation import imputed, level_ratio

NAN = math.nan


def test_a_missing_day_is_the_median_of_its_weekday() -> None:
    demand = np.tile([10.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 5)[None]
    demand[0, [0, 7]] = [40.0, 8.0]
    demand[0, 28] = NAN
    found = imputed(demand, np.ones(demand.shape, bool), np.zeros(demand.shape))
    level = np.mean([10, 10, *[1] * 12]) / np.mean([40, 8, 10, 10, *[1] * 24])
    np.testing.assert_allclose(found.demand[0, 28], 10.0 * level)
    assert np.flatnonzero(found.imputed).tolist() == [28]
    assert np.isnan(demand[0, 28])


def test_promotions_are_no_source_and_only_eight_weeks_count() -> None:
    demand = np.full((1, 7 * 12), 5.0)
    demand[0, :21] = 1000.0
    demand[0, 35] = 900.0
    demand[0, 77] = NAN
    usable = demand != 900.0
    found = imputed(demand, usable, np.zeros(demand.shape))
    assert float(found.demand[0, 77]) == 5.0


def test_sales_of_the_day_are_the_least() -> None:
    demand = np.array([[2.0] * 14 + [NAN]])
    assert imputed(demand, np.ones(demand.shape, bool), np.full(demand.shape, 30.0)).demand[0, 14] == 30.0
    assert imputed(demand, np.ones(demand.shape, bool), np.full(demand.shape, NAN)).demand[0, 14] == 2.0


def test_without_a_past_a_day_stays_missing() -> None:
    demand = np.array([[NAN, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, NAN]])
    found = imputed(demand, np.ones(demand.shape, bool), np.zeros(demand.shape))
    np.testing.assert_array_equal(found.demand, demand)
    assert not found.imputed.any()
    assert imputed(np.zeros((0, 9)), np.zeros((0, 9), bool), np.zeros((0, 9))).demand.shape == (0, 9)


def test_levels_are_compared_only_where_they_can_be() -> None:
    assert level_ratio(6.0, 4.0, 4.0) == 1.5
    assert level_ratio(6.0, 4.0, 3.0) == 1.0
    assert level_ratio(6.0, 0.0, 9.0) == 1.0
    assert level_ratio(NAN, 4.0, 0.0) == 1.0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), cutoff=st.integers(1, 36))
def test_what_comes_after_a_day_never_changes_it(seed: int, cutoff: int) -> None:
    rng = np.random.default_rng(seed)
    demand = np.where(rng.random((2, 36)) < 0.2, NAN, rng.poisson(4.0, (2, 36)))
    usable, sales = rng.random((2, 36)) < 0.8, rng.poisson(2.0, (2, 36)).astype(np.float64)
    order = np.append(np.arange(cutoff), cutoff + rng.permutation(36 - cutoff))
    before, after = imputed(demand, usable, sales), imputed(demand[:, order], usable[:, order], sales[:, order])
    np.testing.assert_array_equal(before.demand[:, :cutoff], after.demand[:, :cutoff])
    filled = before.imputed
    assert (before.demand[filled] >= sales[filled]).all()
