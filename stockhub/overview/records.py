"""The unified view of one SKU: what lies where, what it has to serve, who sells it, and how fresh each figure is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from stockhub.overview.cover_target import CoverTarget
from stockhub.values import Metric


@dataclass(frozen=True, slots=True)
class Incoming:
    """Units that should arrive on a day; None where nobody has said which. `source` as in
    `purchasing.selectors.InboundArrival`, or `transfer`: from another warehouse.
    """

    expected_on: date | None
    qty: int
    source: str
    reference: str


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """The SKU in one warehouse. `buckets` holds units by bucket; a bucket without a balance is not in it, and is not zero.

    `daily_demand` and `cover` are a warehouse's own only where its pools have no other: elsewhere demand is the pool's, and the reason
    POOLED_STOCK says so. `observed_at` is when a platform last counted what is for sale here; None where we count ourselves.
    """

    warehouse_id: int
    code: str
    name: str
    is_observed: bool
    pool_ids: tuple[int, ...]
    buckets: Mapping[str, int]
    available_qty: int
    reserved_qty: int
    unsellable_qty: int
    on_hand_qty: int
    incoming: tuple[Incoming, ...]
    owed_qty: int
    oldest_age: Metric
    daily_demand: Metric
    cover: Metric
    observed_at: datetime | None
    updated_at: datetime | None

    @property
    def incoming_qty(self) -> int:
        return sum(each.qty for each in self.incoming)


@dataclass(frozen=True, slots=True)
class PoolStock:
    """The SKU in one pool: the unit of decision, and where cover is defined. Its warehouses are in the order in which they are taken from.

    `daily_demand` is the forecast's mean, else the mean of 90 days of sales; `cover` is `available` at that pace. `sells_out_first` is
    when stock should be gone for the first time with arrivals counted on their days; `p_stockout` the chance that it is before an order
    placed today arrives.
    """

    pool_id: int
    code: str
    name: str
    warehouse_ids: tuple[int, ...]
    account_ids: tuple[int, ...]
    available: Metric
    daily_demand: Metric
    cover: Metric
    sells_out_first: Metric
    p_stockout: Metric
    safety_stock: Metric
    order_up_to: Metric
    lead_time: Metric
    cover_target: CoverTarget


@dataclass(frozen=True, slots=True)
class AccountSales:
    """The SKU on one account: what it sells, which pools serve it in which order, and what they have for it.

    `available_qty` counts each warehouse once, and what other accounts may take first as well. `sold_qty`: units of the last 30, 60 and
    90 days, NaN where they are unknown. `data_until_at` is how far its orders are known.
    """

    account_id: int
    code: str
    name: str
    pool_ids: tuple[int, ...]
    available_qty: int
    sold_qty: tuple[float, ...]
    sold_30_qty: Metric
    daily_sales: Metric
    data_until_at: datetime | None


@dataclass(frozen=True, slots=True)
class StockTotals:
    """Over the warehouses and accounts of the view, each once. By past sales: forecasts of pools that share accounts overlap.

    `cover` is by the sales of 30 days, the others by those of 60 and 90: a short view follows a trend, a long one outlives a slow month.
    """

    available_qty: int
    reserved_qty: int
    unsellable_qty: int
    on_hand_qty: int
    incoming_qty: int
    owed_qty: int
    daily_sales: Metric
    cover: Metric
    cover_60: Metric
    cover_90: Metric


@dataclass(frozen=True, slots=True)
class StockOverview:
    """One SKU over all warehouses and accounts that the viewer may see; `is_whole` where those are all there are."""

    sku_id: int
    as_of: datetime
    is_whole: bool
    warehouses: tuple[WarehouseStock, ...]
    pools: tuple[PoolStock, ...]
    accounts: tuple[AccountSales, ...]
    totals: StockTotals
