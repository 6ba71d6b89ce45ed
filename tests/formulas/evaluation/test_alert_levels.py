"""Levels of alerts, what level 3 freezes, and both cliffs of cover (E5, E15)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.evaluation import alert_labels, alert_levels, alert_metrics, calibration, cover_cliffs, effect_comparison, thresholds
from stockhub.formulas.evaluation import learned_factors as learned
from stockhub.formulas.evaluation.alert_levels import (
    FROZEN_FLOWS,
    OUTBOUND,
    OVERSTOCK,
    PURCHASING,
    SHORTAGE,
    escalation_due,
    frozen_flow,
    order_is_held,
    overstock_level,
    settled_levels,
    shortage_level,
)
from stockhub.formulas.evaluation.cover_cliffs import COVER_CLIFFS, cover_cliff, is_low_inventory
from stockhub.values import Explanation

NAN = math.nan


def shortage(p_zero: float = 0.0, order_day: float = 30.0, cover: float = 60.0, fastest: float = 5.0, out: float = 0.0) -> float:
    return shortage_level(p_zero=p_zero, latest_order_day=order_day, cover_days=cover, fastest_arrival_days=fastest, out_of_stock=out)


def overstock(**changed: float) -> float:
    calm = {
        "stock": 90.0,
        "daily_rate": 1.0,
        "excess": 30.0,
        "excess_limit": 30.0,
        "units_nearing_surcharge": 0.0,
        "npv_hold": NAN,
        "npv_exit": NAN,
        "value_at_risk": 500.0,
        "value_limit": 500.0,
    }
    return overstock_level(**calm | changed)


def test_h65_h66_h67_a_shortage_rises_with_the_probability_of_running_out() -> None:
    assert [shortage(p) for p in (0.0, 0.19, 0.2, 0.49, 0.5, 0.79, 0.8, 1.0)] == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0]


def test_h65_h66_a_shortage_rises_as_the_order_day_comes_and_goes() -> None:
    assert [shortage(order_day=day) for day in (4.0, 3.0, 0.0, -1.0)] == [0.0, 1.0, 1.0, 2.0]


def test_h67_what_nothing_reaches_in_time_is_of_level_3() -> None:
    assert [shortage(cover=cover) for cover in (5.0, 4.9)] == [0.0, 3.0]
    assert shortage(out=1.0) == 3.0


def test_an_unknown_criterion_hides_nothing_graver_and_looks_like_no_calm() -> None:
    assert shortage(NAN, NAN, NAN, NAN, out=1.0) == 3.0
    assert shortage(0.9, NAN, NAN, NAN) == 3.0
    assert math.isnan(shortage(NAN))
    assert math.isnan(shortage(order_day=NAN))


def test_h65_h66_an_overstock_rises_with_days_of_supply_and_excess() -> None:
    assert overstock() == 0.0
    assert overstock(excess=30.5) == 1.0
    assert [overstock(stock=stock) for stock in (90.5, 180.0, 180.5)] == [1.0, 1.0, 2.0]
    assert overstock(units_nearing_surcharge=1.0) == 2.0
    assert overstock(daily_rate=0.0) == 2.0, "Stock that nobody buys lasts for ever."
    assert overstock(stock=0.0, daily_rate=0.0) == 0.0


def test_h67_an_overstock_that_loses_by_being_held_is_of_level_3() -> None:
    losing = {"npv_hold": 100.0, "npv_exit": 101.0}
    assert overstock(value_at_risk=500.5, **losing) == 3.0
    assert overstock(**losing) == 0.0, "Too little money is in it."
    assert overstock(value_at_risk=500.5, npv_hold=101.0, npv_exit=101.0) == 0.0
    assert math.isnan(overstock(value_at_risk=500.5))


def test_e5_a_shortage_freezes_outbound_and_an_overstock_purchasing() -> None:
    assert FROZEN_FLOWS[int(frozen_flow(SHORTAGE, 3.0))] == "outbound"
    assert FROZEN_FLOWS[int(frozen_flow(OVERSTOCK, 3.0))] == "purchasing"
    assert [frozen_flow(side, level) for side in (SHORTAGE, OVERSTOCK) for level in (0.0, 1.0, 2.0)] == [0.0] * 6


def test_e5_h67_committed_orders_go_on_and_a_lower_level_releases_the_others() -> None:
    short, over = frozen_flow(SHORTAGE, 3.0), frozen_flow(OVERSTOCK, 3.0)
    assert order_is_held(short, OUTBOUND, 0.0) == 1.0
    assert order_is_held(short, OUTBOUND, 1.0) == 0.0
    assert order_is_held(short, PURCHASING, 0.0) == 0.0, "What ends a shortage is never held."
    assert order_is_held(over, PURCHASING, 0.0) == 1.0
    assert order_is_held(over, OUTBOUND, 0.0) == 0.0, "What ends an overstock is never held."
    assert order_is_held(frozen_flow(SHORTAGE, 2.0), OUTBOUND, 0.0) == 0.0


def test_a_level_rises_at_once_and_falls_after_two_clean_evaluations() -> None:
    assert settled_levels(np.array([1.0, 3.0, 1.0, 0.0, 0.0, 2.0, 0.0, 2.0, 0.0, 0.0])).tolist() == [1, 3, 3, 1, 0, 2, 2, 2, 2, 0]


def test_a_missing_evaluation_is_not_a_clean_one() -> None:
    levels = settled_levels(np.array([[NAN, 2.0, 0.0, NAN, 0.0, 0.0], [0.0, NAN, NAN, 1.0, NAN, 0.0]]))
    np.testing.assert_array_equal(levels, [[NAN, 2, 2, 2, 2, 0], [0, 0, 0, 1, 1, 1]])
    assert settled_levels(np.zeros((3, 0))).shape == (3, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3).map(float), min_size=1, max_size=20))
def test_the_level_in_force_is_the_highest_of_the_last_two(evaluations: list[float]) -> None:
    expected = [max(evaluations[max(t - 1, 0) : t + 1]) for t in range(len(evaluations))]
    assert settled_levels(np.array(evaluations)).tolist() == expected


def test_an_alert_that_nobody_acknowledges_goes_to_the_next_person() -> None:
    assert [escalation_due(hours, 24.0, seen) for hours, seen in ((24.0, 0.0), (24.5, 0.0), (24.5, 1.0))] == [0.0, 1.0, 0.0]


def cliff(dos_30: float, dos_90: float, stock: float = 90.0, *, shipped: float = 30.0, rate: float = 1.0) -> str:
    code = cover_cliff(days_of_supply_30=dos_30, days_of_supply_90=dos_90, shipped_30_days=shipped, stock=stock, forecast_daily_rate=rate)
    return COVER_CLIFFS[int(code)]


def test_e15_under_28_days_on_both_views_and_over_90_days_ahead() -> None:
    assert cliff(27.9, 27.9) == "low_inventory"
    assert cliff(28.0, 27.9) == cliff(27.9, 28.0) == cliff(28.0, 28.0) == "none", "One view is not enough."
    assert cliff(40.0, 40.0, 90.5) == "excess"
    assert cliff(27.9, 27.9, 90.5) == "low_inventory_and_excess"
    assert cliff(40.0, 40.0, 1.0, rate=0.0) == "excess"


def test_e15_nothing_shipped_is_nothing_charged_and_an_unknown_view_is_no_answer() -> None:
    assert cliff(NAN, NAN, shipped=0.0) == "none"
    assert math.isnan(is_low_inventory(NAN, 20.0, 30.0))


#: Every formula here with its number of arguments; those with keywords only by position of their keywords.
FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "shortage_level": (
        lambda *x: shortage_level(p_zero=x[0], latest_order_day=x[1], cover_days=x[2], fastest_arrival_days=x[3], out_of_stock=x[4]),
        5,
    ),
    "overstock_level": (
        lambda *x: overstock_level(
            stock=x[0],
            daily_rate=x[1],
            excess=x[2],
            excess_limit=x[3],
            units_nearing_surcharge=x[4],
            npv_hold=x[5],
            npv_exit=x[6],
            value_at_risk=x[7],
            value_limit=x[8],
        ),
        9,
    ),
    "cover_cliff": (
        lambda *x: cover_cliff(days_of_supply_30=x[0], days_of_supply_90=x[1], shipped_30_days=x[2], stock=x[3], forecast_daily_rate=x[4]),
        5,
    ),
    "frozen_flow": (frozen_flow, 2),
    "order_is_held": (order_is_held, 3),
    "settled_level": (alert_levels.settled_level, 3),
    "escalation_due": (escalation_due, 3),
    "is_low_inventory": (cover_cliffs.is_low_inventory, 3),
    "alert_horizon": (alert_labels.alert_horizon, 1),
    "alert_outcome": (alert_labels.alert_outcome, 5),
    "overstock_realised": (alert_labels.overstock_realised, 5),
    "precision": (alert_metrics.precision, 2),
    "recall": (alert_metrics.recall, 2),
    "f_beta": (alert_metrics.f_beta, 4),
    "f_beta_of": (alert_metrics.f_beta_of, 3),
    "alerts_per_sku_month": (alert_metrics.alerts_per_sku_month, 2),
    "alert_cost": (alert_metrics.alert_cost, 5),
    "calibration_method": (calibration.calibration_method, 2),
    "cost_ratio_threshold": (thresholds.cost_ratio_threshold, 2),
    "stepped_threshold": (thresholds.stepped_threshold, 3),
    "may_deploy": (thresholds.may_deploy, 4),
    "difference_in_differences": (effect_comparison.difference_in_differences, 4),
    "effect_claim": (effect_comparison.effect_claim, 3),
    "missed_after_promotion": (learned.missed_after_promotion, 4),
    "false_alarm_by_late_delivery": (learned.false_alarm_by_late_delivery, 2),
    "learned_promotion_factor": (learned.learned_promotion_factor, 3),
    "learned_supplier_risk": (learned.learned_supplier_risk, 2),
}
numbers = st.one_of(st.sampled_from([0.0, 1.0, 2.0, 0.3, math.nan]), st.integers(-5, 100).map(float), st.floats(-10, 1e4))


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, count = FORMULAS[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * count), min_size=2, max_size=3))
    one_by_one = [formula(*row) for row in rows]
    told = [formula(*[Explanation.input(f"input_{i}", value) for i, value in enumerate(row)]) for row in rows]
    assert all(type(number) is float for number in one_by_one)
    np.testing.assert_allclose(formula(*[np.array(column) for column in zip(*rows, strict=True)]), one_by_one, rtol=1e-12)
    np.testing.assert_allclose([math.nan if t.value is None else t.value for t in told], one_by_one, rtol=1e-12)
    assert all(t.evaluate() == t.value for t in told)
    assert all(t.name == name and t.unit for t in told)
