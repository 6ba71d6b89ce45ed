"""A number, an array and an explanation of every per-SKU formula of the room agree, and what is missing stays missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance import (
    bundle,
    clearance_return,
    dynamic_price,
    elasticity,
    exits,
    hold_or_clear,
    keep_quantity,
    present_value,
    regular_price,
    review,
    rung_progress,
)
from tests.formulas.agreement import assert_forms_agree

FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "adapted_pay_ratio": (rung_progress.adapted_pay_ratio, 5),
    "below_break_even_action": (hold_or_clear.below_break_even_action, 5),
    "best_exit": (lambda *a: exits.best_exit(a[:7], a[7:]), 14),
    "best_option": (lambda *a: present_value.best_option(a[:3], a[3:]), 6),
    "bundle_price": (bundle.bundle_price, 3),
    "bundle_stock": (lambda *a: bundle.bundle_stock(a[:2], a[2:]), 4),
    "bundles_to_offer": (bundle.bundles_to_offer, 4),
    "clear_net": (hold_or_clear.clear_net, 4),
    "clearance_roi": (clearance_return.clearance_roi, 3),
    "component_demand": (lambda *a: bundle.component_demand(a[0], a[1:3], a[3:]), 5),
    "demand_multiplier": (elasticity.demand_multiplier, 2),
    "discount_floor": (regular_price.discount_floor, 4),
    "donation_value": (exits.donation_value, 3),
    "dynamic_price": (dynamic_price.dynamic_price, 5),
    "dynamic_value": (dynamic_price.dynamic_value, 5),
    "exit_due": (exits.exit_due, 4),
    "hold_value": (lambda *a: exits.hold_value(a[:2], a[2], a[3:5], a[5:7], rate=a[7], exit_value=a[8]), 9),
    "keep_quantity": (lambda *a: keep_quantity.keep_quantity(a[0], a[1], a[2], a[3], a[4], a[5:]), 7),
    "multi_buy_floor": (bundle.multi_buy_floor, 5),
    "planning_elasticity": (elasticity.planning_elasticity, 3),
    "present_value": (lambda *a: present_value.present_value(a[:3], a[3]), 4),
    "price_effect_identifiable": (elasticity.price_effect_identifiable, 2),
    "regular_price": (regular_price.regular_price, 4),
    "release_over_capital_cost": (clearance_return.release_over_capital_cost, 3),
    "removal_value": (exits.removal_value, 4),
    "review_outcome": (review.review_outcome, 4),
    "sales_needed": (rung_progress.sales_needed, 2),
    "sales_uplift": (rung_progress.sales_uplift, 4),
    "shrunk_elasticity": (elasticity.shrunk_elasticity, 2),
    "transfer_value": (exits.transfer_value, 5),
}

numbers = st.one_of(
    st.just(0.0), st.just(math.nan), st.sampled_from([0.15, 0.5, 0.01, 1.0]), st.integers(-5, 50).map(float), st.floats(-9, 60)
)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * arguments), min_size=2, max_size=3))
    assert_forms_agree(formula, rows, rtol=1e-9, atol=1e-9)
