"""Signs of contradictory data by plain reasoning, one row at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import isnan, nan

from stockhub.catalog.models import Sku
from stockhub.channels.models import Feed, Order
from stockhub.channels.pushes.models import StockDifference
from stockhub.inventory.models import Balance, Movement, StockHistory
from stockhub.purchasing.models import PurchaseOrderLine, ShipmentLine

Row = dict[str, float]


def doubts(row: Row, sku: Sku, pool: int, houses: list[int], day: date, as_of: datetime) -> None:
    """Signs of contradictory data, each in plain words, and the product of what they leave."""
    feeds = Feed.objects.filter(
        kind__in=("orders", "stock"), is_paused=False, account__is_active=True, account__pool_accounts__pool_id=pool
    )
    ages = [(as_of - feed.last_success_at).total_seconds() / 3600 for feed in feeds if feed.last_success_at]
    row["feed_age_hours"] = max(ages, default=nan)
    row["doubled_inbound"] = 0.0
    for line in ShipmentLine.objects.filter(sku=sku, order_line=None, shipment__status__in=("in_transit", "receiving")):
        left = line.shipped_qty - line.received_qty
        ordered = PurchaseOrderLine.objects.filter(
            sku=sku, purchase_order__status="open", purchase_order__warehouse_id=line.shipment.warehouse_id
        )
        for order in ordered if line.shipment.warehouse_id in houses else ():
            gone = ("in_transit", "receiving", "received")
            if order.ordered_qty - sum(s.shipped_qty for s in order.shipment_lines.all() if s.shipment.status in gone) == left:
                row["doubled_inbound"] += left
                break
    row["pack_jump"] = float(
        any(_jumped(history, row["case_pack"], day) for history in StockHistory.objects.filter(sku=sku, warehouse_id__in=houses))
    )
    row["platform_gap"] = max((gap for gap in _gaps(sku, pool, day) if gap >= 5), default=0.0)
    row["shift_hours"] = 8.0 if Order.objects.filter(account__pool_accounts__pool_id=pool, ordered_at__gt=as_of).exists() else 0.0
    trust = 0.3 if row["pack_jump"] else 1.0
    trust *= 0.4 if row["platform_gap"] else 1.0
    trust *= 0.45 if row["shift_hours"] else 1.0
    trust *= 0.6 if row["doubled_inbound"] else 1.0
    trust *= 0.2 if row["in_dispute"] else 1.0
    trust *= 0.45 if row["feed_age_hours"] > 48 else 1.0
    steady = min(row["sold_60"] - row["sold_30"], row["sold_90"] - row["sold_60"])
    silent = row["days_since_sale"]
    phantom = row["available"] > 0 and 7 <= silent <= 30 and row["stockout_days_30"] == 0 and steady * silent / 30 >= 10
    row["data_confidence"] = trust * (0.4 if phantom else 1.0)


def _gaps(sku: Sku, pool: int, day: date) -> list[float]:
    told = StockDifference.objects.filter(
        listing__components__sku=sku, account__pool_accounts__pool_id=pool, cause="unexplained", day__gte=day - timedelta(days=1)
    )
    pairs = [(float(each.our_qty or 0), float(each.platform_qty or 0)) for each in told]
    return [abs(ours - theirs) for ours, theirs in pairs if abs(ours - theirs) >= 0.2 * max(ours, theirs)]


def _jumped(history: StockHistory, pack: float, day: date) -> bool:
    ends = [nan] * 7
    for at, qty in enumerate(history.qty.tolist()):
        if 1 <= (back := (day - history.first_on).days - at) <= 7:
            ends[7 - back] = qty
    now = Balance.objects.filter(sku_id=history.sku_id, warehouse_id=history.warehouse_id, bucket_id="available").first()
    ends.append(float(now.qty) if now else nan)
    came = Movement.objects.filter(
        sku_id=history.sku_id, warehouse_id=history.warehouse_id, occurred_at__gte=_midnight(day - timedelta(days=7)),
        kind__in=("receive", "return", "transfer", "remove", "opening"),
    )  # fmt: skip
    if isnan(pack) or pack < 6 or came.exists():
        return False
    for before, after in pairwise(ends):
        for low, high in ((before, after), (after, before)):
            if low >= 5 and abs(high - low * pack) <= 0.02 * low * pack:
                return True
    return False


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)
