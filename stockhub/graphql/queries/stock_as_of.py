"""Reading stock, lots and values of past moments."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

import strawberry
from strawberry import Info, relay

from stockhub.core import clock
from stockhub.graphql.named import named_skus, named_warehouses
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.lots import LotAsOf, LotsAsOf, SkuValueByAge, StockValueByAge, StockWithoutLot, age_buckets, on_wire
from stockhub.graphql.types.stock_as_of import StockAsOf, StockLevel
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.history.stock_as_of import stock_as_of
from stockhub.inventory.lots.worth import LotWorth, StockWorth, by_age, value_as_of
from stockhub.inventory.models import Lot

SkuList = Annotated[list[str], strawberry.argument(description="The codes of the SKUs, at most 1,000.")]
InWarehouse = Annotated[
    str | None, strawberry.argument(description="Only the warehouse with this code; without it, all that the user sees.")
]
At = Annotated[dt.datetime | None, strawberry.argument(description="What had happened by this instant; now without it.")]
RecordedAt = Annotated[
    dt.datetime | None, strawberry.argument(description="As far as it was known by this instant; without it, as far as it is known now.")
]
Currency = Annotated[
    str | None, strawberry.argument(description="The currency of the values, ISO 4217; the company's base currency without it.")
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The SKUs and warehouses of a question, those that the user sees, and its moment."""

    skus: dict[int, str]
    warehouses: dict[int, str]
    moment: Moment


def _asked(info: Info, skus: list[str], warehouse: str | None, at: dt.datetime | None, recorded_at: dt.datetime | None) -> _Asked:
    return _Asked(skus=named_skus(info, skus), warehouses=named_warehouses(info, warehouse), moment=Moment(at or clock.now(), recorded_at))


def _worth(asked: _Asked, currency: str | None) -> StockWorth:
    return value_as_of(asked.moment, sku_ids=list(asked.skus), warehouse_ids=list(asked.warehouses), currency=currency)


@strawberry.type
class StockAsOfQuery:
    @root_field("inventory.view_balance", "Stock at any past moment, by what had happened and by what was known.")
    def stock_as_of(
        self, info: Info, skus: SkuList, warehouse: InWarehouse = None, at: At = None, recorded_at: RecordedAt = None
    ) -> StockAsOf:
        asked = _asked(info, skus, warehouse, at, recorded_at)
        found = stock_as_of(asked.moment, sku_ids=list(asked.skus), warehouse_ids=list(asked.warehouses))
        rows = zip(found.sku_ids.tolist(), found.warehouse_ids.tolist(), found.buckets.tolist(), found.qty.tolist(), strict=True)
        levels = [
            StockLevel(sku=asked.skus[sku], warehouse=asked.warehouses[place], bucket=bucket, qty=Quantity(qty))
            for sku, place, bucket, qty in rows
        ]
        levels.sort(key=lambda level: (level.sku, level.warehouse, level.bucket))
        return StockAsOf(at=asked.moment.occurred_at, recorded_at=recorded_at, levels=levels)

    @root_field("inventory.view_lot", "What each lot held at any past moment, how old it was, and what its units had cost.")
    def lots_as_of(
        self,
        info: Info,
        skus: SkuList,
        warehouse: InWarehouse = None,
        at: At = None,
        recorded_at: RecordedAt = None,
        currency: Currency = None,
    ) -> LotsAsOf:
        asked = _asked(info, skus, warehouse, at, recorded_at)
        worth = _worth(asked, currency)
        return LotsAsOf(
            at=asked.moment.occurred_at,
            recorded_at=recorded_at,
            lots=_lots(asked, worth.lots),
            without_lot=[
                StockWithoutLot(sku=asked.skus[sku], warehouse=asked.warehouses[place], qty=Quantity(qty))
                for sku, place, qty in worth.without_lot
            ],
            total_amount=on_wire(worth.total),
        )

    @root_field("inventory.view_lot", "Stock by age in value, at any past moment: in all, and SKU by SKU.")
    def stock_value_by_age(
        self,
        info: Info,
        skus: SkuList,
        warehouse: InWarehouse = None,
        at: At = None,
        recorded_at: RecordedAt = None,
        currency: Currency = None,
    ) -> StockValueByAge:
        asked = _asked(info, skus, warehouse, at, recorded_at)
        worth = _worth(asked, currency)
        return StockValueByAge(
            at=asked.moment.occurred_at,
            recorded_at=recorded_at,
            buckets=age_buckets(by_age(worth.lots, worth.currency)),
            skus=_by_sku(asked, worth),
            total_amount=on_wire(worth.total),
            without_lot_qty=Quantity(worth.without_lot_qty),
        )


def _lots(asked: _Asked, lots: Sequence[LotWorth]) -> list[LotAsOf]:
    rows = Lot.objects.filter(pk__in=[lot.lot_id for lot in lots]).values_list("pk", "code", "received_on")
    known = {pk: (code, received_on) for pk, code, received_on in rows}
    return [
        LotAsOf(
            lot_id=relay.GlobalID("Lot", str(lot.lot_id)),
            sku=asked.skus[lot.sku_id],
            warehouse=asked.warehouses[lot.warehouse_id],
            code=known[lot.lot_id][0],
            received_on=known[lot.lot_id][1],
            age_days=lot.age_days,
            qty=Quantity(lot.qty),
            unit_cost=None if lot.unit_cost is None else on_wire(lot.unit_cost),
            value_amount=None if lot.value is None else on_wire(lot.value),
        )
        for lot in lots
    ]


def _by_sku(asked: _Asked, worth: StockWorth) -> list[SkuValueByAge]:
    lots: dict[int, list[LotWorth]] = defaultdict(list)
    for lot in worth.lots:
        lots[lot.sku_id].append(lot)
    without = _units_by_sku(worth.without_lot)
    skus = sorted((asked.skus[pk], pk) for pk in lots.keys() | without.keys())
    return [
        SkuValueByAge(
            sku=code,
            buckets=age_buckets(by_age(lots[pk], worth.currency)),
            total_amount=on_wire(StockWorth(worth.currency, tuple(lots[pk]), ()).total),
            without_lot_qty=Quantity(without[pk]),
        )
        for code, pk in skus
    ]


def _units_by_sku(rows: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    units: dict[int, int] = defaultdict(int)
    for sku, _warehouse, qty in rows:
        units[sku] += qty
    return units
