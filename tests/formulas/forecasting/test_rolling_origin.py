"""Where a backtest cuts history, and that nothing leaks over the cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.demand.classification import demand_pattern
from stockhub.formulas.demand.outliers import winsorised
from stockhub.formulas.demand.trend import theil_sen_slope
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.forecasting.accuracy import mean_absolute_scaled_error
from stockhub.formulas.forecasting.averages import moving_average
from stockhub.formulas.forecasting.intermittent import sba, tsb
from stockhub.formulas.forecasting.rolling_origin import (
    decision_horizon,
    possible_windows,
    rolling_origin,
    tournament_windows,
)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 200), horizon=st.integers(1, 30), step=st.integers(1, 30), windows=st.integers(1, 6))
def test_windows_end_at_the_last_observation_and_step_evenly(n: int, horizon: int, step: int, windows: int) -> None:
    possible = possible_windows(float(n), float(horizon), float(step), 1.0)
    if windows > possible:
        with pytest.raises(InvalidParameterError, match=f"at most {int(possible)} for"):
            rolling_origin(n, horizon, windows, step)
        return
    cut = rolling_origin(n, horizon, windows, step)
    assert len(cut) == windows
    assert cut[-1].valid_end == n - 1
    assert all(w.valid_start == w.cutoff + 1 and w.valid_end == w.cutoff + horizon and w.cutoff >= 0 for w in cut)
    assert all(later.cutoff - earlier.cutoff == step for earlier, later in pairwise(cut))


def test_a_step_is_a_horizon_by_default() -> None:
    assert [window.cutoff for window in rolling_origin(30, 5)] == [9, 14, 19, 24]


@pytest.mark.parametrize(("horizon", "windows", "step"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_numbers_below_one_are_refused(horizon: int, windows: int, step: int) -> None:
    with pytest.raises(InvalidParameterError):
        rolling_origin(10, horizon, windows, step)


def test_a_tournament_has_four_windows_or_two_or_none() -> None:
    assert [tournament_windows(float(n)) for n in (9, 4, 3, 2, 1, 0)] == [4.0, 4.0, 2.0, 2.0, 0.0, 0.0]
    assert decision_horizon(14.2, 7.0) == 22.0
    assert decision_horizon(0.0, 0.0) == 0.0


def statistics(train: FloatArray, valid: FloatArray) -> list[FloatArray]:
    """What is learned at a cutoff, and the scale of an error made after it; `valid` is the same days in both calls."""
    pattern = demand_pattern(train)
    level = moving_average(winsorised(train), 28)
    scaled = mean_absolute_scaled_error(valid, np.repeat(level[:, None], valid.shape[1], axis=1), train, 7)
    return [pattern.mean_size, pattern.sd_size, theil_sen_slope(train), sba(train), tsb(train, 0.1, 0.1), level, scaled]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), horizon=st.integers(1, 6))
def test_shuffling_everything_after_a_cutoff_changes_nothing_that_was_learned_at_it(seed: int, horizon: int) -> None:
    rng = np.random.default_rng(seed)
    series = rng.poisson(2.0, (3, 50)).astype(np.float64)
    for window in rolling_origin(50, horizon, windows=2):
        after = window.cutoff + 1
        order = np.append(np.arange(after), after + rng.permutation(50 - after))
        _, valid = window.split(series)
        # In one layout, because numpy adds in the order of memory.
        shuffled = np.ascontiguousarray(series[:, order])
        ours, theirs = (statistics(window.split(version)[0], valid) for version in (series, shuffled))
        for learned, again in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(learned, again)
