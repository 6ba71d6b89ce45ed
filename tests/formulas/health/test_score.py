"""StockHub's health score, and Amazon's low inventory (H16; science.md 3.10, 3.12)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.health.low_inventory import LOW_INVENTORY_TIERS, governing_days_of_supply, low_inventory_tier
from stockhub.formulas.health.score import (
    amazon_sell_through,
    excess_supply_units,
    health_score,
    health_score_without_in_stock,
    in_stock_rate,
    unit_share,
)

NAN = math.nan
shares = st.floats(0, 1)


def test_the_score_of_a_sound_account_is_100_and_of_a_hopeless_one_0() -> None:
    assert health_score(0.0, 2.0, 0.0, 1.0) == pytest.approx(100.0)
    assert health_score(0.4, 0.0, 0.05, 0.0) == 0.0
    assert health_score(0.9, 0.0, 0.9, 0.0) == 0.0, "Worse than the worst is not below 0."
    assert health_score(0.0, 9.0, 0.0, 1.0) == pytest.approx(100.0)


def test_each_influence_has_its_weight() -> None:
    assert health_score(0.2, 2.0, 0.0, 1.0) == pytest.approx(100.0 - 17.5)
    assert health_score(0.0, 1.0, 0.0, 1.0) == pytest.approx(100.0 - 15.0)
    assert health_score(0.0, 2.0, 0.01, 1.0) == pytest.approx(100.0 - 2.0)
    assert health_score(0.0, 2.0, 0.0, 0.8) == pytest.approx(100.0 - 5.0)
    assert math.isnan(health_score(NAN, 2.0, 0.0, 1.0))


@settings(max_examples=60, deadline=None)
@given(excess=shares, through=st.floats(0, 5), stranded=shares, in_stock=shares, more=st.floats(0, 0.5))
def test_the_score_stays_on_its_scale_and_never_rises_with_excess(
    excess: float, through: float, stranded: float, in_stock: float, more: float
) -> None:
    score = health_score(excess, through, stranded, in_stock)
    assert 0.0 <= score <= 100.0 + 1e-9
    assert health_score(excess + more, through, stranded, in_stock) <= score + 1e-9
    assert health_score(excess, through, stranded + more, in_stock) <= score + 1e-9
    assert 0.0 <= health_score_without_in_stock(excess, through, stranded) <= 100.0 + 1e-9


def test_where_being_in_stock_is_no_influence_the_others_share_its_weight() -> None:
    assert health_score_without_in_stock(0.0, 2.0, 0.0) == pytest.approx(100.0)
    assert health_score_without_in_stock(0.4, 2.0, 0.0) == pytest.approx(100.0 * 0.40 / 0.75)


def test_the_facts_behind_the_score() -> None:
    assert [excess_supply_units(stock, 300.0) for stock in (500.0, 200.0)] == [200.0, 0.0]
    assert unit_share(50.0, 400.0) == 0.125
    assert math.isnan(unit_share(0.0, 0.0))
    assert amazon_sell_through(300.0, 100.0) == 3.0
    assert in_stock_rate(np.array([1.0, 0.5, NAN]), np.array([300.0, 100.0, 900.0])) == 0.875
    assert math.isnan(in_stock_rate(np.array([1.0]), np.array([0.0])))
    assert math.isnan(in_stock_rate(np.zeros(0), np.zeros(0)))


def test_the_tier_goes_by_the_greater_of_the_two_views() -> None:
    assert governing_days_of_supply(10.0, 25.0) == 25.0
    pairs = ((10.0, 28.0), (27.9, 10.0), (5.0, 21.0), (20.9, 3.0), (14.0, 14.0), (13.9, 0.0))
    tiers = [LOW_INVENTORY_TIERS[int(low_inventory_tier(*pair))] for pair in pairs]
    assert tiers == ["none", "21_to_28_days", "21_to_28_days", "14_to_21_days", "14_to_21_days", "under_14_days"]
    assert math.isnan(low_inventory_tier(NAN, 10.0)), "Nothing was shipped: no days of supply, and no fee to tell."
