"""Suppliers and their offers, with price breaks and the legs of their lead times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import PoolWarehouse, Sku, StockPool
from stockhub.core.unset import UNSET, Unset
from stockhub.editing.undoable import Undoable
from stockhub.editing.upserts import (
    Change,
    RowResult,
    assign_columns,
    codes,
    collect,
    require_size,
    required,
    resolve,
    results,
    the_one,
    valid,
    write,
)
from stockhub.suppliers.models import LeadTimeLeg, Offer, PriceBreak, Supplier
from stockhub.values.errors import DomainError

_SUPPLIER_COLUMNS: Final = (
    "name", "country", "time_zone", "currency", "is_local", "is_active", "contact_name", "email", "phone", "notes",
)  # fmt: skip
_OFFER_COLUMNS: Final = (
    "supplier_sku", "unit_price_amount", "currency", "moq", "case_pack", "lead_time_days", "lead_time_sd_days", "preference", "is_active",
    "valid_from", "valid_to",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierInput:
    code: str
    name: str | Unset = UNSET
    country: str | Unset | None = UNSET
    time_zone: str | Unset = UNSET
    currency: str | Unset = UNSET
    is_local: bool | Unset = UNSET
    is_active: bool | Unset = UNSET
    contact_name: str | Unset | None = UNSET
    email: str | Unset | None = UNSET
    phone: str | Unset | None = UNSET
    notes: str | Unset | None = UNSET
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBreakInput:
    """The unit price from a quantity on."""

    min_qty: int
    unit_price_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LegInput:
    """One leg of a lead time; legs add up in the order in which they are named."""

    name: str
    days: float
    sd_days: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferInput:
    """A supplier's terms for a SKU, delivered to a pool or to all. `price_breaks` and `legs`, where named, are all of them."""

    supplier: str
    sku: str
    pool: str | None = None
    supplier_sku: str | Unset | None = UNSET
    unit_price_amount: Decimal | Unset | None = UNSET
    currency: str | Unset = UNSET
    moq: int | Unset = UNSET
    case_pack: int | Unset = UNSET
    lead_time_days: float | Unset | None = UNSET
    lead_time_sd_days: float | Unset | None = UNSET
    preference: int | Unset = UNSET
    is_active: bool | Unset = UNSET
    valid_from: date | Unset | None = UNSET
    valid_to: date | Unset | None = UNSET
    price_breaks: Sequence[PriceBreakInput] | Unset | None = UNSET
    legs: Sequence[LegInput] | Unset | None = UNSET
    expected_version: int | None = None


def upsert_supplier(row: SupplierInput) -> Supplier:
    return Supplier.objects.get(pk=the_one(upsert_suppliers([row])))


def upsert_suppliers(rows: Sequence[SupplierInput]) -> list[RowResult]:
    """Makes or changes suppliers, one result for each row."""
    require("suppliers.change_supplier")
    require_size(rows)
    with transaction.atomic():
        found = Supplier.objects.select_for_update().filter(code__in=[row.code for row in rows]).order_by("id")
        changes, errors = collect(
            rows,
            key=lambda row: row.code,
            existing={supplier.code: supplier for supplier in found},
            new=lambda row: Supplier(code=row.code),
            assign=_assign_supplier,
        )
        write(Supplier, changes, noun="suppliers.supplier")
    return results(rows, changes, errors)


def _assign_supplier(change: Change[Supplier], row: SupplierInput) -> None:
    if change.is_new:
        valid(change.obj, "code", row.code)
        change.set("name", row.code)
    assign_columns(change, row, _SUPPLIER_COLUMNS)


def upsert_offer(row: OfferInput) -> Offer:
    return Offer.objects.get(pk=the_one(upsert_offers([row])))


def upsert_offers(rows: Sequence[OfferInput]) -> list[RowResult]:
    """Makes or changes offers, one result for each row. An offer is known by its supplier, SKU and pool. A fixed number of queries."""
    require("suppliers.change_offer")
    require_size(rows)
    with transaction.atomic():
        links = _OfferLinks.of(rows)
        found = Offer.objects.select_for_update().filter(
            supplier_id__in=links.suppliers.values(), sku_id__in=links.skus.values(), deleted_at=None
        )
        existing = {(offer.supplier_id, offer.sku_id, offer.pool_id): offer for offer in found.order_by("id")}
        details = _details(existing.values())
        changes, errors = collect(
            rows,
            key=links.key,
            existing=existing,
            new=lambda row: Offer(currency=links.currencies.get(row.supplier, "")),
            assign=lambda change, row: _assign_offer(change, row, links, details),
        )
        write(Offer, changes, noun="suppliers.offer")
        _write_details(changes)
    return results(rows, changes, errors)


@dataclass(frozen=True, slots=True)
class _OfferLinks:
    suppliers: dict[str, int]
    currencies: dict[str, str]
    skus: dict[str, int]
    pools: dict[str, int]

    @classmethod
    def of(cls, rows: Sequence[OfferInput]) -> _OfferLinks:
        named = Supplier.objects.filter(code__in={row.supplier for row in rows}, deleted_at=None).values_list("code", "id", "currency")
        known = list(named)
        return cls(
            {code: pk for code, pk, _currency in known},
            {code: currency for code, _pk, currency in known},
            codes(Sku, [row.sku for row in rows]),
            codes(StockPool, [row.pool for row in rows]),
        )

    def key(self, row: OfferInput) -> tuple[object, object, object]:
        pool = None if row.pool is None else self.pools.get(row.pool, row.pool)
        return self.suppliers.get(row.supplier, row.supplier), self.skus.get(row.sku, row.sku), pool


#: By offer: its price breaks (from quantity, price) and its legs (name, days, deviation).
_Details = Mapping[int, tuple[list[tuple[int, Decimal]], list[tuple[str, float, float]]]]


def _details(offers: Any) -> _Details:  # noqa: ANN401 - offers
    details: dict[int, tuple[list[tuple[int, Decimal]], list[tuple[str, float, float]]]] = {offer.pk: ([], []) for offer in offers}
    for offer_id, min_qty, amount in PriceBreak.objects.filter(offer_id__in=details).values_list(
        "offer_id", "min_qty", "unit_price_amount"
    ):
        details[offer_id][0].append((min_qty, amount))
    for offer_id, name, days, sd_days in LeadTimeLeg.objects.filter(offer_id__in=details).values_list(
        "offer_id", "name", "days", "sd_days"
    ):
        details[offer_id][1].append((name, days, sd_days))
    return details


def _assign_offer(change: Change[Offer], row: OfferInput, links: _OfferLinks, details: _Details) -> None:
    change.set("supplier_id", required(links.suppliers, "supplier", row.supplier))
    change.set("sku_id", required(links.skus, "sku", row.sku))
    change.set("pool_id", resolve(links.pools, "pool", row.pool))
    assign_columns(change, row, _OFFER_COLUMNS)
    offer = change.obj
    if offer.valid_from and offer.valid_to and offer.valid_to < offer.valid_from:
        raise DomainError("invalid_period", _("The last day lies before the first."), path=("valid_to",))
    breaks, legs = details.get(offer.pk or 0, ([], []))
    if not isinstance(row.price_breaks, Unset):
        _note(change, "price_breaks", sorted(breaks), _valid_breaks(row.price_breaks or ()))
    if not isinstance(row.legs, Unset):
        _note(change, "legs", legs, _valid_legs(row.legs or ()))


def _note(change: Change[Offer], name: str, before: list[Any], after: list[Any]) -> None:
    if before != after:
        change.fields[name] = (before, after)


def _valid_breaks(given: Sequence[PriceBreakInput]) -> list[tuple[int, Decimal]]:
    breaks = []
    for index, row in enumerate(given):
        path = ("price_breaks", str(index))
        if row.min_qty < 1:
            raise DomainError("invalid_quantity", _("A price holds from at least 1 unit on."), path=(*path, "min_qty"))
        if not row.unit_price_amount.is_finite() or row.unit_price_amount < 0:
            raise DomainError("negative_amount", _("An amount is a number from 0 on."), path=(*path, "unit_price_amount"))
        breaks.append((row.min_qty, row.unit_price_amount))
    if len({min_qty for min_qty, _amount in breaks}) < len(breaks):
        raise DomainError("duplicate_price_break", _("Two prices hold from the same quantity on."), path=("price_breaks",))
    return sorted(breaks)


def _valid_legs(given: Sequence[LegInput]) -> list[tuple[str, float, float]]:
    for index, row in enumerate(given):
        if not (row.name and 0 <= row.days < 3650 and 0 <= row.sd_days < 3650):
            raise DomainError("invalid_leg", _("A leg has a name, and takes 0 to 3,650 days."), path=("legs", str(index)))
    return [(row.name[:60], row.days, row.sd_days) for row in given]


def _write_details(changes: Sequence[Change[Offer]]) -> None:
    breaks = [change for change in changes if "price_breaks" in change.fields]
    if breaks:
        PriceBreak.objects.filter(offer__in=[change.obj for change in breaks]).delete()
        PriceBreak.objects.bulk_create(
            PriceBreak(offer=change.obj, min_qty=min_qty, unit_price_amount=amount)
            for change in breaks
            for min_qty, amount in change.fields["price_breaks"][1]
        )
    legs = [change for change in changes if "legs" in change.fields]
    if legs:
        LeadTimeLeg.objects.filter(offer__in=[change.obj for change in legs]).delete()
        LeadTimeLeg.objects.bulk_create(
            LeadTimeLeg(offer=change.obj, position=position, name=name, days=days, sd_days=sd_days)
            for change in legs
            for position, (name, days, sd_days) in enumerate(change.fields["legs"][1], 1)
        )


def _warehouses_of_pools(offers: Sequence[Offer]) -> list[int]:
    """Whoever changes an offer for a pool may change that pool's warehouses."""
    pools = {offer.pool_id for offer in offers if offer.pool_id is not None}
    return list(PoolWarehouse.objects.filter(pool_id__in=pools).values_list("warehouse_id", flat=True)) if pools else []


SUPPLIER_CHANGES: Final = Undoable(noun="suppliers.supplier", model=Supplier, permission="suppliers.change_supplier")
OFFER_CHANGES: Final = Undoable(
    noun="suppliers.offer",
    model=Offer,
    permission="suppliers.change_offer",
    warehouse_ids=_warehouses_of_pools,
    details={
        "price_breaks": lambda told: [(min_qty, Decimal(amount)) for min_qty, amount in told],
        "legs": lambda told: [(name, days, sd_days) for name, days, sd_days in told],
    },
    write_details=_write_details,
)
