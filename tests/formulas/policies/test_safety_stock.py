"""Safety stock under a season's plan, and from a series' own errors."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from stockhub.formulas.distributions.windows import empirical_quantile, window_count, window_sums
from stockhub.formulas.policies.safety_stock import cover_days_range, empirical_safety_stock, seasonal_factor, seasonal_quantity
from stockhub.values import Explanation

NAN = math.nan
FIRST, LAST = float(date(2026, 11, 1).toordinal()), float(date(2026, 11, 11).toordinal())


@pytest.mark.parametrize(("day", "factor"), [(FIRST - 1, 1.0), (FIRST, 1.5), (LAST, 1.5), (LAST + 1, 1.0)])
def test_d4_a_factor_on_cover_days_reverts_when_its_window_ends(day: float, factor: float) -> None:
    applied = seasonal_factor(day, FIRST, LAST, 1.5)
    assert applied == factor
    ends = tuple(seasonal_quantity(end, applied) for end in cover_days_range(100.0, 3.0))
    assert ends == ((450.0, 750.0) if factor == 1.5 else (300.0, 500.0))
    inputs = {"day": day, "first": FIRST, "last": LAST, "factor": 1.5}
    tree = seasonal_quantity(Explanation.input("stock", 300.0), seasonal_factor(*(Explanation.input(n, v) for n, v in inputs.items())))
    assert tree.evaluate() == tree.value == 300.0 * factor
    assert seasonal_factor(*(np.array([value]) for value in inputs.values())).tolist() == [factor]


def test_d4_a_factor_nobody_knows_matters_only_within_its_window() -> None:
    assert seasonal_factor(LAST + 1, FIRST, LAST, NAN) == 1.0
    assert math.isnan(seasonal_factor(LAST, FIRST, LAST, NAN))


def test_own_errors_over_windows_give_the_safety_stock_where_there_are_enough() -> None:
    errors = np.random.default_rng(4).normal(0.0, 10.0, (2, 60))
    errors[1, :45] = NAN
    sums = window_sums(errors, 9)
    own, windows = empirical_quantile(sums, 0.95), window_count(sums)
    assert windows.tolist() == [52.0, 7.0]
    stock = empirical_safety_stock(own, windows, np.full(2, 0.95), np.full(2, 49.0))
    assert stock.tolist() == [max(own[0], 0.0), 49.0]


def test_safety_stock_of_own_errors_is_never_negative() -> None:
    assert empirical_safety_stock(-5.0, 40.0, 0.9, 49.0) == 0.0
    assert empirical_safety_stock(NAN, 0.0, 0.9, 49.0) == 49.0
