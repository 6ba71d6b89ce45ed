"""What a campaign takes, whether it can still come, and what it leaves to others (D16)."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm

from stockhub.formulas.campaigns.conversion import RatePrior, fitted_rate_prior, rate_variation, shrunk_rate
from stockhub.formulas.campaigns.need import (
    baseline_units,
    campaign_stock,
    campaign_units,
    lognormal_quantile,
    need_variance,
    required_extra,
    safety_stock_for_campaign,
    views_that_stock_supports,
    with_buffer,
)
from stockhub.formulas.campaigns.supply import (
    SUPPLY_ACTIONS,
    campaign_reserve,
    kept_for_other_channels,
    order_by_day,
    order_by_on,
    reserves_of_campaigns,
    supply_action,
)
from stockhub.formulas.errors import InvalidParameterError


def test_d16_a_live_stream_of_50_000_viewers_lacks_420_units() -> None:
    units = campaign_units(50_000.0, 0.02, 1.1)
    assert units == pytest.approx(1100.0)
    need = with_buffer(units, 0.20)
    assert need == pytest.approx(1320.0)
    assert required_extra(need, 0.0, 0.0, 900.0) == 420.0
    assert order_by_on(date(2026, 11, 11), 15.0) == date(2026, 10, 27)
    assert order_by_on(date(2026, 11, 11), 14.2) == date(2026, 10, 27)
    assert order_by_on(date(2026, 11, 11), math.nan) is None


def test_d16_once_the_order_date_has_passed_the_plan_gives_way() -> None:
    cases = ((420.0, 20.0), (420.0, 15.0), (420.0, 14.0), (0.0, 14.0))
    actions = [SUPPLY_ACTIONS[int(supply_action(extra, order_by_day(days, 15.0)))] for extra, days in cases]
    assert actions == ["order", "order", "smaller_plan_or_presale", "enough"]
    assert views_that_stock_supports(900.0, 0.02, 1.1) == pytest.approx(40_909.0909, rel=1e-9)
    assert views_that_stock_supports(-5.0, 0.02, 1.1) == 0.0
    assert math.isnan(views_that_stock_supports(900.0, 0.0, 1.1))


def test_a_need_below_what_there_is_asks_for_nothing() -> None:
    assert required_extra(100.0, baseline_units(5.0, 2.0), 10.0, 5000.0) == 0.0
    assert required_extra(100.2, 0.0, 0.0, 100.0) == 1.0
    assert required_extra(100.0, 0.0, 0.0, -20.0) == 120.0


@settings(max_examples=60, deadline=None)
@given(mean=st.floats(1, 1e5), cv=st.floats(0.01, 2), probability=st.floats(0.01, 0.99))
def test_a_lognormal_quantile_has_the_mean_and_variation_that_it_was_given(mean: float, cv: float, probability: float) -> None:
    sigma = math.sqrt(math.log1p(cv * cv))
    scale = mean * math.exp(-sigma * sigma / 2)
    assert (lognorm.mean(sigma, scale=scale), lognorm.std(sigma, scale=scale)) == pytest.approx((mean, mean * cv))
    assert lognormal_quantile(probability, mean, cv * cv) == pytest.approx(lognorm.ppf(probability, sigma, scale=scale), rel=1e-9)


def test_a_campaign_stocks_the_newsvendors_quantile() -> None:
    variance = need_variance(0.3, 0.2, 0.1, 1100.0)
    assert variance == pytest.approx(0.09 + 0.04 + 0.01 + 1 / 1100)
    stock = campaign_stock(30.0, 10.0, 1100.0, variance)
    assert stock == pytest.approx(lognormal_quantile(0.75, 1100.0, variance))
    assert safety_stock_for_campaign(stock, 1100.0) == stock - 1100.0
    assert safety_stock_for_campaign(campaign_stock(1.0, 99.0, 1100.0, variance), 1100.0) == 0.0
    assert lognormal_quantile(0.9, 1000.0, 0.0) == pytest.approx(1000.0)
    assert lognormal_quantile(0.9, 0.0, 0.2) == 0.0
    assert [math.isnan(lognormal_quantile(p, 1000.0, 0.2)) for p in (0.0, 1.0)] == [True, True]
    assert math.isnan(need_variance(0.3, 0.2, 0.1, 0.0))


@settings(max_examples=60, deadline=None)
@given(ratios=st.tuples(st.floats(0.01, 0.98), st.floats(0.001, 0.01)), mean=st.floats(1, 1e4), variance=st.floats(0.01, 2))
def test_a_campaigns_stock_grows_with_the_cost_of_too_few(ratios: tuple[float, float], mean: float, variance: float) -> None:
    low, more = ratios
    assert campaign_stock(low, 1 - low, mean, variance) <= campaign_stock(low + more, 1 - low - more, mean, variance)


def test_a_session_with_few_views_is_pulled_towards_its_like() -> None:
    assert shrunk_rate(0.0, 0.0, 4.0, 196.0) == pytest.approx(0.02)
    assert shrunk_rate(6.0, 100.0, 4.0, 196.0) == pytest.approx(10 / 300)
    assert shrunk_rate(6e6, 1e8, 4.0, 196.0) == pytest.approx(0.06, rel=1e-5)
    assert rate_variation(4.0, 196.0) == pytest.approx(math.sqrt(196 / (4 * 201)))


def test_the_prior_is_that_of_the_sessions_it_came_from() -> None:
    """40,000 sessions drawn from Beta(20, 480) give it back within the error of such a sample."""
    rng = np.random.default_rng(7)
    views = rng.integers(100, 5000, 40_000).astype(np.float64)
    orders = rng.binomial(views.astype(np.int64), rng.beta(20.0, 480.0, len(views))).astype(np.float64)
    prior = fitted_rate_prior(orders, views)
    assert prior is not None
    assert prior.mean == pytest.approx(0.04, rel=0.01)
    assert prior.successes + prior.failures == pytest.approx(500.0, rel=0.05)


def test_sessions_that_differ_no_more_than_chance_are_alike() -> None:
    alike = fitted_rate_prior(np.array([20.0, 40.0, 10.0]), np.array([1000.0, 2000.0, 500.0]))
    assert alike is not None
    assert alike.mean == pytest.approx(0.02)
    assert shrunk_rate(100.0, 1000.0, alike.successes, alike.failures) == pytest.approx(0.02, rel=0.01)


def test_a_prior_needs_two_sessions_that_sold() -> None:
    nothing = np.array([])
    for orders, views in ((nothing, nothing), ([5.0], [100.0]), ([5.0, 0.0], [100.0, 0.0]), ([0.0, 0.0], [100.0, 50.0])):
        assert fitted_rate_prior(np.asarray(orders), np.asarray(views)) is None
    with pytest.raises(InvalidParameterError, match="successes"):
        fitted_rate_prior(np.array([5.0, 60.0]), np.array([100.0, 50.0]))
    with pytest.raises(InvalidParameterError, match="failures is 0"):
        RatePrior(1.0, 0.0)


def test_a_campaign_does_not_starve_other_channels() -> None:
    kept = kept_for_other_channels(20.0, 10.0, 50.0)
    assert kept == 250.0
    assert [campaign_reserve(need, 1000.0, kept) for need in (500.0, 900.0)] == [500.0, 750.0]
    assert campaign_reserve(500.0, 200.0, kept) == 0.0


@settings(max_examples=60, deadline=None)
@given(free=st.integers(-5, 3000), needs=st.lists(st.floats(0, 900), max_size=6))
def test_no_unit_is_promised_to_two_campaigns(free: int, needs: list[float]) -> None:
    wanted = np.ceil(np.array(needs) - 1e-9)
    reserved = reserves_of_campaigns(free, np.array(needs))
    assert reserved.sum() == min(max(free, 0), wanted.sum())
    assert ((reserved >= 0) & (reserved <= wanted) & (reserved == np.floor(reserved))).all()


def test_ties_between_campaigns_go_to_the_first() -> None:
    assert reserves_of_campaigns(5, np.array([4.0, 4.0])).tolist() == [3.0, 2.0]
    assert reserves_of_campaigns(5, np.array([])).tolist() == []
    with pytest.raises(InvalidParameterError, match="needs"):
        reserves_of_campaigns(5, np.array([4.0, math.nan]))
