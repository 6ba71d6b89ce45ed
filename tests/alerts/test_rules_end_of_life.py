"""The end-of-life line, residual value and write-downs, on the requirements' own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np
import pytest

from stockhub.alerts.rules.end_of_life_line import EndOfLifeLineParameters, EndOfLifeLineRule
from stockhub.alerts.rules.order_due import OrderDueParameters, OrderDueRule
from stockhub.alerts.rules.residual_value import ResidualValueParameters, ResidualValueRule
from stockhub.alerts.rules.shortage import ShortageParameters, ShortageRule
from stockhub.alerts.rules.write_down import WriteDownParameters, WriteDownRule
from stockhub.formulas.lifecycle.stage import DECLINE, END_OF_LIFE, LIQUIDATION, MATURITY
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES

NAN = float("nan")
Row = Mapping[str, float]
#: Two weeks of lead time and review, whose only deviation is of the lead time: 0.6 of it is left where a week keeps √0.6.
EOL: Row = {
    "available": 100.0, "reserved": 0.0, "on_order": 0.0, "in_transit": 0.0, "receiving": 0.0, "sold_90": 500.0, "stage": DECLINE,
    "is_replenished": 1.0, "lead_time": 10.0, "lead_time_sd": 3.0, "review_period": 4.0, "safety_stock": 300.0, "daily_mean": 10.0,
    "daily_sd": 0.0, "weekly_decay": sqrt(0.6), "unit_price": 20.0, "unit_cost": 10.0,
}  # fmt: skip
#: What 14 days of ten a day, fading by a daily √0.6^(1/7), amount to.
FADING = 10.0 * sum(sqrt(0.6) ** (i / 7) for i in range(1, 15))


def line(*rows: Row, **changes: float) -> Findings:
    snapshot = snapshot_of(*[{**EOL, **row} for row in rows], forecast=[10.0] * len(rows))
    return EndOfLifeLineRule().evaluate(snapshot, EndOfLifeLineParameters(**changes))


class TestEndOfLifeLine:
    def test_h62_e4_safety_stock_300_with_decay_0_6_is_180_and_not_300_6(self) -> None:
        found = line({})
        assert found.inputs["safety_part"][0] == pytest.approx(0.6, rel=1e-12)
        tree = EndOfLifeLineRule().explain(snapshot_of({}).symbols())["value"]
        filled = tree.fill({name: float(values[0]) for name, values in found.inputs.items()})
        [safety] = [node for node in filled.walk() if node.name == "decayed_safety_stock"]
        assert safety.value == pytest.approx(180.0, rel=1e-12)
        assert found.value[0] == pytest.approx(180.0 + FADING - 100.0, rel=1e-9)

    def test_h62_demand_fades_until_the_next_reviews_order_is_there(self) -> None:
        at = 180.0 + FADING
        rows = [{"available": units} for units in (at - 1, at + 1, 1.06 * at + 1)]
        found = line(*rows, notice_days=0.0)
        assert found.level.tolist() == [1, 0, 0]
        assert found.hold_level.tolist() == [1, 1, 0]

    def test_h62_without_decay_it_is_the_reorder_point(self) -> None:
        assert line({"weekly_decay": 1.0}).value[0] == pytest.approx(300.0 + 140.0 - 100.0)
        assert line({"weekly_decay": NAN}).value[0] == pytest.approx(340.0)

    def test_e16_the_suggested_order_is_capped_by_what_the_life_still_sells(self) -> None:
        remaining = 10.0 * sum(0.9 ** (i / 7) for i in range(1, 31))
        found = line({"weekly_decay": 0.9, "available": 100.0}, {"weekly_decay": 0.9, "available": 600.0}, life_days=30.0)
        assert found.suggested_qty.tolist() == [float(int(remaining - 100)), 0.0]

    def test_d21_n7_the_money_is_what_is_missing_and_the_saving_what_is_missing_after_an_order_arrives(self) -> None:
        """Without decay 140 are asked for until the next review's order and 100 before one of today; of 20 a unit 7 are lost."""
        row = {**NO_FEES, "fees_known": 1.0, "weekly_decay": 1.0, "selling_fee": 4.0, "compensation_rate": 0.05}
        found = line(*[{**row, "available": units} for units in (0.0, 60.0, 120.0, 500.0)])
        assert found.money.tolist() == pytest.approx([140 * 7.0, 80 * 7.0, 20 * 7.0, 0.0])
        assert found.saving.tolist() == pytest.approx([40 * 7.0, 40 * 7.0, 20 * 7.0, 0.0])
        fading = line({**row, "weekly_decay": sqrt(0.6), "available": 0.0})
        assert fading.money.tolist() == pytest.approx([FADING * 7.0])
        assert fading.saving.tolist() == pytest.approx([10.0 * sum(sqrt(0.6) ** (i / 7) for i in range(11, 15)) * 7.0])

    def test_n7_what_lands_within_the_lead_time_is_there_before_an_order_arrives(self) -> None:
        row = {**EOL, **NO_FEES, "fees_known": 1.0, "weekly_decay": 1.0, "selling_fee": 4.0, "available": 0.0}
        snapshot = snapshot_of(row, row, forecast=[10.0, 10.0], inbound=[(0, 5.0, 100.0), (1, 12.0, 100.0)])
        found = EndOfLifeLineRule().evaluate(snapshot, EndOfLifeLineParameters())
        assert found.money.tolist() == pytest.approx([40 * 6.0, 40 * 6.0])
        assert found.saving.tolist() == pytest.approx([40 * 6.0, 0.0])

    def test_d21_a_loss_that_is_not_known_has_a_reason(self) -> None:
        found = line({**NO_FEES, "available": 0.0}, {**NO_FEES, "fees_known": 1.0, "unit_cost": NAN, "available": 0.0})
        assert np.isnan(found.money).tolist() == [False, True]
        assert (found.level.tolist(), found.reasons["NO_COST"].tolist()) == ([3, 3], [False, True])

    def test_science_10_1_out_before_the_fastest_supplier_delivers_is_level_3(self) -> None:
        assert line({"available": 40.0}, {"available": 0.0}).level.tolist() == [3, 3]
        steady = {"weekly_decay": 1.0, "available": 60.0}
        assert line(*[{**steady, "fastest_lead_time": days} for days in (10.0, 7.0, 6.0)]).level.tolist() == [3, 3, 2]

    def test_u5_never_bought_again_cleared_or_in_another_stage_has_no_line(self) -> None:
        rows = [{"is_replenished": 0.0}, {"stage": LIQUIDATION}, {"stage": MATURITY}, {"stage": NAN}, {"stage": END_OF_LIFE}]
        assert line(*[{**row, "available": 0.0} for row in rows]).level.tolist() == [0, 0, 0, 0, 3]

    def test_it_takes_the_place_of_shortage_and_order_due(self) -> None:
        snapshot = snapshot_of(
            *[{**EOL, "available": 0.0, "stage": stage} for stage in (MATURITY, DECLINE, END_OF_LIFE)], forecast=[10.0] * 3
        )
        assert ShortageRule().evaluate(snapshot, ShortageParameters()).level.tolist() == [3, 0, 0]
        assert OrderDueRule().evaluate(snapshot, OrderDueParameters()).level.tolist() == [2, 0, 0]

    def test_missing_data_is_never_level_zero(self) -> None:
        found = line({"daily_mean": NAN}, {"safety_stock": NAN}, {"available": NAN})
        assert found.level.tolist() == [-1, -1, -1]
        assert [code for code, rows in found.reasons.items() if rows.any()] == ["NO_STOCK_DATA", "NO_FORECAST", "NO_SAFETY_STOCK"]


def residual(*rows: Row, **changes: float) -> Findings:
    made = [{**EOL, "weekly_decay": 1.0, "daily_mean": 2.0, "unit_cost": 100.0, "order_up_to": 600.0, **row} for row in rows]
    return ResidualValueRule().evaluate(snapshot_of(*made), ResidualValueParameters(**changes))


def proposals(found: Findings) -> list[str]:
    return [ResidualValueRule.proposals[int(place)].en.split(":")[0] for place in found.inputs["proposal"]]


class TestResidualValue:
    def test_h63_the_policy_follows_the_residual_band(self) -> None:
        """Of a price 15 % goes to selling it."""
        found = residual(*[{"unit_price": price} for price in (94.2, 94.0, 47.1, 47.0)])
        assert found.value == pytest.approx([0.8007, 0.799, 0.40035, 0.3995])
        assert proposals(found) == [
            "Order what is still needed, and promote", "Sell it down", "Sell it down", "Clear it and stop production",
        ]  # fmt: skip

    def test_h63_e16_priority_replenishment_is_capped_by_remaining_life_demand(self) -> None:
        """It wants 500 up to its level; 180 days of 2 a day sell 360, of which 100 lie there."""
        found = residual({"unit_price": 100.0}, {"unit_price": 100.0, "is_replenished": 0.0}, {"unit_price": 60.0})
        assert found.suggested_qty.tolist() == [260.0, 0.0, 0.0]
        assert found.level.tolist() == [1, 0, 0]

    def test_h63_low_residual_with_stock_left_over_is_level_2(self) -> None:
        rows = [{"available": 1000.0, "unit_price": price} for price in (100.0, 60.0, 40.0)]
        found = residual(*rows)
        assert found.level.tolist() == [1, 1, 2]
        assert found.money.tolist() == [64_000.0] * 3
        assert residual({"available": 370.0, "unit_price": 40.0}, {"available": 371.0, "unit_price": 40.0}).level.tolist() == [0, 2]

    def test_open_purchase_orders_are_left_over_too(self) -> None:
        assert residual({"available": 300.0, "on_order": 300.0, "unit_price": 40.0}).level.tolist() == [2]

    def test_other_stages_are_silent_and_missing_data_has_a_reason(self) -> None:
        found = residual({"stage": MATURITY}, {"unit_price": NAN}, {"unit_cost": NAN}, {"stage": LIQUIDATION, "available": 999.0})
        assert found.level.tolist() == [0, -1, -1, 2]
        assert found.reasons["NO_PRICE"].tolist() == [False, True, False, False]
        assert found.reasons["NO_COST"].tolist() == [False, False, True, False]


def write_down(*rows: Row, **changes: float) -> Findings:
    made = [{"available": 90.0, "reserved": 10.0, "unit_cost": 40.0, **row} for row in rows]
    return WriteDownRule().evaluate(snapshot_of(*made), WriteDownParameters(**changes))


class TestWriteDown:
    def test_h9_net_realisable_value_below_cost_shows_the_write_down(self) -> None:
        """40 · 85 % is 34: 6 a unit on 100 units."""
        found = write_down({"unit_price": 40.0}, {"unit_price": 48.0})
        assert found.money == pytest.approx([600.0, 0.0])
        assert (found.value.tolist(), found.level.tolist()) == ([100.0, 100.0], [1, 0])

    def test_h9_what_selling_a_unit_costs_counts(self) -> None:
        assert write_down({"unit_price": 48.0}, selling_cost=5.0).money == pytest.approx([420.0])

    def test_levels_follow_the_amount_and_the_share_of_cost(self) -> None:
        prices = (46.0, 45.5, 33.0, 32.9, 0.0)
        assert write_down(*[{"unit_price": price} for price in prices]).level.tolist() == [0, 1, 1, 2, 3]

    def test_an_open_alert_waits_for_a_margin(self) -> None:
        found = write_down({"unit_price": 45.91}, {"unit_price": 45.95})
        assert (found.level.tolist(), found.hold_level.tolist()) == ([0, 0], [1, 0])

    def test_an_unknown_price_or_cost_has_a_reason_and_no_stock_nothing_to_write_down(self) -> None:
        found = write_down({"unit_price": NAN}, {"unit_price": 9.0, "unit_cost": NAN}, {"available": 0.0, "reserved": 0.0})
        assert found.level.tolist() == [-1, -1, 0]
        assert found.reasons["NO_PRICE"].tolist() == [True, False, False]
        assert found.reasons["NO_COST"].tolist() == [False, True, False]
        assert np.isnan(found.money[:2]).all()
