"""The unified view of a SKU over warehouses, pools and accounts, and where its stock is out of balance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import strawberry
from strawberry import Info

from stockhub.alerts.explanations import explanations_of, labels_of
from stockhub.alerts.models import Alert as AlertRow
from stockhub.catalog.models import Sku as SkuRow
from stockhub.formulas.stock.cover import is_beyond_telling
from stockhub.graphql.metrics import Metric, from_value, metric
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.together import read_together
from stockhub.graphql.types.alerts import Alert
from stockhub.graphql.types.catalog import Sku
from stockhub.overview import records
from stockhub.overview.cover_target import LABELS
from stockhub.pluginapi import COLUMNS
from stockhub.values import Explanation, Label

_COLUMN_NAMES = {name: column.label for name, column in COLUMNS.items()} | {
    "calibrated_safety_stock": Label("Safety stock by lead-time demand", "按交期需求的安全库存"),
    "order_up_to_level": Label("Order-up-to level", "补货目标水平"),
    "cover_cost": Label("Cost of the cover a month", "该覆盖天数的月成本"),
    "mean_stock_of_cover": Label("Stock on the mean", "平均库存"),
    "short_in_month": Label("Units missing a month", "月缺货量"),
    "aged_in_month": Label("Aged surcharge a month", "月超龄附加费"),
    **LABELS,
}


@strawberry.type(description="Units of a SKU in one bucket.")
class BucketQuantity:
    bucket: str = strawberry.field(description="The bucket's slug, such as available.")
    qty: Quantity = strawberry.field(description="How many; below 0 where a warehouse allows back-orders and owes some.")


@strawberry.type(description="Units that are on their way.")
class IncomingStock:
    expected_on: dt.date | None = strawberry.field(description="The day on which they should arrive; null where nobody has said.")
    qty: Quantity = strawberry.field(description="How many.")
    source: str = strawberry.field(
        description="purchase_order (not sent yet), shipment (on its way), receiving (arrived, being booked in) or transfer (moved by us)."
    )
    reference: str = strawberry.field(description="The code of the order, the shipment or the transfer.")


@strawberry.type(description="A SKU in one warehouse.")
class WarehouseStock:
    row: strawberry.Private[records.WarehouseStock]
    pool_codes: strawberry.Private[Mapping[int, str]]

    @strawberry.field(description="The warehouse's code.")
    def warehouse(self) -> str:
        return self.row.code

    @strawberry.field(description="The warehouse's name.")
    def name(self) -> str:
        return self.row.name

    @strawberry.field(description="The codes of its pools, of those that the user sees.")
    def pools(self) -> list[str]:
        return [self.pool_codes[pool] for pool in self.row.pool_ids if pool in self.pool_codes]

    @strawberry.field(description="Units by bucket; a bucket of which nothing is known is not here.")
    def buckets(self) -> list[BucketQuantity]:
        return [BucketQuantity(bucket=slug, qty=Quantity(qty)) for slug, qty in sorted(self.row.buckets.items())]

    @strawberry.field(description="Units that can be sold and nothing has claimed.")
    def available_qty(self) -> Quantity:
        return Quantity(self.row.available_qty)

    @strawberry.field(description="Units that open orders hold.")
    def reserved_qty(self) -> Quantity:
        return Quantity(self.row.reserved_qty)

    @strawberry.field(description="Units that lie here and cannot be sold.")
    def unsellable_qty(self) -> Quantity:
        return Quantity(self.row.unsellable_qty)

    @strawberry.field(description="Units that order lines want and have not been given.")
    def owed_qty(self) -> Quantity:
        return Quantity(self.row.owed_qty)

    @strawberry.field(description="What is on its way, the earliest first.")
    def incoming(self) -> list[IncomingStock]:
        return [
            IncomingStock(expected_on=each.expected_on, qty=Quantity(each.qty), source=each.source, reference=each.reference)
            for each in self.row.incoming
        ]

    @strawberry.field(description="The age of the oldest lot of which something is left.")
    def oldest_age(self) -> Metric:
        return from_value(self.row.oldest_age)

    @strawberry.field(
        description="Demand a day of its pools; POOLED_STOCK where they have other warehouses too, so that it is only the pool's."
    )
    def daily_demand(self) -> Metric:
        return from_value(self.row.daily_demand)

    @strawberry.field(description="Days that what is available lasts at that pace.")
    def cover(self) -> Metric:
        return from_value(self.row.cover)

    @strawberry.field(description="Whether the platform counts here and we observe.")
    def is_observed(self) -> bool:
        return self.row.is_observed

    @strawberry.field(description="When the platform last counted what is for sale; null where we count.")
    def observed_at(self) -> dt.datetime | None:
        return self.row.observed_at

    @strawberry.field(description="When a figure last changed; null where there is none.")
    def updated_at(self) -> dt.datetime | None:
        return self.row.updated_at


@strawberry.type(description="A SKU in one stock pool: the unit of decision, and where cover is defined.")
class PoolStock:
    row: strawberry.Private[records.PoolStock]
    warehouse_codes: strawberry.Private[Mapping[int, str]]
    account_codes: strawberry.Private[Mapping[int, str]]

    @strawberry.field(description="The pool's code.")
    def pool(self) -> str:
        return self.row.code

    @strawberry.field(description="The pool's name.")
    def name(self) -> str:
        return self.row.name

    @strawberry.field(description="The codes of its warehouses that have or await the SKU, the one that is taken from first in front.")
    def warehouses(self) -> list[str]:
        return [self.warehouse_codes[each] for each in self.row.warehouse_ids if each in self.warehouse_codes]

    @strawberry.field(description="The codes of the accounts that it serves.")
    def accounts(self) -> list[str]:
        return [self.account_codes[each] for each in self.row.account_ids if each in self.account_codes]

    @strawberry.field(description="Units that can be sold and nothing has claimed.")
    def available(self) -> Metric:
        return from_value(self.row.available)

    @strawberry.field(description="Demand a day: the forecast's, or where there is none that of 90 days of sales.")
    def daily_demand(self) -> Metric:
        return from_value(self.row.daily_demand)

    @strawberry.field(description="Days that what is available lasts at that pace.")
    def cover(self) -> Metric:
        return from_value(self.row.cover)

    @strawberry.field(
        description="Days until stock should be gone for the first time, by the mean of the forecast and with arrivals counted on their "
        "days: one that is far away hides no shortage before it."
    )
    def sells_out_first(self) -> Metric:
        return from_value(self.row.sells_out_first)

    @strawberry.field(
        description="The chance that stock reaches 0 before an order placed today arrives, if nothing new is ordered; from the quantiles "
        "of lead-time demand."
    )
    def p_stockout(self) -> Metric:
        return from_value(self.row.p_stockout)

    @strawberry.field(description="Its safety stock; the explanation says whether it rests on lead-time demand.")
    def safety_stock(self) -> Metric:
        return from_value(self.row.safety_stock, _COLUMN_NAMES)

    @strawberry.field(description="The position that an order restores: the forecast of lead time and review period, and safety stock.")
    def order_up_to(self) -> Metric:
        return from_value(self.row.order_up_to, _COLUMN_NAMES)

    @strawberry.field(description="Days from an order to stock that can be sold.")
    def lead_time(self) -> Metric:
        return from_value(self.row.lead_time)

    @strawberry.field(
        description="The days of cover that cost least a month: lost margin, penalties and the low-inventory fee against storage, the "
        "surcharge on aged stock and capital."
    )
    def best_cover(self) -> Metric:
        return from_value(self.row.cover_target.best, _COLUMN_NAMES)

    @strawberry.field(description="What the best cover costs a month, in the base currency.")
    def cost_at_best_cover(self) -> Metric:
        return from_value(self.row.cover_target.cost_at_best, _COLUMN_NAMES)

    @strawberry.field(description="What the present cover costs a month: what is available and on its way, in days of demand.")
    def cost_at_present_cover(self) -> Metric:
        return from_value(self.row.cover_target.cost_at_present, _COLUMN_NAMES)


@strawberry.type(description="A SKU on one account.")
class AccountSales:
    row: strawberry.Private[records.AccountSales]
    pool_codes: strawberry.Private[Mapping[int, str]]

    @strawberry.field(description="The account's code.")
    def account(self) -> str:
        return self.row.code

    @strawberry.field(description="The account's name.")
    def name(self) -> str:
        return self.row.name

    @strawberry.field(description="The codes of the pools that serve it, the one that is taken from first in front.")
    def pools(self) -> list[str]:
        return [self.pool_codes[pool] for pool in self.row.pool_ids if pool in self.pool_codes]

    @strawberry.field(description="Units that its pools have to sell; other accounts may take them first.")
    def available_qty(self) -> Quantity:
        return Quantity(self.row.available_qty)

    @strawberry.field(description="Units sold in the last 30 days.")
    def sold30_qty(self) -> Metric:
        return from_value(self.row.sold_30_qty)

    @strawberry.field(description="Units sold a day, over the last 30 days.")
    def daily_sales(self) -> Metric:
        return from_value(self.row.daily_sales)

    @strawberry.field(description="How far its orders are known; null where none ever came.")
    def data_until_at(self) -> dt.datetime | None:
        return self.row.data_until_at


@strawberry.type(description="A SKU over all warehouses and accounts of the view, each counted once.")
class StockTotals:
    row: strawberry.Private[records.StockTotals]

    @strawberry.field(description="Units that can be sold and nothing has claimed.")
    def available_qty(self) -> Quantity:
        return Quantity(self.row.available_qty)

    @strawberry.field(description="Units that open orders hold.")
    def reserved_qty(self) -> Quantity:
        return Quantity(self.row.reserved_qty)

    @strawberry.field(description="Units that lie in a warehouse and cannot be sold.")
    def unsellable_qty(self) -> Quantity:
        return Quantity(self.row.unsellable_qty)

    @strawberry.field(description="Everything that lies in a warehouse.")
    def on_hand_qty(self) -> Quantity:
        return Quantity(self.row.on_hand_qty)

    @strawberry.field(description="Units on their way.")
    def incoming_qty(self) -> Quantity:
        return Quantity(self.row.incoming_qty)

    @strawberry.field(description="Units that order lines want and have not been given.")
    def owed_qty(self) -> Quantity:
        return Quantity(self.row.owed_qty)

    @strawberry.field(description="Units sold a day on all accounts, over the last 30 days.")
    def daily_sales(self) -> Metric:
        return from_value(self.row.daily_sales)

    @strawberry.field(description="Days that what is available lasts at that pace; NO_SALES where nothing was sold.")
    def cover(self) -> Metric:
        return from_value(self.row.cover)

    @strawberry.field(description="The same at the pace of the last 60 days.")
    def cover_60(self) -> Metric:
        return from_value(self.row.cover_60)

    @strawberry.field(description="The same at the pace of the last 90 days.")
    def cover_90(self) -> Metric:
        return from_value(self.row.cover_90)


@strawberry.type(description="A SKU over all warehouses, pools and accounts that the user sees.")
class StockOverview:
    row: strawberry.Private[records.StockOverview]
    together: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="What.")
    def sku(self, info: Info) -> Sku:
        return read_together(info, SkuRow, self.row.sku_id, self.together)

    @strawberry.field(description="The moment at which it was put together.")
    def as_of(self) -> dt.datetime:
        return self.row.as_of

    @strawberry.field(description="Whether the user sees all warehouses and accounts, so that the totals are those of the company.")
    def is_whole(self) -> bool:
        return self.row.is_whole

    @strawberry.field(description="Where it lies, is awaited or is owed, by the warehouse's code.")
    def warehouses(self) -> list[WarehouseStock]:
        return [WarehouseStock(row=each, pool_codes=self._pool_codes()) for each in self.row.warehouses]

    @strawberry.field(description="The pools that have it or sell it, by their code.")
    def pools(self) -> list[PoolStock]:
        warehouses = {each.warehouse_id: each.code for each in self.row.warehouses}
        accounts = {each.account_id: each.code for each in self.row.accounts}
        return [PoolStock(row=each, warehouse_codes=warehouses, account_codes=accounts) for each in self.row.pools]

    @strawberry.field(description="The accounts that sell it or could, by their code.")
    def accounts(self) -> list[AccountSales]:
        return [AccountSales(row=each, pool_codes=self._pool_codes()) for each in self.row.accounts]

    @strawberry.field(description="All of it.")
    def totals(self) -> StockTotals:
        return StockTotals(row=self.row.totals)

    def _pool_codes(self) -> dict[int, str]:
        return {each.pool_id: each.code for each in self.row.pools}


@strawberry.type(description="A SKU that lies too long in one pool and runs out in another, as of the last warning cycle.")
class Imbalance:
    row: strawberry.Private[AlertRow]
    together: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="The alert that says so, with its explanations and its life.")
    def alert(self, info: Info) -> Alert:
        return read_together(info, AlertRow, self.row.pk, self.together)

    @strawberry.field(description="The SKU's code.")
    def sku(self) -> str:
        return self.row.sku.code if self.row.sku else ""

    @strawberry.field(description="The code of the pool that runs short.")
    def pool(self) -> str:
        return self.row.pool.code if self.row.pool else ""

    @strawberry.field(description="The code of the pool that can give.")
    def donor_pool(self) -> str:
        return str(self.row.inputs.get("donor") or "")

    @strawberry.field(description="1 to 3, 3 being the worst.")
    def level(self) -> int:
        return self.row.level

    @strawberry.field(description="Units that ought to move: what the donor can spare, as far as the other needs it.")
    def units_to_move(self) -> Metric:
        trees, names = explanations_of(self.row), labels_of(self.row)
        return metric(self.row.value, "unit", as_of=self.row.evaluated_at, explain=lambda: _told(trees, names))

    @strawberry.field(description="Available in the pool that runs short.")
    def available(self) -> Metric:
        return self._input("available", "unit")

    @strawberry.field(description="Demand a day there.")
    def daily_demand(self) -> Metric:
        return self._input("daily_demand", "unit/day")

    @strawberry.field(description="The day on which that pool is out.")
    def due_on(self) -> dt.date | None:
        return self.row.due_on

    @strawberry.field(description="Available in the pool that can give.")
    def donor_available(self) -> Metric:
        return self._input("donor_available", "unit")

    @strawberry.field(description="Demand a day there.")
    def donor_daily_demand(self) -> Metric:
        return self._input("donor_daily_demand", "unit/day")

    @strawberry.field(
        description="Days that it lasts there; NO_DEMAND where nobody asks for it, BEYOND_TEN_YEARS where hardly anybody does."
    )
    def donor_cover(self) -> Metric:
        days = self.row.inputs.get("donor_cover_days")
        if days is not None and is_beyond_telling(days):
            return metric(None, "day", as_of=self.row.evaluated_at, reason="BEYOND_TEN_YEARS")
        return self._input("donor_cover_days", "day", "NO_DEMAND")

    @strawberry.field(description="Units that it can give above its own target.")
    def donor_spare(self) -> Metric:
        return self._input("donor_spare", "unit")

    @strawberry.field(description="The moment whose facts the numbers are.")
    def evaluated_at(self) -> dt.datetime:
        return self.row.evaluated_at

    def _input(self, name: str, unit: str, reason: str = "NO_DATA") -> Metric:
        return metric(self.row.inputs.get(name), unit, as_of=self.row.evaluated_at, reason=reason)


def _told(trees: Mapping[str, Explanation], names: Mapping[str, Label]) -> tuple[Explanation, Mapping[str, Label]] | None:
    return (trees["value"], names) if "value" in trees else None
