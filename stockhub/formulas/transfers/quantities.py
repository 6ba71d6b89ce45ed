"""How much a site can give away, and how much another one misses (H74; science.md 9). Units and days."""

from stockhub.formulas.elementwise import N, explained, maximum, minimum, positive_part, round_down


@explained(unit="unit")
def transfer_surplus(position: N, daily_rate: N, keep_days: N, safety_stock: N | float = 0.0) -> N:
    """Units above what a site needs until it can be replenished, max(0, IP − (d·(L+R) + SS)).

    900 units at 30 a day that keep 20 days free 300 (H74). `keep_days` is lead time and review period.
    """
    return positive_part(position - (daily_rate * keep_days + safety_stock))


@explained(unit="unit")
def safe_surplus(surplus: N, available: N, least_available: N) -> N:
    """The surplus in whole units, cut so that the site itself does not become likelier to run out than its target.

    `least_available` is the least stock with which it meets the target before its next inbound: a quantile of its demand.
    """
    return round_down(minimum(surplus, positive_part(available - least_available)))


@explained(unit="unit")
def transfer_need(daily_rate: N, wanted_days: N, position_at_arrival: N, safety_stock: N | float = 0.0) -> N:
    """Units that a site misses when a transfer arrives: 150 units at 30 a day that ought to last 25 days are short of 600 (H74)."""
    return positive_part(daily_rate * wanted_days + safety_stock - position_at_arrival)


@explained(unit="unit")
def need_in_time(need: N, daily_rate: N, transit_days: N, days_to_stockout: N) -> N:
    """The part of a need that a transfer still meets: what is asked for after stock is gone and before it arrives is lost by then."""
    return positive_part(need - daily_rate * positive_part(transit_days - days_to_stockout))


@explained(unit="unit")
def position_when_arriving(position: N, daily_rate: N, transit_days: N) -> N:
    """A position after the days that a transfer takes, at least 0: what is not there cannot be sold."""
    return maximum(position - daily_rate * transit_days, 0.0)
