"""What is known of a SKU in a pool of the demo shop, and how far off a good forecast of it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub.demo.catalogue import Trade
from stockhub.demo.demand_curves import FloatArray, axis, peak_lift
from stockhub.demo.sales import dispersion
from stockhub.demo.shop import DemoShop
from stockhub.demo.supply import Holding

#: Four weeks ahead, the least that anyone plans for, and a week between two looks at the stock.
PLANNED_DAYS: Final = 28
REVIEW_DAYS: Final = 7
#: Standard errors of four weeks' sales that a forecaster may be off by, and what it may be off besides.
SAMPLING_ERRORS: Final = 1.64
MODEL_ERROR: Final = 0.08
#: What a careful buyer, who would be out in one cycle of a hundred, keeps above the mean: a warning that early is not false.
CAREFUL: Final = 2.33
#: By curve: how much further a mean of the past may be from the future, as a logarithm.
DRIFT: Final = {"growing": 0.35, "declining": 0.35, "launched": 0.55, "dying": 0.9, "promoted": 0.35, "intermittent": 0.35}
SEASONAL_DRIFT: Final = 0.2
PEAK_DRIFT: Final = 1.4


@dataclass(frozen=True, slots=True)
class Facts:
    """`free` units for sale, `owed` ones that have been sold already; `lots` as (age in days, units), `arrivals` as (first possible day,
    last possible day, units). `ahead` (h,) is true mean demand from tomorrow on; a good forecast is between `low` and `high` times it.
    """

    trade: Trade
    free: int
    owed: int
    lots: tuple[tuple[int, int], ...]
    arrivals: tuple[tuple[int, int, int], ...]
    ahead: FloatArray
    low: float
    high: float
    days_since_demand: int
    threshold: float

    @property
    def rate(self) -> float:
        return float(self.ahead[:PLANNED_DAYS].mean())

    @property
    def oldest_days(self) -> int:
        return max((age for age, _qty in self.lots), default=0)

    @property
    def careful_days(self) -> float:
        """Days of demand that a careful buyer keeps in reserve."""
        chance = (self.trade.lead_time + REVIEW_DAYS) * dispersion(self.trade, self.rate) / max(self.rate, 1e-9)
        return CAREFUL * float(np.sqrt(chance + self.trade.lead_time_sd**2))

    def demand(self, days: float) -> float:
        """Mean units asked for in so many days."""
        return float(np.interp(days, np.arange(len(self.ahead) + 1), np.concatenate([[0.0], np.cumsum(self.ahead)])))

    def supply(self, days: float) -> int:
        """Units that are free now or certainly there within so many days."""
        return self.free + sum(qty for _first, last, qty in self.arrivals if last <= days)

    def runs_out(self, factor: float, *, early: bool) -> float:
        """The first day that ends without stock at `factor` times the demand, shipments at their earliest or latest; infinity for never."""
        level = self.free - factor * np.cumsum(self.ahead)
        for first, last, qty in self.arrivals:
            level[max((first if early else last) - 1, 0) :] += qty
        out = np.flatnonzero(level <= 0)
        return float(out[0] + 1) if len(out) else float("inf")


def facts_of(shop: DemoShop, position: int) -> Facts:
    trade, holdings = shop.trades[position], shop.holdings_of(position)
    ahead = trade.mean[shop.history_days + 1 :]
    low, high = _band(shop, trade, float(ahead[:PLANNED_DAYS].mean()))
    asked = np.flatnonzero(trade.mean[: shop.history_days + 1] > 0)
    arrivals = [a for h in holdings for a in h.arrivals]
    return Facts(
        trade=trade,
        free=sum(max(h.final, 0) for h in holdings),
        owed=sum(max(-h.final, 0) for h in holdings),
        lots=tuple(lot for h in holdings for lot in lots_left(h, shop)),
        arrivals=tuple((max(min(a.expected_day, a.true_day), 0), max(a.expected_day, a.true_day), a.qty) for a in arrivals),
        ahead=ahead,
        low=low,
        high=high,
        days_since_demand=shop.history_days - int(asked[-1]) if len(asked) else shop.history_days,
        threshold=threshold_of(shop, position),
    )


def threshold_of(shop: DemoShop, position: int) -> int:
    """The line that the seller drew for a SKU in a pool; 0 for none."""
    trade = shop.trades[position]
    days = trade.item.scenario.threshold_days if trade.is_focus else 0.0
    return round(days * float(trade.mean[shop.history_days + 1 : shop.history_days + 1 + PLANNED_DAYS].mean()))


def lots_left(holding: Holding, shop: DemoShop) -> list[tuple[int, int]]:
    """Age in days and units of each lot that is not sold out, first in, first out."""
    lots = [((shop.today - lot.received_on).days, lot.qty) for lot in holding.opening]
    if holding.receipt:
        lots.append((-holding.receipt.day, holding.receipt.qty))
    left, out = max(holding.final, 0), []
    for age, qty in sorted(lots):
        take = min(left, qty)
        left -= take
        if take:
            out.append((age, take))
    return out


def _band(shop: DemoShop, trade: Trade, rate: float) -> tuple[float, float]:
    """Factors on the true mean that a good forecast may be off by."""
    if rate == 0:
        return 1.0, 1.0
    story = trade.item.scenario
    error = MODEL_ERROR + SAMPLING_ERRORS * float(np.sqrt(dispersion(trade, rate) / (PLANNED_DAYS * rate))) + DRIFT.get(story.curve, 0.0)
    error += 0.0 if story.is_told else SEASONAL_DRIFT
    now = shop.history_days
    if story.curve == "promoted" and (peak_lift(axis(now), shop.today)[now - 40 : now + 60] > 1).any():
        error += PEAK_DRIFT
    # Whether a craze lasts nobody knows: it may be over tomorrow.
    calm = float(np.median(trade.mean[now - 60 : now - 7])) / rate if story.curve == "viral" else 1.0
    return calm * float(np.exp(-error)), float(np.exp(error))
