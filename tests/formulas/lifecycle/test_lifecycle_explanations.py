"""Numbers, arrays and explanations of the life-cycle formulas agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.lifecycle import bass, chance, end_of_life, hysteresis, stage, stage_policy
from tests.formulas.agreement import assert_forms_agree

Formula = Callable[..., Any]


def by_position(formula: Formula, *names: str) -> Formula:
    """The formula with its keyword-only arguments, by these names, after the others."""

    def called(*values: object) -> object:
        first = len(values) - len(names)
        return formula(*values[:first], **dict(zip(names, values[first:], strict=True)))

    called.__name__ = formula.__name__
    return called


#: Every formula, with its number of arguments.
FORMULAS: dict[Formula, int] = {
    by_position(stage.lifecycle_stage, "weeks_since_peak", "share_of_peak_4", "share_of_peak_8", "slope", "slope_p_value", "off_season"): 8,
    by_position(stage_policy.stage_order_quantity, "small_batch", "sellable", "last_buy"): 5,
    by_position(end_of_life.end_of_life_line, "daily_mean", "decay", "days"): 5,
    by_position(end_of_life.safety_decay, "lead_time", "review_period", "daily_mean", "daily_sd", "lead_time_sd"): 6,
    by_position(end_of_life.residual_replenishment, "position", "remaining_demand"): 4,
    end_of_life.decayed_days: 2,
    by_position(chance.confirmed_stage, "slope", "slope_p_value"): 4,
    hysteresis.settled_stage: 4,
    hysteresis.stage_in_force: 3,
    stage_policy.stage_service_level: 2,
    stage_policy.capped_growth_forecast: 2,
    bass.bass_sales: 4,
    bass.bass_peak_time: 2,
    bass.bass_peak_rate: 3,
    bass.bass_remaining_units: 4,
}
#: Nothing but 0 below a millionth of a millionth: what such a number divides no longer fits into a float, and no life cycle has one.
numbers = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 0.5, 0.05, math.nan]), st.integers(-2, 80).map(float), st.floats(1e-12, 1), st.floats(1e-12, 60)
)


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(formula: Callable[..., Any], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[formula]), min_size=2, max_size=3))
    assert_forms_agree(formula, rows, rtol=1e-9, atol=1e-12)
