"""Every formula of the forecasting room gives a number, an array and an explanation the same answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.forecasting import (
    averages,
    hierarchy,
    intermittent,
    market_signals,
    monitoring,
    probabilistic_accuracy,
    rolling_origin,
    smoothing,
    tournament,
)
from stockhub.values import Explanation

NAN = math.nan
FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "pinball": (probabilistic_accuracy.pinball, 3),
    "tournament_windows": (rolling_origin.tournament_windows, 1),
    "decision_horizon": (rolling_origin.decision_horizon, 2),
    "weighted_average": (lambda *newest: averages.weighted_average(newest), 3),
    "smoothed_level": (smoothing.smoothed_level, 3),
    "croston_rate": (intermittent.croston_rate, 2),
    "sba_rate": (intermittent.sba_rate, 2),
    "exceeds_by": (tournament.exceeds_by, 2),
    "champion_decision": (tournament.champion_decision, 6),
    "tracking_signal": (monitoring.tracking_signal, 2),
    "forecast_lean": (monitoring.forecast_lean, 2),
    "signal_in_force": (market_signals.signal_in_force, 3),
    "signal_factor": (market_signals.signal_factor, 4),
    "adjusted_forecast": (lambda forecast, *factors: market_signals.adjusted_forecast(forecast, factors), 3),
    "signal_effect": (market_signals.signal_effect, 2),
    "total_mean": (lambda *means: hierarchy.total_mean(means), 3),
    "total_sd": (lambda *sds: hierarchy.total_sd(sds), 3),
}
numbers = st.one_of(
    st.just(0.0), st.just(1.0), st.just(NAN), st.integers(-5, 60).map(float), st.floats(-1e3, 1e4).map(lambda x: round(x, 6))
)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * arguments), min_size=2, max_size=3))
    one_by_one = [formula(*row) for row in rows]
    at_once = formula(*[np.array(column) for column in zip(*rows, strict=True)])
    told = [formula(*[Explanation.input(f"x{i}", value) for i, value in enumerate(row)]) for row in rows]
    assert all(type(number) is float for number in one_by_one)
    assert all((tree.name, tree.unit is not None) == (name, True) for tree in told)
    np.testing.assert_allclose(at_once, one_by_one, rtol=1e-11, atol=1e-9)
    np.testing.assert_allclose([NAN if tree.value is None else tree.value for tree in told], one_by_one, rtol=1e-11, atol=1e-9)
    assert [tree.evaluate() for tree in told] == [tree.value for tree in told]
