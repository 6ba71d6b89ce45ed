"""A live campaign's pace and its throttle (D18, D19)."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.campaigns.pace import (
    boost_due,
    demand_multiplier,
    demand_multiplier_left,
    line_before_end,
    minutes_to_line,
    pace_ratio,
    price_multiplier,
    sale_is_over,
    smoothed_rate,
    target_rate,
    throttled_coupon,
    throttled_price,
)
from stockhub.formulas.campaigns.throttle import THROTTLE_LEVELS, ThrottleRules, ThrottleState, throttle_levels, throttle_step
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Explanation


def test_d18_the_line_is_50_minutes_away_and_60_are_left() -> None:
    assert minutes_to_line(500.0, 100.0, 8.0) == 50.0
    assert line_before_end(500.0, 100.0, 8.0, 60.0) == 1.0
    assert line_before_end(500.0, 100.0, 8.0, 50.0) == 0.0
    assert line_before_end(500.0, 100.0, 0.0, 60.0) == 0.0
    assert line_before_end(90.0, 100.0, 0.0, 60.0) == 1.0
    assert minutes_to_line(90.0, 100.0, 8.0) == 0.0
    assert math.isnan(minutes_to_line(500.0, 100.0, 0.0))


def test_d19_the_price_that_makes_stock_last_and_back_again() -> None:
    target = target_rate(500.0, 100.0, 60.0)
    assert target == pytest.approx(6.67, abs=0.005)
    demand = demand_multiplier(8.0, target)
    multiplier = price_multiplier(demand, -1.5)
    assert multiplier == pytest.approx(1.129, abs=0.0005)
    assert throttled_price(79.0, multiplier, 99.0) == pytest.approx(89.21, abs=0.01)
    assert throttled_price(79.0, 1.0, 99.0) == 79.0
    assert throttled_coupon(99.0, 20.0, 1.0) == 20.0


def test_d19_no_price_rises_above_the_promised_one_so_coupons_go_first() -> None:
    assert throttled_price(79.0, 1.5, 80.0) == 80.0
    assert throttled_price(79.0, 1.5, 79.0) == 79.0
    assert throttled_price(79.0, 1.5, 70.0) == 79.0
    assert [throttled_coupon(99.0, 20.0, m) for m in (1.1, 2.0)] == pytest.approx([99 - 79 * 1.1, 0.0])
    left = demand_multiplier_left(0.5, 79.0, 99.0, -1.5)
    assert left == pytest.approx(0.5 / (99 / 79) ** -1.5)
    assert left * (99 / 79) ** -1.5 == pytest.approx(0.5)
    assert demand_multiplier_left(0.9, 79.0, 99.0, -1.5) == 1.0


def test_the_end_of_stock_time_or_sales_has_defined_answers() -> None:
    assert [sale_is_over(stock, 50.0) for stock in (51.0, 50.0, 0.0)] == [0.0, 1.0, 1.0]
    assert target_rate(40.0, 50.0, 30.0) == 0.0
    assert math.isnan(target_rate(500.0, 50.0, 0.0))
    assert math.isnan(pace_ratio(10.0, 0.0))
    assert demand_multiplier(10.0, 0.0) == 0.0
    assert math.isnan(price_multiplier(0.0, -1.5))
    assert [math.isnan(price_multiplier(0.5, e)) for e in (0.0, 1.0)] == [True, True]
    assert (demand_multiplier(0.0, 7.0), price_multiplier(1.0, -2.0)) == (1.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(rate=st.floats(0.1, 100), target=st.floats(0.1, 100), elasticity=st.floats(-5, -0.3))
def test_d19_the_price_brings_the_pace_down_to_the_target_and_never_falls(rate: float, target: float, elasticity: float) -> None:
    multiplier = price_multiplier(demand_multiplier(rate, target), elasticity)
    assert multiplier >= 1.0
    assert rate * multiplier**elasticity == pytest.approx(min(rate, target))


def test_a_slow_campaign_is_pushed_in_its_second_half() -> None:
    assert [boost_due(pace, over) for pace, over in ((0.59, 0.51), (0.6, 0.51), (0.59, 0.5))] == [1.0, 0.0, 0.0]


def test_a_rate_halves_its_memory_in_three_minutes() -> None:
    rates = smoothed_rate(np.array([8.0, 0.0, 0.0, 0.0]))
    weights = 0.5 ** (np.arange(4) / 3)
    assert rates.tolist() == pytest.approx((8.0 * weights / np.cumsum(weights)).tolist())
    assert smoothed_rate(np.full((2, 5), 7.0)) == pytest.approx(np.full((2, 5), 7.0))
    gaps = smoothed_rate(np.array([np.nan, 4.0, np.nan, 4.0]))
    assert np.isnan(gaps[0])
    assert gaps[1:].tolist() == pytest.approx([4.0, 4.0, 4.0])
    assert smoothed_rate(np.zeros((3, 0))).shape == (3, 0)
    with pytest.raises(InvalidParameterError, match="half_life is 0"):
        smoothed_rate(np.ones(3), 0.0)


# --- The state machine ---------------------------------------------------------------------------------------------------


class PlainThrottle:
    """The machine as the suite's conventions tell it, tick by tick: what the arrays have to agree with."""

    def __init__(self) -> None:
        self.level = self.up = self.down = self.since = 0

    def tick(self, pace: float, stock: float, reserve: float) -> int:
        before = self.level
        self.since += 1
        if stock <= reserve:
            self.level, self.up, self.down = 4, 0, 0
        elif self.level == 4:
            self.level, self.up, self.down = 3, 0, 0
        else:
            self.up = self.up + 1 if self.level < 3 and pace > (1.15, 1.5, 2.0)[self.level] else 0
            self.down = self.down + 1 if self.level and pace < (math.nan, 0.95, 1.2, 1.6)[self.level] else 0
            if self.up == 2:
                self.level, self.up, self.down = self.level + 1, 0, 0
            elif self.down >= 3 and self.since >= 5:
                self.level, self.up, self.down = self.level - 1, 0, 0
        if self.level != before:
            self.since = 0
        return self.level


ticks = st.lists(
    st.tuples(st.sampled_from([0.5, 0.95, 1.0, 1.15, 1.16, 1.2, 1.55, 1.6, 1.8, 2.1]), st.sampled_from([200.0] * 9 + [50.0])), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(course=ticks)
def test_d18_d19_the_machine_is_the_one_of_the_conventions(course: list[tuple[float, float]]) -> None:
    pace, stock = (np.array([tick[side] for tick in course]) for side in (0, 1))
    plain = PlainThrottle()
    assert throttle_levels(pace, stock, 100.0).tolist() == [plain.tick(*tick, 100.0) for tick in course]


@settings(max_examples=60, deadline=None)
@given(course=ticks)
def test_d19_the_throttle_skips_no_level_upward_but_the_last_and_keeps_its_dwell(course: list[tuple[float, float]]) -> None:
    pace, stock = (np.array([tick[side] for tick in course]) for side in (0, 1))
    levels = [0.0, *throttle_levels(pace, stock, 100.0).tolist()]
    changed_at = -100
    for minute, (before, after) in enumerate(pairwise(levels)):
        assert after in (before, before + 1, before - 1, 4.0)
        if after < before < 4.0:
            assert minute - changed_at >= 5
        if after != before:
            changed_at = minute


def test_many_campaigns_at_once_are_each_alone() -> None:
    rng = np.random.default_rng(3)
    pace, stock = rng.uniform(0.4, 2.6, (12, 60)), rng.choice([200.0, 200.0, 200.0, 90.0], (12, 60))
    reserve = rng.choice([80.0, 100.0], 12)
    together = throttle_levels(pace, stock, reserve)
    assert together.tolist() == [throttle_levels(p, s, r).tolist() for p, s, r in zip(pace, stock, reserve, strict=True)]
    assert set(np.unique(together)) == {0.0, 1.0, 2.0, 3.0, 4.0}
    assert len(THROTTLE_LEVELS) == 5


def test_a_minute_without_data_changes_nothing() -> None:
    pace = np.array([1.3, np.nan, 1.3, 1.3, np.nan, np.nan, np.nan])
    stock = np.array([200.0, np.nan, 200.0, 50.0, np.nan, np.nan, 200.0])
    assert throttle_levels(pace, stock, 100.0).tolist() == [0.0, 0.0, 0.0, 4.0, 4.0, 4.0, 3.0]
    assert throttle_levels(np.array([1.3, 1.3]), np.array([np.nan, np.nan]), 100.0).tolist() == [0.0, 1.0]
    assert throttle_levels(np.zeros((2, 0)), np.zeros((2, 0)), 1.0).shape == (2, 0)
    with pytest.raises(InvalidParameterError, match="stock"):
        throttle_levels(np.zeros(3), np.zeros(2), 1.0)


def test_the_decision_of_a_tick_explains_itself() -> None:
    given_values = {"level": 1.0, "above": 1.0, "below": 0.0, "since": 1.0, "pace": 1.7, "stock": 300.0, "reserve": 50.0}
    inputs = {name: Explanation.input(name, value) for name, value in given_values.items()}
    state = ThrottleState(*(inputs[name] for name in ("level", "above", "below", "since")))
    tree = throttle_step(state, inputs["pace"], inputs["stock"], inputs["reserve"]).level
    assert (tree.value, tree.evaluate(), tree.name, tree.unit) == (2.0, 2.0, "throttle_level", "level")
    assert tree.fill(given_values | {"stock": 50.0}).value == 4.0
    assert tree.fill(given_values | {"pace": 1.4}).value == 1.0


def test_rules_that_would_flap_are_refused() -> None:
    for rules in ({"leave": (1.2, 1.3, 1.6)}, {"enter": (1.5, 1.2, 2.0)}, {"ticks_up": 0}, {"dwell_ticks": -1}):
        with pytest.raises(InvalidParameterError):
            ThrottleRules(**rules)
