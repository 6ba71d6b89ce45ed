"""The families' parameters from mean and variance, and one function for each family over the rows of an array that have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.distributions.families import NORMAL
from stockhub.formulas.elementwise import FloatArray

Flags = NDArray[np.bool_]

#: A negative binomial whose variance exceeds its mean by less than this share of it is its limit, the Poisson.
_OVERDISPERSION_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance of demand, arrays of one shape."""

    mean: FloatArray
    variance: FloatArray

    @property
    def sd(self) -> FloatArray:
        return np.sqrt(self.variance)

    def negative_binomial(self) -> tuple[FloatArray, FloatArray]:
        """The successes r = m²/(v−m), and the probability of a failure 1−p = (v−m)/v; for variances above the mean."""
        surplus = self.variance - self.mean
        return self.mean * self.mean / surplus, surplus / self.variance

    def gamma(self) -> tuple[FloatArray, FloatArray]:
        """Shape m²/v and scale v/m."""
        return self.mean * self.mean / self.variance, self.variance / self.mean

    def lognormal(self) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of the logarithm."""
        log_variance = np.log1p(self.variance / (self.mean * self.mean))
        return np.log(self.mean) - 0.5 * log_variance, np.sqrt(log_variance)

    def overdispersed(self) -> Flags:
        """Whether the variance is enough above the mean for a negative binomial."""
        return self.variance - self.mean > _OVERDISPERSION_LEAST * self.mean

    def take(self, rows: Flags) -> Moments:
        return Moments(self.mean[rows], self.variance[rows])


#: A family's answer from its moments and the argument asked about (a quantity or a probability).
FamilyAnswer = Callable[[Moments, FloatArray], FloatArray]


def by_family(
    answers: Mapping[float, FamilyAnswer], certain: FamilyAnswer, family: ArrayLike, mean: ArrayLike, variance: ArrayLike, asked: ArrayLike
) -> FloatArray:
    """Each row's answer from its own family, computed only over the rows that have it; `certain` answers for demand that does not vary.

    Missing for a family that has no answer, a negative variance, and a negative mean of anything but a normal. What is never negative and
    is 0 on average is always 0.
    """
    arrays = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in (family, mean, variance, asked)))
    codes, means, variances, arguments = (np.atleast_1d(a) for a in arrays)
    result = np.full(codes.shape, np.nan)
    normal = codes == NORMAL
    known = (variances >= 0) & (normal | (means >= 0)) & ~np.isnan(arguments)
    constant = (variances == 0) | (~normal & (means == 0))
    # Moments so small or large that parameters leave the range of a float come out as missing, without a warning.
    with np.errstate(all="ignore"):
        for code, answer in answers.items():
            member = known & (codes == code)
            for rows, compute in ((member & ~constant, answer), (member & constant, certain)):
                if rows.any():
                    result[rows] = compute(Moments(means[rows], variances[rows]), arguments[rows])
    return result.reshape(arrays[0].shape)
