"""Key figures by pool, category or site, each with its formula: turnover, dead share, fill rate, logistics saving, health … (H16, H84)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
from django.conf import settings

from stockhub.catalog.models import Category
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import CategoryTurnover, StockFigures
from stockhub.formulas.health.kpis import dead_share, fill_rate, in_stock_share, logistics_saving, logistics_saving_share
from stockhub.formulas.health.score import amazon_sell_through, health_score, unit_share
from stockhub.formulas.health.turnover import annual_turnover, stock_to_sales
from stockhub.formulas.health.turnover_rules import STREAK_MONTHS
from stockhub.overview.figures import FIGURES, WHOLE, padded
from stockhub.overview.places import Places, Viewer, places_of
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.values import Explanation, Label, Metric

#: The code and the name of a pool, a category or a site.
Place = tuple[str, str]
#: Of SKUs without a category, and of pools that serve no shop.
NOWHERE: Final[Place] = ("", "")


class KpiGrouping(StrEnum):
    POOL = "pool"
    CATEGORY = "category"
    SITE = "site"


#: Each key figure and its name, in the order in which they are shown. New ones go to the end: they are columns of a file.
KPIS: Final[Mapping[str, Label]] = {
    "turnover_year": Label("Turnover of twelve months", "近12个月周转率"),
    "turnover_quarter": Label("Turnover of three months", "近三个月周转率"),
    "stock_to_sales": Label("Stock to sales", "库销比"),
    "dead_share": Label("Dead stock by value", "呆滞库存占比（金额）"),
    "fill_rate": Label("Fill rate", "满足率"),
    "excess_share": Label("Excess beyond 90 days", "90天以上冗余占比"),
    "sell_through": Label("Sell-through of a quarter", "季度动销率"),
    "stranded_share": Label("Stranded without a listing", "无在售商品链接库存占比"),
    "in_stock_rate": Label("In stock, by sales", "在库率（按销量加权）"),
    "health_score": Label("StockHub health", "StockHub 健康分"),
    "logistics_saving": Label("Logistics saving of a quarter", "季度物流节省金额"),
    "logistics_saving_share": Label("Logistics saving, share", "物流节省比例"),
}
#: The inputs of their formulas: unit, source and name.
INPUTS: Final[Mapping[str, tuple[str, str, Label]]] = {
    "cogs_year": ("base currency", "turnover", Label("Cost of sales of the months known, of twelve", "近12个月中已知月份的销售成本")),
    "inventory_year": ("base currency", "turnover", Label("Mean stock at cost of these months", "上述月份的平均库存成本")),
    "days_year": ("day", "turnover", Label("Days of these months", "上述月份的天数")),
    "cogs_quarter": ("base currency", "turnover", Label("Cost of sales of the months known, of three", "近三个月中已知月份的销售成本")),
    "inventory_quarter": ("base currency", "turnover", Label("Mean stock at cost of the same months", "同期平均库存成本")),
    "days_quarter": ("day", "turnover", Label("Days of the same months", "同期天数")),
    "stock_units": ("unit", "ledger", Label("Stock on hand", "在库数量")),
    "stock_value": ("base currency", "ledger", Label("Stock at cost", "库存成本")),
    "sold_30": ("unit", "sales", Label("Sold in 30 days", "近30天销量")),
    "dead_value": ("base currency", "ledger", Label("Stock without a sale in 90 days, at cost", "90天无动销库存成本")),
    "forecast_units": ("unit", "ledger", Label("Stock on hand with a forecast", "有预测的在库数量")),
    "excess_units": ("unit", "forecast", Label("Units beyond the forecast of 90 days", "超出90天预测的数量")),
    "listed_units": ("unit", "ledger", Label("Stock on hand where listings are known", "已知商品链接范围内的在库数量")),
    "stranded_units": ("unit", "listings", Label("Units without an active listing", "无在售商品链接数量")),
    "in_stock_days": ("unit", "stock history", Label("Units sold of 60 days, times the share of days in stock", "在库天数占比×近60天销量")),
    "in_stock_weight": ("unit", "sales", Label("Sold in 60 days", "近60天销量")),
    "served_30": ("unit", "sales", Label("Sold in 30 days, stock-out days known", "近30天销量（断货天数已知）")),
    "missed_30": ("unit", "stock history", Label("What days out of stock would have sold", "断货日估计损失销量")),
    "logistics_units": ("unit", "lot costs", Label("Units in with a known freight, now and before", "近90天入库且前后运费均已知的数量")),
    "logistics_paid": ("base currency", "lot costs", Label("Freight and inbound handling paid for them", "上述入库实付运费与入仓费")),
    "logistics_usual": ("base currency", "lot costs", Label("The same at the mean of the year before", "按此前一年平均单件费用计算")),
    "shipped_quarter": ("unit", "turnover", Label("Units sold in three months", "近三个月销量")),
    "held_quarter": ("unit", "turnover", Label("Mean units on hand of three months", "近三个月平均库存")),
}
_REASONS: Final[Mapping[str, str]] = {
    "turnover_year": "NO_STOCK_HISTORY", "turnover_quarter": "NO_STOCK_HISTORY", "sell_through": "NO_STOCK_HISTORY",
    "stock_to_sales": "NO_SALES", "dead_share": "NO_COST", "fill_rate": "NO_SALES", "excess_share": "NO_FORECAST",
    "stranded_share": "NO_LISTINGS", "in_stock_rate": "NO_SALES", "health_score": "NO_DATA",
    "logistics_saving": "NO_FREIGHT", "logistics_saving_share": "NO_FREIGHT",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StockKpis:
    """The key figures of one place. `code` is empty for SKUs of no category or shops of no site; `skus` those whose stock is known."""

    code: str
    name: str
    day: date
    skus: int
    metrics: Mapping[str, Metric]


def stock_kpis(by: KpiGrouping, *, viewer: Viewer) -> list[StockKpis]:
    """Of each place, over the pools that the viewer sees, of the last day that has figures; none before the first full warning cycle.

    A pool that serves shops of two sites counts for both: its stock is one.
    """
    latest = StockFigures.objects.filter(chunk=WHOLE).order_by("-day").values_list("day", flat=True).first()
    if latest is None:
        return []
    today = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
    places = places_of(viewer, today)
    groups = Groups(by, places)
    figures: dict[Place, FloatArray] = defaultdict(lambda: np.zeros(len(FIGURES)))
    for row in StockFigures.objects.filter(chunk=WHOLE, day=latest, pool_id__in=list(places.pools)):
        for place in groups.of(row.pool_id, row.category_id):
            figures[place] = figures[place] + padded(row.figures)
    turnover = _turnover(groups, places.pools.keys(), today)
    return [
        _kpis(place, latest, dict(zip(FIGURES, figures[place].tolist(), strict=True)) | turnover.get(place, {}))
        for place in sorted(figures)
    ]


class Groups:
    """Which places of a grouping a pool and a category count for."""

    def __init__(self, by: KpiGrouping, places: Places) -> None:
        self.by = by
        self.pools = {pool: (named.code, named.name) for pool, named in places.pools.items()}
        self.categories = dict[int, Place](
            {c.pk: (c.code, c.name) for c in Category.objects.only("code", "name")} if by is KpiGrouping.CATEGORY else {}
        )
        site = {a.pk: a.site or a.marketplace for a in Account.objects.filter(deleted_at=None)} if by is KpiGrouping.SITE else {}
        self.sites = {
            pool: sorted({(site[account], site[account]) for account in places.served.get(pool, ()) if account in site}) or [NOWHERE]
            for pool in places.pools
        }

    def of(self, pool_id: int, category_id: int | None) -> Sequence[Place]:
        if self.by is KpiGrouping.CATEGORY:
            return [self.categories.get(category_id or 0, NOWHERE)]
        return [self.pools[pool_id]] if self.by is KpiGrouping.POOL else self.sites[pool_id]


def _turnover(groups: Groups, pools: Collection[int], today: date) -> dict[Place, dict[str, float]]:
    """Cost of sales and mean stock of each group; of pools and sites by the rows of whole pools."""
    last = Months.before(today - timedelta(days=1)).last_month
    rows = CategoryTurnover.objects.filter(pool_id__in=list(pools), last_month__gte=(last - timedelta(days=1)).replace(day=1))
    of_categories = groups.by is KpiGrouping.CATEGORY
    cogs: dict[Place, FloatArray] = {}
    inventory: dict[Place, FloatArray] = {}
    for row in rows.filter(category__isnull=not of_categories):
        for place in groups.of(row.pool_id, row.category_id):
            cogs[place] = plus(cogs.get(place), row.cogs)
            inventory[place] = plus(inventory.get(place), row.inventory)
    return {place: _flows(cogs[place], inventory[place], Months(last).lengths) for place in cogs}


def plus(total: FloatArray | None, more: FloatArray) -> FloatArray:
    """The sum of what is known; NaN where neither is."""
    if total is None:
        return more
    return np.where(np.isnan(total), more, total + np.nan_to_num(more))


def _flows(cogs: FloatArray, inventory: FloatArray, days: FloatArray) -> dict[str, float]:
    """What turnover is made of: the months that are known, of twelve and of three, each month's stock counting by its days."""
    known = np.isfinite(cogs) & np.isfinite(inventory)
    told: dict[str, float] = {}
    for name, months in (("year", known), ("quarter", known & (np.arange(len(known)) >= len(known) - STREAK_MONTHS))):
        if months.any():
            span = float(days[months].sum())
            told[f"cogs_{name}"] = float(cogs[months].sum())
            told[f"inventory_{name}"] = float((inventory * days)[months].sum() / span)
            told[f"days_{name}"] = span
    return told


_FORMULAS: Final[Mapping[str, Callable[[Mapping[str, Explanation]], Explanation]]] = {
    "turnover_year": lambda x: annual_turnover(x["cogs_year"], x["inventory_year"], x["days_year"]),
    "turnover_quarter": lambda x: annual_turnover(x["cogs_quarter"], x["inventory_quarter"], x["days_quarter"]),
    "stock_to_sales": lambda x: stock_to_sales(x["stock_units"], x["sold_30"]),
    "dead_share": lambda x: dead_share(x["dead_value"], x["stock_value"]),
    "fill_rate": lambda x: fill_rate(x["served_30"], x["missed_30"]),
    "excess_share": lambda x: unit_share(x["excess_units"], x["forecast_units"]),
    "sell_through": lambda x: amazon_sell_through(x["shipped_quarter"], x["held_quarter"]),
    "stranded_share": lambda x: unit_share(x["stranded_units"], x["listed_units"]),
    "in_stock_rate": lambda x: in_stock_share(x["in_stock_days"], x["in_stock_weight"]),
    "health_score": lambda x: health_score(
        unit_share(x["excess_units"], x["forecast_units"]),
        amazon_sell_through(x["shipped_quarter"], x["held_quarter"]),
        unit_share(x["stranded_units"], x["listed_units"]),
        in_stock_share(x["in_stock_days"], x["in_stock_weight"]),
    ),
    "logistics_saving": lambda x: logistics_saving(x["logistics_usual"], x["logistics_paid"]),
    "logistics_saving_share": lambda x: logistics_saving_share(x["logistics_usual"], x["logistics_paid"]),
}


def _kpis(place: Place, day: date, numbers: Mapping[str, float]) -> StockKpis:
    if not numbers["logistics_units"]:
        # Nothing that can be judged came in: that is no saving of 0.
        numbers = {name: value for name, value in numbers.items() if name not in ("logistics_paid", "logistics_usual")}
    inputs = {each: Explanation.input(each, numbers.get(each), unit=unit, source=source) for each, (unit, source, _label) in INPUTS.items()}
    as_of = clock.start_of_day(day, settings.STOCKHUB_TIME_ZONE)
    metrics = {each: _metric(each, formula(inputs), as_of) for each, formula in _FORMULAS.items()}
    return StockKpis(code=place[0], name=place[1], day=day, skus=int(numbers["skus"]), metrics=metrics)


def _metric(kpi: str, tree: Explanation, as_of: datetime) -> Metric:
    unit = settings.STOCKHUB_BASE_CURRENCY if UNITS[kpi] == "base currency" else UNITS[kpi]
    return Metric(tree.value, unit, as_of, reason=_REASONS[kpi] if tree.value is None else None, explanation=tree)


#: The unit of each; shares are 0 to 1.
UNITS: Final[Mapping[str, str]] = {
    "turnover_year": "1/year", "turnover_quarter": "1/year", "stock_to_sales": "1", "sell_through": "1", "health_score": "point",
    "logistics_saving": "base currency",
    **dict.fromkeys(("dead_share", "fill_rate", "logistics_saving_share", "excess_share", "stranded_share", "in_stock_rate"), "share"),
}  # fmt: skip
