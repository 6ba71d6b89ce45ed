"""A snapshot by plain reasoning: one row at a time, from model instances, with no array longer than a row's own series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from math import exp, exp2, isnan, log, nan, sqrt
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

from scipy.stats import linregress

from stockhub.catalog.exchange_rates import rate_on
from stockhub.catalog.models import PoolWarehouse, Sku, StockPolicy, Warehouse
from stockhub.channels.models import Feed, ListingComponent, PoolAccount
from stockhub.demand.models import Forecast, PlannedEvent, SalesSeries, StockoutSeries
from stockhub.demand.track_models import ForecastTrack
from stockhub.inventory.models import Allocation, Balance, Bucket, Movement, StockDispute, TransferLine
from stockhub.purchasing.models import PurchaseOrderLine, ShipmentLine
from stockhub.suppliers.models import Offer
from tests.snapshot.plain_doubts import doubts
from tests.snapshot.plain_fees import plain_compensation, plain_fees
from tests.snapshot.plain_lasting import Quantiles, expected, lasting, lead_time_quantiles, own_and_usual, quantile
from tests.snapshot.plain_lots import lots_left
from tests.snapshot.plain_turnover import plain_turnover

STAGES = ("introduction", "growth", "maturity", "decline", "end_of_life", "liquidation")
Row = dict[str, float]
LAST = 10**9


def plain_rows(sku_ids: Iterable[int], day: date, as_of: datetime) -> Iterator[tuple[int, int, Row, list[float], list[tuple[float, int]]]]:
    """(SKU, pool, columns, forecast, arrivals) in the order of the snapshot."""
    for sku in Sku.objects.filter(id__in=list(sku_ids), deleted_at=None, is_bundle=False).order_by("id"):
        pools = set(PoolWarehouse.objects.filter(pool__deleted_at=None, warehouse__balances__sku=sku).values_list("pool_id", flat=True))
        pools |= set(PoolAccount.objects.filter(pool__deleted_at=None, account__sales__sku=sku).values_list("pool_id", flat=True))
        pools |= set(StockPolicy.objects.filter(sku=sku, pool__isnull=False, deleted_at=None).values_list("pool_id", flat=True))
        for pool in sorted(pools):
            yield (sku.pk, pool, *_row(sku, pool, day, as_of))


def _row(sku: Sku, pool: int, day: date, as_of: datetime) -> tuple[Row, list[float], list[tuple[float, int]]]:
    houses = list(PoolWarehouse.objects.filter(pool_id=pool).values_list("warehouse_id", flat=True))
    row = _positions(sku, houses) | _place(pool, houses)
    disputes = StockDispute.objects.filter(sku=sku, warehouse_id__in=houses, resolved_at=None)
    row["in_dispute"] = float(disputes.exists())
    row["burn_rate"] = _pace(sku, houses, as_of)
    row["sale_minutes_left"] = _until_sale_ends(sku, pool, day, as_of)
    last_sold = _sales(row, sku, pool, day, as_of)
    mean = _forecast(row, sku, pool, day)
    track = ForecastTrack.objects.filter(sku=sku, pool_id=pool).first()
    row |= {
        "tracked_error": nan if track is None or track.error_sum is None else track.error_sum,
        "tracked_mean_error": nan if track is None or track.mean_error is None else track.mean_error,
        "tracked_forecast": nan if track is None or track.forecast_sum is None else track.forecast_sum,
        "tracked_weeks": 0.0 if track is None else float(track.weeks),
    }
    policies = [StockPolicy.objects.filter(sku=sku, pool_id=which, deleted_at=None).first() for which in (pool, None)]
    offer_price = _offer(row, sku, pool, day, policies)
    quantiles = lead_time_quantiles(row, sku, pool, day)
    usual = own_and_usual(row, sku, pool, day)
    arriving = _arrivals(row, sku, houses, day)
    _policy(row, policies, mean, (quantiles, usual), 0.9 if sku.stage and sku.stage.slug == "introduction" else 0.95)
    lasting(row, mean, quantiles, arriving)
    said = next((p.is_replenished for p in policies if p and p.is_replenished is not None), None)
    by_stage = sku.stage is None or sku.stage.slug not in ("end_of_life", "liquidation")
    row["is_replenished"] = float(
        sku.is_replenished and not (sku.discontinued_on and sku.discontinued_on <= day) and (by_stage if said is None else said)
    )
    own_cost = _money(sku.unit_cost_amount, sku.unit_cost_currency, day)
    row["unit_cost"] = offer_price if isnan(own_cost) else own_cost
    row["unit_price"] = _price(sku, pool, day, as_of)
    row["stage"] = float(STAGES.index(sku.stage.slug)) if sku.stage is not None and sku.stage.slug in STAGES else nan
    row["in_bundle"] = float(sku.part_of.exists())
    _ages(row, sku, houses, day, last_sold)
    _owed(row, sku, houses, day, as_of)
    doubts(row, sku, pool, houses, day, as_of)
    row |= plain_turnover(sku, pool, houses, day)
    row |= plain_fees(row, sku, pool, day, lambda days: expected(mean, days), lots_left(sku, houses, day))
    return row, mean, arriving


def _money(amount: Any, currency: str, day: date) -> float:  # noqa: ANN401 - a Decimal or None
    rate = rate_on(day, currency, "CNY") if currency else None
    return nan if amount is None or rate is None else float(amount) * float(rate)


def _positions(sku: Sku, houses: list[int]) -> Row:
    found = list(Balance.objects.filter(sku=sku, warehouse_id__in=houses).select_related("bucket"))
    kinds: dict[str, Callable[[Bucket], bool]] = {
        "available": lambda b: b.is_sellable,
        "reserved": lambda b: b.slug == "reserved",
        "on_order": lambda b: b.slug == "on_order",
        "in_transit": lambda b: b.slug == "in_transit",
        "receiving": lambda b: b.slug == "receiving",
        "unsellable": lambda b: b.slug in ("inspecting", "quarantined", "researching", "unsellable"),
        "shippable": lambda b: b.can_ship_today,
    }
    return {name: float(sum(f.qty for f in found if holds(f.bucket))) if found else nan for name, holds in kinds.items()}


def _pace(sku: Sku, houses: list[int], as_of: datetime) -> float:
    """Units a minute of the last half hour's orders, those of three minutes ago counting half."""
    since = as_of - timedelta(minutes=30)
    sold = Movement.objects.filter(
        sku=sku, warehouse_id__in=houses, from_bucket_id="available", kind__in=("reserve", "ship"), occurred_at__gte=since,
        recorded_at__gte=since,
    )  # fmt: skip
    ages = [(m.qty, max((as_of - m.occurred_at).total_seconds() / 60, 0.0)) for m in sold]
    if len(ages) < 5:
        return 0.0
    oldest = max(1.0, *[age for _qty, age in ages])
    weight: float = sum(qty * exp2(-age / 3) for qty, age in ages)
    return weight * log(2) / 3 / (1 - exp2(-oldest / 3))


def _until_sale_ends(sku: Sku, pool: int, day: date, as_of: datetime) -> float:
    """Of a sale of the SKU in the pool alone; Shanghai is eight hours ahead all year."""
    left = nan
    for plan in PlannedEvent.objects.filter(sku=sku, pool_id=pool, starts_on__lte=day, ends_on__gte=day, ends_time__isnull=False):
        assert plan.ends_time is not None
        minutes = (datetime.combine(plan.ends_on, plan.ends_time, ZoneInfo("Asia/Shanghai")) - as_of) / timedelta(minutes=1)
        if 0 < minutes <= 1440:
            left = minutes if isnan(left) else max(left, minutes)
    return left


def _place(pool: int, houses: list[int]) -> Row:
    countries = {w.country for w in Warehouse.objects.filter(id__in=houses)}
    room = [w.capacity_units for w in Warehouse.objects.filter(id__in=houses)]
    sharing = {pool}
    while True:
        theirs = PoolWarehouse.objects.filter(pool_id__in=sharing, pool__deleted_at=None).values("warehouse_id")
        more = set(PoolWarehouse.objects.filter(warehouse__in=theirs, pool__deleted_at=None).values_list("pool_id", flat=True))
        if more <= sharing:
            break
        sharing |= more
    return {
        "region": float(ord(min(countries)[0]) * 256 + ord(min(countries)[1])) if len(countries) == 1 else nan,
        "capacity_units": nan if None in room or not room else float(sum(filter(None, room))),
        "shared_stock": float(min(sharing)),
    }


def _sales(row: Row, sku: Sku, pool: int, day: date, as_of: datetime) -> float:
    series = list(SalesSeries.objects.filter(sku=sku, account__in=PoolAccount.objects.filter(pool_id=pool).values("account_id")))
    told = Feed.objects.filter(kind="orders", last_success_at__isnull=False, account__pool_accounts__pool_id=pool).exists()
    for days in (7, 30, 60, 90):
        sold = 0.0
        for each in series:
            shares = list(PoolAccount.objects.filter(pool_id=pool, account_id=each.account_id))
            for back in range(days):
                on = day - timedelta(days=back)
                at = (on - each.first_on).days
                if 0 <= at < len(each.daily):
                    valid = (s for s in shares if (not s.valid_from or s.valid_from <= on) and (not s.valid_to or on <= s.valid_to))
                    sold += float(each.daily[at]) * sum(float(s.share) for s in valid)
        row[f"sold_{days}"] = sold if told or series else nan
    last = max((s.last_sold_at.date().toordinal() for s in series if s.last_sold_at), default=None)
    _last_sales(row, series, pool, day, as_of)
    _weeks(row, sku, pool, day, series)
    row["history_days"] = float((day - min(s.first_on for s in series)).days + 1) if series else nan
    for days in (30, 90):
        known = []
        for stored in StockoutSeries.objects.filter(sku=sku, pool_id=pool):
            for at, percent in enumerate(stored.in_stock.tolist()):
                if percent != 255 and 1 <= (day - stored.first_on).days - at <= days:
                    known.append(1 - percent / 100)
        row[f"stockout_days_{days}"] = sum(known) if known else nan
    return nan if last is None else float(last)


def _last_sales(row: Row, series: list[SalesSeries], pool: int, day: date, as_of: datetime) -> None:
    """Days ago by each account's own calendar; a sale that is dated ahead is one of today."""
    waited, serving = [], []
    for each in series:
        if each.last_sold_at is None:
            continue
        zone = ZoneInfo(each.account.time_zone)
        days = max((as_of.astimezone(zone).date() - each.last_sold_at.astimezone(zone).date()).days, 0)
        waited.append(days)
        its = PoolAccount.objects.filter(pool_id=pool, account_id=each.account_id)
        if any((not i.valid_from or i.valid_from <= day) and (not i.valid_to or day <= i.valid_to) for i in its):
            serving.append((days, -each.account_id))
    row["days_since_sale"] = float(min(waited)) if waited else nan
    quietest = max(serving, default=None)
    row["quietest_account_days"] = nan if quietest is None else float(quietest[0])
    row["quietest_account"] = nan if quietest is None else float(-quietest[1])


def _weeks(row: Row, sku: Sku, pool: int, day: date, series: list[SalesSeries]) -> None:
    """Twelve whole weeks that end yesterday: how many of the latest sell too little for the stock, and how they fade."""
    weeks: list[float | None] = []
    for week in range(12):
        units: float | None = 0.0
        for back in range(1 + 7 * week, 8 + 7 * week):
            sold = _sold_on(series, pool, day - timedelta(days=back))
            units = None if sold is None or units is None else units + sold
        weeks.append(units)
    stock = row["available"] + row["reserved"]
    low = 0
    while stock > 0 and low < 12:
        units = weeks[low]
        if units is None or units >= stock * 7 / 180:
            break
        low += 1
    row["low_sales_weeks"] = nan if isnan(stock) else float(low)
    row["weekly_decay"] = nan
    if sku.stage is not None and sku.stage.slug in ("decline", "end_of_life", "liquidation"):
        row["weekly_decay"] = _decay(weeks[::-1])


def _sold_on(series: list[SalesSeries], pool: int, on: date) -> float | None:
    """None before the first day on any account."""
    total = None
    for each in series:
        at = (on - each.first_on).days
        if at >= 0:
            valid = (
                share
                for share in PoolAccount.objects.filter(pool_id=pool, account_id=each.account_id)
                if (not share.valid_from or share.valid_from <= on) and (not share.valid_to or on <= share.valid_to)
            )
            sold = float(each.daily[at]) if at < len(each.daily) else 0.0
            total = (total or 0.0) + sold * sum(float(share.share) for share in valid)
    return total


def _decay(weeks: list[float | None]) -> float:
    """e to the slope of ln(y + 1), where scipy's own regression finds it no chance."""
    known = [(number, log(units + 1)) for number, units in enumerate(weeks) if units is not None]
    if len(known) < 3 or len({y for _x, y in known}) == 1:
        return 1.0
    found = linregress([x for x, _y in known], [y for _x, y in known])
    return min(exp(found.slope), 1.0) if found.pvalue <= 0.1 else 1.0


def _forecast(row: Row, sku: Sku, pool: int, day: date) -> list[float]:
    made = Forecast.objects.filter(sku=sku, pool_id=pool, first_on__gte=day - timedelta(days=14)).first()
    if made is None:
        row |= dict.fromkeys(("daily_mean", "daily_sd", "forecast_age_days", "spike_days", "spike_rate", "spike_before"), nan)
        return []
    start = (day + timedelta(days=1) - made.first_on).days
    points = made.mean.tolist()
    # What an older forecast lacks at its end is its last day; one that begins later than tomorrow begins with it, too.
    mean = [points[start + ahead] if 0 <= start + ahead < len(points) else points[-1] if points else nan for ahead in range(90)]
    row["daily_mean"] = sum(mean[:28]) / 28
    row["daily_sd"] = sqrt(row["daily_mean"]) if made.error_sd is None else made.error_sd
    row["forecast_age_days"] = float(max((day - made.first_on).days, 0))
    is_fresh = (day - made.first_on).days <= 2
    for name in ("spike_days", "spike_rate", "spike_before"):
        row[name] = float(getattr(made, name)) if is_fresh else nan
    return mean


def _offer(row: Row, sku: Sku, pool: int, day: date, policies: list[StockPolicy | None]) -> float:
    def usable(offer: Offer) -> bool:
        dated = (not offer.valid_from or offer.valid_from <= day) and (not offer.valid_to or offer.valid_to >= day)
        return dated and offer.is_active and offer.supplier.is_active and offer.pool_id in (pool, None)

    offers = [o for o in Offer.objects.filter(sku=sku).select_related("supplier") if usable(o)]
    offers.sort(key=lambda o: (o.pool_id is None, o.preference, o.unit_price_amount is None, o.unit_price_amount or 0, o.pk))
    offer = offers[0] if offers else None
    legs = list(offer.legs.all()) if offer else []
    days = sum(leg.days for leg in legs) if legs else offer.lead_time_days if offer else None
    sd = sqrt(sum(leg.sd_days**2 for leg in legs)) if legs else offer.lead_time_sd_days if offer else None
    wished = next((p.lead_time_days for p in policies if p and p.lead_time_days is not None), None)
    lead_time = wished if wished is not None else days
    row["lead_time_is_default"] = float(lead_time is None)
    row["lead_time"] = 14.0 if lead_time is None else float(lead_time)
    times = [sum(leg.days for leg in its) if (its := list(each.legs.all())) else each.lead_time_days for each in offers]
    row["fastest_lead_time"] = min([row["lead_time"], *[float(days) for days in times if days is not None]])
    row["lead_time_sd"] = float(sd) if sd else row["lead_time"] * 0.25
    row["moq"], row["case_pack"] = (float(offer.moq), float(offer.case_pack)) if offer else (nan, nan)
    _sourcing(row, sku, offers, day)
    near = [_money(each.unit_price_amount, each.currency, day) for each in offers if each.supplier.is_local]
    row["local_unit_cost"] = min((price for price in near if not isnan(price)), default=nan)
    row["offer_unit_cost"] = _money(offer.unit_price_amount, offer.currency, day) if offer else nan
    return row["offer_unit_cost"]


def _sourcing(row: Row, sku: Sku, offers: list[Offer], day: date) -> None:
    suppliers = {offer.supplier_id: 0 for offer in offers}
    since = day - timedelta(days=365)
    for line in PurchaseOrderLine.objects.filter(sku=sku).select_related("purchase_order"):
        order = line.purchase_order
        if order.status in ("open", "received") and order.ordered_on >= since and order.supplier_id in suppliers:
            suppliers[order.supplier_id] += line.ordered_qty
    total = sum(suppliers.values())
    row["active_suppliers"] = float(len(suppliers))
    row["largest_supplier_share"] = max(suppliers.values()) / total if total else nan
    row["has_local_supplier"] = float(any(offer.supplier.is_local for offer in offers))


def _policy(
    row: Row, policies: list[StockPolicy | None], mean: list[float], tables: tuple[Quantiles, Quantiles], usual_level: float
) -> None:
    quantiles, usual = tables

    def stated(name: str) -> float | None:
        return next((getattr(p, name) for p in policies if p and getattr(p, name) is not None), None)

    method = next((p.safety_stock_method for p in policies if p), "statistical")
    review, threshold = stated("review_period_days"), stated("alert_threshold_qty")
    row["review_period"] = 7.0 if review is None else float(review)
    row["alert_threshold"] = nan if threshold is None else float(threshold)
    level, time = stated("service_level") or usual_level, row["lead_time"] + row["review_period"]
    z = NormalDist().inv_cdf(level)
    delay = z * row["daily_mean"] * row["lead_time_sd"]
    row["lead_time_risk"], row["protection_demand"] = delay, expected(mean, time)
    row["protection_quantile"] = quantile(quantiles, time, level) if quantiles else nan
    row["usual_deviations"] = quantile(usual, time, level) if usual else nan
    if row["safety_stock_is_calibrated"] and not isnan(row["protection_demand"]):
        above = max(row["protection_quantile"] - row["protection_demand"], 0.0)
        if row["own_sd"] * row["usual_deviations"] > 0:
            above = sqrt(above * row["own_sd"] * row["usual_deviations"])
        row["safety_stock"] = sqrt(above**2 + delay**2)
    else:
        row["safety_stock_is_calibrated"] = 0.0
        row["safety_stock"] = sqrt((z * row["daily_sd"]) ** 2 * time + delay**2)
    fixed, cover = stated("safety_stock_qty"), stated("safety_cover_days")
    if method == "fixed" and fixed is not None:
        row |= {"safety_stock": float(fixed), "safety_stock_is_calibrated": 0.0}
    elif method == "cover_days" and cover is not None:
        row |= {"safety_stock": row["daily_mean"] * cover, "safety_stock_is_calibrated": 0.0}
    most = stated("maximum_qty")
    row["stock_maximum"] = nan if most is None else float(most)
    row["order_up_to"] = row["protection_demand"] + row["safety_stock"] if most is None else float(most)


def _price(sku: Sku, pool: int, day: date, as_of: datetime) -> float:
    seen = []
    for component in ListingComponent.objects.filter(
        sku=sku, qty=1, valid_to=None, listing__account__pool_accounts__pool_id=pool
    ).distinct():
        if component.listing.components.filter(valid_to=None).count() == 1:
            seen += [(f.occurred_at, f.pk, f) for f in component.listing.prices.filter(occurred_at__lte=as_of)]
    if seen:
        latest = max(seen, key=lambda each: each[:2])[2]
        return _money(latest.amount, latest.currency, day)
    return _money(sku.price_amount, sku.price_currency, day)


def _ages(row: Row, sku: Sku, houses: list[int], day: date, last_sold: float) -> None:
    held = lots_left(sku, houses, day)
    oldest = float(max(age for age, _units in held)) if held else nan
    row["oldest_age"] = oldest
    for days in (90, 180):
        row[f"aged_over_{days}"] = float(sum(units for age, units in held if age > days)) if held else nan
    row["oldest_unsold"] = nan if not held else float(isnan(last_sold) or last_sold < day.toordinal() - oldest)


def _owed(row: Row, sku: Sku, houses: list[int], day: date, as_of: datetime) -> None:
    totals = dict.fromkeys(
        ("due_units", "due_unreserved_units", "due_orders", "due_orders_at_risk", "due_paid_at_risk", "due_compensation"), 0.0
    )
    soonest = None
    for each in Allocation.objects.filter(sku=sku, warehouse_id__in=houses, paid_at__isnull=False, ship_by_at__isnull=False):
        assert each.ship_by_at is not None
        if each.shipped_qty >= each.wanted_qty or each.ship_by_at > as_of + timedelta(hours=72):
            continue
        owed = max(each.wanted_qty - each.shipped_qty - each.unbacked_qty, 0)
        missing = max(owed - each.reserved_qty, 0)
        totals["due_units"] += owed
        totals["due_unreserved_units"] += missing
        totals["due_orders"] += owed > 0
        if missing:
            hours = (each.ship_by_at - as_of) / timedelta(hours=1)
            totals["due_orders_at_risk"] += 1
            paid = _money(each.paid_amount, each.currency, day) * missing / each.wanted_qty
            totals["due_paid_at_risk"] += paid
            totals["due_compensation"] += plain_compensation(each, paid, day)
            soonest = hours if soonest is None else min(soonest, hours)
    row |= {**totals, "hours_to_ship_by": nan if soonest is None else soonest}


def _arrivals(row: Row, sku: Sku, houses: list[int], day: date) -> list[tuple[float, int]]:
    coming: list[tuple[date | None, int]] = []
    for line in PurchaseOrderLine.objects.filter(sku=sku, purchase_order__warehouse_id__in=houses, purchase_order__status="open"):
        shipped = sum(s.shipped_qty for s in line.shipment_lines.all() if s.shipment.status in ("in_transit", "receiving", "received"))
        coming.append((line.promised_on or line.purchase_order.promised_on, line.ordered_qty - shipped))
    under_way = ("in_transit", "receiving")
    sailing = ShipmentLine.objects.filter(sku=sku, shipment__warehouse_id__in=houses, shipment__status__in=under_way)
    coming += [(line.shipment.expected_on, line.shipped_qty - line.received_qty) for line in sailing]
    moved = TransferLine.objects.filter(sku=sku, transfer__to_warehouse_id__in=houses, transfer__status__in=under_way)
    coming += [(line.transfer.expected_on, line.shipped_qty - line.received_qty) for line in moved]
    ahead = [(float("inf") if on is None else float((on - day).days), qty) for on, qty in coming if qty > 0]
    row["overdue_inbound"] = float(sum(qty for days, qty in ahead if days < 0))
    row["overdue_days"] = max((-days for days, _qty in ahead if days < 0), default=0.0)
    return sorted((7.0 if days < 0 else days, qty) for days, qty in ahead)
