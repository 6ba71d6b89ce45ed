"""ABC by cumulative share of value, XYZ by how much demand varies (H89, E11; science.md 3.8).

The basis of ABC is the caller's: revenue, units, margin or stock value of the trailing 365 days, a number for each SKU. A class is a
code, its position in `ABC_CLASSES` or `XYZ_CLASSES`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, greater, where

#: Names of the classes; `N` are SKUs too new to be classed.
ABC_CLASSES: Final = ("A", "B", "C", "N")
CLASS_A, CLASS_B, CLASS_C, CLASS_NEW = 0.0, 1.0, 2.0, 3.0
XYZ_CLASSES: Final = ("X", "Y", "Z")
CLASS_X, CLASS_Y, CLASS_Z = 0.0, 1.0, 2.0

#: How the stock of a class is controlled (H89): a fixed quantity whenever the order point is reached, what is missing at fixed intervals,
#: or only what somebody asks for.
CONTROL_METHODS: Final = ("fixed_quantity", "fixed_period", "on_demand")
FIXED_QUANTITY, FIXED_PERIOD, ON_DEMAND = 0.0, 1.0, 2.0

#: Cumulative share of the basis, before the SKU, under which it is A, and under which B (H89).
A_SHARE = 0.75
B_SHARE = 0.95
#: Days for which a SKU is new.
NEW_DAYS = 90.0
#: The largest coefficients of variation of X and of Y.
X_VARIATION = 0.5
Y_VARIATION = 1.0

#: A share is a sum of many floats over another: closer to a cut than this it lies on it.
_SHARE_TOLERANCE = 1e-12


def cumulative_share_before(basis: FloatArray, codes: NDArray[np.str_] | NDArray[np.int64]) -> FloatArray:
    """The share (n,), 0 to 1, of the total that SKUs of higher value take: 0 for the first. Ties go by `codes` (n,), ascending.

    SKUs without a value above 0 take no part, neither in the total nor in the order, and neither do missing ones: NaN for these.
    """
    value = np.where(basis > 0, basis, 0.0)
    order = np.lexsort((codes, -value))
    upto = np.cumsum(value[order])
    share = np.full(len(value), np.nan)
    if len(upto) and upto[-1] > 0:
        share[order] = np.append(0.0, upto[:-1]) / upto[-1]
    return np.where(basis > 0, share, np.nan)


@explained(unit="class")
def abc_class(
    basis: N,
    share_before: N,
    age_days: N,
    *,
    a_share: N | float = A_SHARE,
    b_share: N | float = B_SHARE,
    new_days: N | float = NEW_DAYS,
) -> N:
    """The ABC class: A while the share before the SKU is under `a_share`, so that one which crosses a cut is still above it; new ones `N`.

    Without a value above 0, C. `share_before` comes from `cumulative_share_before`; `age_days` counts from the first day on sale.
    """
    ranked: N = where(
        greater(a_share - _SHARE_TOLERANCE, share_before),
        CLASS_A,
        where(greater(b_share - _SHARE_TOLERANCE, share_before), CLASS_B, CLASS_C),
    )
    settled = where(greater(basis, 0.0), ranked, CLASS_C)
    return where(greater(new_days, age_days), CLASS_NEW, settled)


def demand_statistics(demand: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and coefficient of variation (…) of demand (…, t), population deviation; missing periods are left out.

    The coefficient is NaN where the mean is not above 0; both are where nothing is known. 12 months or 26 weeks are usual; a seasonal SKU
    is deseasonalised first (`seasonality.deseasonalised`).
    """
    known = np.isfinite(demand)
    periods = known.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, demand, 0.0).sum(axis=-1) / periods
        deviations = np.where(known, demand - mean[..., None], 0.0)
        variation = np.sqrt((deviations * deviations).sum(axis=-1) / periods) / mean
    return mean, np.where(mean > 0, variation, np.nan)


@explained(unit="class")
def xyz_class(mean: N, variation: N, *, x_variation: N | float = X_VARIATION, y_variation: N | float = Y_VARIATION) -> N:
    """The XYZ class of `demand_statistics`: X up to .5, Y up to 1, Z above and where nothing is asked for."""
    steady: N = where(at_least(x_variation, variation), CLASS_X, where(at_least(y_variation, variation), CLASS_Y, CLASS_Z))
    return where(greater(mean, 0.0), steady, CLASS_Z)


@explained(unit="class")
def control_method(abc: N, xyz: N) -> N:
    """How a class is controlled: A by a fixed quantity, the others at fixed intervals, and C of erratic demand when somebody asks (H89)."""
    bought_on_demand = both(_is(abc, CLASS_C), _is(xyz, CLASS_Z))
    return where(_is(abc, CLASS_A), FIXED_QUANTITY, where(bought_on_demand, ON_DEMAND, FIXED_PERIOD))


def _is(code: N, of: float) -> N:
    """1 where a code is the given one."""
    return both(at_least(code, of), at_least(of, code))


def class_shares(basis: FloatArray, classes: FloatArray) -> FloatArray:
    """The share (4,) of the basis' total that each of `ABC_CLASSES` takes; NaN where the total is 0. Values up to 0 count as 0."""
    known = np.isfinite(classes) & (basis > 0)
    sums = np.bincount(classes[known].astype(np.int64), basis[known], minlength=len(ABC_CLASSES)).astype(np.float64)
    whole = sums.sum()
    return sums / whole if whole > 0 else np.full(len(ABC_CLASSES), np.nan)
