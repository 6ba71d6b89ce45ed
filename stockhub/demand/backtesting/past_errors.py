"""Lead-time sums of a model that gives only means, by what its own were off by at earlier cutoffs (docs/adr/0048)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.backtesting.answers import LEVELS, Answer
from stockhub.formulas.demand.classification import DEMAND_CLASSES
from stockhub.formulas.distributions.conformal_sums import conformal_sums, known_sums, learn_sums, together
from stockhub.formulas.elementwise import FloatArray


@dataclass(frozen=True, slots=True)
class Past:
    """What a model said at an earlier cutoff and what came: demand (n, h), NaN where unknown, open days (n, h) and kinds of then (n,)."""

    answer: Answer
    actual: FloatArray
    is_open: NDArray[np.bool_] | None
    kinds: NDArray[np.int64]


def mend_sums(
    answer: Answer, past: Sequence[Past], is_open: NDArray[np.bool_] | None, kinds: NDArray[np.int64], lead_times: Sequence[int]
) -> None:
    """Puts into an answer the quantiles of the sums that are not the model's own; nothing changes where too little is known of its past."""
    rows = np.flatnonzero(~answer.own_sums)
    if not len(rows) or not past or not lead_times:
        return
    sums = [known_sums(each.actual, each.answer.mean, each.answer.error_sd, each.is_open, each.kinds, lead_times) for each in past]
    learned = learn_sums(together(sums), LEVELS, len(DEMAND_CLASSES))
    mean, opened = answer.mean[rows], np.ones((len(rows), answer.mean.shape[1])) if is_open is None else is_open[rows].astype(np.float64)
    expected, days = (np.stack([part[:, :lead].sum(axis=1) for lead in lead_times], axis=1) for part in (mean, opened))
    found = conformal_sums(learned, expected, answer.error_sd[rows], days, lead_times, kinds[rows])
    answer.sums[rows] = np.where(np.isnan(found), answer.sums[rows], found)
