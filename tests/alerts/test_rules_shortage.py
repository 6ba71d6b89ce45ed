"""Shortage and order due, on the requirements' own numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from stockhub.alerts.rules.order_due import OrderDueParameters, OrderDueRule
from stockhub.alerts.rules.shortage import ShortageParameters, ShortageRule
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES

NOTHING_INBOUND = {"reserved": 0.0, "on_order": 0.0, "in_transit": 0.0, "receiving": 0.0}
#: A shop on no marketplace that charges: price 10 and cost 4 leave 6.
WORTH = {"unit_price": 10.0, "unit_cost": 4.0, "daily_mean": 10.0, **NO_FEES}
H26 = {**NOTHING_INBOUND, "available": 450.0, "safety_stock": 100.0, "lead_time": 10.0, "review_period": 7.0, "sold_90": 1200.0}
H12 = {**NOTHING_INBOUND, "available": 1000.0, "safety_stock": 0.0, "lead_time": 15.0, "review_period": 7.0, "sold_90": 4500.0}


def shortage(
    *rows: Mapping[str, float], daily: float = 400 / 28, inbound: list[tuple[int, float, float]] | None = None, **changes: float
) -> Findings:
    snapshot = snapshot_of(*rows, forecast=[daily] * len(rows), inbound=inbound or [])
    return ShortageRule().evaluate(snapshot, ShortageParameters(**changes))


def order_due(*rows: Mapping[str, float], daily: float = 50.0, **changes: float) -> Findings:
    return OrderDueRule().evaluate(snapshot_of(*rows, forecast=[daily] * len(rows)), OrderDueParameters(**changes))


class TestShortage:
    def test_h26_alerts_above_zero_and_not_at_600(self) -> None:
        found = shortage(H26, {**H26, "available": 600.0})
        assert found.value == pytest.approx([50.0, -100.0], abs=1e-4)
        assert (found.level > 0).tolist() == [True, False]

    def test_h26_e1_the_literal_sign_is_not_used(self) -> None:
        """Read literally, "alert when F + SS − stock < 0" is silent on an empty shelf and alarms on a full one."""
        empty, full = {**H26, "available": 0.0}, {**H26, "available": 5000.0}
        found = shortage(empty, full)
        literal = found.inputs["literal_shortage"]
        assert (literal < 0).tolist() == [False, True]
        assert (found.level > 0).tolist() == [True, False]

    def test_h26_e2_inbound_counts_only_inside_the_horizon_and_reserved_never(self) -> None:
        found = shortage(H26, H26, {**H26, "reserved": 300.0}, inbound=[(0, 28.0, 60.0), (1, 29.0, 60.0)])
        assert found.value == pytest.approx([-10.0, 50.0, 50.0], abs=1e-4)
        assert found.level.tolist() == [0, 1, 1]

    def test_h26_e2_the_horizon_is_lead_time_plus_review_where_longer_and_both_values_are_shown(self) -> None:
        found = shortage({**H26, "lead_time": 40.0, "review_period": 16.0, "reserved": 30.0})
        assert found.value == pytest.approx([800 + 100 - 450], abs=1e-3)
        assert found.inputs["literal_shortage"] == pytest.approx([400 + 100 - 480], abs=1e-4)
        assert found.inputs["demand_in_horizon"] == pytest.approx([800.0], abs=1e-3)

    def test_h25_the_threshold_doubles_with_the_forecast(self) -> None:
        once, twice = shortage(H26, daily=10.0), shortage({**H26, "safety_stock": 200.0}, daily=20.0)
        need = [f.inputs["demand_in_horizon"][0] + f.inputs["safety_stock"][0] for f in (once, twice)]
        assert need[1] == pytest.approx(2 * need[0])

    def test_levels_rise_with_urgency(self) -> None:
        rows = [{**H12, "safety_stock": 100.0, "available": float(units)} for units in (1600, 1400, 990, 840, 740, 0)]
        assert shortage(*rows, daily=50.0).level.tolist() == [0, 1, 1, 2, 3, 3]
        overdue = {**H12, "safety_stock": 200.0, "available": 900.0}
        assert shortage(overdue, daily=50.0).level.tolist() == [2]
        assert shortage(overdue, daily=50.0).due_in_days.tolist() == [-1.0]

    def test_u7_a_later_pallet_does_not_hide_the_days_before_it(self) -> None:
        row = {**H12, **WORTH, "available": 100.0}
        found = shortage(row, row, daily=50.0, inbound=[(0, 11.0, 5000.0), (1, 2.0, 5000.0)])
        assert found.value[0] == found.value[1] < 0
        assert found.inputs["gap_before_arrival"].tolist() == [10 * 50 - 100, -50.0]
        assert found.money.tolist() == [400 * 6.0, 0.0]
        assert found.level.tolist() == [3, 0]

    def test_the_gap_adds_up_what_landed_before(self) -> None:
        arrivals = [(0, 9.0, 100.0), (0, 3.0, 100.0), (0, 3.0, 50.0)]
        found = shortage({**H12, "available": 100.0}, daily=50.0, inbound=arrivals)
        assert found.inputs["gap_before_arrival"].tolist() == [15 * 50 - 100 - 250]
        short = shortage({**H12, "available": 100.0, "lead_time": 9.0}, daily=50.0, inbound=arrivals)
        assert short.inputs["gap_before_arrival"].tolist() == [8 * 50 - 100 - 150]

    def test_h15_the_suggestion_is_netted_and_comes_in_cases_of_at_least_the_minimum(self) -> None:
        need = {**H26, "available": 0.0}
        rows = [need, {**need, "moq": 600.0}, {**need, "case_pack": 24.0}, {**need, "available": 300.0}]
        assert shortage(*rows, daily=400 / 28).suggested_qty.tolist() == [500.0, 600.0, 504.0, 200.0]

    def test_money_is_unknown_without_a_price(self) -> None:
        empty = {**H26, **WORTH, "available": 0.0}
        found = shortage({**empty, "unit_price": np.nan}, empty, daily=10.0)
        assert np.isnan(found.money[0])
        assert found.money[1] == pytest.approx(17 * 10 * 6)
        assert found.reasons["NO_PRICE"].tolist() == [True, False]
        assert found.level.tolist() == [3, 3]

    @pytest.mark.parametrize(
        ("column", "reason"), [("lead_time", "NO_LEAD_TIME"), ("safety_stock", "NO_SAFETY_STOCK"), ("available", "NO_STOCK_DATA")]
    )
    def test_missing_data_is_never_level_zero(self, column: str, reason: str) -> None:
        found = shortage({**H26, column: float("nan")})
        assert found.level.tolist() == [-1]
        assert found.reasons[reason].tolist() == [True]

    def test_no_forecast_is_not_evaluated_unless_the_sku_is_not_in_business(self) -> None:
        idle = {**NOTHING_INBOUND, "available": 0.0, "lead_time": 5.0, "review_period": 7.0, "sold_90": 0.0}
        stocked, selling, owed = {**idle, "available": 20.0}, {**idle, "sold_90": 3.0}, {**idle, "reserved": 1.0}
        found = shortage(idle, stocked, selling, owed, {}, daily=float("nan"))
        assert found.level.tolist() == [0, -1, -1, -1, 0]
        assert found.reasons["NO_FORECAST"].tolist() == [False, True, True, True, False]

    def test_a_sku_that_hardly_sells_is_not_a_level_3_outage(self) -> None:
        row = {**H26, "available": 0.0, "safety_stock": 0.0}
        assert shortage(row, daily=0.02).level.tolist() == [2]
        assert shortage(row, daily=0.1).level.tolist() == [3]

    def test_an_open_alert_waits_for_a_margin(self) -> None:
        rows = [{**H26, "available": float(units)} for units in (499, 501, 524, 526)]
        found = shortage(*rows, daily=400 / 28)
        assert found.level.tolist() == [1, 0, 0, 0]
        assert found.hold_level.tolist() == [1, 1, 1, 0]


class TestOrderDue:
    def test_h11_h12_e8_1000_at_50_a_day_are_20_days_and_order_day_5_or_3(self) -> None:
        found = order_due(H12, {**H12, "safety_stock": 100.0})
        assert found.value.tolist() == [20.0, 20.0]
        assert found.due_in_days.tolist() == [5.0, 3.0]
        assert found.level.tolist() == [1, 1]

    def test_h15_everything_inbound_is_netted(self) -> None:
        row = {**H12, "available": 0.0, "lead_time": 10.0}
        rows = [row, {**row, "on_order": 100.0, "in_transit": 150.0, "receiving": 50.0}]
        found = order_due(*rows, daily=500 / 40)
        assert found.suggested_qty.tolist() == [500.0, 200.0]

    def test_levels_are_a_calendar_and_never_an_alarm(self) -> None:
        rows = [{**H12, "available": 50.0 * days} for days in (15 + 10, 15 + 8, 15 + 7, 15 + 1, 15, 0)]
        found = order_due(*rows)
        assert found.level.tolist() == [0, 0, 1, 1, 2, 2]
        assert found.hold_level.tolist() == [0, 1, 1, 2, 2, 2]

    def test_each_day_of_delay_costs_the_margin_of_a_day(self) -> None:
        rows = [{**H12, "available": units, "unit_price": 5.0, "unit_cost": 2.0, "selling_fee": 1.0} for units in (1000.0, 750.0, 600.0)]
        assert order_due(*rows).money.tolist() == [100.0, 100.0, 300.0]

    def test_nothing_is_due_without_demand_or_where_inbound_covers_the_cycle(self) -> None:
        found = order_due({**H12, "available": 5.0}, daily=0.0)
        assert found.level.tolist() == [0]
        assert np.isnan(found.value).all()
        assert found.reasons["NO_DEMAND"].tolist() == [True]
        assert order_due({**H12, "available": 1000.0, "in_transit": 2000.0}).level.tolist() == [0]

    def test_missing_data_is_never_level_zero(self) -> None:
        found = order_due({**H12, "lead_time": float("nan")}, {**H12, "on_order": float("nan")}, {})
        assert found.level.tolist() == [-1, -1, 0]


def test_the_two_rules_say_in_words_how_they_differ() -> None:
    assert "“Order due”" in ShortageRule.description.en
    assert "“Shortage”" in OrderDueRule.description.en
    assert (ShortageRule.unit, OrderDueRule.unit) == ("unit", "day")
