"""Why a safety stock is what it is: by lead-time demand, beside it the SKU's own deviation, or why not."""

from __future__ import annotations

from math import nan, sqrt

import pytest

from stockhub.overview.enough import order_up_to_metric, safety_stock_metric
from tests.worlds import NOW

NUMBERS = {
    "safety_stock_is_calibrated": 1.0, "protection_quantile": 130.0, "protection_demand": 100.0, "lead_time_risk": 8.0, "own_sd": 4.0,
    "usual_deviations": 1.875,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "safety_stock", "source"),
    [
        # sqrt(30 · 7.5) = 15 above the forecast, and 8 against delays: 17.
        ({}, 17.0, "forecast"),
        ({"own_sd": nan}, sqrt(964.0), "short history"),
        ({"own_sd": 0.0}, sqrt(964.0), "no deviation"),
        ({"usual_deviations": nan}, sqrt(964.0), "nothing learned"),
        ({"usual_deviations": 0.0}, sqrt(964.0), "nothing learned"),
    ],
)
def test_n4_a_safety_stock_says_whether_the_skus_own_deviation_counts_and_why_not(
    changed: dict[str, float], safety_stock: float, source: str
) -> None:
    numbers = {**NUMBERS, **changed, "safety_stock": safety_stock, "order_up_to": 100.0 + safety_stock}
    metric = safety_stock_metric(numbers, NOW)
    level = order_up_to_metric(numbers, metric, NOW)
    assert metric.explanation is not None
    assert level.explanation is not None
    assert metric.explanation.evaluate() == pytest.approx(safety_stock)
    assert level.explanation.evaluate() == pytest.approx(100.0 + safety_stock)
    flag = metric.explanation.inputs()["rests_on_own_deviation"]
    assert (flag.value, flag.source) == (1.0 if source == "forecast" else 0.0, source)
