"""Turnover, season, successor, cliff and market of one row by plain reasoning: month by month, from model instances."""

from __future__ import annotations

from datetime import date, timedelta
from math import isnan, nan

from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.catalog.models import Category, Sku, SkuRelation
from stockhub.channels.market_models import MarketTrend
from stockhub.channels.models import PoolAccount
from stockhub.demand.models import SalesSeries
from stockhub.demand.turnover_models import CategoryTurnover, DemandCliff, TurnoverHistory
from stockhub.inventory.models import StockHistory

Row = dict[str, float]


def plain_turnover(sku: Sku, pool: int, houses: list[int], day: date) -> Row:
    category = sku.category or (sku.product.category if sku.product else None)
    return (
        _own(sku, pool, day)
        | _group(category, pool, day)
        | _benchmark(category, day)
        | _season(sku, pool, houses, day)
        | _successor(sku, day)
        | _cliff(sku, pool, day)
        | _market(sku, pool, day)
    )


def _month_lengths(day: date) -> list[int]:
    """Of the last twelve months that are complete, the oldest first."""
    lengths: list[int] = []
    first = day.replace(day=1)
    for _month in range(12):
        before = (first - timedelta(days=1)).replace(day=1)
        lengths.insert(0, (first - before).days)
        first = before
    return lengths


def _in_date(last_month: date, day: date) -> bool:
    this = day.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    return last_month >= (last - timedelta(days=1)).replace(day=1)


def _turn(sold: float, held: float, days: float) -> float:
    return nan if isnan(sold) or isnan(held) or held == 0 else sold / held * 365 / days


def _whole(sold: list[float], held: list[float], days: list[int]) -> float:
    return _turn(sum(sold), sum(h * d for h, d in zip(held, days, strict=True)) / sum(days), sum(days))


def _drop(before: float, after: float) -> float:
    return nan if isnan(before) or isnan(after) else 0.0 if before == 0 else 1 - after / before


def _own(sku: Sku, pool: int, day: date) -> Row:
    kept = TurnoverHistory.objects.filter(sku=sku, pool_id=pool).first()
    names = ("turnover", "turnover_quarter", "turnover_best_of_3", "turnover_year", "turnover_months", "turnover_least_drop")
    row = dict.fromkeys((*names, "turnover_drop_of_3"), nan)
    if kept is None or not _in_date(kept.last_month, day):
        return row
    days, sold, held = _month_lengths(day), kept.sold.tolist(), kept.held.tolist()
    turns = [_turn(*each) for each in zip(sold, held, days, strict=True)]
    known = [each for each in turns if not isnan(each)]
    drops = [_drop(a, b) for a, b in zip(turns[-4:-1], turns[-3:], strict=True)]
    row["turnover"], row["turnover_quarter"] = turns[-1], _whole(sold[-3:], held[-3:], days[-3:])
    row["turnover_best_of_3"] = nan if any(isnan(each) for each in turns[-3:]) else max(turns[-3:])
    row["turnover_year"], row["turnover_months"] = sum(known) / len(known) if known else nan, float(len(known))
    row["turnover_least_drop"] = nan if any(isnan(each) for each in drops) else min(drops)
    row["turnover_drop_of_3"] = _drop(turns[-4], turns[-1])
    return row


def _group(category: Category | None, pool: int, day: date) -> Row:
    kept = {row.category_id: row for row in CategoryTurnover.objects.filter(pool_id=pool) if _in_date(row.last_month, day)}
    of_pool, own = kept.get(None), kept.get(category.pk) if category else None
    days = _month_lengths(day)

    def turns(row: CategoryTurnover | None, months: int) -> float:
        return nan if row is None else _whole(row.cogs.tolist()[-months:], row.inventory.tolist()[-months:], days[-months:])

    held_against = own if category else of_pool
    middle = None if held_against is None else held_against.median
    return {
        "category_turnover": turns(own, 3), "category_turnover_year": turns(own, 12), "category_median": nan if middle is None else middle,
        "pool_turnover": turns(of_pool, 3), "pool_turnover_year": turns(of_pool, 12),
    }  # fmt: skip


def _benchmark(category: Category | None, day: date) -> Row:
    while category is not None:
        told = CategoryBenchmark.objects.filter(category=category, as_of__lte=day).order_by("-as_of").first()
        if told is not None:
            return {"benchmark_turnover": told.turnover, "benchmark_age": float((day - told.as_of).days)}
        category = category.parent
    return {"benchmark_turnover": nan, "benchmark_age": nan}


def _season(sku: Sku, pool: int, houses: list[int], day: date) -> Row:
    row = {"days_to_season_end": nan, "turnover_30": nan, "turnover_before_30": nan}
    season = sku.season
    if season is None:
        return row
    if season.site and not PoolAccount.objects.filter(pool_id=pool, account__site=season.site).exists():
        return row
    inside = [ahead for ahead in range(366) if (day + timedelta(days=ahead)).timetuple()[1:3] == (season.ends_month, season.ends_day)]
    since = [back for back in range(366) if (day - timedelta(days=back)).timetuple()[1:3] == (season.starts_month, season.starts_day)]
    starts, ends = (season.starts_month, season.starts_day), (season.ends_month, season.ends_day)
    today = day.timetuple()[1:3]
    in_season = starts <= today <= ends if starts <= ends else today >= starts or today <= ends
    if not in_season or not since:
        return row
    row["days_to_season_end"] = float(inside[0])
    if inside[0] <= 60:
        row["turnover_30"] = _turnover_between(sku, pool, houses, day, 30, 1)
        row["turnover_before_30"] = _turnover_between(sku, pool, houses, day, 60, 31)
    return row


def _turnover_between(sku: Sku, pool: int, houses: list[int], day: date, first: int, last: int) -> float:
    days = [day - timedelta(days=back) for back in range(first, last - 1, -1)]
    sold, held = [_sold_on(sku, pool, each) for each in days], [_stock_on(sku, houses, each) for each in days]
    known = [each for each in held if not isnan(each)]
    if any(isnan(each) for each in sold) or len(known) < 15:
        return nan
    return _turn(sum(sold), sum(known) / len(known), 30)


def _sold_on(sku: Sku, pool: int, day: date) -> float:
    told = nan
    for series in SalesSeries.objects.filter(sku=sku, account__in=PoolAccount.objects.filter(pool_id=pool).values("account_id")):
        at = (day - series.first_on).days
        if at < 0:
            continue
        shares = PoolAccount.objects.filter(pool_id=pool, account_id=series.account_id)
        share = sum(s.share for s in shares if (not s.valid_from or s.valid_from <= day) and (not s.valid_to or day <= s.valid_to))
        units = float(series.daily[at]) * share if at < len(series.daily) else 0.0
        told = units if isnan(told) else told + units
    return told


def _stock_on(sku: Sku, houses: list[int], day: date) -> float:
    units = nan
    for history in StockHistory.objects.filter(sku=sku, warehouse_id__in=houses):
        at = (day - history.first_on).days
        if at < 0:
            continue
        if at >= len(history.qty) or isnan(history.qty[at]):
            return nan
        units = float(history.qty[at]) + (0.0 if isnan(units) else units)
    return units


def _successor(sku: Sku, day: date) -> Row:
    relations = SkuRelation.objects.filter(other=sku, kind="supersedes", sku__deleted_at=None)
    days = [(r.valid_from - day).days for r in relations if r.valid_to is None or r.valid_to >= day]
    ahead, past = [d for d in days if d >= 0], [d for d in days if d < 0]
    return {"days_to_successor": float(min(ahead)) if ahead else float(max(past)) if past else nan}


def _cliff(sku: Sku, pool: int, day: date) -> Row:
    kept = DemandCliff.objects.filter(sku=sku, pool_id=pool).first()
    if kept is None:
        return dict.fromkeys(("cliff_drop", "cliff_days", "cliff_days_known", "cliff_p_value", "cliff_plan_due"), nan)
    # Shanghai is eight hours ahead all year.
    due = (kept.detected_at + timedelta(hours=24 + 8)).date()
    return {
        "cliff_drop": 1 - kept.rate_after / kept.rate_before, "cliff_days": float((day - kept.broke_on).days),
        "cliff_days_known": kept.days_after, "cliff_p_value": kept.p_value, "cliff_plan_due": float((due - day).days),
    }  # fmt: skip


def _market(sku: Sku, pool: int, day: date) -> Row:
    trends = MarketTrend.objects.filter(sku=sku, account__in=PoolAccount.objects.filter(pool_id=pool).values("account_id"))
    names = {"rival_rank_change": "rank_change", "rival_sales_change": "sales_change", "rival_review_change": "review_change"}
    last = max(trends, key=lambda each: (each.observed_on, each.pk), default=None)
    if last is None:
        return dict.fromkeys((*names, "market_age"), nan)
    row = {name: nan if getattr(last, stored) is None else getattr(last, stored) for name, stored in names.items()}
    return row | {"market_age": float((day - last.observed_on).days)}
