"""What stock has cost, at any past moment and by its age (U16): to the cent, and unknown where it is unknown, never 0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.exchange_rates import exact_rates_on
from stockhub.core.currencies import CURRENCIES
from stockhub.core.ranges import id_filter
from stockhub.formulas.health.ageing import AGE_BUCKETS, bucket_of
from stockhub.formulas.health.lot_values import lot_values, value_by_age_bucket
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.lots.as_of import LotsAsOf, lots_as_of
from stockhub.inventory.models import CostKind, LotCost
from stockhub.values import DomainError, Money


class CostPart(NamedTuple):
    """A part of what a unit cost, and the day whose rate converts it."""

    kind: str
    unit_amount: Decimal
    currency: str
    rate_on: date


@dataclass(frozen=True, slots=True)
class LotWorth:
    """What one lot held at the moment, and what that had cost. None: no price is known, or no exchange rate of its day."""

    lot_id: int
    sku_id: int
    warehouse_id: int
    age_days: int
    qty: int
    unit_cost: Money | None
    value: Money | None


@dataclass(frozen=True, slots=True)
class StockWorth:
    """The lots of a moment with their values in `currency`; `without_lot` are (SKU id, warehouse id, units) that lay there without a lot.

    The values are whole minor units whose sum is exactly `total`, the exact value of all rounded half up.
    """

    currency: str
    lots: tuple[LotWorth, ...]
    without_lot: tuple[tuple[int, int, int], ...]

    @property
    def total(self) -> Money:
        return Money.total([lot.value for lot in self.lots if lot.value is not None], self.currency)

    @property
    def valued_qty(self) -> int:
        return sum(lot.qty for lot in self.lots if lot.value is not None)

    @property
    def uncosted_qty(self) -> int:
        """Units of lots whose cost is unknown."""
        return sum(lot.qty for lot in self.lots if lot.value is None)

    @property
    def without_lot_qty(self) -> int:
        return sum(qty for _sku_id, _warehouse_id, qty in self.without_lot)


@dataclass(frozen=True, slots=True)
class AgeBucket:
    """Stock of one age: its value, the units that it is of, and the units of that age whose cost is unknown."""

    name: str
    value: Money
    valued_qty: int
    uncosted_qty: int


def value_as_of(
    moment: Moment, *, sku_ids: Collection[int] | None = None, warehouse_ids: Collection[int] | None = None, currency: str | None = None
) -> StockWorth:
    """What the stock of a moment had cost, in the base currency unless told otherwise.

    Each part of a lot's cost is converted at the rate of its own day. A part that became known late counts at every moment; where the
    moment asks for what was known, only once it was. DomainError `unknown_currency` where there is no such currency: everything would be of
    unknown value, which reads as a fact.
    """
    if currency is not None and currency not in CURRENCIES:
        raise DomainError("unknown_currency", _("Use an ISO 4217 code such as CNY or USD."), path=("currency",), params={"value": currency})
    currency = currency or settings.STOCKHUB_BASE_CURRENCY
    lots = lots_as_of(moment, sku_ids=sku_ids, warehouse_ids=warehouse_ids)
    return _worth(lots, unit_costs(lots.lot_ids.tolist(), currency, known_by=moment.recorded_at), currency)


def _worth(lots: LotsAsOf, costs: dict[int, Money], currency: str) -> StockWorth:
    ids, qty = lots.lot_ids.tolist(), lots.qty.tolist()
    known = [place for place, lot in enumerate(ids) if lot in costs]
    values = dict(zip(known, lot_values([qty[place] for place in known], [costs[ids[place]] for place in known]), strict=True))
    rows = zip(ids, lots.sku_ids.tolist(), lots.warehouse_ids.tolist(), lots.age_days.tolist(), qty, strict=True)
    return StockWorth(
        currency=currency,
        lots=tuple(LotWorth(*row, costs.get(row[0]), values.get(place)) for place, row in enumerate(rows)),
        without_lot=tuple(zip(lots.unknown_sku_ids.tolist(), lots.unknown_warehouse_ids.tolist(), lots.unknown_qty.tolist(), strict=True)),
    )


def unit_costs(lot_ids: Collection[int], currency: str, *, known_by: datetime | None = None) -> dict[int, Money]:
    """`landed_cost` of each lot, in a currency; lots whose cost is unknown are left out. Two queries."""
    rows = LotCost.objects.filter(**id_filter("lot_id", lot_ids))
    if known_by is not None:
        rows = rows.filter(recorded_at__lte=known_by)
    asked = set(lot_ids)
    parts: dict[int, list[CostPart]] = defaultdict(list)
    for lot, kind, amount, source, rate_on in rows.values_list("lot_id", "kind", "unit_amount", "currency", "rate_on"):
        if lot in asked:
            parts[lot].append(CostPart(kind, amount, source, rate_on))
    rates = exact_rates_on({(part.rate_on, part.currency) for its in parts.values() for part in its}, currency)
    landed = {lot: landed_cost(its, rates, currency) for lot, its in sorted(parts.items())}
    return {lot: cost for lot, cost in landed.items() if cost is not None}


def landed_cost(parts: Iterable[CostPart], rates: Mapping[tuple[date, str], Decimal], currency: str) -> Money | None:
    """What a unit of one lot cost when it had landed; `rates` by day and currency.

    None without a purchase price, because freight alone is no cost of goods, and where a part has no exchange rate.
    """
    total = Money.total([], currency)
    is_priced = False
    for part in parts:
        rate = rates.get((part.rate_on, part.currency))
        if rate is None:
            return None
        total += Money(part.unit_amount, currency) * rate
        is_priced |= part.kind == CostKind.PURCHASE
    return total if is_priced else None


def by_age(lots: Iterable[LotWorth], currency: str) -> tuple[AgeBucket, ...]:
    """The lots by the buckets of `AGE_BUCKETS`, all of them, in order. The values add up to those of the lots."""
    rows = list(lots)
    valued = [(lot.age_days, lot.value) for lot in rows if lot.value is not None]
    values = value_by_age_bucket([float(age) for age, _value in valued], [value for _age, value in valued], currency)
    units: dict[tuple[str, bool], int] = defaultdict(int)
    places = bucket_of(np.array([lot.age_days for lot in rows], np.float64)).tolist()
    for lot, place in zip(rows, places, strict=True):
        units[AGE_BUCKETS[place], lot.value is not None] += lot.qty
    return tuple(AgeBucket(name, values[name], units[name, True], units[name, False]) for name in AGE_BUCKETS)
