"""PUBLIC: the values that everything else speaks in. Pure Python, no Django, no numpy."""

from stockhub.values.allocation import AllocationError
from stockhub.values.errors import DomainError, SeveralFieldsError
from stockhub.values.exchange_rates import Conversion, ExchangeRate, ExchangeRates, MissingRateError, RateBasis
from stockhub.values.explanation import Explanation
from stockhub.values.label import Label
from stockhub.values.metric import Metric
from stockhub.values.money import CurrencyMismatchError, Money
from stockhub.values.pay_ratio import PayRatio
from stockhub.values.quantity import Quantity
from stockhub.values.reasons import REASON_CODES
from stockhub.values.units_of_measure import UnitsOfMeasure

__all__ = [
    "REASON_CODES",
    "AllocationError",
    "Conversion",
    "CurrencyMismatchError",
    "DomainError",
    "ExchangeRate",
    "ExchangeRates",
    "Explanation",
    "Label",
    "Metric",
    "MissingRateError",
    "Money",
    "PayRatio",
    "Quantity",
    "RateBasis",
    "SeveralFieldsError",
    "UnitsOfMeasure",
]
