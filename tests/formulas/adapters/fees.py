"""Vector suites of `formulas.fees`."""

from __future__ import annotations

from typing import Any

from stockhub.formulas.fees.compensation import compensation_for_order, out_of_stock_violation
from stockhub.values import Money
from tests.formulas.vector_case import Adapter, Case

#: Out-of-stock compensation that Douyin is said to charge: share, least and most for an order, by promised hours.
DOUYIN_SHORT_PROMISE, DOUYIN_LONG_PROMISE = (0.05, 5.0, 500.0), (0.10, 5.0, 1000.0)


def douyin_out_of_stock(x: Case) -> dict[str, Any]:
    if x["kind"] == "violation":
        return {"violation": bool(out_of_stock_violation(x["oos_orders"], float(x["orders"])))}
    rate, least, most = DOUYIN_SHORT_PROMISE if x["promise_hours"] <= 48 else DOUYIN_LONG_PROMISE
    return {"amount": Money.from_float(compensation_for_order(float(x["paid"]), rate, least, most), "CNY").rounded().amount}


ADAPTERS: dict[str, Adapter] = {
    "douyin_oos_cost": douyin_out_of_stock,
}
