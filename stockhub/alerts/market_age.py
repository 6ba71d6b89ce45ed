"""Up to which age facts about rivals count: what the rule that uses them has for the SKU in the pools that serve the account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import numpy as np
from django.conf import settings

from stockhub.alerts.parameters.resolution import Resolution
from stockhub.alerts.rules.market_fall import MarketFallParameters, MarketFallRule
from stockhub.channels.market import Pair
from stockhub.core import clock
from stockhub.snapshot.scope_facts import accounts_of_pools

MARKET_MAX_AGE: Final = float(MarketFallParameters.model_fields["max_age"].default)
_NO_POOL: Final = 0


def market_ages(pairs: Collection[Pair], at: datetime) -> dict[Pair, float]:
    """Days by SKU and account, as they hold at a moment: where pools differ, the longest, because what one still uses counts.

    A fixed number of queries.
    """
    if not pairs:
        return {}
    day = clock.business_day(at, settings.STOCKHUB_TIME_ZONE)
    pools: dict[int, list[int]] = {}
    for pool, accounts in sorted(accounts_of_pools(day).items()):
        for account in accounts:
            pools.setdefault(account, []).append(pool)
    rows = [(pair, pool) for pair in sorted(set(pairs)) for pool in pools.get(pair[1], [_NO_POOL])]
    skus, asked = np.array([pair[0] for pair, _pool in rows], np.int64), np.array([pool for _pair, pool in rows], np.int64)
    found = Resolution.at(skus, asked, at, day).of_rule(MarketFallRule.slug)
    of_row = np.zeros(len(rows), np.int64) if found.of_row is None else found.of_row
    ages: dict[Pair, float] = {}
    for (pair, _pool), number in zip(rows, of_row.tolist(), strict=True):
        age = float(found.sets[number].get("max_age", MARKET_MAX_AGE))
        ages[pair] = max(ages.get(pair, 0.0), age)
    return ages
