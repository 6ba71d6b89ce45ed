"""A minimum and a maximum for many SKUs at once, from what each has really sold (U10).

The minimum, below which its owner is warned, is demand over the lead time and safety stock; the maximum, up to which is ordered, is so many
days of sales more. Days out of stock and days of events are left out, and single outliers are cut, as in a forecast. Nothing is written but
by `keep_levels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.classification import upsert_policies
from stockhub.catalog.inputs import PolicyInput
from stockhub.catalog.models import Sku, StockPolicy
from stockhub.core import clock
from stockhub.demand.cycles import forecast_settings
from stockhub.demand.frames import Rows, rows_of
from stockhub.demand.true_demand import true_demand_of
from stockhub.editing.recording import recording
from stockhub.editing.upserts import RowStatus
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.policies.safety_stock import reorder_point, service_factor, statistical_safety_stock
from stockhub.snapshot.builder import build
from stockhub.values import DomainError

#: Fewer known days say too little of a SKU to draw a line by.
FEWEST_DAYS: Final = 28
FEW_DAYS: Final = "FEW_DAYS"
NO_SALES: Final = "NO_SALES"
#: Cleaning looks at what surrounds a day, so that it is shown more than it is asked for.
_CLEANED_DAYS: Final = 120
#: What a column of whole units can hold.
_MOST_QTY: Final = 2_147_483_647


@dataclass(frozen=True, slots=True)
class LevelRequest:
    """Days of history, the chance that no order comes too late, and the days of sales that an order brings."""

    pool_id: int
    days: int = 90
    service_level: float = 0.95
    order_days: float = 30.0


@dataclass(frozen=True, slots=True)
class OwnLevels:
    """What is proposed for a SKU, what stands there now, and what the forecast asks for; `reason` where nothing is proposed.

    `daily_mean` and `daily_sd` are units a day over `known_days`.
    """

    sku_id: int
    sku: str
    name: str
    known_days: int
    daily_mean: float
    daily_sd: float
    lead_time: float
    minimum: int | None
    maximum: int | None
    minimum_before: int | None
    maximum_before: int | None
    forecast_maximum: float | None
    reason: str = ""

    @property
    def changes(self) -> bool:
        """Whether keeping it would change anything."""
        return self.minimum is not None and (self.minimum, self.maximum) != (self.minimum_before, self.maximum_before)


def proposed_levels(sku_ids: Sequence[int], wanted: LevelRequest) -> list[OwnLevels]:
    """The levels of these SKUs in the pool, by their codes; SKUs that have neither sales, stock nor a policy there are left out.

    DomainError `invalid_levels` for a request that makes no sense.
    """
    _check(wanted)
    found = rows_of(sku_ids)
    mine = found.pool_ids == wanted.pool_id
    rows = Rows(found.sku_ids[mine], found.pool_ids[mine])
    if not len(rows):
        return []
    now = clock.now()
    today = clock.business_day(now, settings.STOCKHUB_TIME_ZONE)
    cleaning = max(wanted.days, _CLEANED_DAYS)
    demand = true_demand_of(rows, forecast_settings(), last_on=today - timedelta(days=1), days=cleaning).demand
    days = np.where(demand.observed, demand.baseline, np.nan)[:, -wanted.days :]
    known, mean, sd = _moments(days)
    snapshot = build(rows.skus, now)
    at = [int(np.flatnonzero((snapshot.sku_ids == sku) & (snapshot.pool_ids == wanted.pool_id))[0]) for sku in rows.sku_ids]
    lead, lead_sd = snapshot["lead_time"][at], snapshot["lead_time_sd"][at]
    nothing = np.zeros(len(rows))
    safety = statistical_safety_stock(service_factor(wanted.service_level), lead, nothing, mean, sd, lead_sd)
    low = np.ceil(reorder_point(mean, lead, nothing, safety) - 1e-9)
    high = np.ceil(low + mean * wanted.order_days - 1e-9)
    names = {pk: (code, name) for pk, code, name in Sku.objects.filter(pk__in=rows.skus.tolist()).values_list("pk", "code", "name")}
    before = _before(rows.skus.tolist(), wanted.pool_id)
    levels = []
    for row, sku_id in enumerate(rows.sku_ids.tolist()):
        reason = FEW_DAYS if known[row] < FEWEST_DAYS else NO_SALES if mean[row] <= 0 else ""
        code, name = names[sku_id]
        levels.append(
            OwnLevels(
                sku_id=sku_id,
                sku=code,
                name=name,
                known_days=int(known[row]),
                daily_mean=float(mean[row]),
                daily_sd=float(sd[row]),
                lead_time=float(lead[row]),
                minimum=None if reason else _whole(low[row]),
                maximum=None if reason else _whole(high[row]),
                minimum_before=before.get(sku_id, (None, None))[0],
                maximum_before=before.get(sku_id, (None, None))[1],
                forecast_maximum=_forecast_maximum(snapshot["protection_demand"][at[row]] + snapshot["safety_stock"][at[row]]),
                reason=reason,
            )
        )
    return sorted(levels, key=lambda each: each.sku)


def keep_levels(levels: Sequence[OwnLevels], *, pool: str) -> int:
    """Writes what is proposed into the policies of the SKUs in the pool, all or nothing, as one change set that can be undone.

    Returns how many policies changed. Other fields of a policy stay as they are. DomainError as in `upsert_policies`.
    """
    rows = [
        PolicyInput(sku=each.sku, pool=pool, alert_threshold_qty=each.minimum, maximum_qty=each.maximum) for each in levels if each.changes
    ]
    if not rows:
        return 0
    with transaction.atomic(), recording():
        results = upsert_policies(rows)
        for result in results:
            if result.error is not None:
                raise result.error
    return sum(result.status in (RowStatus.CREATED, RowStatus.UPDATED) for result in results)


def _check(wanted: LevelRequest) -> None:
    if not FEWEST_DAYS <= wanted.days <= 730:
        raise DomainError("invalid_levels", _("Look back on 28 to 730 days."), path=("days",))
    if not 0.5 <= wanted.service_level <= 0.999:
        raise DomainError("invalid_levels", _("A service level lies between 0.5 and 0.999."), path=("service_level",))
    if not 0 < wanted.order_days <= 366:
        raise DomainError("invalid_levels", _("An order brings the sales of up to 366 days."), path=("order_days",))


def _moments(days: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How many days (n, t) are known, their mean and their deviation (n,); 0 where fewer than two are."""
    known = ~np.isnan(days)
    count = known.sum(axis=1).astype(np.float64)
    mean = np.where(known, days, 0.0).sum(axis=1) / np.maximum(count, 1.0)
    squares = np.where(known, (days - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return count, mean, np.sqrt(squares / np.maximum(count - 1.0, 1.0))


def _whole(value: float) -> int:
    return int(min(value, _MOST_QTY))


def _before(sku_ids: Sequence[int], pool_id: int) -> dict[int, tuple[int | None, int | None]]:
    """By SKU, what its policies say: the one of the pool before the one for all, field by field."""
    policies = StockPolicy.objects.filter(Q(pool=None) | Q(pool=pool_id), sku__in=sku_ids, deleted_at=None)
    found: dict[int, tuple[int | None, int | None]] = {}
    for sku, low, high in policies.order_by(F("pool").asc(nulls_first=True)).values_list("sku_id", "alert_threshold_qty", "maximum_qty"):
        general = found.get(sku, (None, None))
        found[sku] = general[0] if low is None else low, general[1] if high is None else high
    return found


def _forecast_maximum(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
