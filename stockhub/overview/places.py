"""Warehouses, pools and accounts, how they hang together, and which of them a viewer may see. Six queries, for any number of SKUs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids, visible_warehouse_ids
from stockhub.catalog.models import Authority, PoolWarehouse, StockPool, Warehouse
from stockhub.catalog.selectors import pools_visible_to
from stockhub.channels.models import Account, Feed, PoolAccount

Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Named:
    """What a place is called."""

    code: str
    name: str
    is_observed: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """`warehouses`, `pools` and `accounts` are those that the viewer may see, by id.

    `members` are the warehouses of every pool, seen or not, because a pool's demand is not one warehouse's where it has another.
    """

    is_whole: bool
    warehouses: Mapping[int, Named]
    pools: Mapping[int, Named]
    accounts: Mapping[int, Named]
    members: Mapping[int, tuple[int, ...]]
    serving: Mapping[int, tuple[int, ...]]
    served: Mapping[int, tuple[int, ...]]
    data_until: Mapping[int, datetime | None]

    def pools_of(self, warehouse_id: int) -> tuple[int, ...]:
        """Every pool of the warehouse, seen or not."""
        return tuple(pool for pool, members in self.members.items() if warehouse_id in members)


def places_of(viewer: Viewer, day: date) -> Places:
    """The places as they are on a day."""
    warehouse_ids, account_ids = visible_warehouse_ids(viewer), visible_account_ids(viewer)
    warehouses = Warehouse.objects.filter(_among(warehouse_ids), deleted_at=None).order_by("code")
    accounts = Account.objects.filter(_among(account_ids), deleted_at=None).order_by("code")
    pools: Iterable[StockPool] = pools_visible_to(viewer).order_by("code").only("id", "code", "name")
    members = PoolWarehouse.objects.filter(pool__deleted_at=None, warehouse__deleted_at=None).order_by("priority", "id")
    holds = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
    served = PoolAccount.objects.filter(holds, pool__deleted_at=None, share__gt=0).order_by("priority", "id")
    pairs = list(served.values_list("account_id", "pool_id"))
    return Places(
        is_whole=warehouse_ids is None and account_ids is None,
        warehouses={w.pk: Named(w.code, w.name, w.authority == Authority.SNAPSHOT) for w in warehouses.only("code", "name", "authority")},
        pools={pool.pk: Named(pool.code, pool.name) for pool in pools},
        accounts={a.pk: Named(a.code, a.name) for a in accounts.only("code", "name")},
        members=_grouped(members.values_list("pool_id", "warehouse_id")),
        serving=_grouped(pairs),
        served=_grouped((pool, account) for account, pool in pairs),
        data_until=dict(Feed.objects.filter(kind="orders").values_list("account_id", "data_until_at")),
    )


def _among(ids: set[int] | None) -> Q:
    return Q() if ids is None else Q(pk__in=ids)


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    out: dict[int, dict[int, None]] = {}
    for key, value in pairs:
        out.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in out.items()}
