"""A number, an array and an explanation of every campaign formula agree, and what is missing stays missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.campaigns import conversion, need, pace, promotions, supply, throttle
from tests.formulas.agreement import assert_forms_agree

FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "campaign_units": (need.campaign_units, 4),
    "with_buffer": (need.with_buffer, 2),
    "required_extra": (need.required_extra, 4),
    "need_variance": (need.need_variance, 4),
    "campaign_stock": (need.campaign_stock, 4),
    "safety_stock_for_campaign": (need.safety_stock_for_campaign, 2),
    "views_that_stock_supports": (need.views_that_stock_supports, 4),
    "shrunk_rate": (conversion.shrunk_rate, 4),
    "rate_variation": (conversion.rate_variation, 2),
    "kept_for_other_channels": (supply.kept_for_other_channels, 3),
    "campaign_reserve": (supply.campaign_reserve, 3),
    "supply_action": (supply.supply_action, 2),
    "minutes_to_line": (pace.minutes_to_line, 3),
    "line_before_end": (pace.line_before_end, 4),
    "target_rate": (pace.target_rate, 3),
    "pace_ratio": (pace.pace_ratio, 2),
    "sale_is_over": (pace.sale_is_over, 2),
    "demand_multiplier": (pace.demand_multiplier, 2),
    "price_multiplier": (pace.price_multiplier, 2),
    "boost_due": (pace.boost_due, 2),
    "throttled_price": (pace.throttled_price, 3),
    "throttled_coupon": (pace.throttled_coupon, 3),
    "demand_multiplier_left": (pace.demand_multiplier_left, 4),
    "best_promotion": (lambda *profits: promotions.best_promotion(profits), 3),
    "threshold_unit_profit": (promotions.threshold_unit_profit, 5),
    "spend_reduction": (promotions.spend_reduction, 3),
    "throttle_level": (throttle.throttle_level, 6),
    "throttle_step": (lambda *a: throttle.throttle_step(throttle.ThrottleState(*a[:4]), *a[4:]).ticks_since_change, 7),
}

numbers = st.one_of(
    st.just(0.0), st.just(math.nan), st.sampled_from([0.5, 1.0, 4.0, -1.5]), st.integers(-5, 50).map(float), st.floats(-9, 60)
)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * arguments), min_size=2, max_size=3))
    assert_forms_agree(formula, rows)
