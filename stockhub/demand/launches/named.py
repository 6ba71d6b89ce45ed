"""The like SKUs of new ones that people have named, and the weeks of theirs that a new one is taken to repeat (F7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.demand.by_hand_models import LaunchAnalogue
from stockhub.demand.frames import DemandFrame, Rows, demand_of, rows_of
from stockhub.demand.launches.library import LIBRARY_DAYS, attributes_of, launch_of
from stockhub.formulas.demand.analogues import LAUNCH_WEEKS

Floats = NDArray[np.float64]
_DAYS: Final = 7 * LAUNCH_WEEKS


@dataclass(frozen=True, slots=True)
class NamedLaunch:
    """`weekly` (12,): what the like SKU sold in each week from its launch on, before scaling."""

    analogue: LaunchAnalogue
    weekly: Floats


def named_new_skus(sku_ids: NDArray[np.int64], last_on: date) -> set[int]:
    """Which SKUs have a like SKU by hand that holds for the day after `last_on`."""
    return set(_holding(sku_ids, last_on).values_list("sku_id", flat=True))


def named_launches(new: Rows, last_on: date, begins: date) -> dict[int, NamedLaunch]:
    """Of the rows of new SKUs, by their number, the launches that were named; one whose like SKU has sold nothing is left out.

    The like SKU's weeks are those of the same pool, or else of the pool in which it sold most. Its launch counts; where that lies before
    all that is known, or is not over, its last twelve weeks do, as a level that is there from the first day.
    """
    named = {each.sku_id: each for each in _holding(new.sku_ids, last_on).select_related("like_sku")}
    if not named:
        return {}
    like = rows_of(sorted({each.like_sku_id for each in named.values()}))
    frame = demand_of(like, last_on=last_on, days=LIBRARY_DAYS)
    stated = attributes_of(like.skus).launched_on if len(like) else {}
    weekly = np.array(
        [_weeks(frame, row, launch_of(stated.get(int(like.sku_ids[row])), frame.first_day[row], begins)) for row in range(len(like))]
    ).reshape(len(like), LAUNCH_WEEKS)
    found = {}
    for position, (sku, pool) in enumerate(zip(new.sku_ids.tolist(), new.pool_ids.tolist(), strict=True)):
        if sku in named:
            of_sku = np.flatnonzero((like.sku_ids == named[sku].like_sku_id) & (weekly.sum(axis=1) > 0))
            here = of_sku[like.pool_ids[of_sku] == pool]
            if of_sku.size:
                best = here[0] if here.size else of_sku[np.argmax(weekly[of_sku].sum(axis=1))]
                found[position] = NamedLaunch(named[sku], weekly[best])
    return found


def _holding(sku_ids: NDArray[np.int64], last_on: date) -> QuerySet[LaunchAnalogue]:
    holds = Q(ends_on=None) | Q(ends_on__gt=last_on)
    return LaunchAnalogue.objects.filter(holds, sku_id__in=np.unique(sku_ids).tolist(), deleted_at=None)


def _weeks(frame: DemandFrame, row: int, launch: date | None) -> Floats:
    start = (launch - frame.first_on).days if launch else -1
    if 0 <= start <= LIBRARY_DAYS - _DAYS:
        launched: Floats = np.nan_to_num(frame.values[row, start : start + _DAYS]).astype(np.float64).reshape(LAUNCH_WEEKS, 7).sum(axis=1)
        return launched
    late = frame.values[row, -_DAYS:].astype(np.float64)
    known = ~np.isnan(late)
    level = float(late[known].sum() / known.sum() * 7.0) if known.any() else 0.0
    return np.full(LAUNCH_WEEKS, level)
