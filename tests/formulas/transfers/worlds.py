"""Transfer problems to plan, and the same problems for HiGHS."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.transfers.problem import SharedLanes, TransferProblem


def one_lane(spare: float, missing: float, cost: float, **more: Any) -> TransferProblem:  # noqa: ANN401 - whatever a problem takes
    """One SKU, one source, one destination; a unit short costs 10 and a unit left over nothing."""
    asked: dict[str, Any] = {"shortage_penalty": [[10.0]], "residual_penalty": [[0.0]], "unit_cost": [[[cost]]]}
    asked |= {"skus": ["sku"], "sources": ["north"], "destinations": ["south"], "surplus": [[spare]], "need": [[missing]]}
    return TransferProblem(**(asked | more))


@st.composite
def problems(draw: st.DrawFn, *, skus: int = 1, fixed: bool = False, shared: bool = False, trucks: bool = False) -> TransferProblem:
    """Small problems of every kind."""
    s, i, j = draw(st.integers(1, skus)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))

    def lanes() -> FloatArray:
        return np.where(random.random((i, j)) < 0.6, random.integers(20, 300, (i, j)), np.inf)

    return TransferProblem(
        skus=[f"k{at}" for at in range(s)],
        sources=[f"from {at}" for at in range(i)],
        destinations=[f"to {at}" for at in range(j)],
        surplus=random.integers(0, 120, (s, i)).astype(np.float64),
        need=random.integers(0, 120, (s, j)).astype(np.float64),
        unit_cost=np.where(random.random((s, i, j)) < 0.1, np.nan, random.integers(0, 400, (s, i, j)) / 100),
        fixed_cost=random.integers(0, 90, (s, i, j)).astype(np.float64) if fixed else np.zeros((1, 1, 1)),
        capacity=np.where(random.random((s, i, j)) < 0.5, random.integers(0, 90, (s, i, j)), np.inf),
        receiving=np.where(random.random((s, j)) < 0.3, random.integers(0, 150, (s, j)), np.inf),
        lot=random.choice([1, 5, 12], s),
        shortage_penalty=random.integers(0, 240, (s, j)) / 10,
        residual_penalty=random.integers(0, 120, (s, i)) / 100,
        shared=SharedLanes(
            load=random.integers(0, 40, s) / 10,
            capacity=lanes(),
            truck_load=lanes() if trucks else np.full((i, j), np.inf),
            truck_cost=random.integers(0, 200, (i, j)).astype(np.float64),
        )
        if shared or trucks
        else None,
    )


def least_cost(problem: TransferProblem) -> float:
    """The cost of the best plan by HiGHS: lots x and use y of each arc, units short u, trucks t."""
    s, i, j = problem.shape
    n, lot = s * i * j, np.repeat(problem.lot, i * j).astype(np.float64)
    size = 2 * n + s * j + i * j
    sku, source, site = (each.ravel() for each in np.indices((s, i, j)))
    lane = np.isfinite(problem.unit_cost.ravel())
    most = np.minimum(problem.capacity.ravel(), problem.surplus[sku, source]) / lot
    most = np.where(lane, np.floor(most + 1e-9), 0.0)
    cost = np.concatenate(
        [
            (np.nan_to_num(problem.unit_cost.ravel()) - problem.residual_penalty[sku, source]) * lot,
            problem.fixed_cost.ravel(),
            problem.shortage_penalty.ravel(),
            problem.shared.truck_cost.ravel() if problem.shared is not None else np.zeros(i * j),
        ]
    )
    rows, least, upper = [], [], []

    def add(row: FloatArray, low: float, high: float) -> None:
        rows.append(row)
        least.append(low)
        upper.append(high)

    def on(mask: FloatArray, weight: FloatArray) -> FloatArray:
        row = np.zeros(size)
        row[:n] = np.where(mask, weight, 0.0)
        return row

    for arc in range(n):
        row = on(np.arange(n) == arc, np.ones(n))
        row[n + arc] = -most[arc]
        add(row, -np.inf, 0.0)
    for k, a in np.ndindex(s, i):
        add(on((sku == k) & (source == a), lot), -np.inf, float(problem.surplus[k, a]))
    for k, b in np.ndindex(s, j):
        row = on((sku == k) & (site == b), lot)
        add(row.copy(), -np.inf, float(problem.receiving[k, b]))
        row[2 * n + k * j + b] = 1.0
        add(row, float(problem.need[k, b]), np.inf)
    trucks = np.zeros(i * j)
    if problem.shared is not None:
        for a, b in np.ndindex(i, j):
            row = on((source == a) & (site == b), lot * problem.shared.load[sku])
            add(row.copy(), -np.inf, float(problem.shared.capacity[a, b]))
            if np.isfinite(problem.shared.truck_load[a, b]):
                trucks[a * j + b] = 10_000
                row[2 * n + s * j + a * j + b] = -problem.shared.truck_load[a, b]
                add(row, -np.inf, 0.0)
    bounds = Bounds(0, np.concatenate([most, np.ones(n), np.full(s * j, np.inf), trucks]))
    whole = np.concatenate([np.ones(2 * n), np.zeros(s * j), np.ones(i * j)]).astype(np.int64)
    constraints = LinearConstraint(np.array(rows), np.array(least), np.array(upper))
    found = milp(cost, constraints=constraints, integrality=whole, bounds=bounds, options={"mip_rel_gap": 0.0})
    assert found.status == 0, found.message
    return float(found.fun) + math.fsum((problem.surplus * problem.residual_penalty).ravel())
