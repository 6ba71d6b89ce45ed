"""Whether a campaign's stock can still come, and what it leaves to others (D16; science.md 6.1)."""

from __future__ import annotations

from datetime import date, timedelta
from math import isnan
from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, greater, minimum, positive_part, where
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values.allocation import allocate_units

#: What to do about a campaign's stock, by the codes of `supply_action`.
SUPPLY_ACTIONS: Final = ("enough", "order", "smaller_plan_or_presale")
ENOUGH, ORDER, SMALLER_PLAN_OR_PRESALE = 0.0, 1.0, 2.0


@explained(unit="unit")
def kept_for_other_channels(daily_units: N, days: N | float, safety_stock: N | float = 0.0) -> N:
    """What other channels sell until the campaign is over and stock comes again, so that it does not starve them."""
    return daily_units * days + safety_stock


@explained(unit="unit")
def campaign_reserve(need: N, available: N, kept: N) -> N:
    """What is set aside for a campaign: its need, as far as what is kept for others allows."""
    return minimum(need, positive_part(available - kept))


@explained(unit="day")
def order_by_day(days_to_start: N, lead_time: N) -> N:
    """Days left to order what has to be there when the campaign starts; negative where it is too late."""
    return days_to_start - lead_time


@explained(unit="code")
def supply_action(extra: N, order_day: N) -> N:
    """What to do: a code of SUPPLY_ACTIONS. Once the latest order day has passed, stock comes too late and the plan has to give way."""
    in_time: N = at_least(order_day, 0.0)
    missing: N = greater(extra, 0.0)
    return where(missing, where(in_time, ORDER, SMALLER_PLAN_OR_PRESALE), ENOUGH)


def order_by_on(starts_on: date, lead_time_days: float) -> date | None:
    """The last date on which an order is there at the start; None where the lead time is unknown."""
    return None if isnan(lead_time_days) else starts_on - timedelta(days=int(np.ceil(lead_time_days - 1e-9)))


def reserves_of_campaigns(free_stock: int, needs: FloatArray) -> FloatArray:
    """Whole units (k,) for each of k campaigns that draw on one stock: their needs, or their proportional parts of what there is.

    Largest remainder, ties to the lower index: no unit is promised twice, none is left over, and nobody gets more than the whole units of
    its need.
    """
    if bool((needs < 0).any()) or bool(np.isnan(needs).any()):
        raise InvalidParameterError("needs", needs.tolist(), "numbers of at least 0")
    whole: FloatArray = np.ceil(needs - 1e-9)
    free = max(free_stock, 0)
    if whole.sum() <= free:
        return whole
    parts = allocate_units(free, [int(need) for need in whole])
    return np.array(parts, dtype=np.float64)
