"""What the marketplace charges for each row, and what it makes the shop pay: columns in the base currency, by the dated rates of the day.

A pool's fees are those of the account that it serves first. Estimates: what a settlement really charged wins over them (`charged_fees`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse, WarehouseKind
from stockhub.channels.fee_tables import ShopFees, shop_fees
from stockhub.channels.models import Account, PoolAccount
from stockhub.core.columns import FLOAT, INT, code
from stockhub.core.kept import Place, kept
from stockhub.demand.frames import Rows
from stockhub.formulas.fees.aged_stock import next_snapshot_on
from stockhub.formulas.health.ageing import IntArray
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.ages import AgedRows
from stockhub.snapshot.charged_fees import ToldFees
from stockhub.snapshot.positions import Columns, Owed
from stockhub.snapshot.shop_fees import LOW_BANDS, ShopRows, order_compensation
from stockhub.snapshot.sizes import Sizes, categories_of
from stockhub.snapshot.worth import Rates

#: Days of storage that have a column.
STORAGE_DAYS: Final = (30, 90, 180, 365)
#: Surcharges on aged stock are looked for so many days ahead.
AGED_DAYS: Final = 180
#: What an order that nobody has made yet would be promised: two days, Douyin's default.
PROMISED_HOURS: Final = 48.0
_NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class FeesOfRows:
    """The rows of each account that is served, with its fees. `known` (n,) is the column `fees_known`."""

    parts: list[tuple[IntArray, ShopRows]]
    shops: dict[int, ShopFees]
    account: IntArray
    at_platform: NDArray[np.bool_]
    known: FloatArray

    def categories(self, marketplace: str) -> NDArray[np.object_]:
        """What a marketplace calls each row's category (n,): empty where nobody said, or where the row serves another one."""
        names = np.full(len(self.account), "", object)
        for its, part in self.parts:
            if part.fees.marketplace == marketplace:
                names[its] = part.category
        return names

    def column(self, of: Callable[[ShopRows], FloatArray | float]) -> FloatArray:
        """A column (n,) of what each account's rows give; NaN for rows that serve no account."""
        out = np.full(len(self.account), np.nan)
        for its, part in self.parts:
            out[its] = of(part)
        return out


def first_served(day: date) -> dict[int, int]:
    """By pool, the account that it serves first on a day."""
    return dict(reversed([(pool, account) for pool, account in _served.tuples(day=day)]))


def fees_of(rows: Rows, day: date, rates: Rates, price: FloatArray) -> tuple[Sizes, FeesOfRows]:
    """Sizes and fees of the rows; prices are in the base currency."""
    sizes = Sizes.of(rows)
    first = first_served(day)
    pools, of_pool = np.unique(rows.pool_ids, return_inverse=True)
    account = np.array([first.get(pool, _NOBODY) for pool in pools.tolist()], np.int64)[of_pool]
    at_platform = np.isin(rows.pool_ids, _platform_pools()["pool_id"])
    shops = shop_fees()
    parts: list[tuple[IntArray, ShopRows]] = []
    known, named = np.full(len(rows), np.nan), dict[str, dict[int, str]]()
    for pk in np.unique(account[account != _NOBODY]).tolist():
        its, fees = np.flatnonzero(account == pk), shops[pk]
        if fees.table is not None:
            known[its] = float(fees.has_schedule)
        if fees.marketplace not in named:
            named[fees.marketplace] = categories_of(fees.marketplace)
        names = named[fees.marketplace]
        own = Sizes(sizes.volume[its], sizes.weight[its], sizes.sides[its], sizes.category[its])
        ours, of_ours = np.unique(own.category, return_inverse=True)
        category = np.array([names.get(each, "") for each in ours.tolist()], object)[of_ours]
        parts.append((its, ShopRows(fees, day, rates, own, price[its], category, at_platform[its])))
    return sizes, FeesOfRows(parts, shops, account, at_platform, known)


def fee_columns(sizes: Sizes, fees: FeesOfRows, rates: Rates, told: ToldFees) -> Columns:
    """Everything but the surcharge on aged stock, which needs the forecast."""
    terms = [fees.column(lambda part, at=at: part.compensation(PROMISED_HOURS)[at]) for at in range(3)]  # type: ignore[misc]
    orders, paid = _paces(fees.account, rates)
    return {
        "unit_volume": sizes.volume,
        "unit_weight": sizes.weight,
        "is_platform_stock": fees.at_platform.astype(np.float64),
        "fees_known": fees.known,
        "selling_fee": told.selling_fee(fees.column(ShopRows.commission), fees.column(ShopRows.sending), fees.at_platform),
        **{f"storage_{days}": fees.column(lambda part, days=days: part.storage(days)) for days in STORAGE_DAYS},  # type: ignore[misc]
        **{name: fees.column(lambda part, at=at: part.low_inventory(at)) for name, at in LOW_BANDS.items()},  # type: ignore[misc]
        "low_fee_least_sales": np.where(fees.at_platform, fees.column(ShopRows.least_sales), 0.0),
        "compensation_rate": terms[0],
        "compensation_least": terms[1],
        "compensation_most": terms[2],
        "payout_freeze_days": fees.column(ShopRows.freeze_days),
        "shop_orders": orders,
        "shop_paid": paid,
    }


def aged_surcharge_column(snapshot: Snapshot, fees: FeesOfRows, aged: AgedRows) -> Columns:
    """What stock that the forecast does not clear will be charged for its age at the snapshots of the next half year.

    The oldest units leave first. 0 for what does not lie with the platform; NaN where a lot, a forecast or a rate is not known.
    """
    n, day = len(snapshot), snapshot.day
    out = np.where(fees.at_platform, np.nan, 0.0)
    if not fees.at_platform.any():
        return {"aged_surcharge_180": out}
    held = np.isin(aged.row, np.flatnonzero(fees.at_platform))
    row, age, qty = aged.row[held], aged.age_days[held], aged.qty[held]
    order = np.lexsort((-age, row))
    row, age, qty = row[order], np.maximum(age[order], 0.0), qty[order]
    cumulative = np.cumsum(qty)
    before = (cumulative - qty)[np.searchsorted(row, row)] if len(row) else cumulative
    up_to = cumulative - before
    total = np.zeros(n)
    on = next_snapshot_on(day)
    while (on - day).days <= AGED_DAYS:
        sold = np.maximum(snapshot.demand_of(row, np.full(len(row), float((on - day).days))), 0.0)
        left = np.clip(up_to - sold, 0.0, qty)
        total += np.bincount(row, _charged(fees, row, on, age + (on - day).days, left), minlength=n)
        on = next_snapshot_on(on + timedelta(days=1))
    known = np.zeros(n, np.bool_)
    known[row] = True
    out[known] = total[known]
    # Where nothing lies, nothing grows old.
    out[fees.at_platform & ~known & (snapshot["available"] == 0) & (snapshot["unsellable"] == 0)] = 0.0
    return {"aged_surcharge_180": out}


def _charged(fees: FeesOfRows, row: IntArray, on: date, age: FloatArray, units: FloatArray) -> FloatArray:
    """The surcharge (m,) of lots at a snapshot."""
    out = np.full(len(row), np.nan)
    for its, part in fees.parts:
        place = np.full(len(fees.account), -1, np.int64)
        place[its] = np.arange(len(its))
        own = np.flatnonzero(place[row] >= 0)
        out[own] = part.aged_surcharge(place[row[own]], on, age[own], units[own])
    return np.where(units == 0, 0.0, out)


def due_compensation(fees: FeesOfRows, rates: Rates, day: date, owed: Owed) -> FloatArray:
    """The compensation (m,) for what has no stock of each order that is due; 0 where nothing is missing."""
    out = np.full(len(owed.account), np.nan)
    for account in np.unique(owed.account).tolist():
        if (shop := fees.shops.get(account)) is not None:
            its = owed.account == account
            out[its] = order_compensation(shop, rates, day, owed.paid[its], owed.promised_hours[its])
    return np.where(owed.missing > 0, out, 0.0)


def _paces(account: IntArray, rates: Rates) -> tuple[FloatArray, FloatArray]:
    """Orders and payments a day of each row's shop; NaN where they were never measured."""
    found = _measured()
    paid = rates.amounts(found["paid_a_day_amount"], found["currency"])
    at = np.searchsorted(found["id"], account)
    at = np.where((at < len(found["id"])) & (account != _NOBODY), at, len(found["id"]))
    return np.append(found["orders_a_day"], np.nan)[at], np.append(paid, np.nan)[at]


@kept({"pool_id": INT, "account_id": INT})
def _served(day: Place) -> QuerySet[PoolAccount]:
    """The accounts of each pool on a day, the one that is served first before others."""
    on = Q(valid_from=None) | Q(valid_from__lte=day)
    until = Q(valid_to=None) | Q(valid_to__gte=day)
    return PoolAccount.objects.filter(on, until, account__deleted_at=None).order_by("pool_id", "priority", "id")


@kept({"pool_id": INT})
def _platform_pools() -> QuerySet[PoolWarehouse]:
    return PoolWarehouse.objects.filter(warehouse__kind=WarehouseKind.FBA).order_by("pool_id")


@kept({"id": INT, "orders_a_day": FLOAT, "paid_a_day_amount": FLOAT, "currency": code(3)})
def _measured() -> QuerySet[Account]:
    return Account.objects.filter(deleted_at=None).order_by("id")
