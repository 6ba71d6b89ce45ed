"""Supply: one source, late inbound and emergency orders, on the requirements' own numbers; and what earlier rules say of inbound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from stockhub.alerts.rules.burn_rate import BurnRateParameters, BurnRateRule
from stockhub.alerts.rules.emergency_order import EmergencyOrderParameters, EmergencyOrderRule
from stockhub.alerts.rules.late_inbound import LateInboundParameters, LateInboundRule
from stockhub.alerts.rules.order_due import OrderDueParameters, OrderDueRule
from stockhub.alerts.rules.overstock import OverstockParameters, OverstockRule
from stockhub.alerts.rules.shortage import ShortageParameters, ShortageRule
from stockhub.alerts.rules.sourcing import ConcentratedSupplyRule, SingleSourceRule
from stockhub.alerts.rules.stockout_risk import StockoutRiskRule
from stockhub.pluginapi import AlertRule, Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES

#: A SKU that sells 10 a day at 200, of which 70 are margin, with 600 units sold in a quarter.
SELLING = {
    **NO_FEES, "fees_known": 1.0, "sold_90": 600.0, "unit_price": 200.0, "unit_cost": 110.0, "selling_fee": 20.0, "is_replenished": 1.0,
    "daily_mean": 10.0,
}  # fmt: skip


def found(
    rule: AlertRule, *rows: Mapping[str, float], daily: float | Sequence[float] = 10.0, inbound: Sequence[tuple[int, float, float]] = (),
    **changes: Any,  # noqa: ANN401 - parameters of any rule
) -> Findings:  # fmt: skip
    forecast = [daily] * len(rows) if isinstance(daily, float) else list(daily)
    return rule.evaluate(snapshot_of(*rows, forecast=forecast, inbound=inbound), rule.parameters_model(**changes))


class TestSourcing:
    def test_d5_one_active_source_is_single_and_two_are_not(self) -> None:
        rows = [{**SELLING, "active_suppliers": float(n)} for n in (0, 1, 2)]
        told = found(SingleSourceRule(), *rows)
        assert told.level.tolist() == [0, 1, 0]
        assert told.value[1] == 600.0
        assert np.isnan(told.money).all()

    def test_d5_95_to_5_is_concentrated_and_80_to_20_is_not(self) -> None:
        rows = [{**SELLING, "active_suppliers": 2.0, "largest_supplier_share": share} for share in (0.95, 0.81, 0.8, 0.5)]
        told = found(ConcentratedSupplyRule(), *rows, {**SELLING, "active_suppliers": 1.0})
        assert told.level.tolist() == [1, 1, 0, 0, 0]
        assert told.value[0] == pytest.approx(570.0)
        assert found(SingleSourceRule(), *rows).level.tolist() == [0, 0, 0, 0]

    def test_d5_suppliers_of_whom_nothing_was_bought_are_no_verdict(self) -> None:
        row = {**SELLING, "active_suppliers": 2.0}
        assert found(ConcentratedSupplyRule(), row).level.tolist() == [0]

    def test_what_hardly_sells_needs_no_second_supplier_unless_somebody_says_so(self) -> None:
        rows = [{**SELLING, "active_suppliers": 1.0, "sold_90": units} for units in (499.0, 500.0)]
        assert found(SingleSourceRule(), *rows).level.tolist() == [0, 1]
        assert found(SingleSourceRule(), *rows).hold_level.tolist() == [1, 1]
        assert found(SingleSourceRule(), *rows, least_sales=0.0).level.tolist() == [1, 1]

    def test_u5_what_is_never_bought_again_is_silent(self) -> None:
        row = {**SELLING, "active_suppliers": 1.0, "is_replenished": 0.0}
        assert found(SingleSourceRule(), row).level.tolist() == [0]


class TestLateInbound:
    #: 20 in stock at 10 a day are gone in 2 days; an order placed today would take 15.
    ROW = {
        **SELLING,
        "available": 20.0,
        "lead_time": 15.0,
        "safety_stock": 30.0,
        "sells_out_first": 2.0,
        "overdue_inbound": 0.0,
        "overdue_days": 0.0,
    }

    def test_f1_u7_an_arrival_after_the_stock_out_says_how_late_it_is_and_what_is_missing(self) -> None:
        """What comes on day 6 can be sold that day: days 3, 4 and 5 are without stock, 30 units."""
        told = found(LateInboundRule(), self.ROW, inbound=[(0, 6.0, 500.0)])
        assert (told.level.tolist(), told.value.tolist(), told.money.tolist(), told.due_in_days.tolist()) == ([2], [30.0], [2100.0], [2.0])
        assert told.inputs["days_before_arrival"].tolist() == [5.0]
        assert found(LateInboundRule(), self.ROW, inbound=[(0, 3.0, 500.0)]).level.tolist() == [0]

    def test_n7_hurrying_saves_what_is_missing_after_the_days_that_it_takes(self) -> None:
        """30 are missing: 10 of them within the three days in which a hurried delivery is there at the soonest."""
        rows = [self.ROW, {**self.ROW, "available": 0.0, "sells_out_first": 0.0}, {**self.ROW, "compensation_rate": 0.05}]
        told = found(LateInboundRule(), *rows, inbound=[(row, 6.0, 500.0) for row in range(3)])
        assert told.money.tolist() == pytest.approx([30 * 70.0, 50 * 70.0, 30 * 80.0])
        assert told.saving.tolist() == pytest.approx([20 * 70.0, 20 * 70.0, 20 * 80.0])
        soon = found(LateInboundRule(), self.ROW, inbound=[(0, 6.0, 500.0)], hurry_days=9.0)
        assert soon.saving.tolist() == [0.0]

    def test_a_loss_that_is_not_known_has_a_reason(self) -> None:
        told = found(LateInboundRule(), {**self.ROW, "unit_cost": np.nan}, inbound=[(0, 6.0, 500.0)])
        assert (told.level.tolist(), bool(np.isnan(told.money).all()), told.reasons["NO_COST"].tolist()) == ([2], True, [True])

    def test_what_lands_before_it_is_counted(self) -> None:
        row = {**self.ROW, "sells_out_first": 3.0}
        told = found(LateInboundRule(), row, inbound=[(0, 1.0, 10.0), (0, 8.0, 500.0), (0, 30.0, 500.0)])
        assert told.value.tolist() == [7 * 10 - 30]

    def test_out_of_stock_and_waiting_is_level_3(self) -> None:
        row = {**self.ROW, "available": 0.0, "sells_out_first": 0.0}
        assert found(LateInboundRule(), row, inbound=[(0, 4.0, 90.0)]).level.tolist() == [3]
        assert found(LateInboundRule(), row, daily=0.05, inbound=[(0, 40.0, 90.0)]).level.tolist() == [2]

    def test_an_overdue_order_that_is_needed_is_level_1_and_one_that_is_not_is_none(self) -> None:
        overdue = {**self.ROW, "sells_out_first": 17.0, "available": 170.0, "overdue_inbound": 100.0, "overdue_days": 3.0}
        rows = [overdue, {**overdue, "overdue_days": 2.0}, {**overdue, "available": 180.0}]
        told = found(LateInboundRule(), *rows, inbound=[(row, 7.0, 100.0) for row in range(3)])
        assert told.level.tolist() == [1, 0, 0]
        assert told.hold_level.tolist() == [1, 1, 0]
        assert told.value[0] == 100.0

    def test_where_an_order_placed_today_comes_sooner_nothing_is_late(self) -> None:
        row = {**self.ROW, "available": 160.0, "sells_out_first": 16.1, "safety_stock": 0.0}
        assert found(LateInboundRule(), row, inbound=[(0, 60.0, 500.0)]).level.tolist() == [0]

    def test_u5_what_is_never_bought_again_and_what_awaits_nothing_is_silent(self) -> None:
        told = found(LateInboundRule(), {**self.ROW, "is_replenished": 0.0}, self.ROW, inbound=[(0, 6.0, 500.0)])
        assert told.level.tolist() == [0, 0]


class TestEmergencyOrder:
    ROW = {**SELLING, "available": 190.0, "safety_stock": 400.0, "has_local_supplier": 1.0, "p_stockout": 0.1, "lead_time": 15.0}
    SAME_PRICE = {"offer_unit_cost": 110.0, "local_unit_cost": 110.0}
    #: 80 are asked for until 900 come on day 8: 60 are missing, at 70 each.
    SHORT = {**ROW, "available": 20.0, "safety_stock": 100.0, "offer_unit_cost": 110.0}

    def short(self, *prices: float, **changes: float) -> Findings:
        rows = [{**self.SHORT, "local_unit_cost": price} for price in prices]
        return found(EmergencyOrderRule(), *rows, inbound=[(row, 8.0, 900.0) for row in range(len(rows))], **changes)

    def test_d8_science_5_3_it_is_due_only_where_its_premium_is_below_what_it_saves(self) -> None:
        """60 units at 50 more each are 3,000; with 1,199 of fixed cost one is left of the 4,200 that would be lost."""
        told = self.short(160.0, fixed_cost=1199.0)
        assert (told.level.tolist(), told.suggested_qty.tolist(), told.money.tolist()) == ([2], [60.0], [4200.0])
        assert told.saving.tolist() == pytest.approx([1.0])
        equal = self.short(160.0, fixed_cost=1200.0)
        assert (equal.level.tolist(), equal.hold_level.tolist(), equal.saving.tolist()) == ([0], [2], [0.0])
        assert self.short(160.0, fixed_cost=1621.0).hold_level.tolist() == [0]

    def test_d8_the_safety_stock_is_filled_up_where_it_is_worth_the_premium(self) -> None:
        """A unit of it saves 70 with a chance of 0.1: 7. 80 units bring stock back to 100."""
        told = self.short(115.0, 116.9, 117.1, 100.0)
        assert told.suggested_qty.tolist() == [80.0, 80.0, 60.0, 80.0]
        # What is cheaper than the regular order saves no more than would be lost.
        assert told.saving.tolist() == pytest.approx([4200 - 80 * 5.0, 4200 - 80 * 6.9, 4200 - 60 * 7.1, 4200.0])
        assert told.level.tolist() == [2, 2, 2, 2]

    def test_d8_190_of_400_is_bought_at_a_premium_that_its_chance_is_worth(self) -> None:
        """Nothing is missing by the mean; a tenth of the 210 that the safety stock lacks are 21 units, 1,470."""
        rows = [{**self.ROW, "offer_unit_cost": 110.0, "local_unit_cost": price} for price in (115.0, 116.9, 118.0)]
        told = found(EmergencyOrderRule(), *rows)
        assert told.level.tolist() == [2, 2, 0]
        assert told.suggested_qty.tolist() == [210.0, 210.0, 0.0]
        assert told.saving.tolist() == pytest.approx([1470 - 210 * 5.0, 1470 - 210 * 6.9, 0.0])

    def test_d8_science_5_3_it_is_for_no_more_than_the_supplier_gives_at_once(self) -> None:
        told = self.short(120.0, most_units=25.9)
        assert (told.level.tolist(), told.suggested_qty.tolist(), told.money.tolist()) == ([2], [25.0], [4200.0])
        assert told.saving.tolist() == pytest.approx([25 * 70.0 - 25 * 10.0])

    def test_d8_without_its_price_nobody_can_say_that_it_does_not_pay(self) -> None:
        told = self.short(np.nan)
        assert (told.level.tolist(), told.suggested_qty.tolist(), told.money.tolist()) == ([2], [80.0], [4200.0])
        assert (bool(np.isnan(told.saving).all()), told.reasons["NO_LOCAL_PRICE"].tolist()) == (True, [True])
        # Without an offer that has a price, the regular one is the SKU's cost.
        cost = {name: value for name, value in self.SHORT.items() if name != "offer_unit_cost"}
        told = found(EmergencyOrderRule(), {**cost, "local_unit_cost": 160.0}, inbound=[(0, 8.0, 900.0)])
        assert told.saving.tolist() == pytest.approx([4200 - 60 * 50.0])

    def test_d8_an_order_of_nothing_is_none(self) -> None:
        told = found(EmergencyOrderRule(), {**self.ROW, "available": 400.0, "p_stockout": 0.6})
        assert (told.level.tolist(), told.suggested_qty.tolist()) == ([0], [0.0])

    def test_d8_190_of_400_is_an_emergency_within_24_hours_and_exactly_half_is_none(self) -> None:
        told = found(EmergencyOrderRule(), self.ROW, {**self.ROW, "available": 200.0}, {**self.ROW, "available": 199.0})
        assert told.level.tolist() == [2, 0, 2]
        assert (told.value[0], told.due_in_days[0], told.suggested_qty[0]) == (210.0, 1.0, 210.0)
        assert told.hold_level.tolist() == [2, 2, 2]

    def test_d8_without_a_local_supplier_nobody_can_deliver(self) -> None:
        assert found(EmergencyOrderRule(), {**self.ROW, "has_local_supplier": 0.0}).level.tolist() == [0]

    def test_d8_u1_what_lands_within_the_day_is_netted(self) -> None:
        assert found(EmergencyOrderRule(), self.ROW, inbound=[(0, 1.0, 10.0)]).level.tolist() == [0]

    def test_d8_a_likely_stock_out_triggers_too_and_nothing_left_is_level_3(self) -> None:
        rows = [{**self.ROW, "available": 300.0, "p_stockout": 0.51}, {**self.ROW, "available": 300.0, "p_stockout": 0.5}]
        assert found(EmergencyOrderRule(), *rows, {**self.ROW, "available": 0.0}).level.tolist() == [2, 0, 3]

    def test_d8_a_delivery_that_comes_no_sooner_than_the_next_arrival_is_none(self) -> None:
        empty = {**self.ROW, "available": 0.0, "safety_stock": 100.0}
        told = found(EmergencyOrderRule(), empty, empty, inbound=[(0, 1.0, 900.0), (1, 3.0, 900.0)])
        assert told.level.tolist() == [0, 3]
        # Three days at 10 a day are 30; back to the safety stock are 100.
        assert told.suggested_qty[1] == 100.0

    def test_d21_n7_it_saves_what_is_missing_from_its_delivery_to_the_next_arrival(self) -> None:
        """Three days at 10 a day are 30 units, of which the first day's 10 are lost whatever anybody does; 70 of 200 are margin."""
        row = {**self.ROW, **self.SAME_PRICE, "available": 0.0, "safety_stock": 100.0, "compensation_rate": 0.05}
        told = found(EmergencyOrderRule(), row, {**row, "available": 15.0}, inbound=[(0, 3.0, 900.0), (1, 3.0, 900.0)])
        assert told.money.tolist() == pytest.approx([30 * 80.0, 15 * 80.0])
        assert told.saving.tolist() == pytest.approx([20 * 80.0, 15 * 80.0])

    def test_the_quantity_bridges_until_the_next_arrival(self) -> None:
        told = found(EmergencyOrderRule(), {**self.ROW, "available": 5.0, "safety_stock": 20.0}, inbound=[(0, 12.0, 900.0)])
        assert told.suggested_qty.tolist() == [12 * 10 - 5]


class TestWhatInboundDoesToEarlierRules:
    NOTHING = {"reserved": 0.0, "on_order": 0.0, "in_transit": 0.0, "receiving": 0.0}

    def test_u1_h15_what_is_ordered_is_netted_out(self) -> None:
        """Need 500, inbound 300: suggest 200; and with 500 inbound nothing is due."""
        row = {**self.NOTHING, "available": 0.0, "safety_stock": 0.0, "lead_time": 10.0, "sold_90": 900.0}
        rows = [row, {**row, "on_order": 300.0}, {**row, "on_order": 500.0}]
        told = found(OrderDueRule(), *rows, daily=12.5)
        assert told.suggested_qty.tolist() == [500.0, 200.0, 0.0]
        # 300 units last until day 24, so that there is time until day 14.
        assert told.level.tolist() == [2, 0, 0]
        assert told.due_in_days.tolist() == [-10.0, 14.0, 30.0]

    @pytest.mark.parametrize("rule", [ShortageRule(), OrderDueRule(), LateInboundRule(), EmergencyOrderRule(), SingleSourceRule()])
    def test_u5_what_will_never_be_bought_again_is_silent(self, rule: AlertRule) -> None:
        row = {
            **self.NOTHING, **SELLING, "available": 0.0, "safety_stock": 50.0, "lead_time": 10.0, "review_period": 7.0,
            "active_suppliers": 1.0, "has_local_supplier": 1.0, "p_stockout": 1.0, "sells_out_first": 0.0,
            "overdue_inbound": 5.0, "overdue_days": 9.0,
        }  # fmt: skip
        told = found(rule, row, {**row, "is_replenished": 0.0}, inbound=[(0, 7.0, 5.0), (1, 7.0, 5.0)])
        assert told.level[0] > 0
        assert told.level[1] == told.hold_level[1] == 0

    def test_h27_overstock_beyond_k_safety_stocks(self) -> None:
        """1,200 − 800 = 400 units too many; 3 × 100 = 300 is passed, 5 % of 10,000 is not."""
        horizon = 7.0 * OverstockParameters(weeks=12.0).weeks
        row = {"available": 1200.0, "reserved": 0.0, "on_order": 0.0, "in_transit": 0.0, "receiving": 0.0, "safety_stock": 100.0}
        told = found(OverstockRule(), {**row, "unit_cost": 10.0, "capacity_units": 10_000.0, "sold_90": 800.0}, daily=800.0 / horizon)
        assert told.value == pytest.approx([400.0], abs=1e-3)
        assert told.level[0] >= 1

    def test_d18_500_at_8_a_minute_are_50_minutes_to_a_line_of_100(self) -> None:
        row = {"available": 500.0, "burn_rate": 8.0, "alert_threshold": 100.0, "daily_mean": 60.0, "unit_price": 99.0}
        told = BurnRateRule().evaluate(snapshot_of(row), BurnRateParameters(notice_minutes=60.0))
        assert (told.value.tolist(), told.level.tolist()) == ([50.0], [1])

    def test_d18_of_a_planned_sale_the_line_has_to_be_reached_before_it_ends(self) -> None:
        """50 minutes to the line: an alarm with 60 left, and none with 50 or 20; 70 to the line and 90 left is one, too."""
        row = {"available": 500.0, "burn_rate": 8.0, "alert_threshold": 100.0, "daily_mean": 60.0, "unit_price": 99.0}
        left = [{**row, "sale_minutes_left": minutes} for minutes in (60.0, 50.0, 20.0)]
        slow = {**row, "available": 660.0}
        told = BurnRateRule().evaluate(
            snapshot_of(*left, slow, {**slow, "sale_minutes_left": 90.0}, {**row, "available": 0.0, "sale_minutes_left": 1.0}),
            BurnRateParameters(),
        )
        assert told.value.tolist() == [50.0, 50.0, 50.0, 70.0, 70.0, 0.0]
        assert told.level.tolist() == [1, 0, 0, 0, 1, 3]
        # An open alert stays while the sale would have to last half as long again.
        assert told.hold_level.tolist() == [1, 1, 0, 1, 1, 3]

    def test_d18_what_goes_missing_is_counted_until_the_sale_ends(self) -> None:
        row = {**SELLING, "available": 100.0, "burn_rate": 8.0}
        told = BurnRateRule().evaluate(snapshot_of(row, {**row, "sale_minutes_left": 20.0}), BurnRateParameters())
        assert told.money.tolist() == [(8 * 60 - 100) * 70.0, (8 * 20 - 100) * 70.0]

    def test_e2_both_the_literal_and_the_extended_value_are_shown(self) -> None:
        row = {
            **self.NOTHING,
            "available": 400.0,
            "reserved": 50.0,
            "safety_stock": 100.0,
            "lead_time": 10.0,
            "review_period": 7.0,
            "sold_90": 1.0,
        }
        told = ShortageRule().evaluate(snapshot_of(row, forecast=[400 / 28], inbound=[(0, 5.0, 30.0)]), ShortageParameters())
        # Literal: 400 + 100 − 450 on hand; extended: 400 + 100 − (400 available + 30 inbound).
        assert told.inputs["literal_shortage"] == pytest.approx([50.0], abs=1e-3)
        assert told.value == pytest.approx([70.0], abs=1e-3)

    def test_science_10_1_levels_of_a_chance_and_of_the_latest_order_day(self) -> None:
        """p ≥ .2, .5 and .8 are levels 1, 2 and 3; the latest order day within 3 days is 1, passed is 2; out of stock is 3."""
        row = {**self.NOTHING, "safety_stock": 0.0, "lead_time": 10.0, "review_period": 7.0, "sold_90": 900.0, "available": 1000.0}
        chances = [{**row, "p_stockout": chance, "daily_mean": 10.0} for chance in (0.19, 0.2, 0.49, 0.5, 0.79, 0.8)]
        assert found(StockoutRiskRule(), *chances).level.tolist() == [0, 1, 1, 2, 2, 3]
        # At 10 a day and 10 days of lead time, 100 + 10·d units have their latest order day in d days.
        days = [{**row, "available": 100.0 + 10 * d} for d in (4, 3, 0, -1)]
        due = found(ShortageRule(), *days, horizon_days=0.0, notice_days=3.0)
        assert due.due_in_days.tolist() == [4.0, 3.0, 0.0, -1.0]
        assert due.level.tolist()[1:3] == [1, 1]
        assert due.level[3] >= 2
        assert found(ShortageRule(), {**row, "available": 0.0}).level.tolist() == [3]

    def test_science_10_1_less_cover_than_the_fastest_supplier_takes_is_level_3(self) -> None:
        """60 units last 6 days: too few for the preferred supplier's 10, enough where another delivers in 6."""
        row = {**self.NOTHING, "safety_stock": 0.0, "lead_time": 10.0, "review_period": 7.0, "sold_90": 900.0, "available": 60.0}
        rows = [{**row, "fastest_lead_time": days} for days in (np.nan, 10.0, 7.0, 6.0)]
        told = found(ShortageRule(), *rows, {**rows[3], "available": 0.0})
        assert told.level.tolist() == [3, 3, 3, 2, 3]
        assert found(ShortageRule(), {**rows[3], "available": 59.0}).level.tolist() == [3]

    def test_n7_an_order_of_today_saves_the_next_day_and_not_the_days_that_are_lost(self) -> None:
        row = {**self.NOTHING, **SELLING, "safety_stock": 100.0, "lead_time": 15.0}
        told = found(OrderDueRule(), *[{**row, "available": units} for units in (1000.0, 840.0, 745.0)], daily=50.0)
        assert told.due_in_days.tolist() == [3.0, -1.0, -3.0]
        assert told.money.tolist() == pytest.approx([50 * 70.0, 50 * 70.0, 3 * 50 * 70.0])
        assert told.saving.tolist() == pytest.approx([50 * 70.0] * 3)

    def test_order_due_passed_is_level_2(self) -> None:
        row = {**self.NOTHING, "safety_stock": 100.0, "lead_time": 15.0, "sold_90": 4500.0}
        told = OrderDueRule().evaluate(
            snapshot_of({**row, "available": 1000.0}, {**row, "available": 849.0}, forecast=[50.0, 50.0]), OrderDueParameters()
        )
        assert told.due_in_days.tolist() == [3.0, -1.0]
        assert told.level.tolist() == [1, 2]


def test_parameters_have_their_documented_defaults() -> None:
    assert LateInboundParameters().model_dump() == {
        "capital_rate": 0.12, "late_days": 3.0, "least_units": 1.0, "outage_min_rate": 0.1, "hurry_days": 3.0, "hold_days": 1.0,
    }  # fmt: skip
    assert EmergencyOrderParameters().trigger_share == 0.5
    assert EmergencyOrderParameters().emergency_hours == 24.0
