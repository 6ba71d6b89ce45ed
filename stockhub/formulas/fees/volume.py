"""Volume that fees are charged for: rates are per cubic foot in some marketplaces and per cubic metre in others (science.md 8, 11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stockhub.formulas.elementwise import N, explained
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.rates import RateRow
from stockhub.values.measures import CUBIC_METRES_A_CUBIC_FOOT

#: How much of a rate's unit of volume a cubic foot is.
_PER_CUBIC_FOOT: Final = {
    "cuft/month": Decimal(1),
    "m3/month": Decimal(CUBIC_METRES_A_CUBIC_FOOT.numerator) / CUBIC_METRES_A_CUBIC_FOOT.denominator,
}


def volume_factor(row: RateRow) -> Decimal:
    """What cubic feet are multiplied with to be in the unit of the row's rate; InvalidParameterError for a rate that is not per volume."""
    if row.per not in _PER_CUBIC_FOOT:
        raise InvalidParameterError("per", row.per, f"one of {', '.join(_PER_CUBIC_FOOT)}")
    return _PER_CUBIC_FOOT[row.per]


@explained(unit="volume")
def charged_volume(cubic_feet: N, factor: N | float) -> N:
    """Cubic feet in the unit of the rate."""
    return cubic_feet * factor
