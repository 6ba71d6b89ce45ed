"""Stock-out risk: a chance, its levels and what it is expected to lose (F1, N5, U5, U7)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from stockhub.alerts.rules.stockout_risk import StockoutRiskParameters, StockoutRiskRule
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES

ROW = {
    **NO_FEES, "fees_known": 1.0, "unit_cost": 12.0, "selling_fee": 2.0, "compensation_rate": 0.05,
    "available": 100.0, "reserved": 0.0, "on_order": 0.0, "in_transit": 0.0, "receiving": 0.0, "sold_90": 900.0, "is_replenished": 1.0,
    "lead_time": 14.0, "review_period": 7.0, "daily_mean": 10.0, "order_up_to": 260.0, "sells_out_first": 10.0, "unit_price": 20.0,
    "moq": 1.0, "case_pack": 1.0,
}  # fmt: skip


def risk(*rows: Mapping[str, float], **changes: float) -> Findings:
    return StockoutRiskRule().evaluate(snapshot_of(*rows, forecast=[10.0] * len(rows)), StockoutRiskParameters(**changes))


def test_n5_levels_begin_at_a_fifth_a_half_and_four_fifths() -> None:
    chances = (0.0, 0.19, 0.2, 0.49, 0.5, 0.79, 0.8, 1.0)
    found = risk(*[{**ROW, "p_stockout": chance} for chance in chances])
    assert found.level.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert found.value.tolist() == [*chances]


def test_an_open_alert_waits_until_the_chance_is_clearly_lower() -> None:
    found = risk(*[{**ROW, "p_stockout": chance} for chance in (0.14, 0.16, 0.46)])
    assert found.level.tolist() == [0, 0, 1]
    assert found.hold_level.tolist() == [0, 1, 2]


def test_d21_n7_the_money_is_the_loss_of_a_review_period_without_stock_as_likely_as_it_is() -> None:
    """Of 20 a unit, 6 are margin and 1 is compensation; an order of today saves all that waiting a review costs."""
    found = risk({**ROW, "p_stockout": 0.3}, {**ROW, "p_stockout": 0.3, "unit_price": np.nan})
    assert found.money[0] == pytest.approx(0.3 * 10.0 * 7.0 * (6.0 + 1.0))
    assert found.saving[0] == found.money[0]
    assert (np.isnan(found.money[1]), np.isnan(found.saving[1])) == (True, True)
    assert found.reasons["NO_PRICE"].tolist() == [False, True]


def test_d21_a_sanction_is_as_likely_as_the_stock_out() -> None:
    shop = {**ROW, "daily_mean": 40.0, "shop_orders": 100.0, "shop_paid": 36_500.0, "payout_freeze_days": 3.0, "compensation_rate": 0.0}
    assert risk({**shop, "p_stockout": 0.5}).money.tolist() == pytest.approx([0.5 * (40 * 7 * 6 + 36_500 * 3 * 0.12 * 3 / 365)])


def test_f1_it_is_due_a_lead_time_before_stock_first_sells_out() -> None:
    assert risk({**ROW, "p_stockout": 0.3}).due_in_days.tolist() == [-4.0]


def test_u1_the_suggested_order_is_net_of_everything_inbound() -> None:
    found = risk({**ROW, "p_stockout": 0.3}, {**ROW, "p_stockout": 0.3, "on_order": 60.0, "in_transit": 70.0})
    assert found.suggested_qty.tolist() == [160.0, 30.0]


def test_u5_what_is_never_bought_again_and_what_nobody_asks_for_is_silent() -> None:
    gone = {**ROW, "p_stockout": 1.0, "available": 0.0}
    found = risk(gone, {**gone, "is_replenished": 0.0}, {**gone, "daily_mean": 0.05})
    assert found.level.tolist() == [3, 0, 0]


def test_without_a_forecast_it_says_so_and_does_not_call_it_safe() -> None:
    found = risk({**ROW, "p_stockout": np.nan})
    assert found.level.tolist() == [-1]
    assert found.reasons["NO_FORECAST"].tolist() == [True]
