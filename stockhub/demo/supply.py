"""Stock of the demo shop: opening lots, what came in since, what is on its way; all of it fitted to what was sold and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, cast

import numpy as np
import pandas as pd

from stockhub.core import clock
from stockhub.demo.catalogue import Trade
from stockhub.demo.demand_curves import FloatArray
from stockhub.demo.places import CN, CN_LIVE, CN_MAIN, FBA, FBA_US, US_3PL, house, vendor
from stockhub.demo.sales import LIVE_SHARE, Bundle

#: Days that the ledger reaches back; older sales are facts for the forecasts only.
LEDGER_DAYS: Final = 60
#: Days of sales that lie in stock when the next receipt comes.
BUFFER_DAYS: Final = 4.0
#: Days ago on which suppliers' lorries came.
DELIVERY_DAYS: Final = (14, 19, 24, 29, 34, 39, 44, 49)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An open shipment of one SKU: what the papers say and when it really comes, in days from today."""

    code: str
    expected_day: int
    true_day: int
    qty: int


@dataclass(frozen=True, slots=True)
class LotPlan:
    received_on: date
    qty: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a supplier delivered while the ledger was running, `day` relative to today."""

    code: str
    day: int
    qty: int


@dataclass(slots=True)
class Holding:
    """One trade in one warehouse. `sold` (d,) by day of the ledger, today last; `final` is free to sell now, negative for units owed."""

    trade: int
    house: str
    final: int
    sold: FloatArray = field(compare=False)
    opening: list[LotPlan] = field(default_factory=list)
    receipt: Receipt | None = None
    arrivals: list[Arrival] = field(default_factory=list)

    def closing(self) -> FloatArray:
        """Stock at the end of each day of the ledger."""
        level = sum(lot.qty for lot in self.opening) - np.cumsum(self.sold)
        if self.receipt:
            level[LEDGER_DAYS + self.receipt.day :] += self.receipt.qty
        return level


def ledger_start(house_code: str, now: datetime) -> datetime:
    zone = house(house_code).time_zone
    return clock.start_of_day(clock.business_day(now, zone) - timedelta(days=LEDGER_DAYS), zone)


def plan_gaps(rng: np.random.Generator, trades: Sequence[Trade]) -> dict[int, tuple[int, int]]:
    """Days without stock: up to now for those that are out, a week in the past for one in twenty of the others."""
    gaps: dict[int, tuple[int, int]] = {}
    for position, trade in enumerate(trades):
        story = trade.item.scenario
        if story.out_days and trade.is_focus:
            gaps[position] = (-int(rng.integers(*story.out_days)), 1)
        elif story.slug == "mature" and not trade.item.live and rng.random() < 0.08:
            first = -int(rng.integers(25, 45))
            gaps[position] = (first, first + int(rng.integers(4, 9)))
    return gaps


def units_taken(lines: pd.DataFrame, bundles: Sequence[Bundle], now: datetime) -> dict[tuple[int, str], FloatArray]:
    """Units (61,) that orders took, by trade, warehouse and day of the ledger; a set takes one of each part."""
    kept = lines[(lines["status"] != "cancelled") & (lines["trade"] > -1000)]
    own = kept[kept["trade"] >= 0][["trade", "house", "ordered", "units"]]
    parts = [
        kept[kept["trade"] == -1 - number][["house", "ordered", "units"]].assign(trade=part)
        for number, bundle in enumerate(bundles)
        for part in bundle.parts
    ]
    every = pd.concat([own, *parts], ignore_index=True)
    out: dict[tuple[int, str], FloatArray] = {}
    starts = {code: int(ledger_start(code, now).timestamp()) for code in every["house"].unique()}
    for key, rows in every.groupby(["trade", "house"], sort=True):
        trade, code = cast("tuple[int, str]", key)
        day = (rows["ordered"].to_numpy(np.int64) - starts[code]) // 86_400
        inside = day >= 0
        units = rows["units"].to_numpy(np.float64)[inside]
        taken = np.bincount(np.minimum(day[inside], LEDGER_DAYS), units, minlength=LEDGER_DAYS + 1)
        out[int(trade), code] = taken.astype(np.float64)
    return out


def plan_holdings(
    rng: np.random.Generator, trades: Sequence[Trade], gaps: Mapping[int, tuple[int, int]], taken: Mapping[tuple[int, str], FloatArray],
    history: int, today: date,
) -> list[Holding]:  # fmt: skip
    """The stock of every trade: what is left is the scenario's, what came in is what was sold besides."""
    holdings: list[Holding] = []
    for position, trade in enumerate(trades):
        left = _final_units(rng, trade, history)
        for code in _houses_of(trade):
            share = {CN_LIVE: LIVE_SHARE, CN_MAIN: 1 - LIVE_SHARE}.get(code, 1.0) if trade.item.live and trade.pool == CN else 1.0
            sold = taken.get((position, code), np.zeros(LEDGER_DAYS + 1))
            holding = Holding(position, code, round(left * share), sold)
            _fill(rng, holding, trade, gaps.get(position), history, today)
            holdings.append(holding)
    return holdings


def _houses_of(trade: Trade) -> tuple[str, ...]:
    if trade.pool == CN:
        return (CN_MAIN, CN_LIVE) if trade.item.live else (CN_MAIN,)
    return (FBA_US,) if trade.pool == FBA else (US_3PL,)


def _final_units(rng: np.random.Generator, trade: Trade, history: int) -> int:
    story = trade.item.scenario
    if story.owed_orders and trade.is_focus:
        return -story.owed_orders
    if not trade.is_focus:
        return round(rng.uniform(*story.other_days) * _pace(trade, history))
    cover = rng.uniform(*story.cover_days)
    if story.cover_of_peak:
        return max(round(cover * float(trade.mean[: history + 1].max())), 12)
    return round(cover * _pace(trade, history))


def _pace(trade: Trade, history: int) -> float:
    """Mean demand a day of the four weeks ahead; of something viral, what it was before."""
    ahead = trade.mean[history + 1 : history + 29]
    if trade.item.scenario.curve == "viral":
        ahead = trade.mean[history - 35 : history - 7]
    if trade.item.scenario.curve == "promoted":
        ahead = trade.mean[: history + 1]
        return float(np.median(ahead[ahead > 0]))
    return float(ahead.mean())


def _fill(rng: np.random.Generator, holding: Holding, trade: Trade, gap: tuple[int, int] | None, history: int, today: date) -> None:
    story, code = trade.item.scenario, f"{trade.item.code}-{holding.house}"
    need = int(holding.sold.sum()) + holding.final
    if story.old_lots and trade.is_focus:
        oldest = int(rng.integers(*story.old_lots))
        holding.opening = [LotPlan(today - timedelta(days=oldest), need)] if need else []
        return
    day = gap[1] if gap and gap[1] < 0 else -int(rng.choice(DELIVERY_DAYS))
    before = int(holding.sold[: LEDGER_DAYS + day].sum())
    if gap and gap[1] < 0:
        opening = before
    elif gap:
        opening = need
    else:
        opening = min(before + round(BUFFER_DAYS * float(trade.mean[history + day])), need)
    if trade.item.launch_day > -LEDGER_DAYS:
        opening = need
    age = int(rng.integers(LEDGER_DAYS + 2, LEDGER_DAYS + 25)) if trade.item.launch_day <= -LEDGER_DAYS - 25 else LEDGER_DAYS
    if opening:
        holding.opening = [LotPlan(today - timedelta(days=age), opening)]
    if need > opening:
        holding.receipt = Receipt(f"PO-{code}", day, need - opening)
    if story.inbound and trade.is_focus:
        expected, true, days = story.inbound
        holding.arrivals = [Arrival(f"SH-{code}", expected, true, max(round(days * _pace(trade, history)), 1))]
    elif not story.is_told and holding.house == CN_MAIN and rng.random() < 0.15:
        when, late = int(rng.integers(4, 25)), vendor(trade.item.vendor).late_days
        holding.arrivals = [Arrival(f"SH-{code}", when, when + late, max(round(rng.uniform(8, 20) * _pace(trade, history)), 1))]
