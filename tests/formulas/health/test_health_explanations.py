"""Numbers, arrays and explanations of the health formulas agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.health import abc_xyz, cliff, effect, generation_change, last_sale, low_inventory, quadrants, score, slow_movers
from stockhub.formulas.health import turnover_rules as rules
from tests.formulas.agreement import assert_forms_agree

#: Every formula, with its number of arguments.
FORMULAS: dict[Callable[..., Any], int] = {
    abc_xyz.abc_class: 3,
    abc_xyz.xyz_class: 2,
    abc_xyz.control_method: 2,
    cliff.rate_drop_p_value: 5,
    cliff.mean_drop: 4,
    cliff.is_cliff: 4,
    cliff.is_falling_away: 1,
    generation_change.generation_change_due: 2,
    last_sale.unsold_for_months: 3,
    low_inventory.low_inventory_tier: 2,
    quadrants.quadrant_action: 5,
    score.health_score: 4,
    score.health_score_without_in_stock: 3,
    score.excess_supply_units: 2,
    slow_movers.slow_mover_action: 4,
    rules.clearance_evaluation_due: 4,
    rules.season_end_clearance_due: 2,
    rules.persistently_below_norm: 2,
    lambda *four: rules.category_clearance_due(four[0], four[1], total_turnover=four[2], total_norm=four[3]): 4,
    effect.capital_return: 3,
    effect.capital_cost: 3,
    effect.relative_change: 2,
    effect.dead_stock_elimination: 2,
    effect.margin_contribution: 4,
    lambda *five: effect.cost_recovery(five[0], five[1], five[2], bought_units=five[3], unit_cost=five[4]): 5,
}
numbers = st.one_of(st.sampled_from([0.0, 1.0, 2.0, 0.4, math.nan]), st.integers(-5, 100).map(float), st.floats(-10, 1e4))


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(formula: Callable[..., Any], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[formula]), min_size=2, max_size=3))
    assert_forms_agree(formula, rows)
