"""Vector suites of `formulas.policies`."""

from __future__ import annotations

from typing import Any

from stockhub.formulas.policies.ordering import capped_order_quantity, order_quantity
from stockhub.formulas.policies.safety_stock import protection_sd, reorder_point, safety_stock, service_factor
from tests.formulas.vector_case import Adapter, Case


def order_quantities(x: Case) -> dict[str, Any]:
    wanted = order_quantity(float(x["target"]), float(x["position"]), x["moq"], x["pack"])
    if not x["max_qty"] or wanted <= x["max_qty"]:
        return {"quantity": wanted, "flag": "ok"}
    allowed = capped_order_quantity(wanted, float(x["max_qty"]), x["moq"], x["pack"])
    return {"quantity": allowed, "flag": "shortfall" if allowed else "infeasible"}


def safety_stocks(x: Case) -> dict[str, Any]:
    z = service_factor(x["csl"])
    sigma = protection_sd(float(x["L"]), x["R"], x["mean_d"], x["sd_d"], x["sd_L"])
    stock = safety_stock(z, sigma)
    return {
        "z": z,
        "sigma": sigma,
        "safety_stock": stock,
        "target": reorder_point(x["mean_d"], float(x["L"]), x["R"], stock),
        "book_rounded": round(stock),
    }


ADAPTERS: dict[str, Adapter] = {
    "order_quantity": order_quantities,
    "safety_stock": safety_stocks,
}
