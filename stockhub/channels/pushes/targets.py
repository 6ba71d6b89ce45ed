"""What each listing of an account shall show by its rule, and how that number comes about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from stockhub.catalog.models import Authority, Category, Sku, Warehouse
from stockhub.channels.models import Account, Listing
from stockhub.channels.pushes.lag import lag_of, paces
from stockhub.channels.pushes.models import BelowMin, ShownStock, StockRule
from stockhub.channels.resolution import Delivers, Resolution, load_resolution
from stockhub.core import clock
from stockhub.formulas.stock.shown_stock import lag_buffer, servable_stock, sets_in_warehouse, shown_stock
from stockhub.inventory.models import Balance
from stockhub.values import Explanation

_MOST: Final = float(2**31)
#: Units of a SKU in a bucket of a warehouse. None of a SKU that was never told of: nobody knows, so it is not 0.
Stock = dict[tuple[int, int, str], int]


@dataclass(frozen=True, slots=True)
class Target:
    """`qty` is None where `reason` says why there is no number: NO_RULE, UNMAPPED, NO_STOCK_RECORDED, NO_WAREHOUSE."""

    listing: Listing
    warehouse: str
    qty: int | None
    servable: int | None
    reason: str = ""
    rule: StockRule | None = None
    explanation: Explanation | None = None
    sku_ids: tuple[int, ...] = ()
    #: The warehouses whose stock the number is made of.
    warehouse_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class RuleBook:
    """The rules of an account as they hold at a moment."""

    account: Account
    at: datetime
    rules: list[StockRule] = field(default_factory=list)
    #: By rule; None for the rule's own default.
    warehouses: dict[int, list[int]] = field(default_factory=dict)
    default: list[int] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    parents: dict[int, int | None] = field(default_factory=dict)
    _by_listing: dict[int, StockRule] = field(default_factory=dict)
    _by_category: dict[int, StockRule] = field(default_factory=dict)
    _of_account: StockRule | None = None

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule.listing_id:
                self._by_listing[rule.listing_id] = rule
            elif rule.category_id:
                self._by_category[rule.category_id] = rule
            else:
                self._of_account = rule

    def rule_of(self, listing_id: int, category_id: int | None) -> StockRule | None:
        """That of the listing, else of the nearest category, else of the account."""
        if listing_id in self._by_listing:
            return self._by_listing[listing_id]
        seen: set[int] = set()
        while category_id is not None and category_id not in seen:
            if category_id in self._by_category:
                return self._by_category[category_id]
            seen.add(category_id)
            category_id = self.parents.get(category_id)
        return self._of_account

    def places(self, rule: StockRule) -> list[int]:
        return self.warehouses.get(rule.pk, []) or self.default


def load_rules(account: Account, at: datetime) -> RuleBook:
    """Four queries, whatever the number of rules."""
    rules = list(StockRule.objects.filter(account=account, deleted_at=None).order_by("id"))
    book = RuleBook(account, at, rules)
    for rule_id, warehouse_id in StockRule.warehouses.through.objects.filter(stockrule__in=rules).values_list("stockrule", "warehouse"):
        book.warehouses.setdefault(rule_id, []).append(warehouse_id)
    live = Warehouse.objects.filter(deleted_at=None)
    book.codes = dict(live.values_list("id", "code"))
    pools = live.filter(authority=Authority.LEDGER, pools__pool_accounts__account=account, pools__deleted_at=None)
    book.default = sorted(set(pools.values_list("id", flat=True)))
    if any(rule.category_id for rule in rules):
        book.parents = dict(Category.objects.values_list("id", "parent_id"))
    return book


def targets_of(
    account: Account, listings: Sequence[Listing], *, at: datetime | None = None, stock: Stock | None = None, or_all: bool = False
) -> list[Target]:
    """What the listings shall show at a moment, from the ledger or from other figures of `stock`.

    One for each warehouse that the platform shows a number of its own for; else one for the shop. With `or_all`, what no rule is for shows
    all that can be sold. A fixed number of queries.
    """
    moment = at or clock.now()
    book = load_rules(account, moment)
    fallback = StockRule(account=account) if or_all else None
    resolution = load_resolution(account, listing_ids=[listing.pk for listing in listings])
    delivered = {listing.pk: resolution.delivers(listing.pk, moment) for listing in listings}
    sku_ids = {sku for each in delivered.values() if each for sku, _units in each.units}
    if stock is None:
        stock = ledger_stock(sku_ids)
    main = {each.main_sku_id for each in delivered.values() if each}
    categories = dict(Sku.objects.filter(id__in=main).values_list("id", "category_id"))
    regional: dict[int, list[str]] = {}
    shown = ShownStock.objects.filter(listing__in=[listing.pk for listing in listings]).exclude(warehouse="").order_by("warehouse")
    for listing_id, warehouse in shown.values_list("listing_id", "warehouse"):
        regional.setdefault(listing_id, []).append(warehouse)
    made = _Maker(book, stock, resolution)
    if any(rule.keeps_lag_buffer for rule in book.rules):
        made.pace, made.lag_seconds = paces(sku_ids, moment), lag_of(account)
    found = []
    for listing in listings:
        each = delivered[listing.pk]
        rule = book.rule_of(listing.pk, categories.get(each.main_sku_id) if each else None) or fallback
        found += [made.target(listing, warehouse, each, rule) for warehouse in regional.get(listing.pk, [""])]
    return found


def ledger_stock(sku_ids: Collection[int]) -> Stock:
    rows = Balance.objects.filter(sku_id__any_of=sorted(sku_ids)).values_list("sku_id", "warehouse_id", "bucket_id", "qty")
    return {(sku, warehouse, bucket): qty for sku, warehouse, bucket, qty in rows}


@dataclass(slots=True)
class _Maker:
    book: RuleBook
    stock: Stock
    resolution: Resolution
    #: Units a minute of each SKU that sells, and the seconds until its account hears of a sale.
    pace: dict[int, float] = field(default_factory=dict)
    lag_seconds: float = 0.0
    _known: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for sku, warehouse, _bucket in self.stock:
            self._known.setdefault(sku, set()).add(warehouse)

    def target(self, listing: Listing, warehouse: str, delivers: Delivers | None, rule: StockRule | None) -> Target:
        if rule is None:
            return Target(listing, warehouse, None, None, "NO_RULE")
        if delivers is None:
            return Target(listing, warehouse, None, None, "UNMAPPED", rule)
        places = [pk for pk in self.book.places(rule) if not warehouse or self.book.codes.get(pk) == warehouse]
        if not places:
            return Target(listing, warehouse, None, None, "NO_WAREHOUSE", rule)
        if any(not self._known.get(sku, set()) & set(places) for sku, _units in delivers.units):
            return Target(listing, warehouse, None, None, "NO_STOCK_RECORDED", rule)
        servable = servable_stock([self._sets(delivers, pk, rule) for pk in places])
        shown = _shown(rule, servable, self.book.at, self._buffer(rule, delivers))
        if servable.value is None or shown.value is None:
            return Target(listing, warehouse, None, None, "NO_STOCK_RECORDED", rule)
        skus = tuple(sku for sku, _units in delivers.units)
        return Target(listing, warehouse, int(shown.value), int(servable.value), "", rule, shown, skus, tuple(places))

    def _buffer(self, rule: StockRule, delivers: Delivers) -> Explanation | None:
        """In listings: what of it sells the fastest decides."""
        if not rule.keeps_lag_buffer:
            return None
        rate = max((self.pace.get(sku, 0.0) / units for sku, units in delivers.units), default=0.0)
        pace = Explanation.input("burn_rate", rate, unit="unit/minute", source="orders")
        return lag_buffer(pace, Explanation.input("lag_seconds", self.lag_seconds, unit="second", source="feed:orders"))

    def _sets(self, delivers: Delivers, warehouse_id: int, rule: StockRule) -> Explanation:
        code = self.book.codes.get(warehouse_id, str(warehouse_id))
        parts: list[tuple[Explanation, Explanation | float]] = []
        for number, (sku, units) in enumerate(delivers.units, 1):
            there = sum(self.stock.get((sku, warehouse_id, bucket), 0) for bucket in rule.buckets)
            parts.append(
                (
                    Explanation.input(f"units_{number}", there, unit="unit", source=f"ledger:{code}"),
                    Explanation.input(f"units_each_{number}", units, unit="unit", source="listing"),
                )
            )
        return sets_in_warehouse(parts)


def _shown(rule: StockRule, servable: Explanation, at: datetime, buffer: Explanation | None) -> Explanation:
    def given(name: str, value: float) -> Explanation:
        return Explanation.input(name, value, unit="unit", source=_source(rule))

    percent = Explanation.input("percent", float(rule.percent), unit="ratio", source=_source(rule))
    below = rule.min_qty if rule.below_min == BelowMin.MIN else 0
    return shown_stock(
        servable,
        percent,
        given("plus", rule.plus_qty),
        given("held_back", live_reserve(rule, at)) if buffer is None else given("held_back", live_reserve(rule, at)) + buffer,
        given("least", rule.min_qty),
        given("most", _MOST if rule.max_qty is None else rule.max_qty),
        given("below_least", below),
    )


def _source(rule: StockRule) -> str:
    return f"rule:{rule.pk}" if rule.pk else "rule:none"


def live_reserve(rule: StockRule, at: datetime) -> int:
    """Units that a live session keeps at a moment: none before it begins and from its end on, by itself."""
    begun = rule.live_from_at is None or rule.live_from_at <= at
    return rule.live_reserve_qty if begun and rule.live_until_at is not None and at < rule.live_until_at else 0


def snapshot_of(rules: Iterable[StockRule | None]) -> dict[str, Any]:
    """The rules as they were, for the record of a push."""
    named = {str(rule.pk): rule for rule in rules if rule is not None}
    return {
        pk: {
            "version": rule.version,
            "buckets": list(rule.buckets),
            "percent": str(rule.percent),
            "plus_qty": rule.plus_qty,
            "min_qty": rule.min_qty,
            "below_min": rule.below_min,
            "max_qty": rule.max_qty,
            "live_reserve_qty": rule.live_reserve_qty,
            "keeps_lag_buffer": rule.keeps_lag_buffer,
            "live_from_at": rule.live_from_at.isoformat() if rule.live_from_at else None,
            "live_until_at": rule.live_until_at.isoformat() if rule.live_until_at else None,
        }
        for pk, rule in named.items()
    }
