"""Supply: the offer that a row would be ordered from, what is already on its way, and the policy that says how much is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import SafetyStockMethod, StockPolicy
from stockhub.core.columns import FLAG, FLOAT, INT, code
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import POOL_BITS, Rows
from stockhub.demand.plans.delays import NOBODY, supply_delays
from stockhub.formulas.policies.disruption import disrupted_lead_time
from stockhub.formulas.policies.safety_stock import default_lead_time_sd
from stockhub.inventory.transfers.selectors import transfer_columns
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.purchasing.selectors import inbound_columns
from stockhub.snapshot import defaults
from stockhub.snapshot.positions import Columns, Pools, spread
from stockhub.snapshot.sourcing import fastest_lead_time, sourcing_columns
from stockhub.snapshot.worth import Rates
from stockhub.suppliers.models import LeadTimeLeg, Offer

#: Policies by the number that stands for their method in an array.
METHODS: Final = (SafetyStockMethod.STATISTICAL, SafetyStockMethod.FIXED, SafetyStockMethod.COVER_DAYS)
_POLICY_FIELDS: Final = (
    "safety_stock_qty", "safety_cover_days", "service_level", "review_period_days", "lead_time_days", "alert_threshold_qty",
    "maximum_qty", "is_bought",
)  # fmt: skip
_OFFER_COLUMNS: Final = {
    "id": INT, "sku_id": INT, "pool_or_all": INT, "preference": INT, "unit_price_amount": FLOAT, "currency": code(3), "moq": FLOAT,
    "case_pack": FLOAT, "lead_time_days": FLOAT, "lead_time_sd_days": FLOAT, "supplier_id": INT, "supplier__is_local": FLAG,
}  # fmt: skip
#: Stands for "all pools" where a pool is a number.
_EVERY_POOL: Final = 0


@dataclass(frozen=True, slots=True)
class Policies:
    """The policy of each row (n,); NaN where the seller said nothing. `method` is a position in `METHODS`."""

    method: NDArray[np.int64]
    fixed_qty: FloatArray
    cover_days: FloatArray
    service_level: FloatArray
    review_period: FloatArray
    lead_time: FloatArray
    threshold: FloatArray
    maximum: FloatArray
    #: 1 or 0 where somebody has said whether the SKU is bought again, whatever its stage says.
    is_replenished: FloatArray


def policies_of(rows: Rows) -> Policies:
    """The policy of the SKU in the pool, else the SKU's own, field by field."""
    found = _stated(skus=rows.skus)
    table = np.full((len(_POLICY_FIELDS), len(rows)), np.nan)
    method = np.zeros(len(rows), np.int64)
    for pool in (np.full(len(rows), _EVERY_POOL, np.int64), rows.pool_ids):
        policy = found_by(found["sku_id"], found["pool_or_all"], rows.sku_ids, pool)
        stated = policy >= 0
        method[stated] = found["method"][policy[stated]]
        for line, name in enumerate(_POLICY_FIELDS):
            value = found[name][policy[stated]]
            table[line, stated] = np.where(np.isnan(value), table[line, stated], value)
    return Policies(method, *table)


@kept({"sku_id": INT, "pool_or_all": INT, "method": INT} | dict.fromkeys(_POLICY_FIELDS, FLOAT))
def _stated(skus: KeptIds) -> QuerySet[StockPolicy]:
    numbered = Case(*[When(safety_stock_method=method, then=number) for number, method in enumerate(METHODS)], default=0)
    bought = Case(When(is_replenished=True, then=1), When(is_replenished=False, then=0), default=None, output_field=IntegerField())
    policies = StockPolicy.objects.filter(**id_filter("sku_id", skus), deleted_at=None)
    return policies.annotate(pool_or_all=Coalesce("pool_id", _EVERY_POOL), method=numbered, is_bought=bought)


def found_by(
    skus: NDArray[np.int64], pools: NDArray[np.int64], wanted_skus: NDArray[np.int64], wanted_pools: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The first position of each wanted (SKU, pool), (n,), among those there are, (m,); −1 where it is not among them."""
    keys = (skus << POOL_BITS) | pools
    known, first = np.unique(keys, return_index=True)
    if not len(known):
        return np.full(len(wanted_skus), -1, np.int64)
    wanted = (wanted_skus << POOL_BITS) | wanted_pools
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, first[at], -1)


def offer_columns(rows: Rows, day: date, policies: Policies, rates: Rates) -> tuple[Columns, FloatArray]:
    """Lead time, minimum and case of each row's preferred offer, and its unit price in the base currency.

    The lead time is that of an order placed on the day, planned delays of supply included.
    """
    offers = _offers(rows, day)
    leg_days, leg_sd = _legs(rows, offers["id"])
    own_sd = np.where(np.isnan(leg_days), offers["lead_time_sd_days"], leg_sd)
    terms = {
        "lead_time": np.where(np.isnan(leg_days), offers["lead_time_days"], leg_days),
        # A deviation of 0 says that nobody knows it.
        "lead_time_sd": np.where(own_sd == 0, np.nan, own_sd),
        "moq": offers["moq"],
        "case_pack": offers["case_pack"],
        "price": rates.amounts(offers["unit_price_amount"], offers["currency"]),
    }
    every = np.full(len(rows), _EVERY_POOL, np.int64)
    general, own = (found_by(offers["sku_id"], offers["pool_or_all"], rows.sku_ids, pool) for pool in (every, rows.pool_ids))
    chosen = np.where(own >= 0, own, general)
    of_row = {name: np.append(values, np.nan)[chosen] for name, values in terms.items()}
    lead_time = np.where(np.isnan(policies.lead_time), of_row["lead_time"], policies.lead_time)
    is_default = np.isnan(lead_time)
    lead_time = np.where(is_default, defaults.LEAD_TIME_DAYS, lead_time)
    lead_time_sd = np.where(np.isnan(of_row["lead_time_sd"]), default_lead_time_sd(lead_time), of_row["lead_time_sd"])
    # A delay that is known ahead makes the time longer and not less certain.
    supplier = np.append(offers["supplier_id"], NOBODY)[chosen]
    delayed = disrupted_lead_time(lead_time, supply_delays(rows, day, supplier))
    columns = {
        "lead_time": delayed,
        "fastest_lead_time": fastest_lead_time(rows, offers, terms["lead_time"], delayed, day),
        "lead_time_sd": lead_time_sd,
        "lead_time_is_default": is_default.astype(np.float64),
        "moq": of_row["moq"],
        "case_pack": of_row["case_pack"],
        "offer_unit_cost": of_row["price"],
        **sourcing_columns(rows, offers, terms["price"], day),
    }
    return columns, of_row["price"]


def _offers(rows: Rows, day: date) -> dict[str, Any]:
    """The valid offers, the one that is asked first before others: by preference, price and id; those without a price last."""
    found = _valid_offers(skus=rows.skus, day=day)
    order = np.lexsort((found["id"], found["unit_price_amount"], found["preference"]))
    return {name: values[order] for name, values in found.items()}


@kept(_OFFER_COLUMNS)
def _valid_offers(skus: KeptIds, day: Place) -> QuerySet[Offer]:
    valid = Offer.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_to=None) | Q(valid_to__gte=day),
        **id_filter("sku_id", skus),
        is_active=True,
        deleted_at=None,
        supplier__is_active=True,
        supplier__deleted_at=None,
    )
    return valid.annotate(pool_or_all=Coalesce("pool_id", _EVERY_POOL))


@kept({"offer_id": INT, "days": FLOAT, "sd_days": FLOAT})
def _stated_legs(skus: KeptIds) -> QuerySet[LeadTimeLeg]:
    return LeadTimeLeg.objects.filter(**id_filter("offer__sku_id", skus)).order_by("id")


def _legs(rows: Rows, offers: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Days and deviation (m,) of the legs of each offer; they add up as independent ones do. NaN for an offer without any."""
    found = _stated_legs(skus=rows.skus)
    order = np.argsort(offers)
    at = np.minimum(np.searchsorted(offers, found["offer_id"], sorter=order), max(len(offers) - 1, 0))
    position = order[at] if len(offers) else at
    asked = offers[position] == found["offer_id"] if len(offers) else np.zeros(len(at), np.bool_)
    m, of = len(offers), position[asked]
    none = np.bincount(of, minlength=m) == 0
    days = np.bincount(of, found["days"][asked], minlength=m)
    squares = np.bincount(of, found["sd_days"][asked] ** 2, minlength=m)
    return np.where(none, np.nan, days), np.where(none, np.nan, np.sqrt(squares))


def arrivals(rows: Rows, day: date, pools: Pools) -> tuple[NDArray[np.int64], FloatArray, FloatArray, Columns]:
    """What is on its way, from suppliers and from other warehouses: row, days from `day`, units; and what of it is overdue, as columns.

    Overdue arrivals are expected after `OVERDUE_ARRIVAL_DAYS`.
    """
    sources = [*inbound_columns(rows.skus), transfer_columns(rows.skus)]
    sku, warehouse, expected_on, qty = (np.concatenate(columns) for columns in zip(*sources, strict=True))
    fact, row = spread(rows, sku, warehouse, pools)
    days, qty = expected_on[fact] - day.toordinal(), qty[fact]
    overdue = _overdue_columns(len(rows), row, np.where(np.isnan(days), 0.0, -days), qty)
    # An arrival without a date is no arrival that anything can be planned on within the horizon of any rule.
    days = np.where(days < 0, defaults.OVERDUE_ARRIVAL_DAYS, np.where(np.isnan(days), np.inf, days))
    return row, days, qty, overdue


def _overdue_columns(n: int, row: NDArray[np.int64], late_days: FloatArray, qty: FloatArray) -> Columns:
    """Units that should have come before today, and by how many days the latest of them is late; 0 where everything is in time."""
    late = late_days > 0
    most = np.zeros(n)
    np.maximum.at(most, row[late], late_days[late])
    return {"overdue_inbound": np.bincount(row[late], qty[late], minlength=n).astype(np.float64), "overdue_days": most}
