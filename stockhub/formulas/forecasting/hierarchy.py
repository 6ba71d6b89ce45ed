"""From SKUs at sites to totals (science.md 2.5): means add, variances add, quantiles never do.

A total's quantile is taken from its own mean and variance. With `correlation`, the variances of parts that move together add up to more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, positive_part, root, total


@dataclass(frozen=True, slots=True)
class Totals:
    """Mean (g,) and variance (g,) of g totals."""

    mean: FloatArray
    variance: FloatArray


@explained(unit="unit")
def total_mean(means: Sequence[N]) -> N:
    """The mean of a sum."""
    return total(means)


@explained(unit="unit")
def total_sd(sds: Sequence[N], correlation: N | float = 0.0) -> N:
    """The deviation of a sum of parts with a common correlation ρ, sqrt((1 − ρ)·Σσ² + ρ·(Σσ)²); independent parts by default."""
    squares: N = total([sd * sd for sd in sds])
    sum_of_sds: N = total(sds)
    return root(positive_part(squares * (1.0 - correlation) + sum_of_sds * sum_of_sds * correlation))


def bottom_up(group: NDArray[np.int64], mean: FloatArray, variance: FloatArray, groups: int) -> Totals:
    """Totals of independent parts (m,) by their group 0 … groups − 1; a group without parts is 0, one with a missing part is missing."""
    means, variances = np.bincount(group, mean, groups), np.bincount(group, variance, groups)
    return Totals(means.astype(np.float64), variances.astype(np.float64))
