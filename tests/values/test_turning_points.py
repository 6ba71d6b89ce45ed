"""What a formula decided against, and what would change its mind (N4)."""

from __future__ import annotations

import pytest

from stockhub.formulas.elementwise import greater, maximum, where
from stockhub.formulas.health.quadrants import quadrant_action
from stockhub.values import Explanation
from stockhub.values.turning_points import next_turn, rejected


def given(**numbers: float | None) -> dict[str, Explanation]:
    return {name: Explanation.input(name, value, unit="1", source="ledger") for name, value in numbers.items()}


def quadrant(**numbers: float) -> Explanation:
    x = given(**{"turnover": 2.0, "median": 4.0, "supply": 90.0, "safe": 45.0, "shortage": -10.0, **numbers})
    return quadrant_action(x["turnover"], x["median"], x["supply"], x["safe"], x["shortage"])


def test_n4_rejected_are_the_branches_not_taken_with_what_decided() -> None:
    tree = quadrant()
    assert tree.value == 4.0
    [fast, careful] = rejected(tree)
    # High turnover with deep stock would be a promotion; low with little, careful buying.
    assert (fast.number.value, fast.condition.op, fast.condition.value) == (2.0, "ge", 0.0)
    assert (careful.number.value, careful.condition.op) == (3.0, "gt")


def test_n4_the_lesser_of_two_is_rejected_too_and_equals_are_not() -> None:
    x = given(a=3.0, b=5.0)
    [found] = rejected(maximum(x["a"], x["b"]))
    assert (found.number.name, found.condition.name) == ("a", "b")
    same = given(a=5.0, b=5.0)
    assert rejected(maximum(same["a"], same["b"])) == []


@pytest.mark.parametrize(
    ("numbers", "name", "to", "gives"),
    [
        # 45 of 90 days is half, 2 of 2 as much again: the nearer one counts.
        ({}, "supply", 45.0, 3.0),
        ({"turnover": 3.9}, "median", 3.9, 2.0),
        ({"turnover": 5.0, "supply": 44.0}, "safe", 44.0, 2.0),
        ({"turnover": 5.0, "supply": 10.0, "shortage": -0.5}, "turnover", 4.0, 3.0),
    ],
)
def test_n4_the_next_change_is_the_nearest_fact_that_turns_a_comparison(
    numbers: dict[str, float], name: str, to: float, gives: float
) -> None:
    turn = next_turn(quadrant(**numbers))
    assert turn is not None
    assert turn.moved.name == name
    assert turn.to == pytest.approx(to)
    assert turn.gives == gives


def test_n4_it_is_true_just_beyond_and_not_just_before() -> None:
    tree = quadrant()
    turn = next_turn(tree)
    assert turn is not None
    inputs = {name: node.value for name, node in tree.inputs().items()}
    for share, value in ((1.0001, 4.0), (0.9999, 3.0)):
        assert tree.fill({**inputs, "supply": turn.to * share}).value == value


def test_n4_what_is_not_linear_is_told_only_where_it_holds() -> None:
    x = given(rate=4.0)
    near = next_turn(where(greater(x["rate"] * x["rate"], 16.1), 1.0, 0.0))
    assert near is not None
    assert near.to == pytest.approx(16.1**0.5, rel=1e-3)
    assert next_turn(where(greater(x["rate"] * x["rate"], -1.0), 1.0, 0.0)) is None


def test_n4_parameters_do_not_move_and_without_a_comparison_nothing_turns() -> None:
    fact = Explanation.input("stock", 10.0, source="ledger")
    line = Explanation.input("line", 8.0, source="parameter:line")
    turn = next_turn(where(greater(fact, line), 1.0, 0.0))
    assert turn is not None
    assert (turn.moved.name, turn.to) == ("stock", 8.0)
    assert next_turn(fact + line) is None
    missing = Explanation.input("stock", None)
    assert next_turn(where(greater(missing, line), 1.0, 0.0)) is None
    assert rejected(where(greater(missing, line), 1.0, 0.0)) == []
