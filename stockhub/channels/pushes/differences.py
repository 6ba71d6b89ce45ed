"""The three-way difference of a day: our stock by the rule, the platform's, and the warehouse's by its last counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings as site
from django.db import transaction
from django.db.models import Sum

from stockhub.catalog.models import Warehouse
from stockhub.channels.models import Account, Listing, OrderLine
from stockhub.channels.pushes.counted import Shelf, counted_shelves
from stockhub.channels.pushes.models import OPEN, DifferenceCause, PushKind, PushRow, PushSettings, ShownStock, StockDifference
from stockhub.channels.pushes.targets import Target, ledger_stock, targets_of
from stockhub.core import clock
from stockhub.outbox.services import emit_event

#: What was seen longer ago is no news of today.
STALE: Final = timedelta(hours=24)
_LISTINGS: Final = 2_000


@dataclass(slots=True)
class Compared:
    listings: int = 0
    shelves: int = 0
    differences: int = 0


@dataclass(slots=True)
class _Facts:
    """What is known of a chunk of listings besides their targets."""

    shown: dict[tuple[int, str], ShownStock] = field(default_factory=dict)
    pushing: set[int] = field(default_factory=set)
    counted: dict[tuple[int, str], int | None] = field(default_factory=dict)
    counted_at: datetime | None = None


def compare_stock(*, at: datetime | None = None) -> Compared:
    """Writes down what does not agree today; run again, the last run of the day stands. Accounts whose platform tells nothing are left
    out.
    """
    now = at or clock.now()
    shelves = counted_shelves(now)
    done = Compared(shelves=len(shelves))
    done.differences += _compare_shelves(shelves, now)
    telling = ShownStock.objects.values("listing__account_id")
    for account in Account.objects.filter(pk__in=telling, is_active=True, deleted_at=None).order_by("pk"):
        listings, differences = _compare_account(account, shelves, now)
        done.listings += listings
        done.differences += differences
    return done


# --- shelves -----------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def _compare_shelves(shelves: Sequence[Shelf], now: datetime) -> int:
    day = clock.business_day(now, site.STOCKHUB_TIME_ZONE)
    codes = dict(Warehouse.objects.values_list("id", "code"))
    rows = [
        StockDifference(
            day=day, subject=f"sku:{shelf.sku_id}:{codes.get(shelf.warehouse_id, shelf.warehouse_id)}", sku_id=shelf.sku_id,
            warehouse_id=shelf.warehouse_id, our_qty=shelf.book_qty, warehouse_qty=shelf.counted_qty, cause=DifferenceCause.COUNT,
            counted_at=shelf.counted_at, recorded_at=now,
        )
        for shelf in shelves
        if shelf.book_qty != shelf.counted_qty
    ]  # fmt: skip
    StockDifference.objects.filter(day=day, account=None).delete()
    StockDifference.objects.bulk_create(rows, batch_size=500)
    return len(rows)


# --- listings ----------------------------------------------------------------------------------------------------------------------------


def _compare_account(account: Account, shelves: Sequence[Shelf], now: datetime) -> tuple[int, int]:
    day = clock.business_day(now, account.time_zone)
    settings = PushSettings.objects.filter(account=account).first() or PushSettings(account=account)
    listings = list(Listing.objects.filter(account=account, deleted_at=None).order_by("id"))
    rows: list[StockDifference] = []
    for start in range(0, len(listings), _LISTINGS):
        rows += _compare_chunk(account, listings[start : start + _LISTINGS], shelves, settings, now, day)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        StockDifference.objects.filter(day=day, account=account).delete()
        StockDifference.objects.bulk_create(rows, batch_size=500)
        oversold = sum(1 for row in rows if row.oversold_qty)
        payload = {"account": account.code, "day": day.isoformat(), "differences": len(rows), "oversold": oversold}
        emit_event("channels.stock_compared.v1", entity="channels.account", entity_id=account.pk, payload=payload)
    return len(listings), len(rows)


def _compare_chunk(
    account: Account, listings: Sequence[Listing], shelves: Sequence[Shelf], settings: PushSettings, now: datetime, day: date
) -> list[StockDifference]:
    targets = targets_of(account, listings, at=now, or_all=True)
    facts = _facts(account, listings, targets, shelves, now)
    rows = []
    for target in targets:
        shown = facts.shown.get((target.listing.pk, target.warehouse))
        ours, platform = target.qty, shown.qty if shown else None
        counted = facts.counted.get((target.listing.pk, target.warehouse))
        oversold = max(platform - target.servable, 0) if platform is not None and target.servable is not None else 0
        if ours is None and not platform:
            continue  # nothing is known and nothing is offered
        if _agree(ours, platform, settings) and (counted is None or _agree(ours, counted, settings)) and not oversold:
            continue
        rows.append(
            StockDifference(
                day=day, subject=f"listing:{target.listing.pk}:{target.warehouse}", account=account, listing=target.listing, our_qty=ours,
                platform_qty=platform, warehouse_qty=counted, oversold_qty=oversold, cause=_cause(target, shown, facts, settings, now),
                platform_at=shown.observed_at if shown else None, counted_at=facts.counted_at if counted is not None else None,
                recorded_at=now,
            )
        )  # fmt: skip
    return rows


def _agree(one: int | None, other: int | None, settings: PushSettings) -> bool:
    if one is None or other is None:
        return False
    allowed = max(Decimal(settings.tolerance_qty), abs(one) * Decimal(settings.tolerance_pct) / 100)
    return abs(one - other) <= allowed


def _cause(target: Target, shown: ShownStock | None, facts: _Facts, settings: PushSettings, now: datetime) -> DifferenceCause:
    """The likeliest: what was not known before what was not done, before what somebody has to look for."""
    if target.qty is None:
        return DifferenceCause.UNMAPPED if target.reason == "UNMAPPED" else DifferenceCause.UNEXPLAINED
    if shown is None or shown.observed_at < now - STALE:
        return DifferenceCause.STALE_FEED
    if target.listing.pk in facts.pushing:
        return DifferenceCause.PUSH_PENDING
    lines = OrderLine.objects.filter(listing=target.listing, ordered_at__gt=shown.observed_at)
    if lines.aggregate(total=Sum("qty"))["total"] and shown.qty > target.qty:
        return DifferenceCause.PENDING_ORDERS
    counted = facts.counted.get((target.listing.pk, target.warehouse))
    if counted is not None and not _agree(target.qty, counted, settings):
        return DifferenceCause.COUNT
    return DifferenceCause.UNEXPLAINED


def _facts(account: Account, listings: Sequence[Listing], targets: Sequence[Target], shelves: Sequence[Shelf], now: datetime) -> _Facts:
    ids = [listing.pk for listing in listings]
    facts = _Facts()
    facts.shown = {(row.listing_id, row.warehouse): row for row in ShownStock.objects.filter(listing_id__any_of=ids)}
    open_rows = PushRow.objects.filter(push__account=account, push__kind=PushKind.STOCK, push__status__in=OPEN)
    facts.pushing = {pk for pk in open_rows.values_list("listing_id", flat=True) if pk}
    if shelves:
        facts.counted = _by_counts(account, listings, targets, shelves, now)
        facts.counted_at = max(shelf.counted_at for shelf in shelves)
    return facts


def _by_counts(
    account: Account, listings: Sequence[Listing], targets: Sequence[Target], shelves: Sequence[Shelf], now: datetime
) -> dict[tuple[int, str], int | None]:
    """What the rule gives where the last counts stand in for the book; only of listings all of whose SKUs were counted somewhere."""
    delivered = {sku for target in targets for sku in target.sku_ids}
    stock = ledger_stock(delivered)
    counted = {shelf.sku_id for shelf in shelves}
    for shelf in shelves:
        cell = (shelf.sku_id, shelf.warehouse_id, "available")
        # What orders hold stays theirs: what was found too much or too little is free stock.
        stock[cell] = stock.get(cell, 0) + shelf.counted_qty - shelf.book_qty
    found = targets_of(account, listings, at=now, stock=stock, or_all=True)
    return {(each.listing.pk, each.warehouse): each.qty for each in found if each.sku_ids and set(each.sku_ids) <= counted}
