"""Vector suites of the price floors in `formulas.clearance`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stockhub.formulas.clearance.net_proceeds import PriceTariff, costs_of_a_sale, fulfilment_with_fuel, kept_share
from stockhub.formulas.clearance.price_floors import price_floors
from stockhub.formulas.fees.bands import Band
from stockhub.formulas.fees.referral import referral_terms
from stockhub.values import Explanation
from tests.formulas.fee_rates import READ_ON, fee_table
from tests.formulas.vector_case import Adapter, Case

#: Below 10, 10 to 50, above 50.
PRICE_BANDS = (Band(None, Decimal(10), "neither"), Band(Decimal(10), Decimal(50), "both"), Band(Decimal(50), None, "neither"))


def break_even_price(x: Case) -> dict[str, Any]:
    given = {name: Explanation.input(name, value) for name, value in x.items() if isinstance(value, int | float)}
    fees = [(band, Decimal(str(fee))) for band, fee in zip(PRICE_BANDS, x["fulfil_bands"], strict=True)]
    tariff = PriceTariff(
        referral_terms(fee_table("US"), x["category"], READ_ON),
        fulfilment_with_fuel(fees, Decimal(str(x["fuel_rate"]))),
        float(x["max_price"]),
    )
    costs = costs_of_a_sale(given["storage"], given["return_rate"], given["return_cost"], given.get("landed_cost", 0.0))
    floors = price_floors(costs, kept_share(given["return_rate"], given["ads_rate"]), tariff)
    return {"first_ok": floors.first_ok, "safe": floors.safe}


ADAPTERS: dict[str, Adapter] = {
    "breakeven_price": break_even_price,
}
