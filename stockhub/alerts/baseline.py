"""What a new account comes with: its baseline, which is summed up where everything else is announced (U2)."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.channels.models import PoolAccount
from stockhub.core.columns import FLAG, INT
from stockhub.core.kept import kept
from stockhub.pluginapi import Snapshot


def rows_without_baseline(snapshot: Snapshot) -> NDArray[np.bool_]:
    """Rows (n,) of pools whose accounts are all new."""
    served = _served()
    settled = served["pool_id"][served["settled"]]
    return np.isin(snapshot.pool_ids, np.setdiff1d(served["pool_id"], settled))


def pools_without_baseline() -> QuerySet[PoolAccount, Any]:
    """The ids of pools whose accounts are all new, for a query."""
    settled = PoolAccount.objects.filter(account__baseline_at__isnull=False).values("pool_id")
    return PoolAccount.objects.exclude(pool_id__in=settled).values("pool_id")


@kept({"pool_id": INT, "settled": FLAG})
def _served() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.annotate(settled=Q(account__baseline_at__isnull=False))
