"""Every exit in incremental cash, and the best of them (H54, H55, E12)."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from stockhub.formulas.clearance import exits as x
from stockhub.formulas.clearance import hold_or_clear as h
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.removal import liquidation_net
from stockhub.values import Explanation

EVERYTHING = [1.0] * len(x.EXITS)


def test_h54_hold_or_clear() -> None:
    hold = h.hold_net(expected_sold=200.0, unit_cash=18.0, units_stored=500.0, storage_fee=0.9, months=4.0, units_left=300.0)
    clear = h.clear_net(500.0, 9.0, 0.15, 3.0)
    assert (hold, clear, h.gain_of_clearing(clear, hold)) == pytest.approx((1800.0, 2325.0, 525.0))
    assert h.HOLD_OR_CLEAR[int(h.hold_or_clear(clear, hold))] == "clear"
    assert h.HOLD_OR_CLEAR[int(h.hold_or_clear(hold, hold))] == "hold"
    assert x.exit_due(181.0, 180.0, hold, clear) == 1.0
    assert x.exit_due(180.0, 180.0, hold, clear) == 0.0


def test_e12_what_the_stock_cost_decides_nothing() -> None:
    hold = h.hold_net(expected_sold=200.0, unit_cash=18.0, units_stored=500.0, storage_fee=0.9, months=4.0)
    clear = h.clear_net(500.0, 9.0, 0.15, 3.0)
    # The literal rule: a purchase of 12 a unit makes a loss of 3,675 on clearing, more than 1,800 of storage, and so would hold.
    loss = h.sunk_cost(500.0, 12.0) - clear
    assert loss == pytest.approx(3675.0)
    assert loss > 500.0 * 0.9 * 4.0
    assert h.hold_or_clear(clear, hold) == 1.0
    told = h.hold_or_clear(Explanation.input("clear", clear), Explanation.input("hold", hold))
    assert set(told.inputs()) == {"clear", "hold"}
    assert told.evaluate() == 1.0


def test_disposing_of_the_rest_counts_against_holding() -> None:
    without = h.hold_net(expected_sold=200.0, unit_cash=18.0, units_stored=500.0, storage_fee=0.9, months=4.0)
    with_fee = h.hold_net(
        expected_sold=200.0, unit_cash=18.0, units_stored=500.0, storage_fee=0.9, months=4.0, units_left=300.0, disposal_fee=0.5
    )
    assert without - with_fee == pytest.approx(150.0)


@pytest.mark.parametrize(
    ("market", "hold", "single", "bundle", "action"),
    [
        (20.0, 0.0, 50.0, 90.0, "sell"),
        (18.82, 0.0, 50.0, 90.0, "sell"),
        (18.81, 0.0, 50.0, 90.0, "bundle"),
        (15.0, 95.0, 50.0, 90.0, "hold"),
        (15.0, 0.0, 95.0, 90.0, "single_markdown"),
        (15.0, 90.0, 50.0, 90.0, "hold"),
        (15.0, 0.0, 90.0, 90.0, "single_markdown"),
    ],
)
def test_h55_below_break_even_the_bundle_has_to_beat_both(market: float, hold: float, single: float, bundle: float, action: str) -> None:
    assert h.BELOW_BREAK_EVEN_ACTIONS[int(h.below_break_even_action(market, 18.82, hold, single, bundle))] == action


def test_holding_is_discounted_month_by_month() -> None:
    value = x.hold_value([100.0, 50.0], 10.0, [80.0, 60.0], [0.0, 20.0], rate=0.01, exit_value=-30.0)
    assert value == pytest.approx((1000.0 - 80.0) / 1.01 + (500.0 - 60.0 - 20.0 - 30.0) / 1.01**2)
    assert x.hold_value([], 10.0, [], [], rate=0.01, exit_value=-30.0) == -30.0
    with pytest.raises(InvalidParameterError, match="same number of months"):
        x.hold_value([1.0], 10.0, [], [], rate=0.01, exit_value=0.0)
    assert x.expected_monthly_sales(120.0, [50.0, 50.0, 50.0, 50.0]) == [50.0, 50.0, 20.0, 0.0]
    assert x.expected_monthly_sales(-3.0, [50.0]) == [0.0]


def test_each_exit_in_today_s_money() -> None:
    net = liquidation_net(1.0, 20.0, 0.1, 0.15, 0.5)
    assert net == pytest.approx(20.0 * 0.1 * 0.85 - 0.5)
    assert x.liquidation_value(100.0, net, 0.01) == pytest.approx(120.0 / 1.01**3)
    assert x.removal_value(100.0, 0.8, 40.0, 300.0) == pytest.approx(180.0)
    assert x.disposal_value(100.0, 0.3) == pytest.approx(-30.0)
    assert x.donation_value(100.0, 0.3, 0.0) == pytest.approx(-30.0)
    assert x.transfer_value(100.0, 6.0, 150.0, 2.0, 0.01) == pytest.approx(600.0 / 1.01**2 - 150.0)
    assert x.markdown_value([100.0, 101.0], 0.01) == pytest.approx(200.0)


def test_the_best_exit_is_the_one_worth_most_of_those_there_are() -> None:
    values = [10.0, 30.0, 20.0, 5.0, 40.0, 0.0, -9.0]
    assert x.EXITS[int(x.best_exit(values, EVERYTHING))] == "remove"
    assert x.EXITS[int(x.best_exit(values, [1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]))] == "markdown"
    assert x.best_exit([*values[:4], math.nan, 0.0, -9.0], [1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]) == 1.0
    assert math.isnan(x.best_exit([*values[:4], math.nan, 0.0, -9.0], EVERYTHING))
    assert x.best_exit([7.0] * 7, EVERYTHING) == 0.0
    with pytest.raises(InvalidParameterError):
        x.best_exit(values[:3], EVERYTHING[:3])


def test_the_best_exit_is_explained_and_computed_for_many() -> None:
    values = [10.0, 30.0, 20.0, 5.0, 40.0, 0.0, -9.0]
    told = x.best_exit([Explanation.input(n, v) for n, v in zip(x.EXITS, values, strict=True)], [Explanation.constant(1.0)] * 7)
    assert told.value == told.evaluate() == 4.0
    many = x.best_exit([np.array([v, -v]) for v in values], [np.ones(2)] * 7)
    assert many.tolist() == [4.0, 6.0]


@pytest.mark.parametrize(
    ("today", "review"),
    [
        (date(2026, 3, 1), date(2026, 3, 14)),
        (date(2026, 3, 14), date(2026, 3, 14)),
        (date(2026, 3, 15), date(2026, 4, 14)),
        (date(2026, 9, 15), date(2026, 9, 30)),
        (date(2026, 9, 30), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 10, 14)),
        (date(2026, 12, 31), date(2027, 1, 14)),
        (date(2027, 1, 31), date(2027, 2, 14)),
    ],
)
def test_exits_are_reviewed_on_the_eve_of_what_costs(today: date, review: date) -> None:
    assert x.next_exit_review_on(today) == review
