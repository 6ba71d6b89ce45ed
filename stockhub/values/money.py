"""Money: an exact decimal amount in one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from stockhub.values.errors import DomainError

#: Digits after the point in the smallest unit of currencies that do not have two.
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "BHD": 3, "KWD": 3}
#: Amounts are stored as integers of one millionth, enough for a unit cost of six decimal places.
SCALE_DIGITS = 6
_QUANTUM = Decimal(1).scaleb(-SCALE_DIGITS)


class CurrencyMismatchError(DomainError):
    """Two amounts in different currencies met where only one currency makes sense."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            "currency_mismatch",
            f"Cannot combine {left} with {right}: convert one of them at a dated rate first.",
            params={"left": left, "right": right},
        )


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
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise ValueError(f"{self.currency!r} is not an ISO 4217 code such as CNY or USD.")

    @classmethod
    def from_float(cls, value: float, currency: str) -> Money:
        """A statistic's one crossing from float to money: through `str`, rounded half up to six places."""
        return cls(Decimal(str(value)).quantize(_QUANTUM, rounding=ROUND_HALF_UP), currency)

    def rounded(self) -> Money:
        """The amount in whole minor units, half up: what a person pays or reads."""
        digits = MINOR_DIGITS.get(self.currency, 2)
        return Money(self.amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(self.currency, other.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        return Money((self.amount * factor).quantize(_QUANTUM, rounding=ROUND_HALF_UP), self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __str__(self) -> str:
        return f"{self.rounded().amount} {self.currency}"
