"""A SKU's own deviation beside the calibrated quantile: both by hand."""

from __future__ import annotations

from math import nan, sqrt

import numpy as np
import pytest

from stockhub.formulas.distributions.own_deviation import DEVIATION_DAYS, LEAST_DAYS, excess_demand, own_deviation, own_excess, usual_excess
from stockhub.values import Explanation


def test_n4_what_is_kept_is_the_geometric_mean_of_the_calibrated_and_the_own_excess() -> None:
    # 130 − 100 = 30 units calibrated; 4 a day, of which SKUs usually need 1.875: 7.5 units; sqrt(30 · 7.5) = 15.
    assert own_excess(4.0, 1.875) == 7.5
    assert excess_demand(130.0, 100.0, 1.0, 4.0, 1.875) == 15.0
    assert excess_demand(90.0, 100.0, 1.0, 4.0, 1.875) == 0.0
    flags, deviations = np.array([1.0, 0.0, 0.0]), np.array([4.0, nan, 0.0])
    found = excess_demand(np.full(3, 130.0), np.full(3, 100.0), flags, deviations, np.full(3, 1.875))
    assert found.tolist() == [15.0, 30.0, 30.0]


def test_n4_a_sku_that_needs_what_skus_usually_need_keeps_its_calibrated_excess() -> None:
    assert excess_demand(130.0, 100.0, 1.0, 4.0, 7.5) == 30.0


def test_n4_the_explanation_has_both_and_their_mean_as_steps_and_evaluates_to_it() -> None:
    numbers = {"quantile": 130.0, "expected": 100.0, "flag": 1.0, "sd": 4.0, "usual": 1.875}
    tree = excess_demand(*(Explanation.input(name, number) for name, number in numbers.items()))
    assert (tree.name, tree.unit, tree.value, tree.evaluate()) == ("excess_demand", "unit", 15.0, 15.0)
    assert {node.name: node.value for node in tree.walk() if node.name} == numbers | {"own_excess": 7.5, "excess_demand": 15.0}
    without = excess_demand(*(Explanation.input(name, number) for name, number in (numbers | {"flag": 0.0, "sd": None}).items()))
    assert (without.value, without.inputs()["sd"].value) == (30.0, None)


def test_n5_the_own_deviation_is_that_of_the_last_sixteen_weeks_in_stock() -> None:
    days = DEVIATION_DAYS + 30
    values = np.tile([2.0, 6.0], (5, days // 2))
    values[0, :30] = 1000.0
    observed = np.ones(values.shape, np.bool_)
    values[1, -20:], observed[1, -20:] = 0.0, False
    values[2] = 3.0
    values[3, : days - LEAST_DAYS] = nan
    values[4, : days - LEAST_DAYS + 1] = nan
    assert own_deviation(values, observed) == pytest.approx([2.0, 2.0, 0.0, 2.0, nan], nan_ok=True)


def test_n5_what_skus_usually_need_is_the_square_of_the_mean_root_of_those_that_need_something() -> None:
    # (Q − m) / σ: 8/2 = 4, 9/1 = 9, 32/2 = 16, whose roots are 3 on average; without a deviation, and below the mean, a SKU says nothing.
    quantiles = np.array([[[18.0], [9.0]], [[19.0], [10.0]], [[42.0], [12.0]], [[90.0], [90.0]], [[8.0], [4.0]]])
    expected, deviation = np.full((5, 1), 10.0), np.array([2.0, 1.0, 2.0, 0.0, 1.0])
    assert usual_excess(quantiles, expected, deviation).tolist() == [[9.0], [1.0]]
    assert usual_excess(quantiles[3:], expected[3:], deviation[3:]).tolist() == [[0.0], [0.0]]
    assert usual_excess(quantiles[:0], expected[:0], deviation[:0]).tolist() == [[0.0], [0.0]]
    unknown = usual_excess(quantiles, expected, np.array([nan, 1.0, nan, nan, nan]))
    assert unknown.tolist() == [[9.0], [0.0]]


def test_n4_with_normal_independent_days_it_is_the_textbooks_factor_so_that_nothing_changes() -> None:
    z, days, deviation = 1.645, 21.0, np.array([1.0, 3.0, 10.0])
    quantiles = (50.0 * days + z * sqrt(days) * deviation)[:, None, None]
    usual = usual_excess(quantiles, np.full((3, 1), 50.0 * days), deviation)
    np.testing.assert_allclose(usual, [[z * sqrt(days)]])
    kept = excess_demand(quantiles[:, 0, 0], np.full(3, 50.0 * days), np.ones(3), deviation, usual[0, 0])
    np.testing.assert_allclose(kept, z * sqrt(days) * deviation)
