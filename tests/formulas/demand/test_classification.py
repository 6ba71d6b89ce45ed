"""Kinds of demand, and how a SKU changes from one to another."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockhub.formulas.demand.classification import (
    DEMAND_CLASSES,
    ERRATIC,
    INTERMITTENT,
    LUMPY,
    NO_DEMAND,
    SMOOTH,
    average_demand_interval,
    class_in_use,
    demand_class,
    demand_pattern,
    settled_class,
    squared_size_variation,
)

NAN = math.nan


@pytest.mark.parametrize(
    ("periods", "demand_periods", "sd", "expected"),
    [
        (131.0, 100.0, 0.69, SMOOTH),
        (131.0, 100.0, 0.7, ERRATIC),
        (132.0, 100.0, 0.69, INTERMITTENT),
        (132.0, 100.0, 0.7, LUMPY),
        (132.0, 0.0, NAN, NO_DEMAND),
    ],
)
def test_a_value_at_a_limit_belongs_to_the_higher_class(periods: float, demand_periods: float, sd: float, expected: float) -> None:
    # 0.7² is a rounding error short of .49, so that the mean is chosen to meet it.
    mean = 1.0 if sd != 0.7 else 0.7 / 0.7000000000000001
    assert demand_class(periods, demand_periods, mean if demand_periods else NAN, sd) == expected


def test_history_counts_from_launch_with_its_empty_end() -> None:
    pattern = demand_pattern(np.array([[NAN, NAN, 4.0, 0.0, 8.0, 0.0], [NAN] * 6, [0.0] * 6, [0.0, 0.0, 5.0, 0.0, 0.0, 0.0]]))
    np.testing.assert_array_equal(average_demand_interval(pattern.periods, pattern.demand_periods), [2.0, NAN, NAN, 6.0])
    np.testing.assert_allclose(squared_size_variation(pattern.mean_size, pattern.sd_size), [1 / 9, NAN, NAN, 0.0])
    classes = demand_class(pattern.periods, pattern.demand_periods, pattern.mean_size, pattern.sd_size)
    np.testing.assert_array_equal(classes, [INTERMITTENT, NAN, NO_DEMAND, INTERMITTENT])
    assert DEMAND_CLASSES[int(NO_DEMAND)] == "no_demand"


def test_an_empty_matrix() -> None:
    pattern = demand_pattern(np.zeros((2, 0)))
    assert np.isnan(demand_class(pattern.periods, pattern.demand_periods, pattern.mean_size, pattern.sd_size)).all()


def test_a_class_changes_only_when_two_month_ends_agree() -> None:
    assert settled_class(SMOOTH, SMOOTH, LUMPY) == SMOOTH
    assert settled_class(SMOOTH, LUMPY, LUMPY) == LUMPY
    months = np.array(
        [
            [SMOOTH, LUMPY, SMOOTH, LUMPY, SMOOTH],
            [SMOOTH, LUMPY, LUMPY, SMOOTH, LUMPY],
            [SMOOTH, LUMPY, NAN, LUMPY, NAN],
            [NAN, ERRATIC, LUMPY, ERRATIC, INTERMITTENT],
            [NAN] * 5,
        ]
    )
    np.testing.assert_array_equal(class_in_use(months), [SMOOTH, LUMPY, LUMPY, ERRATIC, NAN])
    assert class_in_use(np.zeros((0, 3))).shape == (0,)
