"""What each rival of a SKU did in thirty days against the thirty before: what a trend is made of, and its evidence (H41)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from stockhub.channels.market_models import MarketObservation
from stockhub.formulas.health.market import change_of_means

#: Days of the two windows that are compared.
WINDOW_DAYS: Final = 30
#: Of the older window and of the newer; NaN where nobody told.
BeforeAfter = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RivalWindows:
    """A rival in the two windows: means of its ranks and of its estimated sales, and reviews that it won a day."""

    rival: str
    observations: int
    first_on: date
    last_on: date
    sources: tuple[str, ...]
    rank: BeforeAfter
    sales: BeforeAfter
    reviews: BeforeAfter


def windows_of(observed: Iterable[MarketObservation], last: date) -> list[RivalWindows]:
    """Each rival by its name, from observations of one SKU on one account, the earliest first; what is older than both windows is left."""
    rivals: dict[str, list[MarketObservation]] = defaultdict(list)
    for each in observed:
        if 0 <= (last - each.observed_on).days < 2 * WINDOW_DAYS:
            rivals[each.rival].append(each)
    return [_windows(rival, its, last) for rival, its in sorted(rivals.items())]


def _windows(rival: str, its: Sequence[MarketObservation], last: date) -> RivalWindows:
    ages = [(last - each.observed_on).days for each in its]
    return RivalWindows(
        rival=rival,
        observations=len(its),
        first_on=its[0].observed_on,
        last_on=its[-1].observed_on,
        sources=tuple(sorted({each.source for each in its if each.source})),
        rank=_means(ages, [each.sales_rank for each in its]),
        sales=_means(ages, [each.monthly_sales for each in its]),
        reviews=_gained(ages, [each.reviews for each in its]),
    )


def change_over(pairs: Sequence[BeforeAfter]) -> float | None:
    """What the rival in the middle changed by, as a share of what was before; None where none was seen in both windows."""
    before, after = np.array(pairs, np.float64).reshape(-1, 2).T
    change = change_of_means(before, after)
    return None if np.isnan(change) else change


def _means(ages: Iterable[int], values: Iterable[float | None]) -> BeforeAfter:
    """The mean of the older and of the newer window; NaN where nobody told."""
    halves: tuple[list[float], list[float]] = ([], [])
    for age, value in zip(ages, values, strict=True):
        if value is not None:
            halves[age < WINDOW_DAYS].append(value)
    before, after = (float(np.mean(half)) if half else float("nan") for half in halves)
    return before, after


def _gained(ages: Iterable[int], totals: Iterable[int | None]) -> BeforeAfter:
    """Reviews a day that a rival won in the older and in the newer window: between the first and last sight of each.

    The newer one begins with the last sight of the older, or a rival that is seen once a month would never be compared.
    """
    seen = [(age, total) for age, total in zip(ages, totals, strict=True) if total is not None]
    older = [point for point in seen if point[0] >= WINDOW_DAYS]
    newer = older[-1:] + [point for point in seen if point[0] < WINDOW_DAYS]
    return _pace(older), _pace(newer)


def _pace(points: Sequence[tuple[int, int]]) -> float:
    if len(points) < 2 or points[0][0] == points[-1][0]:
        return float("nan")
    return (points[-1][1] - points[0][1]) / (points[0][0] - points[-1][0])
