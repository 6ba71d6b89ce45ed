"""Metric: a computed number together with its unit, its reason when there is none, and its explanation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from stockhub.values.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Metric:
    """A computed number. `value` is None exactly when `reason` says why there is no number: one of `REASON_CODES`."""

    value: float | None
    unit: str
    as_of: datetime | None = None
    reason: str | None = None
    explanation: Explanation | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("A metric has a value or a reason why it has none, and never both.")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError("A metric is finite: give None and a reason where there is no number.")
