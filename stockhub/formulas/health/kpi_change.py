"""Why a key figure changed: what each member of a place contributes to the change of a ratio of sums (H84).

A figure of a place is N/D, sums over its members. Between two days

    N1/D1 − N0/D0 = Σ (Δn − R·Δd) / D,   R = (N0/D0 + N1/D1)/2,   D = (D0 + D1)/2,

which is an identity: N1 − N0 = R1·D1 − R0·D0 = R·ΔD + D·ΔR. So each member has a contribution, they add up to the change exactly, no order
of members matters, and swapping the days swaps the signs. It is Bennet's decomposition (The Theory of Measurement of Changes in Cost of
Living, Journal of the Royal Statistical Society 83, 1920) of a ratio. A member that sells less of what all others sell as before is told
apart from one that only became a larger part of the whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stockhub.formulas.elementwise import FloatArray


class Sums(NamedTuple):
    """Numerators and denominators (n,) of the members of a place, in the figure's unit; a member that is not there has 0 of both."""

    numerator: FloatArray
    denominator: FloatArray


def figure_of(members: Sums) -> float:
    """The figure of all members together; NaN where they have no denominator."""
    whole = float(members.denominator.sum())
    return float(members.numerator.sum()) / whole if whole else float("nan")


def contributions(before: Sums, after: Sums) -> FloatArray:
    """What each member (n,) contributes to the change from `before` to `after`; NaN throughout where the figure of either is missing."""
    return contributions_within(before, after, whole_before=before, whole_after=after)


def contributions_within(before: Sums, after: Sums, *, whole_before: Sums, whole_after: Sums) -> FloatArray:
    """The same of members (n,) of a part, such as the SKUs of a category, to the change of the whole."""
    mean_figure = (figure_of(whole_before) + figure_of(whole_after)) / 2.0
    mean_whole = float(whole_before.denominator.sum() + whole_after.denominator.sum()) / 2.0
    if not np.isfinite(mean_figure) or not mean_whole:
        return np.full(len(before.numerator), np.nan)
    changed = (after.numerator - before.numerator) - mean_figure * (after.denominator - before.denominator)
    return np.asarray(changed / mean_whole, np.float64)
