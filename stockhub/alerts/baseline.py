"""What a new account comes with: its baseline, which is summed up where everything else is announced (U2).

It is set by the first full cycle that finds stock or sales in the account's pools: an account that was only written down has no past yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.alerts.baseline_news import summary_of, tell_baseline
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.response_steps import GRAVE, record_steps_to_take
from stockhub.channels.models import Account, PoolAccount
from stockhub.core import clock
from stockhub.core.columns import FLAG, INT
from stockhub.core.kept import kept
from stockhub.cycles.models import Cycle
from stockhub.outbox.services import emit_event
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
    """The first full cycle over an account's own facts is its baseline: one summary instead of thousands of alerts.

    What was wrong in a pool that others have already is no part of it. Two new accounts of one pool came with the same: it is told once.
    """
    known = {int(name.removeprefix(FACTS)) for name in cycle.counts if name.startswith(FACTS)}
    new = Account.objects.filter(baseline_at=None, deleted_at=None, pool_accounts__pool_id__in=known).distinct()
    if not new:
        return
    fresh, told = set(pools_without_baseline().values_list("pool_id", flat=True)), set[int]()
    for account in new.order_by("pk"):
        pools = fresh & set(account.pool_accounts.values_list("pool_id", flat=True))
        with transaction.atomic():
            if _set(account, sorted(pools), cycle):
                tell_baseline(account, alerts_of_baseline(pools - told), cycle)
                record_steps_to_take(_grave(pools - told))
        told |= pools


def _set(account: Account, pools: Sequence[int], cycle: Cycle) -> bool:
    """False where another run has done so."""
    summary = summary_of(alerts_of_baseline(pools), pools)
    written = {"baseline_at": cycle.as_of, "baseline_summary": summary.to_json(), "updated_at": clock.now()}
    if not Account.objects.filter(pk=account.pk, baseline_at=None).update(**written):
        return False
    payload = {
        "account": account.code,
        "alerts": {each.kind: each.count for each in sorted(summary.kinds, key=lambda each: each.kind)},
        "levels": {str(level): count for level, count in summary.levels.items()},
        "total": summary.count,
        "money": None if summary.money is None else str(summary.money),
        "cycle": cycle.pk,
    }
    emit_event("alerts.baseline_set.v1", entity="channels.account", entity_id=account.pk, payload=payload)
    return True


def _grave(pools: Iterable[int]) -> Iterable[tuple[int, int, str, str]]:
    """What has to be acted on now, though nobody is told of each: what is to be done is recorded (H65)."""
    its = alerts_of_baseline(pools).filter(level=GRAVE).order_by("pk")
    return its.values_list("pk", "level", "side", "kind").iterator()


def alerts_of_baseline(pools: Iterable[int]) -> QuerySet[Alert]:
    """What these pools' accounts came with and nobody has dealt with."""
    return Alert.objects.filter(pool_id__in=sorted(pools), is_baseline=True).exclude(status=AlertStatus.RESOLVED)


def pools_without_baseline() -> QuerySet[PoolAccount, Any]:
    """The ids of pools whose accounts are all new, for a query."""
    settled = PoolAccount.objects.filter(account__baseline_at__isnull=False).values("pool_id")
    return PoolAccount.objects.exclude(pool_id__in=settled).values("pool_id")


@kept({"pool_id": INT, "settled": FLAG})
def _served() -> QuerySet[PoolAccount]:
    return PoolAccount.objects.annotate(settled=Q(account__baseline_at__isnull=False))
