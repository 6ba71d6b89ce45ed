"""Rules for what listings show: made and changed by people and an ERP, with a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Category, Warehouse
from stockhub.channels.models import Account, Listing
from stockhub.channels.pushes.models import BelowMin, StockRule
from stockhub.core import clock
from stockhub.core.unset import UNSET, Unset
from stockhub.inventory.models import Bucket
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

PERMISSION: Final = "channels.change_stockrule"
#: Held by orders, or in nobody's hands: it cannot be sold a second time.
NEVER: Final = frozenset({"reserved", "unsellable", "quarantined", "researching"})
_NAMED: Final = frozenset({"account", "listing", "listing_kind", "category", "warehouses", "expected_version", "is_deleted"})
_MOST_QTY: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRuleInput:
    """The rule of an account, of one of its listings or of a category. What is not named stays as it is."""

    account: str
    listing: str | None = None
    listing_kind: str = "sku"
    category: str | None = None
    warehouses: Sequence[str] | Unset = UNSET
    buckets: Sequence[str] | Unset = UNSET
    percent: Decimal | Unset = UNSET
    plus_qty: int | Unset = UNSET
    min_qty: int | Unset = UNSET
    below_min: str | Unset = UNSET
    max_qty: int | Unset | None = UNSET
    keeps_lag_buffer: bool | Unset = UNSET
    live_reserve_qty: int | Unset = UNSET
    live_from_at: datetime | Unset | None = UNSET
    live_until_at: datetime | Unset | None = UNSET
    is_deleted: bool = False
    expected_version: int | None = None


def upsert_stock_rule(row: StockRuleInput) -> StockRule:
    """Makes, changes or takes away the rule of that scope. DomainErrors `not_found`, `stale_version`, `invalid_rule`."""
    account = Account.objects.filter(code=row.account, deleted_at=None).first()
    if account is None:
        raise DomainError("not_found", _("There is no such account, or you may not see it."), path=("account",))
    require(PERMISSION, account_ids=[account.pk])
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        scope = _scope(account, row)
        rule = StockRule.objects.select_for_update().filter(account=account, deleted_at=None, **scope).first()
        if rule is not None and row.expected_version not in (None, rule.version):
            raise DomainError("stale_version", _("The rule was changed by somebody else. Read it again."), path=("expected_version",))
        return _write(rule or StockRule(account=account, version=0, **scope), row)


def _scope(account: Account, row: StockRuleInput) -> dict[str, Any]:
    if row.listing is not None and row.category is not None:
        raise DomainError("invalid_rule", _("A rule is for a listing or for a category, not for both."), path=("category",))
    listing = category = None
    if row.listing is not None:
        listing = Listing.objects.filter(account=account, kind=row.listing_kind, code=row.listing, deleted_at=None).first()
        if listing is None:
            raise DomainError("not_found", _("There is no such listing on this account."), path=("listing",))
    if row.category is not None:
        category = Category.objects.filter(code=row.category, deleted_at=None).first()
        if category is None:
            raise DomainError("not_found", _("There is no such category."), path=("category",))
    return {"listing": listing, "category": category}


def _write(rule: StockRule, row: StockRuleInput) -> StockRule:
    before = told(rule) if rule.pk else None
    for each in fields(row):
        value = getattr(row, each.name)
        if each.name not in _NAMED and value is not UNSET:
            setattr(rule, each.name, list(value) if each.name == "buckets" else value)
    if row.is_deleted:
        rule.deleted_at = clock.now()
    check(rule)
    warehouses = None if isinstance(row.warehouses, Unset) else _warehouses(row.warehouses)
    rule.version += 1
    if before is not None and before == told(rule) and (warehouses is None or _places(rule) == {w.pk for w in warehouses}):
        rule.version -= 1
        return rule
    rule.save()
    if warehouses is not None:
        rule.warehouses.set(warehouses)
    payload = {"account": rule.account.code, "version": rule.version, "before": before, "after": told(rule)}
    emit_event("channels.stock_rule_saved.v1", entity="channels.stockrule", entity_id=rule.pk, payload=payload)
    return rule


def _places(rule: StockRule) -> set[int]:
    return set(rule.warehouses.values_list("pk", flat=True))


def _warehouses(codes: Sequence[str]) -> list[Warehouse]:
    found = {warehouse.code: warehouse for warehouse in Warehouse.objects.filter(code__in=codes, deleted_at=None)}
    for index, code in enumerate(codes):
        if code not in found:
            raise DomainError("not_found", _("There is no such warehouse."), path=("warehouses", str(index)), params={"value": code[:60]})
    require(PERMISSION, warehouse_ids=[warehouse.pk for warehouse in found.values()])
    return [found[code] for code in codes]


def told(rule: StockRule) -> dict[str, Any]:
    return {
        "buckets": list(rule.buckets), "percent": str(Decimal(rule.percent).normalize()), "plus_qty": rule.plus_qty,
        "min_qty": rule.min_qty, "below_min": str(rule.below_min), "max_qty": rule.max_qty, "live_reserve_qty": rule.live_reserve_qty,
        "keeps_lag_buffer": rule.keeps_lag_buffer,
        "live_from_at": rule.live_from_at and rule.live_from_at.isoformat(),
        "live_until_at": rule.live_until_at and rule.live_until_at.isoformat(), "is_deleted": rule.deleted_at is not None,
    }  # fmt: skip


def check(rule: StockRule) -> None:
    """DomainError `invalid_rule` that says what is wrong."""
    buckets = list(rule.buckets) if isinstance(rule.buckets, list) else []
    known = set(Bucket.objects.values_list("slug", flat=True)) - NEVER
    if not buckets or len(set(buckets)) != len(buckets) or not all(isinstance(each, str) and each in known for each in buckets):
        raise DomainError(
            "invalid_rule",
            _("Name each bucket that counts once: %(known)s."),
            path=("buckets",),
            params={"known": ", ".join(sorted(known))},
        )
    percent = Decimal(rule.percent)
    if not percent.is_finite() or not 0 <= percent <= 1000:
        raise DomainError("invalid_rule", _("The percentage is a number from 0 to 1,000."), path=("percent",))
    if not -_MOST_QTY <= rule.plus_qty <= _MOST_QTY:
        raise DomainError("invalid_rule", _("Units added or kept are whole numbers."), path=("plus_qty",))
    for name in ("min_qty", "max_qty", "live_reserve_qty"):
        value = getattr(rule, name)
        if value is not None and not 0 <= value <= _MOST_QTY:
            raise DomainError("invalid_rule", _("Units are whole numbers from 0 on."), path=(name,))
    if rule.max_qty is not None and rule.max_qty < rule.min_qty:
        raise DomainError("invalid_rule", _("The most must not be below the least."), path=("max_qty",))
    if rule.below_min not in BelowMin.values:
        raise DomainError("invalid_rule", _("Below the least it shows zero or min."), path=("below_min",))
    _check_live(rule)


def _check_live(rule: StockRule) -> None:
    for name in ("live_from_at", "live_until_at"):
        value = getattr(rule, name)
        if value is not None and value.tzinfo is None:
            raise DomainError("invalid_rule", _("An instant needs a time zone."), path=(name,))
    if rule.live_reserve_qty and rule.live_until_at is None:
        raise DomainError("invalid_rule", _("Say when the live session ends: then its units are shown again."), path=("live_until_at",))
    if rule.live_from_at and rule.live_until_at and rule.live_until_at <= rule.live_from_at:
        raise DomainError("invalid_rule", _("The live session must not end before it begins."), path=("live_until_at",))
