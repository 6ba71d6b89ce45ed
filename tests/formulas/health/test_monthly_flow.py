"""Months, seasons, key figures and the market, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stockhub.formulas.health.cliff import (
    chosen_break_p_value,
    is_cliff,
    mean_drop,
    rate_drop_p_value,
    shift_statistics,
    usual_units_before,
)
from stockhub.formulas.health.kpis import dead_share, fill_rate, in_stock_share, missed_units
from stockhub.formulas.health.market import change_of_means, fall, market_verdict
from stockhub.formulas.health.monthly_flow import means_by_month, sums_by_month, turnover_of_months, yearly_turnover
from stockhub.formulas.health.seasons import days_to_season_end, season_end_after

NAN = float("nan")
BOUNDS = np.array([0, 2, 5], np.int64)


def test_a_sum_needs_every_day_and_a_mean_half_of_them() -> None:
    daily = np.array([[1.0, 2.0, 3.0, 4.0, 5.0], [1.0, NAN, 3.0, NAN, 5.0], [NAN, NAN, NAN, NAN, 5.0]])
    np.testing.assert_array_equal(sums_by_month(daily, BOUNDS), [[3.0, 12.0], [NAN, NAN], [NAN, NAN]])
    np.testing.assert_array_equal(means_by_month(daily, BOUNDS), [[1.5, 4.0], [1.0, 4.0], [NAN, NAN]])


def test_turnover_is_on_the_scale_of_a_year_and_missing_without_stock() -> None:
    found = yearly_turnover(np.array([[31.0, 28.0, 5.0]]), np.array([[365.0, 0.0, NAN]]), [31.0, 28.0, 31.0])
    np.testing.assert_allclose(found, [[1.0, NAN, NAN]])


def test_several_months_count_by_their_days_and_not_by_their_ratios() -> None:
    sold, held, days = np.array([[10.0, 30.0], [10.0, NAN]]), np.array([[100.0, 50.0], [1.0, 1.0]]), np.array([10.0, 30.0])
    found = turnover_of_months(sold, held, days)
    assert found[0] == pytest.approx(40 / ((100 * 10 + 50 * 30) / 40) * 365 / 40)
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2026, 3, 31), 0.0), (date(2026, 3, 2), 29.0), (date(2025, 12, 31), 90.0), (date(2026, 4, 1), NAN), (date(2025, 10, 31), NAN)],
)
def test_h33_a_winter_crosses_new_year(day: date, days: float) -> None:
    assert days_to_season_end(day, (11, 1), (3, 31)) == pytest.approx(days, nan_ok=True)


def test_h33_a_summer_lies_in_one_year_and_a_leap_day_is_the_last_of_february() -> None:
    assert season_end_after(date(2026, 6, 1), (6, 1), (8, 31)) == date(2026, 8, 31)
    assert season_end_after(date(2026, 9, 1), (6, 1), (8, 31)) is None
    assert season_end_after(date(2026, 2, 1), (12, 1), (2, 29)) == date(2026, 2, 28)
    assert season_end_after(date(2028, 2, 1), (12, 1), (2, 29)) == date(2028, 2, 29)


def test_h34_the_end_of_a_burst_is_no_cliff() -> None:
    burst = np.array([[10.0] * 20 + [60.0] * 30 + [10.0] * 10, [10.0] * 40 + [60.0] * 10 + [10.0] * 10, [10.0] * 50 + [3.0] * 10])
    shift = shift_statistics(burst)
    usual = usual_units_before(burst, shift)
    drop = mean_drop(usual, shift.days_before, shift.units_after, shift.days_after)
    assert drop[:2].max() <= 0.0
    assert drop[2] == pytest.approx(0.7)


def test_h34_a_break_that_was_looked_for_is_judged_by_all_that_could_have_been_found() -> None:
    found = chosen_break_p_value(np.array([1e-4, 0.01, 0.5, NAN]), np.array([60.0, 60.0, 6.0, 60.0]))
    np.testing.assert_allclose(found, [55e-4, 0.55, 0.5, NAN])


def test_h34_chance_alone_is_seldom_a_cliff() -> None:
    """Of five thousand steady sellers no more than a handful, where the p-value as it is would name fifty and more."""
    rng = np.random.default_rng(34)
    series = rng.poisson(2.0, (5000, 60)).astype(np.float64)
    shift = shift_statistics(series)
    drop = mean_drop(usual_units_before(series, shift), shift.days_before, shift.units_after, shift.days_after)
    plain = rate_drop_p_value(shift.units_before, shift.days_before, shift.units_after, shift.days_after, shift.dispersion)
    judged = chosen_break_p_value(plain, shift.days_before + shift.days_after)
    cliffs = [np.count_nonzero(is_cliff(drop, shift.days_since_break, shift.days_after, p) == 1) for p in (plain, judged)]
    assert cliffs[0] >= 50
    assert cliffs[1] <= 5


def test_h41_the_market_falls_where_all_three_figures_do() -> None:
    assert [market_verdict(*each) for each in ((0.1, -0.1, -0.1), (0.09, -0.09, 0.0), (0.1, -0.1, 0.0))] == [1.0, 2.0, 0.0]
    assert np.isnan(market_verdict(NAN, -0.1, -0.1))
    assert change_of_means(np.array([100.0, 50.0, NAN, 0.0]), np.array([150.0, 50.0, 9.0, 9.0])) == 0.25
    assert np.isnan(change_of_means(np.array([NAN]), np.array([1.0])))
    assert [fall(10.0, 6.0), fall(0.0, 6.0), fall(10.0, 12.0)] == pytest.approx([0.4, 0.0, -0.2])


def test_h84_key_figures_are_shares_of_sums() -> None:
    assert (dead_share(30.0, 120.0), fill_rate(90.0, 10.0), in_stock_share(45.0, 60.0)) == (0.25, 0.9, 0.75)
    assert np.isnan(dead_share(0.0, 0.0))
    found = missed_units(np.array([60.0, 60.0, 0.0, 9.0]), np.array([10.0, 0.0, 30.0, NAN]), np.array([9.0, 9.0, 2.0, 1.0]))
    np.testing.assert_array_equal(found, [30.0, 0.0, 60.0, NAN])
