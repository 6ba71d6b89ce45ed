"""What there is and what there will be: the two numbers that an alert is decided by (U4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockhub.alerts.models import Alert
from stockhub.values import Explanation, Label

#: What rules call the demand and the inbound of the time that they look ahead.
_AHEAD: Final = (
    ("demand_in_horizon", ("inbound_in_horizon",)),
    ("demand_in_weeks", ("inbound_in_weeks",)),
    ("demand_to_cover", ("on_order", "in_transit", "receiving")),
)
LABELS: Final[Mapping[str, Label]] = {
    "available": Label("Units available", "可售量"),
    "demand_ahead": Label("Forecast of the time ahead", "前瞻期预测需求"),
    "inbound_ahead": Label("Inbound within the time ahead", "前瞻期到货"),
    "projected": Label("Projected stock", "预计库存"),
}


def actual_of(alert: Alert) -> float | None:
    """Units available when the alert was last judged; None for alerts that are not about stock."""
    value: float | None = alert.inputs.get("available")
    return value


def projected_of(alert: Alert) -> Explanation | None:
    """Units that will be there at the end of the time that the rule looks ahead, below zero where they are missing; None where the rule
    looks at no such time or a number is unknown.
    """
    for demand, inbound in _AHEAD:
        given = [alert.inputs.get(name) for name in ("available", *inbound, demand)]
        if all(value is not None for value in given):
            available, *landing, wanted = given
            return (
                Explanation.input("available", available, unit="unit", source="ledger")
                + Explanation.input("inbound_ahead", sum(landing), unit="unit", source="ledger")
                - Explanation.input("demand_ahead", wanted, unit="unit", source="forecast")
            ).named("projected", "unit")
    return None
