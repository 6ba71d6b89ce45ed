"""What a new account comes with: its baseline, which is summed up where everything else is announced (U2).

It is set by the first full cycle that finds stock or sales in the account's pools: an account that was only written down has no past yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.alerts import system_alerts
from stockhub.channels.models import Account, PoolAccount
from stockhub.core import clock
from stockhub.core.columns import FLAG, INT
from stockhub.core.kept import kept
from stockhub.cycles.models import Cycle
from stockhub.pluginapi import Snapshot


#: Prefix of the counts of rows with facts in a pool of new accounts, by the pool's id.
FACTS: Final = "new_pool."


def rows_without_baseline(snapshot: Snapshot) -> NDArray[np.bool_]:
    """Rows (n,) of pools whose accounts are all new."""
    served = _served()
    settled = served["pool_id"][served["settled"]]
    return np.isin(snapshot.pool_ids, np.setdiff1d(served["pool_id"], settled))


def facts_of_new_accounts(snapshot: Snapshot) -> Iterator[tuple[str, int]]:
    """How many rows with stock or sales there are in each pool that a new account has, as the counts of a chunk call them."""
    served = _served()
    known = ~np.isnan(snapshot["available"]) | ~np.isnan(snapshot["sold_90"])
    its = known & np.isin(snapshot.pool_ids, served["pool_id"][~served["settled"]])
    for pool, rows in zip(*np.unique(snapshot.pool_ids[its], return_counts=True), strict=True):
        yield f"{FACTS}{pool}", int(rows)


def set_baselines(cycle: Cycle) -> None:
    """The first full cycle over an account's own facts is its baseline: one summary instead of thousands of alerts."""
    pools = {int(name.removeprefix(FACTS)) for name in cycle.counts if name.startswith(FACTS)}
    new = Account.objects.filter(baseline_at=None, deleted_at=None, pool_accounts__pool_id__in=pools)
    for account in new.distinct().order_by("pk"):
        system_alerts.summarise_baseline(account, cycle)
        Account.objects.filter(pk=account.pk).update(baseline_at=cycle.as_of, updated_at=clock.now())


def pools_without_baseline() -> QuerySet[PoolAccount, Any]:
    """The ids of pools whose accounts are all new, for a query."""
    settled = PoolAccount.objects.filter(account__baseline_at__isnull=False).values("pool_id")
    return PoolAccount.objects.exclude(pool_id__in=settled).values("pool_id")


@kept({"pool_id": INT, "settled": FLAG})
def _served() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.annotate(settled=Q(account__baseline_at__isnull=False))
