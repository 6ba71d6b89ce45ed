"""Sales cleaned: what an ordinary day asks for, and which days say so (H22; science.md 1.2 to 1.4).

The stored sales stay as they are. What forecasters get is the baseline: sales of part of a day scaled up, days out of stock and days of an
event not observed, single outliers cut to their bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, cast

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
#: A year of so many rows stays in a processor's cache from one step to the next: twice as fast as a whole chunk at once.
_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class CleanedDemand:
    """All arrays are (n, t).

    `demand`: what was asked for, NaN before a row's first day and where nobody can tell. `baseline`: the same without events and single
    outliers, days that say nothing filled from days like them where the past allows it; `observed`: whether a day's baseline was observed.
    `tags`: the number of the event that touches a day, REGULAR where none does. `begun`: from a row's first day on; `unknown`: days of
    which nobody can tell. `problems`: what was wrong with a row's figures, as codes. `always_on_promotion` (n,): rows whose events are
    their ordinary days. `probably_out`: days without a sale that are probably stock-outs nobody recorded, whether or not they count.
    """

    demand: Floats
    baseline: Floats
    observed: Bools
    tags: Ints
    begun: Bools
    unknown: Bools
    outliers: Bools
    spikes: Bools
    problems: dict[int, tuple[str, ...]]
    always_on_promotion: Bools
    probably_out: Bools

    def labels(self, days: int) -> Floats:
        """What the last `days` days (n, d) were, as codes of `DAY_LABELS`; NaN before a row's first day."""
        late = slice(max(self.begun.shape[1] - days, 0), None)
        return np.where(self.begun[:, late], day_labels(self.tags[:, late], self.unknown[:, late]), np.nan)


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
    tags = np.full(values.shape, REGULAR) if tags is None else tags
    how, parts = _How(cut_outliers, least_share, infers_stockouts), []
    for start in range(0, max(len(values), 1), _ROWS_AT_ONCE):
        of = slice(start, start + _ROWS_AT_ONCE)
        parts.append(_cleaned(values[of], in_stock[of], tags[of], how, None if marks is None else marks.rows(of)))
    return parts[0] if len(parts) == 1 else _together(parts)


def _together(parts: Sequence[CleanedDemand]) -> CleanedDemand:
    names = [each.name for each in fields(CleanedDemand) if each.name != "problems"]
    arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    problems = {number * _ROWS_AT_ONCE + row: codes for number, part in enumerate(parts) for row, codes in part.problems.items()}
    return CleanedDemand(**arrays, problems=problems)


@dataclass(frozen=True, slots=True)
class _How:
    cut_outliers: bool
    least_share: float
    infers_stockouts: bool


def _cleaned(values: NDArray[np.float32], in_stock: NDArray[np.float32], tags: Ints, how: _How, marks: DayMarks | None) -> CleanedDemand:
    facts = repaired(values if marks is None else marks.stated_in(values))
    sales, begun = facts.sales, ~np.isnan(facts.sales)
    unknown_stock, share = np.isnan(in_stock), cast("Floats", in_stock / 100.0)
    share[unknown_stock] = 1.0
    contradicted = _contradicted(sales, share, how.least_share)
    share[contradicted] = 1.0
    left_out = facts.unusable
    if marks is not None:
        share[marks.kept] = 1.0
        left_out = left_out | marks.left_out
    # A day that was all in stock asked for what it sold, and most days are such days. Before a row's first day both are missing.
    demand, part = sales.copy(), share < 1.0
    demand[part] = uncensored_demand(sales[part], share[part], how.least_share)
    demand[facts.unusable] = np.nan
    censored = begun & (share < how.least_share)
    tags, always = _of_events(tags, begun, marks)
    usable = ~np.isnan(demand) & ~left_out & (tags == REGULAR)
    probably_out = _probably_out(sales, usable, unknown_stock & ~contradicted[:, None], marks)
    if how.infers_stockouts:
        usable &= ~probably_out
        censored |= probably_out
        demand[probably_out] = np.nan
    ordinary = np.where(usable, demand, np.nan)
    level, outliers, spikes = _without_outliers(ordinary)
    if marks is not None:
        outliers &= ~marks.kept
        level[marks.kept] = ordinary[marks.kept]
    return CleanedDemand(
        demand=demand,
        baseline=_filled(level if how.cut_outliers else ordinary, usable, sales, censored, begun),
        observed=usable,
        tags=tags,
        begun=begun,
        unknown=censored | left_out,
        outliers=outliers,
        spikes=spikes,
        problems=_with(facts.problems, contradicted, STOCK_CONTRADICTS_SALES),
        always_on_promotion=always,
        probably_out=probably_out,
    )


def _of_events(tags: Ints, begun: Bools, marks: DayMarks | None) -> tuple[Ints, Bools]:
    """The tags (n, t) that count, and which rows (n,) are always on promotion: their events are their ordinary days."""
    touched = (tags != REGULAR) & begun
    if marks is not None:
        touched &= ~marks.kept
    if not touched.any():
        return np.full(tags.shape, REGULAR, np.int64), np.zeros(len(tags), np.bool_)
    always: Bools = touched.sum(axis=1) > MOST_EVENT_SHARE * begun.sum(axis=1)
    return np.where(touched & ~always[:, None], tags, REGULAR), always


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


def _without_outliers(days: Floats) -> tuple[Floats, Bools, Bools]:
    """Ordinary days winsorised, and which of them were outliers and spikes. Rows with too few days, or too many flags, stay as they are."""
    count = np.count_nonzero(~np.isnan(days), axis=1)
    found = judged(days)
    few = (count >= FEWEST_DAYS) & (np.count_nonzero(found.outliers | found.spikes, axis=1) <= MOST_OUTLIER_SHARE * count)
    outliers = found.outliers & few[:, None] & (found.winsorised != days)
    level = days.copy()
    level[outliers] = found.winsorised[outliers]
    return level, outliers, found.spikes & few[:, None]


def _filled(level: Floats, usable: Bools, sales: Floats, censored: Bools, begun: Bools) -> Floats:
    """Days that say nothing, filled from the past of their weekday and never below what was sold on a day without stock all the same; 0
    where even that says nothing, NaN before the first day.
    """
    rows = np.flatnonzero((begun & ~usable).any(axis=1))
    if not len(rows):
        return level
    filled, floor = level.copy(), np.where(censored[rows], sales[rows], 0.0)
    filled[rows] = imputed(level[rows], usable[rows], floor).demand
    # A forecaster takes NaN for "before the first day"; these days are marked as not observed.
    filled[begun & np.isnan(filled)] = 0.0
    return filled
