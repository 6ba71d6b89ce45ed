"""What alerts cost to ignore and what an action saves, on the requirements' own numbers (D21, D24, E15, H9, H16, N7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from stockhub.alerts.rules.low_inventory_fee import LowInventoryFeeParameters, LowInventoryFeeRule
from stockhub.alerts.rules.overstock import OverstockParameters, OverstockRule
from stockhub.alerts.rules.ship_by_risk import ShipByRiskParameters, ShipByRiskRule
from stockhub.alerts.rules.shortage import ShortageParameters, ShortageRule
from stockhub.pluginapi import AlertRule, Findings, RuleParameters, Snapshot
from stockhub.pluginapi.testing.snapshots import snapshot_of
from stockhub.values import Explanation
from tests.alerts.fee_rows import NO_FEES

NAN = float("nan")
#: Ten a day, nothing in stock, an order helps after 13 days and the next one after 20: 200 cannot be filled until then.
D21 = {
    **NO_FEES, "reserved": 0.0, "on_order": 0.0, "in_transit": 0.0, "receiving": 0.0, "available": 0.0, "safety_stock": 0.0,
    "lead_time": 13.0, "review_period": 7.0, "sold_90": 900.0, "daily_mean": 10.0, "fees_known": 1.0,
    "unit_price": 99.0, "unit_cost": 60.0, "selling_fee": 9.0, "compensation_rate": 0.05,
}  # fmt: skip
#: An FBA pool, 20 days of supply by both views, 30 units a week, half a cubic foot.
E15 = {
    **NO_FEES, "is_platform_stock": 1.0, "fees_known": 1.0, "available": 80.0, "lead_time": 10.0, "review_period": 5.0,
    "history_days": 400.0,
    "is_replenished": 1.0, "sold_7": 30.0, "sold_30": 120.0, "sold_90": 360.0, "mean_stock_30": 80.0, "mean_stock_90": 80.0,
    "low_fee_under_14": 0.89, "low_fee_14_to_21": 0.63, "low_fee_21_to_28": 0.32, "low_fee_least_sales": 20.0,
}  # fmt: skip


def judged(rule: AlertRule, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
    return rule.evaluate(snapshot, parameters)


def shortage(*rows: Mapping[str, float], daily: float = 10.0, inbound: Any = (), **changes: float) -> Findings:  # noqa: ANN401
    snapshot = snapshot_of(*rows, forecast=[daily] * len(rows), inbound=inbound)
    return judged(ShortageRule(), snapshot, ShortageParameters(**changes))


def low(*rows: Mapping[str, float], daily: float = 4.0, **changes: float) -> Findings:
    snapshot = snapshot_of(*rows, forecast=[daily] * len(rows))
    return judged(LowInventoryFeeRule(), snapshot, LowInventoryFeeParameters(**changes))


def overstock(*rows: Mapping[str, float], daily: float = 10.0, **changes: float) -> Findings:
    return judged(OverstockRule(), snapshot_of(*rows, forecast=[daily] * len(rows)), OverstockParameters(**changes))


def parts(rule: AlertRule, found: Findings, name: str, row: int = 0) -> dict[str, float]:
    """The named parts of an explanation with the row's numbers in it; the tree's own value is that of the findings."""
    snapshot = snapshot_of({})
    tree = rule.explain(snapshot.symbols())[name].fill({key: float(values[row]) for key, values in found.inputs.items()})
    assert tree.evaluate() == pytest.approx(getattr(found, name)[row])
    return {node.name: node.value for node in tree.walk() if node.name and node.op != "input" and node.value is not None}


class TestShortageMoney:
    def test_d21_200_unfillable_at_99_and_5_percent_are_990(self) -> None:
        found = shortage(D21)
        told = parts(ShortageRule(), found, "money")
        assert told["shortage_compensation"] == pytest.approx(990.0)
        assert told["lost_margin"] == pytest.approx(200 * (99 - 9 - 60))
        assert (told["expected_freeze_cost"], told["low_inventory_cost"]) == (0.0, 0.0)
        assert found.money.tolist() == pytest.approx([6000.0 + 990.0])

    def test_d21_the_bounds_of_an_order_hold(self) -> None:
        cheap = {**D21, "compensation_least": 5.0}
        dear = {**D21, "unit_price": 20_000.0, "compensation_least": 5.0, "compensation_most": 500.0}
        found = shortage(cheap, dear)
        assert parts(ShortageRule(), found, "money", 0)["shortage_compensation"] == pytest.approx(200 * 5.0)
        assert parts(ShortageRule(), found, "money", 1)["shortage_compensation"] == pytest.approx(200 * 500.0)

    def test_n7_what_is_missing_before_the_order_arrives_is_not_saved(self) -> None:
        found = shortage(D21, {**D21, "available": 130.0}, {**D21, "available": 500.0})
        # 70 of the 200 are asked for after the arrival; with 130 in stock the 70 are all that is missing; with 500 nothing is.
        assert found.saving.tolist() == pytest.approx([70 * (30 + 4.95), 70 * (30 + 4.95), 0.0])
        assert found.money.tolist() == pytest.approx([200 * 34.95, 70 * 34.95, 0.0])

    def test_d21_a_sanction_freezes_payouts_above_30_percent_and_30_orders(self) -> None:
        shop = {**D21, "daily_mean": 40.0, "shop_orders": 100.0, "shop_paid": 36_500.0, "payout_freeze_days": 3.0}
        rows = [shop, {**shop, "shop_orders": 134.0}, {**shop, "daily_mean": 29.0, "shop_orders": 40.0}]
        found = shortage(*rows, daily=10.0)
        frozen = [parts(ShortageRule(), found, "money", row)["expected_freeze_cost"] for row in range(3)]
        # Three days' payments come three days later, at 12 % a year.
        assert frozen == pytest.approx([36_500 * 3 * 0.12 * 3 / 365, 0.0, 0.0])

    def test_what_is_not_known_is_a_reason_and_never_0(self) -> None:
        rows = [
            {**D21, "unit_price": NAN}, {**D21, "unit_cost": NAN}, {**D21, "fees_known": NAN, "selling_fee": NAN},
            {**D21, "is_platform_stock": 1.0, "selling_fee": NAN, "unit_volume": NAN, "unit_weight": 1.0, "sold_30": 0.0},
            {**D21, "is_platform_stock": 1.0, "unit_volume": 1.0, "unit_weight": 1.0, "sold_30": 90.0, "sold_7": 30.0},
            {**D21, "daily_mean": 50.0}, {**D21, "selling_fee": NAN, "unit_volume": 1.0, "unit_weight": 1.0},
        ]  # fmt: skip
        found = shortage(*rows)
        assert np.isnan(found.money).all()
        # A sanction that nobody can avert any more needs not be known for what an order saves.
        assert np.isnan(found.saving).tolist() == [row != 5 for row in range(len(rows))]
        first = [next(code for code, its in found.reasons.items() if its[row]) for row in range(len(rows))]
        assert first == ["NO_PRICE", "NO_COST", "NO_FEES", "NO_SIZE", "NO_STOCK_HISTORY", "NO_SHOP_PACE", "NO_FEE_RATE"]
        assert (found.level > 0).all()

    def test_a_sale_that_loses_money_is_no_loss(self) -> None:
        assert shortage({**D21, "unit_cost": 95.0, "compensation_rate": 0.0}).money.tolist() == [0.0]


class TestShipByMoney:
    def test_d24_the_tariff_of_each_order_counts_and_what_is_overdue_is_lost(self) -> None:
        due = {
            **NO_FEES, "available": 0.0, "due_orders": 3.0, "due_units": 3.0, "due_unreserved_units": 2.0, "due_orders_at_risk": 2.0,
            "due_paid_at_risk": 198.0, "due_compensation": 10.0, "hours_to_ship_by": 20.0,
        }  # fmt: skip
        rows = [
            {**due, "fees_known": 1.0},
            due,
            {**due, "fees_known": 1.0, "hours_to_ship_by": -1.0},
            {**due, "fees_known": 1.0, "due_compensation": NAN},
        ]
        found = judged(ShipByRiskRule(), snapshot_of(*rows), ShipByRiskParameters())
        assert found.level.tolist() == [2, 2, 3, 2]
        assert found.money[:3].tolist() == pytest.approx([10.0, 9.9, 10.0])
        assert found.saving[:3].tolist() == pytest.approx([10.0, 9.9, 0.0])
        assert (np.isnan(found.money[3]), found.reasons["NO_FEE_RATE"].tolist()) == (True, [False, False, False, True])


class TestLowInventoryFee:
    def test_e15_below_28_on_both_views_is_an_alert_by_tier(self) -> None:
        rows = [{**E15, "mean_stock_30": units, "mean_stock_90": units} for units in (112.0, 111.0, 84.0, 83.0, 56.0, 55.0)]
        found = low(*rows)
        assert found.value.tolist() == pytest.approx([28.0, 27.75, 21.0, 20.75, 14.0, 13.75])
        assert found.level.tolist() == [0, 1, 1, 2, 2, 3]

    def test_e15_one_view_that_is_enough_saves_the_fee(self) -> None:
        assert low({**E15, "mean_stock_30": 40.0, "mean_stock_90": 200.0}).level.tolist() == [0]

    def test_e15_the_fee_is_the_tier_times_the_units_shipped_until_an_order_helps(self) -> None:
        found = low(E15)
        # 20 days of supply: 0.63 a unit; 60 are shipped until the next review's order, 40 of them before one of today arrives.
        assert found.money.tolist() == pytest.approx([60 * 0.63])
        assert found.saving.tolist() == pytest.approx([20 * 0.63])
        assert found.suggested_qty.tolist() == [32.0]

    def test_h16_e15_what_the_platform_reckons_goes_before_our_own_history(self) -> None:
        """The fee is charged by its figures: ours say 20 days, or nothing at all."""
        none = {"mean_stock_30": NAN, "mean_stock_90": NAN}
        rows = [
            {**E15, "platform_supply_30": 12.0, "platform_supply_90": 13.5},
            {**E15, "platform_supply_30": 12.0, "platform_supply_90": 40.0},
            {**E15, **none, "platform_supply_30": 25.0, "platform_supply_90": 3.0},
            {**E15, "platform_supply_30": 12.0},
            {**E15, **none, "platform_supply_30": 12.0},
        ]
        found = low(*rows)
        assert found.level.tolist() == [3, 0, 1, 2, -1]
        assert found.value[:4].tolist() == [13.5, 40.0, 25.0, 20.0]
        assert found.reasons["NO_STOCK_HISTORY"].tolist() == [False, False, False, False, True]
        # Each tier is charged by the figure that picked it.
        units = found.inputs["shipped_until_next"]
        assert found.money[[0, 2, 3]].tolist() == pytest.approx([0.89 * units[0], 0.32 * units[2], 0.63 * units[3]])

    def test_h16_the_platforms_word_on_the_exemption_goes_before_our_guess(self) -> None:
        young = {**E15, "history_days": 30.0}
        rows = [{**E15, "low_fee_exempt": 1.0}, {**young, "low_fee_exempt": 0.0}, young, {**E15, "low_fee_exempt": 0.0}]
        assert low(*rows).level.tolist() == [0, 2, 0, 2]

    def test_h16_exempt_are_few_sales_new_goods_replenished_stock_and_other_warehouses(self) -> None:
        rows = [
            E15, {**E15, "sold_7": 19.0}, {**E15, "sold_7": 20.0}, {**E15, "history_days": 179.0}, {**E15, "is_platform_stock": 0.0},
            {**E15, "low_fee_21_to_28": 0.0}, {**E15, "sold_30": 0.0}, {**E15, "is_replenished": 0.0},
        ]  # fmt: skip
        assert low(*rows).level.tolist() == [2, 0, 2, 0, 0, 0, 0, 0]
        assert low(E15, is_exempt=1.0).level.tolist() == [0]

    def test_a_fee_that_the_tariff_does_not_have_is_unknown_and_the_alert_stands(self) -> None:
        found = low({**E15, "low_fee_14_to_21": NAN}, {**E15, "mean_stock_90": NAN})
        assert found.level.tolist() == [2, -1]
        assert np.isnan(found.money).all()
        assert (found.reasons["NO_FEE_RATE"][0], found.reasons["NO_STOCK_HISTORY"][1]) == (True, True)


class TestExcessMoney:
    MUCH = {
        **NO_FEES, "available": 1840.0, "safety_stock": 100.0, "unit_cost": 20.0, "unit_price": 30.0, "selling_fee": 3.0, "fees_known": 1.0,
        "is_platform_stock": 1.0, "unit_volume": 0.5, "unit_weight": 1.0, "storage_30": 1.0, "storage_90": 3.0, "storage_180": 9.0,
        "storage_365": 16.4, "aged_surcharge_180": 250.0,
    }  # fmt: skip

    def test_storage_age_capital_and_write_down_are_named_parts(self) -> None:
        found = overstock(self.MUCH)
        told = parts(OverstockRule(), found, "money")
        # 1,000 too many: 84 days until it is their turn and half of the 100 days that they take.
        assert told["holding_days"] == pytest.approx(134.0)
        assert told["storage_of_excess"] == pytest.approx(1000 * (3 + 6 * (134 - 90) / 90))
        assert told["capital_cost"] == pytest.approx(1000 * 20 * 0.12 * 134 / 365)
        assert told["write_down"] == pytest.approx(1000 * (20 - (15 - 3)))
        holding = told["storage_of_excess"] + 250.0 + told["capital_cost"]
        assert found.money.tolist() == pytest.approx([holding + 8000.0])
        # Held it is worth more than let go, so that letting go saves none of it.
        assert found.inputs["hold_value"][0] > found.inputs["exit_value"][0]
        assert found.saving.tolist() == [0.0]

    def test_an_unknown_volume_is_a_reason(self) -> None:
        unknown = {**self.MUCH, "unit_volume": NAN, "storage_30": NAN, "storage_90": NAN, "storage_180": NAN, "storage_365": NAN}
        found = overstock(unknown)
        assert np.isnan(found.money).all()
        assert next(code for code, its in found.reasons.items() if its[0]) == "NO_SIZE"

    def test_what_nobody_asks_for_lies_for_a_year(self) -> None:
        found = overstock(self.MUCH, daily=0.0)
        told = parts(OverstockRule(), found, "money")
        assert told["holding_days"] == 365.0
        assert told["storage_of_excess"] == pytest.approx(1840 * 16.4)


def test_a_template_names_its_unknown_inputs() -> None:
    tree: Explanation = ShortageRule().explain(snapshot_of({}).symbols())["saving"]
    assert {"unit_cost", "selling_fee", "compensation_rate", "compensation_limit", "capital_rate"} <= set(tree.inputs())
