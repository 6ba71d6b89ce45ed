"""Each step of safety stock by itself: its number, its bounds, and the name and unit under which it is explained."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.policies import safety_stock as s
from stockhub.values import Explanation


@pytest.mark.parametrize(
    ("formula", "inputs", "expected", "unit"),
    [
        (s.protection_sd, (4.0, 5.0, 10.0, 3.0, 2.0), math.sqrt(9 * 9 + 100 * 4), "unit"),
        (s.safety_stock, (2.0, 30.0), 60.0, "unit"),
        (s.safety_stock, (-2.0, 30.0), 0.0, "unit"),
        (s.safety_stock, (0.001, 30.0), 0.03, "unit"),
        (s.safety_stock, (0.0, 30.0), 0.0, "unit"),
        (s.safety_stock, (2.0, 0.0), 0.0, "unit"),
        (s.statistical_safety_stock, (2.0, 4.0, 5.0, 10.0, 3.0, 2.0), 2 * math.sqrt(481), "unit"),
        (s.statistical_safety_stock, (2.0, 0.0, 0.0, 10.0, 3.0, 0.0), 0.0, "unit"),
        (s.reorder_point, (10.0, 4.0, 5.0, 7.0), 97.0, "unit"),
        (s.default_lead_time_sd, (40.0,), 10.0, "day"),
        (s.default_lead_time_sd, (40.0, 0.5), 20.0, "day"),
        (s.poisson_sd, (9.0,), 3.0, "unit/day"),
        (s.poisson_sd, (0.0,), 0.0, "unit/day"),
        (s.cover_days_quantity, (100.0, 3.0), 300.0, "unit"),
        (s.cover_days_quantity, (100.0, 3.0, 2.0), 500.0, "unit"),
        (s.seasonal_factor, (5.0, 5.0, 8.0, 1.5), 1.5, "1"),
        (s.seasonal_factor, (9.0, 5.0, 8.0, 1.5), 1.0, "1"),
        (s.seasonal_quantity, (300.0, 1.5), 450.0, "unit"),
        (s.empirical_safety_stock, (52.0, 40.0, 0.9, 49.0), 52.0, "unit"),
        (s.empirical_safety_stock, (52.0, 19.0, 0.9, 49.0), 49.0, "unit"),
    ],
)
def test_a_number_an_array_and_an_explanation_agree(
    formula: Callable[..., Any], inputs: tuple[float, ...], expected: float, unit: str
) -> None:
    assert formula(*inputs) == pytest.approx(expected, rel=1e-15)
    assert formula(*(np.full(3, value) for value in inputs)).tolist() == pytest.approx([expected] * 3, rel=1e-15)
    tree = formula(*(Explanation.input(f"input_{n}", value) for n, value in enumerate(inputs)))
    assert tree.evaluate() == tree.value == pytest.approx(expected, rel=1e-15)
    assert (tree.name, tree.unit) == (formula.__name__, unit)


@pytest.mark.parametrize("missing", range(6))
def test_safety_stock_of_something_unknown_is_unknown(missing: int) -> None:
    inputs = [2.0, 4.0, 5.0, 10.0, 3.0, 2.0]
    inputs[missing] = math.nan
    assert math.isnan(s.statistical_safety_stock(*inputs))


def test_service_factors_are_quantiles_of_the_normal_distribution() -> None:
    assert s.service_factor(0.95) == pytest.approx(1.6448536269514722, rel=1e-12)
    assert s.service_factor(0.5) == 0.0
    found = s.service_factors(np.array([0.95, 0.5, 0.05, 1e-6]))
    assert found.tolist() == pytest.approx([1.6448536269514722, 0.0, -1.6448536269514722, -4.753424308822899], rel=1e-12)


def test_a_service_level_outside_0_to_1_has_no_factor() -> None:
    outside = [-0.5, 0.0, 1.0, 1.5, math.nan]
    for level in outside:
        with pytest.raises(InvalidParameterError) as caught:
            s.service_factor(level)
        assert caught.value.path == ("cycle_service_level",)
    assert np.isnan(s.service_factors(np.array(outside))).all()


def test_cover_days_has_two_ends() -> None:
    assert s.cover_days_range(100.0, 3.0) == (300.0, 500.0)
    assert s.cover_days_range(100.0, 3.0, (1.0, 4.0)) == (400.0, 700.0)
