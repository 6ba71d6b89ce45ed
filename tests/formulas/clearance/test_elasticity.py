"""An elasticity is told where prices moved, drawn to its category where they tell little, and not told where they tell nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance import elasticity as el
from stockhub.formulas.elementwise import FloatArray


def _sales(elasticity: float, prices: list[float], *, days: int = 60, seed: int = 3) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    price = rng.choice(prices, days)
    return price, rng.poisson(20.0 * (price / prices[0]) ** elasticity).astype(np.float64)


def test_a_known_elasticity_is_found_within_its_error() -> None:
    price, units = _sales(-2.5, [20.0, 18.0, 16.0, 14.0], days=400)
    estimate = el.estimate_elasticity(price, units)
    assert abs(float(estimate.elasticity) + 2.5) < 3.0 * float(estimate.standard_error) < 0.5
    assert (float(estimate.identified), float(estimate.endogenous)) == (1.0, 0.0)
    metric = el.elasticity_metric(price, units)
    assert metric.explanation is not None
    assert metric.value == metric.explanation.evaluate() == el.shrunk_elasticity(float(estimate.elasticity), float(estimate.standard_error))


def test_levels_and_spread_decide_whether_there_is_an_effect_to_tell() -> None:
    assert el.price_effect_identifiable(3.0, 0.08) == 1.0
    assert el.price_effect_identifiable(2.0, 0.5) == 0.0
    assert el.price_effect_identifiable(9.0, 0.079) == 0.0
    prices = np.array([[10.0, 10.4, 10.8, 10.0, np.nan], [10.0, 10.0, 10.0, 10.0, 10.0], [np.nan] * 5])
    assert el.price_levels(prices).tolist() == [3.0, 1.0, 0.0]
    np.testing.assert_allclose(el.price_spread(prices), [0.08, 0.0, np.nan])
    assert el.price_effect_identifiable(el.price_levels(prices)[:2], el.price_spread(prices)[:2]).tolist() == [1.0, 0.0]
    assert np.isnan(el.price_spread(np.zeros(0)))


@pytest.mark.parametrize(
    ("price", "units", "reason"),
    [
        ([], [], "NO_DATA"),
        ([10.0, 9.0, 8.0], [np.nan] * 3, "NO_DATA"),
        ([10.0, 9.0, 8.0, 7.0], [0.0] * 4, "NO_SALES"),
        ([10.0, 9.0, 10.0, 9.0], [5.0, 8.0, 4.0, 7.0], "PRICE_UNCHANGED"),
        ([10.0, 10.1, 10.2, 10.3], [5.0, 8.0, 4.0, 7.0], "PRICE_UNCHANGED"),
        ([10.0, 9.0, 8.0, 7.0], [0.0, 0.0, 0.0, 7.0], "NOT_IDENTIFIED"),
    ],
)
def test_without_an_effect_there_is_a_reason_and_no_number(price: list[float], units: list[float], reason: str) -> None:
    metric = el.elasticity_metric(np.array(price), np.array(units))
    assert (metric.value, metric.reason) == (None, reason)


def test_prices_of_days_without_a_count_do_not_make_an_effect_identifiable() -> None:
    estimate = el.estimate_elasticity(np.array([10.0, 9.0, 8.0, 10.0, 9.0]), np.array([4.0, 6.0, np.nan, 5.0, 6.0]))
    assert float(estimate.identified) == 0.0


@settings(max_examples=60, deadline=None)
@given(estimate=st.floats(-12, 4), error=st.floats(0, 5), category=st.floats(-6, -0.3))
def test_shrinking_lies_between_the_two_and_within_the_bounds(estimate: float, error: float, category: float) -> None:
    value = el.shrunk_elasticity(estimate, error, category)
    low, high = sorted((estimate, category))
    assert -6.0 <= value <= -0.3
    assert value >= min(low, -0.3) - 1e-9
    assert value <= max(high, -6.0) + 1e-9
    assert el.shrunk_elasticity(estimate, 0.0, category) == pytest.approx(min(max(estimate, -6.0), -0.3))


def test_shrinking_weighs_by_precision() -> None:
    assert el.estimate_trust(0.7) == pytest.approx(0.5)
    assert el.shrunk_elasticity(-1.0, 0.7) == pytest.approx(-1.5)
    assert el.planning_elasticity(0.0, float("nan"), float("nan")) == -2.0
    assert el.planning_elasticity(0.0, float("nan"), float("nan"), -9.0) == -6.0
    assert el.planning_elasticity(1.0, -1.0, 0.7) == pytest.approx(-1.5)


def test_prices_that_are_cut_because_demand_fell_are_flagged_and_random_ones_are_not() -> None:
    rng = np.random.default_rng(11)
    skus, days = 200, 80
    random_price = rng.choice([10.0, 9.0, 8.0], (skus, days))
    random_units = rng.poisson(15.0 * (random_price / 10.0) ** -2.0).astype(np.float64)
    flagged = el.estimate_elasticity(random_price, random_units).endogenous
    assert flagged.mean() < 0.1  # 5 % by construction
    price, units = np.full((skus, days), 10.0), np.zeros((skus, days))
    for day in range(days):
        if day:
            price[:, day] = 10.0 - 1.5 * (units[:, day - 1] < 9) + rng.normal(0.0, 0.1, skus)
        units[:, day] = rng.poisson(12.0 * (price[:, day] / 10.0) ** -1.0)
    assert el.estimate_elasticity(price, units).endogenous.mean() > 0.95


def test_what_cannot_be_tested_for_endogeneity_is_missing() -> None:
    assert np.isnan(el.endogeneity_probability(np.array([10.0, 9.0]), np.array([1.0, 2.0])))
    assert np.isnan(el.endogeneity_probability(np.full(30, 10.0), np.arange(30.0)))
    assert np.isnan(el.prices_follow_demand(float("nan")))


def test_demand_at_a_pay_ratio() -> None:
    assert el.demand_multiplier(0.5, -2.0) == pytest.approx(4.0)
    assert el.demand_multiplier(1.0, -2.0) == 1.0
    assert np.isnan(el.demand_multiplier(0.0, -2.0))


def test_more_regressors_are_allowed_for() -> None:
    rng = np.random.default_rng(2)
    price = rng.choice([10.0, 9.0, 8.0, 7.0], 300)
    promotion = rng.integers(0, 2, 300).astype(np.float64)
    units = rng.poisson(np.exp(6.0 - 1.5 * np.log(price) + 0.7 * promotion)).astype(np.float64)
    fit = el.poisson_fit(price, units, promotion[:, None])
    np.testing.assert_allclose(fit.coefficients[1:], [-1.5, 0.7], atol=0.12)
