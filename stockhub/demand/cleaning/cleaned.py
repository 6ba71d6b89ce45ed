"""Sales cleaned: what an ordinary day asks for, and which days say so (H22; science.md 1.2 to 1.4).

The stored sales stay as they are. What forecasters get is the baseline: sales of part of a day scaled up, days out of stock and days of an
event not observed, single outliers cut to their bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.cleaning.bad_numbers import repaired
from stockhub.demand.cleaning.day_marks import DayMarks
from stockhub.formulas.demand.censoring import LEAST_IN_STOCK_SHARE, uncensored_demand
from stockhub.formulas.demand.imputation import imputed
from stockhub.formulas.demand.outliers import judged
from stockhub.formulas.demand.probable_stockouts import probable_stockouts
from stockhub.formulas.demand.promotions import REGULAR, day_labels

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: With more of its days touched by events than this a SKU is always on promotion: that is its ordinary day.
MOST_EVENT_SHARE: Final = 0.5
#: With more of its days flagged than this a series has a shape, such as strong weekends, and no outliers.
MOST_OUTLIER_SHARE: Final = 0.05
#: Selling on more than this share of at least so many days out of stock proves that the stock's history is wrong.
MOST_CONTRADICTED_SHARE: Final = 0.3
FEWEST_CONTRADICTED: Final = 7
STOCK_CONTRADICTS_SALES: Final = "STOCK_CONTRADICTS_SALES"
#: Fewer ordinary days than this say nothing about what is unusual.
FEWEST_DAYS: Final = 28


@dataclass(frozen=True, slots=True)
class CleanedDemand:
    """All arrays are (n, t).

    `demand`: what was asked for, NaN before a row's first day and where nobody can tell. `baseline`: the same without events and single
    outliers, days that say nothing filled from days like them where the past allows it; `observed`: whether a day's baseline was observed.
    `tags`: the number of the event that touches a day, REGULAR where none does. `labels`: a code of `DAY_LABELS`. `problems`: what was
    wrong with a row's figures, as codes. `always_on_promotion` (n,): rows whose events are their ordinary days. `probably_out`: days
    without a sale that are probably stock-outs nobody recorded, whether or not they count.
    """

    demand: Floats
    baseline: Floats
    observed: Bools
    tags: Ints
    labels: Floats
    outliers: Bools
    spikes: Bools
    problems: dict[int, tuple[str, ...]]
    always_on_promotion: Bools
    probably_out: Bools


def cleaned(
    values: NDArray[np.float32],
    in_stock: NDArray[np.float32],
    tags: Ints | None = None,
    *,
    cut_outliers: bool = True,
    least_share: float = LEAST_IN_STOCK_SHARE,
    infers_stockouts: bool = False,
    marks: DayMarks | None = None,
) -> CleanedDemand:
    """Cleans sales a day (n, t) with per cent in stock (n, t), NaN where nobody knows, and `tags` (n, t) of `promotion_tags`.

    Unknown stock counts as in stock, and so does that of a row that sells without any: its history of stock is wrong. A day with less than
    `least_share` of it in stock is not observed. With `cut_outliers` off, outliers are marked and left as they are. With `infers_stockouts`
    days of unknown stock that are probably stock-outs are not observed either; without it they are marked. What people say of a day, in
    `marks`, stands above all of that.
    """
    facts = repaired(values if marks is None else marks.stated_in(values))
    sales, begun = facts.sales, ~np.isnan(facts.sales)
    share = np.where(np.isnan(in_stock), 1.0, in_stock / 100.0)
    contradicted = _contradicted(sales, share, least_share)
    share[contradicted] = 1.0
    tags = np.full(sales.shape, REGULAR) if tags is None else np.where(begun, tags, REGULAR)
    left_out = np.zeros(sales.shape, np.bool_)
    if marks is not None:
        share[marks.kept] = 1.0
        tags = np.where(marks.kept, REGULAR, tags)
        left_out = marks.left_out
    demand = np.where(facts.unusable, np.nan, np.asarray(uncensored_demand(sales, share, least_share)))
    censored = begun & (share < least_share)
    known = begun & ~np.isnan(demand) & ~left_out
    always = _always_on_promotion(tags, begun)
    tags = np.where(always[:, None], REGULAR, tags)
    usable = known & (tags == REGULAR)
    probably_out = _probably_out(sales, usable, np.isnan(in_stock) & ~contradicted[:, None], marks)
    if infers_stockouts:
        usable &= ~probably_out
        censored |= probably_out
        demand[probably_out] = np.nan
    level, outliers, spikes = _without_outliers(np.where(usable, demand, np.nan))
    if marks is not None:
        outliers &= ~marks.kept
    baseline = np.where(outliers, level, demand) if cut_outliers else demand
    baseline = _filled(np.where(usable, baseline, np.nan), usable, np.where(censored, sales, 0.0), begun)
    return CleanedDemand(
        demand=np.where(begun, demand, np.nan),
        baseline=baseline,
        observed=usable,
        tags=tags,
        labels=np.where(begun, day_labels(tags, censored | facts.unusable | left_out), np.nan),
        outliers=outliers,
        spikes=spikes,
        problems=_with(facts.problems, contradicted, STOCK_CONTRADICTS_SALES),
        always_on_promotion=always,
        probably_out=probably_out,
    )


def expected_without(demand: CleanedDemand, days: Bools, rows: NDArray[np.intp]) -> Floats:
    """The baseline (m, t) of some rows had the `days` (n, t) not been observed: what the ordinary days before them suggest, else NaN."""
    usable = demand.observed[rows] & ~days[rows]
    return imputed(np.where(usable, demand.baseline[rows], np.nan), usable, np.zeros(usable.shape)).demand


def _contradicted(sales: Floats, share: Floats, least_share: float) -> Bools:
    """Rows (n,) that went on selling on days on which they are said to have had no stock: their stock is not known, but wrong."""
    out = (share < least_share) & ~np.isnan(sales)
    wrong: Bools = (out & (sales > 0)).sum(axis=1) > MOST_CONTRADICTED_SHARE * out.sum(axis=1)
    enough: Bools = out.sum(axis=1) >= FEWEST_CONTRADICTED
    return wrong & enough


def _probably_out(sales: Floats, usable: Bools, unknown: Bools, marks: DayMarks | None) -> Bools:
    """Days that are probably stock-outs: never one that a person wants kept as it is."""
    return probable_stockouts(sales, usable, usable & (unknown if marks is None else unknown & ~marks.kept))


def _with(problems: dict[int, tuple[str, ...]], rows: Bools, code: str) -> dict[int, tuple[str, ...]]:
    return problems | {row: (*problems.get(row, ()), code) for row in np.flatnonzero(rows).tolist()}


def _always_on_promotion(tags: Ints, begun: Bools) -> Bools:
    touched = ((tags != REGULAR) & begun).sum(axis=1)
    always: Bools = touched > MOST_EVENT_SHARE * begun.sum(axis=1)
    return always


def _without_outliers(days: Floats) -> tuple[Floats, Bools, Bools]:
    """Ordinary days winsorised, and which of them were outliers and spikes. Rows with too few days, or too many flags, stay as they are."""
    level, outliers, spikes = days.copy(), np.zeros(days.shape, np.bool_), np.zeros(days.shape, np.bool_)
    count = (~np.isnan(days)).sum(axis=1)
    rows = np.flatnonzero(count >= FEWEST_DAYS)
    if not len(rows):
        return level, outliers, spikes
    found = judged(days[rows])
    few = (found.outliers | found.spikes).sum(axis=1) <= MOST_OUTLIER_SHARE * count[rows]
    changed = found.outliers & few[:, None] & (found.winsorised != days[rows])
    outliers[rows], spikes[rows] = changed, found.spikes & few[:, None]
    level[rows] = np.where(changed, found.winsorised, days[rows])
    return level, outliers, spikes


def _filled(baseline: Floats, usable: Bools, floor: Floats, begun: Bools) -> Floats:
    """Days that say nothing, filled from the past of their weekday; 0 where even that says nothing, NaN before the first day."""
    filled = baseline.copy()
    rows = np.flatnonzero((begun & ~usable).any(axis=1))
    if len(rows):
        filled[rows] = imputed(baseline[rows], usable[rows], floor[rows]).demand
    # A forecaster takes NaN for "before the first day"; these days are marked as not observed.
    return np.where(begun & np.isnan(filled), 0.0, filled)
