"""Vector suites of the policy replay in `formulas.evaluation`."""

from __future__ import annotations

from typing import Any

from stockhub.formulas.evaluation.replay import Policy, Replay, replay
from stockhub.formulas.evaluation.replay_metrics import (
    replay_cycle_service,
    replay_fill_rate,
    replay_mean_on_hand,
    replay_stock_cost,
    replay_sums,
)
from stockhub.formulas.evaluation.replay_policies import base_stock_policy, min_max_policy, reorder_quantity_policy
from tests.formulas.vector_case import Adapter, Case, known


def _policy(kind: str, params: Case) -> Policy:
    point = params.get("reorder_point", params.get("r", params.get("s")))
    if kind == "rQ":
        return reorder_quantity_policy(point, params.get("order_quantity", params.get("Q")))
    upto = params.get("order_up_to_level", params.get("base_stock_level", params.get("S")))
    return base_stock_policy(upto) if kind == "BS" else min_max_policy(point, upto)


def _replay(x: Case, *, unmet_waits: bool) -> Replay:
    policy = _policy(x["policy"], x["params"])
    return replay(x["demand"], policy, lead_time=x["lead_time"], on_hand=x["initial_on_hand"], unmet_waits=unmet_waits)


def backorders(x: Case) -> dict[str, Any]:
    run = _replay(x, unmet_waits=True)
    sums = replay_sums(run)
    cost = replay_stock_cost(
        orders=sums.orders,
        on_hand_days=sums.on_hand_days,
        waiting_days=sums.waiting_days,
        fixed_cost=x.get("fixed_cost", 0.0),
        holding_cost_a_day=x["holding_cost"],
        waiting_cost_a_day=x["backorder_cost"],
    )
    return {
        "net_inventory_end": run.net_inventory[0].tolist(),
        "orders": run.orders[0].tolist(),
        "total_cost": known(float(cost[0])),
        "fill_rate": known(float(replay_fill_rate(sums.served, sums.demand)[0])),
        "days_with_backorder": float(sums.days_with_waiting[0]),
        "avg_on_hand": known(float(replay_mean_on_hand(sums.on_hand_days, sums.days)[0])),
    }


def lost_sales(x: Case) -> dict[str, Any]:
    run = _replay(x, unmet_waits=False)
    sums = replay_sums(run)
    return {
        "on_hand_end": run.on_hand[0].tolist(),
        "orders": run.orders[0].tolist(),
        "sold": run.served[0].tolist(),
        "lost": float(sums.unmet[0]),
        "fill_rate": known(float(replay_fill_rate(sums.served, sums.demand)[0])),
        "csl_cycle": known(float(replay_cycle_service(run)[0])),
        "stockout_days": float(sums.stockout_days[0]),
        "avg_on_hand": known(float(replay_mean_on_hand(sums.on_hand_days, sums.days)[0])),
        "n_orders": float(sums.orders[0]),
    }


ADAPTERS: dict[str, Adapter] = {
    "policy_replay_backorder": backorders,
    "policy_replay_lost_sales": lost_sales,
}
