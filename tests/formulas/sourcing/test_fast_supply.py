"""Emergency orders, backup routes, reserves and two sources."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.sourcing import backup_route, contracts, dual_sourcing, emergency, record, risk, scoring, split, split_problem
from stockhub.formulas.sourcing.backup_route import bridge_quantity, lost_days, uncovered_days
from stockhub.formulas.sourcing.dual_sourcing import base_rate, base_surge_cost, base_surge_slack, dual_index_slow_order, surge_order
from stockhub.formulas.sourcing.emergency import (
    emergency_due_by,
    emergency_order_due,
    emergency_pays,
    emergency_premium,
    emergency_quantity,
    emergency_shortens_stockout,
    emergency_triggered,
    usable_capacity,
)
from stockhub.formulas.sourcing.joint_order import joint_line_cost
from stockhub.values import Explanation
from tests.formulas.agreement import assert_forms_agree

NAN = math.nan
FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "on_time_rate": (record.on_time_rate, 2),
    "late_rate": (record.late_rate, 2),
    "lead_time_deviation": (record.lead_time_deviation, 3),
    "supply_risk_coefficient": (risk.supply_risk_coefficient, 4),
    "sourcing_risk": (risk.sourcing_risk, 2),
    "delay_risk_cost": (risk.delay_risk_cost, 3),
    "supplier_score": (scoring.supplier_score, 4),
    "response_score": (scoring.response_score, 1),
    "stability_score": (scoring.stability_score, 2),
    "emergency_triggered": (emergency.emergency_triggered, 3),
    "emergency_order_due": (emergency.emergency_order_due, 3),
    "emergency_quantity": (emergency.emergency_quantity, 3),
    "emergency_pays": (emergency.emergency_pays, 4),
    "emergency_premium": (emergency.emergency_premium, 4),
    "emergency_saving": (emergency.emergency_saving, 2),
    "expected_missing": (emergency.expected_missing, 3),
    "usable_capacity": (emergency.usable_capacity, 4),
    "bridge_quantity": (backup_route.bridge_quantity, 4),
    "lost_days": (backup_route.lost_days, 3),
    "breach_hours": (contracts.breach_hours, 2),
    "duty_breached": (contracts.duty_breached, 2),
    "base_surge_slack": (dual_sourcing.base_surge_slack, 3),
    "base_surge_cost": (dual_sourcing.base_surge_cost, 4),
    "dual_index_slow_order": (dual_sourcing.dual_index_slow_order, 3),
    "expected_unit_cost": (split_problem.expected_unit_cost, 3),
    "arrives_in_time": (split_problem.arrives_in_time, 2),
    "supplier_cost": (split.supplier_cost, 5),
    "joint_line_cost": (joint_line_cost, 6),
}
numbers = st.one_of(st.just(0.0), st.just(NAN), st.integers(-50, 500).map(float), st.floats(-1e6, 1e6))


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * arguments), min_size=2, max_size=3))
    assert_forms_agree(formula, rows)
    tree = formula(*[Explanation.input(str(at)) for at in range(arguments)])
    assert tree.name == name


def test_d8_stock_190_of_400_calls_for_an_emergency_order_within_24_hours_and_200_does_not() -> None:
    assert [emergency_triggered(stock, 400.0, 0.0) for stock in (190.0, 200.0)] == [1.0, 0.0]
    assert emergency_order_due(emergency_triggered(190.0, 400.0, 0.0), 1.0, 3.0) == 1.0
    assert emergency_order_due(emergency_triggered(200.0, 400.0, 0.0), 1.0, 3.0) == 0.0
    now = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    assert emergency_due_by(now) == datetime(2026, 3, 2, 22, 30, tzinfo=UTC)


def test_d8_a_likely_stock_out_triggers_too_and_a_delivery_that_is_too_late_does_not_help() -> None:
    assert [emergency_triggered(300.0, 400.0, probability) for probability in (0.5, 0.51)] == [0.0, 1.0]
    assert emergency_order_due(1.0, 3.0, 3.0) == 0.0
    assert emergency_shortens_stockout(3.0, 10.0) == 1.0
    assert math.isnan(emergency_triggered(300.0, NAN, 0.9))


def test_an_emergency_order_bridges_and_has_to_pay() -> None:
    assert emergency_quantity(120.0, 50.5, 1000.0) == 70.0
    assert emergency_quantity(120.0, 50.0, 40.9) == 40.0
    assert emergency_quantity(120.0, 500.0, 40.0) == 0.0
    premium = emergency_premium(70.0, 14.0, 10.0, 20.0)
    assert premium == 300.0
    assert [emergency_pays(70.0, premium, margin, 50.0) for margin in (250.0, 251.0)] == [0.0, 1.0]
    assert emergency_pays(0.0, -1.0, 0.0, 0.0) == 0.0


def test_d8_n7_what_it_saves_is_less_its_premium_and_never_more_than_the_loss() -> None:
    assert [emergency.emergency_saving(1000.0, premium) for premium in (300.0, 1000.0, 1200.0, -50.0)] == [700.0, 0.0, 0.0, 1000.0]
    assert math.isnan(emergency.emergency_saving(1000.0, NAN))
    assert [emergency.expected_missing(60.0, 0.5, below) for below in (100.0, 200.0, -10.0)] == [60.0, 100.0, 60.0]


def test_h10_the_reserve_counts_only_above_the_limit_of_probability() -> None:
    assert [usable_capacity(500.0, 300.0, probability, 0.2) for probability in (0.1, 0.2, 0.21)] == [500.0, 500.0, 800.0]
    assert math.isnan(usable_capacity(500.0, 300.0, NAN, 0.2))


def test_d9_air_bridges_the_18_days_that_the_sea_leaves_uncovered() -> None:
    assert uncovered_days(12.0, 30.0, 10.0) == 18.0
    assert bridge_quantity(10.0, 12.0, 30.0, 10.0) == 180.0


def test_d9_days_before_the_air_is_in_are_lost_and_a_long_cover_needs_no_bridge() -> None:
    assert (uncovered_days(6.0, 30.0, 10.0), lost_days(6.0, 30.0, 10.0)) == (20.0, 4.0)
    assert (bridge_quantity(10.0, 40.0, 30.0, 10.0), lost_days(40.0, 30.0, 10.0)) == (0.0, 0.0)
    assert bridge_quantity(0.35, 12.0, 30.0, 10.0) == 7.0


@settings(max_examples=60, deadline=None)
@given(sd=st.floats(0.1, 100), holding=st.floats(0.001, 5), premium=st.floats(0.01, 50), other=st.floats(0.2, 5))
def test_the_slack_of_base_surge_is_the_cheapest(sd: float, holding: float, premium: float, other: float) -> None:
    slack = base_surge_slack(sd, holding, premium)
    assert base_surge_cost(slack, sd, holding, premium) <= base_surge_cost(slack * other, sd, holding, premium) * (1 + 1e-12)


def test_base_surge_and_dual_index_orders() -> None:
    assert base_surge_slack(10.0, 0.02, 4.0) == pytest.approx(10.0 * math.sqrt(0.0025))
    assert math.isnan(base_surge_slack(10.0, 0.02, 0.0))
    assert (base_rate(5.0, 0.5), base_rate(5.0, 9.0)) == (4.5, 0.0)
    assert (surge_order(80.0, 65.0), surge_order(80.0, 90.0)) == (15.0, 0.0)
    assert (dual_index_slow_order(200.0, 150.0, 15.0), dual_index_slow_order(200.0, 190.0, 15.0)) == (35.0, 0.0)
