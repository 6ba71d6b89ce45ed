"""What lots are worth, to the cent (H38; science.md 11): exact decimals, so that the parts add up to the total beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.health.ageing import AGE_BUCKETS, bucket_of
from stockhub.values import Money
from stockhub.values.money import rounded_together


def lot_values(quantities: Sequence[int], unit_costs: Sequence[Money]) -> tuple[Money, ...]:
    """The value of each lot in whole minor units; their sum is the exact value of all, rounded half up.

    InvalidParameterError where there is not one cost a lot, CurrencyMismatchError where costs are in several currencies.
    """
    if len(quantities) != len(unit_costs):
        raise InvalidParameterError("unit_costs", f"a list of {len(unit_costs)}", f"one unit cost for each of the {len(quantities)} lots")
    return rounded_together([cost * quantity for quantity, cost in zip(quantities, unit_costs, strict=True)])


def value_by_age_bucket(ages_days: Sequence[float], values: Sequence[Money], currency: str) -> dict[str, Money]:
    """The lots' values by bucket of `AGE_BUCKETS`, all of them, in order; the sum is that of the lots. A lot without an age is refused.

    InvalidParameterError where there is not one age a lot or an age is NaN.
    """
    if len(ages_days) != len(values) or not np.isfinite(np.asarray(ages_days, dtype=np.float64)).all():
        raise InvalidParameterError("ages_days", list(ages_days), f"an age in days for each of the {len(values)} lots")
    buckets = bucket_of(np.asarray(ages_days, dtype=np.float64)).tolist()
    return {
        name: Money.total([value for value, bucket in zip(values, buckets, strict=True) if bucket == place], currency)
        for place, name in enumerate(AGE_BUCKETS)
    }
