"""Signals that sales have to follow: those that they did not follow expire, with the figures that say so (H20)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.demand.frames import demand_of, rows_of
from stockhub.demand.models import MarketSignal
from stockhub.demand.plans.effects import as_target
from stockhub.demand.plans.targets import TargetRows
from stockhub.outbox.services import emit_event

#: Days that sales have to follow a signal, days before it that they are compared with, and the part of its effect that has to come.
GRACE_DAYS: Final = 7
COMPARED_DAYS: Final = 28
LEAST_FOLLOWED: Final = 0.5


def expire_unfollowed(last_on: date) -> int:
    """Ends the signals that sales up to and including `last_on` did not follow in time; returns how many."""
    due = MarketSignal.objects.filter(
        must_be_followed=True,
        expired_on=None,
        deleted_at=None,
        ends_on__gte=last_on,
        starts_on__lte=last_on - timedelta(days=GRACE_DAYS - 1),
    )
    return sum(_judge(signal, last_on) for signal in due.order_by("id"))


def _judge(signal: MarketSignal, last_on: date) -> bool:
    before, since = _rates(signal, last_on)
    wanted = 1.0 + LEAST_FOLLOWED * (signal.factor - 1.0)
    ratio = since / before if before > 0 else float("nan")
    # Of what did not sell before, any sale is a rise.
    followed = ratio >= wanted if signal.factor >= 1.0 else ratio <= wanted
    if followed or (before == 0 and since > 0):
        return False
    changed = MarketSignal.objects.filter(pk=signal.pk, expired_on=None).update(
        expired_on=last_on + timedelta(days=1), rate_before=before, rate_since=since, updated_at=clock.now(), version=signal.version + 1
    )
    if changed:
        payload = {"code": signal.code, "rate_before": round(before, 2), "rate_since": round(since, 2)}
        emit_event("demand.market_signal_expired.v1", entity="demand.market_signal", entity_id=signal.pk, payload=payload)
    return bool(changed)


def _rates(signal: MarketSignal, last_on: date) -> tuple[float, float]:
    """Units a day of what the signal is about, before it and since."""
    skus = Sku.objects.filter(deleted_at=None, is_bundle=False)
    if signal.sku_id is not None:
        skus = skus.filter(pk=signal.sku_id)
    rows = rows_of(list(skus.values_list("id", flat=True)))
    since_days = (last_on - signal.starts_on).days + 1
    frame = demand_of(rows, last_on=last_on, days=since_days + COMPARED_DAYS)
    named = TargetRows(rows, last_on).share_of(as_target(signal)) > 0
    sold: NDArray[np.float64] = np.nansum(frame.values[named], axis=0, dtype=np.float64)
    return float(sold[:COMPARED_DAYS].sum()) / COMPARED_DAYS, float(sold[COMPARED_DAYS:].sum()) / since_days
