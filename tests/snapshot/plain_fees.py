"""The columns about fees by plain reasoning: one row at a time, through the charges of single units that the formulas give to the cent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import isnan, nan

from stockhub.catalog.exchange_rates import rate_on
from stockhub.catalog.models import Category, CategoryMapping, Sku, Warehouse
from stockhub.channels.fact_models import LatestStockAge
from stockhub.channels.fee_tables import ShopFees, shop_fees
from stockhub.channels.models import Account, PoolAccount
from stockhub.formulas.fees.rates import RateTable, UnknownRateError
from stockhub.inventory.models import Allocation, StockHistory

Row = dict[str, float]
CUBIC_MM_A_FOOT, GRAMS_A_POUND, MM_AN_INCH = 28316846.6, 453.59237, 25.4
LOW = {"low_fee_under_14": 7, "low_fee_14_to_21": 17, "low_fee_21_to_28": 24}


def plain_fees(row: Row, sku: Sku, pool: int, day: date, demand: Callable[[float], float], lots: Sequence[tuple[int, int]]) -> Row:
    """`demand` is expected over a number of days; `lots` are (age, units) of what is left."""
    sku.refresh_from_db()
    account = next((p.account for p in PoolAccount.objects.filter(pool_id=pool).order_by("priority", "id") if _held(p, day)), None)
    sides = [side / MM_AN_INCH if side else nan for side in (sku.length_mm, sku.width_mm, sku.height_mm)]
    volume = nan if any(map(isnan, sides)) else sides[0] * sides[1] * sides[2] * MM_AN_INCH**3 / CUBIC_MM_A_FOOT
    weight = sku.weight_grams / GRAMS_A_POUND if sku.weight_grams else nan
    at_platform = Warehouse.objects.filter(pool_warehouses__pool_id=pool, kind="fba").exists()
    out: Row = {"unit_volume": volume, "unit_weight": weight, "is_platform_stock": float(at_platform)}
    out |= _past_stock(sku, pool, day)
    fees = shop_fees([account.pk])[account.pk] if account else None
    names = ("selling_fee", "storage_30", "storage_90", "storage_180", "storage_365", *LOW, "compensation_rate", "compensation_least",
             "compensation_most", "payout_freeze_days")  # fmt: skip
    out |= dict.fromkeys(names, nan) | {"fees_known": nan, "aged_surcharge_180": nan if at_platform else 0.0, "low_fee_least_sales": 0.0}
    out |= {"shop_orders": nan, "shop_paid": nan}
    if account is None or fees is None or fees.table is None:
        return out
    usd = float(rate_on(day, account.currency, "CNY") or nan)
    out |= {"shop_orders": account.orders_a_day or nan, "shop_paid": float(account.paid_a_day_amount or nan) * usd}
    out["fees_known"] = float(fees.has_schedule)
    if account.marketplace == "file":
        return out | dict.fromkeys(names, 0.0) | {"compensation_most": nan}
    terms = fees.table.row("oos_compensation", "order", day, at=48)
    out |= {
        "compensation_rate": float(terms.rate),
        "compensation_least": float(terms.least or 0) * usd,
        "compensation_most": nan if terms.most is None else float(terms.most) * usd,
        "payout_freeze_days": float(fees.table.row("payout_freeze", "shop", day, at=1).rate),
    }
    if account.marketplace == "douyin":
        free = dict.fromkeys(("storage_30", "storage_90", "storage_180", "storage_365", *LOW), 0.0)
        return out | free | {"selling_fee": row["unit_price"] * 0.05}
    return out | _american(row, sku, fees, day, usd, sides, weight, volume, at_platform, demand, lots)


def plain_compensation(owed: Allocation, paid: float, day: date) -> float:
    """5 % within two days and 10 % of longer promises on Douyin, at least ¥5; nothing on Amazon; unknown where no schedule speaks."""
    account = Account.objects.filter(pk=owed.account_id or 0).first()
    if account is None or account.marketplace == "file" or owed.ship_by_at is None or owed.paid_at is None:
        return nan
    if account.marketplace == "amazon":
        return 0.0 if not isnan(paid) else nan
    soon = (owed.ship_by_at - owed.paid_at) <= timedelta(hours=48)
    return nan if isnan(paid) else min(max(paid * (0.05 if soon else 0.1), 5.0), 500.0 if soon else 1000.0)


def _held(served: PoolAccount, day: date) -> bool:
    return (not served.valid_from or served.valid_from <= day) and (not served.valid_to or day <= served.valid_to)


def _past_stock(sku: Sku, pool: int, day: date) -> Row:
    out: Row = dict.fromkeys(("platform_supply_30", "platform_supply_90", "low_fee_exempt"), nan)
    for age in LatestStockAge.objects.filter(sku=sku, warehouse__pool_warehouses__pool_id=pool, warehouse__authority="snapshot"):
        told = {"platform_supply_30": age.supply_days_30, "platform_supply_90": age.supply_days_90, "low_fee_exempt": age.low_fee_exempt}
        for name, value in told.items():
            if value is not None and (day - age.observed_on).days <= 14:
                out[name] = float(value) if isnan(out[name]) else min(out[name], float(value))
    for name, days in (("mean_stock_30", 30), ("mean_stock_90", 90)):
        means = []
        for stored in StockHistory.objects.filter(sku=sku, warehouse__pool_warehouses__pool_id=pool, warehouse__kind="fba"):
            known = [float(q) for at, q in enumerate(stored.qty) if 1 <= (day - stored.first_on).days - at <= days and not isnan(q)]
            means.append(sum(known) / len(known) if known else nan)
        out[name] = sum(means) if means else nan
    return out


def _american(  # noqa: PLR0917 - a row's facts, spelt out
    row: Row, sku: Sku, fees: ShopFees, day: date, usd: float, sides: list[float], weight: float, volume: float, at_platform: bool,  # noqa: FBT001
    demand: Callable[[float], float], lots: Sequence[tuple[int, int]],
) -> Row:  # fmt: skip
    table = fees.table
    assert table is not None
    assert at_platform
    category = _category(sku)
    tier = _tier(fees, sides, weight)
    out: Row = dict.fromkeys(("selling_fee", "storage_30", "storage_90", "storage_180", "storage_365", *LOW), nan)
    out["low_fee_least_sales"] = 20.0
    price = row["unit_price"] / usd
    if tier:
        shipped = weight if tier == "small_standard" else max(weight, sides[0] * sides[1] * sides[2] / 139)
        sending = _fulfilment(table, day, tier, shipped, price)
        referral = nan if category is None else max(price * (0.05 if price <= 15 else 0.1 if price <= 20 else 0.17), 0.3)
        out["selling_fee"] = (referral + sending) * usd
        for days in (30, 90, 180, 365):
            out[f"storage_{days}"] = _storage(table, fees.storage_tiers[tier], day, days) * volume * usd
        for name, at in LOW.items():
            out[name] = _low(table, day, tier, weight, at) * usd
    total = nan if not lots and (row["available"] != 0 or row["unsellable"] != 0) else 0.0
    on = day
    for _each in range(181):
        if on.day == 15:
            gone = max(demand((on - day).days), 0.0)
            for age, units in sorted(lots, reverse=True):
                left = units - min(gone, units)
                gone -= min(gone, units)
                total += _aged(table, on, max(age, 0) + (on - day).days, volume, category) * usd * left if left or isnan(left) else 0.0
        on += timedelta(days=1)
    return out | {"aged_surcharge_180": total}


def _category(sku: Sku) -> str | None:
    at: Category | None = sku.category or (sku.product.category if sku.product else None)
    while at is not None:
        if (found := CategoryMapping.objects.filter(category=at, marketplace="amazon").first()) is not None:
            return str(found.value)
        at = at.parent
    return None


def _tier(fees: ShopFees, sides: list[float], weight: float) -> str:
    if isnan(weight) or any(map(isnan, sides)):
        return ""
    low, middle, high = sorted(sides)
    for limit in fees.sizes:
        girth = limit.length_and_girth is None or high + 2 * (middle + low) <= limit.length_and_girth
        if weight <= limit.weight_lb and high <= limit.longest and middle <= limit.median and low <= limit.shortest and girth:
            return limit.tier
    return ""


def _fulfilment(table: RateTable, day: date, tier: str, weight: float, price: float) -> float:
    try:
        found = table.row("fulfilment", tier, day, at=weight, within=price)
    except (UnknownRateError, ArithmeticError):
        return nan
    extra = 0.0 if found.step is None else -(-(weight - 3) // 0.25) * float(found.rate)
    return (float(found.fixed) + extra) * (1 + float(table.row("fuel_surcharge", "fulfilment", day).rate))


def _storage(table: RateTable, tier: str, day: date, days: int) -> float:
    total = 0.0
    for ahead in range(days):
        on = day + timedelta(days=ahead)
        month = (on.replace(day=28) + timedelta(days=4)).replace(day=1) - on.replace(day=1)
        total += float(table.row("monthly_storage", tier, on, at=on.month).rate) / month.days
    return total


def _low(table: RateTable, day: date, tier: str, weight: float, at: int) -> float:
    try:
        return float(table.row("low_inventory_level", tier, day, at=at, within=weight).rate)
    except UnknownRateError:
        return nan


def _aged(table: RateTable, on: date, age: int, volume: float, category: str | None) -> float:
    found = table.row("aged_inventory_surcharge", "any", on, at=age)
    if found.rate == 0 or category in found.exempt_categories:
        return 0.0
    return max(volume * float(found.rate), float(found.least or 0))
