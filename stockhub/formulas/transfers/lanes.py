"""What a lane costs and whether it is in time (H74; science.md 9). Costs are a unit's, in the base currency."""

from stockhub.formulas.elementwise import N, at_least, explained


@explained(unit="base currency/unit")
def lane_cost(freight: N, handling: N, duty: N | float = 0.0, compliance: N | float = 0.0) -> N:
    """A unit's way from one warehouse to another; duty and compliance where it crosses a border."""
    return freight + handling + duty + compliance


@explained(unit="base currency/unit")
def two_leg_cost(removal: N, freight: N, inbound: N, duty: N | float = 0.0, compliance: N | float = 0.0) -> N:
    """A unit's way between two marketplaces' own warehouses, which do not move it for us: out by removal, and in as new inbound."""
    return removal + freight + inbound + duty + compliance


@explained(unit="day")
def two_leg_transit(removal_days: N, freight_days: N, inbound_days: N) -> N:
    """How long that takes."""
    return removal_days + freight_days + inbound_days


@explained(unit="flag")
def lane_in_time(transit_days: N, days_to_stockout: N) -> N:
    """Whether what is sent arrives before stock is gone. Where not, only `need_in_time` counts."""
    return at_least(days_to_stockout, transit_days)
