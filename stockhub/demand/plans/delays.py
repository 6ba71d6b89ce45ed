"""Delays of supply: what is ordered within a planned window takes so many days longer, and then as long as before (F6, H8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.core.remembering import remembered
from stockhub.demand.frames import Rows
from stockhub.demand.models import PlanKind, PlannedEvent
from stockhub.demand.plans.effects import as_target
from stockhub.demand.plans.targets import TargetRows
from stockhub.suppliers.models import Supplier

#: Stands for a row that nobody supplies; no id is 0.
NOBODY: Final = 0
#: A delay on some of a pool's accounts is the pool's where they have at least so much of its demand: stock comes for all of them at once.
_LEAST_SHARE: Final = 0.5


def supply_delays(rows: Rows, day: date, supplier_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Days (n,) by which an order placed on a day comes later; of several delays the longest counts, as they pass side by side.

    `supplier_ids` (n,): of whom each row is ordered, NOBODY where of nobody; a delay of a supplier or a country is none of those.
    """
    return supply_delays_of(rows, day, np.arange(len(rows)), supplier_ids)


def supply_delays_of(rows: Rows, day: date, row: NDArray[np.int64], supplier_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """The same (m,) of each pair of a row (m,), by its place, and a supplier (m,) of whom it may be ordered."""
    extra = np.zeros(len(row))
    lasting = PlannedEvent.objects.filter(deleted_at=None, kind=PlanKind.DELAY, starts_on__lte=day, ends_on__gte=day)
    targets = TargetRows(rows, day - timedelta(days=1))
    for plan in remembered(("delays of supply", day), lambda: list(lasting.order_by("id"))):
        touched = (targets.share_of(as_target(plan)) >= _LEAST_SHARE)[row]
        if plan.supplier_id is not None:
            touched &= supplier_ids == plan.supplier_id
        if plan.supplier_country:
            touched &= np.isin(supplier_ids, _suppliers_in(plan.supplier_country))
        extra = np.where(touched, np.maximum(extra, float(plan.extra_lead_time_days or 0.0)), extra)
    return extra


def _suppliers_in(country: str) -> list[int]:
    return remembered(
        ("suppliers in", country.upper()), lambda: list(Supplier.objects.filter(country__iexact=country).values_list("id", flat=True))
    )
