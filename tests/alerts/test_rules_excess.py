"""Overstock and unsold stock, on the requirements' own numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from stockhub.alerts.rules.overstock import OverstockParameters, OverstockRule
from stockhub.alerts.rules.unsold_stock import UnsoldStockParameters, UnsoldStockRule
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.fee_rows import NO_FEES

NAN = float("nan")
H27 = {**NO_FEES, "available": 1200.0, "safety_stock": 100.0, "unit_cost": 5.0, "unit_price": 8.0}
OLD = {**NO_FEES, "unit_price": 6.0, "available": 100.0, "reserved": 0.0, "aged_over_90": 100.0, "aged_over_180": 0.0, "unit_cost": 4.0}
NO_SALE = {"oldest_unsold": 1.0, "sold_30": 0.0, "sold_90": 0.0, "daily_mean": 0.0}
STEADY = {"oldest_unsold": 0.0, "sold_30": 60.0, "sold_90": 180.0, "daily_mean": 2.0}


def overstock(
    *rows: Mapping[str, float], daily: float = 800 / 84, inbound: list[tuple[int, float, float]] | None = None, **changes: float
) -> Findings:
    snapshot = snapshot_of(*rows, forecast=[daily] * len(rows), inbound=inbound or [])
    return OverstockRule().evaluate(snapshot, OverstockParameters(**changes))


def unsold(*rows: Mapping[str, float]) -> Findings:
    return UnsoldStockRule().evaluate(snapshot_of(*rows), UnsoldStockParameters())


class TestOverstock:
    def test_h27_400_above_forecast_passes_three_times_safety_stock(self) -> None:
        found = overstock(H27)
        assert found.value == pytest.approx([400.0], abs=1e-3)
        assert found.inputs["overstock_limit"].tolist() == [300.0]
        assert found.level.tolist() == [1]
        # 400 at 5 tied up for 84 days and half of 42 more at 12 %; half the price brings 4 for what cost 5.
        assert found.money == pytest.approx([400 * 5 * 0.12 * (84 + 21) / 365 + 400 * 1.0], abs=1e-2)
        # Nobody has asked whether it is worth more let go: the rule itself proposes nothing that saves.
        assert np.isnan(found.saving).all()

    def test_h27_either_limit_is_enough_and_five_percent_of_10000_is_not_passed(self) -> None:
        by_capacity_only = {**H27, "safety_stock": 1000.0}
        rows = [{**by_capacity_only, "capacity_units": units} for units in (10_000.0, 7_900.0, NAN)]
        found = overstock(*rows, long_supply_days=1000.0)
        assert found.inputs["overstock_limit"].tolist() == [500.0, 395.0, 3000.0]
        assert found.level.tolist() == [0, 1, 0]

    def test_h27_the_floor_keeps_small_stocks_quiet(self) -> None:
        rows = [{"available": units, "safety_stock": 0.0} for units in (10.0, 11.0)]
        assert overstock(*rows, daily=0.0).level.tolist() == [0, 2]

    def test_inbound_counts_only_where_it_lands_within_the_weeks(self) -> None:
        row = {**H27, "available": 800.0}
        found = overstock(row, row, inbound=[(0, 84.0, 400.0), (1, 85.0, 400.0)])
        assert found.value == pytest.approx([400.0, 0.0], abs=1e-3)
        assert found.level.tolist() == [1, 0]

    def test_long_supply_is_level_1_and_very_long_supply_level_2(self) -> None:
        rows = [{"available": units, "safety_stock": 1000.0} for units in (890.0, 910.0, 1810.0)]
        assert overstock(*rows, daily=10.0).level.tolist() == [0, 1, 2]

    def test_h27_times_the_safety_stock_changes_nothing_where_the_days_of_supply_come_first(self) -> None:
        """As the parameter's own words say: 90.5 days of supply are 6.5 days too many; 3 times 3 days of sales lie above that."""
        row = {"available": 905.0, "safety_stock": 30.0}
        assert overstock(row, daily=10.0).inputs["overstock_limit"].tolist() == [90.0]
        found = [
            overstock(row, daily=10.0, times_safety_stock=times, long_supply_days=days).level.tolist()
            for times, days in ((3.0, 90.0), (30.0, 90.0), (2.0, 200.0), (3.0, 200.0))
        ]
        assert found == [[1], [1], [1], [0]]

    def test_an_open_alert_waits_for_a_margin(self) -> None:
        rows = [{**H27, "available": units} for units in (1101.0, 1090.0, 1080.0)]
        found = overstock(*rows, long_supply_days=1000.0)
        assert found.level.tolist() == [1, 0, 0]
        assert found.hold_level.tolist() == [1, 1, 0]

    def test_missing_data_is_never_level_zero_and_an_empty_shelf_always_is(self) -> None:
        found = overstock({**H27, "safety_stock": NAN}, {**H27, "unit_cost": NAN}, {"available": 0.0})
        assert found.level.tolist() == [-1, 1, 0]
        assert found.reasons["NO_SAFETY_STOCK"].tolist() == [True, False, False]
        assert found.reasons["NO_COST"].tolist() == [False, True, False]
        assert np.isnan(found.money[1])
        assert overstock(H27, {"available": 0.0}, daily=NAN).level.tolist() == [-1, 0]


class TestUnsoldStock:
    def test_h14_age_91_unsold_is_marked_and_age_90_is_not(self) -> None:
        found = unsold({**OLD, **NO_SALE, "oldest_age": 91.0}, {**OLD, **NO_SALE, "oldest_age": 90.0, "aged_over_90": 0.0})
        assert found.level.tolist() == [2, 0]
        assert found.value[0] == 100.0
        # Nobody asks for them: a year at 12 % of 4 each; half of 6 brings 3 for what cost 4.
        assert found.money[0] == pytest.approx(100 * 4 * 0.12 + 100 * 1.0)
        assert np.isnan(found.saving).all()

    def test_h14_age_91_of_a_steady_seller_is_not_marked(self) -> None:
        assert unsold({**OLD, **STEADY, "oldest_age": 91.0}).level.tolist() == [0]

    def test_h14_a_forecast_does_not_excuse_what_has_not_sold_in_a_quarter(self) -> None:
        assert unsold({**OLD, **NO_SALE, "daily_mean": 5.0, "oldest_age": 91.0}).level.tolist() == [2]

    def test_h40_120_days_with_steady_sales_are_not_stale(self) -> None:
        assert unsold({**OLD, **STEADY, "oldest_age": 120.0}).level.tolist() == [0]

    def test_h40_e13_60_days_without_a_sale_in_30_and_a_poor_quarter_is_high_risk(self) -> None:
        row = {**OLD, **STEADY, "oldest_age": 60.0, "aged_over_90": 0.0, "sold_30": 0.0, "sold_90": 4.0, "daily_mean": 0.01}
        found = unsold(row, {**row, "oldest_age": 59.0}, {**row, "sold_90": 5.0}, {**row, "sold_30": 1.0})
        assert found.level.tolist() == [2, 0, 0, 0]
        assert found.value[0] == 100.0
        assert np.isnan(found.inputs["days_of_supply_30"][0])
        assert found.reasons["NO_SALES"].tolist() == [True, True, True, False]

    def test_old_and_slow_is_level_1_and_over_180_days_level_3(self) -> None:
        slow = {**OLD, **STEADY, "oldest_age": 91.0, "sold_30": 15.0, "sold_90": 45.0}
        rows = [{**slow, "daily_mean": 0.5}, {**slow, "daily_mean": 0.6}, {**OLD, **NO_SALE, "oldest_age": 181.0}]
        assert unsold(*rows).level.tolist() == [1, 0, 3]

    def test_an_open_alert_does_not_close_at_the_first_unit_sold(self) -> None:
        row = {**OLD, "oldest_age": 100.0, "oldest_unsold": 0.0, "daily_mean": 0.7}
        found = unsold({**row, "sold_30": 5.0, "sold_90": 5.0}, {**row, "sold_30": 6.0, "sold_90": 6.0})
        assert found.level.tolist() == [0, 0]
        assert found.hold_level.tolist() == [2, 0]

    def test_past_sales_stand_in_for_a_missing_forecast(self) -> None:
        found = unsold({**OLD, **STEADY, "daily_mean": NAN, "oldest_age": 100.0})
        assert found.inputs["clearing_rate"].tolist() == [2.0]
        assert found.level.tolist() == [0]

    def test_missing_data_is_never_level_zero_and_no_stock_always_is(self) -> None:
        found = unsold({**OLD, **NO_SALE, "oldest_age": NAN}, {**OLD, "oldest_age": 91.0}, {"available": 0.0, "reserved": 0.0})
        assert found.level.tolist() == [-1, -1, 0]
        assert found.reasons["NO_LOTS"].tolist() == [True, False, False]
        assert found.reasons["NO_SALES_DATA"].tolist() == [False, True, False]
