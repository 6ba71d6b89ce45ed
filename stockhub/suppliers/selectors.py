"""What an order would be placed at: the offer that is asked first, and its price for a quantity."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q

from stockhub.suppliers.models import Offer


def preferred_offers(wanted: Collection[tuple[int, int]], day: date) -> dict[tuple[int, int], Offer]:
    """By (SKU, pool) the offer that is asked first, with supplier and price breaks: one to the pool itself before one to every pool.

    Of several the one with the lowest preference, then the lowest price, then the first; as the snapshot chooses. Two queries.
    """
    offers = Offer.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_to=None) | Q(valid_to__gte=day),
        sku__in={sku for sku, _pool in wanted},
        is_active=True,
        deleted_at=None,
        supplier__is_active=True,
        supplier__deleted_at=None,
    )
    by_sku: dict[int, list[Offer]] = {}
    for offer in offers.select_related("supplier").prefetch_related("price_breaks"):
        by_sku.setdefault(offer.sku_id, []).append(offer)
    found = {}
    for sku, pool in wanted:
        its = by_sku.get(sku, ())
        own = [offer for offer in its if offer.pool_id == pool]
        if chosen := _first(own or [offer for offer in its if offer.pool_id is None]):
            found[sku, pool] = chosen
    return found


def _first(offers: Iterable[Offer]) -> Offer | None:
    return min(
        offers,
        key=lambda each: (each.preference, each.unit_price_amount is None, each.unit_price_amount or Decimal(0), each.pk),
        default=None,
    )


def unit_price_of(offer: Offer, quantity: int) -> Decimal | None:
    """The price of a unit in the offer's currency, by its price breaks; None where nobody stated one."""
    price: Decimal | None = offer.unit_price_amount
    for each in sorted(offer.price_breaks.all(), key=lambda each: each.min_qty):
        if quantity >= each.min_qty:
            price = each.unit_price_amount
    return price
