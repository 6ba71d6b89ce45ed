"""Gives every alert a person: those whose owner left are routed again, and what nobody answers for is counted (H70)."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.alerts.models import Alert, AlertEvent, AlertStatus
from stockhub.alerts.owners import NOBODY, Owners, fallback_owner, is_buyers, is_routed_by_one_rule, owner_of_account
from stockhub.alerts.system_kinds import ROUTING_INCOMPLETE
from stockhub.core import actor, clock
from stockhub.core.columns import INT, code, read

IntArray = NDArray[np.int64]
_BATCH: Final = 2_000
#: So many are counted and no more: the message is that responsibilities are missing.
_COUNTED: Final = 10_000
_NONE: Final = 0


def route_unowned() -> int:
    """Finds an owner for every alert that has none, or whose owner cannot sign in any more; returns how many were given one."""
    routed = 0
    while True:
        # One of them after the other, so that each is found by its index.
        waiting = _open().filter(owner__isnull=True)[:_BATCH]
        left = _open().filter(owner__is_active=False)[:_BATCH]
        given = sum(_route(rows) for rows in (waiting, left))
        if not given:
            return routed
        routed += given


def unrouted() -> int:
    """How many open alerts the fallback owner has because no responsibility fits, at most ten thousand."""
    person = fallback_owner()
    if person is None or is_routed_by_one_rule():
        return 0
    # Of what a new account came with, what has a clock: it got worse since, and somebody has to see it.
    its = _open().filter(Q(is_baseline=False) | Q(acknowledge_by_at__isnull=False), owner=person)
    its = its.exclude(kind=ROUTING_INCOMPLETE)[:_COUNTED]
    return int(np.count_nonzero(_responsible(_read(its)) == NOBODY))


def _open() -> QuerySet[Alert]:
    return Alert.objects.exclude(status=AlertStatus.RESOLVED).order_by("id")


def _read(rows: QuerySet[Alert]) -> dict[str, NDArray[np.generic]]:
    placed = rows.annotate(of_sku=Coalesce("sku_id", _NONE), of_pool=Coalesce("pool_id", _NONE), of_account=Coalesce("account_id", _NONE))
    return read(placed, {"id": INT, "of_sku": INT, "of_pool": INT, "of_account": INT, "kind": code(60), "side": code(10)})


def _responsible(found: dict[str, NDArray[np.generic]]) -> IntArray:
    """Who answers for each (n,); `NOBODY` where nobody does."""
    skus, pools, accounts = (found[name].astype(np.int64) for name in ("of_sku", "of_pool", "of_account"))
    owners = np.full(len(skus), NOBODY, np.int64)
    kinds = zip(found["kind"].tolist(), found["side"].tolist(), strict=True)
    by_buyer = np.array([is_buyers(kind.decode(), side.decode()) for kind, side in kinds], np.bool_)
    lookup = Owners.of(skus[skus != _NONE]) if (skus != _NONE).any() else None
    for buyers in (False, True):
        its = np.flatnonzero((by_buyer == buyers) & (skus != _NONE))
        if lookup is not None and len(its):
            owners[its] = lookup.of_pairs(skus[its], pools[its], buyers=buyers)
        for account in np.unique(accounts[(by_buyer == buyers) & (skus == _NONE)]).tolist():
            of_account = (by_buyer == buyers) & (skus == _NONE) & (accounts == account)
            owners[of_account] = owner_of_account(account or None, buyers=buyers)
    return owners


def _route(rows: QuerySet[Alert]) -> int:
    found = _read(rows)
    if not len(found["id"]):
        return 0
    owners = _responsible(found)
    person = fallback_owner()
    owners[owners == NOBODY] = person.pk if person else NOBODY
    by_owner: dict[int, list[int]] = defaultdict(list)
    for pk, owner in zip(found["id"].tolist(), owners.tolist(), strict=True):
        if owner != NOBODY:
            by_owner[owner].append(pk)
    with transaction.atomic():
        return sum(_give(owner, ids) for owner, ids in sorted(by_owner.items()))


def _give(owner: int, ids: list[int]) -> int:
    """Only those that nobody has taken meanwhile."""
    now, label = clock.now(), actor.current().label
    free = Q(owner__isnull=True) | Q(owner__is_active=False)
    locked = _open().select_for_update(of=("self",)).filter(free, id__any_of=ids).select_related(None)
    taken = dict(locked.values_list("id", "level"))
    Alert.objects.filter(id__in=taken).update(owner_id=owner, version=F("version") + 1, updated_at=now)
    AlertEvent.objects.bulk_create(
        AlertEvent(alert_id=pk, what="assigned", level=level, note="routed", actor=label, occurred_at=now) for pk, level in taken.items()
    )
    return len(taken)
