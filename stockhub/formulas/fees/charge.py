"""A charge: one line of a bill, to the cent, with its explanation and the rates that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

import numpy as np

from stockhub.formulas.elementwise import FloatArray, total
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.exact import exact
from stockhub.formulas.fees.rates import Confidence, RateRow
from stockhub.values import Explanation, Money
from stockhub.values.money import minor_digits
from stockhub.values.rounding import half_up


@dataclass(frozen=True, slots=True)
class Charge:
    """What is paid for `fee`, in whole minor units; below 0 is a payment to the seller. `rows` is empty for what a settlement reports."""

    fee: str
    amount: Money
    explanation: Explanation
    rows: tuple[RateRow, ...] = ()

    @property
    def confidence(self) -> Confidence:
        """That of the least sure rate; A where the marketplace's own settlement says it."""
        return max((row.confidence for row in self.rows), default="A")


def estimated_charge(fee: str, tree: Explanation, *rows: RateRow) -> Charge:
    """The charge of a fee's tree in the rows' currency, rounded half up once, at the line's total.

    InvalidParameterError, naming the input, where one that it needs has no value.
    """
    amount = exact(tree)
    if amount is None:
        missing = next((name for name, node in tree.inputs().items() if node.value is None), fee)
        raise InvalidParameterError(missing, "unknown", "a number")
    return Charge(fee, money(amount, rows[0].currency), tree, rows)


def together(fee: str, *charges: Charge) -> Charge:
    """Several charges as one line, rounded once."""
    return estimated_charge(fee, total([charge.explanation for charge in charges]), *(row for charge in charges for row in charge.rows))


def settled_charge(fee: str, amount: Money) -> Charge:
    """What a settlement says was charged."""
    return Charge(fee, amount, Explanation.input(fee, float(amount.amount), unit=amount.currency, source="settlement"))


def settled_or_estimated(settled: Charge | None, estimate: Charge) -> Charge:
    """What was really charged where that is known, whatever the estimate says (science.md 8)."""
    return estimate if settled is None else settled


def settled_or_estimated_amounts(settled: FloatArray, estimate: FloatArray) -> FloatArray:
    """`settled_or_estimated` of n amounts (n,): NaN in `settled` is not settled yet."""
    return np.where(np.isnan(settled), estimate, settled)


def money(amount: Decimal, currency: str) -> Money:
    """An exact amount in whole minor units, half up and at once: by way of the six decimals of Money it would be rounded twice."""
    return Money(half_up(amount, minor_digits(currency)), currency)


def measure(name: str, number: float | Decimal, unit: str) -> Explanation:
    """A named quantity of a charge, at least 0; InvalidParameterError for what is none."""
    value = float(number)
    if not (isfinite(value) and value >= 0.0):
        raise InvalidParameterError(name, number, "a number of at least 0")
    return Explanation.input(name, value, unit=unit)


def share(name: str, number: float | Decimal) -> Explanation:
    """A named share of a charge, 0 to 1; InvalidParameterError for what is none."""
    if not 0.0 <= float(number) <= 1.0:
        raise InvalidParameterError(name, number, "a share from 0 to 1")
    return measure(name, number, "1")


def rate_of(row: RateRow, number: Decimal, name: str = "rate", unit: str | None = None) -> Explanation:
    """A number of a row as an input that names its source."""
    return Explanation.input(name, float(number), unit=unit or f"{row.currency}/{row.per}", source=row.source)
