"""Ship-by risk, the user's own threshold, and the pace of the last minutes."""

from __future__ import annotations

import numpy as np
import pytest

from stockhub.alerts.rules.below_threshold import BelowThresholdParameters, BelowThresholdRule
from stockhub.alerts.rules.burn_rate import BurnRateParameters, BurnRateRule
from stockhub.alerts.rules.ship_by_risk import ShipByRiskParameters, ShipByRiskRule
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES

NAN = float("nan")
#: 3 paid orders of one unit due in 20 hours, and one unit in stock.
D24 = {
    "available": 0.0,
    "due_orders": 3.0,
    "due_units": 3.0,
    "due_unreserved_units": 2.0,
    "due_orders_at_risk": 2.0,
    "due_paid_at_risk": 198.0,
    "hours_to_ship_by": 20.0,
}


def ship_by(*rows: dict[str, float], **changes: float) -> Findings:
    return ShipByRiskRule().evaluate(snapshot_of(*rows), ShipByRiskParameters(**changes))


def below(*stock: float, line: float = 100.0) -> Findings:
    rows = [{"available": units, "alert_threshold": line} for units in stock]
    return BelowThresholdRule().evaluate(snapshot_of(*rows), BelowThresholdParameters())


class TestShipByRisk:
    def test_d24_three_orders_in_20_hours_with_stock_for_one(self) -> None:
        found = ship_by(D24)
        assert found.level.tolist() == [2]
        assert found.value.tolist() == [2.0]
        assert found.money == pytest.approx([9.9])
        assert found.saving == pytest.approx([9.9])
        assert found.due_in_days == pytest.approx([20 / 24])

    def test_d21_the_rate_is_a_parameter(self) -> None:
        row = {**D24, "due_orders_at_risk": 200.0, "due_paid_at_risk": 200 * 99.0}
        assert ship_by(row, row).money == pytest.approx([990.0, 990.0])
        assert ship_by(row, compensation_rate=0.1).money == pytest.approx([1980.0])

    def test_time_decides_the_level_and_overdue_is_the_worst(self) -> None:
        rows = [{**D24, "hours_to_ship_by": hours} for hours in (49.0, 48.0, 24.0, 8.0, -3.0)]
        found = ship_by(*rows)
        assert found.level.tolist() == [0, 1, 2, 3, 3]
        assert found.hold_level.tolist() == [1, 1, 2, 3, 3]

    def test_orders_that_have_their_stock_are_no_risk(self) -> None:
        found = ship_by({**D24, "due_orders_at_risk": 0.0, "hours_to_ship_by": 1.0}, {"due_orders_at_risk": 0.0})
        assert found.level.tolist() == [0, 0]

    def test_missing_data_is_never_level_zero(self) -> None:
        found = ship_by({**D24, "hours_to_ship_by": NAN}, {}, {**D24, "due_paid_at_risk": NAN})
        assert found.level.tolist() == [-1, -1, 2]
        assert found.reasons["NO_SHIP_BY"].tolist() == [True, True, False]
        assert found.reasons["NO_ORDER_DATA"].tolist() == [False, True, False]
        assert found.reasons["NO_PAID_AMOUNT"].tolist() == [False, False, True]


class TestBelowThreshold:
    def test_h13_101_to_99_opens_and_the_line_itself_does_not(self) -> None:
        assert below(101.0, 100.0, 99.0).level.tolist() == [0, 0, 1]
        assert below(101.0, 100.0, 99.0).value.tolist() == [-1.0, 0.0, 1.0]

    def test_h13_stock_that_swings_around_the_line_keeps_the_alert_open(self) -> None:
        found = below(99.0, 101.0, 104.0, 105.0)
        assert found.level.tolist() == [1, 0, 0, 0]
        assert found.hold_level.tolist() == [1, 1, 1, 0]

    def test_half_the_line_is_level_2_and_nothing_left_level_3(self) -> None:
        assert below(50.0, 49.0, 1.0, 0.0, -2.0).level.tolist() == [1, 2, 2, 3, 3]
        assert below(54.0, 5.0).hold_level.tolist() == [2, 3]

    def test_a_sku_without_a_line_is_not_looked_at(self) -> None:
        found = below(0.0, NAN, line=NAN)
        assert found.level.tolist() == [0, 0]
        assert np.isnan(found.value).all()
        assert below(0.0, line=0.0).level.tolist() == [0]

    def test_a_line_without_known_stock_is_not_evaluated(self) -> None:
        found = below(NAN)
        assert found.level.tolist() == [-1]
        assert found.reasons["NO_STOCK_DATA"].tolist() == [True]


#: 500 left, a line of 100, 8 a minute.
D18 = {
    **NO_FEES, "available": 500.0, "burn_rate": 8.0, "daily_mean": 10.0, "alert_threshold": 100.0, "unit_price": 20.0, "unit_cost": 12.0,
}  # fmt: skip


def burning(*rows: dict[str, float], **changes: float) -> Findings:
    return BurnRateRule().evaluate(snapshot_of(*rows), BurnRateParameters(**changes))


class TestBurnRate:
    def test_d18_fifty_minutes_to_the_line_are_an_alert_now(self) -> None:
        found = burning(D18)
        assert (found.level.tolist(), found.value.tolist()) == ([1], [50.0])
        assert found.due_in_days == pytest.approx([50 / 1440])
        assert burning({**D18, "burn_rate": 20.0}).money.tolist() == [(20 * 60 - 500) * 8.0]

    def test_d18_minutes_decide_the_level(self) -> None:
        stock = (100 + 8 * 61, 100 + 8 * 60, 100 + 8 * 30, 100 + 8 * 10, 0)
        found = burning(*[{**D18, "available": float(units)} for units in stock])
        assert found.level.tolist() == [0, 1, 2, 3, 3]
        assert found.hold_level.tolist() == [1, 1, 2, 3, 3]

    def test_without_a_line_stock_lasts_until_nothing_is_left(self) -> None:
        assert burning({**D18, "alert_threshold": NAN}).value.tolist() == [62.5]

    def test_a_pace_near_the_forecast_is_no_burst(self) -> None:
        usual = {**D18, "daily_mean": 8.0 * 1440 / 2.9}
        assert burning(usual, {**usual, "daily_mean": 8.0 * 1440 / 3.1}, {**D18, "daily_mean": NAN}).level.tolist() == [0, 1, 1]

    def test_a_slow_trickle_is_no_burst_either(self) -> None:
        trickle = {"available": 5.0, "burn_rate": 0.19, "daily_mean": 1.0}
        assert burning(trickle, {**trickle, "burn_rate": 0.2}).level.tolist() == [0, 2]

    def test_nothing_ordered_is_nothing_to_say_and_unknown_stock_is_not_level_zero(self) -> None:
        assert burning({"burn_rate": 0.0}, {"burn_rate": 8.0, "available": NAN}).level.tolist() == [0, -1]
