"""The cash that an action needs today: what an order costs at its supplier, what a transfer's freight costs (N7).

What is not known is unknown and never free. What brings money later (a promotion, a purchase pause, goods let go) needs none now, and is
not counted as money that could be spent: it comes after today's orders are paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.conf import settings
from django.db.models import F

from stockhub.agenda.actions import Action, ActionKind
from stockhub.agenda.pool_places import PoolPlaces
from stockhub.catalog.exchange_rates import exact_rates_on
from stockhub.core import clock
from stockhub.inventory.transfers.models import TransferLine, TransferStatus
from stockhub.suppliers.models import Offer
from stockhub.suppliers.selectors import preferred_offers, unit_price_of

_SMALLEST: Final = Decimal("0.000001")
_NOTHING: Final = Decimal(0)
_FREE: Final = frozenset({ActionKind.PROMOTION, ActionKind.PURCHASE_PAUSE, ActionKind.SLOW_SALE})
#: Kinds whose proposals are a lower price or goods let go; what another rule proposes may cost anything.
_FREE_PROPOSALS: Final = frozenset({"overstock", "unsold-stock", "no-sale", "residual-value"})


@dataclass(frozen=True, slots=True)
class CashNeed:
    """The cash of one action in the base currency, or the code of what is missing.

    Of an order `supplier` is who would be asked, empty where only the SKU's own unit cost is known; `each` is what a unit costs.
    """

    amount: Decimal | None
    reason: str = ""
    supplier: str = ""
    each: Decimal | None = None


#: A price in the currency in which it is stated.
_Price = tuple[Decimal, str]


def cash_needs(actions: Sequence[Action], places: PoolPlaces) -> list[CashNeed]:
    """Of each action, in their order. Five queries at most: offers, price breaks, freight, and rates."""
    day = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
    orders = [action for action in actions if action.kind is ActionKind.ORDER]
    offers = preferred_offers({_place(action) for action in orders}, day) if orders else {}
    freights = _freights([action for action in actions if action.kind is ActionKind.TRANSFER], places)
    prices: list[_Price | CashNeed] = [_price(action, offers, freights) for action in actions]
    rates = exact_rates_on({(day, each[1]) for each in prices if isinstance(each, tuple)}, settings.STOCKHUB_BASE_CURRENCY)
    return [_need(action, price, rates, day, offers) for action, price in zip(actions, prices, strict=True)]


def _place(action: Action) -> tuple[int, int]:
    return action.alert.sku_id or 0, action.pool_id or 0


def _price(action: Action, offers: Mapping[tuple[int, int], Offer], freights: Mapping[int, _Price]) -> _Price | CashNeed:
    """What a unit of it costs, or what is known without that."""
    if action.kind in _FREE or (action.kind is ActionKind.PROPOSAL and action.alert.kind in _FREE_PROPOSALS):
        return CashNeed(_NOTHING)
    if action.kind not in (ActionKind.ORDER, ActionKind.TRANSFER):
        return CashNeed(None, "NO_ACTION_COST")
    if not action.quantity:
        return CashNeed(None, "NO_QUANTITY")
    if action.kind is ActionKind.TRANSFER:
        return freights.get(id(action)) or CashNeed(None, "NO_FREIGHT")
    return _order_price(action, offers.get(_place(action)))


def _order_price(action: Action, offer: Offer | None) -> _Price | CashNeed:
    """The offer's price for the quantity; the SKU's own unit cost where no offer states one."""
    stated, sku = unit_price_of(offer, action.quantity or 0) if offer else None, action.alert.sku
    if offer is not None and stated is not None:
        return stated, offer.currency
    if sku is not None and sku.unit_cost_amount is not None:
        return sku.unit_cost_amount, sku.unit_cost_currency
    return CashNeed(None, "NO_COST")


def _need(
    action: Action,
    price: _Price | CashNeed,
    rates: Mapping[tuple[date, str], Decimal],
    day: date,
    offers: Mapping[tuple[int, int], Offer],
) -> CashNeed:
    if isinstance(price, CashNeed):
        return price
    amount, currency = price
    rate = rates.get((day, currency))
    if rate is None:
        return CashNeed(None, "NO_RATE")
    each, units = amount * rate, Decimal(action.quantity or 0)
    offer = offers.get(_place(action)) if action.kind is ActionKind.ORDER else None
    is_offered = offer is not None and unit_price_of(offer, action.quantity or 0) is not None
    return CashNeed(
        (each * units).quantize(_SMALLEST, ROUND_HALF_UP),
        supplier=offer.supplier.code if offer is not None and is_offered else "",
        each=each.quantize(_SMALLEST, ROUND_HALF_UP),
    )


def _freights(transfers: Sequence[Action], places: PoolPlaces) -> dict[int, _Price]:
    """By the transfer's identity the freight of a unit on the same way, when it last was stated for the SKU."""
    if not transfers:
        return {}
    lines = (
        TransferLine.objects.filter(sku__in={action.alert.sku_id for action in transfers}, freight_amount__isnull=False)
        .exclude(transfer__status=TransferStatus.CANCELLED)
        .order_by(F("transfer__shipped_on").desc(nulls_last=True), "-pk")
    )
    rows = list(
        lines.values_list("sku_id", "transfer__from_warehouse_id", "transfer__to_warehouse_id", "freight_amount", "freight_currency")
    )
    found: dict[int, _Price] = {}
    for action in transfers:
        start, end = (places.warehouses.get(pool or 0, frozenset()) for pool in (action.from_pool_id, action.pool_id))
        for sku, source, target, freight, currency in rows:
            if sku == action.alert.sku_id and source in start and target in end and freight is not None:
                found[id(action)] = freight, currency
                break
    return found
