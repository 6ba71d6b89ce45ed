"""When a rung is left, and for which (H35, H46)."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance import rung_progress as rp
from stockhub.values import Explanation


def test_h35_a_probe_below_its_target_proposes_the_next_step() -> None:
    uplift = rp.sales_uplift(60.0, 50.0)
    assert uplift == pytest.approx(0.2)
    assert rp.next_pay_ratio(uplift, 0.5, 0.8, 0.7, 0.3) == 0.7
    assert rp.next_pay_ratio(0.5, 0.5, 0.8, 0.7, 0.3) == 0.8
    told = rp.next_pay_ratio(*(Explanation.input(name, value) for name, value in zip("utanf", (0.2, 0.5, 0.8, 0.7, 0.3), strict=True)))
    assert told.evaluate() == told.value == 0.7


def test_an_adaptive_ladder_goes_as_deep_as_the_probe_shows() -> None:
    shown = rp.implied_elasticity(0.2, 0.8)
    assert shown == pytest.approx(math.log(1.2) / math.log(0.8))
    needed = rp.pay_ratio_for_uplift(0.5, shown)
    assert needed**shown == pytest.approx(1.5)
    assert rp.adapted_pay_ratio(0.2, 0.5, 0.8, 0.7, 0.3) == pytest.approx(needed)
    assert rp.adapted_pay_ratio(0.45, 0.5, 0.8, 0.7, 0.3) == 0.7  # nearly there: the ladder's next is enough
    assert rp.adapted_pay_ratio(0.01, 0.5, 0.8, 0.7, 0.3) == 0.3
    assert rp.adapted_pay_ratio(0.009, 0.5, 0.8, 0.7, 0.3) == 0.7  # noise
    assert rp.adapted_pay_ratio(-0.1, 0.5, 0.8, 0.7, 0.3) == 0.7
    assert rp.adapted_pay_ratio(0.6, 0.5, 0.8, 0.7, 0.3) == 0.8
    assert math.isnan(rp.pay_ratio_for_uplift(0.5, 0.2))
    assert math.isnan(rp.implied_elasticity(0.2, 1.0))


@settings(max_examples=60, deadline=None)
@given(uplift=st.floats(-0.9, 3), target=st.floats(0, 2))
def test_the_next_step_never_rises_and_never_goes_below_the_deepest(uplift: float, target: float) -> None:
    for decide in (rp.next_pay_ratio, rp.adapted_pay_ratio):
        assert 0.3 <= decide(uplift, target, 0.8, 0.7, 0.3) <= 0.8


def test_h46_the_last_72_hours_are_flagged() -> None:
    end = datetime(2026, 11, 30, tzinfo=UTC)
    flags = [rp.in_last_hours(rp.hours_until(end - timedelta(hours=h), end)) for h in (72.01, 72.0, 0.5, 0.0, -1.0)]
    assert flags == [0.0, 1.0, 1.0, 0.0, 0.0]
    assert rp.countdown(end - timedelta(hours=5), end) == timedelta(hours=5)
    assert rp.countdown(end + timedelta(hours=5), end) == timedelta()


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ({}, "advance"),  # the dwell is over and the target missed: early
        ({"uplift": 0.5}, "stay"),
        ({"hours_on_rung": 100.0}, "stay"),
        ({"hours_on_rung": 100.0, "uplift": math.nan}, "stay"),
        ({"rungs_left": 0.0}, "stay"),
        ({"hours_left": 0.0, "uplift": 0.9}, "advance"),
        ({"hours_left": -1.0, "rungs_left": 0.0}, "ended"),
        ({"stock": 0.0}, "sold_out"),
        ({"stock": 0.0, "uplift": math.nan, "hours_left": -5.0}, "sold_out"),
    ],
)
def test_a_rung_is_left_early_when_it_is_too_weak_and_never_before_its_dwell(changes: dict[str, float], decision: str) -> None:
    state = {
        "stock": 40.0,
        "uplift": 0.2,
        "target_uplift": 0.5,
        "hours_on_rung": 170.0,
        "hours_left": 60.0,
        "least_dwell_hours": 168.0,
        "rungs_left": 2.0,
    } | changes
    assert rp.RUNG_DECISIONS[int(rp.rung_decision(**state))] == decision
    told = rp.rung_decision(**{name: Explanation.input(name, value) for name, value in state.items()})
    assert told.value is not None
    assert told.evaluate() == told.value
    assert rp.RUNG_DECISIONS[int(told.value)] == decision


def test_without_sales_before_there_is_no_uplift_and_no_early_advance() -> None:
    assert math.isnan(rp.sales_uplift(5.0, 0.0))
    assert rp.sales_uplift(14.0, 30.0, 7.0, 30.0) == pytest.approx(1.0)
    unknown = rp.rung_decision(
        stock=4.0, uplift=math.nan, target_uplift=0.5, hours_on_rung=200.0, hours_left=60.0, least_dwell_hours=168.0, rungs_left=1.0
    )
    assert math.isnan(unknown)


def test_sales_needed_by_the_deadline() -> None:
    assert rp.sales_needed(620.0, 31.0) == 20.0
    assert rp.sales_needed(0.0, 0.0) == 0.0
    assert math.isnan(rp.sales_needed(5.0, 0.0))
    assert (rp.behind_plan(9.0, 10.0), rp.behind_plan(10.0, 10.0)) == (1.0, 0.0)
