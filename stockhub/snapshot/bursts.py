"""What is ordered at this very moment: the pace of the last minutes, from the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import QuerySet

from stockhub.core.columns import FLOAT, INSTANT, INT, microseconds
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.campaigns.pace import burn_rates
from stockhub.inventory.models import Balance, Movement, MovementKind
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Pools, spread

#: Ten half-lives: what is older has no weight.
WINDOW: Final = timedelta(minutes=30)
#: What takes sellable stock for an order, with or without a reservation.
SOLD: Final = (MovementKind.RESERVE, MovementKind.SHIP)
_MINUTE: Final = 60_000_000


def burn_column(rows: Rows, as_of: datetime, pools: Pools) -> FloatArray:
    """Units a minute (n,) that orders take out of each row's available stock; 0 where nothing was ordered lately.

    A balance says when it last changed, so only SKUs that moved are looked up in the ledger, whatever the catalogue's size.
    """
    since = as_of - WINDOW
    # Of many, more than were asked for may have been read.
    skus = np.intersect1d(_moved(skus=rows.skus, since=since)["sku_id"], rows.skus)
    found = _sold(skus=skus, since=since)
    fact, row = spread(rows, found["sku_id"], found["warehouse_id"], pools)
    age = (microseconds(as_of) - found["occurred_at"][fact]) / _MINUTE
    return burn_rates(row, found["qty"][fact], age, len(rows))


@kept({"sku_id": INT})
def _moved(skus: KeptIds, since: Place) -> QuerySet[Balance, Any]:
    moved = Balance.objects.filter(**id_filter("sku_id", skus), updated_at__gte=since, bucket_id="available")
    return moved.values("sku_id").distinct()


@kept({"sku_id": INT, "warehouse_id": INT, "qty": FLOAT, "occurred_at": INSTANT})
def _sold(skus: KeptIds, since: Place) -> QuerySet[Movement]:
    return Movement.objects.filter(
        sku_id__any_of=skus.every, from_bucket_id="available", kind__in=SOLD, occurred_at__gte=since, recorded_at__gte=since
    )
