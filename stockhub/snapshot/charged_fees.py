"""What selling a unit costs as the platform says it: what it settled wins, then what it expects itself, then what its rates make of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import Case, QuerySet, Value, When
from numpy.typing import NDArray

from stockhub.channels.fact_models import LatestFeeEstimate, SettledFee
from stockhub.channels.facts.settlements import WINDOW_DAYS
from stockhub.core.columns import FLOAT, INT, code
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.fees.charge import settled_or_estimated_amounts
from stockhub.formulas.fees.compensation import TECHNICAL_SERVICE
from stockhub.formulas.fees.fulfilment import FUEL_SURCHARGE, FULFILMENT
from stockhub.formulas.fees.referral import CLOSING, REFERRAL
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.worth import Rates

IntArray = NDArray[np.int64]
#: The platform's own expectation counts for so many days, and at the price that it was asked for.
ESTIMATE_DAYS: Final = 30
_SAME_PRICE: Final = 0.01
#: The fees of a sale and of sending it: a part is settled where the first of its fees is, and others add to it.
_COMMISSION: Final = ((REFERRAL, TECHNICAL_SERVICE), (CLOSING,))
_SENDING: Final = ((FULFILMENT,), (FUEL_SURCHARGE,))
_FEES: Final = (REFERRAL, TECHNICAL_SERVICE, CLOSING, FULFILMENT, FUEL_SURCHARGE)
_KEY_BITS: Final = 32


@dataclass(frozen=True, slots=True)
class ToldFees:
    """Of each row (n,), of a unit in the base currency, NaN where not told: commission and sending as settled, and all of it as the
    platform expects it at the price of now.
    """

    commission: FloatArray
    sending: FloatArray
    expected: FloatArray

    def selling_fee(self, commission: FloatArray, sending: FloatArray, at_platform: NDArray[np.bool_]) -> FloatArray:
        """The fee of selling a unit (n,), given what the rates make of it. What does not lie with the platform is not sent by it."""
        charged = settled_or_estimated_amounts(self.commission, commission)
        charged = charged + np.where(at_platform, settled_or_estimated_amounts(self.sending, sending), 0.0)
        nothing_settled = np.isnan(self.commission) & np.isnan(self.sending)
        return np.where(at_platform & nothing_settled & ~np.isnan(self.expected), self.expected, charged)


def told_fees(rows: Rows, account: IntArray, day: date, rates: Rates, price: FloatArray) -> ToldFees:
    """What is known of the rows' SKUs on the account (n,) that each serves first; `price` (n,) in the base currency."""
    key = _key(rows.sku_ids, account)
    return ToldFees(*_settled_fees(rows, key, day, rates), _expected(rows, key, day, rates, price))


def _settled_fees(rows: Rows, key: IntArray, day: date, rates: Rates) -> tuple[FloatArray, FloatArray]:
    found = _settled(skus=rows.skus, since=day - timedelta(days=WINDOW_DAYS))
    facts, fee = _key(found["sku_id"], found["account_id"]), found["number"]
    amounts = rates.amounts(found["unit_amount"], found["currency"])

    def of(names: tuple[str, ...]) -> FloatArray:
        total = np.full(len(key), np.nan)
        for name in names:
            its = fee == _FEES.index(name)
            each = _matched(key, facts[its], amounts[its])
            total = np.where(np.isnan(each), total, np.nan_to_num(total) + each)
        return total

    return tuple(of(main) + np.nan_to_num(of(more)) for main, more in (_COMMISSION, _SENDING))  # type: ignore[return-value]


def _expected(rows: Rows, key: IntArray, day: date, rates: Rates, price: FloatArray) -> FloatArray:
    found = _estimates(skus=rows.skus, since=day - timedelta(days=ESTIMATE_DAYS))
    facts = _key(found["sku_id"], found["account_id"])
    asked, total = (rates.amounts(found[name], found["currency"]) for name in ("price_amount", "total_amount"))
    # Of several listings of a SKU, the one that was asked about last.
    at = _matched(key, facts, asked)
    return np.where(np.abs(at - price) <= _SAME_PRICE * price, _matched(key, facts, total), np.nan)


def _matched(key: IntArray, facts: IntArray, values: FloatArray) -> FloatArray:
    """The value of the last fact with each key (n,); NaN where there is none."""
    if not len(facts):
        return np.full(len(key), np.nan)
    order = np.argsort(facts, kind="stable")
    at = np.searchsorted(facts[order], key, side="right") - 1
    found = order[np.maximum(at, 0)]
    return np.where((at >= 0) & (facts[found] == key), values[found], np.nan)


def _key(sku: IntArray, account: IntArray) -> IntArray:
    return (sku.astype(np.int64) << _KEY_BITS) + account.astype(np.int64)


@kept({"sku_id": INT, "account_id": INT, "number": INT, "unit_amount": FLOAT, "currency": code(3)})
def _settled(skus: KeptIds, since: Place) -> QuerySet[SettledFee]:
    numbered = Case(*[When(fee=name, then=Value(number)) for number, name in enumerate(_FEES)])
    return SettledFee.objects.filter(**id_filter("sku_id", skus), posted_on__gte=since, fee__in=_FEES).annotate(number=numbered)


@kept({"sku_id": INT, "account_id": INT, "price_amount": FLOAT, "total_amount": FLOAT, "currency": code(3)})
def _estimates(skus: KeptIds, since: Place) -> QuerySet[LatestFeeEstimate]:
    rows = LatestFeeEstimate.objects.filter(**id_filter("sku_id", skus), observed_on__gte=since)
    return rows.order_by("observed_at", "id")
