"""Days that ran out: shares in stock, imputed days, and levels by likelihood."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from stockhub.formulas.demand.censored_counts import (
    censored_negative_binomial,
    censored_poisson_rate,
    negative_binomial_log_likelihood,
)
from stockhub.formulas.demand.censored_level import (
    ANALOGUES,
    NEGATIVE_BINOMIAL,
    POISSON,
    censored_level_metric,
    censored_levels,
    level_estimator,
)
from stockhub.formulas.demand.censored_normal import censored_normal
from stockhub.formulas.demand.censoring import (
    in_stock_share,
    in_stock_share_by_profile,
    in_stock_share_from_ends,
    mean_of_all_days,
    mean_of_uncensored_days,
    too_censored,
    uncensored_demand,
)
from stockhub.formulas.elementwise import FloatArray

NAN = math.nan


def censored_history(seed: int, mean: float, days: int = 40) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    rng = np.random.default_rng(seed)
    demand, stock = rng.poisson(mean, days).astype(np.float64), rng.poisson(mean * 1.2, days)
    return np.minimum(demand, stock), demand > stock


def test_shares_in_stock() -> None:
    assert in_stock_share(360.0, 1440.0) == 0.25
    assert in_stock_share(1500.0, 1440.0) == 1.0
    assert math.isnan(in_stock_share(0.0, 0.0))
    ends = in_stock_share_from_ends(np.array([5.0, 0.0, 5.0, 5.0]), np.array([1.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.0, 0.0, 1.0]))
    np.testing.assert_array_equal(ends, [1.0, 0.0, NAN, NAN])


def test_an_hour_of_many_sales_weighs_more() -> None:
    profile = np.array([1.0, 1.0, 6.0])
    np.testing.assert_array_equal(in_stock_share_by_profile(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), profile), [0.25, 0.75])
    assert np.isnan(in_stock_share_by_profile(np.ones((1, 3)), np.zeros(3))).all()


def test_a_day_hardly_in_stock_is_missing() -> None:
    demand = uncensored_demand(np.array([10.0, 4.0, 0.0, 3.0, 3.0]), np.array([1.0, 0.5, 0.0, 0.25, 0.2499]))
    np.testing.assert_array_equal(demand, [10.0, 8.0, NAN, 12.0, NAN])
    assert math.isnan(uncensored_demand(0.0, 0.0, 0.0))


@settings(max_examples=60, deadline=None)
@given(sales=st.integers(0, 500).map(float), share=st.floats(0.0, 1.5))
def test_censoring_never_lowers_a_day_below_its_sales(sales: float, share: float) -> None:
    demand = uncensored_demand(sales, share)
    assert math.isnan(demand) if share < 0.25 else demand >= sales


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40))
def test_a_censored_level_is_never_below_the_mean_of_sales(days: list[tuple[int, bool]]) -> None:
    sales, censored = (np.array([column], dtype) for column, dtype in zip(zip(*days, strict=True), (float, bool), strict=True))
    rate = float(censored_poisson_rate(sales, censored)[0])
    if censored.all():
        assert math.isnan(rate)
    else:
        assert rate >= float(mean_of_all_days(sales)[0]) * (1 - 1e-12)
        assert rate <= sales.sum() / (~censored).sum() * (1 + 1e-12) + 1e-12


@pytest.mark.parametrize("mean", [0.4, 5.0, 60.0, 3000.0])
def test_the_poisson_rate_is_the_peak_of_the_likelihood(mean: float) -> None:
    sales, censored = censored_history(1, mean)
    rate = float(censored_poisson_rate(sales[None], censored[None])[0])

    def loss(level: float) -> float:
        exact, cut = stats.poisson.logpmf(sales[~censored], level), stats.poisson.logsf(sales[censored] - 1, level)
        return -float(exact.sum() + cut.sum())

    found = optimize.minimize_scalar(loss, bounds=(mean / 3, mean * 3), method="bounded", options={"xatol": 1e-10})
    assert rate == pytest.approx(found.x, rel=1e-6)


def test_without_censored_days_every_level_is_the_mean() -> None:
    sales = np.array([[3.0, 0.0, 5.0, NAN, 8.0]])
    none = np.zeros(sales.shape, bool)
    normal = censored_normal(sales, none)
    assert censored_poisson_rate(sales, none).tolist() == [4.0]
    assert censored_negative_binomial(sales, none).mean.tolist() == pytest.approx([4.0])
    assert normal.mean.tolist() == pytest.approx([4.0])
    assert normal.sd.tolist() == pytest.approx([float(np.std([3, 0, 5, 8]))])


def test_a_censored_day_far_above_the_rest_does_not_break_the_search() -> None:
    sales, censored = np.array([[0.0] * 30 + [1.0, 900.0]]), np.array([[False] * 31 + [True]])
    rate = float(censored_poisson_rate(sales, censored)[0])
    # Where P(X ≥ 900) is 1e-1000, E[X | X ≥ 900] is 900 + λ/901 or so, and the rate is the mean with it.
    assert rate == pytest.approx((1 + 900 + rate / 901) / 32, rel=1e-4)
    assert math.isfinite(float(censored_negative_binomial(sales, censored).mean[0]))


def test_no_day_no_uncensored_day_and_no_sale() -> None:
    sales = np.array([[NAN, NAN], [4.0, 2.0], [0.0, 0.0]])
    censored = np.array([[False, False], [True, True], [False, True]])
    np.testing.assert_array_equal(censored_poisson_rate(sales, censored), [NAN, NAN, 0.0])
    np.testing.assert_array_equal(censored_negative_binomial(sales, censored).mean, [NAN, NAN, 0.0])
    np.testing.assert_array_equal(censored_normal(sales, censored).mean, [NAN, NAN, 0.0])
    np.testing.assert_array_equal(censored_normal(sales, censored).sd, [NAN, NAN, 0.0])
    assert censored_poisson_rate(np.zeros((0, 3)), np.zeros((0, 3), bool)).shape == (0,)


@pytest.mark.parametrize(("mean", "size"), [(0.8, 0.5), (6.0, 1.0), (25.0, 3.0)])
def test_the_negative_binomial_reaches_the_peak_of_the_likelihood(mean: float, size: float) -> None:
    rng = np.random.default_rng(4)
    demand = rng.negative_binomial(size, size / (size + mean), 80)
    stock = rng.poisson(mean * 1.5, 80)
    sales, censored = np.minimum(demand, stock).astype(np.float64), demand > stock
    found = censored_negative_binomial(sales[None], censored[None])
    ours = float(negative_binomial_log_likelihood(sales[None], censored[None], found.mean, found.size)[0])

    def loss(p: FloatArray) -> float:
        m, r = np.exp(p)
        exact = stats.nbinom.logpmf(sales[~censored], r, r / (r + m)).sum()
        return -float(exact + stats.nbinom.logsf(sales[censored] - 1, r, r / (r + m)).sum())

    theirs = optimize.minimize(loss, [np.log(sales.mean()), 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert -ours == pytest.approx(theirs.fun, abs=1e-6)
    assert float(found.mean[0]) == pytest.approx(np.exp(theirs.x[0]), rel=1e-3)


def test_the_normal_level_equals_scipy() -> None:
    sales, censored = censored_history(7, 30.0)
    data = stats.CensoredData(uncensored=sales[~censored], right=sales[censored])
    mean, sd = stats.norm.fit(data)
    ours = censored_normal(sales[None], censored[None])
    assert float(ours.mean[0]) == pytest.approx(mean, rel=1e-4)
    assert float(ours.sd[0]) == pytest.approx(sd, rel=1e-4)


def test_equal_uncensored_days_with_a_censored_day_above_them_have_a_deviation() -> None:
    level = censored_normal(np.array([[5.0, 5.0, 9.0], [5.0, 5.0, 4.0]]), np.array([[False, False, True]] * 2))
    assert float(level.mean[0]) > 5.0
    assert float(level.sd[0]) > 1.0
    assert (level.mean[1], level.sd[1]) == (5.0, 0.0)


def test_both_naive_means_are_too_low() -> None:
    rng = np.random.default_rng(0)
    demand, stock = rng.poisson(10.0, (1, 20000)), rng.poisson(11.0, (1, 20000))
    sales, censored = np.minimum(demand, stock).astype(np.float64), demand >= stock
    assert float(mean_of_all_days(sales)[0]) < 9.3
    assert float(mean_of_uncensored_days(sales, censored)[0]) < 9.3
    assert float(censored_poisson_rate(sales, censored)[0]) == pytest.approx(10.0, abs=0.15)


def test_the_estimator_follows_dispersion_and_the_share_of_censored_days() -> None:
    assert level_estimator(12.0, 10.0, 7.0, 10.0) == POISSON
    assert level_estimator(12.1, 10.0, 7.0, 10.0) == NEGATIVE_BINOMIAL
    assert level_estimator(12.1, 10.0, 8.0, 10.0) == ANALOGUES
    assert (too_censored(7.0, 10.0), too_censored(7.01, 10.0)) == (0.0, 1.0)


def test_levels_of_many_series_and_reasons_at_the_boundary() -> None:
    sales = np.array([[9.0, 11.0, 10.0, 10.0], [0.0, 40.0, 0.0, 3.0], [1.0, 1.0, 1.0, 1.0], [NAN] * 4])
    censored = np.array([[False, False, False, True], [False, False, True, False], [True, True, True, False], [False] * 4])
    found = censored_levels(sales, censored)
    np.testing.assert_array_equal(found.estimator, [POISSON, NEGATIVE_BINOMIAL, ANALOGUES, NAN])
    assert found.level[0] > 10.0
    assert found.level[1] > 10.75
    assert np.isnan(found.level[2:]).all()
    reasons = [censored_level_metric(s, c).reason for s, c in zip(sales, censored, strict=True)]
    assert reasons == [None, None, "TOO_CENSORED", "NO_DATA"]
    assert censored_level_metric(sales[0], censored[0]).value == found.level[0]
