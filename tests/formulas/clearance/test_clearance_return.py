"""What a clearance brought (H56)."""

from __future__ import annotations

import math

import pytest

from stockhub.formulas.clearance import clearance_return as cr


def test_h56_released_cash_over_capital_cost_is_ten_times() -> None:
    assert cr.net_release(90_000.0, 30_000.0) == 60_000.0
    assert cr.release_over_capital_cost(90_000.0, 30_000.0, 6_000.0) == 10.0


def test_return_on_what_the_action_cost() -> None:
    cost = cr.action_cost(900.0, 80.0, 20.0)
    assert cost == 1000.0
    assert cr.clearance_roi(2500.0, 500.0, cost) == 2.0
    assert math.isnan(cr.clearance_roi(2500.0, 500.0, 0.0))


def test_the_other_figures() -> None:
    assert cr.cash_recovery(9_000.0, 15_000.0) == pytest.approx(0.6)
    assert math.isnan(cr.cash_recovery(9_000.0, 0.0))
    assert cr.capital_cost_saved(73_000.0, 0.1, 30.0) == pytest.approx(600.0)
    assert cr.gross_margin_rate(80.0, 100.0) == pytest.approx(-0.25)
    assert cr.mean_pay_ratio(600.0, 1000.0) == pytest.approx(0.6)
