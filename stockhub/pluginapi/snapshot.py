"""The frame that a warning cycle shows to its rules: one row a (SKU, pool), one array a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi.lots import Lots, no_lots
from stockhub.values import Explanation, Label

FloatArray = NDArray[np.float64]
Array = TypeVar("Array", bound=NDArray[Any])


@dataclass(frozen=True, slots=True)
class Column:
    """Unit, source and name of a snapshot column; the source stands in explanations."""

    unit: str
    source: str
    label: Label


#: Every column of a snapshot. All are float64 (n,); NaN means "no data" and is never a silent zero.
COLUMNS: Final[Mapping[str, Column]] = {
    # Position, from the ledger's balances over the pool's warehouses. The three buckets are disjoint.
    "available": Column("unit", "ledger", Label("Available", "可售库存")),
    "reserved": Column("unit", "ledger", Label("Reserved", "预占库存")),
    "on_order": Column("unit", "ledger", Label("On order", "采购在途")),
    "in_transit": Column("unit", "ledger", Label("In transit", "运输在途")),
    "receiving": Column("unit", "ledger", Label("Receiving", "收货中")),
    "unsellable": Column("unit", "ledger", Label("Unsellable", "不可售库存")),
    "shippable": Column("unit", "ledger", Label("Can ship today", "今日可发")),
    "in_dispute": Column("flag", "disputes", Label("Stock in dispute", "库存存疑")),
    # Demand, from sales facts of the accounts that the pool serves.
    "sold_7": Column("unit", "sales", Label("Sold in 7 days", "近7天销量")),
    "sold_30": Column("unit", "sales", Label("Sold in 30 days", "近30天销量")),
    "sold_60": Column("unit", "sales", Label("Sold in 60 days", "近60天销量")),
    "sold_90": Column("unit", "sales", Label("Sold in 90 days", "近90天销量")),
    # Whole business days of the account that sold; of the accounts that the pool serves now and that ever sold it, the one that has
    # waited longest, by its id.
    "days_since_sale": Column("day", "sales", Label("Days since last sale", "距上次动销天数")),
    "quietest_account_days": Column("day", "sales", Label("Days since the quietest account sold it", "最久未动销店铺的未动销天数")),
    "quietest_account": Column("code", "sales", Label("Quietest account", "最久未动销店铺")),
    "low_sales_weeks": Column("week", "sales", Label("Weeks in a row that sell too little", "连续低销周数")),
    "burn_rate": Column("unit/minute", "ledger", Label("Pace now", "当前销速")),
    "sale_minutes_left": Column("minute", "plans", Label("Minutes until the planned sale ends", "距活动结束分钟数")),
    "stockout_days_30": Column("day", "stock history", Label("Stock-out days in 30", "近30天断货天数")),
    "stockout_days_90": Column("day", "stock history", Label("Stock-out days in 90", "近90天断货天数")),
    "history_days": Column("day", "sales", Label("Days of history", "历史天数")),
    # Forecast, from the last forecast run.
    "daily_mean": Column("unit/day", "forecast", Label("Forecast mean a day", "预测日均")),
    "daily_sd": Column("unit/day", "forecast", Label("Forecast error a day", "日预测误差")),
    "forecast_age_days": Column("day", "forecast", Label("Age of the forecast", "预测距今天数")),
    # A spike that went on when the forecast was made: days in a row far above the SKU's ordinary ones, events and stock-outs left out.
    "spike_days": Column("day", "forecast", Label("Days of a spike", "爆单持续天数")),
    "spike_rate": Column("unit/day", "sales", Label("Units a day of the spike", "爆单期间日均销量")),
    "spike_before": Column("unit/day", "sales", Label("Units a day before the spike", "爆单前日均销量")),
    # Over lead time and review period: what is expected, and what demand stays within at the row's service level.
    "protection_demand": Column("unit", "forecast", Label("Forecast of lead time and review period", "交期加盘点周期内预测")),
    "protection_quantile": Column(
        "unit", "forecast", Label("Demand of lead time and review, at the service level", "交期加盘点周期需求（按服务水平）")
    ),
    # The deviation of the SKU's own days, missing where its history is short; and how many deviations SKUs usually need over that time at
    # that level, missing where the forecast run has not learned it, 0 where nothing could be learned.
    "own_sd": Column("unit/day", "forecast", Label("Deviation of the SKU's own daily demand", "自身日需求波动")),
    "usual_deviations": Column("day", "forecast", Label("Deviations that SKUs usually need", "通常所需波动倍数")),
    # Stock reaching 0 before an order of the next review arrives; `sells_out_first` is by the mean, arrivals counted on their days.
    "p_stockout": Column("probability", "forecast", Label("Chance of a stock-out", "断货概率")),
    "sells_out_first": Column("day", "forecast", Label("First sells out in", "首次售罄天数")),
    # Forecasts against actuals, over the last weeks that can be compared.
    "tracked_error": Column("unit", "forecast", Label("Actual less forecast of the last weeks", "近几周实际减预测")),
    "tracked_mean_error": Column("unit", "forecast", Label("Mean error a week", "周均绝对误差")),
    "tracked_forecast": Column("unit", "forecast", Label("Forecast of the last weeks", "近几周预测量")),
    "tracked_weeks": Column("week", "forecast", Label("Weeks compared", "比较周数")),
    # Supply: the preferred offer, its legs added up, or class defaults (then `lead_time_is_default` is 1).
    "lead_time": Column("day", "offer", Label("Lead time", "交期")),
    # Of all valid offers: what comes soonest, whoever is asked first.
    "fastest_lead_time": Column("day", "offer", Label("Shortest lead time of all offers", "全部报价中的最短交期")),
    "lead_time_sd": Column("day", "offer", Label("Deviation of the lead time", "交期波动")),
    "lead_time_is_default": Column("flag", "offer", Label("Lead time is a default", "交期为默认值")),
    "review_period": Column("day", "policy", Label("Review period", "盘点周期")),
    "moq": Column("unit", "offer", Label("Minimum order", "起订量")),
    "case_pack": Column("unit", "offer", Label("Units a case", "箱规")),
    # What a unit costs of the preferred offer, and of the cheapest local one.
    "offer_unit_cost": Column("base currency/unit", "offer", Label("Price of the preferred offer", "首选供应商报价")),
    "local_unit_cost": Column("base currency/unit", "offer", Label("Lowest price of a local supplier", "本地供应商最低报价")),
    # Who can be bought from, and what should have come already.
    "active_suppliers": Column("supplier", "offer", Label("Suppliers with a valid offer", "有效供应商数")),
    "largest_supplier_share": Column("1", "purchase orders", Label("Largest supplier's share of a year's orders", "最大供应商年采购占比")),
    "has_local_supplier": Column("flag", "offer", Label("A local supplier offers it", "有本地供应商")),
    "overdue_inbound": Column("unit", "purchase orders", Label("Units that should have come", "逾期未到数量")),
    "overdue_days": Column("day", "purchase orders", Label("Days that the latest of them is late", "最长逾期天数")),
    # How far the facts above can be trusted.
    "feed_age_hours": Column("hour", "feeds", Label("Hours since orders or stock came in", "距上次数据更新小时数")),
    "doubled_inbound": Column("unit", "purchase orders", Label("Inbound that seems to be there twice", "疑似重复在途数量")),
    "pack_jump": Column("flag", "stock history", Label("Stock jumped by a case's size", "库存按箱规跳变")),
    "platform_gap": Column("unit", "platform", Label("Units that the platform shows otherwise", "与平台显示不符的数量")),
    "shift_hours": Column("hour", "orders", Label("Hours by which times of orders are off", "订单时间偏差小时数")),
    "data_confidence": Column("probability", "formula", Label("Trust in the data", "数据可信度")),
    # Policy and worth.
    "safety_stock": Column("unit", "policy", Label("Safety stock", "安全库存")),
    "safety_stock_is_calibrated": Column("flag", "policy", Label("Safety stock rests on lead-time demand", "安全库存按交期需求校准")),
    "lead_time_risk": Column("unit", "policy", Label("Units against delays", "应对延误的数量")),
    "order_up_to": Column("unit", "policy", Label("Order-up-to level", "补货目标水平")),
    "is_replenished": Column("flag", "catalog", Label("Is bought again", "继续采购")),
    # Stage by its place in `lifecycle.stage.STAGES`, NaN for none; decay is 1 where no decline is sure, NaN before one.
    "stage": Column("stage", "catalog", Label("Stage of life", "生命周期阶段")),
    "weekly_decay": Column("1", "sales", Label("Sales of a week, of those of the week before", "周销量衰减系数")),
    "in_bundle": Column("flag", "catalog", Label("Is part of a bundle", "属于组合商品")),
    "alert_threshold": Column("unit", "policy", Label("The user's threshold", "自定义预警线")),
    "stock_maximum": Column("unit", "policy", Label("The user's maximum", "自定义库存上限")),
    "capacity_units": Column("unit", "warehouse", Label("Capacity of the pool", "仓容")),
    # Which rows of a SKU can supply each other: those of one region that do not hold the same units already.
    "region": Column("code", "warehouse", Label("Country of the pool's warehouses", "库存池所在国家")),
    "shared_stock": Column("code", "warehouse", Label("Group of pools with common warehouses", "共用仓库的库存池组")),
    "unit_cost": Column("base currency/unit", "cost", Label("Unit cost", "单位成本")),
    "unit_price": Column("base currency/unit", "price", Label("Price", "售价")),
    # What a unit is, and whether its stock lies with the platform, which then charges for it.
    "unit_volume": Column("cuft/unit", "catalog", Label("Volume of a unit", "单件体积")),
    "unit_weight": Column("lb/unit", "catalog", Label("Weight of a unit", "单件重量")),
    "is_platform_stock": Column("flag", "warehouse", Label("Stock lies in the platform's warehouse", "存放于平台仓")),
    "mean_stock_30": Column("unit", "stock history", Label("Mean stock at the platform in 30 days", "平台仓近30天平均库存")),
    "mean_stock_90": Column("unit", "stock history", Label("Mean stock at the platform in 90 days", "平台仓近90天平均库存")),
    # What the platform itself reckons of it, and says of its fee for too little stock; NaN where it does not say, or said it long ago.
    "platform_supply_30": Column("day", "platform", Label("Days of supply by the platform, 30 days", "平台口径近30天可售天数")),
    "platform_supply_90": Column("day", "platform", Label("Days of supply by the platform, 90 days", "平台口径近90天可售天数")),
    "low_fee_exempt": Column("flag", "platform", Label("Exempt from the low-inventory fee by the platform", "平台确认免收低库存费")),
    # Fees of the account that the pool serves first, by its marketplace's dated rates of the day. `fees_known`: 1 by a schedule, 0 on no
    # marketplace that charges; NaN where the schedule fails or knows nothing of the site, and then so are all the others.
    "fees_known": Column("flag", "fees", Label("Fees are known by a schedule", "费用表可用")),
    "selling_fee": Column("base currency/unit", "fees", Label("Fees of selling a unit", "单件销售费用")),
    "storage_30": Column("base currency/unit", "fees", Label("Storage of a unit for 30 days", "单件30天仓储费")),
    "storage_90": Column("base currency/unit", "fees", Label("Storage of a unit for 90 days", "单件90天仓储费")),
    "storage_180": Column("base currency/unit", "fees", Label("Storage of a unit for 180 days", "单件180天仓储费")),
    "storage_365": Column("base currency/unit", "fees", Label("Storage of a unit for a year", "单件一年仓储费")),
    "aged_surcharge_180": Column("base currency", "fees", Label("Aged surcharges of the next 180 days", "未来180天超龄附加费")),
    "low_fee_under_14": Column("base currency/unit", "fees", Label("Low-inventory fee below 14 days", "低库存费（不足14天）")),
    "low_fee_14_to_21": Column("base currency/unit", "fees", Label("Low-inventory fee from 14 to 21 days", "低库存费（14至21天）")),
    "low_fee_21_to_28": Column("base currency/unit", "fees", Label("Low-inventory fee from 21 to 28 days", "低库存费（21至28天）")),
    "low_fee_least_sales": Column("unit", "fees", Label("Sales a week below which it is free", "免收低库存费的周销量")),
    "compensation_rate": Column("1", "fees", Label("Compensation, as a share of what was paid", "缺货赔付比例")),
    "compensation_least": Column("base currency/order", "fees", Label("Compensation of an order, at least", "单笔赔付下限")),
    "compensation_most": Column("base currency/order", "fees", Label("Compensation of an order, at most", "单笔赔付上限")),
    "payout_freeze_days": Column("day", "fees", Label("Days that payouts are frozen at a violation", "违规冻结货款天数")),
    "shop_orders": Column("order/day", "orders", Label("Orders of the shop a day", "店铺日订单数")),
    "shop_paid": Column("base currency/day", "orders", Label("Paid to the shop a day", "店铺日成交额")),
    # Age, from first-in first-out lots.
    "oldest_age": Column("day", "lots", Label("Age of the oldest lot", "最老批次库龄")),
    "aged_over_90": Column("unit", "lots", Label("Units older than 90 days", "库龄超90天数量")),
    "aged_over_180": Column("unit", "lots", Label("Units older than 180 days", "库龄超180天数量")),
    "oldest_unsold": Column("flag", "lots", Label("No sale since the oldest lot came in", "最老批次入库后无动销")),
    # Turnover a year of natural months, from sales and mean stock; `turnover_months` of the last twelve are known.
    "turnover": Column("1/year", "turnover", Label("Turnover of the last month", "上月周转率")),
    "turnover_quarter": Column("1/year", "turnover", Label("Turnover of the last three months", "近三个月周转率")),
    "turnover_best_of_3": Column("1/year", "turnover", Label("Best turnover of the last three months", "近三个月最高周转率")),
    "turnover_year": Column("1/year", "turnover", Label("Mean turnover of twelve months", "近12个月平均周转率")),
    "turnover_months": Column("month", "turnover", Label("Months of turnover known", "已知周转率的月数")),
    "turnover_least_drop": Column("share", "turnover", Label("Least monthly fall of turnover in three months", "近三个月周转率最小月降幅")),
    "turnover_drop_of_3": Column("share", "turnover", Label("Fall of turnover over three months", "近三个月周转率累计降幅")),
    "turnover_30": Column("1/year", "turnover", Label("Turnover of 30 days", "近30天周转率")),
    "turnover_before_30": Column("1/year", "turnover", Label("Turnover of the 30 days before", "前30天周转率")),
    # The row's category in its pool as a whole, at cost, and all of the pool.
    "category_turnover": Column("1/year", "turnover", Label("Turnover of the category", "类目周转率")),
    "category_turnover_year": Column("1/year", "turnover", Label("Turnover of the category in twelve months", "类目近12个月周转率")),
    "category_median": Column("1/year", "turnover", Label("Median turnover in the category", "类目周转率中位数")),
    "pool_turnover": Column("1/year", "turnover", Label("Turnover of the pool", "库存池周转率")),
    "pool_turnover_year": Column("1/year", "turnover", Label("Turnover of the pool in twelve months", "库存池近12个月周转率")),
    "benchmark_turnover": Column("1/year", "benchmark", Label("Benchmark of the category", "类目行业周转率")),
    "benchmark_age": Column("day", "benchmark", Label("Age of the benchmark", "行业基准距今天数")),
    # What is known of the days ahead, and what has happened to demand.
    "days_to_season_end": Column("day", "catalog", Label("Days to the end of the season", "距季末天数")),
    "days_to_successor": Column("day", "catalog", Label("Days to the successor's launch", "距新款上市天数")),
    "cliff_drop": Column("share", "forecast", Label("Fall of demand over a cliff", "需求断崖降幅")),
    "cliff_days": Column("day", "forecast", Label("Days since the cliff", "断崖至今天数")),
    "cliff_days_known": Column("day", "forecast", Label("Days known since the cliff", "断崖后有效天数")),
    "cliff_p_value": Column("probability", "forecast", Label("How likely chance would do it", "偶然发生的概率")),
    "cliff_plan_due": Column("day", "forecast", Label("Days until the plan is due", "距计划截止天数")),
    # Rivals of the SKU, the last 30 days that are told against the 30 before.
    "rival_rank_change": Column("share", "market", Label("Change of the rivals' ranks", "竞品排名变化")),
    "rival_sales_change": Column("share", "market", Label("Change of the rivals' sales", "竞品月销量变化")),
    "rival_review_change": Column("share", "market", Label("Change of the rivals' new reviews", "竞品新增评价变化")),
    "market_age": Column("day", "market", Label("Age of what is known of rivals", "竞品数据距今天数")),
    # Orders that are owed.
    "due_units": Column("unit", "orders", Label("Units due soon, not shipped", "即将到期未发件数")),
    "due_unreserved_units": Column("unit", "orders", Label("Units due soon without stock", "即将到期缺货件数")),
    "due_orders": Column("order", "orders", Label("Orders due soon", "即将到期订单")),
    "due_orders_at_risk": Column("order", "orders", Label("Orders due soon without stock", "即将到期缺货订单")),
    "due_paid_at_risk": Column("base currency", "orders", Label("Paid for what is without stock", "缺货订单实付金额")),
    "due_compensation": Column("base currency", "fees", Label("Compensation for what is without stock", "缺货订单应赔付金额")),
    "hours_to_ship_by": Column("hour", "orders", Label("Hours to the next ship-by time", "距最近发货时限小时数")),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One consistent view of n (SKU, pool) rows at `as_of`. All arrays are read-only.

    `day` is the business day of `as_of`. `forecast_mean` (n, h) in units a day, day 0 being the first day after `day`; rows of NaN where
    there is no forecast. Inbound is a list of m arrivals: row, days from `day`, units. `lots` are those that time makes worth less.
    """

    as_of: datetime
    day: date
    sku_ids: NDArray[np.int64]
    pool_ids: NDArray[np.int64]
    columns: Mapping[str, FloatArray]
    forecast_mean: NDArray[np.float32]
    inbound_row: NDArray[np.int64]
    inbound_day: FloatArray
    inbound_qty: FloatArray
    lots: Lots = field(default_factory=no_lots)
    #: The running sums of the forecast and the mean of its last 7 days, once somebody has asked for demand: every rule does.
    _running_sums: list[FloatArray] = field(default_factory=list, init=False, repr=False, compare=False)
    #: Demand within days that somebody has asked for: rules ask for the same few times, most of them the lead time's.
    _demand: dict[bytes, FloatArray] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.sku_ids)

    def __getitem__(self, name: str) -> FloatArray:
        return self.columns[name]

    def inbound_within(self, days: FloatArray) -> FloatArray:
        """Units (n,) that arrive at most `days` (n,) from now; overdue ones count as arriving now."""
        counted = self.inbound_day <= days[self.inbound_row]
        # Without any arrival, bincount would give integers.
        return np.bincount(self.inbound_row[counted], self.inbound_qty[counted], minlength=len(self)).astype(np.float64)

    def demand_within(self, days: FloatArray) -> FloatArray:
        """Forecast demand (n,) over the next `days` (n,); NaN without a forecast.

        Beyond the horizon the mean of its last 7 days goes on. The same answer to all who ask for the same days, to be looked at only.
        """
        asked = days.tobytes()
        if asked not in self._demand:
            self._demand[asked] = _read_only(self.demand_of(np.arange(len(self)), days))
        return self._demand[asked]

    def demand_of(self, rows: NDArray[np.int64], days: FloatArray) -> FloatArray:
        """Forecast demand (m,) of some rows (m,), as often as they are named, over the next `days` (m,); otherwise as `demand_within`."""
        h = self.forecast_mean.shape[1]
        if not h:
            return np.full(len(rows), np.nan)
        cumulative = self.cumulative_demand()
        known = np.nan_to_num(days)
        whole = np.clip(np.floor(known), 0, h).astype(np.int64)
        inside = np.minimum(known, h) - whole
        step = self.forecast_mean[rows, np.minimum(whole, h - 1)]
        tail = self._running_sums[1][rows]
        beyond = np.maximum(known - h, 0.0)
        total: FloatArray = cumulative[rows, whole] + inside * step + beyond * tail
        return np.where(np.isnan(days), np.nan, total)

    def cumulative_demand(self) -> FloatArray:
        """Forecast demand (n, h + 1) of the first 0 … h days; to be looked at only."""
        if not self._running_sums:
            sums = np.zeros((len(self), self.forecast_mean.shape[1] + 1))
            np.cumsum(self.forecast_mean, axis=1, dtype=np.float64, out=sums[:, 1:])
            self._running_sums.extend([sums, self.forecast_mean[:, -7:].mean(axis=1, dtype=np.float64)])
        return self._running_sums[0]

    def take(self, rows: NDArray[np.int64] | Sequence[int]) -> Snapshot:
        """The snapshot of some distinct rows, in the order given, with their arrivals and lots. All arrays are copies, and read-only."""
        chosen = np.asarray(rows, dtype=np.int64)
        place = np.full(len(self), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        kept = place[self.inbound_row] >= 0
        lots = self.lots.take(place[self.lots.row] >= 0)
        return replace(
            self,
            sku_ids=_read_only(self.sku_ids[chosen]),
            pool_ids=_read_only(self.pool_ids[chosen]),
            columns={name: _read_only(values[chosen]) for name, values in self.columns.items()},
            forecast_mean=_read_only(self.forecast_mean[chosen]),
            inbound_row=_read_only(place[self.inbound_row[kept]]),
            inbound_day=_read_only(self.inbound_day[kept]),
            inbound_qty=_read_only(self.inbound_qty[kept]),
            lots=replace(lots, row=_read_only(place[lots.row])),
        )

    def symbols(self) -> dict[str, Explanation]:
        """Every column as a named input without a value: what a rule's `explain` starts from."""
        return {name: Explanation.input(name, unit=c.unit, source=c.source) for name, c in COLUMNS.items()}


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array
