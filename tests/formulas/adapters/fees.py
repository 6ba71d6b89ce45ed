"""Vector suites of `formulas.fees`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from stockhub.formulas.fees.aged_stock import aged_charge
from stockhub.formulas.fees.charge import Charge, together
from stockhub.formulas.fees.compensation import compensation_charge, out_of_stock_violation
from stockhub.formulas.fees.fulfilment import fulfilment_charge
from stockhub.formulas.fees.low_inventory import low_inventory_charge
from stockhub.formulas.fees.rates import RateTable
from stockhub.formulas.fees.referral import closing_charge, referral_charge
from stockhub.formulas.fees.removal import liquidation_proceeds, removal_charge
from stockhub.formulas.fees.storage import storage_charge
from stockhub.formulas.fees.utilisation import SellerStorage, utilisation_charge
from tests.formulas.fee_rates import READ_ON, fee_table
from tests.formulas.vector_case import Adapter, Case


def _storage(table: RateTable, on: date, x: Case) -> Charge:
    return storage_charge(table, month=on, tier=x["size"], mean_cubic_feet=x["avg_cuft"])


def _utilisation(table: RateTable, on: date, x: Case) -> Charge:
    seller = SellerStorage(
        professional=x["professional"], days_since_first_inbound=x["days_since_first_inbound"], daily_cubic_feet=x["daily_cuft"]
    )
    return utilisation_charge(
        table, month=on, tier=x["size"], ratio_weeks=x["ratio_weeks"], old_cubic_feet=x["cuft_older_than_30d"], seller=seller
    )


def _storage_and_utilisation(table: RateTable, on: date, x: Case) -> Charge:
    volume = Decimal(str(x["unit_cuft"])) * x["units"]
    storage = storage_charge(table, month=on, tier=x["size"], mean_cubic_feet=volume)
    return together("storage_and_utilization", storage, _utilisation(table, on, x))


def _aged(table: RateTable, on: date, x: Case) -> Charge:
    return aged_charge(
        table, snapshot_on=on, age_days=x["age_days"], unit_cubic_feet=x["unit_cuft"], units=x["units"], category=x["category"]
    )


def _removal(table: RateTable, on: date, x: Case) -> Charge:
    return removal_charge(table, on=on, tier=x["size"], weight_lb=x["weight_lb"], units=x["units"])


def _low_inventory(table: RateTable, on: date, x: Case) -> Charge:
    return low_inventory_charge(
        table,
        shipped_on=on,
        tier=x["tier"],
        weight_lb=x["weight_lb"],
        days_30=x["hdos30"],
        days_90=x["hdos90"],
        units_sold_7d=x["units_sold_7d"],
    )


def _referral(table: RateTable, on: date, x: Case) -> Charge:
    return referral_charge(table, on=on, category=x["category"], total_price=x["total_price"])


def _closing(table: RateTable, on: date, x: Case) -> Charge:
    return closing_charge(table, on=on, category=x["category"])


def _fulfilment(table: RateTable, on: date, x: Case) -> Charge:
    return fulfilment_charge(table, shipped_on=on, tier=x["tier"], weight_lb=x["weight_lb"], price=x["price"])


def _liquidation(table: RateTable, on: date, x: Case) -> Charge:
    return liquidation_proceeds(
        table,
        on=on,
        tier=x["size"],
        weight_lb=x["weight_lb"],
        units=x["units"],
        mean_price=x["asp"],
        recovery_rate=x["recovery_rate"],
    )


FEES: dict[str, Callable[[RateTable, date, Case], Charge]] = {
    "aged_inventory_surcharge": _aged,
    "monthly_storage": _storage,
    "storage_utilization_surcharge": _utilisation,
    "storage_plus_utilization": _storage_and_utilisation,
    "removal": _removal,
    "disposal": _removal,
    "low_inventory_level": _low_inventory,
    "referral": _referral,
    "closing": _closing,
    "fulfillment": _fulfilment,
    "liquidation_net": _liquidation,
}


def amazon_fee(x: Case) -> dict[str, Any]:
    on = date.fromisoformat(x["date"]) if "date" in x else READ_ON
    return {"amount": FEES[x["fee"]](fee_table(x.get("marketplace", "US")), on, x).amount.amount}


def douyin_out_of_stock(x: Case) -> dict[str, Any]:
    if x["kind"] == "violation":
        return {"violation": bool(out_of_stock_violation(x["oos_orders"], float(x["orders"])))}
    charge = compensation_charge(fee_table("douyin"), on=READ_ON, paid=x["paid"], promised_hours=x["promise_hours"])
    return {"amount": charge.amount.amount}


ADAPTERS: dict[str, Adapter] = {
    "fees_amazon": amazon_fee,
    "douyin_oos_cost": douyin_out_of_stock,
}
