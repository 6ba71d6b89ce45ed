"""What there is and what there will be: the two numbers that an alert is decided by (U4)."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Final, NamedTuple

from stockhub.alerts.models import Alert
from stockhub.values import Explanation, Label


class _Ahead(NamedTuple):
    """What a rule calls the inbound of the time that it looks ahead, which adds up, and the demand: a product of sums."""

    inbound: tuple[str, ...]
    demand: tuple[tuple[str, ...], ...]


_POSITION: Final = ("on_order", "in_transit", "receiving")
#: The names that are a rule's own come first: a later one may be among the other inputs of an earlier one.
_AHEAD: Final = (
    _Ahead(("inbound_in_horizon",), (("demand_in_horizon",),)),
    _Ahead(("inbound_in_weeks",), (("demand_in_weeks",),)),
    _Ahead(_POSITION, (("demand_to_cover",),)),
    _Ahead(("inbound_in_days",), (("daily_mean",), ("demand_days",))),
    _Ahead(("punctual_inbound",), (("demand_in_lead_time",),)),
    _Ahead(("inbound_in_28_days",), (("demand_of_28_days",),)),
    _Ahead(("landing_in_time",), (("demand_until_inbound",),)),
    _Ahead(("inbound_in_lead_time",), (("daily_demand",), ("lead_time",))),
    _Ahead((), (("burn_rate",), ("window_minutes",))),
    # Of alerts of before a sale's end was known.
    _Ahead((), (("burn_rate",), ("notice_minutes",))),
    _Ahead(("landing_until_arrival",), (("spike_until_arrival",),)),
    _Ahead(_POSITION, (("daily_mean",), ("lead_time", "review_period"))),
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
    available = actual_of(alert)
    for inbound, demand in _AHEAD:
        landing = [alert.inputs.get(name) for name in inbound]
        wanted = [[alert.inputs.get(name) for name in names] for names in demand]
        if available is not None and None not in landing and all(None not in factor for factor in wanted):
            return (
                Explanation.input("available", available, unit="unit", source="ledger")
                + Explanation.input("inbound_ahead", sum(landing), unit="unit", source="ledger")
                - Explanation.input("demand_ahead", prod(map(sum, wanted)), unit="unit", source="forecast")
            ).named("projected", "unit")
    return None
