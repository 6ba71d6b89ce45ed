"""Trees beside the pooled quantiles: they help where there is much to learn from, and are silent elsewhere."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec

import numpy as np
import pytest
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Panel, State
from stockhub_forecasters.lead_time.boosted import LEVELS
from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand
from stockhub_forecasters.lead_time.full import BoostedLeadTimeDemand

#: Looked for and not imported: every process of a run would wait two seconds for it, and one uses it.
pytestmark = pytest.mark.skipif(find_spec("lightgbm") is None, reason="lightgbm is absent")

LEAD_TIMES = (7, 14)


def panel_of(demand: NDArray[np.floating], ids: NDArray[np.int64] | None = None) -> Panel:
    values = demand.astype(np.float32)
    return Panel(np.arange(len(values)) if ids is None else ids, date(2025, 1, 6), values, np.ones(values.shape, np.bool_))


def sums(
    forecaster: LeadTimeDemand,
    panel: Panel,
    levels: tuple[float, ...] = LEVELS,
    lead_times: tuple[int, ...] = LEAD_TIMES,
    state: State | None = None,
) -> NDArray[np.float32]:
    """What it says by `state`, or by what it learns of the panel."""
    learned = forecaster.fit_for(panel, lead_times) if state is None else state
    result = forecaster.forecast(ForecastBatch(panel, 14, levels, lead_times), learned)
    assert result.lead_time_quantiles is not None
    return result.lead_time_quantiles


@pytest.fixture(scope="module")
def bursts() -> NDArray[np.float64]:
    """Two kinds of series with one mean: some sell evenly, some in a burst that follows three silent weeks. (200, 364)"""
    rng = np.random.default_rng(5)
    calm = rng.poisson(2.0, (100, 364)).astype(np.float64)
    wild = np.zeros((100, 364))
    for row, phase in enumerate(rng.integers(0, 28, 100)):
        wild[row] = np.where((np.arange(364) + phase) % 28 >= 21, 8.0, 0.0)
    return np.concatenate([calm, rng.poisson(wild)])


@pytest.fixture(scope="module")
def trees(bursts: NDArray[np.float64]) -> State:
    """What is learned of all but the last weeks, which takes seconds."""
    return BoostedLeadTimeDemand().fit_for(panel_of(bursts[:, :336]), LEAD_TIMES)


def loss(quantiles: NDArray[np.float32], truth: NDArray[np.float64]) -> float:
    gap = truth[:, None] - quantiles
    levels = np.array(LEVELS)
    return float(np.maximum(levels * gap, (levels - 1.0) * gap).sum())


def test_trees_find_what_acts_together(bursts: NDArray[np.float64], trees: State) -> None:
    panel, truth = panel_of(bursts[:, :336]), bursts[:, 336:343].sum(axis=1)
    pooled, mixed = sums(LeadTimeDemand(), panel), sums(BoostedLeadTimeDemand(), panel, state=trees)
    assert loss(mixed[:, :, 0], truth) < 0.85 * loss(pooled[:, :, 0], truth)


def test_other_levels_lie_between_those_that_have_a_model(bursts: NDArray[np.float64], trees: State) -> None:
    panel = panel_of(bursts[:, :336])
    found = sums(BoostedLeadTimeDemand(), panel, (0.1, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.995), state=trees)
    np.testing.assert_allclose(found[:, [1, 3, 4, 5, 6]], sums(BoostedLeadTimeDemand(), panel, state=trees), rtol=1e-5, atol=1e-4)
    assert (np.diff(found, axis=1) >= 0.0).all()


def test_the_order_of_the_series_changes_nothing(bursts: NDArray[np.float64], trees: State) -> None:
    order = np.random.default_rng(1).permutation(len(bursts))
    straight = sums(BoostedLeadTimeDemand(), panel_of(bursts[:, :336]), state=trees)
    np.testing.assert_array_equal(sums(BoostedLeadTimeDemand(), panel_of(bursts[order, :336], order)), straight[order])


def test_with_fewer_than_three_lead_times_behind_trees_have_no_say() -> None:
    demand = np.random.default_rng(2).poisson(3.0, (40, 60)).astype(np.float64)
    panel = panel_of(demand)
    state = BoostedLeadTimeDemand().fit_for(panel, (28,))
    assert not [name for name in state if name.startswith("boosted")]
    pooled, mixed = (sums(each, panel, lead_times=(28,)) for each in (LeadTimeDemand(), BoostedLeadTimeDemand()))
    np.testing.assert_array_equal(mixed, pooled)
