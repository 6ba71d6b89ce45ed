"""What is on its way for an alert's SKU, document by document: which of it is late, and which comes after stock has sold out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert
from stockhub.alerts.units import amount_of_unit
from stockhub.catalog.models import PoolWarehouse
from stockhub.core import clock
from stockhub.inventory.transfers.selectors import TransferArrival, transfer_arrivals
from stockhub.purchasing.selectors import InboundArrival, inbound_arrivals


@dataclass(frozen=True, slots=True)
class LateArrival:
    """`late_days` since the day on which it should have come; `after_days` without stock before it comes, by the alert's numbers."""

    reference: str
    expected_on: date | None
    qty: int
    late_days: int
    after_days: int


def late_arrivals(alert: Alert) -> list[LateArrival]:
    """Of the alert's SKU and pool, those that are overdue or come after it has sold out, the first first. Three queries."""
    if alert.sku_id is None or alert.pool_id is None:
        return []
    houses = set(PoolWarehouse.objects.filter(pool_id=alert.pool_id).values_list("warehouse_id", flat=True))
    day = clock.business_day(alert.evaluated_at, settings.STOCKHUB_TIME_ZONE)
    sells_out = alert.inputs.get("sells_out_first")
    gone_on = None if sells_out is None else day + timedelta(days=ceil(sells_out))
    coming: list[InboundArrival | TransferArrival] = [*inbound_arrivals([alert.sku_id]), *transfer_arrivals([alert.sku_id])]
    found = [_late(each.reference, each.expected_on, each.qty, day, gone_on) for each in coming if each.warehouse_id in houses]
    late = [each for each in found if each.late_days or each.after_days]
    return sorted(late, key=lambda each: (each.expected_on is None, each.expected_on or day, each.reference))


def _late(reference: str, expected_on: date | None, qty: int, day: date, gone_on: date | None) -> LateArrival:
    overdue = 0 if expected_on is None else max((day - expected_on).days, 0)
    after = 0 if expected_on is None or gone_on is None or overdue else max((expected_on - gone_on).days - 1, 0)
    return LateArrival(reference, expected_on, qty, overdue, after)


def late_message(inputs: Mapping[str, Any]) -> str:
    """How late, in the active language, from the alert's own numbers: for lists and mails, which ask nothing of the database."""
    parts = []
    if inputs.get("overdue_inbound"):
        parts.append(_("%(units)s overdue by %(days)s") % {
            "units": amount_of_unit(inputs["overdue_inbound"], "unit"), "days": amount_of_unit(inputs.get("overdue_days") or 0, "day"),
        })  # fmt: skip
    before, sells_out = inputs.get("days_before_arrival"), inputs.get("sells_out_first")
    if before is not None and sells_out is not None and before > sells_out:
        parts.append(_("%(days)s without stock before the next arrival") % {"days": amount_of_unit(before - sells_out, "day")})
    return "; ".join(parts)
