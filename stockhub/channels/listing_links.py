"""What a listing delivers: mapped by a person or by its code, with everything that was sold of it counted anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.channels.code_matches import skus_of_codes
from stockhub.channels.models import Account, CustomerReturn, ExternalCode, Listing, ListingComponent, OrderLine
from stockhub.channels.order_states import LineState, OrderState
from stockhub.channels.order_store import Writes, load_orders_of_listings, write_changes
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.returns import move_returns, receive_waiting
from stockhub.channels.sales_counting import count
from stockhub.channels.sales_facts import SalesFacts
from stockhub.channels.stock_targets import load_routes, post_targets
from stockhub.core import clock
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

#: Orders counted anew in one transaction.
_ORDERS: Final = 1_000
#: Listings linked in one transaction.
_LISTINGS: Final = 500


@dataclass(frozen=True, slots=True)
class ComponentInput:
    """`qty` units of a SKU in one unit of the listing, within dates (both included)."""

    sku_id: int
    qty: int = 1
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of a link: order lines that changed, and returns that had come in already and whose units were moved."""

    lines: int = 0
    moved_returns: int = 0


def link_listing(*, listing: Listing, components: Sequence[ComponentInput], replacing: bool = True) -> Linked:
    """Says what a listing delivers, and counts its order lines and returns anew.

    The sales facts get the difference, and lines since the ledger's start get their stock. Returns that have come in go over to what it
    delivers now, those that waited for it come in. Repeating it changes nothing; one that was interrupted is finished by repeating it.
    Without `replacing`, one that delivers something else is refused: DomainError `already_linked`.
    """
    _require_valid(components)
    wanted = [(each.sku_id, each.qty, each.valid_from, each.valid_to) for each in components]

    def change() -> tuple[int, int] | None:
        """The new version, and how many returns moved."""
        locked = Listing.objects.select_for_update().get(pk=listing.pk)
        rows = ListingComponent.objects.filter(listing=locked).order_by("id")
        if list(rows.values_list("sku_id", "qty", "valid_from", "valid_to")) == wanted:
            return None
        if rows and not replacing:
            raise DomainError("already_linked", _("Somebody has linked the listing to something else. Look at it again."), path=("code",))
        # Taken back under the old mapping and counted under the new one in one transaction, so that no reader sees half of it.
        if rows:
            _recount(locked.account, [locked.pk], counted=False)
        rows.delete()
        ListingComponent.objects.bulk_create(
            ListingComponent(listing=locked, sku_id=sku, qty=qty, valid_from=since, valid_to=until) for sku, qty, since, until in wanted
        )
        Listing.objects.filter(pk=locked.pk).update(version=locked.version + 1, updated_at=clock.now())
        moved = move_returns(locked.account, locked.pk, locked.version + 1)
        payload = {
            "account": locked.account.code, "listing": locked.code, "sku_ids": sorted({sku for sku, *_rest in wanted}),
            "moved_returns": moved,
        }  # fmt: skip
        emit_event("channels.listing_linked.v1", entity="channels.listing", entity_id=locked.pk, payload=payload)
        return locked.version + 1, moved

    changed = in_transaction(change)
    lines = _recount(listing.account, [listing.pk], counted=True)
    receive_waiting(listing.account, [listing.pk])
    if changed is None:
        return Linked(lines)
    version, moved = changed
    # Returns that somebody took in meanwhile, who had read the old components.
    return Linked(lines, moved + in_transaction(lambda: move_returns(listing.account, listing.pk, version)))


def link_by_code(*, account: Account | None = None, codes: Collection[str] | None = None) -> int:
    """Links listings without components whose code is now an external code or a SKU's own; returns how many were linked."""
    named = ExternalCode.objects.filter(kind=OuterRef("kind"), value=OuterRef("code"))
    own = Sku.objects.filter(code=OuterRef("code"), deleted_at=None)
    unmapped = Listing.objects.filter(Q(kind="sku") & Exists(own) | Exists(named), components=None, deleted_at=None)
    if account is not None:
        unmapped = unmapped.filter(account=account)
    if codes is not None:
        unmapped = unmapped.filter(code__in=list(codes))
    linked, after = 0, 0
    while rows := list(unmapped.filter(id__gt=after).order_by("id").values_list("id", "account_id", "kind", "code")[:_LISTINGS]):
        for shop in Account.objects.filter(id__in={row[1] for row in rows}).order_by("id"):
            linked += _link_chunk(shop, {(kind, code): pk for pk, account_id, kind, code in rows if account_id == shop.pk})
        after = rows[-1][0]
    _finish_interrupted(account, codes)
    return linked


def _finish_interrupted(account: Account | None, codes: Collection[str] | None) -> None:
    """Counts lines and returns that are still without SKU although their listing delivers one: their link was cut short, or came while
    they did.
    """
    waiting = Q(sku=None, listing__components__isnull=False)
    if account is not None:
        waiting &= Q(listing__account=account)
    if codes is not None:
        waiting &= Q(listing__code__in=list(codes))
    found: set[tuple[int, int]] = set()
    for rows in (OrderLine.objects.filter(waiting), CustomerReturn.objects.filter(waiting)):
        found.update(rows.values_list("listing__account_id", "listing_id").distinct())
    by_account: dict[int, list[int]] = {}
    for account_id, listing_id in sorted(found):
        by_account.setdefault(account_id, []).append(listing_id)
    for shop in Account.objects.filter(id__in=by_account):
        ids = by_account[shop.pk]
        for start in range(0, len(ids), _LISTINGS):
            _recount(shop, ids[start : start + _LISTINGS], counted=True)
            receive_waiting(shop, ids[start : start + _LISTINGS])


def _link_chunk(account: Account, listings: dict[tuple[str, str], int]) -> int:
    """Many listings that deliver nothing yet, each with the one SKU that its code means."""
    skus = skus_of_codes(account, listings)
    if not skus:
        return 0

    def change() -> list[int]:
        chosen = {listings[code]: sku_id for code, sku_id in skus.items()}
        free = Listing.objects.select_for_update(of=("self",)).filter(id__in=chosen).order_by("id").values_list("id", flat=True)
        taken = set(ListingComponent.objects.filter(listing_id__in=chosen).values_list("listing_id", flat=True))
        ids = [pk for pk in free if pk not in taken]
        ListingComponent.objects.bulk_create([ListingComponent(listing_id=pk, sku_id=chosen[pk]) for pk in ids], batch_size=500)
        Listing.objects.filter(id__in=ids).update(updated_at=clock.now())
        payload = {"account": account.code, "listings": len(ids), "sku_ids": sorted({chosen[pk] for pk in ids})}
        emit_event("channels.listings_linked.v1", entity="channels.account", entity_id=account.pk, payload=payload)
        return ids

    ids = in_transaction(change)
    _recount(account, ids, counted=True)
    receive_waiting(account, ids)
    return len(ids)


def _require_valid(components: Iterable[ComponentInput]) -> None:
    for each in components:
        if not 0 < each.qty <= 100_000:
            raise DomainError("invalid_quantity", _("A component needs a quantity from 1 to 100000."), path=("components", "qty"))
        if each.valid_from and each.valid_to and each.valid_to < each.valid_from:
            raise DomainError("invalid_dates", _("A component must not end before it begins."), path=("components", "valid_to"))


def _recount(account: Account, listing_ids: Sequence[int], *, counted: bool) -> int:
    """Brings the listings' lines to what their components say, or takes all of their facts and stock back."""
    resolution = load_resolution(account, listing_ids=listing_ids)
    changed, after = 0, 0
    while True:
        with transaction.atomic():
            orders = load_orders_of_listings(listing_ids, after, _ORDERS)
            if not orders:
                return changed
            changed += _recount_orders(account, resolution, orders, counted=counted)
            after = orders[-1].id


def _recount_orders(account: Account, resolution: Resolution, orders: list[OrderState], *, counted: bool) -> int:
    writes, facts = Writes(), SalesFacts(account.pk)
    pairs: list[tuple[OrderState, LineState]] = []
    for order in orders:
        for line in order.lines.values():
            delivers = resolution.delivers(line.listing_id, line.ordered_at)
            sku_id = delivers.main_sku_id if delivers is not None and counted else None
            now = replace(line, sku_id=sku_id)
            count(facts, resolution, order, now, line)
            if now == line:
                continue
            writes.changed_lines.append(now)
            pairs.append((order, now))
    write_changes(writes, clock.now())
    facts.write()
    post_targets(load_routes(account), resolution, pairs, stored={line.id for _order, line in pairs})
    return len(pairs)
