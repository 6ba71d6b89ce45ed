"""What a series is judged with: its kind of demand, and whether it is class A, for which costly forecasters pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from stockhub.catalog.exchange_rates import rates_on
from stockhub.catalog.models import Sku
from stockhub.core.columns import FLOAT, INT, code, read
from stockhub.core.ranges import id_filter
from stockhub.demand.backtesting.champion import demand_kinds
from stockhub.demand.champion_models import DemandKind
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.abc_xyz import A_SHARE, cumulative_share_before

#: Days over which revenue decides who is class A.
REVENUE_DAYS = 90
#: Demand on most days: what models with a trend and a season are for.
REGULAR = (DemandKind.SMOOTH, DemandKind.ERRATIC)
#: Amounts are stored as millionths.
_AMOUNT = 1e6


def prices_of(sku_ids: NDArray[np.int64], day: date) -> FloatArray:
    """What a unit of each SKU (n,) sells for, or else costs, in the base currency; NaN where nobody says."""
    wanted = np.unique(sku_ids)
    found = read(
        Sku.objects.filter(**id_filter("id", wanted)),
        {"id": INT, "price_amount": FLOAT, "price_currency": code(3), "unit_cost_amount": FLOAT, "unit_cost_currency": code(3)},
    )
    price = _in_base(found["price_amount"], found["price_currency"], day)
    cost = _in_base(found["unit_cost_amount"], found["unit_cost_currency"], day)
    by_id = dict(zip(found["id"].tolist(), np.where(np.isnan(price), cost, price).tolist(), strict=True))
    return np.array([by_id.get(sku, np.nan) for sku in sku_ids.tolist()], np.float64)


def _in_base(stored: FloatArray, currencies: NDArray[np.bytes_], day: date) -> FloatArray:
    names, which = np.unique(currencies, return_inverse=True)
    rates = rates_on([day] * len(names), [name.decode() for name in names.tolist()], settings.STOCKHUB_BASE_CURRENCY)
    return np.asarray(stored / _AMOUNT * rates[which]) if len(names) else np.asarray(stored / _AMOUNT)


def class_a_from(revenue: FloatArray, sku_ids: NDArray[np.int64]) -> tuple[float | None, int]:
    """The least revenue a day of a SKU of class A, and how many SKUs (n,) there are of it; None where nothing has a revenue."""
    share = cumulative_share_before(revenue, sku_ids)
    in_a = share < A_SHARE
    return (float(revenue[in_a].min()), int(in_a.sum())) if in_a.any() else (None, 0)


def revenue_of_rows(values: FloatArray | NDArray[np.float32], sku_ids: NDArray[np.int64], prices: FloatArray) -> FloatArray:
    """Revenue a day (n,) of each row's SKU over all its rows, from demand (n, t) of the last REVENUE_DAYS days; NaN without a price."""
    recent = np.nan_to_num(values[:, -REVENUE_DAYS:].astype(np.float64)).sum(axis=1) / REVENUE_DAYS
    _ids, which = np.unique(sku_ids, return_inverse=True)
    of_sku = np.bincount(which, recent)
    return np.asarray(of_sku[which] * prices)


def kinds_of(values: FloatArray | NDArray[np.float32]) -> NDArray[np.object_]:
    """The kind of demand (n,) of demand a day (n, t), NaN where it is not known."""
    return demand_kinds(values.astype(np.float64))


def is_class_a(kinds: NDArray[np.object_], revenue: FloatArray, least: float | None) -> NDArray[np.bool_]:
    """Which rows (n,) are regular demand of class A."""
    if least is None:
        return np.zeros(len(kinds), np.bool_)
    return np.asarray(np.isin(kinds.astype(str), [str(kind.value) for kind in REGULAR]) & (revenue >= least))


def chosen(kinds: NDArray[np.object_], class_a: NDArray[np.bool_], champions: Mapping[str, str]) -> NDArray[np.object_]:
    """The champion's slug (n,) of each row: that of class A where it has one of its own, else that of the kind; empty for none."""
    of_kind = np.array([champions.get(str(kind), "") for kind in kinds.tolist()], object)
    own = champions.get(DemandKind.CLASS_A.value, "")
    return np.where(class_a, own or of_kind, of_kind).astype(object)
