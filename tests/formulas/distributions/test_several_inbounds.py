"""Any stock-out within a horizon with arrivals in between, against an exact walk over all demands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stockhub.formulas.distributions.families import GAMMA, LOGNORMAL, NEGATIVE_BINOMIAL, NORMAL, POISSON
from stockhub.formulas.distributions.several_inbounds import Checkpoints, DailyDemand, checkpoints, p_any_stockout
from stockhub.formulas.errors import InvalidParameterError

inbound_lists = st.lists(st.tuples(st.integers(0, 2), st.integers(-2, 12), st.integers(1, 20)), max_size=8)


def build(available: list[float], horizon: list[float], inbound: list[tuple[int, int, int]]) -> Checkpoints:
    columns = np.array(inbound, dtype=np.float64).reshape(-1, 3)
    return checkpoints(np.array(available), np.array(horizon), columns[:, 0].astype(np.int64), columns[:, 1], columns[:, 2])


def demand(count: int, family: float, mean: float, variance: float) -> DailyDemand:
    return DailyDemand(np.full(count, family), np.full(count, mean), np.full(count, variance))


@settings(max_examples=60, deadline=None)
@given(inbound=inbound_lists, available=st.lists(st.integers(-5, 30).map(float), min_size=3, max_size=3))
def test_checkpoints_lie_just_before_each_arrival_and_at_the_end(inbound: list[tuple[int, int, int]], available: list[float]) -> None:
    expected = []
    for sku in range(3):
        days = sorted({float(day) for of, day, _ in inbound if of == sku and 0 < day < 10} | {10.0})
        landed = {end: sum(units for of, day, units in inbound if of == sku and (day < end or day <= 0)) for end in days}
        expected += [(sku, end, available[sku] + landed[end]) for end in days]
    points = build(available, [10.0] * 3, inbound)
    assert list(zip(points.row.tolist(), points.elapsed.tolist(), points.available.tolist(), strict=True)) == expected


def exact(points: Checkpoints, family: float, mean: float, variance: float) -> float:
    """The chance by the distribution of demand on paths that are still safe, checkpoint by checkpoint."""
    safe, before = np.zeros(int(points.available.max())), 0.0
    safe[0] = 1.0
    for end, available in zip(points.elapsed, points.available, strict=True):
        days, before = end - before, end
        units = np.arange(len(safe))
        if family == POISSON:
            chances = stats.poisson.pmf(units, mean * days)
        else:
            chances = stats.nbinom.pmf(units, mean**2 * days / (variance - mean), mean / variance)
        safe = np.convolve(safe, chances)[: len(safe)]
        safe[int(available) :] = 0.0
    return float(1 - safe.sum())


@pytest.mark.parametrize(("family", "variance"), [(POISSON, 3.0), (NEGATIVE_BINOMIAL, 9.0)])
def test_simulated_chances_are_those_of_an_exact_walk(family: float, variance: float) -> None:
    points = build([30.0] * 200, [30.0] * 200, [(sku, day, 25) for sku in range(200) for day in (8, 16, 24)])
    result = p_any_stockout(points, demand(200, family, 3.0, variance), np.arange(200), seed=5)
    truth = exact(Checkpoints(points.row[:4], points.elapsed[:4], points.available[:4]), family, 3.0, variance)
    assert result.at_least[0] < truth < result.at_most[0]
    assert (result.standard_error > 0).all()
    # The mean of 200 independent simulations, within four of its standard errors.
    assert abs(result.probability.mean() - truth) < 4 * result.standard_error.mean() / np.sqrt(200)
    assert result.probability.std() == pytest.approx(result.standard_error.mean(), rel=0.25)


def test_one_checkpoint_is_exact_and_nothing_is_drawn() -> None:
    points = build([30.0], [8.0], [])
    result = p_any_stockout(points, demand(1, POISSON, 3.0, 3.0), np.arange(1), seed=5)
    assert result.probability[0] == pytest.approx(float(stats.poisson.sf(29, 24.0)), rel=1e-12)
    assert result.standard_error.tolist() == [0.0]
    assert result.at_least[0] == pytest.approx(result.at_most[0], rel=1e-12)


def test_a_sku_s_answer_does_not_depend_on_the_others() -> None:
    inbound = [(sku, day, 25) for sku in range(3) for day in (8, 16)]
    three = p_any_stockout(build([30.0] * 3, [24.0] * 3, inbound), demand(3, NEGATIVE_BINOMIAL, 3.0, 9.0), np.array([7, 8, 9]), seed=1)
    alone = build([30.0], [24.0], [(0, 8, 25), (0, 16, 25)])
    one = p_any_stockout(alone, demand(1, NEGATIVE_BINOMIAL, 3.0, 9.0), np.array([9]), seed=1)
    assert one.probability[0] == three.probability[2]
    other = p_any_stockout(alone, demand(1, NEGATIVE_BINOMIAL, 3.0, 9.0), np.array([9]), seed=2)
    assert one.probability[0] != other.probability[0]


@pytest.mark.parametrize("family", [NORMAL, GAMMA])
def test_continuous_families_stay_within_their_bounds(family: float) -> None:
    points = build([30.0], [24.0], [(0, 8, 25), (0, 16, 25)])
    result = p_any_stockout(points, demand(1, family, 3.0, 9.0), np.array([1]), seed=3)
    assert result.at_least[0] <= result.probability[0] <= result.at_most[0]
    assert result.standard_error[0] > 0


def test_dark_already_no_demand_and_no_time() -> None:
    points = build([0.0, 5.0, 5.0], [10.0, 10.0, 0.0], [(0, 3, 5), (1, 3, 5)])
    daily = DailyDemand(np.full(3, POISSON), np.array([2.0, 0.0, 2.0]), np.array([2.0, 0.0, 2.0]))
    result = p_any_stockout(points, daily, np.arange(3), seed=3)
    assert result.probability.tolist() == [1.0, 0.0, 0.0]
    assert result.standard_error.tolist() == [0.0, 0.0, 0.0]


def test_days_that_do_not_add_up_and_unknown_demand_are_missing() -> None:
    points = build([30.0, 30.0], [24.0, 24.0], [(0, 8, 25)])
    daily = DailyDemand(np.array([LOGNORMAL, POISSON]), np.array([3.0, np.nan]), np.array([9.0, np.nan]))
    result = p_any_stockout(points, daily, np.arange(2), seed=3)
    assert np.isnan(result.probability).all()
    assert np.isnan(result.standard_error).all()


def test_no_skus_and_too_few_paths() -> None:
    nothing = p_any_stockout(build([], [], []), demand(0, POISSON, 1.0, 1.0), np.arange(0), seed=3)
    assert nothing.probability.shape == (0,)
    with pytest.raises(InvalidParameterError, match="at least 2000"):
        p_any_stockout(build([1.0], [1.0], []), demand(1, POISSON, 1.0, 1.0), np.arange(1), seed=3, paths=100)
