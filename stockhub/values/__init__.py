"""PUBLIC: the values that everything else speaks in. Pure Python, no Django, no numpy."""

from stockhub.values.errors import DomainError
from stockhub.values.explanation import Explanation
from stockhub.values.label import Label
from stockhub.values.metric import Metric
from stockhub.values.money import CurrencyMismatchError, Money
from stockhub.values.pay_ratio import PayRatio

__all__ = ["CurrencyMismatchError", "DomainError", "Explanation", "Label", "Metric", "Money", "PayRatio"]
