"""Turnover, category, quadrant, season, cliff, generation and market, on the requirements' own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from stockhub.alerts.rules.category_structure import CategoryStructureRule
from stockhub.alerts.rules.demand_cliff import DemandCliffRule
from stockhub.alerts.rules.generation_change import GenerationChangeRule
from stockhub.alerts.rules.market_fall import MarketFallRule
from stockhub.alerts.rules.season_end import SeasonEndRule
from stockhub.alerts.rules.turnover_norm import TurnoverNormRule
from stockhub.alerts.rules.turnover_quadrant import TurnoverQuadrantRule
from stockhub.alerts.rules.turnover_streak import TurnoverStreakRule
from stockhub.formulas.health.quadrants import QUADRANT_ACTIONS
from stockhub.formulas.health.turnover_rules import best_of_recent_months, cumulative_drop, least_drop
from stockhub.pluginapi import AlertRule, Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of

NAN = float("nan")
#: 100 units at one a day and 40 of cost; safe are 15 + 7 days and 8 of safety stock: 30.
DEEP = {
    "available": 100.0, "reserved": 0.0, "daily_mean": 1.0, "sold_90": 90.0, "lead_time": 15.0, "review_period": 7.0,
    "safety_stock": 8.0, "unit_cost": 40.0,
}  # fmt: skip


def find(rule: AlertRule, *rows: Mapping[str, float], forecast: float = 1.0, parameters: Mapping[str, Any] | None = None) -> Findings:
    snapshot = snapshot_of(*rows, forecast=[forecast] * len(rows))
    return rule.evaluate(snapshot, rule.parameters_model(**(parameters or {})))


def months(*turnover: float) -> dict[str, float]:
    """The columns of a year of turnover, the newest month last."""
    series = np.array(turnover, np.float64)
    known = series[np.isfinite(series)]
    return {
        "turnover": float(series[-1]), "turnover_best_of_3": float(best_of_recent_months(series)), "turnover_year": float(known.mean()),
        "turnover_months": float(len(known)), "turnover_least_drop": float(least_drop(series)),
        "turnover_drop_of_3": float(cumulative_drop(series)),
    }  # fmt: skip


class TestNorm:
    def own(self, best: float, **more: float) -> dict[str, float]:
        return {**DEEP, "turnover_best_of_3": best, "turnover_year": 6.0, "turnover_months": 12.0, **more}

    def test_h29_three_months_below_the_own_mean_of_6_go_on_the_agenda(self) -> None:
        found = find(TurnoverNormRule(), self.own(5.9), self.own(6.0), self.own(6.1), self.own(2.9))
        assert found.level.tolist() == [1, 0, 0, 2]
        assert found.value == pytest.approx([0.1 / 6, 0.0, -0.1 / 6, 3.1 / 6])
        # What the norm would not need, at cost.
        assert found.money == pytest.approx([100 * 40 * 0.1 / 6, 0.0, 0.0, 100 * 40 * 3.1 / 6])

    def test_h29_the_benchmark_of_8_counts_where_the_own_mean_is_lower(self) -> None:
        row = self.own(5.5, turnover_year=5.5, benchmark_turnover=8.0, benchmark_age=100.0)
        found = find(TurnoverNormRule(), row, {**row, "benchmark_turnover": NAN, "benchmark_age": NAN})
        assert found.level.tolist() == [1, 0]
        assert found.inputs["norm"].tolist() == [8.0, 5.5]

    def test_h29_a_benchmark_out_of_date_is_said_and_not_used(self) -> None:
        late = {"benchmark_turnover": 8.0, "benchmark_age": 456.0}
        found = find(TurnoverNormRule(), self.own(5.5, turnover_year=5.5, **late), self.own(5.5, turnover_months=11.0, **late))
        assert found.level.tolist() == [0, -1]
        assert found.reasons["BENCHMARK_OUT_OF_DATE"].tolist() == [True, True]
        assert found.reasons["NO_NORM"].tolist() == [False, True]

    def test_holes_in_a_history_are_named_and_never_zero(self) -> None:
        gap, nothing = self.own(NAN), self.own(NAN, turnover_months=NAN, turnover_year=NAN)
        found = find(TurnoverNormRule(), gap, nothing)
        assert found.level.tolist() == [-1, -1]
        assert found.reasons["HOLES_IN_HISTORY"].tolist() == [True, True]
        assert found.reasons["NO_STOCK_HISTORY"].tolist() == [False, True]

    def test_what_holds_no_more_than_is_safe_has_nothing_to_clear(self) -> None:
        rows = [self.own(5.0, available=units) for units in (30.0, 31.0, 0.0)]
        assert find(TurnoverNormRule(), *rows).level.tolist() == [0, 1, 0]

    def test_an_open_alert_stays_until_stock_is_a_tenth_below_what_is_safe(self) -> None:
        found = find(TurnoverNormRule(), *[self.own(5.0, available=units) for units in (30.0, 27.1, 27.0)], self.own(6.0))
        assert (found.level.tolist(), found.hold_level.tolist()) == ([0, 0, 0, 0], [1, 1, 0, 0])


class TestStreak:
    STREAK = months(10, 8, 6.4, 5.12)

    def streak(self, supply: float, turnover: Mapping[str, float] | None = None) -> dict[str, float]:
        return {**DEEP, "available": supply, **(turnover or self.STREAK)}

    def test_h30_66_days_against_50_safe_fire_and_64_do_not(self) -> None:
        found = find(TurnoverStreakRule(), *[self.streak(days) for days in (66.0, 64.0, 65.0)], parameters={"safe_days": 50.0})
        assert found.level.tolist() == [1, 0, 0]
        assert found.value == pytest.approx([0.488] * 3)
        assert found.money == pytest.approx([640.0, 560.0, 600.0])

    def test_e7_cumulative_by_default_and_each_month_as_an_option(self) -> None:
        gentle, exact, rise = months(10, 9, 8.5, 7.9), months(10, 8, 6.4, 5.12), months(10, 7, 7.1, 5)
        rows = [self.streak(66.0, turnover) for turnover in (gentle, exact, rise)]
        for mode, expected in ((0.0, [1, 1, 0]), (1.0, [0, 1, 0])):
            assert find(TurnoverStreakRule(), *rows, parameters={"safe_days": 50.0, "mode": mode}).level.tolist() == expected

    def test_a_fall_by_half_is_level_2(self) -> None:
        rows = [self.streak(66.0, months(10, 8, 6, last)) for last in (5.01, 5.0)]
        assert find(TurnoverStreakRule(), *rows, parameters={"safe_days": 50.0}).level.tolist() == [1, 2]

    def test_a_missing_month_is_a_hole_and_no_fall(self) -> None:
        found = find(TurnoverStreakRule(), self.streak(66.0, months(10, NAN, 6.4, 5.12)), parameters={"safe_days": 50.0})
        assert found.level.tolist() == [-1]
        assert found.reasons["HOLES_IN_HISTORY"].tolist() == [True]

    def test_without_any_demand_every_unit_is_too_many(self) -> None:
        none = {**self.streak(5.0), "daily_mean": 0.0, "safety_stock": 0.0}
        assert find(TurnoverStreakRule(), none, forecast=0.0).level.tolist() == [1]


class TestCategory:
    #: The pool turns at its norm of 6; category A at its own, category B at 40 % of its norm.
    A = {**DEEP, "category_turnover": 5.0, "category_turnover_year": 5.0, "pool_turnover": 6.0, "pool_turnover_year": 6.0}
    B = {**A, "category_turnover": 2.0}

    def test_h31_the_whole_is_normal_and_only_b_is_proposed(self) -> None:
        found = find(CategoryStructureRule(), self.A, self.B)
        assert found.level.tolist() == [0, 1]
        assert found.value == pytest.approx([0.0, 0.6])
        assert found.money.tolist() == [2800.0, 2800.0]

    def test_h31_where_the_whole_is_ill_no_category_stands_out(self) -> None:
        rows = [{**self.B, "pool_turnover": whole} for whole in (5.4, 5.39)]
        assert find(CategoryStructureRule(), *rows).level.tolist() == [1, 0]

    def test_h31_half_of_the_norm_is_not_below_half(self) -> None:
        rows = [{**self.B, "category_turnover": turnover} for turnover in (2.5, 2.49)]
        found = find(CategoryStructureRule(), *rows)
        assert (found.level.tolist(), found.hold_level.tolist()) == ([0, 1], [1, 1])

    def test_h31_in_the_category_only_what_is_deep_is_cleared(self) -> None:
        assert find(CategoryStructureRule(), {**self.B, "available": 30.0}).level.tolist() == [0]

    def test_a_sku_without_a_category_is_not_judged(self) -> None:
        found = find(CategoryStructureRule(), {**self.B, "category_turnover": NAN, "category_turnover_year": NAN})
        assert found.level.tolist() == [-1]
        assert found.reasons["NO_CATEGORY_TURNOVER"].tolist() == [True]


class TestQuadrant:
    def cell(self, turnover: float, units: float, **more: float) -> dict[str, float]:
        return {**DEEP, "available": units, "turnover_quarter": turnover, "turnover_months": 12.0, "category_median": 6.0, **more}

    def test_h32_four_fixtures_land_in_four_cells(self) -> None:
        # The horizon is 28 days: 28 and 8 of safety stock are 36, so that 30 units are short and safety stock of 0 is not.
        rows = [self.cell(9, 28, safety_stock=0.0, lead_time=25.0), self.cell(9, 100), self.cell(3, 28), self.cell(3, 100)]
        found = find(TurnoverQuadrantRule(), *rows)
        cells = [QUADRANT_ACTIONS[int(action)] for action in found.value]
        # Demand of the first over 32 days is 32: 28 do not last, so it is short.
        assert cells == ["replenish", "promote", "buy_carefully", "clear"]
        assert found.level.tolist() == [0, 1, 0, 2]

    def test_h32_e6_high_turnover_and_little_stock_is_maintained_only_while_nothing_is_short(self) -> None:
        rows = [self.cell(9, 30, safety_stock=2.0, lead_time=21.0), self.cell(9, 29, safety_stock=2.0, lead_time=21.0)]
        found = find(TurnoverQuadrantRule(), *rows)
        assert [QUADRANT_ACTIONS[int(action)] for action in found.value] == ["maintain", "replenish"]
        assert found.level.tolist() == [0, 0]

    def test_an_alarm_asks_for_more_than_the_edge_of_a_cell(self) -> None:
        rows = [self.cell(4.7, 39.0), self.cell(4.7, 39.1), self.cell(4.9, 100.0), self.cell(9, 60.0), self.cell(9, 60.1)]
        assert find(TurnoverQuadrantRule(), *rows).level.tolist() == [0, 2, 0, 0, 1]

    def test_an_open_alert_stays_within_a_tenth_of_the_lines(self) -> None:
        found = find(TurnoverQuadrantRule(), self.cell(4.7, 36.0), self.cell(5.2, 100.0), self.cell(4.7, 35.0))
        assert (found.level.tolist(), found.hold_level.tolist()) == ([0, 0, 0], [2, 2, 0])


class TestSeason:
    def winter(self, before: float, now: float, ends: float = 0.0) -> dict[str, float]:
        return {**DEEP, "turnover_before_30": before, "turnover_30": now, "days_to_season_end": ends}

    def test_h33_a_fall_of_42_percent_on_the_last_day_fires_and_40_percent_exactly_does_not(self) -> None:
        found = find(SeasonEndRule(), self.winter(1.0, 0.58), self.winter(1.0, 0.60), self.winter(1.0, 0.599999))
        assert found.level.tolist() == [2, 0, 2]
        assert found.value[0] == pytest.approx(0.42)
        assert found.money.tolist() == [4000.0] * 3
        assert found.due_in_days.tolist() == [0.0] * 3

    def test_h33_only_in_the_last_45_days_and_never_out_of_season(self) -> None:
        rows = [self.winter(1.0, 0.5, ends) for ends in (46.0, 45.0, 15.0, 14.0, NAN)]
        found = find(SeasonEndRule(), *rows)
        assert found.level.tolist() == [0, 1, 1, 2, 0]
        assert found.money[2] == 40.0 * (100 - 15)

    def test_unknown_stock_of_a_month_is_a_hole(self) -> None:
        found = find(SeasonEndRule(), self.winter(NAN, 0.5, 10.0), self.winter(NAN, 0.5, 50.0))
        assert found.level.tolist() == [-1, 0]
        assert found.reasons["HOLES_IN_HISTORY"].tolist() == [True, False]


class TestCliff:
    CLIFF = {**DEEP, "cliff_drop": 0.6, "cliff_days": 5.0, "cliff_days_known": 5.0, "cliff_p_value": 0.001, "cliff_plan_due": 1.0}

    def test_h34_a_cliff_wants_a_plan_within_a_day(self) -> None:
        found = find(DemandCliffRule(), self.CLIFF, DEEP)
        assert found.level.tolist() == [2, 0]
        assert found.due_in_days[0] == 1.0
        # 22 days of one a day are needed; the rest is not.
        assert found.money[0] == 40.0 * 78

    def test_h34_two_weeks_before_a_successor_it_is_a_change_of_generation(self) -> None:
        rows = [{**self.CLIFF, "days_to_successor": days} for days in (14.0, 15.0, -3.0)]
        assert find(DemandCliffRule(), *rows).level.tolist() == [3, 2, 3]

    @pytest.mark.parametrize(
        ("change", "level", "held"),
        [({"cliff_drop": 0.4}, 2, 2), ({"cliff_drop": 0.39}, 0, 2), ({"cliff_drop": 0.31}, 0, 0), ({"cliff_days": 29.0}, 0, 0),
         ({"cliff_days_known": 2.0}, 0, 0), ({"cliff_p_value": 0.01}, 0, 2), ({"available": 0.0}, 0, 0),
         ({"available": 27.0}, 0, 2), ({"available": 28.0}, 2, 2), ({"available": 26.0}, 0, 0)],
    )  # fmt: skip
    def test_each_condition_counts(self, change: dict[str, float], level: int, held: int) -> None:
        found = find(DemandCliffRule(), {**self.CLIFF, **change})
        assert (found.level.tolist(), found.hold_level.tolist()) == ([level], [held])


class TestGeneration:
    def test_h34_two_weeks_before_a_successor_what_will_be_left_is_named(self) -> None:
        rows = [{**DEEP, "days_to_successor": days} for days in (15.0, 14.0, 0.0, -60.0, -61.0, NAN)]
        found = find(GenerationChangeRule(), *rows)
        assert found.level.tolist() == [0, 1, 2, 2, 0, 0]
        assert found.value[:3].tolist() == [85.0, 86.0, 100.0]
        assert found.money[1] == 86.0 * 40
        assert found.due_in_days[1] == 14.0

    def test_what_is_sold_by_then_is_no_alarm(self) -> None:
        rows = [{**DEEP, "days_to_successor": 10.0, "available": units} for units in (15.0, 16.0)]
        found = find(GenerationChangeRule(), *rows)
        assert (found.level.tolist(), found.hold_level.tolist()) == ([0, 1], [1, 1])


class TestMarket:
    FALL = {"sold_30": 70.0, "sold_60": 170.0, "stockout_days_30": 0.0, "market_age": 3.0}

    def rivals(self, rank: float, sales: float, reviews: float, **more: float) -> dict[str, float]:
        return {**self.FALL, "rival_rank_change": rank, "rival_sales_change": sales, "rival_review_change": reviews, **more}

    def test_h41_all_three_falling_is_the_market_and_stable_is_listing_or_price(self) -> None:
        rows = [self.rivals(0.3, -0.2, -0.15), self.rivals(0.02, 0.01, 0.0), self.rivals(0.3, 0.0, -0.2), self.rivals(-0.3, 0.5, 0.4)]
        found = find(MarketFallRule(), *rows)
        assert found.value.tolist() == [1.0, 2.0, 0.0, 2.0]
        assert found.level.tolist() == [1, 2, 0, 2]

    def test_h41_what_is_known_of_rivals_is_not_used_when_stale(self) -> None:
        found = find(MarketFallRule(), self.rivals(0.3, -0.2, -0.15, market_age=22.0), self.rivals(NAN, NAN, NAN, market_age=NAN))
        assert found.level.tolist() == [-1, -1]
        assert found.reasons["MARKET_DATA_OUT_OF_DATE"].tolist() == [True, False]
        assert found.reasons["NO_MARKET_DATA"].tolist() == [False, True]
        assert np.isnan(found.value).all()

    def test_nobody_asks_while_our_own_sales_hold_or_the_shelf_was_empty(self) -> None:
        rows = [
            self.rivals(0.3, -0.2, -0.15, sold_30=86.0, sold_60=186.0), self.rivals(0.3, -0.2, -0.15, sold_30=80.0, sold_60=180.0),
            self.rivals(0.3, -0.2, -0.15, stockout_days_30=4.0), self.rivals(0.3, -0.2, -0.15, sold_30=1.0, sold_60=20.0),
        ]  # fmt: skip
        assert find(MarketFallRule(), *rows).level.tolist() == [0, 1, 0, 0]
