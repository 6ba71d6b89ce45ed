"""When turnover calls for clearance (H29, H30, H31, H33, E7; science.md 3.13)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.health.quadrants import turnover_by_group
from stockhub.formulas.health.turnover_rules import (
    MODE_CUMULATIVE,
    MODE_EACH,
    best_of_recent_months,
    category_clearance_due,
    clearance_evaluation_due,
    cumulative_drop,
    falling_streak,
    least_drop,
    monthly_drops,
    persistently_below_norm,
    season_end_clearance_due,
    turnover_norm,
)

NAN = math.nan


def due(turnover: list[float], days: float, mode: float = MODE_CUMULATIVE) -> float:
    series = np.array(turnover)
    return clearance_evaluation_due(float(least_drop(series)), float(cumulative_drop(series)), days, 50.0, mode=mode)


def test_h30_e7_66_days_against_50_fire_and_64_do_not() -> None:
    falling = [10.0, 8.0, 6.4, 5.12]
    for mode in (MODE_CUMULATIVE, MODE_EACH):
        assert [due(falling, days, mode) for days in (66.0, 65.0, 64.0)] == [1.0, 0.0, 0.0]


def test_e7_each_month_or_all_together() -> None:
    slowly = [2.0, 1.8, 1.7, 1.5]
    assert (due(slowly, 70.0), due(slowly, 70.0, MODE_EACH)) == (1.0, 0.0)
    assert float(cumulative_drop(np.array([10.0, 8.0, 6.4, 5.12]))) == pytest.approx(0.488), "Each by 20 % is ×0.512."
    assert due([10.0, 9.5, 9.0, 8.1], 70.0) == 0.0, "19 % together"
    assert due([2.0, 1.9, 1.8, 1.6], 70.0) == 1.0, "20 %, which floats miss by the last digit"
    assert due([10.0, 6.0, 6.1, 5.0], 70.0) == 0.0, "One month rose."
    assert due([10.0, 10.0, 8.0, 7.0], 70.0) == 0.0, "One month stood still."


def test_h30_only_the_last_three_months_count_and_fewer_have_no_answer() -> None:
    assert due([1.0, 9.0, 10.0, 8.0, 6.4, 5.12], 66.0) == 1.0
    assert math.isnan(due([8.0, 6.4, 5.12], 66.0))
    assert math.isnan(due([NAN, 8.0, 6.4, 5.12], 66.0))
    assert np.isnan(least_drop(np.zeros((2, 0)))).all()


def test_from_nothing_nothing_falls() -> None:
    assert monthly_drops(np.array([2.0, 0.0, 0.0, 1.0])).tolist() == [1.0, 0.0, 0.0]
    assert due([2.0, 1.0, 0.0, 0.0], 70.0) == 0.0
    assert due([2.0, 1.5, 1.0, 0.0], 70.0) == 1.0


@settings(max_examples=60, deadline=None)
@given(turnover=st.lists(st.floats(0.1, 20), min_size=4, max_size=9), days=st.floats(0, 200))
def test_a_streak_of_each_month_is_a_streak_of_all(turnover: list[float], days: float) -> None:
    assert due(turnover, days, MODE_EACH) <= due(turnover, days, MODE_CUMULATIVE)
    series = np.array(turnover)
    least, together = float(least_drop(series)), float(cumulative_drop(series))
    if falling_streak(least, together, mode=MODE_EACH):
        assert together >= 1.0 - 0.8**3 - 1e-6
    if falling_streak(least, together):
        assert (np.diff(series[-4:]) < 0).all()


def test_many_skus_at_once() -> None:
    series = np.array([[10.0, 8.0, 6.4, 5.12], [2.0, 1.8, 1.7, 1.5], [1.0, 1.0, 1.0, 1.0]])
    days, safe = np.array([66.0, 66.0, 66.0]), np.full(3, 50.0)
    each = clearance_evaluation_due(least_drop(series), cumulative_drop(series), days, safe, mode=MODE_EACH)
    assert each.tolist() == [1.0, 0.0, 0.0]


def on_agenda(turnover: list[float], own: float, benchmark: float) -> float:
    norm = turnover_norm(np.array(own), np.array(benchmark))
    return persistently_below_norm(float(best_of_recent_months(np.array(turnover))), float(norm))


def test_h29_below_its_own_mean_or_the_categorys_benchmark_for_three_months() -> None:
    assert on_agenda([7.0, 5.9, 5.5, 5.8], 6.0, NAN) == 1.0
    assert on_agenda([7.0, 5.9, 6.0, 5.8], 6.0, NAN) == 0.0
    assert on_agenda([5.5, 5.5, 5.5], 5.0, 8.0) == 1.0
    assert on_agenda([5.5, 5.5, 5.5], NAN, 8.0) == 1.0
    assert on_agenda([5.5, 8.1, 5.5], 5.0, 8.0) == 0.0
    assert math.isnan(on_agenda([5.5, 5.5], 6.0, 8.0))
    assert math.isnan(on_agenda([5.5, 5.5, 5.5], NAN, NAN))


def test_h31_of_a_normal_whole_only_the_bad_category_is_cleared() -> None:
    group = np.array([0, 0, 1, 1, 2])
    cogs = np.array([500.0, 500, 40, 40, 700])
    inventory = np.array([90.0, 110, 20, 20, 100])
    turnover = turnover_by_group(cogs, inventory, group, 3)
    assert turnover.tolist() == [5.0, 2.0, 7.0]
    norm = np.array([5.0, 5.0, 5.0])
    total = np.full(3, float(cogs.sum() / inventory.sum()))
    assert total[0] == pytest.approx(5.235, abs=0.001)
    assert category_clearance_due(turnover, norm, total_turnover=total, total_norm=norm).tolist() == [0.0, 1.0, 0.0]


def test_h31_where_the_whole_is_not_normal_no_category_stands_out() -> None:
    assert category_clearance_due(2.0, 5.0, total_turnover=4.4, total_norm=5.0) == 0.0
    assert category_clearance_due(2.0, 5.0, total_turnover=4.5, total_norm=5.0) == 1.0
    assert category_clearance_due(2.5, 5.0, total_turnover=5.0, total_norm=5.0) == 0.0
    assert math.isnan(category_clearance_due(NAN, 5.0, total_turnover=5.0, total_norm=5.0))


def test_h33_a_fall_of_42_per_cent_at_the_seasons_end_fires_and_one_of_40_does_not() -> None:
    """31 March, winter wear that ends on 15 April."""
    falls = monthly_drops(np.array([[1.00, 0.58], [1.00, 0.60], [0.90, 0.54]]))[:, 0]
    assert [season_end_clearance_due(float(fall), 15.0) for fall in falls] == [1.0, 0.0, 0.0]


def test_h33_only_in_the_last_45_days_of_the_season() -> None:
    assert [season_end_clearance_due(0.42, days) for days in (46.0, 45.0, 0.0, -1.0)] == [0.0, 1.0, 1.0, 0.0]
    assert math.isnan(season_end_clearance_due(NAN, 10.0))
