"""Why a number is not there: the codes that a `Metric` gives in place of a value, with what each says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: Every code of the core and of the bundled plugins; a stranger's plugin may give others. A code never changes its meaning.
REASON_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # What a seller or a feed has not given.
        "NO_DATA": "An input is unknown.",
        "NO_DATA_YET": "A feed has not brought anything yet.",
        "NO_STOCK_DATA": "Stock is unknown.",
        "NO_SALES_DATA": "Sales are unknown.",
        "NO_ORDER_DATA": "Orders are unknown.",
        "NO_COST": "Unit cost is unknown.",
        "NO_PRICE": "Price is unknown.",
        "NO_OFFER": "No supplier offers the SKU.",
        "NO_OFFER_DATA": "Whether a supplier offers the SKU is unknown.",
        "NO_PURCHASES": "Nothing was ordered within a year, so that nobody has a share of it.",
        "NO_LOTS": "The stock's age is unknown.",
        "NO_SURCHARGE_RATE": "The volume of a unit, or the rate of the day, is unknown, and so is its aged-stock surcharge.",
        "NO_LEAD_TIME": "Lead time is unknown.",
        "NO_REVIEW_PERIOD": "The review period is unknown.",
        "NO_SAFETY_STOCK": "Safety stock is neither set nor computable.",
        "NO_PAID_AMOUNT": "What the order paid is unknown.",
        "NO_RATE": "The exchange rate of the day is unknown.",
        "NO_FEES": "No fee schedule answers for the shop, so that what a sale leaves is unknown.",
        "NO_FEE_RATE": "The tariff has no rate for its category, size or date.",
        "NO_SIZE": "Volume or weight of a unit is unknown, and fees go by them.",
        "NO_STOCK_HISTORY": "Stock of past days is unknown.",
        "NO_SHOP_PACE": "How much the whole shop sells a day is unknown.",
        "NO_SHIP_BY": "The order has no day by which it must be sent.",
        "NO_DONOR_DATA": "Stock or demand of the other pools of the SKU is unknown.",
        "POOLED_STOCK": "Other warehouses serve the same demand, so that only their pool has the number.",
        "TOO_CENSORED": "Stock-outs hid too much of the demand to tell its level.",
        "HOLES_IN_HISTORY": "Stock or sales of a month in question are not known.",
        "NO_DEMAND_HISTORY": "Too little of past demand is known.",
        "NO_NORM": "Neither a benchmark in date nor twelve months of its own say what is normal.",
        "BENCHMARK_OUT_OF_DATE": "The benchmark of the category is too old to be used.",
        "NO_CATEGORY_TURNOVER": "The turnover of its category or of its pool is unknown.",
        "NO_LISTINGS": "No account of the place has told its listings.",
        "NO_MARKET_DATA": "Nothing is known of what rivals do.",
        "MARKET_DATA_OUT_OF_DATE": "What is known of rivals is too old to be used.",
        # What is known, and has no number.
        "NO_SALES": "Nothing was sold, so that there is nothing to divide by.",
        "NO_DEMAND": "Nothing is asked for, so that nothing is used up.",
        "BEYOND_TEN_YEARS": "So little is asked for that the days would be more than ten years, which forecasts nothing.",
        "NO_STOCK": "There is no stock to speak of.",
        "NO_FORECAST": "There is no forecast.",
        "NO_LINE": "Nobody has drawn this line: no policy states it, and none lets it follow the forecast.",
        "NO_TRACKED_FORECAST": "No past forecast can be compared with what was sold.",
        "NO_OBSERVED_DAYS": "No day of the history says anything about demand.",
        "SHORT_HISTORY": "The history is shorter than the model is defined for.",
        "NO_DUE_DAY": "Nothing falls due.",
        "NO_SUGGESTION": "There is no quantity to suggest.",
        "NO_NUMBER": "The alert is about a state, not a number.",
        "NOT_IDENTIFIED": "The data do not vary enough to tell the parameter.",
        "NO_FIT": "No curve of the model's kind fits what was observed.",
        "TOO_SHORT": "There are fewer observations than the model needs.",
        "PRICE_UNCHANGED": "The price never changed, so that nothing shows what it does.",
        "NO_PRICE_COVERS_COSTS": "At no price in question are all costs covered.",
        "NO_FEASIBLE_BUNDLE": "No price of the bundle fulfils the conditions.",
        "BEYOND_FORECAST": "It lies beyond the days that are forecast.",
        "NO_SAVING": "What an action would save cannot be told.",
        "TOO_FEW_WEEKS": "Too few weeks are known to tell the stage of a life.",
        "OFF_SEASON": "Sales are low because it is off season, and one year does not tell that from decline.",
        "WEEK_NOT_OBSERVED": "The week says nothing of demand: no stock, an event, or figures that cannot be.",
        "LAUNCH_NOT_SEEN": "The launch lies before the weeks that are looked at.",
        "PEAK_AHEAD": "The peak is not past yet, so that no curve can be told from its beginning.",
        "NOT_A_NUMBER": "Sales were no number on some days.",
        "NEGATIVE_SALES": "Sales were negative on some days.",
        "IMPLAUSIBLE_QUANTITY": "Sales were more than anybody sells on some days.",
        "STOCK_CONTRADICTS_SALES": "It sold on days on which there was no stock, so that the stock's history is wrong.",
        "NOT_VALUED": "The money at stake cannot be told.",
    }
)
