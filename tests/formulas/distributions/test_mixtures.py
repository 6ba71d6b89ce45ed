"""Two distributions as one (science.md 3.2, F2)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from stockhub.formulas.distributions.mixtures import mixture_quantiles

LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995])


def normal(mean: float, sd: float) -> np.ndarray:
    return np.asarray(norm.ppf(LEVELS, mean, sd))[None, :]


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_a_mixture_of_a_distribution_with_itself_is_that_distribution(weight: float) -> None:
    one = np.array([[0.0, 0.0, 1.0, 2.0, 4.0, 4.0, 9.0, 12.0, 20.0, 31.0, 44.0]])
    np.testing.assert_allclose(mixture_quantiles(LEVELS, one, one, np.array([weight])), one, atol=1e-6)


def test_a_weight_of_one_or_nothing_leaves_one_of_them() -> None:
    first, second = normal(100.0, 10.0), normal(300.0, 50.0)
    np.testing.assert_allclose(mixture_quantiles(LEVELS, first, second, np.array([1.0])), first, rtol=1e-6)
    np.testing.assert_allclose(mixture_quantiles(LEVELS, first, second, np.array([0.0])), second, rtol=1e-6)


def test_normals_that_overlap_are_mixed_as_their_probabilities_are() -> None:
    """Exact where a level's probability lies between the tables' levels; what lies below the lowest is not told by a table."""
    first, second, weight = normal(100.0, 20.0), normal(130.0, 30.0), 0.4
    expected = [brentq(lambda x, p=p: weight * norm.cdf(x, 100, 20) + (1 - weight) * norm.cdf(x, 130, 30) - p, 0, 500) for p in LEVELS]
    found = mixture_quantiles(LEVELS, first, second, np.array([weight]))[0]
    np.testing.assert_allclose(found[1:], expected[1:], rtol=2e-3)


def test_who_is_sure_of_nothing_and_who_is_not_are_both_heard() -> None:
    """With weight .4 nothing is sold, otherwise 10 to a normal's quantiles: up to .4 nothing, and from there on the normal's own levels."""
    nothing, something = np.zeros((1, len(LEVELS))), normal(100.0, 10.0)
    found = mixture_quantiles(LEVELS, nothing, something, np.array([0.4]))[0]
    assert found[:3].tolist() == [0.0, 0.0, 0.0]
    # Level .7 of the mixture is level (.7 − .4) / .6 = .5 of the normal, and .9 its (.9 − .4) / .6.
    assert found[4] == pytest.approx(100.0, rel=1e-3)
    assert found[6] == pytest.approx(norm.ppf(5 / 6, 100, 10), rel=5e-3)


def test_each_row_has_its_own_weight_and_its_own_scale() -> None:
    first = np.concatenate([normal(100.0, 20.0), normal(1e6, 2e5)])
    second = np.concatenate([normal(130.0, 30.0), normal(1.3e6, 3e5)])
    found = mixture_quantiles(LEVELS, first, second, np.array([0.4, 0.4]))
    np.testing.assert_allclose(found[1], found[0] * 1e4, rtol=1e-9)
    apart = mixture_quantiles(LEVELS, first, second, np.array([0.4, 1.0]))
    np.testing.assert_array_equal(apart[0], found[0])
    np.testing.assert_allclose(apart[1], first[1], rtol=1e-6)


def test_quantiles_ascend_and_are_never_outside_both() -> None:
    rng = np.random.default_rng(5)
    first, second = (np.sort(rng.gamma(0.5, 20.0, (200, len(LEVELS))) * rng.integers(0, 2, (200, 1)), axis=1) for _ in range(2))
    found = mixture_quantiles(LEVELS, first, second, rng.uniform(0, 1, 200))
    assert (np.diff(found, axis=1) >= 0).all()
    slack = 1e-6 * (1.0 + np.maximum(first, second))
    assert (found >= np.minimum(first, second) - slack).all()
    assert (found <= np.maximum(first, second) + slack).all()


def test_a_single_level_is_the_weighted_mean() -> None:
    assert mixture_quantiles(np.array([0.9]), np.array([[10.0]]), np.array([[20.0]]), np.array([0.25])).tolist() == [[17.5]]
