"""Transfers between 20 warehouses of 5,000 SKUs: the planner against one linear programme over everything, both in the same run.

Anchor: scipy's HiGHS on the whole problem, so that its cost is what no plan costs less than. Twice: with lanes that SKUs do not share, and
with the eight busiest lanes cut to half of what the first plan sends over them. CPU seconds of this process; building the anchor's matrices
is not counted, reading and checking the planner's problem is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from stockhub.formulas.transfers.network import network_of
from stockhub.formulas.transfers.plan import TransferPlan
from stockhub.formulas.transfers.planner import plan_transfers
from stockhub.formulas.transfers.problem import SharedLanes, TransferProblem

WAREHOUSES = 20
SKUS = 5000
NARROW_LANES = 8
COST_GOAL = 1.05
TIME_GOAL = 0.2


def shop() -> TransferProblem:
    """Every warehouse has too much of a SKU, too little of it, or enough; freight grows with distance and the SKU's weight."""
    rng = np.random.default_rng(618)
    codes = [f"W{at:02}" for at in range(WAREHOUSES)]
    place = rng.uniform(0.0, 1.0, (WAREHOUSES, 2))
    distance = np.sqrt(((place[:, None, :] - place[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(distance, np.nan)
    weight, margin = rng.lognormal(0.0, 0.6, SKUS), rng.lognormal(2.0, 0.5, SKUS)
    state = rng.random((SKUS, WAREHOUSES))
    units = np.ceil(rng.lognormal(3.0, 1.0, (SKUS, WAREHOUSES)))
    return TransferProblem(
        skus=[f"K{at:04}" for at in range(SKUS)],
        sources=codes,
        destinations=codes,
        surplus=np.where(state < 0.4, units, 0.0),
        need=np.where(state > 0.6, units, 0.0),
        unit_cost=np.round(0.3 + 3.0 * distance[None] * weight[:, None, None], 4),
        shortage_penalty=np.round(margin[:, None] * rng.uniform(0.4, 1.5, (SKUS, WAREHOUSES)), 4),
        residual_penalty=np.round(rng.uniform(0.0, 1.0, (SKUS, WAREHOUSES)), 4),
        shared=SharedLanes(
            load=weight,
            capacity=np.full((WAREHOUSES, WAREHOUSES), np.inf),
            truck_load=np.full((WAREHOUSES, WAREHOUSES), np.inf),
            truck_cost=np.zeros((WAREHOUSES, WAREHOUSES)),
        ),
    )


def narrowed(problem: TransferProblem, plan: TransferPlan) -> TransferProblem:
    """The same with its busiest lanes cut to half of what the plan sends over them."""
    assert problem.shared is not None
    loads = np.einsum("sij,s->ij", plan.flow, problem.shared.load)
    busiest = np.argsort(loads, axis=None)[-NARROW_LANES:]
    capacity = np.full(WAREHOUSES * WAREHOUSES, np.inf)
    capacity[busiest] = loads.ravel()[busiest] / 2
    return replace(problem, shared=replace(problem.shared, capacity=capacity.reshape(loads.shape)))


def whole_programme(problem: TransferProblem) -> Callable[[], float]:
    """One linear programme over every SKU and lane: units on each arc, and units short at each site."""
    assert problem.shared is not None
    network = network_of(problem)
    arcs, sites = len(network.sku), SKUS * WAREHOUSES
    source, site = network.sku * WAREHOUSES + network.source, network.sku * WAREHOUSES + network.destination
    limited = np.flatnonzero(np.isfinite(problem.shared.capacity.ravel()[network.lane]))
    lanes, lane = np.unique(network.lane[limited], return_inverse=True)
    every, short = np.arange(arcs), np.arange(sites)
    rows = [source, sites + site, sites + short, 2 * sites + lane]
    columns = [every, every, arcs + short, limited]
    entries = [np.ones(arcs), -np.ones(arcs), -np.ones(sites), problem.shared.load[network.sku[limited]]]
    shape = (2 * sites + len(lanes), arcs + sites)
    matrix = coo_array((np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))), shape=shape).tocsr()
    right = np.concatenate([problem.surplus.ravel(), -problem.need.ravel(), problem.shared.capacity.ravel()[lanes]])
    saved = problem.residual_penalty[network.sku, network.source]
    cost = np.concatenate([network.unit_cost - saved, problem.shortage_penalty.ravel()])
    stays = float((problem.surplus * problem.residual_penalty).sum())

    def solve() -> float:
        # The stubs know dense matrices only.
        found: Any = linprog(cost, matrix, right, bounds=(0, None), method="highs")  # type: ignore[call-overload]
        assert found.status == 0, found.message
        return float(found.fun) + stays

    return solve


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def compared(name: str, problem: TransferProblem) -> tuple[list[dict[str, Any]], TransferPlan]:
    ours, plan = seconds_of(lambda: plan_transfers(problem))
    theirs, least = seconds_of(whole_programme(problem))
    cost, share = plan.cost / least, ours / theirs
    print(f"  information, {name}: planner {ours:.2f} s, one programme {theirs:.1f} s; gap reported {plan.gap:.1e}, true {cost - 1:.1e}")
    figures = (("cost over the least", cost, COST_GOAL), ("CPU time over one programme's", share, TIME_GOAL))
    return [
        {"name": f"transfers, {name}: {what}", "value": round(value, 5), "goal": goal, "better": "lower", "ok": value <= goal}
        for what, value, goal in figures
    ], plan


def run() -> list[dict[str, Any]]:
    problem = shop()
    free, plan = compared("lanes not shared", problem)
    narrow, _ = compared("eight narrow lanes", narrowed(problem, plan))
    return free + narrow


if __name__ == "__main__":
    for result in run():
        print(f"{result['name']}: {result['value']} (goal {result['goal']}, {'ok' if result['ok'] else 'MISSED'})")
