"""Orders of the demo shop: what chance makes of the true demand, line by line, and what happens to orders in real life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.demo.catalogue import MULTIPACK, Trade
from stockhub.demo.demand_curves import FloatArray
from stockhub.demo.places import CN, CN_LIVE, CN_MAIN, FBA, FBA_US, US, US_3PL, pool, shop

IntArray = NDArray[np.int64]
#: Units a line and how often; SKUs that sell now and then go in larger numbers.
SIZES: Final = (np.array([1, 2, 3]), np.array([0.86, 0.10, 0.04]))
LUMPS: Final = (np.array([2, 3, 4, 6]), np.array([0.3, 0.3, 0.2, 0.2]))
#: Variance of a day's own luck, a gamma factor on the mean.
LUCK: Final = 0.05
CANCELLED_SHARE: Final = 0.04
JOINED_SHARE: Final = 0.06
LIVE_SHARE: Final = 0.3
#: By hour of the local day, midnight first.
HOURS: Final = np.array([1, 0.6, 0.4, 0.3, 0.3, 0.5, 1, 1.6, 2.2, 2.8, 3.2, 3.2, 3.4, 3, 2.8, 2.8, 3, 3.2, 3.6, 4.6, 6, 6.4, 4.6, 2.4])
SHIP_BY_HOURS: Final[Mapping[str, int]] = {CN: 48, FBA: 48, US: 72}
#: How long after an order the parcel leaves: at least, at most.
SHIP_AFTER_HOURS: Final[Mapping[str, tuple[int, int]]] = {CN: (4, 28), FBA: (4, 30), US: (6, 40)}
#: Orders that no stock is left for were made so many hours ago, which leaves 20 until they are due.
OWED_HOURS_AGO: Final = 28
PROVINCES: Final = np.array(["Zhejiang", "Guangdong", "Jiangsu", "Sichuan", "Shandong", "Hubei"])
HOUR: Final = 3600
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Bundle:
    """A set: one of each part. It has no stock of its own."""

    code: str
    name: str
    parts: tuple[int, ...]


def sizes_of(trade: Trade) -> tuple[IntArray, FloatArray]:
    return LUMPS if trade.item.scenario.curve == "intermittent" else SIZES


def dispersion(trade: Trade, rate: float) -> float:
    """Variance over mean of the units of a day at that rate."""
    sizes, odds = sizes_of(trade)
    return float(sizes**2 @ odds) / float(sizes @ odds) + LUCK * rate


def listing_code(code: str, pool_code: str) -> str:
    return code if pool_code == CN else f"{code}-US"


def draw_lines(
    rng: np.random.Generator,
    trades: Sequence[Trade],
    gaps: Mapping[int, tuple[int, int]],
    bundles: Sequence[Bundle],
    now: datetime,
    history: int,
) -> pd.DataFrame:
    """All order lines up to `now`, oldest first, with their order: trade (its position; below 0 for other codes), pool, house, code, price.

    `gaps`: by trade the days (first, end) relative to today without stock. `units` is what a line takes; `qty` is units of the listing.
    """
    trade, day, units = _regular(rng, trades, gaps, history)
    at = _midnights(trades, now, history)[trade, day + history] + _seconds(rng, len(day))
    past = at <= now.timestamp()
    for position, t in enumerate(trades):
        if t.item.scenario.owed_orders and t.is_focus:
            past &= ~((trade == position) & (at > now.timestamp() - (OWED_HOURS_AGO + 2) * HOUR))
    frames = [_frame(rng, trades, trade[past], at[past], units[past])]
    frames += [_owed(trades, now), _of_bundles(rng, trades, bundles, now), _unmapped(rng, now)]
    lines = pd.concat(frames, ignore_index=True).sort_values(["pool", "at", "code"], kind="stable", ignore_index=True)
    return _orders(rng, lines, now)


def _regular(
    rng: np.random.Generator, trades: Sequence[Trade], gaps: Mapping[int, tuple[int, int]], history: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Trade, day and units of each line. The mean is raised by what is cancelled later, so that the truth is net demand."""
    mean = np.stack([t.mean[: history + 1] / float(np.dot(*sizes_of(t))) for t in trades]) / (1 - CANCELLED_SHARE)
    for position, (first, end) in gaps.items():
        mean[position, history + first : history + end] = 0.0
    counts = rng.poisson(mean * rng.gamma(1 / LUCK, LUCK, mean.shape))
    for position, (_first, end) in gaps.items():
        counts[position, history + end :] *= 0 if end >= 0 else 1
    trade, column = np.nonzero(counts)
    repeats = counts[trade, column]
    trade, day = np.repeat(trade, repeats), np.repeat(column, repeats) - history
    units = rng.choice(SIZES[0], len(trade), p=SIZES[1])
    lumpy = np.array([sizes_of(t) is LUMPS for t in trades])[trade]
    units[lumpy] = rng.choice(LUMPS[0], int(lumpy.sum()), p=LUMPS[1])
    return trade.astype(np.int64), day.astype(np.int64), units.astype(np.int64)


def _midnights(trades: Sequence[Trade], now: datetime, history: int) -> IntArray:
    """Seconds of the first instant of each day -history … 0 of each trade's account."""
    by_zone: dict[str, IntArray] = {}
    for t in trades:
        zone = shop(pool(t.pool).account).time_zone
        if zone not in by_zone:
            today = clock.business_day(now, zone)
            days = [clock.start_of_day(today - timedelta(days=d), zone) for d in range(history, -1, -1)]
            by_zone[zone] = np.array([int(d.timestamp()) for d in days], np.int64)
    return np.stack([by_zone[shop(pool(t.pool).account).time_zone] for t in trades])


def _seconds(rng: np.random.Generator, n: int) -> IntArray:
    hour = rng.choice(24, n, p=HOURS / HOURS.sum())
    return (hour * HOUR + rng.integers(0, HOUR, n)).astype(np.int64)


def _frame(rng: np.random.Generator, trades: Sequence[Trade], trade: IntArray, at: IntArray, units: IntArray) -> pd.DataFrame:
    pools = np.array([t.pool for t in trades], dtype=object)[trade]
    live = np.array([t.item.live and t.pool == CN for t in trades])[trade] & (rng.random(len(trade)) < LIVE_SHARE)
    house = np.select([live, pools == CN, pools == FBA], [CN_LIVE, CN_MAIN, FBA_US], US_3PL)
    code = np.array([listing_code(t.item.code, t.pool) for t in trades], dtype=object)[trade]
    price = np.array([float(t.item.price_cny if t.pool == CN else t.item.price_usd) for t in trades])[trade]
    pay = rng.choice([1.0, 0.95, 0.9, 0.8], len(trade), p=[0.7, 0.15, 0.1, 0.05])
    packs = np.array([t.pool == FBA and position % 5 == 0 for position, t in enumerate(trades)])[trade] & (units == MULTIPACK)
    return pd.DataFrame(
        {
            "trade": trade, "pool": pools, "house": house, "at": at, "units": units,
            "code": np.where(packs, code + "-3PK", code),
            "qty": np.where(packs, 1, units),
            "price": np.round(price * pay * np.where(packs, MULTIPACK * 0.9, 1.0), 2),
            "promo": np.where(pay < 0.9, "coupon", ""), "live": live, "owed": False,
        }
    )  # fmt: skip


def _extra(rows: list[tuple[int, str, str, int, int, str, float, bool]]) -> pd.DataFrame:
    """Lines with (trade, pool, house, at, units, code, price, owed)."""
    frame = pd.DataFrame(rows, columns=["trade", "pool", "house", "at", "units", "code", "price", "owed"])
    return frame.assign(qty=frame["units"], promo="", live=False)


def _owed(trades: Sequence[Trade], now: datetime) -> pd.DataFrame:
    """Paid orders that no stock is left for, due in 20 hours."""
    start = int(now.timestamp()) - OWED_HOURS_AGO * HOUR
    return _extra(
        [
            (position, t.pool, CN_MAIN, start + 420 * number, 1, listing_code(t.item.code, t.pool), float(t.item.price_cny), True)
            for position, t in enumerate(trades)
            if t.is_focus
            for number in range(t.item.scenario.owed_orders)
        ]
    )


def _of_bundles(rng: np.random.Generator, trades: Sequence[Trade], bundles: Sequence[Bundle], now: datetime) -> pd.DataFrame:
    """A few a week of each set, for half a year."""
    rows = []
    for number, bundle in enumerate(bundles):
        price = round(0.9 * sum(float(trades[part].item.price_cny) for part in bundle.parts), 1)
        ages = np.sort(rng.uniform(2 * DAY, 180 * DAY, rng.poisson(30)))[::-1]
        rows += [(-1 - number, CN, CN_MAIN, int(now.timestamp() - age), 1, bundle.code, price, False) for age in ages]
    return _extra(rows)


def _unmapped(rng: np.random.Generator, now: datetime) -> pd.DataFrame:
    """Orders of a new listing that nobody has linked to a SKU yet."""
    ages = np.sort(rng.uniform(2 * HOUR, 6 * DAY, 14))[::-1]
    return _extra([(-1000, CN, "", int(now.timestamp() - age), 1, "NEW-LISTING-8812", 59.0, False) for age in ages])


def _orders(rng: np.random.Generator, lines: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Adds what belongs to the order: id, status and times (seconds; 0 for none), buyer and province."""
    joined = _joined(rng, lines)
    number = np.cumsum(~joined) - 1
    head = lines.iloc[np.flatnonzero(~joined)].reset_index(drop=True)
    n, now_s = len(head), int(now.timestamp())
    at, pools = head["at"].to_numpy(), head["pool"]
    low, high = (pools.map({p: h[side] for p, h in SHIP_AFTER_HOURS.items()}).to_numpy(np.float64) for side in (0, 1))
    shipped = at + ((low + (high - low) * rng.random(n)) * HOUR).astype(np.int64)
    cancelled = at + rng.integers(HOUR, 20 * HOUR, n)
    is_cancelled = (rng.random(n) < CANCELLED_SHARE) & (cancelled < now_s) & ~head["owed"]
    is_shipped = (shipped <= now_s) & ~is_cancelled & ~head["owed"]
    unpaid = (at > now_s - 3 * HOUR) & (rng.random(n) < 0.15) & (pools == CN)
    paid = np.where(unpaid, 0, np.minimum(at + rng.integers(20, 600, n), now_s))
    owed_due = pools.map(dict(SHIP_BY_HOURS)).to_numpy() * HOUR
    orders = pd.DataFrame(
        {
            "order": [f"{'6930' if p == CN else '112-77'}{k:09d}" for k, p in enumerate(pools)],
            "ordered": at,
            "status": np.select(
                [is_cancelled, is_shipped & (shipped < now_s - 10 * DAY), is_shipped, unpaid],
                ["cancelled", "completed", "shipped", "created"],
                "paid",
            ),
            "paid": np.where(is_cancelled & (rng.random(n) < 0.5), 0, paid),
            "ship_by": np.where(paid > 0, paid + owed_due, 0),
            "shipped": np.where(is_shipped, shipped, 0),
            "cancelled": np.where(is_cancelled, cancelled, 0),
            "buyer": rng.integers(1, max(n // 2, 2), n),
            "province": PROVINCES[rng.integers(0, len(PROVINCES), n)],
        }
    )
    out: pd.DataFrame = pd.concat([lines.reset_index(drop=True), orders.iloc[number].reset_index(drop=True)], axis=1)
    out["line"] = out.groupby("order", sort=False).cumcount() + 1
    return out.sort_values(["ordered", "order", "line"], kind="stable", ignore_index=True)


def _joined(rng: np.random.Generator, lines: pd.DataFrame) -> NDArray[np.bool_]:
    """Lines (n,) that belong to the order of the line before: of the same pool, within the hour, and of something else."""
    before = lines.shift()
    joined: pd.Series[bool] = (lines["pool"] == before["pool"]) & (lines["code"] != before["code"]) & (lines["at"] - before["at"] < HOUR)
    plain = ~lines["owed"] & ~lines["owed"].shift(fill_value=False) & (lines["trade"] >= 0)
    return (joined & plain).to_numpy(np.bool_) & (rng.random(len(lines)) < JOINED_SHARE)


def today_of(now: datetime) -> date:
    """The shop's own day."""
    return clock.business_day(now, shop(pool(CN).account).time_zone)
