"""Tails, losses and quantiles of the families, against scipy's distributions and against each other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stockhub.formulas.distributions.families import (
    BOOTSTRAP,
    FAMILIES,
    GAMMA,
    LOGNORMAL,
    NEGATIVE_BINOMIAL,
    NORMAL,
    POISSON,
    lognormal_mean,
    lognormal_variance,
)
from stockhub.formulas.distributions.loss import expected_leftover, expected_shortage
from stockhub.formulas.distributions.quantiles import demand_quantile
from stockhub.formulas.distributions.standard_normal import (
    inverse_standard_normal_loss,
    standard_normal_loss,
    standard_normal_quantile,
)
from stockhub.formulas.distributions.tails import probability_of_passing, probability_of_reaching
from tests.formulas.agreement import assert_forms_agree

NAN = math.nan
CODES = [POISSON, NEGATIVE_BINOMIAL, NORMAL, GAMMA, LOGNORMAL]
DISCRETE = (POISSON, NEGATIVE_BINOMIAL)

codes = st.sampled_from(CODES)
means = st.floats(0.01, 3000)
dispersions = st.floats(1.001, 30)
places = st.floats(-3, 6)
probabilities = st.floats(0.01, 0.999)


def frozen(family: float, mean: float, variance: float) -> Any:  # noqa: ANN401 - scipy's frozen distributions have no common type
    """The family's member as scipy has it."""
    if family == POISSON:
        return stats.poisson(mean)
    if family == NEGATIVE_BINOMIAL:
        return stats.nbinom(mean * mean / (variance - mean), mean / variance)
    if family == NORMAL:
        return stats.norm(mean, math.sqrt(variance))
    if family == GAMMA:
        return stats.gamma(mean * mean / variance, scale=variance / mean)
    log_variance = math.log1p(variance / mean**2)
    return stats.lognorm(math.sqrt(log_variance), scale=mean * math.exp(-log_variance / 2))


def member(family: float, mean: float, dispersion: float) -> tuple[float, float]:
    return mean, mean if family == POISSON else mean * dispersion


@settings(max_examples=60, deadline=None)
@given(family=codes, mean=means, dispersion=dispersions, place=places)
def test_tails_are_scipys(family: float, mean: float, dispersion: float, place: float) -> None:
    mean, variance = member(family, mean, dispersion)
    quantity, other = float(round(max(mean + place * math.sqrt(variance), 0.0))), frozen(family, mean, variance)
    last_before = quantity - 1 if family in DISCRETE else quantity
    assert probability_of_passing(quantity, family, mean, variance) == pytest.approx(other.sf(quantity), rel=1e-9, abs=1e-200)
    assert probability_of_reaching(quantity, family, mean, variance) == pytest.approx(other.sf(last_before), rel=1e-9, abs=1e-200)


@pytest.mark.parametrize("family", DISCRETE)
@pytest.mark.parametrize("stock", [-3.0, 0.0, 0.4, 1.0, 7.0, 7.5, 40.0])
def test_a_discrete_loss_is_the_sum_over_demands(family: float, stock: float) -> None:
    mean, variance = member(family, 8.0, 3.0)
    demands = np.arange(1000.0)
    chances = frozen(family, mean, variance).pmf(demands)
    assert expected_shortage(stock, family, mean, variance) == pytest.approx(float(np.maximum(demands - stock, 0) @ chances), rel=1e-9)
    assert expected_leftover(stock, family, mean, variance) == pytest.approx(float(np.maximum(stock - demands, 0) @ chances), rel=1e-9)


@pytest.mark.parametrize("family", [NORMAL, GAMMA, LOGNORMAL])
@pytest.mark.parametrize("stock", [-3.0, 0.0, 4.0, 8.0, 19.0])
def test_a_continuous_loss_is_the_integral_of_the_tail(family: float, stock: float) -> None:
    other = frozen(family, 8.0, 24.0)
    steps = np.linspace(stock, 4000.0 if family == LOGNORMAL else 300.0, 400_001)
    integral = float(np.trapezoid(other.sf(steps), steps))
    assert expected_shortage(stock, family, 8.0, 24.0) == pytest.approx(integral, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(family=codes, mean=means, dispersion=dispersions, place=places, step=st.floats(0.01, 50))
def test_losses_fall_and_are_convex(family: float, mean: float, dispersion: float, place: float, step: float) -> None:
    mean, variance = member(family, mean, dispersion)
    stock = mean + place * math.sqrt(variance)
    first, second, third = (expected_shortage(stock + i * step, family, mean, variance) for i in range(3))
    dust = 1e-9 * (mean + abs(stock))
    assert first >= second - dust >= third - 2 * dust >= -2 * dust
    assert first + third >= 2 * second - dust
    assert first - second <= step + dust


@settings(max_examples=60, deadline=None)
@given(family=codes, mean=means, dispersion=dispersions, probability=probabilities)
def test_a_quantile_is_the_least_stock_that_is_enough(family: float, mean: float, dispersion: float, probability: float) -> None:
    mean, variance = member(family, mean, dispersion)
    quantile = demand_quantile(probability, family, mean, variance)
    if family in DISCRETE:
        assert quantile == round(quantile)
        assert probability_of_passing(quantile, family, mean, variance) <= 1 - probability
        assert quantile == 0 or probability_of_passing(quantile - 1, family, mean, variance) > 1 - probability
    elif family == GAMMA and quantile < 1e-300:
        # The quantile of a demand that is nearly always nothing is less than any float tells apart.
        assert 1 - probability_of_passing(1e-300, family, mean, variance) > probability - 1e-7
    else:
        assert 1 - probability_of_passing(quantile, family, mean, variance) == pytest.approx(probability, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(family=codes, mean=means, dispersion=dispersions, levels=st.lists(probabilities, min_size=2, max_size=6))
def test_quantiles_do_not_cross(family: float, mean: float, dispersion: float, levels: list[float]) -> None:
    mean, variance = member(family, mean, dispersion)
    ordered = np.array(sorted(levels))
    assert (np.diff(demand_quantile(ordered, family, np.full(len(levels), mean), np.full(len(levels), variance))) >= 0).all()


def test_every_family_in_one_array() -> None:
    family, mean, variance = np.array([*CODES, BOOTSTRAP, NAN]), np.full(7, 20.0), np.full(7, 60.0)
    for answer in (
        probability_of_reaching(np.full(7, 25.0), family, mean, variance),
        expected_shortage(np.full(7, 25.0), family, mean, variance),
        demand_quantile(np.full(7, 0.9), family, mean, variance),
    ):
        assert np.isfinite(answer[:5]).all()
        assert len(set(answer[:5].tolist())) >= 4
        assert np.isnan(answer[5:]).all()
    assert demand_quantile(np.empty(0), np.empty(0), np.empty(0), np.empty(0)).shape == (0,)


@pytest.mark.parametrize("family", CODES)
def test_no_demand_and_certain_demand(family: float) -> None:
    variance = NAN if family == POISSON else 0.0
    assert probability_of_reaching(0.0, family, 0.0, variance) == 1.0
    assert probability_of_passing(0.0, family, 0.0, variance) == 0.0
    assert expected_shortage(3.0, family, 0.0, variance) == 0.0
    assert expected_leftover(3.0, family, 0.0, variance) == 3.0
    assert demand_quantile(0.99, family, 0.0, variance) == 0.0
    if family != POISSON:
        assert probability_of_reaching(5.0, family, 5.0, 0.0) == 1.0
        assert probability_of_passing(5.0, family, 5.0, 0.0) == 0.0
        assert expected_shortage(3.0, family, 5.0, 0.0) == 2.0
        assert demand_quantile(0.5, family, 5.0, 0.0) == 5.0


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, 1.1, NAN])
def test_no_stock_is_enough_for_certain(probability: float) -> None:
    assert all(math.isnan(demand_quantile(probability, family, 20.0, 60.0)) for family in CODES)


def test_what_no_demand_has_is_missing() -> None:
    assert math.isnan(expected_shortage(3.0, NORMAL, 5.0, -1.0))
    assert math.isnan(expected_shortage(3.0, GAMMA, -5.0, 4.0))
    assert math.isnan(probability_of_passing(NAN, POISSON, 5.0, NAN))
    assert expected_shortage(0.0, NORMAL, -5.0, 4.0) == pytest.approx(2.0 * standard_normal_loss(2.5))


def test_a_negative_binomial_without_overdispersion_is_its_limit() -> None:
    for variance in (20.0, 12.0, 20.0 * (1 + 1e-12)):
        assert probability_of_passing(25.0, NEGATIVE_BINOMIAL, 20.0, variance) == probability_of_passing(25.0, POISSON, 20.0, NAN)
        assert expected_shortage(25.0, NEGATIVE_BINOMIAL, 20.0, variance) == expected_shortage(25.0, POISSON, 20.0, NAN)
        assert demand_quantile(0.9, NEGATIVE_BINOMIAL, 20.0, variance) == demand_quantile(0.9, POISSON, 20.0, NAN)
    mixed = probability_of_passing(np.full(2, 25.0), NEGATIVE_BINOMIAL, np.full(2, 20.0), np.array([20.0, 60.0]))
    assert mixed.tolist() == [probability_of_passing(25.0, NEGATIVE_BINOMIAL, 20.0, v) for v in (20.0, 60.0)]


def test_moments_beyond_what_floats_hold_are_missing_and_end() -> None:
    for mean, variance in ((1e300, 1e305), (1e-300, 1e300), (1e17, 1e18), (1e-320, 1e-320)):
        quantile = demand_quantile(0.99, NEGATIVE_BINOMIAL, mean, variance)
        assert math.isnan(quantile) or quantile == round(quantile)
    assert math.isnan(demand_quantile(0.5, POISSON, 1e17, NAN))
    assert demand_quantile(0.999999, NEGATIVE_BINOMIAL, 1e-3, 100.0) == frozen(NEGATIVE_BINOMIAL, 1e-3, 100.0).ppf(0.999999)


def test_the_lognormal_of_its_own_parameters() -> None:
    mean, variance = lognormal_mean(2.0, 0.3), lognormal_variance(2.0, 0.3)
    assert demand_quantile(0.5, LOGNORMAL, mean, variance) == pytest.approx(math.exp(2.0), rel=1e-12)
    assert expected_shortage(10.0, LOGNORMAL, mean, variance) == pytest.approx(0.28364973888106326, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(factor=st.floats(-30, 37))
def test_the_standard_normal_loss_is_inverted(factor: float) -> None:
    loss = standard_normal_loss(factor)
    assert inverse_standard_normal_loss(loss) == pytest.approx(factor, rel=1e-10, abs=1e-10)


def test_the_standard_normal_at_its_ends() -> None:
    assert standard_normal_loss(0.0) == pytest.approx(1 / math.sqrt(2 * math.pi), rel=1e-15)
    assert standard_normal_loss(-5.0) == pytest.approx(5.0 + standard_normal_loss(5.0), rel=1e-15)
    assert [math.isnan(inverse_standard_normal_loss(loss)) for loss in (0.0, -1.0, NAN)] == [True] * 3
    assert standard_normal_quantile(0.5) == 0.0
    assert [math.isnan(standard_normal_quantile(p)) for p in (0.0, 1.0, 2.0)] == [True] * 3


FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "probability_of_reaching": (probability_of_reaching, 4),
    "probability_of_passing": (probability_of_passing, 4),
    "expected_shortage": (expected_shortage, 4),
    "expected_leftover": (expected_leftover, 4),
    "demand_quantile": (demand_quantile, 4),
    "standard_normal_loss": (standard_normal_loss, 1),
    "standard_normal_quantile": (standard_normal_quantile, 1),
    "inverse_standard_normal_loss": (inverse_standard_normal_loss, 1),
}
numbers = st.one_of(st.just(0.0), st.just(NAN), st.floats(0, 1), st.integers(-5, 50).map(float), st.floats(-100, 5000))


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arity = FORMULAS[name]
    second = st.sampled_from([*map(float, range(len(FAMILIES))), NAN])
    kinds = [numbers, second, numbers, numbers][:arity]
    rows = data.draw(st.lists(st.tuples(*kinds), min_size=2, max_size=3))
    assert_forms_agree(formula, rows, rtol=1e-9, atol=1e-12)
