"""Every formula of the demand room gives a number, an array and an explanation the same answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.demand import (
    analogues,
    censored_level,
    censoring,
    classification,
    cold_start,
    decay,
    imputation,
    outliers,
    promotions,
    sell_through,
    signal,
    trend,
)
from stockhub.values import Explanation

NAN = math.nan
#: Formulas and how many arguments they take.
FORMULAS: dict[Callable[..., Any], int] = {
    signal.gross_demand: 4,
    signal.lost_demand: 2,
    signal.net_consumption: 4,
    censoring.in_stock_share: 2,
    censoring.in_stock_share_from_ends: 3,
    censoring.uncensored_demand: 3,
    censoring.too_censored: 2,
    censored_level.level_estimator: 4,
    imputation.level_ratio: 3,
    imputation.imputed_demand: 3,
    classification.average_demand_interval: 2,
    classification.squared_size_variation: 2,
    classification.demand_class: 4,
    classification.settled_class: 3,
    outliers.outlier_lower_bound: 5,
    outliers.outlier_upper_bound: 5,
    outliers.winsorised_demand: 3,
    outliers.is_spike: 1,
    promotions.promotion_lift: 2,
    promotions.shrunk_lift: 2,
    promotions.pooled_lift: 3,
    sell_through.sell_in_ratio: 2,
    sell_through.inflated_demand: 2,
    sell_through.unsold_at_dealer: 2,
    analogues.expected_plateau: 2,
    cold_start.prior_shape: 2,
    cold_start.prior_rate: 2,
    cold_start.new_sku_rate: 4,
    cold_start.new_sku_rate_sd: 4,
    cold_start.new_sku_demand_variance: 5,
    cold_start.is_established: 2,
    cold_start.is_new: 2,
    trend.mann_kendall_z: 2,
    trend.mann_kendall_probability: 2,
    trend.trend_direction: 2,
    trend.slope_probability: 2,
    decay.decay_coefficient: 1,
    decay.effective_decay: 2,
    decay.half_life: 1,
    decay.daily_decay: 1,
    decay.decayed_periods: 2,
    decay.decayed_demand: 3,
}
numbers = st.one_of(st.just(0.0), st.just(NAN), st.integers(-5, 60).map(float), st.floats(-1e3, 1e4).map(lambda x: round(x, 6)))


def assert_agree(formula: Callable[..., Any], rows: list[tuple[float, ...]]) -> None:
    one_by_one = [formula(*row) for row in rows]
    at_once = formula(*[np.array(column) for column in zip(*rows, strict=True)])
    told = [formula(*[Explanation.input(f"x{i}", value) for i, value in enumerate(row)]) for row in rows]
    assert all(type(number) is float for number in one_by_one)
    assert all((tree.name, tree.unit is not None) == (formula.__name__, True) for tree in told)
    np.testing.assert_allclose(at_once, one_by_one, rtol=1e-11)
    np.testing.assert_allclose([NAN if tree.value is None else tree.value for tree in told], one_by_one, rtol=1e-11)
    assert [tree.evaluate() for tree in told] == [tree.value for tree in told]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(formula: Callable[..., Any], data: st.DataObject) -> None:
    assert_agree(formula, data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[formula]), min_size=2, max_size=3)))


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(*[st.floats(0, 30)] * 5, st.floats(0.01, 0.99)), min_size=2, max_size=3))
def test_a_quantile_of_a_new_sku_agrees_too(rows: list[tuple[float, ...]]) -> None:
    assert_agree(cold_start.new_sku_demand_quantile, rows)
