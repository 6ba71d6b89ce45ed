"""What people say of past days, as matrices that cleaning goes by (F4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.plans.reasons import Reason

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DayMarks:
    """Of n rows over t days: `kept` (n, t), days that count as they are, among them those whose units are `stated` (n, t), NaN elsewhere;
    and `left_out` (n, t). `reasons`, each with the rows (m,) that it is told of.
    """

    kept: Bools
    left_out: Bools
    stated: NDArray[np.float32]
    reasons: list[tuple[Reason, NDArray[np.intp]]]

    def stated_in(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sales (n, t) with stated units in their place; before a row's first day there is nothing to state."""
        return np.where(np.isnan(self.stated) | np.isnan(values), values, self.stated)

    def rows(self, of: slice) -> DayMarks:
        """What is said of some of the rows, without the reasons."""
        return DayMarks(self.kept[of], self.left_out[of], self.stated[of], [])

    def first(self, days: int) -> DayMarks:
        """What is said of the first `days` days."""
        seen = slice(0, days)
        return DayMarks(self.kept[:, seen], self.left_out[:, seen], self.stated[:, seen], self.reasons)
