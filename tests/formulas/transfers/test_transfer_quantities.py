"""What a site gives and misses, what its units weigh, what a lane costs, and whether it is worth it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.transfers import gain, lanes, plan, quantities, scenarios, transportation, weights
from stockhub.formulas.transfers.gain import net_gain, transfer_cost, transfer_gain, units_to_move, worthwhile_units
from stockhub.formulas.transfers.lanes import lane_cost, lane_in_time, two_leg_cost, two_leg_transit
from stockhub.formulas.transfers.quantities import need_in_time, position_when_arriving, safe_surplus, transfer_need, transfer_surplus
from stockhub.formulas.transfers.weights import market_priority, residual_weight, shortage_weight
from stockhub.values import Explanation
from tests.formulas.agreement import assert_forms_agree

NAN = math.nan
FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "transfer_surplus": (quantities.transfer_surplus, 4),
    "safe_surplus": (quantities.safe_surplus, 3),
    "transfer_need": (quantities.transfer_need, 4),
    "need_in_time": (quantities.need_in_time, 4),
    "position_when_arriving": (quantities.position_when_arriving, 3),
    "market_priority": (weights.market_priority, 1),
    "shortage_weight": (weights.shortage_weight, 4),
    "residual_weight": (weights.residual_weight, 3),
    "lane_cost": (lanes.lane_cost, 4),
    "two_leg_cost": (lanes.two_leg_cost, 5),
    "two_leg_transit": (lanes.two_leg_transit, 3),
    "lane_in_time": (lanes.lane_in_time, 2),
    "units_to_move": (gain.units_to_move, 2),
    "transfer_gain": (gain.transfer_gain, 3),
    "transfer_cost": (gain.transfer_cost, 3),
    "net_gain": (gain.net_gain, 2),
    "worthwhile_units": (gain.worthwhile_units, 3),
    "units_short": (plan.units_short, 2),
    "shortage_cost": (plan.shortage_cost, 3),
    "residual_cost": (plan.residual_cost, 3),
    "trucks_cost": (plan.trucks_cost, 3),
    "lane_total": (transportation.lane_total, 2),
    "plan_survives": (scenarios.plan_survives, 3),
    "plan_is_robust": (scenarios.plan_is_robust, 3),
}
numbers = st.one_of(st.just(0.0), st.just(NAN), st.integers(-50, 500).map(float), st.floats(-1e6, 1e6))


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    assert_forms_agree(formula, data.draw(st.lists(st.tuples(*[numbers] * arguments), min_size=2, max_size=3)))
    assert formula(*[Explanation.input(str(at)) for at in range(arguments)]).name == name


def test_h74_900_units_at_30_a_day_that_keep_20_days_free_300() -> None:
    assert transfer_surplus(900.0, 30.0, 20.0) == 300.0
    assert transfer_surplus(900.0, 30.0, 20.0, 50.0) == 250.0
    assert transfer_surplus(500.0, 30.0, 20.0) == 0.0
    assert transfer_surplus(-20.0, 0.0, 20.0) == 0.0


def test_h74_150_units_at_30_a_day_that_want_25_days_miss_600() -> None:
    assert transfer_need(30.0, 25.0, 150.0) == 600.0
    assert transfer_need(30.0, 25.0, position_when_arriving(150.0, 30.0, 2.0)) == 660.0
    assert transfer_need(30.0, 25.0, 1000.0) == 0.0


def test_h74_300_move_only_if_their_gain_is_above_their_cost() -> None:
    units = units_to_move(transfer_surplus(900.0, 30.0, 20.0), transfer_need(30.0, 25.0, 150.0))
    assert units == 300.0
    saved = transfer_gain(units, shortage_weight(8.0, 0.9, 1.0, 1.0), 0.5)
    assert saved == pytest.approx(300 * (0.9 * 9.0 + 0.5))
    for fixed, moved in ((100.0, 300.0), (saved - 300 * 2.0, 0.0)):
        cost = transfer_cost(units, 2.0, fixed)
        assert worthwhile_units(units, saved, cost) == moved
        assert (net_gain(saved, cost) > 0) == (moved > 0)
    assert transfer_cost(0.0, 2.0, 100.0) == 0.0


def test_h74_service_has_a_weight_of_its_own() -> None:
    assert shortage_weight(8.0, 0.5, 1.5, 0.0) == 6.0
    assert shortage_weight(8.0, 0.5, 1.5, 3.0) == 7.5
    assert shortage_weight(0.0, 0.5, 1.5, 3.0) == 1.5


def test_h75_core_markets_and_stale_goods_weigh_more() -> None:
    assert [market_priority(core) for core in (0.0, 1.0)] == [1.0, 1.5]
    assert [residual_weight(0.2, 0.3, stale) for stale in (0.0, 1.0)] == [0.5, 1.0]
    assert residual_weight(0.2, 0.3, 1.0, 3.0) == 1.5
    assert math.isnan(market_priority(NAN))


def test_a_site_never_gives_what_it_needs_to_meet_its_own_target() -> None:
    assert safe_surplus(300.0, 900.0, 580.0) == 300.0
    assert safe_surplus(300.7, 900.0, 750.5) == 149.0
    assert safe_surplus(300.0, 500.0, 580.0) == 0.0


def test_a_late_transfer_meets_only_what_is_asked_for_after_it_arrives() -> None:
    assert [lane_in_time(transit, 5.0) for transit in (5.0, 6.0)] == [1.0, 0.0]
    assert [need_in_time(600.0, 30.0, transit, 5.0) for transit in (3.0, 5.0, 9.0, 60.0)] == [600.0, 600.0, 480.0, 0.0]


def test_a_border_costs_duty_and_compliance_and_marketplaces_take_two_legs() -> None:
    assert lane_cost(1.0, 0.5) == 1.5
    assert lane_cost(1.0, 0.5, 2.0, 0.25) == 3.75
    assert two_leg_cost(1.04, 3.0, 0.8, 2.0, 0.25) == pytest.approx(7.09)
    assert two_leg_transit(14.0, 30.0, 10.0) == 54.0
