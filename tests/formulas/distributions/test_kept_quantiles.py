"""Lead-time demand between the levels and lead times that are kept, and what is made of it."""

from __future__ import annotations

from math import nan, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from stockhub.formulas.distributions.kept_quantiles import (
    calibrated_safety_stock,
    chance_of_reaching,
    chance_over_lead_times,
    lead_time_risk,
    quantile_between,
    quantiles_over,
    safety_stock_in_use,
)
from stockhub.formulas.distributions.own_deviation import excess_demand
from stockhub.formulas.policies.safety_stock import statistical_safety_stock
from stockhub.values import Explanation

DAYS = np.array([1.0, 3.0, 7.0, 14.0, 28.0, 56.0, 90.0])
LEVELS = np.array([0.05, 0.25, 0.5, 0.8, 0.95, 0.99])
Z = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
#: Two SKUs of independent normal days: mean 50 and 5, deviation 10 and 1.
TABLE = np.stack([mean * DAYS + Z[:, None] * sd * np.sqrt(DAYS) for mean, sd in ((50.0, 10.0), (5.0, 1.0))])


def over(days: float) -> np.ndarray:
    return quantiles_over(DAYS, TABLE, np.array([days, days]))


def test_a_lead_time_that_is_kept_is_given_as_it_is() -> None:
    for place, days in enumerate(DAYS):
        np.testing.assert_allclose(over(days), TABLE[:, :, place], rtol=1e-14)


def test_between_two_lead_times_quantiles_lie_on_the_straight_line_and_beyond_the_last_they_grow_as_it_does() -> None:
    np.testing.assert_allclose(over(21.0), (TABLE[:, :, 3] + TABLE[:, :, 4]) / 2)
    np.testing.assert_allclose(over(0.5), TABLE[:, :, 0] / 2)
    np.testing.assert_allclose(over(180.0), TABLE[:, :, 6] * 2)
    assert over(0.0).tolist() == np.zeros((2, 6)).tolist()
    assert np.isnan(over(nan)).all()


def test_between_lead_times_the_distance_to_the_mean_is_short_by_less_than_four_per_cent() -> None:
    for days in np.arange(1.0, 90.5, 0.5):
        above = over(days)[0, 4] - 50.0 * days
        assert 0.96 * Z[4] * 10.0 * sqrt(days) <= above <= Z[4] * 10.0 * sqrt(days) + 1e-9


def test_quantiles_never_cross_in_either_direction() -> None:
    asked = np.linspace(0.0, 200.0, 401)
    table = np.stack([over(days)[1] for days in asked])
    assert (np.diff(table, axis=0) >= 0).all()
    assert (np.diff(table, axis=1) >= 0).all()


@pytest.mark.parametrize("level", [0.05, 0.3, 0.5, 0.9, 0.98, 0.999])
def test_between_levels_and_beyond_the_highest_a_normal_distribution_is_exact(level: float) -> None:
    found = quantile_between(LEVELS, over(14.0), np.array([level, level]))
    z = NormalDist().inv_cdf(level)
    np.testing.assert_allclose(found, [700.0 + z * 10.0 * sqrt(14.0), 70.0 + z * sqrt(14.0)])


def test_below_the_lowest_level_a_quantile_falls_to_nothing_and_no_level_outside_0_and_1_has_one() -> None:
    low = quantile_between(LEVELS, over(14.0), np.array([0.025, 0.025]))
    np.testing.assert_allclose(low, TABLE[:, 0, 3] / 2)
    for level in (0.0, 1.0, -1.0, nan):
        assert np.isnan(quantile_between(LEVELS, over(14.0), np.array([level, level]))).all()


@pytest.mark.parametrize("level", [0.1, 0.5, 0.93, 0.985, 0.999])
def test_n5_the_chance_of_reaching_a_quantile_is_what_is_left_of_its_level(level: float) -> None:
    quantities = quantile_between(LEVELS, over(14.0), np.array([level, level])) + 0.5
    np.testing.assert_allclose(chance_of_reaching(LEVELS, over(14.0), quantities), 1.0 - level, rtol=1e-9)


def test_n5_what_is_not_there_is_reached_for_certain_and_what_is_unknown_stays_unknown() -> None:
    assert chance_of_reaching(LEVELS, over(14.0), np.array([0.0, -5.0])).tolist() == [1.0, 1.0]
    assert np.isnan(chance_of_reaching(LEVELS, over(14.0), np.array([nan, nan]))).all()
    assert np.isnan(chance_of_reaching(LEVELS, over(nan), np.array([5.0, 5.0]))).all()


def test_n5_a_sku_that_never_sells_does_not_run_out() -> None:
    never = np.zeros((3, len(LEVELS)))
    np.testing.assert_allclose(chance_of_reaching(LEVELS, never, np.array([0.0, 1.0, 2.0])), [1.0, 0.0, 0.0], atol=1e-12)


def test_n5_the_chance_falls_as_stock_rises_and_rises_with_time() -> None:
    stock = np.linspace(0.0, 1200.0, 121)
    rows = np.repeat(over(14.0)[:1], len(stock), axis=0)
    assert (np.diff(chance_of_reaching(LEVELS, rows, stock)) <= 0).all()
    times = np.linspace(0.0, 60.0, 121)
    rows = quantiles_over(DAYS, np.repeat(TABLE[:1], len(times), axis=0), times)
    assert (np.diff(chance_of_reaching(LEVELS, rows, np.full(len(times), 700.0))) >= 0).all()


def test_a_calibrated_safety_stock_of_normal_independent_days_is_the_textbooks() -> None:
    z, lead_time, review, mean, sd, lead_time_sd = 1.645, 14.0, 7.0, 50.0, 10.0, 2.0
    quantile = mean * 21.0 + z * sd * sqrt(21.0)
    excess = excess_demand(quantile, mean * 21.0, 0.0, nan, nan)
    found = calibrated_safety_stock(excess, lead_time_risk(z, mean, lead_time_sd))
    assert found == pytest.approx(statistical_safety_stock(z, lead_time, review, mean, sd, lead_time_sd))


def test_a_calibrated_safety_stock_is_never_negative_and_with_a_certain_lead_time_it_fills_up_to_the_quantile() -> None:
    for quantile, risk, safety_stock in ((120.0, 0.0, 20.0), (80.0, 0.0, 0.0), (130.0, 40.0, 50.0)):
        assert calibrated_safety_stock(excess_demand(quantile, 100.0, 0.0, nan, nan), risk) == safety_stock
    assert lead_time_risk(-1.0, 50.0, 2.0) == 0.0


def test_n4_the_explanation_says_which_safety_stock_is_in_use() -> None:
    names = ("quantile", "expected", "risk", "flag", "policy", "own", "sd", "usual")
    # Excess 30 alone, and beside an own excess of 0.6 × 10 the geometric mean, sqrt(180).
    for flag, own, sd, value in ((1.0, 0.0, None, 50.0), (0.0, 0.0, None, 77.0), (1.0, 1.0, 0.6, sqrt(1780.0)), (0.0, 1.0, 0.6, 77.0)):
        numbers = (130.0, 100.0, 40.0, flag, 77.0, own, sd, 10.0)
        x = {name: Explanation.input(name, number) for name, number in zip(names, numbers, strict=True)}
        excess = excess_demand(x["quantile"], x["expected"], x["own"], x["sd"], x["usual"])
        tree = safety_stock_in_use(x["flag"], calibrated_safety_stock(excess, x["risk"]), x["policy"])
        assert tree.name == "safety_stock_in_use"
        assert [tree.value, tree.evaluate()] == pytest.approx([value, value])


def test_the_chance_over_a_lead_time_that_varies_is_exact_for_a_polynomial() -> None:
    mean, sd = 14.0, 3.0
    at = [mean - sqrt(3.0) * sd, mean, mean + sqrt(3.0) * sd]
    found = chance_over_lead_times(*[0.001 * days**2 for days in at])
    assert found == pytest.approx(0.001 * (mean**2 + sd**2))
    assert chance_over_lead_times(1.0, 1.0, 1.0) == pytest.approx(1.0)
