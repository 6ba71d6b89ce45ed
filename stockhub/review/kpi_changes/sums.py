"""What each key figure is a ratio of, and its parts by category and pool on a day (H84)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import CategoryTurnover, StockFigures
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.kpi_change import Sums
from stockhub.formulas.health.turnover import DAYS_A_YEAR
from stockhub.formulas.health.turnover_rules import STREAK_MONTHS
from stockhub.overview.figures import FIGURES, WHOLE, padded

#: The ids of a pool and of a category in it, 0 for SKUs of none.
Cell = tuple[int, int]
Figures = Mapping[str, FloatArray]
NO_CATEGORY: Final = 0


@dataclass(frozen=True, slots=True)
class Ratio:
    """Numerator and denominator of a key figure, from the figures of its members; without a denominator it is a plain sum."""

    numerator: Callable[[Figures], FloatArray]
    denominator: Callable[[Figures], FloatArray] | None = None

    def sums(self, figures: Figures) -> Sums:
        numerator = np.nan_to_num(self.numerator(figures))
        if self.denominator is None:
            # Shared out evenly, a denominator that does not change takes nothing from anybody's contribution.
            return Sums(numerator, np.full(len(numerator), 1.0 / max(len(numerator), 1)))
        return Sums(numerator, np.nan_to_num(self.denominator(figures)))


#: Key figures whose parts are kept for every day.
DAILY: Final[Mapping[str, Ratio]] = {
    "stock_to_sales": Ratio(lambda x: x["stock_units"], lambda x: x["sold_30"]),
    "dead_share": Ratio(lambda x: x["dead_value"], lambda x: x["stock_value"]),
    "fill_rate": Ratio(lambda x: x["served_30"], lambda x: x["served_30"] + x["missed_30"]),
    "logistics_saving": Ratio(lambda x: x["logistics_usual"] - x["logistics_paid"]),
    "logistics_saving_share": Ratio(lambda x: x["logistics_usual"] - x["logistics_paid"], lambda x: x["logistics_usual"]),
    "excess_share": Ratio(lambda x: x["excess_units"], lambda x: x["forecast_units"]),
    "sell_through": Ratio(lambda x: x["shipped_quarter"], lambda x: x["held_quarter"]),
    "stranded_share": Ratio(lambda x: x["stranded_units"], lambda x: x["listed_units"]),
    "in_stock_rate": Ratio(lambda x: x["in_stock_days"], lambda x: x["in_stock_weight"]),
}
#: Of months: the last quarter beside the one before it.
QUARTERLY: Final = "turnover_quarter"
#: A score of other key figures, which explain it.
SCORE: Final = "health_score"
#: Twelve months are kept, so that there is no year to compare a year with.
UNCOMPARED: Final = "turnover_year"


def days_to_compare(days: int) -> tuple[date | None, date] | None:
    """The latest day with figures, after the last one that is `days` back or more, else the earliest, else None. None without figures."""
    told = list(StockFigures.objects.filter(chunk=WHOLE).order_by("day").values_list("day", flat=True).distinct())
    if not told:
        return None
    back = [day for day in told if day <= told[-1] - timedelta(days=days)] or told[:-1][:1]
    return (back[-1] if back else None), told[-1]


def cells_on(day: date, pools: Collection[int]) -> dict[Cell, FloatArray]:
    """The figures of each category in each of the pools on a day."""
    rows = StockFigures.objects.filter(chunk=WHOLE, day=day, pool_id__in=list(pools))
    return {(row.pool_id, row.category_id or NO_CATEGORY): padded(row.figures) for row in rows}


def as_figures(cells: Mapping[Cell, FloatArray], order: Collection[Cell]) -> dict[str, FloatArray]:
    """The figures of some cells in an order, a column each; those that are not there are 0."""
    nothing = np.zeros(len(FIGURES))
    table = np.stack([cells.get(cell, nothing) for cell in order]) if order else np.zeros((0, len(FIGURES)))
    return {name: table[:, place] for place, name in enumerate(FIGURES)}


@dataclass(frozen=True, slots=True)
class Quarters:
    """Cost of sales and mean stock at cost (c, months) of cells, and which months of either quarter are known of all they belong to."""

    cells: list[Cell]
    cogs: FloatArray
    inventory: FloatArray
    months: Months

    def known(self, cells: Collection[Cell]) -> NDArray[np.bool_]:
        """Which months (months,) count for a place of these cells: those that any of them is known of, as in the place's own figure."""
        at = self._at(cells)
        return np.asarray((np.isfinite(self.cogs[at]) & np.isfinite(self.inventory[at])).any(axis=0))

    def sums(self, cells: Collection[Cell]) -> tuple[Sums, Sums]:
        """What turnover is made of for these cells, in their order: of the quarter before the last, and of the last."""
        at = self._at(cells)
        return quarter_sums(self.cogs[at], self.inventory[at], self.months.lengths, self.known(cells))

    def _at(self, cells: Collection[Cell]) -> list[int]:
        return [self.cells.index(cell) for cell in cells]


def quarter_sums(cogs: FloatArray, inventory: FloatArray, lengths: FloatArray, known: NDArray[np.bool_]) -> tuple[Sums, Sums]:
    """Of members (n, months): what turnover is made of in the months (months,) that are known, of the last quarter and the one before."""
    last = np.arange(cogs.shape[1]) >= cogs.shape[1] - STREAK_MONTHS
    before = ~last & (np.arange(cogs.shape[1]) >= cogs.shape[1] - 2 * STREAK_MONTHS)
    first, second = (_flow(cogs, inventory, lengths, known & quarter) for quarter in (before, last))
    return first, second


def _flow(cogs: FloatArray, inventory: FloatArray, lengths: FloatArray, months: NDArray[np.bool_]) -> Sums:
    span = float(lengths[months].sum())
    if not span:
        return Sums(np.zeros(len(cogs)), np.zeros(len(cogs)))
    sold = np.nan_to_num(cogs[:, months]).sum(axis=1) * DAYS_A_YEAR / span
    return Sums(sold, (np.nan_to_num(inventory[:, months]) * lengths[months]).sum(axis=1) / span)


def quarters(pools: Collection[int]) -> Quarters | None:
    """The months of the categories of some pools, SKUs of none being what the whole pool has beyond them; None where nothing is kept."""
    today = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
    months = Months.before(today - timedelta(days=1))
    since = (months.last_month - timedelta(days=1)).replace(day=1)
    cogs: dict[Cell, FloatArray] = {}
    inventory: dict[Cell, FloatArray] = {}
    whole = []
    for row in CategoryTurnover.objects.filter(pool_id__in=list(pools), last_month__gte=since):
        if row.category_id is None:
            whole.append(row)
        else:
            cogs[row.pool_id, row.category_id], inventory[row.pool_id, row.category_id] = row.cogs, row.inventory
    for row in whole:
        its = [cell for cell in cogs if cell[0] == row.pool_id]
        rest = (row.pool_id, NO_CATEGORY)
        cogs[rest] = row.cogs - sum((np.nan_to_num(cogs[cell]) for cell in its), np.zeros(len(row.cogs)))
        inventory[rest] = row.inventory - sum((np.nan_to_num(inventory[cell]) for cell in its), np.zeros(len(row.cogs)))
    cells = sorted(cogs)
    if not cells:
        return None
    return Quarters(cells, np.stack([cogs[each] for each in cells]), np.stack([inventory[each] for each in cells]), months)
