"""Plans of lots for changing demand, against every plan there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.policies.dynamic_lot_sizing import dynamic_lot_plan, lot_plan_cost
from stockhub.values import Explanation

demands = st.lists(st.integers(0, 200).map(float), min_size=1, max_size=8)
costs = st.floats(0, 500)


def _lots(demand: list[float], ordered: tuple[bool, ...]) -> list[float]:
    """The plan that orders in period 0 and in those marked, each lot for the periods until the next."""
    starts = [0, *(period + 1 for period, now in enumerate(ordered) if now), len(demand)]
    lots = [0.0] * len(demand)
    for first, following in itertools.pairwise(starts):
        lots[first] = sum(demand[first:following])
    return lots


def test_the_textbook_plan() -> None:
    """Snyder and Shen 2019, example 3.9."""
    plan = dynamic_lot_plan([90.0, 120.0, 80.0, 70.0], 500.0, 2.0)
    assert [plan.quantities.tolist(), float(plan.cost)] == [[210.0, 0.0, 150.0, 0.0], 1380.0]


@settings(max_examples=60, deadline=None)
@given(demand=demands, fixed=costs, holding=st.floats(0, 5), unit=st.floats(0, 5))
def test_no_other_plan_costs_less_lot_for_lot_and_one_lot_among_them(
    demand: list[float], fixed: float, holding: float, unit: float
) -> None:
    plan = dynamic_lot_plan(demand, fixed, holding, unit)
    others = [
        lot_plan_cost(_lots(demand, ordered), demand, fixed, holding, unit)
        for ordered in itertools.product([False, True], repeat=len(demand) - 1)
    ]
    assert plan.cost == pytest.approx(min(others), abs=1e-6)
    assert lot_plan_cost(plan.quantities.tolist(), demand, fixed, holding, unit) == pytest.approx(float(plan.cost), abs=1e-6)
    stock = np.cumsum(plan.quantities) - np.cumsum(demand)
    assert (stock >= -1e-9).all()
    assert plan.quantities.sum() == pytest.approx(sum(demand))


def test_costs_may_change_from_period_to_period() -> None:
    """A dear second period and a cheap third: everything for the second comes with the first."""
    plan = dynamic_lot_plan([10.0, 10.0, 10.0], [50.0, 500.0, 50.0], [1.0, 9.0, 1.0], [1.0, 3.0, 1.0])
    assert [plan.quantities.tolist(), float(plan.cost)] == [[20.0, 0.0, 10.0], 140.0]


def test_many_skus_are_planned_as_each_alone_and_a_missing_number_is_its_skus_own() -> None:
    rng = np.random.default_rng(3)
    demand, fixed = rng.integers(0, 90, (6, 10)).astype(float), rng.uniform(10, 300, (6, 1))
    demand[2, 4] = np.nan
    together = dynamic_lot_plan(demand, fixed, 1.5)
    for row in range(6):
        alone = dynamic_lot_plan(demand[row], fixed[row], 1.5)
        np.testing.assert_array_equal(together.quantities[row], alone.quantities)
        np.testing.assert_array_equal(together.cost[row], alone.cost)
    assert np.isnan(together.quantities[2]).all()
    assert np.isnan(together.cost).tolist() == [False, False, True, False, False, False]


def test_nothing_to_plan() -> None:
    assert dynamic_lot_plan([], 500.0, 2.0).cost == 0.0
    idle = dynamic_lot_plan([0.0, 0.0], 500.0, 2.0)
    assert [idle.quantities.tolist(), float(idle.cost)] == [[0.0, 0.0], 0.0]


@pytest.mark.parametrize("wrong", [{"demand": [1.0, -1.0]}, {"fixed_cost": -1.0}, {"holding_cost": -0.1}, {"unit_cost": [0.0, -2.0]}])
def test_numbers_below_0_are_refused(wrong: dict[str, float | list[float]]) -> None:
    given_: dict[str, float | list[float]] = {"demand": [1.0, 2.0], "fixed_cost": 1.0, "holding_cost": 1.0, "unit_cost": 0.0}
    with pytest.raises(InvalidParameterError, match=next(iter(wrong))):
        dynamic_lot_plan(**(given_ | wrong))


def test_the_plans_cost_explains_itself() -> None:
    demand = [90.0, 120.0, 80.0, 70.0]
    plan = dynamic_lot_plan(demand, 500.0, 2.0)
    tree = lot_plan_cost(
        [Explanation.input(f"order_{period}", float(quantity)) for period, quantity in enumerate(plan.quantities)],
        [Explanation.input(f"demand_{period}", wanted) for period, wanted in enumerate(demand)],
        Explanation.input("fixed_cost", 500.0),
        Explanation.input("holding_cost", 2.0),
    )
    assert (tree.name, tree.value, tree.evaluate()) == ("lot_plan_cost", 1380.0, 1380.0)
