"""Money: an exact decimal amount in one currency (science.md 11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import total_ordering

from stockhub.values.allocation import AllocationError, Weight, allocate_units, round_together
from stockhub.values.errors import DomainError
from stockhub.values.rounding import EXACT, half_up

#: Digits after the point in the smallest unit of currencies that do not have two (ISO 4217).
MINOR_DIGITS = dict.fromkeys(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"], 0
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
#: Amounts are stored as integers of one millionth, enough for a unit cost of six decimal places.
SCALE_DIGITS = 6


def minor_digits(currency: str) -> int:
    """Digits after the point in the smallest unit of a currency: 0 for JPY, 3 for KWD, 2 for most."""
    return MINOR_DIGITS.get(currency, 2)


class CurrencyMismatchError(DomainError):
    """Two amounts in different currencies met where only one currency makes sense."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            "currency_mismatch",
            f"Cannot combine {left} with {right}: convert one of them at a dated rate first.",
            params={"left": left, "right": right},
        )


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount with at most six decimal places and an ISO 4217 currency. Never a float."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}; convert floats through str().")
        if not self.amount.is_finite():
            raise ValueError("Money must be finite.")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isalpha() or not self.currency.isupper():
            raise ValueError(f"{self.currency!r} is not an ISO 4217 code such as CNY or USD.")
        if self.amount != half_up(self.amount, SCALE_DIGITS):
            raise ValueError(f"Money has at most six decimal places, and {self.amount:f} has more: round it first.")

    @classmethod
    def from_float(cls, value: float, currency: str) -> Money:
        """A statistic's one crossing from float to money: through `str`, rounded half up to six places."""
        return cls(half_up(Decimal(str(value)), SCALE_DIGITS), currency)

    @classmethod
    def from_micros(cls, micros: int, currency: str) -> Money:
        """The amount that is stored as a whole number of millionths."""
        return cls(Decimal(micros).scaleb(-SCALE_DIGITS, EXACT), currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum of amounts in a currency; nothing at all is 0. CurrencyMismatchError where one is in another."""
        return sum(amounts, cls(Decimal(0), currency))

    @property
    def micros(self) -> int:
        """The amount as a whole number of millionths, as it is stored and as optimisers count it."""
        return int(self.amount.scaleb(SCALE_DIGITS, EXACT))

    def rounded(self) -> Money:
        """The amount in whole minor units, half up: what a person pays or reads."""
        return Money(half_up(self.amount, minor_digits(self.currency)), self.currency)

    def allocate(self, weights: Sequence[Weight]) -> tuple[Money, ...]:
        """Parts in whole minor units and in proportion to the weights, whose sum is this amount to the cent: `allocate_units`.

        AllocationError where the weights cannot divide, or where the amount itself is not in whole minor units.
        """
        units = Fraction(self.amount) * 10 ** minor_digits(self.currency)
        if units.denominator != 1:
            raise AllocationError(
                "not_in_minor_units",
                f"{self.amount} {self.currency} is no whole number of minor units: round it before it is divided.",
                params={"amount": str(self.amount), "currency": self.currency},
            )
        return tuple(_of_minor_units(part, self.currency) for part in allocate_units(int(units), weights))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(self.currency, other.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> Money:
        return Money(EXACT.minus(self.amount), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        return Money(half_up(EXACT.multiply(self.amount, factor), SCALE_DIGITS), self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __str__(self) -> str:
        return f"{self.rounded().amount} {self.currency}"


def rounded_together(amounts: Sequence[Money]) -> tuple[Money, ...]:
    """Each amount in whole minor units, so that they sum to their exact sum rounded half up: lines under a total that a person adds up.

    CurrencyMismatchError where they are not all in one currency.
    """
    if not amounts:
        return ()
    currency = Money.total(amounts, amounts[0].currency).currency
    parts = round_together([Fraction(amount.amount) * 10 ** minor_digits(currency) for amount in amounts])
    return tuple(_of_minor_units(part, currency) for part in parts)


def _of_minor_units(units: int, currency: str) -> Money:
    return Money(Decimal(units).scaleb(-minor_digits(currency), EXACT), currency)
