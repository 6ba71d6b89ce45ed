"""What a listing delivers: mapped by a person or by its code, with everything that was sold of it counted anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.db import transaction

from stockhub.channels.code_matches import skus_of_codes
from stockhub.channels.models import Account, Listing, ListingComponent
from stockhub.channels.order_states import LineState, OrderState, demand_qty
from stockhub.channels.order_store import Writes, load_orders_of_listing, write_changes
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.sales_facts import SalesFacts
from stockhub.channels.stock_targets import load_routes, post_targets
from stockhub.core import clock
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

#: Orders counted anew in one transaction.
_ORDERS: Final = 1_000


@dataclass(frozen=True, slots=True)
class ComponentInput:
    """`qty` units of a SKU in one unit of the listing, within dates (both included)."""

    sku_id: int
    qty: int = 1
    valid_from: date | None = None
    valid_to: date | None = None


def link_listing(*, listing: Listing, components: Sequence[ComponentInput]) -> int:
    """Says what a listing delivers, and counts its order lines anew; returns how many lines changed.

    The sales facts get the difference, and lines since the ledger's start get their stock. Repeating it changes nothing; one that was
    interrupted is finished by repeating it.
    """
    _require_valid(components)
    wanted = [(each.sku_id, each.qty, each.valid_from, each.valid_to) for each in components]

    def change() -> None:
        locked = Listing.objects.select_for_update().get(pk=listing.pk)
        rows = ListingComponent.objects.filter(listing=locked).order_by("id")
        if list(rows.values_list("sku_id", "qty", "valid_from", "valid_to")) == wanted:
            return
        # Taken back under the old mapping and counted under the new one in one transaction, so that no reader sees half of it.
        if rows:
            _recount(locked, load_resolution(locked.account, listing_ids=[locked.pk]), counted=False)
        rows.delete()
        ListingComponent.objects.bulk_create(
            ListingComponent(listing=locked, sku_id=sku, qty=qty, valid_from=since, valid_to=until) for sku, qty, since, until in wanted
        )
        Listing.objects.filter(pk=locked.pk).update(version=locked.version + 1, updated_at=clock.now())
        payload = {"account": locked.account.code, "listing": locked.code, "sku_ids": sorted({sku for sku, *_rest in wanted})}
        emit_event("channels.listing_linked.v1", entity="channels.listing", entity_id=locked.pk, payload=payload)

    in_transaction(change)
    return _recount(listing, load_resolution(listing.account, listing_ids=[listing.pk]), counted=True)


def link_by_code(*, account: Account | None = None, codes: Collection[str] | None = None) -> int:
    """Links listings without components whose code is now an external code or a SKU's own; returns how many were linked."""
    unmapped = Listing.objects.filter(components=None, deleted_at=None).select_related("account")
    if account is not None:
        unmapped = unmapped.filter(account=account)
    if codes is not None:
        unmapped = unmapped.filter(code__in=list(codes))
    listings = list(unmapped.order_by("id"))
    linked = 0
    for shop in {listing.account_id: listing.account for listing in listings}.values():
        mine = [listing for listing in listings if listing.account_id == shop.pk]
        found = skus_of_codes(shop, {(listing.kind, listing.code) for listing in mine})
        for listing in mine:
            sku_id = found.get((listing.kind, listing.code))
            if sku_id is not None:
                link_listing(listing=listing, components=[ComponentInput(sku_id)])
                linked += 1
    return linked


def _require_valid(components: Iterable[ComponentInput]) -> None:
    for each in components:
        if not 0 < each.qty <= 100_000:
            raise DomainError("invalid_quantity", "A component needs a quantity from 1 to 100000.", path=("components", "qty"))
        if each.valid_from and each.valid_to and each.valid_to < each.valid_from:
            raise DomainError("invalid_dates", "A component must not end before it begins.", path=("components", "valid_to"))


def _recount(listing: Listing, resolution: Resolution, *, counted: bool) -> int:
    """Brings the listing's lines to what the resolution says, or takes all of their facts and stock back."""
    changed, after = 0, 0
    while True:
        with transaction.atomic():
            orders = load_orders_of_listing(listing.pk, after, _ORDERS)
            if not orders:
                return changed
            changed += _recount_orders(listing.account, resolution, orders, counted=counted)
            after = orders[-1].id


def _recount_orders(account: Account, resolution: Resolution, orders: list[OrderState], *, counted: bool) -> int:
    writes, facts = Writes(), SalesFacts(account.pk)
    pairs: list[tuple[OrderState, LineState]] = []
    for order in orders:
        for line in order.lines.values():
            delivers = resolution.delivers(line.listing_id, line.ordered_at)
            sku_id = delivers.main_sku_id if delivers is not None and counted else None
            now = replace(line, sku_id=sku_id)
            now.counted_qty = demand_qty(order, now)
            if now == line:
                continue
            if delivers is not None and now.counted_qty != line.counted_qty:
                facts.add(delivers, line.ordered_at, now.counted_qty - line.counted_qty)
            writes.changed_lines.append(now)
            pairs.append((order, now))
    write_changes(writes, clock.now())
    facts.write()
    post_targets(load_routes(account), resolution, pairs, stored={line.id for _order, line in pairs})
    return len(pairs)
