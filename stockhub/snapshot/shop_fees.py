"""The fees of one account's rows, as arrays: its dated rates of the day applied to what each row's unit is and sells for.

What the table does not say is NaN, never 0; an account without a marketplace is charged only what an override says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from stockhub.channels.fee_tables import ShopFees
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE, aged_surcharge
from stockhub.formulas.fees.bands import Band
from stockhub.formulas.fees.compensation import (
    ORDER,
    OUT_OF_STOCK_COMPENSATION,
    PAYOUT_FREEZE,
    SHOP,
    TECHNICAL_SERVICE,
    compensation_for_order,
)
from stockhub.formulas.fees.fulfilment import (
    FUEL_SURCHARGE,
    FULFILMENT,
    dimensional_weight,
    shipping_weight,
    size_class,
    with_fuel_surcharge,
)
from stockhub.formulas.fees.low_inventory import LOW_INVENTORY, LOW_INVENTORY_LEAST_SALES
from stockhub.formulas.fees.rates import ANY_TIER, RateRow, RateTable, UnknownRateError
from stockhub.formulas.fees.referral import CLOSING, referral_fee, referral_terms
from stockhub.formulas.fees.storage import storage_fee_between
from stockhub.formulas.fees.volume import volume_factor
from stockhub.formulas.fees.weight_steps import stepped_fee
from stockhub.pluginapi.fee_schedule import DEFAULT_TIER
from stockhub.snapshot.sizes import Sizes
from stockhub.snapshot.worth import Rates

IntArray = NDArray[np.int64]
#: The bands of the low-inventory fee, by a number of days that lies in each.
LOW_BANDS = {"low_fee_under_14": 7, "low_fee_14_to_21": 17, "low_fee_21_to_28": 24}
#: The smallest size class is charged by weight alone.
_BY_WEIGHT_ALONE = "small_standard"


@dataclass(frozen=True, slots=True)
class ShopRows:
    """m rows of one account: cubic feet, pounds and inches of a unit, its price in the base currency, its category there and its place.

    `category` (m,) are texts, empty where the category has no name on the marketplace; `at_platform` (m,): in the platform's warehouse.
    """

    fees: ShopFees
    day: date
    rates: Rates
    sizes: Sizes
    price: FloatArray
    category: NDArray[np.object_]
    at_platform: NDArray[np.bool_]
    #: (m,) the size class of what lies with the platform; empty where it is not known.
    size_tier: NDArray[np.object_] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size_tier", self._size_tiers())

    def _size_tiers(self) -> NDArray[np.object_]:
        limits = self.fees.sizes
        if not limits or not self.at_platform.any():
            return np.full(len(self), "", object)
        found = size_class(self.sizes.weight, *self.sizes.sides.T, limits=limits)
        names = np.array([*[limit.tier for limit in limits], ""], object)
        return np.where(self.at_platform, names[np.where(np.isnan(found), len(limits), found).astype(np.int64)], "")

    def __len__(self) -> int:
        return len(self.price)

    @property
    def table(self) -> RateTable | None:
        return self.fees.table

    def commission(self) -> FloatArray:
        """What the platform takes of a sale at the price of now."""
        return self._by_tier(self.category, self._commission)

    def sending(self) -> FloatArray:
        """What it takes for sending a unit; 0 for what does not lie with it."""
        return np.where(self.at_platform, self._by_size(self._fulfilment), 0.0)

    def storage(self, days: int) -> FloatArray:
        """A unit's storage for so many days from now; 0 for what does not lie with the platform."""
        end = self.day + timedelta(days=days)

        def fee(tier: str, its: IntArray, table: RateTable) -> FloatArray:
            storage_tier = self.fees.storage_tiers[tier]
            amount = storage_fee_between(self.sizes.volume[its], self.day, end, table=table, tier=storage_tier)
            return amount * self._to_base(table.row("monthly_storage", storage_tier, self.day.replace(day=1), at=self.day.month))

        return np.where(self.at_platform, self._by_size(fee), 0.0)

    def low_inventory(self, days_of_supply: int) -> FloatArray:
        """The fee a unit at a number of days of supply, before any exemption by sales; 0 for what does not lie with the platform."""

        def fee(tier: str, its: IntArray, table: RateTable) -> FloatArray:
            weight, out = self.sizes.weight[its], np.full(len(its), np.nan)
            for row in table.rows_on(LOW_INVENTORY, tier, self.day):
                if Decimal(days_of_supply) in row.band:
                    held = inside(weight, row.within)
                    free = np.isin(self.category[its], list(row.exempt_categories))
                    out[held] = np.where(free, 0.0, float(row.rate) * self._to_base(row))[held]
            return out

        return np.where(self.at_platform, self._by_size(fee), 0.0)

    def least_sales(self) -> float:
        """Units a week below which the low-inventory fee is not charged."""
        return self._one(LOW_INVENTORY_LEAST_SALES, ANY_TIER, lambda row: float(row.rate))

    def compensation(self, promised_hours: float) -> tuple[float, float, float]:
        """Share of what was paid, least and most of an order in the base currency; `most` is NaN where there is no bound."""
        rows = self._row(OUT_OF_STOCK_COMPENSATION, ORDER, promised_hours)
        if rows is None:
            return (np.nan, np.nan, np.nan) if self._is_unknown else (0.0, 0.0, np.nan)
        to_base = self._to_base(rows)
        return float(rows.rate), float(rows.least or 0) * to_base, np.nan if rows.most is None else float(rows.most) * to_base

    def freeze_days(self) -> float:
        """Days for which payouts are frozen at a year's first violation."""
        return self._one(PAYOUT_FREEZE, SHOP, lambda row: float(row.rate), at=1)

    def aged_surcharge(self, row: IntArray, snapshot_on: date, age_days: FloatArray, units: FloatArray) -> FloatArray:
        """What units (k,) of an age at a snapshot cost, in the base currency; `row` (k,) are positions among the rows."""
        table = self.table
        if table is None:
            return np.full(len(row), np.nan)
        try:
            rows = table.rows_on(AGED_SURCHARGE, ANY_TIER, snapshot_on)
        except UnknownRateError:
            return np.full(len(row), np.nan if self._is_unknown else 0.0)
        rate, least = np.full(len(row), np.nan), np.full(len(row), np.nan)
        for each in rows:
            its = inside(age_days, each.band)
            free = np.isin(self.category[row], list(each.exempt_categories)) if each.exempt_categories else np.zeros(len(row), np.bool_)
            to_base = self._to_base(each)
            rate[its] = np.where(free, 0.0, float(each.rate * volume_factor(each)) * to_base)[its]
            least[its] = np.where(free, 0.0, float(each.least or 0) * to_base)[its]
        volume = self.sizes.volume[row]
        # Where nothing is charged for the age, nobody asks for the volume.
        return np.where(rate == 0, 0.0, aged_surcharge(units, volume, rate, least))

    @property
    def _is_unknown(self) -> bool:
        """Whether what the table does not say is unknown: on a marketplace it is, elsewhere nobody charges it."""
        return self.fees.has_schedule

    def _to_base(self, row: RateRow) -> float:
        return self.rates.to_base(row.currency)

    def _row(self, fee: str, tier: str, at: float) -> RateRow | None:
        try:
            return None if self.table is None else self.table.row(fee, tier, self.day, at=at)
        except UnknownRateError:
            return None

    def _one(self, fee: str, tier: str, number: Callable[[RateRow], float], at: float = 0) -> float:
        row = self._row(fee, tier, at)
        if row is None:
            return np.nan if self._is_unknown else 0.0
        return number(row)

    def _by_tier(self, tiers: NDArray[np.object_], fee: Callable[[str, IntArray, RateTable], FloatArray]) -> FloatArray:
        """A fee (m,) by the tier of each row: NaN where the table does not have it."""
        out = np.full(len(self), np.nan)
        if self.table is None:
            return out
        for tier in set(tiers.tolist()):
            its = np.flatnonzero(tiers == tier)
            try:
                out[its] = fee(tier, its, self.table)
            except UnknownRateError:
                out[its] = np.nan if self._is_unknown else 0.0
        return out

    def _by_size(self, fee: Callable[[str, IntArray, RateTable], FloatArray]) -> FloatArray:
        """The same by the size class of what lies with the platform; NaN where that is not known."""
        if not self.fees.sizes or not self.at_platform.any():
            return np.full(len(self), np.nan if self._is_unknown else 0.0)
        tiers = self.size_tier
        known = np.flatnonzero(tiers != "")
        out = np.full(len(self), np.nan)
        out[known] = self._by_tier(tiers, lambda tier, its, table: fee(tier, its, table) if tier else np.full(len(its), np.nan))[known]
        return out

    def _commission(self, category: str, its: IntArray, table: RateTable) -> FloatArray:
        """By the referral table of the category, or the share that a platform takes of any sale in it."""
        price = self.price[its]
        try:
            terms, row = referral_terms(table, category, self.day), table.rows_on("referral", category, self.day)[0]
        except UnknownRateError:
            return price * float(self._service(category, table).rate)
        to_base = self._to_base(row)
        closing = self._row(CLOSING, category, 0)
        return (referral_fee(price / to_base, terms) + (0.0 if closing is None else float(closing.fixed))) * to_base

    def _service(self, category: str, table: RateTable) -> RateRow:
        try:
            return table.row(TECHNICAL_SERVICE, category, self.day)
        except UnknownRateError:
            return table.row(TECHNICAL_SERVICE, DEFAULT_TIER, self.day)

    def _fulfilment(self, tier: str, its: IntArray, table: RateTable) -> FloatArray:
        rows = table.rows_on(FULFILMENT, tier, self.day)
        fuel = float(table.row(FUEL_SURCHARGE, FULFILMENT, self.day).rate)
        to_base = self._to_base(rows[0])
        by_volume = 0.0 if tier == _BY_WEIGHT_ALONE else 1.0
        weight = shipping_weight(self.sizes.weight[its], dimensional_weight(*self.sizes.sides[its].T), by_volume)
        price, out = self.price[its] / to_base, np.full(len(its), np.nan)
        for row in rows:
            held = inside(weight, row.band) & inside(price, row.within)
            if held.any():
                out[held] = _stepped(row, weight[held])
        return with_fuel_surcharge(out, fuel) * to_base


def order_compensation(fees: ShopFees, rates: Rates, day: date, paid: FloatArray, promised_hours: FloatArray) -> FloatArray:
    """What orders (m,) that were paid for and are out of stock cost, each within its bounds, in the base currency; NaN where unknown."""
    table = fees.table
    if table is None:
        return np.full(len(paid), np.nan)
    try:
        rows = table.rows_on(OUT_OF_STOCK_COMPENSATION, ORDER, day)
    except UnknownRateError:
        return np.full(len(paid), np.nan)
    out = np.full(len(paid), np.nan)
    for row in rows:
        its, to_base = inside(promised_hours, row.band), rates.to_base(row.currency)
        most = np.inf if row.most is None else float(row.most) * to_base
        out[its] = compensation_for_order(paid[its], float(row.rate), float(row.least or 0) * to_base, most)
    return out


def inside(number: FloatArray, band: Band) -> NDArray[np.bool_]:
    """Which numbers (k,) lie in a band, as `band` itself says of one; never one that is missing."""
    inside = ~np.isnan(number)
    if band.lower is not None:
        lower = float(band.lower)
        inside &= number >= lower if band.closed in ("lower", "both") else number > lower
    if band.upper is not None:
        upper = float(band.upper)
        inside &= number <= upper if band.closed in ("upper", "both") else number < upper
    return inside


def _stepped(row: RateRow, weight: FloatArray) -> FloatArray:
    if row.step is None:
        return np.full(len(weight), float(row.fixed))
    return stepped_fee(weight, float(row.fixed), float(row.band.lower or 0), float(row.rate), float(row.step))
