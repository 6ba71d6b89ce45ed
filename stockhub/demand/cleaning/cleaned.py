"""Sales cleaned: what an ordinary day asks for, and which days say so (H22; science.md 1.2 to 1.4).

The stored sales stay as they are. What forecasters get is the baseline: sales of part of a day scaled up, days out of stock and days of an
event not observed, single outliers cut to their bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.cleaning.bad_numbers import repaired
from stockhub.demand.cleaning.day_marks import DayMarks
from stockhub.formulas.demand.censoring import LEAST_IN_STOCK_SHARE, uncensored_demand
from stockhub.formulas.demand.imputation import imputed
from stockhub.formulas.demand.outliers import judged
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
    their ordinary days.
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
    marks: DayMarks | None = None,
) -> CleanedDemand:
    """Cleans sales a day (n, t) with per cent in stock (n, t), NaN where nobody knows, and `tags` (n, t) of `promotion_tags`.

    Unknown stock counts as in stock, and so does that of a row that sells without any: its history of stock is wrong. A day with less than
    `least_share` of it in stock is not observed. With `cut_outliers` off, outliers are marked and left as they are. What people say of a
    day, in `marks`, stands above all of that.
    """
    tags = np.full(values.shape, REGULAR) if tags is None else tags
    parts = []
    for start in range(0, max(len(values), 1), _ROWS_AT_ONCE):
        of = slice(start, start + _ROWS_AT_ONCE)
        said = None if marks is None else marks.rows(of)
        parts.append(_cleaned(values[of], in_stock[of], tags[of], cut_outliers, least_share, said))
    return parts[0] if len(parts) == 1 else _together(parts)


def _together(parts: Sequence[CleanedDemand]) -> CleanedDemand:
    names = [each.name for each in fields(CleanedDemand) if each.name != "problems"]
    arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    problems = {number * _ROWS_AT_ONCE + row: codes for number, part in enumerate(parts) for row, codes in part.problems.items()}
    return CleanedDemand(**arrays, problems=problems)


def _cleaned(
    values: NDArray[np.float32],
    in_stock: NDArray[np.float32],
    tags: Ints,
    cut_outliers: bool,  # noqa: FBT001 - `cleaned` takes it by name
    least_share: float,
    marks: DayMarks | None,
) -> CleanedDemand:
    facts = repaired(values if marks is None else marks.stated_in(values))
    sales, begun = facts.sales, ~np.isnan(facts.sales)
    share = np.where(np.isnan(in_stock), 1.0, in_stock / 100.0)
    contradicted = _contradicted(sales, share, least_share)
    share[contradicted] = 1.0
    tags = np.where(begun, tags, REGULAR)
    left_out = np.zeros(sales.shape, np.bool_)
    if marks is not None:
        share[marks.kept] = 1.0
        tags = np.where(marks.kept, REGULAR, tags)
        left_out = marks.left_out
    # A day that was all in stock asked for what it sold, and most days are such days.
    demand, part = sales.copy(), share < 1.0
    demand[part] = uncensored_demand(sales[part], share[part], least_share)
    demand[facts.unusable] = np.nan
    censored = begun & (share < least_share)
    known = begun & ~np.isnan(demand) & ~left_out
    always = _always_on_promotion(tags, begun)
    tags = np.where(always[:, None], REGULAR, tags)
    usable = known & (tags == REGULAR)
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
        begun=begun,
        unknown=censored | facts.unusable | left_out,
        outliers=outliers,
        spikes=spikes,
        problems=_with(facts.problems, contradicted, STOCK_CONTRADICTS_SALES),
        always_on_promotion=always,
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
