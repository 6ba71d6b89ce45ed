"""What a listing shows: whole units that can be served, within bounds, the same in numbers, arrays and explanations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from stockhub.formulas.stock.shown_stock import lag_buffer, oversold_units, servable_stock, sets_in_warehouse, shown_stock
from stockhub.values import Explanation
from tests.formulas.agreement import assert_forms_agree

UNITS = st.integers(min_value=-50, max_value=10**6)
COUNTS = st.integers(min_value=0, max_value=10**6)
PERCENT = st.integers(min_value=0, max_value=300_000).map(lambda n: n / 1000)


def test_the_three_forms_agree_and_missing_stays_missing() -> None:
    rows = [
        (33.0, 50.0, 0.0, 0.0, 0.0, 1e9, 0.0), (33.0, 50.0, -4.0, 2.0, 0.0, 8.0, 0.0), (33.0, 50.0, 0.0, 0.0, 20.0, 1e9, 20.0),
        (math.nan, 50.0, 0.0, 0.0, 0.0, 1e9, 0.0), (10.0, 0.0, 0.0, 0.0, 1.0, 1e9, 0.0), (0.0, 100.0, 0.0, 5.0, 0.0, 1e9, 0.0),
    ]  # fmt: skip
    assert_forms_agree(shown_stock, rows)
    assert [shown_stock(*row) for row in rows][:3] == [16.0, 8.0, 20.0]
    assert math.isnan(shown_stock(*rows[3]))
    assert_forms_agree(oversold_units, [(5.0, 3.0), (3.0, 5.0), (math.nan, 1.0)])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(UNITS, st.integers(min_value=1, max_value=20)), min_size=1, max_size=5))
def test_a_warehouse_can_pack_what_it_says_and_not_one_more(components: list[tuple[int, int]]) -> None:
    sets = sets_in_warehouse([(float(units), float(each)) for units, each in components])
    assert sets == int(sets) >= 0
    assert all(sets * each <= max(units, 0) for units, each in components)
    assert any((sets + 1) * each > max(units, 0) for units, each in components)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(COUNTS, PERCENT, st.integers(-1000, 1000), COUNTS, COUNTS, COUNTS, st.booleans())
def test_it_is_whole_within_its_bounds_and_less_when_more_is_kept(
    servable: int,
    percent: float,
    plus: int,
    held: int,
    least: int,
    most: int,
    to_least: bool,  # noqa: FBT001 - drawn
) -> None:
    def shown(kept: float) -> float:
        below = float(least) if to_least else 0.0
        return shown_stock(float(servable), percent, float(plus), kept, float(least), float(most), below)

    number = shown(float(held))
    assert number == int(number)
    assert 0 <= number <= most
    assert number <= shown(0.0)
    assert number in (0, most) or number >= least, "below the least it shows nothing, or the least"


@given(COUNTS)
def test_a_hundred_per_cent_of_what_can_be_served_is_never_oversold(servable: int) -> None:
    number = shown_stock(float(servable))
    assert number == servable
    assert oversold_units(number, float(servable)) == 0


def test_warehouses_pack_apart_and_arrays_are_rows() -> None:
    """Two warehouses with a part each can pack nothing, however much they hold together."""
    one = sets_in_warehouse([(np.array([4.0, 9.0]), 2.0), (np.array([0.0, 3.0]), 1.0)])
    two = sets_in_warehouse([(np.array([0.0, 5.0]), 2.0), (np.array([7.0, 4.0]), 1.0)])
    assert servable_stock([one, two]).tolist() == [0.0, 5.0]


def test_n8_the_buffer_is_the_quantile_of_what_sells_within_the_lag() -> None:
    """field.md N8: 8 a minute, 30 s: a mean of 4, a buffer of 9."""
    assert lag_buffer(8.0, 30.0) == 9.0
    assert poisson.cdf(9, 4.0) >= 0.99 > poisson.cdf(8, 4.0)
    rates, lags = np.array([8.0, 0.0, 8.0, 0.5, 120.0, np.nan]), np.array([0.0, 30.0, 60.0, 5.0, 600.0, 30.0])
    wanted = [0.0, 0.0, poisson.ppf(0.99, 8.0), poisson.ppf(0.99, 0.5 / 12), poisson.ppf(0.99, 1_200.0), math.nan]
    assert lag_buffer(rates, lags).tolist() == pytest.approx(wanted, nan_ok=True)
    explained = lag_buffer(Explanation.input("rate", 8.0, unit="unit/minute"), Explanation.input("lag", 30.0, unit="second"))
    assert (explained.value, explained.evaluate()) == (9.0, 9.0)
