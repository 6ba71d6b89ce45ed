"""The demo shop: everything generated from a seed and an instant, with nothing of it in a database yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
import pandas as pd

from stockhub.demo.catalogue import Item, Trade, make_items, make_trades
from stockhub.demo.places import CN
from stockhub.demo.sales import Bundle, draw_lines, today_of
from stockhub.demo.supply import Holding, plan_gaps, plan_holdings, units_taken

SEED: Final = 20_240_618
SKUS: Final = 300
HISTORY_DAYS: Final = 548
BUNDLES: Final = 3
#: The ledger's 60 days, and as much before them.
LEAST_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A shop as of `now`. `trades` are its SKUs by pool; `holdings` and `lines` name them by position."""

    seed: int
    now: datetime
    today: date
    history_days: int
    items: tuple[Item, ...]
    trades: tuple[Trade, ...]
    bundles: tuple[Bundle, ...]
    lines: pd.DataFrame
    holdings: tuple[Holding, ...]

    def holdings_of(self, trade: int) -> list[Holding]:
        return [h for h in self.holdings if h.trade == trade]


def generate(*, now: datetime, skus: int = SKUS, history_days: int = HISTORY_DAYS, seed: int = SEED) -> DemoShop:
    """The same seed and instant always give the same shop; nothing else goes in. ValueError where it would be too small for its stories."""
    if history_days < LEAST_DAYS:
        raise ValueError(f"A demo shop has at least {LEAST_DAYS} days of history; {history_days} are too few.")
    catalogue, demand, chance, stock = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4))
    today = today_of(now)
    items = make_items(catalogue, skus, history_days)
    trades = make_trades(demand, items, today, history_days)
    gaps = plan_gaps(stock, trades)
    bundles = _bundles(trades)
    lines = draw_lines(chance, trades, gaps, bundles, now, history_days)
    taken = units_taken(lines, bundles, now)
    holdings = plan_holdings(stock, trades, gaps, taken, history_days, today)
    return DemoShop(seed, now, today, history_days, tuple(items), tuple(trades), tuple(bundles), lines, tuple(holdings))


def _bundles(trades: Sequence[Trade]) -> list[Bundle]:
    """Sets of two everyday goods each."""
    parts = [p for p, t in enumerate(trades) if t.item.scenario.slug == "mature" and t.pool == CN and not t.item.live]
    pairs = [(parts[2 * k], parts[2 * k + 1]) for k in range(min(BUNDLES, len(parts) // 2))]
    return [Bundle(f"SET-{k + 1:02d}", f"Set: {trades[a].item.name} and {trades[b].item.name}", (a, b)) for k, (a, b) in enumerate(pairs)]
