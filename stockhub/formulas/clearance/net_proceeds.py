"""What the seller keeps of a price (science.md 7.4): not monotone, because fees jump where the price enters another band.

Money is in the currency of the tariff, a unit each. What is lost with returns and advertising is a share of the price or a cost a unit;
a referral fee that is refunded with a return is left out, so that the cost stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Final, get_args

from stockhub.formulas.elementwise import N, explained, maximum, total
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.bands import Band, Closed, of_band
from stockhub.formulas.fees.exact import decimal_of
from stockhub.formulas.fees.referral import ReferralTerms, referral_fee, to_cents

_CLOSED: Final[tuple[Closed, ...]] = get_args(Closed)
#: Numbers that stand for a band and its value, and the bound that is none.
_BAND_SIZE: Final = 4
_NO_BOUND: Final = -1.0


@dataclass(frozen=True, slots=True)
class PriceTariff:
    """What depends on the price: the referral fee's terms, and what fulfilment costs in each band, fuel included.

    Prices are looked for on the grid of the smallest coins up to `highest_price`.
    """

    referral: ReferralTerms
    fulfilment: tuple[tuple[Band, float], ...]
    highest_price: float
    minor_unit: float = 0.01

    def __post_init__(self) -> None:
        if not self.highest_price >= self.minor_unit > 0.0:
            raise InvalidParameterError("highest_price", self.highest_price, f"a price of at least {self.minor_unit}, the smallest coin")

    def numbers(self) -> tuple[float, ...]:
        """The tariff as arguments of an operation: the inverse of `from_numbers`."""
        head = (self.minor_unit, self.highest_price, float(self.referral.by_portion), self.referral.least, float(len(self.referral.bands)))
        return head + tuple(number for band, value in self.referral.bands + self.fulfilment for number in _numbers_of(band, value))

    @classmethod
    def from_numbers(cls, numbers: Sequence[float]) -> PriceTariff:
        """The tariff that `numbers` wrote down."""
        minor_unit, highest, by_portion, least, count = numbers[:5]
        rest = numbers[5:]
        bands = tuple(_band_of(rest[start : start + _BAND_SIZE]) for start in range(0, len(rest), _BAND_SIZE))
        return cls(ReferralTerms(bands[: int(count)], bool(by_portion), least), bands[int(count) :], highest, minor_unit)


@explained(unit="1")
def kept_share(return_rate: N, ads_rate: N | float = 0.0) -> N:
    """The share of a price that returns and advertising leave."""
    return 1.0 - return_rate - ads_rate


@explained(unit="currency/unit")
def costs_of_a_sale(storage: N, return_rate: N, return_cost: N | float, landed_cost: N | float = 0.0) -> N:
    """What a sale costs whatever its price. With the landed cost for the accounts; without it, where that is sunk, for clearance."""
    return storage + return_rate * return_cost + landed_cost


@explained(unit="currency/unit")
def fees_by_price(price: N, tariff: PriceTariff) -> N:
    """The referral fee, billed in whole cents, and fulfilment; missing where the tariff does not hold the price."""
    return to_cents(referral_fee(price, tariff.referral), tariff.minor_unit) + of_band(price, tariff.fulfilment)


@explained(unit="currency/unit")
def net_proceeds(price: N, kept: N | float, costs: N | float, fees: N) -> N:
    """What a unit sold at a price leaves, after `fees_by_price`."""
    return price * kept - fees - costs


@explained(unit="currency/unit")
def best_alternative(*nets: N) -> N:
    """The most that a unit brings if it is not sold: what liquidation or removal nets, or disposal, a cost, with a minus.

    An exit that is not open is not given.
    """
    if not nets:
        raise InvalidParameterError("nets", "empty", "at least one exit: disposal is always open")
    return reduce(maximum, nets)


@explained(unit="currency/unit")
def costs_to_forgo_an_exit(costs: N, holding_until_sale: N, alternative: N) -> N:
    """What a clearance price has to cover: its own costs, storage until it sells, and the exit given up. The landed cost is sunk."""
    return total([costs, holding_until_sale, alternative])


def fulfilment_with_fuel(bands: Sequence[tuple[Band, Decimal]], fuel_rate: Decimal) -> tuple[tuple[Band, float], ...]:
    """Fulfilment fees of the bands with the fuel surcharge on top, multiplied out in decimals."""
    return tuple((band, float(fee * (1 + fuel_rate))) for band, fee in bands)


def _numbers_of(band: Band, value: float) -> tuple[float, ...]:
    bounds = [_NO_BOUND if bound is None else float(bound) for bound in (band.lower, band.upper)]
    return (*bounds, float(_CLOSED.index(band.closed)), value)


def _band_of(numbers: Sequence[float]) -> tuple[Band, float]:
    lower, upper, closed, value = numbers
    bounds = [None if bound == _NO_BOUND else decimal_of(float(bound)) for bound in (lower, upper)]
    return Band(bounds[0], bounds[1], _CLOSED[int(closed)]), float(value)
