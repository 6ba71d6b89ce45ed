"""Vector suites of `formulas.transfers`."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.transfers.planner import plan_transfers
from stockhub.formulas.transfers.problem import TransferProblem
from stockhub.formulas.transfers.transportation import transport
from tests.formulas.vector_case import Adapter, Case


def transfer_optimisation(x: Case) -> dict[str, Any]:
    problem = TransferProblem(
        skus=["sku"],
        sources=[f"source {at:03}" for at in range(len(x["surplus"]))],
        destinations=[f"destination {at:03}" for at in range(len(x["need"]))],
        surplus=np.array([x["surplus"]], dtype=np.float64),
        need=np.array([x["need"]], dtype=np.float64),
        unit_cost=np.array([x["unit_cost"]]),
        fixed_cost=np.array([x["fixed_cost"]]),
        capacity=np.array([x["capacity"]]),
        lot=np.array([x["lot"]]),
        shortage_penalty=np.array([x["shortage_penalty"]]),
        residual_penalty=np.array([x["residual_penalty"]]),
    )
    plan = plan_transfers(problem)
    return {"objective": plan.cost, "flow": plan.flow[0].tolist(), "shortage": plan.shortage[0].tolist()}


def min_cost_flow(x: Case) -> dict[str, Any]:
    plan = transport(*(np.array(x[name], dtype=np.float64) for name in ("supply", "demand", "cost")))
    return {"objective": plan.cost if plan.feasible else None}


ADAPTERS: dict[str, Adapter] = {
    "transfer_optimisation": transfer_optimisation,
    "min_cost_flow": min_cost_flow,
}
