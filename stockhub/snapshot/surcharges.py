"""From which age lots are charged, when next, and how much: by the country of the Amazon warehouse that they lie in (H44, E14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import Warehouse, WarehouseKind
from stockhub.channels.fee_tables import site_table
from stockhub.core.columns import INT, TEXT
from stockhub.core.kept import kept
from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE, aged_surcharges, first_charged_age, next_snapshot_on
from stockhub.formulas.fees.rates import ANY_TIER, RateTable, UnknownRateError
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.shop_fees import inside
from stockhub.snapshot.worth import Rates

#: Months of assessments that are looked at: a lot of today is charged for the first time within nine.
_MONTHS: Final = 12


#: Whose warehouses charge for age, and what it calls a country whose code it does not use.
MARKETPLACE: Final = "amazon"
_SITES: Final = {"GB": "UK"}


@dataclass(frozen=True, slots=True)
class Surcharges:
    """Of lots (k,), as in `Lots`: NaN where age is not charged, or nobody knows how much."""

    charged_from: FloatArray
    assessed_in: FloatArray
    charge: FloatArray


def surcharges_of(
    warehouse_ids: NDArray[np.int64],
    age: FloatArray,
    cubic_feet: FloatArray,
    day: date,
    rates: Rates,
    category: NDArray[np.object_] | None = None,
) -> Surcharges:
    """The next surcharge of a unit of lots (k,) in warehouses, given their age in days and a unit's volume.

    `category` (k,) is what Amazon calls its category, empty where nobody has said: some are exempt for a while, and charged 0.
    """
    n = len(age)
    found = Surcharges(np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan))
    for warehouse, country in _amazon_houses.tuples():
        there = np.flatnonzero(warehouse_ids == warehouse)
        table = surcharge_table(country)
        first = None if table is None else _first_age(table, day)
        if table is None or first is None or not len(there):
            continue
        wait = _days_to_assessment(day, first - age[there])
        found.charged_from[there], found.assessed_in[there] = first, wait
        charge = _charges(table, day, age[there], wait, cubic_feet[there], rates)
        found.charge[there] = charge if category is None else _exempted(table, day, age[there], wait, category[there], charge)
    return found


def surcharge_table(country: str) -> RateTable | None:
    """The dated rates of Amazon's warehouses in a country, by its fee schedule; None where none is installed or knows the country."""
    code = country.upper()
    return site_table(MARKETPLACE, _SITES.get(code, code))


def _first_age(table: RateTable, day: date) -> int | None:
    """None as well where the table says nothing of the day: what is unknown is not charged, and not said to be free."""
    try:
        return first_charged_age(table, day)
    except UnknownRateError:
        return None


def _days_to_assessment(day: date, wait: FloatArray) -> FloatArray:
    """Days (k,) until the first assessment after today on which lots have been waited for so many days."""
    dates = [next_snapshot_on(day + timedelta(days=1))]
    while len(dates) < _MONTHS:
        dates.append(next_snapshot_on(dates[-1] + timedelta(days=1)))
    ahead = np.array([(on - day).days for on in dates], np.float64)
    at = np.searchsorted(ahead, np.maximum(wait, 1.0))
    return np.append(ahead, np.nan)[at]


def _charges(table: RateTable, day: date, age: FloatArray, wait: FloatArray, cubic_feet: FloatArray, rates: Rates) -> FloatArray:
    """What a unit of each lot is charged at its assessment, in the base currency; NaN where the table, or the volume, is unknown."""
    charge = np.full(len(age), np.nan)
    for ahead in np.unique(wait[~np.isnan(wait)]).tolist():
        on, then = day + timedelta(days=int(ahead)), np.flatnonzero(wait == ahead)
        try:
            currency = table.rows_on(AGED_SURCHARGE, ANY_TIER, on)[0].currency
            each = aged_surcharges(table, on, np.maximum(age[then] + ahead, 0.0), cubic_feet[then], np.ones(len(then)))
        except UnknownRateError:
            continue
        charge[then] = each * rates.to_base(currency)
    return charge


def _exempted(
    table: RateTable, day: date, age: FloatArray, wait: FloatArray, category: NDArray[np.object_], charge: FloatArray
) -> FloatArray:
    """Charges with 0 in the place of those from which the category of a lot is exempt at the age that it will have."""
    out = charge.copy()
    for ahead in np.unique(wait[~np.isnan(wait)]).tolist():
        then = np.flatnonzero(wait == ahead)
        try:
            rows = table.rows_on(AGED_SURCHARGE, ANY_TIER, day + timedelta(days=int(ahead)))
        except UnknownRateError:
            continue
        for row in rows:
            if row.exempt_categories:
                free = inside(age[then] + ahead, row.band) & np.isin(category[then], list(row.exempt_categories))
                out[then[free]] = 0.0
    return out


@kept({"id": INT, "country": TEXT})
def _amazon_houses() -> QuerySet[Warehouse]:
    return Warehouse.objects.filter(kind=WarehouseKind.FBA).order_by("id")
