"""The end-of-life line, the last buy, and what residual value asks for (H62, H63, E4, E16; science.md 3.15)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.lifecycle.end_of_life import (
    RESIDUAL_POLICIES,
    capped_last_replenishment,
    decayed_days,
    decayed_protection_sd,
    decayed_safety_stock,
    end_of_life_line,
    remaining_life_units,
    residual_policy,
    residual_replenishment,
    residual_share,
    safety_decay,
)
from stockhub.formulas.policies.safety_stock import protection_sd, reorder_point

NAN = math.nan


def test_h62_e4_safety_stock_of_300_at_a_decay_of_06_is_180() -> None:
    assert decayed_safety_stock(300.0, 0.6) == pytest.approx(180.0)
    assert decayed_safety_stock(300.0, 1.3) == 300.0, "A decay is at most 1."


def test_h62_e4_the_line_has_the_unit_of_its_parts() -> None:
    """Not 300 + 0.6: the safety part in units, and the decayed demand until the next review's order is there."""
    line = end_of_life_line(300.0, 0.6, daily_mean=10.0, decay=0.9, days=3.0)
    assert line == pytest.approx(180.0 + 10.0 * (0.9 + 0.81 + 0.729))
    assert line != pytest.approx(300.6)


@settings(max_examples=60, deadline=None)
@given(decay=st.floats(0.3, 1.0), days=st.integers(0, 120))
def test_decayed_days_are_the_sum_of_powers(decay: float, days: int) -> None:
    assert decayed_days(decay, float(days)) == pytest.approx(sum(decay**i for i in range(1, days + 1)), rel=1e-9, abs=1e-12)


def test_decayed_days_at_their_edges() -> None:
    assert [decayed_days(decay, 20.0) for decay in (1.0, 1.7)] == [20.0, 20.0], "No decay."
    assert decayed_days(1.0 - 1e-12, 20.0) == pytest.approx(20.0)
    assert decayed_days(0.5, 0.0) == decayed_days(0.0, 5.0) == 0.0
    assert all(math.isnan(decayed_days(*pair)) for pair in ((-0.5, 5.0), (0.5, -1.0), (NAN, 5.0)))
    assert decayed_days(np.array([0.5, 1.0, 0.0]), np.array([2.0, 2.0, 2.0])).tolist()[:2] == pytest.approx([0.75, 2.0])


@settings(max_examples=60, deadline=None)
@given(
    decay=st.floats(0.7, 1.0),
    lead_time=st.integers(0, 40).map(float),
    review=st.integers(0, 14).map(float),
    mean=st.floats(0.1, 200),
    sd=st.floats(0, 100),
    lead_time_sd=st.floats(0, 8),
)
def test_the_line_is_the_reorder_point_of_a_demand_that_decays(
    decay: float, lead_time: float, review: float, mean: float, sd: float, lead_time_sd: float
) -> None:
    days = lead_time + review
    variance = sum((sd * decay**i) ** 2 for i in range(1, int(days) + 1)) + (mean * decay**days * lead_time_sd) ** 2
    deviation = decayed_protection_sd(decay, days, daily_mean=mean, daily_sd=sd, lead_time_sd=lead_time_sd)
    assert deviation == pytest.approx(math.sqrt(variance), rel=1e-6, abs=1e-9)
    part = safety_decay(decay, lead_time=lead_time, review_period=review, daily_mean=mean, daily_sd=sd, lead_time_sd=lead_time_sd)
    assert 0.0 <= part <= 1.0 + 1e-12
    z = 1.645
    safety = z * protection_sd(lead_time, review, mean, sd, lead_time_sd)
    line = end_of_life_line(safety, part, daily_mean=mean, decay=decay, days=days)
    assert line == pytest.approx(z * deviation + mean * decayed_days(decay, days), rel=1e-6, abs=1e-6)
    assert line <= reorder_point(mean, lead_time, review, safety) * (1 + 1e-9) + 1e-9
    if decay == 1.0:
        assert line == pytest.approx(reorder_point(mean, lead_time, review, safety))


def test_where_nothing_deviates_there_is_no_safety_to_cut() -> None:
    assert safety_decay(0.9, lead_time=5.0, review_period=2.0, daily_mean=10.0, daily_sd=0.0, lead_time_sd=0.0) == 1.0


def test_h63_e16_the_policy_goes_by_residual_value_and_buys_no_more_than_the_life_still_takes() -> None:
    shares = [residual_share(value, 100.0) for value in (95.0, 80.0, 60.0, 40.0, 39.0, -5.0)]
    policies = [RESIDUAL_POLICIES[int(residual_policy(share))] for share in shares]
    assert policies == ["replenish_and_promote"] * 2 + ["sell_down"] * 2 + ["clear_and_stop"] * 2
    orders = [residual_replenishment(share, 500.0, position=120.0, remaining_demand=400.0) for share in shares]
    assert orders == [280.0, 280.0, 0.0, 0.0, 0.0, 0.0]


def test_e16_replenishment_is_capped_by_the_demand_of_the_remaining_life() -> None:
    assert capped_last_replenishment(500.0, 120.0, 400.0) == 280.0
    assert capped_last_replenishment(200.0, 120.0, 400.0) == 200.0
    assert capped_last_replenishment(500.0, 600.0, 400.0) == 0.0
    remaining = 20.0 * decayed_days(0.95, 60.0)
    assert remaining == pytest.approx(20.0 * 19.0 * (1 - 0.95**60))
    assert capped_last_replenishment(9e9, 0.0, remaining) == math.floor(remaining)
    assert remaining_life_units(-15.0, 3.5) == 18.0, "Units owed are bought too."


@settings(max_examples=60, deadline=None)
@given(wanted=st.integers(0, 900).map(float), position=st.integers(-50, 900).map(float), remaining=st.floats(0, 900))
def test_e16_a_last_replenishment_never_makes_the_next_dead_stock(wanted: float, position: float, remaining: float) -> None:
    quantity = capped_last_replenishment(wanted, position, remaining)
    assert 0.0 <= quantity <= wanted
    assert quantity == 0.0 or position + quantity <= remaining + 1e-6


def test_a_policy_without_a_cost_is_not_known() -> None:
    assert math.isnan(residual_policy(residual_share(50.0, 0.0)))
