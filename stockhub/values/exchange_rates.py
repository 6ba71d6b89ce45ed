"""Conversion by dated exchange rates (science.md 11): exact, explained by the rates that it used, and never by the rate of another day.

Revenue converts at the rate of its transaction's day; stock and other valuations at the month's average or closing rate. A conversion keeps
the amount in its original currency: to report in another one, convert that anew, never what was converted already.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from stockhub.values.errors import DomainError
from stockhub.values.money import SCALE_DIGITS, Money
from stockhub.values.rounding import EXACT, half_up

#: Decimal places of a rate.
RATE_DIGITS: Final = 8


class RateBasis(StrEnum):
    """Which day's rates an amount is converted at."""

    TRANSACTION_DATE = "transaction_date"
    MONTH_AVERAGE = "month_average"
    MONTH_CLOSE = "month_close"


class InvalidRateError(DomainError):
    """A rate that cannot be one: `invalid_rate`, or `contradicting_rate` where another was given for the same day."""


class MissingRateError(DomainError):
    """Nobody gave the rate of that day; the rate of another day is no substitute."""

    def __init__(self, source: str, target: str, first: date, last: date) -> None:
        when = f"{first}" if first == last else f"any day from {first} to {last}"
        super().__init__(
            "missing_rate",
            f"There is no rate from {source} to {target} for {when}: record it, then convert again.",
            params={"source": source, "target": target, "from": first.isoformat(), "to": last.isoformat()},
        )


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of `source` was worth in `target` on a day; `origin` says who published it."""

    day: date
    source: str
    target: str
    rate: Decimal
    origin: str = ""

    def __post_init__(self) -> None:
        exact = isinstance(self.rate, Decimal) and self.rate.is_finite() and self.rate == half_up(self.rate, RATE_DIGITS)
        if not exact or self.rate <= 0 or self.source == self.target:
            raise InvalidRateError(
                "invalid_rate",
                f"{self.rate} is no rate from {self.source} to {self.target}: give a decimal above 0 with at most {RATE_DIGITS} places, "
                "between two currencies.",
                path=("rate",),
                params={"rate": str(self.rate), "source": self.source, "target": self.target},
            )


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact rate and the recorded ones that it comes from: none where no conversion is needed, two a day by way of the base currency."""

    rate: Fraction
    used: tuple[ExchangeRate, ...]

    @property
    def rounded(self) -> Decimal:
        """The rate to eight places, for a person."""
        return half_up(EXACT.divide(Decimal(self.rate.numerator), Decimal(self.rate.denominator)), RATE_DIGITS)


@dataclass(frozen=True, slots=True)
class Conversion:
    """An amount in a reporting currency, beside the original that it stands for."""

    original: Money
    converted: Money
    basis: RateBasis
    quote: Quote


class ExchangeRates:
    """Dated rates, with the currency by way of which two others are converted that have no rate between them."""

    def __init__(self, base: str, rates: Iterable[ExchangeRate] = ()) -> None:
        """InvalidRateError where two rates of one day and pair differ; the same rate twice is one."""
        self.base = base
        self._rates: dict[tuple[date, str, str], ExchangeRate] = {}
        for given in rates:
            known = self._rates.setdefault((given.day, given.source, given.target), given)
            if known.rate != given.rate:
                raise InvalidRateError(
                    "contradicting_rate",
                    f"{given.day} has two rates from {given.source} to {given.target}, {known.rate} and {given.rate}: keep one.",
                    params={"day": given.day.isoformat(), "source": given.source, "target": given.target},
                )

    def quote(self, day: date, source: str, target: str) -> Quote:
        """The rate of exactly that day: the recorded one, else the opposite one's reciprocal, else both by way of the base currency.

        MissingRateError where none of these was recorded for the day.
        """
        found = self._quoted(day, source, target)
        if found is None:
            raise MissingRateError(source, target, day, day)
        return found

    def average(self, day: date, source: str, target: str) -> Quote:
        """The mean of the rates of all days in the month of `day` that have one; MissingRateError where no day has."""
        first = day.replace(day=1)
        days = [first + timedelta(days=n) for n in range(monthrange(day.year, day.month)[1])]
        found = [quote for each in days if (quote := self._quoted(each, source, target)) is not None]
        if not found:
            raise MissingRateError(source, target, days[0], days[-1])
        return Quote(sum((quote.rate for quote in found), Fraction(0)) / len(found), tuple(rate for quote in found for rate in quote.used))

    def close(self, day: date, source: str, target: str) -> Quote:
        """The rate of the last day of the month of `day`; MissingRateError where that day has none."""
        return self.quote(day.replace(day=monthrange(day.year, day.month)[1]), source, target)

    def convert(self, amount: Money, target: str, day: date, basis: RateBasis = RateBasis.TRANSACTION_DATE) -> Conversion:
        """An amount of a day in another currency, half up to six places; MissingRateError where that rate is not known."""
        rates = {RateBasis.TRANSACTION_DATE: self.quote, RateBasis.MONTH_AVERAGE: self.average, RateBasis.MONTH_CLOSE: self.close}
        quote = rates[basis](day, amount.currency, target)
        exact = Fraction(amount.amount) * quote.rate
        converted = half_up(EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator)), SCALE_DIGITS)
        return Conversion(amount, Money(converted, target), basis, quote)

    def _quoted(self, day: date, source: str, target: str) -> Quote | None:
        if source == target:
            return Quote(Fraction(1), ())
        if (direct := self._recorded(day, source, target)) is not None:
            return direct
        to_base, from_base = self._recorded(day, source, self.base), self._recorded(day, self.base, target)
        if to_base is None or from_base is None:
            return None
        return Quote(to_base.rate * from_base.rate, to_base.used + from_base.used)

    def _recorded(self, day: date, source: str, target: str) -> Quote | None:
        if (given := self._rates.get((day, source, target))) is not None:
            return Quote(Fraction(given.rate), (given,))
        if (opposite := self._rates.get((day, target, source))) is not None:
            return Quote(1 / Fraction(opposite.rate), (opposite,))
        return None
