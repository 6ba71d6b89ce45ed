"""Lots under price breaks, against every lot there is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.policies.economic_order_quantity import economic_order_cost
from stockhub.formulas.policies.quantity_discounts import all_units_discount_lot, incremental_discount_lot, price_break_lot
from stockhub.values import Explanation

BREAKS, COSTS = (0.0, 400.0, 800.0), (0.75, 0.72, 0.68)

gaps = st.lists(st.integers(1, 2000), min_size=0, max_size=4)
money = st.floats(0.5, 2000)


def _tiers(steps: list[int], first: float) -> tuple[list[float], list[float]]:
    breakpoints = [0.0, *np.cumsum(steps).astype(float).tolist()]
    return breakpoints, [first * 0.95**tier for tier in range(len(breakpoints))]


def test_the_textbook_lots_under_both_kinds_of_discount() -> None:
    """Snyder and Shen 2019, example 3.5."""
    everything = all_units_discount_lot(fixed_cost=8.0, demand_rate=1300.0, holding_rate=0.3, breakpoints=BREAKS, unit_costs=COSTS)
    assert (everything.quantity, everything.tier) == (800.0, 2.0)
    assert everything.cost == pytest.approx(978.6)
    beyond = incremental_discount_lot(fixed_cost=8.0, demand_rate=1300.0, holding_rate=0.3, breakpoints=BREAKS, unit_costs=COSTS)
    assert [beyond.quantity, beyond.tier] == pytest.approx([304.0467800264368, 0.0])
    assert beyond.cost == pytest.approx(1043.4105255059483)


@settings(max_examples=60, deadline=None)
@given(steps=gaps, first=st.floats(1, 50), fixed=money, demand=money, rate=st.floats(0.02, 0.5))
def test_no_whole_lot_costs_less_and_discounts_never_cost_more(
    steps: list[int], first: float, fixed: float, demand: float, rate: float
) -> None:
    breakpoints, unit_costs = _tiers(steps, first)
    lots = np.arange(1.0, 12_000.0)
    tier = np.searchsorted(breakpoints, lots, side="right") - 1
    price = np.array(unit_costs)[tier]
    cost = demand * price + fixed * demand / lots + rate * price * lots / 2
    paid_below = np.array(
        [sum((unit_costs[i] - unit_costs[i + 1]) * breakpoints[i + 1] for i in range(t)) for t in range(len(breakpoints))]
    )
    mean_price = price + paid_below[tier] / lots
    incremental_cost = demand * mean_price + fixed * demand / lots + rate * mean_price * lots / 2
    undiscounted = demand * first + economic_order_cost(fixed, demand, rate * first)
    for lot_of, each in ((all_units_discount_lot, cost), (incremental_discount_lot, incremental_cost)):
        best = lot_of(fixed_cost=fixed, demand_rate=demand, holding_rate=rate, breakpoints=breakpoints, unit_costs=unit_costs)
        assert best.cost <= each.min() * (1 + 1e-12)
        assert best.cost <= undiscounted * (1 + 1e-12)
        assert breakpoints[int(best.tier)] <= best.quantity
    everything = all_units_discount_lot(
        fixed_cost=fixed, demand_rate=demand, holding_rate=rate, breakpoints=breakpoints, unit_costs=unit_costs
    )
    assert everything.cost <= best.cost * (1 + 1e-12)


@settings(max_examples=60, deadline=None)
@given(steps=gaps, first=st.floats(1, 50), fixed=money, demands=st.lists(money, min_size=2, max_size=3), rate=st.floats(0.02, 0.5))
def test_a_number_an_array_and_an_explanation_agree(
    steps: list[int], first: float, fixed: float, demands: list[float], rate: float
) -> None:
    breakpoints, unit_costs = _tiers(steps, first)
    for lot_of in (all_units_discount_lot, incremental_discount_lot):
        one_by_one = [
            lot_of(fixed_cost=fixed, demand_rate=d, holding_rate=rate, breakpoints=breakpoints, unit_costs=unit_costs) for d in demands
        ]
        rows = np.array(demands)
        at_once = lot_of(
            fixed_cost=np.full_like(rows, fixed),
            demand_rate=rows,
            holding_rate=np.full_like(rows, rate),
            breakpoints=breakpoints,
            unit_costs=[np.full_like(rows, cost) for cost in unit_costs],
        )
        np.testing.assert_allclose(np.stack(at_once), np.transpose(one_by_one), rtol=1e-12)
        told = lot_of(
            fixed_cost=Explanation.input("fixed_cost", fixed),
            demand_rate=Explanation.input("demand_rate", demands[0]),
            holding_rate=Explanation.input("holding_rate", rate),
            breakpoints=breakpoints,
            unit_costs=unit_costs,
        )
        assert [tree.evaluate() for tree in told] == pytest.approx(list(one_by_one[0]))
        assert [tree.name for tree in told] == ["discounted_quantity", "discount_tier", "discounted_cost"]


def test_a_sku_with_fewer_tiers_repeats_its_last_one() -> None:
    fewer = all_units_discount_lot(fixed_cost=8.0, demand_rate=1300.0, holding_rate=0.3, breakpoints=(0.0, 400.0), unit_costs=(0.75, 0.72))
    padded = all_units_discount_lot(
        fixed_cost=8.0, demand_rate=1300.0, holding_rate=0.3, breakpoints=(0.0, 400.0, 400.0), unit_costs=(0.75, 0.72, 0.72)
    )
    assert (padded.quantity, padded.cost) == (fewer.quantity, fewer.cost)


def test_without_demand_nothing_is_bought_and_a_missing_price_is_missing() -> None:
    for lot_of in (all_units_discount_lot, incremental_discount_lot):
        assert lot_of(fixed_cost=8.0, demand_rate=0.0, holding_rate=0.3, breakpoints=(0.0,), unit_costs=(0.75,)) == (0.0, 0.0, 0.0)
        missing = lot_of(fixed_cost=8.0, demand_rate=1300.0, holding_rate=0.3, breakpoints=(0.0, 400.0), unit_costs=(0.75, math.nan))
        assert math.isnan(missing.quantity)


@pytest.mark.parametrize(("breakpoints", "unit_costs"), [((), ()), ((0.0, 10.0), (1.0,)), ((5.0,), (1.0,))])
def test_tiers_that_are_none_are_refused(breakpoints: tuple[float, ...], unit_costs: tuple[float, ...]) -> None:
    with pytest.raises(InvalidParameterError):
        all_units_discount_lot(fixed_cost=8.0, demand_rate=1.0, holding_rate=0.3, breakpoints=breakpoints, unit_costs=unit_costs)


def test_one_order_goes_up_to_a_break_that_pays_for_the_waiting() -> None:
    """90 at 10 are 900. 100 at 8 are 800, less 100 for ten units that a later order would buy, plus 10·8·0.001·95 days for holding them."""
    worth = price_break_lot(need=90.0, demand_rate=1.0, holding_rate=0.001, breakpoints=(0.0, 100.0), unit_costs=(10.0, 8.0))
    assert list(worth) == pytest.approx([100.0, 1.0, 800.0 - 100.0 + 7.6])
    far = price_break_lot(need=90.0, demand_rate=1.0, holding_rate=0.001, breakpoints=(0.0, 1000.0), unit_costs=(10.0, 9.9))
    assert far == (90.0, 0.0, 900.0)
    dying = price_break_lot(need=90.0, demand_rate=0.0, holding_rate=0.001, breakpoints=(0.0, 100.0), unit_costs=(10.0, 8.0))
    assert dying == (90.0, 0.0, 900.0)


def test_one_order_is_whole_cases_in_the_tier_that_they_reach() -> None:
    rounded = price_break_lot(
        need=97.0, demand_rate=1.0, holding_rate=0.001, breakpoints=(0.0, 100.0), unit_costs=(10.0, 8.0), case_pack=24.0
    )
    assert rounded == (120.0, 1.0, 960.0)
    nothing = price_break_lot(need=0.0, demand_rate=1.0, holding_rate=0.5, breakpoints=(0.0, 100.0), unit_costs=(10.0, 9.0))
    assert (nothing.quantity, nothing.cost) == (0.0, 0.0)
