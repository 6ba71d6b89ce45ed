"""Lead-time sums: honest on demand whose truth is known, and sane on every shape of history."""

from __future__ import annotations

import pickle
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from stockhub.pluginapi import ForecastBatch, ForecastResult, Panel
from stockhub_forecasters.lead_time.forecaster import MOST_FITTED, LeadTimeDemand

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98)
LEAD_TIMES = (7, 14, 28)
STARTS_ON = date(2025, 1, 6)


def panel_of(demand: NDArray[np.floating], *, open_days: NDArray[np.bool_] | None = None, **drivers: NDArray[np.floating]) -> Panel:
    values = demand.astype(np.float32)
    plans = {name: values.astype(np.float32) for name, values in drivers.items()}
    return Panel(np.arange(len(values)) + 500, STARTS_ON, values, np.isfinite(values), open_days, plans)


def answer(panel: Panel, horizon: int = 28, lead_times: tuple[int, ...] = LEAD_TIMES, levels: tuple[float, ...] = LEVELS) -> ForecastResult:
    forecaster = LeadTimeDemand()
    return forecaster.forecast(ForecastBatch(panel, horizon, levels, lead_times), forecaster.fit_for(panel, lead_times))


def sums(result: ForecastResult) -> NDArray[np.float32]:
    assert result.lead_time_quantiles is not None
    return result.lead_time_quantiles


def drifting(seed: int, n: int, t: int) -> NDArray[np.float64]:
    """Levels that wander: what independent days do not know about."""
    rng = np.random.default_rng(seed)
    level = np.exp(rng.normal(0.7, 1.0, (n, 1)) + np.cumsum(rng.normal(0.0, 0.05, (n, t)), axis=1))
    return rng.poisson(level).astype(np.float64)


@pytest.fixture(scope="module")
def wandering() -> NDArray[np.float64]:
    return drifting(11, 300, 330)


def test_quantiles_of_sums_hold_what_they_promise_where_levels_wander(wandering: NDArray[np.float64]) -> None:
    quantiles = sums(answer(panel_of(wandering[:, :302])))
    for place, lead in enumerate(LEAD_TIMES):
        truth = wandering[:, 302 : 302 + lead].sum(axis=1)[:, None]
        np.testing.assert_allclose((truth <= quantiles[:, :, place]).mean(axis=0), LEVELS, atol=0.06)


def test_sums_lose_less_than_independent_normal_days(wandering: NDArray[np.float64]) -> None:
    past, future = wandering[:, :302], wandering[:, 302:]
    quantiles = sums(answer(panel_of(past)))
    mean, sd = past[:, -56:].mean(axis=1)[:, None], past[:, -56:].std(axis=1, ddof=1)[:, None]
    for place, lead in enumerate(LEAD_TIMES):
        truth, levels = future[:, :lead].sum(axis=1)[:, None], np.array(LEVELS)
        textbook = lead * mean + stats.norm.ppf(levels) * np.sqrt(lead) * sd

        def loss(quantile: NDArray[np.floating], truth: NDArray[np.float64] = truth, levels: NDArray[np.float64] = levels) -> float:
            return float(np.maximum(levels * (truth - quantile), (levels - 1) * (truth - quantile)).sum())

        assert loss(quantiles[:, :, place]) < 0.9 * loss(textbook)


def test_d12_a_known_promotion_lifts_the_window_that_it_is_in() -> None:
    rng = np.random.default_rng(3)
    n, t = 80, 300
    promo = np.zeros((n, t + 28))
    for row in range(n):
        for start in rng.choice(np.arange(5, 45), 9, replace=False):
            promo[row, start * 7 : start * 7 + 7] = 1.0
    promo[:, t:] = 0.0
    demand = rng.poisson(np.exp(rng.normal(1.0, 0.5, (n, 1))) * np.where(promo[:, :t] > 0, 3.0, 1.0)).astype(float)
    planned = promo.copy()
    planned[:, t : t + 7] = 1.0
    without, with_plan = answer(panel_of(demand, promo=promo)), answer(panel_of(demand, promo=planned))
    lift = sums(with_plan)[:, 0, 0].sum() / sums(without)[:, 0, 0].sum()
    assert lift == pytest.approx(3.0, rel=0.25)
    assert with_plan.mean[:, :7].sum() / without.mean[:, :7].sum() == pytest.approx(3.0, rel=0.25)
    # The days after the promotion are as they would be without it.
    assert with_plan.mean[:, 7:].sum() / without.mean[:, 7:].sum() == pytest.approx(1.0, rel=0.25)


def test_d12_without_a_plan_the_same_history_is_forecast_all_the_same() -> None:
    demand = drifting(5, 40, 150)
    plain = answer(panel_of(demand))
    unknown = answer(panel_of(demand, promo=np.full((40, 178), np.nan), price=np.full((40, 178), 9.9)))
    np.testing.assert_allclose(sums(unknown), sums(plain), rtol=0.05, atol=0.5)


def test_known_closed_days_sell_nothing() -> None:
    rng = np.random.default_rng(8)
    t = 210
    open_days = np.broadcast_to(np.arange(t + 28) % 7 < 5, (60, t + 28)).copy()
    demand = rng.poisson(rng.gamma(2.0, 3.0, (60, 1)), (60, t)) * open_days[:, :t].astype(float)
    usual = answer(panel_of(demand, open_days=open_days))
    holiday = open_days.copy()
    holiday[:, t : t + 14] = False
    closed = answer(panel_of(demand, open_days=holiday))
    assert (usual.mean[:, np.arange(28) % 7 >= 5] == 0.0).all()
    assert usual.mean[:, :5].mean() == pytest.approx(demand[:, -28:].sum() / (60 * 20), rel=0.1)
    assert (closed.mean[:, :14] == 0.0).all()
    # Four weeks of which two are closed sell what two weeks do.
    assert np.median(sums(closed)[:, 0, 2] / sums(usual)[:, 0, 1]) == pytest.approx(1.0, abs=0.1)


def test_stock_out_days_do_not_lower_the_level() -> None:
    rng = np.random.default_rng(9)
    demand = rng.poisson(8.0, (50, 200)).astype(np.float32)
    observed = np.ones(demand.shape, np.bool_)
    observed[:25, 150:185] = False
    sold = np.where(observed, demand, 0.0).astype(np.float32)
    forecaster = LeadTimeDemand()
    panel = Panel(np.arange(50), STARTS_ON, sold, observed)
    result = forecaster.forecast(ForecastBatch(panel, 28, LEVELS, (14,)), forecaster.fit_for(panel, (14,)))
    assert sums(result)[:25, 0, 0].mean() == pytest.approx(8.0 * 14, rel=0.05)


def test_series_that_sell_in_lumps_have_wider_sums_than_those_that_sell_singly() -> None:
    rng = np.random.default_rng(31)
    singly = rng.poisson(1.0, (150, 358)).astype(np.float64)
    lumps = 20.0 * rng.poisson(0.05, (150, 358))
    demand = np.concatenate([singly, lumps])
    past, truth = demand[:, :330], demand[:, 330:].sum(axis=1)
    levels = (0.5, 0.9, 0.98)
    quantiles = sums(answer(panel_of(past), lead_times=(28,), levels=levels))[:, :, 0]
    # 28 and the standard deviations 5.3 and 23.7.
    np.testing.assert_allclose(np.median(quantiles[:150], axis=0), stats.poisson.ppf(levels, 28.0), rtol=0.12)
    np.testing.assert_allclose(np.median(quantiles[150:, 1:], axis=0), 20.0 * stats.poisson.ppf(levels[1:], 1.4), rtol=0.25)
    for part in (slice(0, 150), slice(150, 300)):
        assert (truth[part] <= quantiles[part, 1]).mean() == pytest.approx(0.9, abs=0.07)


def test_own_quantiles_are_spread_as_the_pooled_ones_are_and_by_few_series_hardly_at_all(wandering: NDArray[np.float64]) -> None:
    forecaster = LeadTimeDemand()
    many, few = (forecaster.fit_for(panel_of(wandering[:n, :302]), (28,))["28.own_spread"] for n in (300, 2))
    # Levels wander: the own past is too sure of itself, most of all far out.
    assert many[-1] > 1.0
    assert np.abs(np.log(few)).max() < np.log(2.0) * 2 / 32 + 1e-9


def test_what_was_learned_before_own_quantiles_were_spread_still_answers(wandering: NDArray[np.float64]) -> None:
    panel, forecaster = panel_of(wandering[:60, :250]), LeadTimeDemand()
    state = dict(forecaster.fit_for(panel, (14,)))
    batch = ForecastBatch(panel, 14, LEVELS, (14,))
    spread = sums(forecaster.forecast(batch, state | {"14.own_spread": np.ones_like(state["14.own_spread"])}))
    del state["14.own_spread"]
    np.testing.assert_array_equal(sums(forecaster.forecast(batch, state)), spread)


def selling_in_spells(seed: int, n: int, t: int) -> NDArray[np.float64]:
    """Series of which one in fifty stops selling each week, and one in a hundred of those begins again."""
    rng = np.random.default_rng(seed)
    selling = np.ones((n, t), np.bool_)
    alive = np.ones(n, np.bool_)
    for week in range(8, -(-t // 7)):
        alive = np.where(alive, rng.random(n) > 0.02, rng.random(n) < 0.01)
        selling[:, 7 * week : 7 * week + 7] = alive[:, None]
    return rng.poisson(np.exp(rng.normal(0.0, 0.7, (n, 1))) * selling).astype(np.float64)


def test_series_that_have_fallen_silent_are_measured_by_each_other() -> None:
    demand = selling_in_spells(17, 400, 358)
    past, truth = demand[:, :330], demand[:, 330:].sum(axis=1)
    silent = (past[:, -42:] == 0).all(axis=1) & (past[:, -200:-42].mean(axis=1) > 0.3)
    quantiles = sums(answer(panel_of(past), levels=(0.7, 0.8, 0.95)))[:, :, 2]
    assert 25 < silent.sum() < 200
    # They do not sell again, and whoever has one left is not told that it will be gone.
    assert (truth[silent] == 0).mean() > 0.95
    assert ((quantiles[silent] < 0.5).mean(axis=0) > 0.9).all()
    assert (truth[silent] <= quantiles[silent, 2]).mean() >= 0.95
    sold = past[:, -7:].any(axis=1)
    np.testing.assert_allclose((truth[sold, None] <= quantiles[sold]).mean(axis=0), (0.7, 0.8, 0.95), atol=0.08)


def test_days_out_of_stock_are_no_silence() -> None:
    demand = selling_in_spells(17, 400, 330)
    selling = np.flatnonzero((demand[:, -60:].mean(axis=1) > 0.8) & (demand[:, -5:].sum(axis=1) > 0))[:40]
    observed = np.ones(demand.shape, np.bool_)
    observed[selling, -42:] = False
    panel = Panel(np.arange(400), STARTS_ON, np.where(observed, demand, 0.0).astype(np.float32), observed)
    forecaster = LeadTimeDemand()
    quantiles = sums(forecaster.forecast(ForecastBatch(panel, 28, (0.5,), (28,)), forecaster.fit_for(panel, (28,))))
    expected = 28 * demand[selling, -200:-42].mean(axis=1)
    assert len(selling) == 40
    assert np.median(quantiles[selling, 0, 0] / expected) == pytest.approx(1.0, abs=0.25)


def test_a_falling_market_is_followed_down() -> None:
    rng = np.random.default_rng(10)
    t = 300
    demand = rng.poisson(20.0 * np.exp(rng.normal(0, 0.5, (60, 1))) * 0.985 ** np.arange(t + 28)).astype(float)
    result = sums(answer(panel_of(demand[:, :t])))
    truth = demand[:, t:].sum()
    of_last_quarter = demand[:, t - 112 : t].sum() / 4
    assert truth < result[:, 0, 2].sum() < 0.75 * of_last_quarter


def test_last_years_season_is_expected_again() -> None:
    rng = np.random.default_rng(12)
    t = 728 + 50
    day = np.arange(t + 28)
    demand = rng.poisson(5.0 * np.exp(rng.normal(0, 0.4, (60, 1)) + 0.8 * np.sin(2 * np.pi * day / 364))).astype(float)
    expected = sums(answer(panel_of(demand[:, :t])))[:, 0, 2].sum()
    assert expected == pytest.approx(demand[:, t:].sum(), rel=0.1)
    assert expected > 1.15 * demand[:, t - 28 : t].sum()


def test_a_peak_that_comes_once_a_year_is_expected_before_it_has_been_an_example() -> None:
    rng = np.random.default_rng(13)
    t = 700
    events = np.isin(np.arange(t + 28), [t - 364 + 8, t - 364 + 9, t - 364 + 10])
    demand = rng.poisson(6.0 * np.exp(rng.normal(0, 0.4, (60, 1))) * np.where(events, 8.0, 1.0)).astype(float)
    expected = sums(answer(panel_of(demand[:, :t])))[:, 0, 2].sum()
    ordinary = demand[:, t - 28 : t].sum()
    # Last year's window sold 1.75 times what was ordinary.
    assert 1.2 * ordinary < expected < 1.8 * ordinary


def test_a_festival_does_not_raise_the_level_after_it_and_growth_does() -> None:
    rng = np.random.default_rng(14)
    t, usual = 280, np.exp(rng.normal(0.5, 0.8, (60, 1)))
    festival, growth = np.ones(t), np.ones(t)
    festival[t - 18 : t - 14], growth[t - 40 :] = 6.0, 3.0
    ordinary = usual.sum() * 28
    after_festival = sums(answer(panel_of(rng.poisson(usual * festival).astype(float))))[:, 0, 2].sum()
    after_growth = sums(answer(panel_of(rng.poisson(usual * growth).astype(float))))[:, 0, 2].sum()
    assert after_festival == pytest.approx(ordinary, rel=0.1)
    assert after_growth > 2.0 * ordinary


SHAPES = ("sixty days", "twenty series", "long closure", "new and dying", "all zero", "huge", "one point")


def shape(name: str) -> NDArray[np.float64]:
    demand = drifting(21, 20 if name == "twenty series" else 40, 60 if name == "sixty days" else 150)
    if name == "long closure":
        demand[:, 60:120] = 0.0
    elif name == "new and dying":
        demand[:10, :145] = np.nan
        demand[10:20, 70:] = 0.0
    elif name == "all zero":
        demand[:] = 0.0
    elif name == "huge":
        demand[:5] = 1e9
    elif name == "one point":
        demand[0, :-1] = np.nan
        demand[1] = np.nan
    return demand


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("lead_times", [(7, 14, 28), (1, 45, 120)])
def test_every_shape_of_history_has_finite_quantiles_in_order(name: str, lead_times: tuple[int, ...]) -> None:
    demand = shape(name)
    result = answer(panel_of(demand), lead_times=lead_times)
    found = sums(result)
    for values in (found, result.mean, result.quantiles):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert (np.diff(found, axis=1) >= 0).all()
    assert (np.diff(result.quantiles, axis=1) >= 0).all()
    # Nothing is promised that is out of all proportion to what a series has ever sold.
    most = np.nanmax(np.nan_to_num(demand), axis=1)
    assert (found <= (most * 3.0 + 30.0)[:, None, None] * np.array(lead_times)).all()


def test_what_never_sold_is_forecast_as_never_selling() -> None:
    demand = drifting(2, 30, 120)
    demand[4] = 0.0
    result = answer(panel_of(demand))
    assert (sums(result)[4] == 0.0).all()
    assert result.unfit == {}


def test_lead_times_that_were_not_fitted_lie_between_those_that_were(wandering: NDArray[np.float64]) -> None:
    panel, forecaster = panel_of(wandering[:, :302]), LeadTimeDemand()
    state = forecaster.fit_for(panel, (7, 28))
    assert state["lead_times"].tolist() == [7, 28]
    asked = (3, 7, 14, 28, 60)
    found = sums(forecaster.forecast(ForecastBatch(panel, 28, LEVELS, asked), state))
    assert (np.diff(found.mean(axis=0), axis=1) > 0).all()
    exact = sums(answer(panel))
    np.testing.assert_array_equal(found[:, :, 1], sums(forecaster.forecast(ForecastBatch(panel, 28, LEVELS, (7,)), state))[:, :, 0])
    assert found[:, :, 2].sum(axis=0) == pytest.approx(exact[:, :, 1].sum(axis=0), rel=0.05)


def test_of_many_lead_times_some_are_fitted(wandering: NDArray[np.float64]) -> None:
    state = LeadTimeDemand().fit_for(panel_of(wandering[:60, :250]), tuple(range(2, 42)))
    assert len(state["lead_times"]) == MOST_FITTED
    assert (state["lead_times"][0], state["lead_times"][-1]) == (2, 41)


def test_a_state_travels_and_serves_series_that_it_was_not_fitted_on(wandering: NDArray[np.float64]) -> None:
    panel, forecaster = panel_of(wandering[:, :250]), LeadTimeDemand()
    state = forecaster.fit_for(panel.rows(np.arange(200)), LEAD_TIMES)
    copy = pickle.loads(pickle.dumps(dict(state)))  # noqa: S301  pickled a moment ago
    others = ForecastBatch(panel.rows(np.arange(200, 300)), 14, LEVELS, LEAD_TIMES)
    whole = sums(forecaster.forecast(others, copy))
    alone = sums(forecaster.forecast(ForecastBatch(panel.rows(np.array([250])), 14, LEVELS, LEAD_TIMES), state))
    np.testing.assert_allclose(whole[50:51], alone, rtol=1e-6)


def test_weekdays_shape_the_daily_mean() -> None:
    rng = np.random.default_rng(4)
    week = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0])
    demand = rng.poisson(4.0 * week[np.arange(210) % 7], (60, 210)).astype(float)
    result = answer(panel_of(demand), horizon=14)
    profile = result.mean.mean(axis=0)
    np.testing.assert_allclose(profile, 4.0 * week[(210 + np.arange(14)) % 7], rtol=0.12)
    assert result.error_sd.min() > 0


def test_real_shops_are_forecast_better_than_by_the_textbook(real_demand: NDArray[np.float32]) -> None:
    t = real_demand.shape[1]
    rows = np.flatnonzero(np.isfinite(real_demand[:, t - 28 - 120]))[:40]
    demand = real_demand[rows].astype(np.float64)
    past, truth = demand[:, : t - 28], demand[:, t - 28 :].sum(axis=1)[:, None]
    levels = np.array(LEVELS)
    recent = past[:, -56:]
    textbook = 28 * np.nanmean(recent, axis=1)[:, None] + stats.norm.ppf(levels) * np.sqrt(28) * np.nanstd(recent, axis=1, ddof=1)[:, None]
    ours = sums(answer(panel_of(past), lead_times=(28,)))[:, :, 0]
    losses = [np.maximum(levels * (truth - q), (levels - 1) * (truth - q)).sum() for q in (ours, textbook)]
    assert losses[0] < losses[1]
