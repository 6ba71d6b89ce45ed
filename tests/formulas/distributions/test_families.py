"""Which family a demand has, and its moments."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockhub.formulas.distributions import families as f
from stockhub.values import Explanation

NAN = math.nan


def test_moments_of_a_lead_time_that_is_known_and_of_one_that_is_not() -> None:
    assert f.lead_time_demand_mean(4.0, 7.0) == 28.0
    assert f.lead_time_demand_variance(4.0, 6.0, 7.0) == 42.0
    assert f.lead_time_demand_variance(4.0, 6.0, 7.0, 9.0) == 42.0 + 16.0 * 9.0
    assert f.lead_time_demand_variance(4.0, 6.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("mean", "variance", "lumpy", "family"),
    [
        (20.0, 21.0, 0.0, "poisson"),
        (20.0, 10.0, 0.0, "poisson"),
        (20.0, 21.1, 0.0, "negative_binomial"),
        (100.0, 400.0, 0.0, "negative_binomial"),
        (101.0, 400.0, 0.0, "normal"),
        (200.0, 10_000.0, 0.0, "negative_binomial"),
        (200.0, 9_999.0, 0.0, "normal"),
        (200.0, 200.0, 0.0, "poisson"),
        (0.0, 0.0, 0.0, "poisson"),
        (200.0, 9_999.0, 1.0, "bootstrap"),
    ],
)
def test_the_choice_of_a_family(mean: float, variance: float, lumpy: float, family: str) -> None:
    code = f.demand_family(mean, variance, lumpy)
    assert f.FAMILIES[int(code)] == family
    assert f.demand_family(np.array([mean, NAN]), np.array([variance, variance]), np.array([lumpy, 0.0]))[0] == code
    tree = f.demand_family(*(Explanation.input(name, value) for name, value in (("m", mean), ("v", variance), ("lumpy", lumpy))))
    assert (tree.name, tree.value, tree.evaluate()) == ("demand_family", code, code)


def test_a_family_of_an_unknown_variance_is_unknown() -> None:
    assert math.isnan(f.demand_family(20.0, NAN))


def test_the_codes_are_the_places_of_their_slugs() -> None:
    codes = [f.POISSON, f.NEGATIVE_BINOMIAL, f.NORMAL, f.GAMMA, f.LOGNORMAL, f.BOOTSTRAP]
    assert codes == list(range(len(f.FAMILIES)))


def test_only_a_poisson_needs_no_variance() -> None:
    assert f.family_variance(f.POISSON, 7.0, NAN) == 7.0
    assert f.family_variance(f.NORMAL, 7.0, 3.0) == 3.0
    assert math.isnan(f.family_variance(f.GAMMA, 7.0, NAN))


def test_moments_from_parameters() -> None:
    assert f.negative_binomial_mean(6.0, 0.25) == 18.0
    assert f.negative_binomial_variance(6.0, 0.25) == 72.0
    assert (f.gamma_mean(4.0, 3.0), f.gamma_variance(4.0, 3.0)) == (12.0, 36.0)
    assert f.lognormal_mean(0.0, 1.0) == math.exp(0.5)
    assert f.lognormal_variance(0.0, 1.0) == pytest.approx(math.exp(2) - math.exp(1), rel=1e-14)
    assert f.coefficient_of_variation(50.0, 100.0) == 0.2
    assert math.isnan(f.coefficient_of_variation(0.0, 100.0))
