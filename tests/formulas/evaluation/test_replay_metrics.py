"""Service, stock and money of a replay, and policies at equal service."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.evaluation.replay import Replay, replay
from stockhub.formulas.evaluation.replay_metrics import (
    cost_against_anchor,
    cost_at_fill_rate,
    efficient_frontier,
    replay_cost,
    replay_cycle_service,
    replay_fill_rate,
    replay_mean_on_hand,
    replay_stock_cost,
    replay_sums,
)
from stockhub.formulas.evaluation.replay_policies import base_stock_policy, min_max_policy
from stockhub.values import Explanation

points = st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.integers(1, 50).map(float)), max_size=12)


def _run() -> Replay:
    """On hand 2, 0, 4, 2 at the end of the days, two units lost on the second."""
    return replay([4.0, 4.0, 4.0, 4.0], base_stock_policy(10.0), lead_time=2, on_hand=6.0)


def test_sums_of_a_replay() -> None:
    sums = replay_sums(_run())
    assert [float(number[0]) for number in sums] == [4.0, 16.0, 14.0, 2.0, 1.0, 0.0, 8.0, 0.0, 18.0, 4.0]
    assert replay_fill_rate(sums.served, sums.demand).tolist() == [0.875]
    assert replay_mean_on_hand(sums.on_hand_days, sums.days).tolist() == [2.0]


def test_the_warm_up_and_days_that_are_not_known_do_not_count() -> None:
    late = replay_sums(_run(), warm_up_days=2)
    assert (late.days.tolist(), late.demand.tolist(), late.unmet.tolist(), late.stockout_days.tolist()) == ([2.0], [8.0], [0.0], [0.0])
    gap = replay([[4.0, np.nan, 4.0]] * 2, base_stock_policy(0.0), lead_time=1, on_hand=6.0)
    assert replay_sums(gap).days.tolist() == [2.0, 2.0]
    assert replay_sums(gap, warm_up_days=[0, 2]).demand.tolist() == [8.0, 4.0]
    assert np.isnan(replay_fill_rate(*(np.zeros(1),) * 2)).all()


def test_cycle_service_counts_cycles_that_a_receipt_ended() -> None:
    """Receipts on days 2 and 3: the first cycle lost two units, the second nothing, the third is unfinished."""
    assert replay_cycle_service(_run()).tolist() == [0.5]
    assert replay_cycle_service(_run(), warm_up_days=2).tolist() == [1.0]
    assert np.isnan(replay_cycle_service(replay([[4.0, 4.0]], base_stock_policy(0.0), lead_time=1, on_hand=6.0))).all()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), low=st.floats(0, 40), lot=st.floats(1, 60), waits=st.booleans())
def test_service_is_a_share_and_served_and_unmet_are_all_demand(seed: int, low: float, lot: float, *, waits: bool) -> None:
    demand = np.random.default_rng(seed).poisson(4.0, (3, 25)).astype(float)
    run = replay(demand, min_max_policy(low, low + lot), lead_time=3, on_hand=10.0, unmet_waits=waits)
    sums = replay_sums(run)
    for share in (replay_fill_rate(sums.served, sums.demand), replay_cycle_service(run)):
        assert (np.isnan(share) | ((share >= 0) & (share <= 1))).all()
    np.testing.assert_allclose(sums.served + sums.unmet, sums.demand)
    assert (sums.stockout_days <= sums.days).all()


def test_the_cost_of_a_replay_explains_itself() -> None:
    sums = {name: float(number[0]) for name, number in replay_sums(_run())._asdict().items()}
    told = {name: Explanation.input(name, number) for name, number in sums.items()}

    tree = replay_cost(
        stock_cost=replay_stock_cost(
            orders=told["orders"],
            on_hand_days=told["on_hand_days"],
            waiting_days=told["waiting_days"],
            fixed_cost=5.0,
            holding_cost_a_day=0.25,
        ),
        ordered=told["ordered"],
        unmet=told["unmet"],
        unit_cost=3.0,
        lost_margin=2.0,
        fees=told["unmet"] * 0.0 + 1.5,
    )
    assert tree.value == tree.evaluate() == 4 * 5.0 + 8 * 0.25 + 18 * 3.0 + 2 * 2.0 + 1.5
    assert "replay_stock_cost" in {node.name for node in tree.walk()}


def test_the_frontier_leaves_out_what_another_point_beats() -> None:
    frontier = efficient_frontier([0.90, 0.95, 0.93, 0.95, np.nan, 0.99], [10.0, 14.0, 15.0, 13.0, 1.0, 30.0])
    assert frontier.fill_rates.tolist() == [0.90, 0.95, 0.99]
    assert frontier.costs.tolist() == [10.0, 13.0, 30.0]


@settings(max_examples=60, deadline=None)
@given(points=points)
def test_every_point_is_on_the_frontier_or_beaten_by_it(points: list[tuple[float, float]]) -> None:
    frontier = efficient_frontier([fill for fill, _ in points], [cost for _, cost in points])
    ends = list(zip(frontier.fill_rates.tolist(), frontier.costs.tolist(), strict=True))
    assert set(ends) <= set(points)
    assert (np.diff(frontier.fill_rates) > 0).all()
    assert (np.diff(frontier.costs) > 0).all()
    for fill, cost in points:
        assert any(better >= fill and cheaper <= cost for better, cheaper in ends)


def test_cost_at_equal_fill_rate() -> None:
    anchor = efficient_frontier([0.90, 0.95, 0.99], [10.0, 15.0, 35.0])
    assert cost_at_fill_rate(anchor, [0.80, 0.90, 0.93, 0.97]).tolist() == pytest.approx([10.0, 10.0, 13.0, 25.0])
    assert np.isnan(cost_at_fill_rate(anchor, 0.995))
    policy = efficient_frontier([0.93, 0.97, 0.995], [12.0, 30.0, 50.0])
    ratios = cost_against_anchor(policy, anchor)
    assert ratios[:2].tolist() == pytest.approx([12.0 / 13.0, 1.2])
    assert np.isnan(ratios[2])
    assert np.isnan(cost_at_fill_rate(efficient_frontier([], []), [0.9])).all()
