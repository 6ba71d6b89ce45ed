"""Why a number of an alert is unknown, in a few words for a page; the API gives the code itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop

_TEXTS: Final[Mapping[str, str]] = {
    "BENCHMARK_OUT_OF_DATE": gettext_noop("the benchmark is too old"),
    "DONOR_IN_DISPUTE": gettext_noop("the stock of the pool that gives is in dispute"),
    "DOUBTFUL_DATA": gettext_noop("its data are doubtful"),
    "HOLES_IN_HISTORY": gettext_noop("history has gaps"),
    "IN_DISPUTE": gettext_noop("its stock is in dispute"),
    "MARKET_DATA_OUT_OF_DATE": gettext_noop("what is known of rivals is too old"),
    "NOT_VALUED": gettext_noop("not valued"),
    "NO_ACTION_COST": gettext_noop("what the action costs is not known"),
    "NO_BUNDLE_SALES": gettext_noop("how many units a bundle carries is not known"),
    "NO_CATEGORY_TURNOVER": gettext_noop("the category's turnover is unknown"),
    "NO_COST": gettext_noop("unit cost is unknown"),
    "NO_DATA": gettext_noop("an input is unknown"),
    "NO_DEMAND": gettext_noop("nobody asks for it"),
    "NO_DEMAND_HISTORY": gettext_noop("too little of past demand is known"),
    "NO_DONOR_DATA": gettext_noop("the other pool's data are unknown"),
    "NO_FEES": gettext_noop("no fee schedule answers"),
    "NO_FEE_RATE": gettext_noop("the tariff has no rate"),
    "NO_FORECAST": gettext_noop("no forecast"),
    "NO_FREIGHT": gettext_noop("no freight was ever stated for this way"),
    "NO_LEAD_TIME": gettext_noop("lead time is unknown"),
    "NO_LOCAL_PRICE": gettext_noop("the local supplier's price is unknown"),
    "NO_LOTS": gettext_noop("stock age is unknown"),
    "NO_MARKET_DATA": gettext_noop("nothing is known of rivals"),
    "NO_NORM": gettext_noop("nothing says what is normal"),
    "NO_OFFER_DATA": gettext_noop("whether a supplier offers it is unknown"),
    "NO_ORDER_DATA": gettext_noop("orders are unknown"),
    "NO_OTHER_POOL": gettext_noop("there is no other pool"),
    "NO_PAID_AMOUNT": gettext_noop("the paid amount is unknown"),
    "NO_PRICE": gettext_noop("price is unknown"),
    "NO_PURCHASES": gettext_noop("nothing was ordered within a year"),
    "NO_QUANTITY": gettext_noop("no quantity is proposed"),
    "NO_RATE": gettext_noop("the exchange rate is unknown"),
    "NO_REVIEW_PERIOD": gettext_noop("the review period is unknown"),
    "NO_SAFETY_STOCK": gettext_noop("safety stock is unknown"),
    "NO_SALES": gettext_noop("nothing was sold"),
    "NO_SALES_DATA": gettext_noop("sales are unknown"),
    "NO_SHIP_BY": gettext_noop("the order has no day by which it must be sent"),
    "NO_SHOP_PACE": gettext_noop("the shop's pace is unknown"),
    "NO_SIZE": gettext_noop("size or weight is unknown"),
    "NO_STOCK_DATA": gettext_noop("stock is unknown"),
    "NO_STOCK_HISTORY": gettext_noop("stock of past days is unknown"),
    "NO_SURCHARGE_RATE": gettext_noop("volume or rate is unknown"),
    "NO_TRACKED_FORECAST": gettext_noop("no past forecast can be compared"),
    "POOL_NOT_VISIBLE": gettext_noop("a pool that you may not see"),
}


def reason_text(code: str) -> str:
    """In the active language; a code that is not known here, such as a plugin's, as it is."""
    return gettext(_TEXTS[code]) if code in _TEXTS else code
