"""Which model forecasts a series."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockhub.formulas.demand.classification import ERRATIC, LUMPY, SMOOTH
from stockhub.formulas.forecasting.tournament import (
    CHAMPION_DECISIONS,
    FALL_BACK,
    KEEP_INCUMBENT,
    SEASONAL_NAIVE,
    TAKE_CHALLENGER,
    candidate_models,
    champion_decision,
    champions,
    exceeds_by,
    standing,
    window_scores,
)
from stockhub.values import Explanation

NAN = math.nan
FLOOR = 2


def champion_of(scores: list[list[float]], incumbent: int, rmsse: list[float] | None = None, bias: list[float] | None = None) -> int:
    """The champion of one series from the scores (m, w) of its models; the last of three is the floor."""
    held = np.array([incumbent])
    errors, leans = (np.array([given or [0.0] * len(scores)]) for given in (rmsse, bias))
    return int(champions(standing(np.array([scores]), errors, leans, held, FLOOR), held, FLOOR)[0])


def test_a_score_is_the_pinball_of_the_sum_at_the_service_level() -> None:
    scores = window_scores(np.array([[10.0, NAN]]), np.array([[[8.0, 8.0], [14.0, 8.0]]]), np.array([0.9]))
    np.testing.assert_allclose(scores, [[[1.8, NAN], [0.4, NAN]]])


def test_a_challenger_has_to_be_better_in_three_windows_of_five() -> None:
    incumbent = [10.0] * 5
    assert champion_of([incumbent, [9.5, 9.5, 9.5, 10.0, 10.0], [20.0] * 5], 0) == 1
    assert champion_of([incumbent, [5.0, 5.0, 9.6, 10.0, 10.0], [20.0] * 5], 0) == 0
    assert champion_of([incumbent, [9.6] * 5, [20.0] * 5], 0) == 0


def test_an_incumbent_worse_than_the_floor_is_rejected() -> None:
    assert champion_of([[10.0] * 4, [9.7] * 4, [9.9] * 4], 0) == 1
    assert champion_of([[10.0] * 4, [9.95] * 4, [9.9] * 4], 0) == FLOOR


def test_a_series_without_a_model_takes_the_best() -> None:
    assert champion_of([[3.0] * 4, [2.0] * 4, [9.0] * 4], -1) == 1
    assert champion_of([[NAN] * 4, [NAN, 2.0, 2.0, 2.0], [9.0] * 4], -1) == FLOOR


def test_ties_go_to_rmsse_then_to_bias_then_to_the_first() -> None:
    tie = [[2.0] * 4, [2.0] * 4, [9.0] * 4]
    assert champion_of(tie, -1, rmsse=[0.9, 0.8, 0.1]) == 1
    assert champion_of(tie, -1, rmsse=[0.8, 0.8, 0.1], bias=[-0.5, 0.4, 0.0]) == 1
    assert champion_of(tie, -1) == 0


def test_fewer_than_two_windows_are_no_tournament() -> None:
    assert champion_of([[9.0], [1.0], [5.0]], 0) == 0
    assert champion_of([[9.0], [1.0], [5.0]], -1) == FLOOR
    assert champion_of([[9.0, NAN], [1.0, NAN], [5.0, NAN]], 0) == 0
    assert champion_of([[], [], []], 1) == 1


def test_models_that_cannot_answer() -> None:
    # The incumbent has no score, the floor has none, nobody has one.
    assert champion_of([[NAN, NAN], [3.0, 3.0], [4.0, 4.0]], 0) == 1
    assert champion_of([[3.0, 3.0], [1.0, 1.0], [NAN, NAN]], 0) == 1
    assert champion_of([[3.0, 3.0], [2.9, 2.9], [NAN, NAN]], 0) == 0
    assert champion_of([[NAN, 1.0], [1.0, NAN], [NAN, 1.0]], 0) == 0


def test_many_series_at_once() -> None:
    scores = np.array([[[10.0] * 4, [5.0] * 4, [20.0] * 4], [[10.0] * 4, [9.9] * 4, [20.0] * 4]])
    held = np.array([0, 0])
    table = standing(scores, np.zeros((2, 3)), np.zeros((2, 3)), held, FLOOR)
    assert table.challenger.tolist() == [1, 1]
    assert table.wins.tolist() == [1.0, 0.0]
    assert table.floor_score.tolist() == [20.0, 20.0]
    assert champions(table, held, FLOOR).tolist() == [1, 0]


def test_equal_scores_never_beat_each_other() -> None:
    assert (exceeds_by(0.0, 0.0), exceeds_by(100.0, 95.0), exceeds_by(100.0, 95.1), exceeds_by(1.0, 0.0)) == (0.0, 1.0, 0.0, 1.0)


def test_a_decision_tells_why() -> None:
    names = ("has_incumbent", "challenger_score", "incumbent_score", "floor_score", "wins", "windows")
    template = champion_decision(*[Explanation.input(name) for name in names])
    known = dict(zip(names, (1.0, 4.0, 5.0, 9.0, 0.75, 4.0), strict=True))
    assert template.fill(known).evaluate() == TAKE_CHALLENGER
    assert template.fill(known | {"wins": 0.5}).evaluate() == KEEP_INCUMBENT
    assert template.fill(known | {"floor_score": 3.0}).evaluate() == FALL_BACK
    assert template.fill({"has_incumbent": 0.0, "windows": 1.0}).evaluate() == FALL_BACK
    assert CHAMPION_DECISIONS[int(FALL_BACK)] == "fall_back_to_floor"


@pytest.mark.parametrize("demand_class", [SMOOTH, ERRATIC, LUMPY])
def test_d14_costly_models_run_where_they_are_wanted_and_the_floor_always(demand_class: float) -> None:
    small = candidate_models(demand_class, declining=False, cycles=1, advanced=False)
    large = candidate_models(demand_class, declining=False, cycles=2, advanced=True)
    assert SEASONAL_NAIVE in small
    assert ("weighted-moving-average" in small) is (demand_class != LUMPY)
    assert set(large) - set(small) == (set() if demand_class == LUMPY else {"auto-ets", "holt-winters"})


def test_a_declining_sparse_series_gets_a_model_that_declines() -> None:
    assert "tsb" in candidate_models(LUMPY, declining=True, cycles=0, advanced=False)
    assert "tsb" not in candidate_models(LUMPY, declining=False, cycles=0, advanced=False)
