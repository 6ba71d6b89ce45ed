"""A live room sells out before one's eyes: buyers order on a made-up Douyin, which pushes signed webhooks, and the dispatcher warns.

Platform, server and dispatcher are processes of their own, and speak over HTTP; this one does a worker's work, and polls behind the pushes.

The SKU is no part of the generated shop, so what is asserted about that stays true.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert
from stockhub.alerts.wording import headline
from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.models import Account, Listing, ListingComponent, OrderLine
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import actor, clock
from stockhub.core.actor import Actor
from stockhub.demo import beside, settling
from stockhub.demo.live_platform import LivePlatform, connect, read_orders, work_on_pushes
from stockhub.demo.places import CN_MAIN, DOUYIN, VENDORS
from stockhub.inventory.models import Balance
from stockhub.inventory.services import Receipt, receive_lot
from stockhub.suppliers.models import Offer, Supplier

SKU: Final = "DEMO-LIVE-ROOM"
#: What lies there before each burst, and how fast it goes.
STOCK: Final = 120
EVERY_SECONDS: Final = 0.25
ORDERS: Final = 20
_KIND: Final = "burn-rate"
_PATIENCE_SECONDS: Final = 60.0
#: How often what no push told of is looked for.
_POLL_SECONDS: Final = 10.0
_ASKED: Final = """query ($kinds: [String!], $skus: [String!]) {
  alerts(kinds: $kinds, skus: $skus) { edges { node { headline level } } }
}"""


def burst(platform: LivePlatform) -> Iterator[str]:
    """Lets a live room sell until the alert is there and all orders are in, and yields what happens, a line each.

    CommandError where no alert came in time.
    """
    with actor.acting_as(Actor("demo")):
        sku = _stocked()
        yield _("Connected to %(shop)s at %(url)s") % {"shop": connect(platform), "url": platform.url}
        platform.offer(code=SKU, name=sku.name, cents=3_900, qty=STOCK)
        Alert.objects.filter(sku=sku, kind=_KIND).exclude(status="resolved").update(status="resolved", resolved_at=clock.now())
        with beside.dispatcher(), beside.server() as address, settling.passing_token() as token:
            platform.push_to(address)
            yield _("It pushes to %(url)s") % {"url": platform.pushes_to}
            yield from _orders(sku, platform)
            yield from _told_by_graphql(address, token)


def _stocked() -> Sku:
    """The SKU with its listing, and as much stock as each burst begins with."""
    made = {"name": "Live-room mug", "price_amount": Decimal(39), "price_currency": "CNY", "is_replenished": True}
    cost = {"unit_cost_amount": Decimal(15), "unit_cost_currency": "CNY"}
    sku, _new = Sku.objects.get_or_create(code=SKU, defaults=made | cost)
    offer = {"currency": "CNY", "unit_price_amount": Decimal(15), "lead_time_days": 5, "lead_time_sd_days": 1}
    Offer.objects.get_or_create(supplier=Supplier.objects.get(code=VENDORS[0].code), sku=sku, defaults=offer)
    listing, is_new = Listing.objects.get_or_create(account=Account.objects.get(code=DOUYIN), kind="sku", code=SKU)
    if is_new:
        ListingComponent.objects.create(listing=listing, sku=sku, qty=1)
    warehouse = Warehouse.objects.get(code=CN_MAIN)
    there = Balance.objects.filter(sku=sku, warehouse=warehouse, bucket_id="available").values_list("qty", flat=True).first() or 0
    if there < STOCK:
        key = f"demo-burst-{clock.now():%Y%m%d%H%M%S%f}"
        receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=STOCK - there, idempotency_key=key))
    return sku


def _orders(sku: Sku, platform: LivePlatform) -> Iterator[str]:
    known = set(_order_ids(sku))
    before = frozenset(known)
    began = polled = time.perf_counter()
    committed: list[float] = []
    alert: Alert | None = None
    platform.sell(code=SKU, orders=ORDERS, seconds=ORDERS * EVERY_SECONDS)
    while len(committed) < ORDERS or alert is None:
        work_on_pushes()
        if time.perf_counter() - polled > _POLL_SECONDS:
            read_orders()
            polled = time.perf_counter()
        fresh = [order_id for order_id in _order_ids(sku) if order_id not in known]
        known.update(fresh)
        for _order_id in fresh:
            committed.append(time.perf_counter() - began)
            yield _("%(seconds)6.2f s  order %(number)d") % {"seconds": committed[-1], "number": len(committed)}
        if alert is None and (alert := Alert.objects.filter(sku=sku, kind=_KIND).exclude(status="resolved").first()):
            yield _told(alert, committed, time.perf_counter() - began)
        if time.perf_counter() - began > _PATIENCE_SECONDS:
            raise CommandError(_("No alert came within %(seconds)d s.") % {"seconds": _PATIENCE_SECONDS})
        time.sleep(0.1)
    number = Alert.objects.filter(sku=sku, kind=_KIND).exclude(status="resolved").count()
    yield _("%(orders)d orders, %(alerts)d alert.") % {"orders": len(committed), "alerts": number}
    pushed = _pushed(known - before)
    yield _("Pushed by webhook: %(pushed)d; found by polling: %(polled)d.") % {"pushed": pushed, "polled": len(committed) - pushed}


def _pushed(order_ids: set[str]) -> int:
    """Of these orders, how many a webhook told of first."""
    first: dict[str, str] = {}
    told = ReceivedRecord.objects.filter(account__code=DOUYIN, kind="order", external_id__in=order_ids).order_by("id")
    for order_id, source in told.values_list("external_id", "source"):
        first.setdefault(order_id, source)
    return list(first.values()).count("webhook")


def _told_by_graphql(address: str, token: str) -> Iterator[str]:
    """The alert as whoever asks the server over HTTP sees it. CommandError where it is not there."""
    edges = beside.ask(address, token, _ASKED, {"kinds": [_KIND], "skus": [SKU]})["alerts"]["edges"]
    if not edges:
        raise CommandError(_("The alert is not in GraphQL."))
    yield _("In GraphQL: level %(level)d, %(headline)s") % {"level": edges[0]["node"]["level"], "headline": edges[0]["node"]["headline"]}


def _order_ids(sku: Sku) -> list[str]:
    """Orders of a live room for the SKU, as they are in the database."""
    lines = OrderLine.objects.filter(sku=sku, order__account__code=DOUYIN).exclude(order__live_room="")
    return list(lines.order_by("order_id").values_list("order__external_id", flat=True))


def _told(alert: Alert, committed: list[float], now: float) -> str:
    """The alert, and how long it took from the last order that it knows of."""
    known = min(max(STOCK - int(alert.inputs["available"]), 1), len(committed))
    return _("%(seconds)6.2f s  ALERT level %(level)d, %(delay).2f s after order %(number)d: %(headline)s") % {
        "seconds": now, "level": alert.level, "delay": now - committed[known - 1], "number": known, "headline": headline(alert),
    }  # fmt: skip
