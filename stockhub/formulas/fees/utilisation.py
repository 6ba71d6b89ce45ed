"""Storage utilisation surcharge (science.md 8): on stock older than 30 days of sellers that store many weeks of what they ship.

Rows: fee `storage_utilization_surcharge`, tier a size class, band the utilisation ratio in weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, where
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of
from stockhub.formulas.fees.rates import RateTable
from stockhub.formulas.fees.volume import charged_volume, volume_factor
from stockhub.values import Explanation

UTILISATION_SURCHARGE: Final = "storage_utilization_surcharge"
#: A seller is charged from the second year after its first inbound, and for a size class of which it stores at least this volume.
GRACE_DAYS: Final = 365.0
LEAST_DAILY_CUBIC_FEET: Final = 25.0


@explained(unit="flag")
def utilisation_applies(
    professional: N | float,
    days_since_first_inbound: N,
    daily_cubic_feet: N,
    exempt: N | float = 0.0,
    *,
    grace_days: N | float = GRACE_DAYS,
    least_cubic_feet: N | float = LEAST_DAILY_CUBIC_FEET,
) -> N:
    """Whether a seller is charged at all: professional, past its first year, with at least 25 cubic feet a day, and not exempt."""
    established: N = greater(days_since_first_inbound, grace_days)
    large_enough: N = at_least(daily_cubic_feet, least_cubic_feet)
    liable: N = greater(professional, exempt)
    return both(liable, both(established, large_enough))


@explained(unit="currency")
def utilisation_surcharge(applies: N, volume_older_than_30_days: N, rate: N | float) -> N:
    """A month's surcharge, on top of storage."""
    return where(applies, volume_older_than_30_days * rate, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerStorage:
    """What decides whether a seller is charged; `exempt` are new selection and stock that the marketplace replenishes."""

    professional: bool
    days_since_first_inbound: float
    daily_cubic_feet: float | Decimal
    exempt: bool = False

    def liable(self) -> Explanation:
        """`utilisation_applies` of this seller."""
        return utilisation_applies(
            Explanation.input("professional", float(self.professional), unit="flag"),
            measure("days_since_first_inbound", self.days_since_first_inbound, "day"),
            measure("daily_cubic_feet", self.daily_cubic_feet, "cuft"),
            Explanation.input("exempt", float(self.exempt), unit="flag"),
        )


def utilisation_charge(
    table: RateTable, *, month: date, tier: str, ratio_weeks: float | Decimal, old_cubic_feet: float | Decimal, seller: SellerStorage
) -> Charge:
    """The surcharge of one month, any day of which is `month`, for the volume that is older than 30 days."""
    row = table.row(UTILISATION_SURCHARGE, tier, month, at=ratio_weeks)
    volume = charged_volume(measure("old_cubic_feet", old_cubic_feet, "cuft"), float(volume_factor(row)))
    return estimated_charge(
        UTILISATION_SURCHARGE, utilisation_surcharge(seller.liable(), volume, rate_of(row, row.rate, "surcharge_rate")), row
    )
