"""Exports of a past moment: stock, lots with what they had cost, and value by age. Without a moment, of now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.exports.export import Column, Export, Kind, Row
from stockhub.exports.filters import CurrencyCode, Filter, Instant
from stockhub.exports.shared import IN_STOCK, SKU, WAREHOUSE
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.history.stock_as_of import stock_as_of
from stockhub.inventory.lots.worth import LotWorth, by_age, value_as_of
from stockhub.inventory.models import Lot
from stockhub.values import Money

AT: Final = Instant("at", "What had happened by this moment; now without it.")
RECORDED_AT: Final = Instant("recorded_at", "As far as it was known by this moment; without it, as far as it is known now.")
CURRENCY: Final = CurrencyCode("currency", "The currency of the amounts, ISO 4217; the base currency without it.")
_SKU: Final = Column("sku", Kind.TEXT, "The SKU's code.")
_WAREHOUSE: Final = Column("warehouse", Kind.TEXT, "The warehouse's code.")
_CURRENCY: Final = Column("currency", Kind.TEXT, "Of the amounts: the base currency, unless another was asked for.")
_AT: Final = Column("at", Kind.INSTANT, "The moment.")
_RECORDED_AT: Final = Column("recorded_at", Kind.INSTANT, "As far as it was known by then; empty for what is known now.")


class PastExport(Export):
    """An export that is worked out for a moment. The figures are arrays over all chosen SKUs; rows are made as they are sent."""

    filters: ClassVar[tuple[Filter, ...]] = (SKU, WAREHOUSE, AT, RECORDED_AT)

    @staticmethod
    def asked(viewer: User, chosen: Mapping[str, Any]) -> tuple[Moment, dict[str, Any]]:
        """The moment, and the SKUs and warehouses as the selectors take them: None for all."""
        moment = Moment(chosen.get(AT.name) or clock.now(), chosen.get(RECORDED_AT.name))
        seen = visible_warehouse_ids(viewer)
        named = chosen.get(WAREHOUSE.name)
        warehouses = seen if named is None else named if seen is None else sorted(set(named) & set(seen))
        return moment, {"sku_ids": chosen.get(SKU.name), "warehouse_ids": None if warehouses is None else sorted(warehouses)}


class StockAsOf(PastExport):
    """A row for each SKU, warehouse and bucket with something in it."""

    name: ClassVar[str] = "stock-as-of"
    about: ClassVar[str] = "The stock of each SKU in each bucket of each warehouse at any past moment."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_balance", *IN_STOCK)
    columns: ClassVar[tuple[Column, ...]] = (
        _SKU,
        _WAREHOUSE,
        Column("bucket", Kind.TEXT, "The bucket."),
        Column("qty", Kind.INTEGER, "Units; below 0 where a warehouse allows back-orders and owed some."),
        _AT,
        _RECORDED_AT,
    )

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        moment, narrowed = self.asked(viewer, chosen)
        found = stock_as_of(moment, **narrowed)
        skus, warehouses = codes_of_all()
        cells = zip(found.sku_ids.tolist(), found.warehouse_ids.tolist(), found.buckets.tolist(), found.qty.tolist(), strict=True)
        return ([skus[sku], warehouses[place], bucket, qty, moment.occurred_at, moment.recorded_at] for sku, place, bucket, qty in cells)


class LotsAsOf(PastExport):
    """A row for each lot that held something."""

    name: ClassVar[str] = "lots-as-of"
    about: ClassVar[str] = "What each lot held at any past moment, how old it was, and what its units had cost."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_lot", "inventory.view_lotcost", *IN_STOCK)
    columns: ClassVar[tuple[Column, ...]] = (
        _SKU,
        _WAREHOUSE,
        Column("lot", Kind.TEXT, "The lot's code; empty for units that lay there without a lot."),
        Column("received_on", Kind.DAY, "The day from which its age counts."),
        Column("age_days", Kind.INTEGER, "Its age at the moment."),
        Column("qty", Kind.INTEGER, "Units that it held."),
        Column("unit_cost_amount", Kind.AMOUNT, "What a unit had cost when it had landed; empty where that is unknown."),
        Column("value_amount", Kind.AMOUNT, "What they had cost together; empty where that is unknown."),
        _CURRENCY,
        _AT,
        _RECORDED_AT,
        Column("expires_on", Kind.DAY, "When the lot expires; empty where it does not, or lies there without a lot."),
        Column("grade", Kind.TEXT, "Its condition; empty where no lot explains the stock."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (*PastExport.filters, CURRENCY)

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        moment, narrowed = self.asked(viewer, chosen)
        worth = value_as_of(moment, **narrowed, currency=chosen.get(CURRENCY.name))
        skus, warehouses = codes_of_all()
        found = Lot.objects.filter(pk__any_of=[lot.lot_id for lot in worth.lots])
        told = found.values_list("pk", "code", "received_on", "expires_on", "grade")
        lots = {pk: rest for pk, *rest in told.iterator()}
        when = worth.currency, moment.occurred_at, moment.recorded_at

        def of_lot(lot: LotWorth) -> Row:
            code, received_on, expires_on, grade = lots[lot.lot_id]
            place = skus[lot.sku_id], warehouses[lot.warehouse_id]
            costs = _amount(lot.unit_cost), _amount(lot.value)
            return [*place, code, received_on, lot.age_days, lot.qty, *costs, *when, expires_on, grade]

        known = (of_lot(lot) for lot in worth.lots)
        bare = ([skus[sku], warehouses[place], "", None, None, qty, None, None, *when, None, None] for sku, place, qty in worth.without_lot)
        return (row for rows in (known, bare) for row in rows)


class ValueByAge(PastExport):
    """A row for each SKU, warehouse and age."""

    name: ClassVar[str] = "value-by-age"
    about: ClassVar[str] = "Stock by its age in value, at any past moment. A transfer does not make stock younger."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_lot", "inventory.view_lotcost", *IN_STOCK)
    columns: ClassVar[tuple[Column, ...]] = (
        _SKU,
        _WAREHOUSE,
        Column("age", Kind.TEXT, "Days of age, such as 91-180; unknown where no lot explains the stock."),
        Column("value_amount", Kind.AMOUNT, "What the units of known cost had cost."),
        _CURRENCY,
        Column("valued_qty", Kind.INTEGER, "Units whose cost is known."),
        Column("uncosted_qty", Kind.INTEGER, "Units whose cost is unknown: they are in no value, and no value of 0."),
        _AT,
        _RECORDED_AT,
    )
    filters: ClassVar[tuple[Filter, ...]] = (*PastExport.filters, CURRENCY)

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        moment, narrowed = self.asked(viewer, chosen)
        worth = value_as_of(moment, **narrowed, currency=chosen.get(CURRENCY.name))
        skus, warehouses = codes_of_all()
        when = moment.occurred_at, moment.recorded_at
        lots: dict[tuple[int, int], list[LotWorth]] = defaultdict(list)
        for lot in worth.lots:
            lots[lot.sku_id, lot.warehouse_id].append(lot)
        bare = {(sku, place): qty for sku, place, qty in worth.without_lot}

        def made() -> Iterator[Row]:
            for pair in sorted({*lots, *bare}):
                codes = skus[pair[0]], warehouses[pair[1]]
                for bucket in by_age(lots.get(pair, []), worth.currency):
                    if bucket.valued_qty or bucket.uncosted_qty:
                        amount = bucket.value.amount
                        yield [*codes, bucket.name, amount, worth.currency, bucket.valued_qty, bucket.uncosted_qty, *when]
                if pair in bare:
                    yield [*codes, "unknown", None, worth.currency, 0, bare[pair], *when]

        return made()


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


def codes_of_all() -> tuple[dict[int, str], dict[int, str]]:
    """The codes of all SKUs, deleted ones included, and of all warehouses: what was there once is told by its name."""
    skus = dict(Sku._base_manager.values_list("pk", "code"))  # noqa: SLF001 - Django's documented name
    warehouses = dict(Warehouse._base_manager.values_list("pk", "code"))  # noqa: SLF001 - as above
    return skus, warehouses
