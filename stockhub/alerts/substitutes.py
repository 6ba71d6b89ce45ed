"""What can be sold in place of a SKU that runs out: what an alert about a shortage names (U9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert, Side
from stockhub.catalog.models import PoolWarehouse, SkuRelation
from stockhub.catalog.substitutes import substitutes_on
from stockhub.core import clock
from stockhub.inventory.models import Balance

#: Substitutes that a line of text names.
_NAMED: Final = 3
_AVAILABLE: Final = "available"


@dataclass(frozen=True, slots=True)
class Substitute:
    """A SKU that stands in for the alert's, and the units of it that the same pool has to sell."""

    code: str
    name: str
    units: int

    @property
    def text(self) -> str:
        """`MUG-BLUE: 120`."""
        return _("%(sku)s: %(units)d") % {"sku": self.code, "units": self.units}


def substitutes_of(alerts: Sequence[Alert]) -> dict[int, list[Substitute]]:
    """Of alerts on the side of shortage, by their ids, the substitutes with stock today, the most units first. Three queries for all."""
    found: dict[int, list[Substitute]] = {alert.pk: [] for alert in alerts}
    short = [each for each in alerts if each.side == Side.SHORTAGE and each.sku_id is not None and each.pool_id is not None]
    today = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
    ties = substitutes_on(today, today, of={each.sku_id for each in short if each.sku_id is not None}) if short else []
    if not ties:
        return found
    by_original: dict[int, list[SkuRelation]] = {}
    for tie in ties:
        by_original.setdefault(tie.other_id, []).append(tie)
    stock = _stock({tie.sku_id for tie in ties}, {each.pool_id for each in short if each.pool_id is not None})
    for alert in short:
        own = by_original.get(alert.sku_id or 0, [])
        told = [Substitute(tie.sku.code, tie.sku.name, stock.get((tie.sku_id, alert.pool_id or 0), 0)) for tie in own]
        found[alert.pk] = sorted((each for each in told if each.units > 0), key=lambda each: (-each.units, each.code))
    return found


def _stock(sku_ids: set[int], pool_ids: set[int]) -> dict[tuple[int, int], int]:
    """Units free to sell by SKU and pool."""
    pools_of: dict[int, list[int]] = {}
    for pool, warehouse in PoolWarehouse.objects.filter(pool_id__in=pool_ids).values_list("pool_id", "warehouse_id"):
        pools_of.setdefault(warehouse, []).append(pool)
    stock: dict[tuple[int, int], int] = {}
    held = Balance.objects.filter(sku_id__in=sku_ids, warehouse_id__in=pools_of, bucket_id=_AVAILABLE)
    for sku, warehouse, qty in held.values_list("sku_id", "warehouse_id").annotate(units=Sum("qty")):
        for pool in pools_of[warehouse]:
            stock[sku, pool] = stock.get((sku, pool), 0) + qty
    return stock


def substitutes_text(alert: Alert) -> str:
    """The first substitutes in a line, and how many more there are; empty where there is none."""
    told = substitutes_of([alert])[alert.pk]
    more = [_("%(count)d more") % {"count": len(told) - _NAMED}] if len(told) > _NAMED else []
    return " · ".join([each.text for each in told[:_NAMED]] + more)
