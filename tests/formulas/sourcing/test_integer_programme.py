"""Integer programmes: objectives in order, limits of time, money in whole units."""

from __future__ import annotations

import math
import random

import pytest
from ortools.sat.python import cp_model

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing import integer_programme
from stockhub.formulas.sourcing.integer_programme import (
    MOST_SCALED,
    TimeLimitError,
    first_in_order,
    money_scale,
    relative_gap,
    scaled,
    solve_in_order,
)


def knapsack(items: int) -> tuple[cp_model.CpModel, list[cp_model.LinearExprT]]:
    """Several knapsacks of nearly equal items, which no solver proves in a moment."""
    numbers = random.Random(7)  # noqa: S311 - a puzzle, no secret
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(items)]
    for _ in range(30):
        sizes = [numbers.randint(10_000, 10_400) for _ in taken]
        model.add(sum(size * each for size, each in zip(sizes, taken, strict=True)) <= sum(sizes) // 2)
    worth = [numbers.randint(10_000, 10_400) for _ in taken]
    return model, [-sum(value * each for value, each in zip(worth, taken, strict=True)), sum(taken)]


def test_later_objectives_choose_among_the_best_of_the_first() -> None:
    model = cp_model.CpModel()
    x, y = model.new_int_var(0, 9, "x"), model.new_int_var(0, 9, "y")
    model.add(x + y >= 7)
    solution = solve_in_order(model, [x + y, -x, y])
    assert solution is not None
    assert (solution.values, solution.objective, solution.bound, solution.gap) == ((7, 0), 7, 7, 0.0)


def test_nothing_feasible_is_none_and_no_time_is_refused() -> None:
    model = cp_model.CpModel()
    x = model.new_int_var(0, 3, "x")
    model.add(x >= 4)
    assert solve_in_order(model, [x]) is None
    for seconds in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InvalidParameterError, match="seconds"):
            solve_in_order(model, [x], seconds=seconds)


def test_what_is_not_proven_in_time_has_its_gap_and_is_the_same_on_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integer_programme, "WORK_SHARE", 0.001)
    runs = []
    for _ in range(2):
        model, objectives = knapsack(150)
        solution = solve_in_order(model, objectives, seconds=60.0)
        assert solution is not None
        assert 0.0 < solution.gap < 0.1
        assert solution.bound < solution.objective
        runs.append((solution.values, solution.objective, solution.bound))
    assert runs[0] == runs[1]
    model, objectives = knapsack(150)
    better = solve_in_order(model, objectives[:1], seconds=60.0, start=runs[0][0])
    assert better is not None
    assert better.objective <= runs[0][1]


def test_no_time_for_anything_is_an_error_of_its_own() -> None:
    model, objectives = knapsack(1000)
    with pytest.raises(TimeLimitError, match="allow more time") as caught:
        solve_in_order(model, objectives, seconds=1e-6)
    assert caught.value.code == "time_limit"


def test_money_is_whole_millionths_or_coarser_where_totals_are_large() -> None:
    assert (money_scale(1e6), money_scale(1e10), money_scale(0.0)) == (1_000_000, 100_000, 1_000_000)
    assert (scaled(1.2345675, 1_000_000), scaled(-0.5, 1), scaled(2.5, 1)) == (1_234_568, 0, 3)
    for too_much in (MOST_SCALED * 2.0, math.inf, math.nan):
        with pytest.raises(InvalidParameterError, match="cost"):
            money_scale(too_much)


def test_the_gap_is_a_share_of_the_cost() -> None:
    assert (relative_gap(100.0, 90.0), relative_gap(100.0, 101.0), relative_gap(0.0, 0.0), relative_gap(0.0, -1.0)) == (0.1, 0.0, 0.0, 1.0)


def test_flags_are_set_from_the_first_on_however_many_there_are() -> None:
    model = cp_model.CpModel()
    flags = [model.new_bool_var("") for _ in range(90)]
    model.add(sum(flags) == 3)
    model.add(flags[1] == 0)
    solution = solve_in_order(model, first_in_order(flags))
    assert solution is not None
    assert [at for at, value in enumerate(solution.values) if value] == [0, 2, 3]
