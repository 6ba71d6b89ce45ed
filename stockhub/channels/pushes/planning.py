"""From what is wanted to the rows of a push: before, after, and why. Nothing is sent and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from stockhub.channels.models import Account, Listing, PriceFact
from stockhub.channels.pushes.guarding import Beyond, Change, Limits, beyond
from stockhub.channels.pushes.inputs import PushInput, PushRowInput
from stockhub.channels.pushes.models import Push, PushKind, PushRow, PushRowStatus, PushSettings, ShownStock, StockRule
from stockhub.channels.pushes.targets import Target, snapshot_of, targets_of
from stockhub.core import clock
from stockhub.core.currencies import CURRENCIES
from stockhub.inventory.disputes import disputed_pairs
from stockhub.values.errors import DomainError

MOST_ROWS: Final = 1_000
_MOST_QTY: Final = 10**9
_MOST_DAYS: Final = 365
#: Characters of a platform's warehouse.
_WAREHOUSE: Final = 60
_DISPOSITIONS: Final = ("return", "disposal", "liquidation")
#: What was seen longer ago is no ground for a change by difference.
FRESH: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A listing that is not part of the push. `reason`: UNCHANGED, NO_RULE, UNMAPPED, NO_STOCK_RECORDED, NO_WAREHOUSE, IN_DISPUTE."""

    code: str
    reason: str


@dataclass(slots=True)
class Plan:
    """The rows of a push, not saved; what was left out; the rules behind it; and what is beyond the largest change."""

    account: Account
    kind: PushKind
    rows: list[PushRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    beyond: list[Beyond] = field(default_factory=list)


def plan(account: Account, wanted: PushInput, settings: PushSettings | None, *, is_automatic: bool = False) -> Plan:
    """DomainError where a row is no good, with its place; `nothing_to_push` is for the caller to say.

    With `is_automatic`, no number is raised on stock that is in dispute (H6): what nobody may be sure of is not offered by itself.
    """
    kind = PushKind(wanted.kind)
    if wanted.rows is None and kind != PushKind.STOCK:
        raise DomainError("rows_required", _("Name the listings."), path=("rows",))
    rows = wanted.rows
    if rows is not None:
        _require_rows(kind, rows)
    listings = _listings(account, rows)
    made = Plan(account, kind)
    if kind == PushKind.STOCK:
        _plan_stock(made, listings, rows, holds_disputed=is_automatic)
    else:
        _plan_told(made, listings, rows or ())
    for place, row in enumerate(made.rows):
        row.place = place
    made.beyond = _beyond(kind, made.rows, settings)
    return made


#: A draft of a shipment changes nothing yet, a shipping time is no number of units, and a removal is confirmed whatever its size.
_GUARDED: Final = (PushKind.STOCK, PushKind.PRICE)


def beyond_of(push: Push, settings: PushSettings | None) -> list[Beyond]:
    """How a push goes beyond the largest change that is allowed now."""
    return _beyond(PushKind(push.kind), list(push.rows.order_by("place")), settings)


def _beyond(kind: PushKind, rows: Sequence[PushRow], settings: PushSettings | None) -> list[Beyond]:
    return beyond(_changes(kind, rows), limits_of(settings)) if rows and kind in _GUARDED else []


def limits_of(settings: PushSettings | None) -> Limits:
    if settings is None:
        return Limits(None, None, None, None)
    return Limits(settings.row_qty, settings.row_pct, settings.push_qty, settings.push_pct)


def _changes(kind: PushKind, rows: Sequence[PushRow]) -> list[Change]:
    if kind == PushKind.PRICE:
        return [Change(row.code, row.before_amount, row.after_amount or Decimal(0), is_money=True) for row in rows]
    return [Change(row.code, None if row.before_qty is None else Decimal(row.before_qty), Decimal(row.after_qty or 0)) for row in rows]


def _listings(account: Account, rows: Sequence[PushRowInput] | None) -> dict[tuple[str, str], Listing]:
    live = Listing.objects.filter(account=account, deleted_at=None).order_by("id")
    if rows is None:
        found = list(live)
        return {(listing.kind, listing.code): listing for listing in found}
    live = live.filter(code__in={row.code for row in rows})
    found_by = {(listing.kind, listing.code): listing for listing in live}
    for index, row in enumerate(rows):
        if (row.code_kind, row.code) not in found_by:
            raise DomainError(
                "unknown_listing", _("There is no such listing on this account."), path=("rows", str(index), "code"),
                params={"code": row.code[:120]},
            )  # fmt: skip
    return found_by


def _plan_stock(made: Plan, listings: dict[tuple[str, str], Listing], rows: Sequence[PushRowInput] | None, *, holds_disputed: bool) -> None:
    """Explicit numbers as they were told; the others by rule. What the platform shows already is left out."""
    given = {(row.code_kind, row.code, row.warehouse): row for row in rows or () if row.qty is not None}
    by_rule = [listings[row.code_kind, row.code] for row in rows if row.qty is None] if rows is not None else list(listings.values())
    asked = {(row.code_kind, row.code): row.warehouse for row in rows or () if row.qty is None and row.warehouse}
    targets = targets_of(made.account, by_rule) if by_rule else []
    seen = _shown({listing.pk for listing in listings.values()})
    doubted = disputed_pairs({sku for target in targets for sku in target.sku_ids}) if holds_disputed else set[tuple[int, int]]()
    used: list[StockRule | None] = []
    for target in targets:
        key = (target.listing.kind, target.listing.code)
        if key in asked and asked[key] != target.warehouse:
            continue
        if target.qty is None:
            made.skipped.append(Skipped(target.listing.code, target.reason))
            continue
        if doubted and _is_raised(target, seen) and not doubted.isdisjoint(product(target.sku_ids, target.warehouse_ids)):
            made.skipped.append(Skipped(target.listing.code, "IN_DISPUTE"))
            continue
        if _add(made, target.listing, target.warehouse, target.qty, seen, target):
            used.append(target.rule)
    for (kind, code, warehouse), row in given.items():
        _add(made, listings[kind, code], warehouse, row.qty or 0, seen, None)
    made.rules = snapshot_of(used)


def _is_raised(target: Target, seen: dict[tuple[int, str], ShownStock]) -> bool:
    """Whether more would be offered than now. Fewer units of doubtful stock are never too few; what is shown is not always known."""
    shown = seen.get((target.listing.pk, target.warehouse))
    return shown is None or (target.qty or 0) > shown.qty


def _add(made: Plan, listing: Listing, warehouse: str, qty: int, seen: dict[tuple[int, str], ShownStock], target: Target | None) -> bool:
    shown = seen.get((listing.pk, warehouse))
    if shown is not None and shown.qty == qty:
        made.skipped.append(Skipped(listing.code, "UNCHANGED"))
        return False
    explanation = target.explanation.to_json() if target is not None and target.explanation is not None else None
    made.rows.append(
        PushRow(
            listing=listing, code=listing.code, code_kind=listing.kind, warehouse=warehouse, before_qty=shown.qty if shown else None,
            after_qty=qty, base_version=shown.version if shown else None, base_at=shown.observed_at if shown else None,
            explanation=explanation, status=PushRowStatus.PENDING,
        )
    )  # fmt: skip
    return True


def _shown(listing_ids: set[int]) -> dict[tuple[int, str], ShownStock]:
    """What was seen lately: an old number is as good as none."""
    fresh = ShownStock.objects.filter(listing_id__any_of=sorted(listing_ids), observed_at__gte=clock.now() - FRESH)
    return {(row.listing_id, row.warehouse): row for row in fresh}


def _plan_told(made: Plan, listings: dict[tuple[str, str], Listing], rows: Sequence[PushRowInput]) -> None:
    prices = effective_prices({listing.pk for listing in listings.values()}) if made.kind == PushKind.PRICE else {}
    promised = _promised({listing.pk for listing in listings.values()}) if made.kind == PushKind.SHIP_TIME else {}
    for row in rows:
        listing = listings[row.code_kind, row.code]
        price = prices.get(listing.pk)
        currency = (row.currency or made.account.currency) if made.kind == PushKind.PRICE else ""
        promise = promised.get((listing.pk, row.warehouse))
        before = price.amount if price is not None and price.currency == currency else None
        if made.kind == PushKind.PRICE and before == row.price:
            made.skipped.append(Skipped(listing.code, "UNCHANGED"))
            continue
        made.rows.append(
            PushRow(
                listing=listing, code=listing.code, code_kind=listing.kind, warehouse=row.warehouse, before_amount=before,
                after_amount=row.price, currency=currency, after_qty=row.qty, days=row.days, presale_until=row.presale_until,
                before_days=promise.days if promise else None, before_presale_until=promise.presale_until if promise else None,
                unsellable_qty=row.unsellable_qty, disposition=row.disposition, expires_on=row.expires_on,
                base_version=price.pk if price else None, base_at=price.occurred_at if price else None, status=PushRowStatus.PENDING,
            )
        )  # fmt: skip


def effective_prices(listing_ids: set[int]) -> dict[int, PriceFact]:
    """The last one of each listing."""
    found: dict[int, PriceFact] = {}
    for fact in PriceFact.objects.filter(listing_id__in=listing_ids, kind="effective").order_by("occurred_at", "id"):
        found[fact.listing_id] = fact
    return found


def _promised(listing_ids: set[int]) -> dict[tuple[int | None, str], PushRow]:
    """The last row that was applied, of each listing and warehouse: no platform tells what it promises, so it is what we had it promise."""
    rows = PushRow.objects.filter(push__kind=PushKind.SHIP_TIME, listing__in=listing_ids, status=PushRowStatus.APPLIED)
    return {(row.listing_id, row.warehouse): row for row in rows.order_by("push__sent_at", "pk")}


def _require_rows(kind: PushKind, rows: Sequence[PushRowInput]) -> None:
    if not 0 < len(rows) <= MOST_ROWS:
        raise DomainError("too_many_rows", _("Name 1 to %(most)s listings at a time."), path=("rows",), params={"most": MOST_ROWS})
    named: set[tuple[str, str, str]] = set()
    for index, row in enumerate(rows):
        path = ("rows", str(index))
        if (row.code_kind, row.code, row.warehouse) in named:
            raise DomainError("named_twice", _("Name a listing once."), path=(*path, "code"))
        named.add((row.code_kind, row.code, row.warehouse))
        if len(row.warehouse) > _WAREHOUSE:
            raise DomainError(
                "invalid_warehouse",
                _("A warehouse has at most %(most)s characters."),
                path=(*path, "warehouse"),
                params={"most": _WAREHOUSE},
            )
        for name in ("qty", "unsellable_qty"):
            value = getattr(row, name)
            if value is not None and not 0 <= value <= _MOST_QTY:
                raise DomainError("invalid_quantity", _("A quantity is a whole number from 0 to a thousand million."), path=(*path, name))
        _CHECKS[kind](row, path)


def _check_stock(row: PushRowInput, path: tuple[str, ...]) -> None:
    """Nothing more than for all."""


def _check_price(row: PushRowInput, path: tuple[str, ...]) -> None:
    if row.price is None or not row.price.is_finite() or not 0 < row.price <= _MOST_QTY:
        raise DomainError("invalid_price", _("A price is a number above 0."), path=(*path, "price"))
    if row.currency and row.currency not in CURRENCIES:
        raise DomainError("unknown_currency", _("Use an ISO 4217 code such as CNY or USD."), path=(*path, "currency"))


def _check_ship_time(row: PushRowInput, path: tuple[str, ...]) -> None:
    if row.days is None or not 0 <= row.days <= _MOST_DAYS:
        raise DomainError(
            "invalid_days",
            _("Days to ship are a whole number from 0 to %(most)s."),
            path=(*path, "days"),
            params={"most": _MOST_DAYS},
        )
    if row.presale_until is not None and (row.presale_until.tzinfo is None or row.presale_until <= clock.now()):
        raise DomainError("invalid_presale", _("A presale ends at a moment that is still to come."), path=(*path, "presale_until"))


def _check_inbound(row: PushRowInput, path: tuple[str, ...]) -> None:
    if not row.qty:
        raise DomainError("invalid_quantity", _("Say how many units are to be sent."), path=(*path, "qty"))


def _check_removal(row: PushRowInput, path: tuple[str, ...]) -> None:
    if not (row.qty or row.unsellable_qty):
        raise DomainError("invalid_quantity", _("Say how many units are to be removed."), path=(*path, "qty"))
    if row.disposition not in _DISPOSITIONS:
        raise DomainError(
            "invalid_disposition",
            _("A removal is one of %(dispositions)s."),
            path=(*path, "disposition"),
            params={"dispositions": ", ".join(_DISPOSITIONS)},
        )


_CHECKS: Final = {
    PushKind.STOCK: _check_stock,
    PushKind.PRICE: _check_price,
    PushKind.SHIP_TIME: _check_ship_time,
    PushKind.INBOUND_PLAN: _check_inbound,
    PushKind.REMOVAL: _check_removal,
}
