"""Rules about age, expiry and the last sale, on the requirements' own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from stockhub.alerts.rules.expiring_stock import ExpiringStockParameters, ExpiringStockRule
from stockhub.alerts.rules.no_sale import NoSaleParameters, NoSaleRule
from stockhub.alerts.rules.overstock import OverstockParameters, OverstockRule
from stockhub.alerts.rules.surcharge_ahead import SurchargeAheadParameters, SurchargeAheadRule
from stockhub.alerts.rules.unsold_stock import UnsoldStockParameters, UnsoldStockRule
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of

NAN = float("nan")
Row = Mapping[str, float]


def charged(age: float, qty: float, assessed_in: float, *, row: int = 0, charge: float = 2.0, charged_from: float = 181.0) -> Row:
    return {"row": row, "age": age, "qty": qty, "assessed_in": assessed_in, "charge": charge, "charged_from": charged_from}


def ahead(*lots: Row, daily: Sequence[float] = (0.0,), **changes: float) -> Findings:
    rows: list[Row] = [{"available": 620.0, "daily_mean": rate} for rate in daily]
    return SurchargeAheadRule().evaluate(snapshot_of(*rows, forecast=daily, lots=lots), SurchargeAheadParameters(**changes))


class TestSurchargeAhead:
    def test_h44_age_150_fee_day_181_is_31_days_and_620_units_need_20_a_day(self) -> None:
        found = ahead(charged(150, 620, 45))
        assert (found.due_in_days.tolist(), found.value.tolist(), found.money.tolist()) == ([31.0], [20.0], [1240.0])
        assert found.level.tolist() == [1]

    def test_h44_e14_the_fee_day_241_of_europe_leaves_91_days(self) -> None:
        found = ahead(charged(150, 620, 105, charged_from=241), notice_days=91.0)
        assert (found.due_in_days.tolist(), found.value.tolist(), found.level.tolist()) == ([91.0], [7.0], [1])
        assert ahead(charged(150, 620, 105, charged_from=241)).level.tolist() == [0]

    def test_e14_what_the_forecast_sells_before_the_15th_is_not_charged_and_the_oldest_leaves_first(self) -> None:
        lots = [charged(100, 500, 95), charged(170, 300, 30), charged(160, 200, 30)]
        found = ahead(*lots, daily=[10.0])
        # 300 of 500 are sold in 30 days: the older lot is through, and 200 of the younger one are left.
        assert found.inputs["units_charged"].tolist() == [200.0]
        assert found.inputs["lot_age"].tolist() == [160.0]
        assert (found.due_in_days.tolist(), found.value.tolist(), found.money.tolist()) == ([21.0], [24.0], [400.0])
        assert found.level.tolist() == [2]
        assert ahead(*lots, daily=[20.0]).level.tolist() == [0]

    def test_e14_what_is_charged_already_is_charged_again_on_the_next_15th(self) -> None:
        found = ahead(charged(400, 100, 13, charge=15.0))
        assert (found.due_in_days.tolist(), found.money.tolist(), found.level.tolist()) == ([13.0], [1500.0], [3])

    def test_the_level_follows_the_days_that_are_left_and_the_amount(self) -> None:
        rows = [charged(121, 100, 60), charged(120, 100, 61), charged(151, 100, 45), charged(150, 100, 45)]
        assert [ahead(lot).level.tolist() for lot in rows] == [[1], [0], [2], [1]]
        assert [ahead(charged(151, units, 45)).level.tolist() for units in (500.0, 501.0)] == [[2], [3]]

    def test_an_open_alert_waits_for_three_days(self) -> None:
        found = [ahead(charged(age, 100, 90)) for age in (121, 120, 118, 117)]
        assert [f.level.tolist() for f in found] == [[1], [0], [0], [0]]
        assert [f.hold_level.tolist() for f in found] == [[1], [1], [1], [0]]

    def test_a_few_units_and_stock_elsewhere_are_no_alarm(self) -> None:
        assert ahead(charged(150, 4, 45)).level.tolist() == [0]
        assert ahead({"row": 0, "age": 400.0, "qty": 100.0, "expires_in": 5.0}).level.tolist() == [0]

    def test_without_a_forecast_it_is_not_evaluated_and_without_a_volume_there_is_no_amount(self) -> None:
        blind = ahead(charged(150, 620, 45), daily=[NAN])
        assert (blind.level.tolist(), blind.reasons["NO_FORECAST"].tolist()) == ([-1], [True])
        found = ahead(charged(150, 620, 45, charge=NAN))
        assert (found.level.tolist(), found.reasons["NO_SURCHARGE_RATE"].tolist()) == ([1], [True])
        assert np.isnan(found.money[0])

    def test_h64_what_is_never_bought_again_speaks_on_this_side(self) -> None:
        """U5: silent about shortages, never about excess."""
        snapshot = snapshot_of({"is_replenished": 0.0, "daily_mean": 0.0}, forecast=[0.0], lots=[charged(150, 620, 45)])
        assert SurchargeAheadRule().evaluate(snapshot, SurchargeAheadParameters()).level.tolist() == [1]


def expiring(*lots: Row, daily: Sequence[float] = (1.0,), **changes: float) -> Findings:
    rows: list[Row] = [{"daily_mean": rate, "unit_cost": 4.0} for rate in daily]
    return ExpiringStockRule().evaluate(snapshot_of(*rows, forecast=daily, lots=lots), ExpiringStockParameters(**changes))


def dated(expires_in: float, qty: float, *, row: int = 0) -> Row:
    return {"row": row, "age": 10.0, "qty": qty, "expires_in": expires_in}


class TestExpiringStock:
    def test_h79_what_expires_before_it_sells_is_told_with_its_day_and_its_cost(self) -> None:
        found = expiring(dated(100, 130), dated(30, 20))
        # 20 sell by day 20, then 80 of 130 until day 100: 50 are left.
        assert (found.value.tolist(), found.money.tolist(), found.due_in_days.tolist()) == ([50.0], [200.0], [100.0])
        assert found.level.tolist() == [1]
        assert expiring(dated(100, 80), dated(30, 20)).level.tolist() == [0]

    def test_what_is_thrown_away_serves_nobody_so_the_next_lot_does(self) -> None:
        found = expiring(dated(10, 40), dated(50, 45))
        # 30 of the first expire. From day 10 to 50 the second sells 40 of its 45.
        assert (found.value.tolist(), found.due_in_days.tolist(), found.level.tolist()) == ([35.0], [10.0], [3])

    def test_the_level_follows_the_first_day(self) -> None:
        rows = [dated(day, 200.0, row=row) for row, day in enumerate((181.0, 180.0, 61.0, 60.0, 15.0, 14.0, -3.0))]
        found = expiring(*rows, daily=[0.0] * 7)
        assert found.level.tolist() == [0, 1, 1, 2, 2, 3, 3]
        assert found.due_in_days.tolist()[1:] == [180.0, 61.0, 60.0, 15.0, 14.0, -3.0]

    def test_nobody_buys_on_the_last_days_of_a_life(self) -> None:
        assert expiring(dated(40, 40), unsold_margin=10.0).value.tolist() == [10.0]
        assert expiring(dated(40, 40)).value.tolist() == [0.0]

    def test_missing_data_is_never_level_zero_and_what_does_not_expire_always_is(self) -> None:
        found = expiring(dated(20, 100), daily=[NAN, NAN])
        assert found.level.tolist() == [-1, 0]
        assert found.reasons["NO_FORECAST"].tolist() == [True, False]


def no_sale(*rows: Row, day: date = date(2026, 3, 1), skus: Sequence[int] | None = None, **changes: float) -> Findings:
    snapshot = snapshot_of(*[{"available": 50.0, "reserved": 0.0, "unit_cost": 4.0, **row} for row in rows])
    snapshot = replace(snapshot, day=day, sku_ids=np.array(skus or range(len(rows)), np.int64))
    return NoSaleRule().evaluate(snapshot, NoSaleParameters(**changes))


class TestNoSale:
    def test_h87_last_sold_92_days_ago_opens_the_flow_and_88_do_not(self) -> None:
        """Three months before the first of March are 90 days."""
        found = no_sale(*[{"days_since_sale": days, "oldest_age": 300.0} for days in (92.0, 90.0, 89.0, 88.0)])
        assert found.level.tolist() == [2, 2, 0, 0]
        assert (found.value[0], found.money[0], found.inputs["limit_days"][0]) == (92.0, 200.0, 90.0)

    def test_h87_months_are_those_of_the_calendar(self) -> None:
        row = {"days_since_sale": 91.0}
        assert no_sale(row, day=date(2026, 5, 31)).inputs["limit_days"].tolist() == [92.0]
        assert no_sale(row, day=date(2026, 5, 31)).level.tolist() == [0]
        assert no_sale(row, day=date(2026, 5, 30)).level.tolist() == [2]

    def test_h87_an_account_that_does_not_sell_it_is_level_1_while_another_does(self) -> None:
        found = no_sale({"days_since_sale": 1.0, "quietest_account_days": 92.0}, {"days_since_sale": 1.0, "quietest_account_days": 88.0})
        assert (found.level.tolist(), found.value[0]) == ([1, 0], 92.0)
        assert NoSaleRule.proposals[int(found.inputs["proposal"][0])].en.startswith("Promote or delist")

    def test_h87_what_never_sold_counts_from_its_oldest_stock_and_six_months_are_level_3(self) -> None:
        found = no_sale({"oldest_age": 92.0}, {"oldest_age": 88.0}, {"oldest_age": 182.0}, {})
        assert found.level.tolist() == [2, 0, 3, -1]
        assert found.reasons["NO_SALES_DATA"].tolist() == [False, False, False, True]

    def test_h87_another_pool_that_sells_it_takes_it(self) -> None:
        rows = [{"days_since_sale": 120.0, "sold_30": 0.0}, {"days_since_sale": 1.0, "sold_30": 9.0}, {"days_since_sale": 120.0}]
        found = no_sale(*rows, skus=[7, 7, 8])
        assert [NoSaleRule.proposals[int(p)].en.split(":")[0] for p in found.inputs["proposal"][[0, 2]]] == ["Transfer it", "Clear it"]
        shared = no_sale(*[{**row, "shared_stock": 3.0} for row in rows], skus=[7, 7, 8])
        assert shared.inputs["proposal"][0] == 0.0

    def test_what_was_out_of_stock_could_not_sell_and_no_stock_is_no_alarm(self) -> None:
        found = no_sale(
            {"days_since_sale": 120.0, "stockout_days_90": 30.0},
            {"days_since_sale": 120.0, "stockout_days_90": 29.0},
            {"days_since_sale": 120.0, "available": 0.0},
        )
        assert found.level.tolist() == [0, 2, 0]


class TestSlowMovers:
    ROW: Row = {"available": 100.0, "reserved": 0.0, "oldest_age": 120.0, "aged_over_90": 100.0, "aged_over_180": 0.0, "oldest_unsold": 0.0}

    def unsold(self, *rows: Row) -> list[str]:
        found = UnsoldStockRule().evaluate(snapshot_of(*[{**self.ROW, **row} for row in rows]), UnsoldStockParameters())
        return [UnsoldStockRule.proposals[int(place)].en.split(":")[0].split(" ")[0] for place in found.inputs["proposal"]]

    def test_h77_a_confirmed_slow_mover_gets_a_discount_a_bundle_or_an_outlet(self) -> None:
        still = {"sold_30": 0.0, "sold_90": 0.0, "daily_mean": 0.0, "oldest_unsold": 1.0}
        sells = {"sold_30": 15.0, "sold_90": 45.0, "daily_mean": 0.5}
        assert self.unsold(sells, {**still, "in_bundle": 1.0}, {**still, "in_bundle": 0.0}) == ["Discount", "Bundle", "Outlet"]

    def test_h77_a_candidate_by_age_or_by_weeks_is_watched_until_the_cross_check_confirms_it(self) -> None:
        steady = {"sold_30": 60.0, "sold_90": 180.0, "daily_mean": 2.0}
        by_age, by_weeks = {**steady, "oldest_age": 91.0}, {**steady, "oldest_age": 20.0, "aged_over_90": 0.0, "low_sales_weeks": 4.0}
        neither = {**by_weeks, "low_sales_weeks": 3.0}
        assert self.unsold(by_age, by_weeks, neither) == ["Watch", "Watch", "Nothing"]


class TestOverstockLevels:
    ROW: Row = {"available": 1000.0, "safety_stock": 1000.0, "unit_cost": 50.0, "unit_price": 100.0}

    def overstock(self, *rows: Row, daily: float = 10.0, lots: Sequence[Row] = (), **changes: float) -> Findings:
        made = [{**self.ROW, **row} for row in rows]
        snapshot = snapshot_of(*made, forecast=[daily] * len(rows), lots=lots)
        return OverstockRule().evaluate(snapshot, OverstockParameters(**changes))

    def test_e15_excess_is_more_than_90_days_of_forecast_supply(self) -> None:
        assert self.overstock({"available": 900.0}, {"available": 901.0}).level.tolist() == [0, 1]

    def test_e15_a_lot_that_enters_a_surcharge_tier_within_30_days_is_level_2(self) -> None:
        lots = [charged(151, 1000, 45), charged(150, 1000, 45, row=1)]
        assert self.overstock({}, {}, lots=lots).level.tolist() == [2, 1]
        # What sells before the assessment is not charged.
        assert self.overstock({}, {}, lots=[charged(151, 400, 45)]).level.tolist() == [1, 1]

    def test_e15_letting_go_worth_more_than_holding_is_level_3_where_enough_is_at_risk(self) -> None:
        dead = {"safety_stock": 0.0, "available": 1000.0}
        found = self.overstock(dead, {**dead, "available": 90.0}, daily=0.0)
        assert found.level.tolist() == [3, 2]
        assert found.inputs["proposal"][0] == 0.0
        assert np.isnan(found.inputs["proposal"][1])
        # 1,000 · 100 · 5 % less 15 % of it, in 3 months; held, a year of storage at 2 % of 50,000 a month and the same way out then.
        assert found.inputs["exit_value"][0] == pytest.approx(4250 / 1.01**3)
        assert found.inputs["hold_value"][0] == pytest.approx(4250 / 1.01**15 - sum(1000 / 1.01**t for t in range(1, 13)))

    def test_what_sells_well_enough_is_worth_more_held(self) -> None:
        found = self.overstock({"safety_stock": 0.0}, daily=5.0)
        assert found.level.tolist() == [2]
        assert found.inputs["hold_value"][0] > found.inputs["exit_value"][0]
