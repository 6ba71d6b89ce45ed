"""Turnover against depth (H32, E6; science.md 3.13)."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.health.quadrants import QUADRANT_ACTIONS, median_by_group, quadrant_action, turnover_by_group

NAN = math.nan


def action(turnover: float, days: float, shortage: float = -10.0) -> str:
    return QUADRANT_ACTIONS[int(quadrant_action(turnover, 6.0, days, 50.0, shortage))]


def test_h32_four_fixtures_land_in_four_cells() -> None:
    cells = [action(turnover, days) for turnover, days in ((9.0, 20.0), (9.0, 90.0), (3.0, 20.0), (3.0, 90.0))]
    assert cells == ["maintain", "promote", "buy_carefully", "clear"]


def test_h32_e6_a_fast_seller_with_little_stock_is_maintained_only_while_it_is_not_short() -> None:
    assert [action(9.0, 20.0, shortage) for shortage in (-1.0, 0.0, 1.0)] == ["maintain", "maintain", "replenish"]
    assert action(9.0, 90.0, 1.0) == "promote", "Depth is what decides beside it."


def test_the_edges_of_the_cells() -> None:
    assert action(6.0, 50.0) == "maintain", "On the median is high, on the safe line is not deep."
    assert math.isnan(quadrant_action(NAN, 6.0, 20.0, 50.0, 0.0))
    assert quadrant_action(3.0, 6.0, 90.0, 50.0, NAN) == 4.0, "Only one cell asks about shortage."


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 4), st.one_of(st.just(NAN), st.floats(0, 100))), max_size=30))
def test_the_median_of_each_group_is_numpys(rows: list[tuple[int, float]]) -> None:
    group = np.array([of for of, _ in rows], dtype=np.int64)
    values = np.array([value for _, value in rows], dtype=np.float64)
    expected = [np.median(known) if len(known := values[(group == of) & np.isfinite(values)]) else NAN for of in range(5)]
    np.testing.assert_allclose(median_by_group(values, group, 5), expected)


def test_a_categorys_turnover_is_that_of_the_whole() -> None:
    group = np.array([0, 0, 1, 2])
    turnover = turnover_by_group(np.array([100.0, NAN, 5.0, 5.0]), np.array([50.0, 10.0, 0.0, 1.0]), group, 3)
    assert turnover[[0, 2]].tolist() == [2.0, 5.0]
    assert math.isnan(turnover[1])
