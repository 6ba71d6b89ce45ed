"""Slow movers: found, confirmed, and something to do about them (H77, H14, H40)."""

from __future__ import annotations

import numpy as np

from stockhub.formulas.health.slow_movers import SLOW_MOVER_ACTIONS, slow_mover_action, weeks_below
from stockhub.formulas.health.staleness import confirmed_slow, stale_candidate, standing_still
from stockhub.values import Explanation


def proposed(age: float, weeks: float, stock: float, sold_30: float, sold_90: float, *, partner: bool) -> str:
    code = slow_mover_action(
        stale_candidate(age, weeks),
        confirmed_slow(age, stock, sold_30, sold_90, sold_30 / 30.0),
        standing_still(age, stock, sold_30, sold_90),
        float(partner),
    )
    return SLOW_MOVER_ACTIONS[int(code)]


def test_h77_either_mark_makes_a_candidate_and_confirmation_proposes_discount_bundle_or_outlet() -> None:
    assert proposed(95.0, 0.0, 100.0, 10.0, 30.0, partner=False) == "discount"
    assert proposed(95.0, 5.0, 100.0, 0.0, 3.0, partner=True) == "bundle"
    assert proposed(95.0, 5.0, 100.0, 0.0, 3.0, partner=False) == "outlet"
    assert proposed(40.0, 4.0, 100.0, 30.0, 90.0, partner=False) == "watch", "Poor weeks alone are looked at."
    assert proposed(95.0, 0.0, 100.0, 60.0, 180.0, partner=True) == "watch", "Old, and a steady seller."
    assert proposed(40.0, 3.0, 100.0, 30.0, 90.0, partner=True) == "none"


def test_h77_weeks_under_the_threshold_count_back_from_the_newest() -> None:
    weekly = np.array([[0.0, 9, 1, 2, 0], [9, 9, 9, 9, 9], [1, 1, 1, 1, 1], [1, 1, np.nan, 1, 1], [0, 0, 0, 0, 5]])
    assert weeks_below(weekly, 5.0).tolist() == [3.0, 0.0, 5.0, 2.0, 0.0]
    assert weeks_below(weekly, np.array([1.0, 10.0, 1.0, 2.0, 6.0])).tolist() == [1.0, 5.0, 0.0, 2.0, 5.0]
    assert weeks_below(np.zeros((2, 0)), 5.0).tolist() == [0.0, 0.0]


def test_a_proposal_explains_itself() -> None:
    names = ("candidate", "confirmed", "standing_still", "has_partner")
    tree = slow_mover_action(*[Explanation.input(name, 1.0) for name in names])
    assert (tree.name, tree.unit, tree.value, tree.evaluate()) == ("slow_mover_action", "slow mover action", 3.0, 3.0)
