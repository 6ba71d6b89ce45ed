"""What is ordered at this very moment: the pace of the last minutes, from the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import QuerySet

from stockhub.core.columns import FLOAT, INSTANT, INT, microseconds
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.demand.frames import Rows
from stockhub.formulas.campaigns.pace import burn_rates
from stockhub.inventory.models import Movement, MovementKind
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Balances, Pools, spread

#: Ten half-lives: what is older has no weight.
WINDOW: Final = timedelta(minutes=30)
#: The bucket that orders take from.
SELLABLE: Final = "available"
#: What takes sellable stock for an order, with or without a reservation.
SOLD: Final = (MovementKind.RESERVE, MovementKind.SHIP)
_MINUTE: Final = 60_000_000


def burn_column(rows: Rows, as_of: datetime, balances: Balances, pools: Pools) -> FloatArray:
    """Units a minute (n,) that orders take out of each row's available stock; 0 where nothing was ordered lately.

    A balance says when it last changed, so only SKUs that moved are looked up in the ledger, whatever the catalogue's size.
    """
    since = as_of - WINDOW
    moved = balances.in_buckets(lambda bucket: bucket.slug == SELLABLE) & (balances.changed_at >= microseconds(since))
    # Of many, more than were asked for may have been read.
    skus = np.intersect1d(balances.sku_ids[moved], rows.skus)
    found = _sold(skus=skus, since=since)
    fact, row = spread(rows, found["sku_id"], found["warehouse_id"], pools)
    age = (microseconds(as_of) - found["occurred_at"][fact]) / _MINUTE
    return burn_rates(row, found["qty"][fact], age, len(rows))


@kept({"sku_id": INT, "warehouse_id": INT, "qty": FLOAT, "occurred_at": INSTANT})
def _sold(skus: KeptIds, since: Place) -> QuerySet[Movement]:
    return Movement.objects.filter(
        sku_id__any_of=skus.every, from_bucket_id=SELLABLE, kind__in=SOLD, occurred_at__gte=since, recorded_at__gte=since
    )
