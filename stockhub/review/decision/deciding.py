"""What to say and do about a situation: an alert's level, the chance of a stock-out and an order for each SKU."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.distributions.lead_time_left import days_left
from stockhub.formulas.policies.ordering import order_quantity
from stockhub.formulas.stock.position import inventory_position
from stockhub.pluginhost.rules import run_rule
from stockhub.review.decision.known import Known, known_of
from stockhub.review.decision.situation import FloatArray, Situation
from stockhub.snapshot.stockouts import Cases, chance_within

#: The rule that warns of a stock-out. “Shortage” and “Order due” speak of the regular order, and that is `order_qty`.
RULE: Final = "stockout-risk"
#: Courses that open orders may take. Their lead times are drawn by strata, so that few are enough.
COURSES: Final = 64
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Decision:
    """For each SKU (n,): the level of the alert, 0 to 3; the chance that stock reaches 0 within the horizon; units to order now."""

    skus: list[str]
    level: NDArray[np.int64]
    p_stockout: FloatArray
    order_qty: NDArray[np.int64]


def decide(situation: Situation) -> Decision:
    """The level is the rule's with its defaults; the order fills the position up to the order-up-to level."""
    known = known_of(situation)
    findings = run_rule(RULE, known.snapshot, {}, recorded=False).findings
    x = known.snapshot.columns
    position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
    # Stock that nobody recorded is no ground for an order.
    qty = np.nan_to_num(order_quantity(x["order_up_to"], position, x["moq"], x["case_pack"]))
    return Decision(
        situation.skus,
        np.maximum(findings.level, 0).astype(np.int64),
        chance_of_a_stockout(situation, known),
        np.maximum(qty, 0).astype(np.int64),
    )


def chance_of_a_stockout(situation: Situation, known: Known) -> FloatArray:
    """The chance (n,) that stock reaches 0 within the request's horizon if nothing new is ordered, over the courses of open orders.

    Where stock was never recorded nothing is known but that SKUs run out; ½ says so.
    """
    n, horizon, orders = len(situation.skus), float(situation.request.horizon_days), situation.orders
    # Each order meets every stratum once, in an order of its own: two orders of a SKU are independent.
    strata = (np.arange(COURSES) + 0.5) / COURSES
    rng = np.random.default_rng(_SEED)
    probability = rng.permuted(np.tile(strata, (len(orders.row), 1)), axis=1)
    day = days_left(orders.age, probability, known.lead_time, known.lead_time_sd, fastest=situation.request.fastest_eta_days)
    of = np.arange(n * COURSES) // COURSES
    cases = Cases(of, known.snapshot["available"][of], np.full(n * COURSES, horizon))
    case = (orders.row[:, None] * COURSES + np.arange(COURSES)).ravel()
    found = chance_within(known.demand, cases, case, day.ravel(), np.repeat(orders.qty, COURSES))
    chance: FloatArray = found.reshape(n, COURSES).mean(axis=1)
    return np.where(np.isnan(chance), 0.5, chance)


def write_decision(decision: Decision, path: Path) -> None:
    """Writes `decisions.csv`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("sku", "alert_level", "p_stockout", "order_qty"))
        columns = decision.level.tolist(), decision.p_stockout.tolist(), decision.order_qty.tolist()
        for sku, level, chance, qty in zip(decision.skus, *columns, strict=True):
            writer.writerow((sku, level, f"{chance:.6f}", qty))
