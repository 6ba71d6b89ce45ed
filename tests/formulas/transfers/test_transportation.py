"""The transportation problem against networkx."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.transfers.transportation import transport


@st.composite
def networks(draw: st.DrawFn) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    i, j = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    cost = np.where(random.random((i, j)) < 0.15, np.nan, random.integers(0, 3000, (i, j)) / 100)
    room = np.where(random.random((i, j)) < 0.5, random.integers(0, 60, (i, j)), np.inf)
    return random.integers(0, 80, i).astype(np.float64), random.integers(0, 60, j).astype(np.float64), cost, room


def by_networkx(supply: FloatArray, demand: FloatArray, cost: FloatArray, room: FloatArray) -> tuple[int, float]:
    """The most units that can move, and the least that they cost."""
    graph = nx.DiGraph()
    for i, units in enumerate(supply):
        graph.add_edge("source", f"s{i}", capacity=int(units), weight=0)
    for j, units in enumerate(demand):
        graph.add_edge(f"d{j}", "sink", capacity=int(units), weight=0)
    for (i, j), price in np.ndenumerate(cost):
        if np.isfinite(price):
            graph.add_edge(f"s{i}", f"d{j}", capacity=int(np.minimum(room[i, j], 10_000.0)), weight=round(price * 100))
    flow = nx.max_flow_min_cost(graph, "source", "sink")
    return sum(flow["source"].values()), nx.cost_of_flow(graph, flow) / 100


@settings(max_examples=60, deadline=None)
@given(network=networks())
def test_the_most_moves_at_the_least_cost(network: tuple[FloatArray, FloatArray, FloatArray, FloatArray]) -> None:
    supply, demand, cost, room = network
    plan, (most, least) = transport(supply, demand, cost, room), by_networkx(*network)
    assert plan.attainable == most
    assert plan.cost == pytest.approx(least, abs=1e-9)
    assert plan.feasible == (most == demand.sum())
    assert bool(plan.binding) != plan.feasible
    assert (plan.flow.sum(axis=1) <= supply).all()
    assert (plan.flow.sum(axis=0) <= demand).all()
    assert (plan.flow <= room).all()
    assert plan.explanation.evaluate() == plan.cost


def test_what_is_in_the_way_is_named() -> None:
    short = transport(np.array([5.0]), np.array([4.0, 4.0]), np.array([[1.0, 2.0]]))
    assert (short.feasible, short.attainable, short.binding, short.flow.tolist()) == (False, 5, ("supply",), [[4, 1]])
    closed = transport(np.array([9.0]), np.array([4.0, 4.0]), np.array([[1.0, math.nan]]))
    assert (closed.attainable, closed.binding) == (4, ("lanes",))
    narrow = transport(np.array([5.0]), np.array([4.0, 4.0]), np.ones((1, 2)), np.array([[4.0, 0.0]]))
    assert (narrow.attainable, narrow.binding) == (4, ("supply", "lanes"))


def test_equal_costs_take_the_first_lanes() -> None:
    plan = transport(np.array([5.0, 5.0]), np.array([4.0, 4.0]), np.full((2, 2), 3.0))
    assert plan.flow.sum(axis=1).tolist() == [5, 3]
    assert (plan.cost, plan.explanation.unit) == (24.0, "base currency")


def test_nothing_asked_for_is_an_empty_plan() -> None:
    for supply, demand in (([], []), ([3.0], []), ([3.0], [0.0])):
        plan = transport(np.array(supply), np.array(demand), np.ones((len(supply), len(demand))))
        assert (plan.feasible, plan.cost, int(plan.flow.sum())) == (True, 0.0, 0)
    nobody = transport(np.zeros(0), np.array([3.0]), np.ones((0, 1)))
    assert (nobody.feasible, nobody.attainable) == (False, 0)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"supply": [1.5]}, "supply"),
        ({"supply": [-1.0]}, "supply"),
        ({"demand": [math.nan]}, "demand"),
        ({"unit_cost": [[-1.0]]}, "unit_cost"),
        ({"unit_cost": [[1.0, 2.0]]}, "unit_cost"),
        ({"capacity": [[math.nan]]}, "capacity"),
    ],
)
def test_problems_that_make_no_sense_are_refused(asked: dict[str, Any], name: str) -> None:
    numbers: dict[str, Any] = {"supply": [1.0], "demand": [1.0], "unit_cost": [[1.0]]}
    with pytest.raises(InvalidParameterError, match=name):
        transport(**{key: np.array(value) for key, value in (numbers | asked).items()})
