"""The unified view as tables: a SKU's warehouses, its pools and its accounts, a file each, because one row cannot be all three."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar, Final

from stockhub.access.models import User
from stockhub.catalog.models import Sku
from stockhub.exports.export import Column, Export, Kind, Row
from stockhub.exports.filters import Filter
from stockhub.exports.shared import IN_STOCK, SKU
from stockhub.overview.records import StockOverview
from stockhub.overview.selectors import stock_overviews

#: SKUs that are looked at together: each takes a fixed number of queries.
SKUS_AT_ONCE: Final = 500
_SKU: Final = Column("sku", Kind.TEXT, "The SKU's code.")
_AS_OF: Final = Column("as_of", Kind.INSTANT, "The moment whose facts the numbers are.")


class OverviewExport(Export):
    """An export of one part of the view. SKUs are read some hundred at a time; each hundred is as of its own moment."""

    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_balance", "catalog.view_stockpool", *IN_STOCK)
    filters: ClassVar[tuple[Filter, ...]] = (SKU,)

    @abstractmethod
    def rows_of(self, view: StockOverview) -> Iterator[Row]:
        """The rows of one SKU, without its code and the moment."""

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        found = Sku.objects.filter(deleted_at=None, is_bundle=False)
        if SKU.name in chosen:
            found = found.filter(pk__in=chosen[SKU.name])
        # Codes alone: a hundred thousand are a few megabytes.
        codes = dict(found.order_by("code").values_list("pk", "code"))
        return self._rows(viewer, codes)

    def _rows(self, viewer: User, codes: Mapping[int, str]) -> Iterator[Row]:
        left = iter(codes)
        while some := list(islice(left, SKUS_AT_ONCE)):
            for view in stock_overviews(some, viewer=viewer):
                for row in self.rows_of(view):
                    yield [codes[view.sku_id], *row, view.as_of]


class WarehouseOverview(OverviewExport):
    """A row for each SKU and warehouse."""

    name: ClassVar[str] = "overview-warehouses"
    about: ClassVar[str] = "Each SKU in each warehouse: units by what they are for, what is on its way, age, cover, and how fresh it is."
    columns: ClassVar[tuple[Column, ...]] = (
        _SKU,
        Column("warehouse", Kind.TEXT, "The warehouse's code."),
        Column("pools", Kind.TEXT, "The codes of its pools, between spaces."),
        Column("available_qty", Kind.INTEGER, "Units that can be sold and nothing has claimed."),
        Column("reserved_qty", Kind.INTEGER, "Units that open orders hold."),
        Column("unsellable_qty", Kind.INTEGER, "Units that lie here and cannot be sold."),
        Column("on_hand_qty", Kind.INTEGER, "Everything that lies here."),
        Column("incoming_qty", Kind.INTEGER, "Units on their way."),
        Column("next_incoming_on", Kind.DAY, "When the next of them should arrive."),
        Column("owed_qty", Kind.INTEGER, "Units that order lines want and have not been given."),
        Column("oldest_age_days", Kind.NUMBER, "Age of the oldest lot; empty where no lot explains the stock."),
        Column("daily_demand", Kind.NUMBER, "Demand a day, where its pools have no other warehouse."),
        Column("cover_days", Kind.NUMBER, "Days that what is available lasts at that pace."),
        Column("no_cover_because", Kind.TEXT, "Why there is none: POOLED_STOCK, NO_DEMAND, BEYOND_TEN_YEARS, NO_FORECAST, NO_STOCK_DATA."),
        Column("is_observed", Kind.FLAG, "Whether the platform counts here."),
        Column("observed_at", Kind.INSTANT, "When the platform last counted; empty where we count."),
        Column("updated_at", Kind.INSTANT, "When a figure last changed."),
        _AS_OF,
    )

    def rows_of(self, view: StockOverview) -> Iterator[Row]:
        codes = {pool.pool_id: pool.code for pool in view.pools}
        for each in view.warehouses:
            dated = [arrival.expected_on for arrival in each.incoming if arrival.expected_on]
            yield [
                each.code, " ".join(codes[pool] for pool in each.pool_ids if pool in codes), each.available_qty, each.reserved_qty,
                each.unsellable_qty, each.on_hand_qty, each.incoming_qty, min(dated, default=None), each.owed_qty, each.oldest_age.value,
                each.daily_demand.value, each.cover.value, each.cover.reason, each.is_observed, each.observed_at, each.updated_at,
            ]  # fmt: skip


class PoolOverview(OverviewExport):
    """A row for each SKU and pool."""

    name: ClassVar[str] = "overview-pools"
    about: ClassVar[str] = "Each SKU in each stock pool: what it has, what is asked for a day, and how long it lasts."
    permissions: ClassVar[tuple[str, ...]] = (*OverviewExport.permissions, "demand.view_forecast")
    columns: ClassVar[tuple[Column, ...]] = (
        _SKU,
        Column("pool", Kind.TEXT, "The pool's code."),
        Column("available", Kind.NUMBER, "Units that can be sold and nothing has claimed."),
        Column("daily_demand", Kind.NUMBER, "Demand a day: the forecast's, or where there is none that of 90 days of sales."),
        Column("cover_days", Kind.NUMBER, "Days that what is available lasts at that pace."),
        Column("no_cover_because", Kind.TEXT, "Why there is none: NO_DEMAND, BEYOND_TEN_YEARS, NO_FORECAST, NO_STOCK_DATA."),
        Column("sells_out_first_days", Kind.NUMBER, "Days until it should be sold out for the first time, arrivals counted on their days."),
        Column("p_stockout", Kind.NUMBER, "The chance, 0 to 1, that stock reaches 0 before an order placed today arrives."),
        Column("safety_stock", Kind.NUMBER, "Its safety stock."),
        Column("order_up_to", Kind.NUMBER, "The position that an order restores."),
        Column("lead_time_days", Kind.NUMBER, "Days from an order to stock that can be sold."),
        _AS_OF,
    )

    def rows_of(self, view: StockOverview) -> Iterator[Row]:
        for each in view.pools:
            yield [
                each.code, each.available.value, each.daily_demand.value, each.cover.value, each.cover.reason,
                each.sells_out_first.value, each.p_stockout.value, each.safety_stock.value, each.order_up_to.value, each.lead_time.value,
            ]  # fmt: skip


class AccountOverview(OverviewExport):
    """A row for each SKU and account."""

    name: ClassVar[str] = "overview-accounts"
    about: ClassVar[str] = "Each SKU on each account: what it sells, which pools serve it, and what they have."
    permissions: ClassVar[tuple[str, ...]] = (*OverviewExport.permissions, "channels.view_account", "demand.view_salesseries")
    columns: ClassVar[tuple[Column, ...]] = (
        _SKU,
        Column("account", Kind.TEXT, "The account's code."),
        Column("pools", Kind.TEXT, "The codes of the pools that serve it, the first to be taken from in front."),
        Column("available_qty", Kind.INTEGER, "Units that its pools have to sell; other accounts may take them first."),
        Column("sold_30_qty", Kind.NUMBER, "Units sold in the last 30 days; empty where no order was ever told."),
        Column("daily_sales", Kind.NUMBER, "Units sold a day, over the last 30 days."),
        Column("data_until_at", Kind.INSTANT, "How far its orders are known."),
        _AS_OF,
    )

    def rows_of(self, view: StockOverview) -> Iterator[Row]:
        codes = {pool.pool_id: pool.code for pool in view.pools}
        for each in view.accounts:
            pools = " ".join(codes[pool] for pool in each.pool_ids if pool in codes)
            yield [each.code, pools, each.available_qty, each.sold_30_qty.value, each.daily_sales.value, each.data_until_at]
