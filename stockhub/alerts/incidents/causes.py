"""What several alerts have in common: facts that explain them, found for sets of alerts and never one at a time (N14).

A fact that names a culprit comes before one that only says where: a late supplier, then a campaign, a feed that stands still, a category
in decline, and at last many alerts at once in one pool.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.alerts.incidents.models import IncidentCause
from stockhub.alerts.models import Alert, AlertStatus, Side
from stockhub.catalog.models import Category, PoolWarehouse, Sku, StockPool
from stockhub.channels.models import Feed, PoolAccount
from stockhub.core import clock
from stockhub.core.columns import INSTANT, INT, code, microseconds, read
from stockhub.demand.frames import POOL_BITS
from stockhub.demand.models import Forecast, PlanKind, PlannedEvent
from stockhub.purchasing.selectors import late_inbound
from stockhub.suppliers.models import Supplier

IntArray = NDArray[np.int64]
#: Alerts opened for longer have found no company.
LOOKS_BACK: Final = timedelta(days=7)
#: A feed without news for so long is a cause.
STALE_AFTER: Final = timedelta(hours=24)
#: A campaign explains shortages from so long before it on.
BEFORE_CAMPAIGN: Final = timedelta(days=14)
#: Alerts at once in one pool are those of so long.
AT_ONCE: Final = timedelta(hours=6)
#: SKUs and pools that make an incident: of a named culprit, of a category, of a pool; and the share of all there for the last two.
FEW: Final = 2
OF_CATEGORY: Final = 5
SHARE_OF_CATEGORY: Final = 0.3
OF_POOL: Final = 20
SHARE_OF_POOL: Final = 0.05
_NONE: Final = -1


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause and the alerts (k,) that it explains, with their places. `at_least`: SKUs and pools without which it opens no incident."""

    cause: str
    key: str
    inputs: dict[str, Any]
    alert_ids: IntArray
    places: IntArray
    at_least: int = FEW

    def without(self, taken: IntArray) -> Cause:
        """The same without the alerts that something more particular explains."""
        free = ~np.isin(self.alert_ids, taken)
        return Cause(self.cause, self.key, self.inputs, self.alert_ids[free], self.places[free], self.at_least)


@dataclass(frozen=True, slots=True)
class Recent:
    """The open alerts of the last week that belong to no incident, (n,) each; those that a new account came with are not news."""

    id: IntArray
    sku: IntArray
    pool: IntArray
    category: IntArray
    opened: IntArray
    is_short: NDArray[np.bool_] = field(repr=False)

    @property
    def place(self) -> IntArray:
        return (self.sku << POOL_BITS) | self.pool

    @classmethod
    def of(cls, as_of: datetime, most: int) -> Recent:
        """None of them where there are more than `most`: whoever has more time takes them."""
        fresh = _free().filter(is_baseline=False, opened_at__gte=as_of - LOOKS_BACK, sku__isnull=False, pool__isnull=False)
        fresh = fresh.exclude(side=Side.DATA)
        if len(fresh.values_list("id", flat=True)[: most + 1]) > most:
            fresh = fresh.none()
        found = read(
            fresh.order_by("id").annotate(of_category=Coalesce("sku__category_id", _NONE)),
            {"id": INT, "sku_id": INT, "pool_id": INT, "of_category": INT, "opened_at": INSTANT, "side": code(10)},
        )
        is_short = found["side"] == Side.SHORTAGE.encode()
        return cls(found["id"], found["sku_id"], found["pool_id"], found["of_category"], found["opened_at"], is_short)


def causes(as_of: datetime, most: int) -> Iterator[Cause]:
    """The causes there are of at most so many alerts, the most particular first; an alert may be named by several."""
    yield from (cause for cause in _late_suppliers(as_of) if len(cause.alert_ids) <= most)
    recent = Recent.of(as_of, most)
    if len(recent.id):
        yield from _campaigns(recent, as_of)
        yield from _stale_feeds(recent, as_of)
        yield from _categories(recent)
        yield from _pools(recent, as_of)


def _free() -> Any:  # noqa: ANN401 - a queryset
    return Alert.objects.exclude(status=AlertStatus.RESOLVED).filter(incident__isnull=True)


def _late_suppliers(as_of: datetime) -> Iterator[Cause]:
    """Shortages of SKUs of which a supplier's order or shipment is past its day, in the pools that it was meant for."""
    late = late_inbound(clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE))
    if not len(late.sku_ids):
        return
    pools: dict[int, list[int]] = {}
    for pool, warehouse in PoolWarehouse.objects.values_list("pool_id", "warehouse_id"):
        pools.setdefault(warehouse, []).append(pool)
    short = read(
        _free().filter(side=Side.SHORTAGE, sku__any_of=np.unique(late.sku_ids).tolist(), pool__isnull=False).order_by("id"),
        {"id": INT, "sku_id": INT, "pool_id": INT},
    )
    place = (short["sku_id"] << POOL_BITS) | short["pool_id"]
    names = {pk: (its_code, name) for pk, its_code, name in Supplier.objects.values_list("id", "code", "name")}
    for supplier in np.unique(late.supplier_ids).tolist():
        its = late.supplier_ids == supplier
        meant = [
            (late.sku_ids[its & (late.warehouse_ids == warehouse)] << POOL_BITS) | pool
            for warehouse in np.unique(late.warehouse_ids[its]).tolist()
            for pool in pools.get(warehouse, ())
        ]
        explained = np.isin(place, np.concatenate([np.zeros(0, np.int64), *meant]))
        inputs = dict(zip(("code", "name"), names[supplier], strict=True))
        yield Cause(IncidentCause.LATE_SUPPLIER, f"supplier:{supplier}", inputs, short["id"][explained], place[explained])


def _campaigns(recent: Recent, as_of: datetime) -> Iterator[Cause]:
    """Shortages of what a promotion or a price change sells, from a fortnight before it to its end; not of the whole shop."""
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    lifting = PlannedEvent.objects.filter(deleted_at=None, kind__in=(PlanKind.PROMOTION, PlanKind.PRICE_CHANGE))
    named = Q(account__isnull=False) | Q(pool__isnull=False) | Q(category__isnull=False) | Q(sku__isnull=False)
    plans = list(lifting.filter(named, starts_on__lte=day + BEFORE_CAMPAIGN, ends_on__gte=day).order_by("id"))
    parents = dict(Category.objects.values_list("id", "parent_id")) if any(plan.category_id for plan in plans) else {}
    for plan in plans:
        since = clock.start_of_day(plan.starts_on - BEFORE_CAMPAIGN, settings.STOCKHUB_TIME_ZONE)
        its = recent.is_short & (recent.opened >= microseconds(since))
        if plan.sku_id:
            its &= recent.sku == plan.sku_id
        if plan.pool_id:
            its &= recent.pool == plan.pool_id
        if plan.account_id:
            its &= np.isin(recent.pool, list(PoolAccount.objects.filter(account=plan.account_id).values_list("pool_id", flat=True)))
        if plan.category_id:
            its &= np.isin(recent.category, _beneath(plan.category_id, parents))
        yield Cause(IncidentCause.CAMPAIGN, f"plan:{plan.pk}", {"code": plan.code, "name": plan.name}, recent.id[its], recent.place[its])


def _beneath(category: int, parents: Mapping[int, int | None]) -> Sequence[int]:
    found = [category]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each and child not in found]
    return found


def _stale_feeds(recent: Recent, as_of: datetime) -> Iterator[Cause]:
    """What was found on the data of an account since its feed stands still: it may be that nothing else is wrong."""
    stale = Feed.objects.filter(account__is_active=True, account__deleted_at=None, is_paused=False, data_until_at__lt=as_of - STALE_AFTER)
    for feed in stale.select_related("account").order_by("account_id", "kind"):
        if feed.data_until_at is None:
            continue
        pools = list(PoolAccount.objects.filter(account=feed.account_id).values_list("pool_id", flat=True))
        its = np.isin(recent.pool, pools) & (recent.opened > microseconds(feed.data_until_at + STALE_AFTER))
        inputs = {"account": feed.account.code, "feed": feed.kind, "since": feed.data_until_at.isoformat()}
        yield Cause(IncidentCause.STALE_FEED, f"feed:{feed.account_id}:{feed.kind}", inputs, recent.id[its], recent.place[its])


def _categories(recent: Recent) -> Iterator[Cause]:
    """Excess that came up within a week in a large part of a category."""
    excess = ~recent.is_short & (recent.category != _NONE)
    candidates = [
        category for category in np.unique(recent.category[excess]).tolist() if _subjects(recent, excess, category) >= OF_CATEGORY
    ]
    sizes = dict(Sku.objects.filter(category__in=candidates, deleted_at=None).order_by().values_list("category_id").annotate(Count("id")))
    for category in Category.objects.filter(id__in=candidates).order_by("id"):
        its = excess & (recent.category == category.pk)
        if len(np.unique(recent.sku[its])) >= SHARE_OF_CATEGORY * sizes.get(category.pk, 0):
            inputs = {"code": category.code, "name": category.name}
            yield Cause(IncidentCause.CATEGORY, f"category:{category.pk}", inputs, recent.id[its], recent.place[its], OF_CATEGORY)


def _subjects(recent: Recent, excess: NDArray[np.bool_], category: int) -> int:
    return len(np.unique(recent.sku[excess & (recent.category == category)]))


def _pools(recent: Recent, as_of: datetime) -> Iterator[Cause]:
    """Many alerts of one side at once in one pool, whatever is behind it: a warehouse that stands still, a storm of orders."""
    lately = recent.opened > microseconds(as_of - AT_ONCE)
    for side, of_side in ((Side.SHORTAGE, recent.is_short), (Side.EXCESS, ~recent.is_short)):
        its = of_side & lately
        pools, counts = np.unique(recent.pool[its], return_counts=True)
        many = pools[counts >= OF_POOL].tolist()
        sizes = dict(Forecast.objects.filter(pool__in=many).order_by().values_list("pool_id").annotate(size=Count("id"))) if many else {}
        for pool in StockPool.objects.filter(id__in=many).order_by("id"):
            here = its & (recent.pool == pool.pk)
            if len(np.unique(recent.sku[here])) >= max(OF_POOL, SHARE_OF_POOL * sizes.get(pool.pk, 0)):
                inputs = {"code": pool.code, "name": pool.name, "side": side.value}
                key = f"pool:{pool.pk}:{side.value}"
                yield Cause(IncidentCause.POOL, key, inputs, recent.id[here], recent.place[here], OF_POOL)
