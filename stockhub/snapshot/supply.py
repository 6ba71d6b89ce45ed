"""Supply: the offer that a row would be ordered from, what is already on its way, and the policy that says how much is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from stockhub.catalog.models import SafetyStockMethod, StockPolicy
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.policies.safety_stock import cover_days_quantity, default_lead_time_sd, service_factors, statistical_safety_stock
from stockhub.inventory.transfers.selectors import TransferArrival, transfer_arrivals
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.purchasing.selectors import InboundArrival, inbound_arrivals
from stockhub.snapshot import defaults
from stockhub.snapshot.positions import Columns, spread, warehouse_pools
from stockhub.snapshot.worth import Rates
from stockhub.suppliers.models import LeadTimeLeg, Offer


@dataclass(frozen=True, slots=True)
class Policies:
    """The policy of each row (n,); NaN where the seller said nothing."""

    method: list[str]
    fixed_qty: FloatArray
    cover_days: FloatArray
    service_level: FloatArray
    review_period: FloatArray
    lead_time: FloatArray
    threshold: FloatArray


def policies_of(rows: Rows) -> Policies:
    """The policy of the SKU in the pool, else the SKU's own, field by field."""
    names = ("safety_stock_qty", "safety_cover_days", "service_level", "review_period_days", "lead_time_days", "alert_threshold_qty")
    found = {
        (sku, pool): (method, *values)
        for sku, pool, method, *values in StockPolicy.objects.filter(
            **id_filter("sku_id", set(rows.sku_ids.tolist())), deleted_at=None
        ).values_list("sku_id", "pool_id", "safety_stock_method", *names)
    }
    table = np.full((len(names), len(rows)), np.nan)
    method = [str(SafetyStockMethod.STATISTICAL)] * len(rows)
    for position, (sku, pool) in enumerate(zip(rows.sku_ids.tolist(), rows.pool_ids.tolist(), strict=True)):
        for key in ((sku, None), (sku, pool)):
            if policy := found.get(key):
                method[position] = policy[0]
                for line, value in enumerate(policy[1:]):
                    if value is not None:
                        table[line, position] = value
    return Policies(method, *table)


def offer_columns(rows: Rows, day: date, policies: Policies, rates: Rates) -> tuple[Columns, FloatArray]:
    """Lead time, minimum and case of each row's preferred offer, and its unit price in the base currency."""
    chosen = _preferred_offers(rows, day)
    legs: dict[int, list[tuple[float, float]]] = {}
    for offer, days, sd in LeadTimeLeg.objects.filter(**id_filter("offer_id", {o.pk for o in chosen if o} or {0})).values_list(
        "offer_id", "days", "sd_days"
    ):
        legs.setdefault(offer, []).append((days, sd))
    table = np.array([_terms(offer, legs.get(offer.pk, []) if offer else [], rates) for offer in chosen]).reshape(-1, 5)
    lead_time = np.where(np.isnan(policies.lead_time), table[:, 0], policies.lead_time)
    is_default = np.isnan(lead_time)
    lead_time = np.where(is_default, defaults.LEAD_TIME_DAYS, lead_time)
    lead_time_sd = np.where(np.isnan(table[:, 1]), default_lead_time_sd(lead_time), table[:, 1])
    columns = {
        "lead_time": lead_time,
        "lead_time_sd": lead_time_sd,
        "lead_time_is_default": is_default.astype(np.float64),
        "moq": table[:, 2],
        "case_pack": table[:, 3],
    }
    return columns, table[:, 4]


def _preferred_offers(rows: Rows, day: date) -> list[Offer | None]:
    """The valid offer asked first: one for the row's pool before one for all, then by preference, price and id."""
    offers = (
        Offer.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            **id_filter("sku_id", set(rows.sku_ids.tolist())),
            is_active=True,
            deleted_at=None,
            supplier__is_active=True,
            supplier__deleted_at=None,
        )
        .only("sku_id", "pool_id", "preference", "unit_price_amount", "currency", "moq", "case_pack", "lead_time_days", "lead_time_sd_days")
        .order_by("preference", "unit_price_amount", "id")
    )
    best: dict[tuple[int, int | None], Offer] = {}
    for offer in offers:
        best.setdefault((offer.sku_id, offer.pool_id), offer)
    keys = zip(rows.sku_ids.tolist(), rows.pool_ids.tolist(), strict=True)
    return [best.get((sku, pool)) or best.get((sku, None)) for sku, pool in keys]


def _terms(offer: Offer | None, legs: list[tuple[float, float]], rates: Rates) -> list[float]:
    """Lead time, its deviation, minimum, case and price; legs add up, and their deviations as independent ones do."""
    if offer is None:
        return [np.nan] * 5
    days = sum(leg[0] for leg in legs) if legs else (offer.lead_time_days if offer.lead_time_days is not None else np.nan)
    sd = float(np.sqrt(sum(leg[1] ** 2 for leg in legs))) if legs else offer.lead_time_sd_days
    price = float(offer.unit_price_amount) * rates.to_base(offer.currency) if offer.unit_price_amount is not None else np.nan
    return [days, sd or np.nan, offer.moq, offer.case_pack, price]


def safety_stock_column(policies: Policies, columns: Columns) -> FloatArray:
    """The safety stock of each row by its policy's method."""
    level = np.where(np.isnan(policies.service_level), defaults.SERVICE_LEVEL, policies.service_level)
    statistical = statistical_safety_stock(
        service_factors(level),
        columns["lead_time"],
        columns["review_period"],
        columns["daily_mean"],
        columns["daily_sd"],
        columns["lead_time_sd"],
    )
    covered = cover_days_quantity(columns["daily_mean"], policies.cover_days)
    method = np.array(policies.method)
    return np.select(
        [
            (method == SafetyStockMethod.FIXED) & ~np.isnan(policies.fixed_qty),
            (method == SafetyStockMethod.COVER_DAYS) & ~np.isnan(policies.cover_days),
        ],
        [policies.fixed_qty, covered],
        statistical,
    )


def arrivals(rows: Rows, day: date) -> tuple[NDArray[np.int64], FloatArray, FloatArray]:
    """What is on its way, from suppliers and from other warehouses: row, days from `day`, units.

    Overdue arrivals are expected after `OVERDUE_ARRIVAL_DAYS`.
    """
    wanted = sorted(set(rows.sku_ids.tolist()))
    found: list[InboundArrival | TransferArrival] = [*inbound_arrivals(wanted), *transfer_arrivals(wanted)]
    sku = np.fromiter((a.sku_id for a in found), np.int64, len(found))
    warehouse = np.fromiter((a.warehouse_id for a in found), np.int64, len(found))
    days = np.array([(a.expected_on - day).days if a.expected_on else np.nan for a in found], np.float64)
    qty = np.fromiter((a.qty for a in found), np.float64, len(found))
    # An arrival without a date is no arrival that anything can be planned on within the horizon of any rule.
    days = np.where(days < 0, defaults.OVERDUE_ARRIVAL_DAYS, np.where(np.isnan(days), np.inf, days))
    fact, row = spread(rows, sku, warehouse, warehouse_pools())
    return row, days[fact], qty[fact]
